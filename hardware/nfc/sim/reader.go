package sim

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// Hold is how long Tap leaves a tag on the reader: about what a hand does.
const Hold = 300 * time.Millisecond

// Reader is one simulated reader.
type Reader struct {
	backend *Backend
	name    string

	// tapping lets one hand at a time to the reader.
	tapping sync.Mutex
	// card, events and arrival are guarded by the back end's mu.
	card    nfc.Card
	events  uint16
	arrival uint32
}

// Name returns the reader's name.
func (r *Reader) Name() string { return r.name }

func (r *Reader) state() nfc.ReaderState {
	s := nfc.ReaderState{Reader: r.name, Card: r.card != nil, Events: r.events, Mark: uint32(r.events) + 1}
	if r.card != nil {
		s.ATR = r.card.ATR()
	}
	return s
}

// Put lays a card on the reader. What lay there before is taken away first.
func (r *Reader) Put(card nfc.Card) {
	b := r.backend
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.card != nil {
		r.events++
	}
	r.card = card
	r.events++
	r.arrival++
	b.wake()
}

// Take takes the card away.
func (r *Reader) Take() {
	b := r.backend
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.card == nil {
		return
	}
	r.card = nil
	r.events++
	b.wake()
}

// Swap exchanges the card so fast that the reader does not notice.
func (r *Reader) Swap(card nfc.Card) {
	r.backend.mu.Lock()
	defer r.backend.mu.Unlock()
	r.card = card
}

// Unplug disconnects the reader.
func (r *Reader) Unplug() {
	b := r.backend
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := b.index(r.name); i >= 0 {
		b.readers = append(b.readers[:i:i], b.readers[i+1:]...)
		b.plugged()
	}
}

// Tap holds a tag to the reader for [Hold] and takes it away again. Seven bytes of uid make it an NTAG21x that carries
// uri, the smallest one that can; four bytes make it a phone, which carries nothing. An empty uri is a tag as it comes from
// the factory.
func (r *Reader) Tap(ctx context.Context, uid []byte, uri string) error {
	card, err := tagFor(ctx, uid, uri)
	if err != nil {
		return fmt.Errorf("tap at %s: %w", r.name, err)
	}
	r.tapping.Lock()
	defer r.tapping.Unlock()
	r.Put(card)
	defer r.Take()
	timer := time.NewTimer(Hold)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func tagFor(ctx context.Context, uid []byte, uri string) (nfc.Card, error) {
	switch len(uid) {
	case 4:
		return virtual.Phone{UID: [4]byte(uid)}, nil
	case 7:
	default:
		return nil, fmt.Errorf("make a tag: a number has 4 or 7 bytes, not %d", len(uid))
	}
	var tag *virtual.NTAG
	for _, model := range []virtual.Model{virtual.NTAG213, virtual.NTAG215, virtual.NTAG216} {
		tag = virtual.NewNTAG(model, [7]byte(uid))
		if uri == "" {
			return tag, nil
		}
		_, err := type2.WriteURI(ctx, tag, uri)
		if err == nil {
			return tag, nil
		}
		if !errors.Is(err, type2.ErrTooLong) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("make a tag: %w", type2.ErrTooLong)
}
