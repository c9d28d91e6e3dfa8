// Package sim plays contactless readers: a demonstration taps virtual tags with it, and tests plug, unplug, break and
// confuse readers as the real ones cannot be made to.
package sim

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

var _ nfc.Backend = (*Backend)(nil)

// Backend is a reader service with readers that are plugged in by calls. All methods may be called by any goroutine.
type Backend struct {
	mu sync.Mutex
	// All fields are guarded by mu. changed is closed and replaced whenever something a waiter should see has happened.
	readers  []*Reader
	changed  chan struct{}
	fault    error
	deaf     bool
	plugs    uint64
	waiting  int
	overlaps int
}

// New makes a service without readers.
func New() *Backend { return &Backend{changed: make(chan struct{})} }

// Plug connects a reader. Names are unique; plugging a name again returns the reader that has it.
func (b *Backend) Plug(name string) *Reader {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := b.index(name); i >= 0 {
		return b.readers[i]
	}
	r := &Reader{backend: b, name: name}
	b.readers = append(b.readers, r)
	b.plugged()
	return r
}

// Break makes the service fail with err, also for calls in progress, until it is called with nil.
func (b *Backend) Break(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = err
	b.wake()
}

// Deaf makes the service forget to tell waiters that readers came or went, as old services do at a bad moment.
func (b *Backend) Deaf(deaf bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deaf = deaf
}

// Overlaps returns how often Wait was called while another call was still waiting, which a real service punishes.
func (b *Backend) Overlaps() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.overlaps
}

func (b *Backend) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *Backend) plugged() {
	if !b.deaf {
		b.plugs++
		b.wake()
	}
}

func (b *Backend) index(name string) int {
	return slices.IndexFunc(b.readers, func(r *Reader) bool { return r.name == name })
}

// Readers lists the readers in the order in which they were plugged in.
func (b *Backend) Readers(context.Context) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fault != nil {
		return nil, b.fault
	}
	names := make([]string, 0, len(b.readers))
	for _, r := range b.readers {
		names = append(names, r.name)
	}
	return names, nil
}

// Wait implements [nfc.Backend].
func (b *Backend) Wait(ctx context.Context, states []nfc.ReaderState, most time.Duration) ([]nfc.ReaderState, error) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	b.enter(1)
	defer b.enter(-1)
	plugs := b.plugCount()
	for {
		now, changed, again, err := b.compare(states, plugs)
		if err != nil || changed {
			return now, err
		}
		select {
		case <-again:
		case <-timer.C:
			return now, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (b *Backend) enter(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting += n
	if b.waiting > 1 {
		b.overlaps++
	}
}

func (b *Backend) plugCount() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.plugs
}

func (b *Backend) compare(states []nfc.ReaderState, plugs uint64) (now []nfc.ReaderState, changed bool, again <-chan struct{}, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fault != nil {
		return nil, true, nil, b.fault
	}
	changed = b.plugs != plugs
	for _, s := range states {
		i := b.index(s.Reader)
		if i < 0 {
			return nil, true, nil, fmt.Errorf("wait for %s: %w", s.Reader, nfc.ErrUnknownReader)
		}
		next := b.readers[i].state()
		changed = changed || next.Mark != s.Mark
		now = append(now, next)
	}
	return now, changed, b.changed, nil
}

// Connect opens the card that lies on a reader.
func (b *Backend) Connect(ctx context.Context, reader string) (nfc.Connection, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	i := b.index(reader)
	switch {
	case b.fault != nil:
		return nil, b.fault
	case i < 0:
		return nil, fmt.Errorf("connect to %s: %w", reader, nfc.ErrUnknownReader)
	case b.readers[i].card == nil:
		return nil, fmt.Errorf("connect to %s: %w", reader, nfc.ErrNoCard)
	}
	r := b.readers[i]
	return &connection{reader: r, arrival: r.arrival, atr: r.card.ATR()}, nil
}

// Close does nothing: a simulation holds nothing.
func (b *Backend) Close() error { return nil }

// connection is one card from its arrival to its departure.
type connection struct {
	reader  *Reader
	arrival uint32
	atr     []byte
}

// card returns what lies on the reader now if, for all the reader knows, it is still the same card.
func (c *connection) card() (nfc.Card, error) {
	b := c.reader.backend
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.fault != nil:
		return nil, b.fault
	case b.index(c.reader.name) < 0:
		return nil, nfc.ErrUnknownReader
	case c.reader.card == nil || c.reader.arrival != c.arrival:
		return nil, nfc.ErrNoCard
	default:
		return c.reader.card, nil
	}
}

// ATR returns the answer-to-reset of the card that arrived.
func (c *connection) ATR() []byte { return c.atr }

// Transmit implements [nfc.Card].
func (c *connection) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	card, err := c.card()
	if err != nil {
		return nil, err
	}
	answer, err := card.Transmit(ctx, cmd)
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("%w: %w", nfc.ErrStuck, err)
	}
	if _, gone := c.card(); gone != nil && err == nil {
		return nil, gone
	}
	return answer, err
}

// Reset implements [nfc.Card].
func (c *connection) Reset(ctx context.Context) error {
	card, err := c.card()
	if err != nil {
		return err
	}
	return card.Reset(ctx)
}

// Close does nothing.
func (c *connection) Close() error { return nil }
