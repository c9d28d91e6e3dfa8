// Package virtual holds contactless tags in memory. They answer as the data sheets say real ones do, refusals included,
// so that demonstrations and tests meet the same tag.
package virtual

import (
	"context"
	"sync"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

var (
	_ nfc.Card = (*NTAG)(nil)
	_ nfc.Card = (*File)(nil)
	_ nfc.Card = Phone{}
)

// field keeps a card in the field of its reader, or out of it.
type field struct {
	mu sync.Mutex
	// away, left and tear are guarded by mu. left counts the commands until the card leaves; negative never.
	away bool
	left int
	tear tear
	// partial is set while a card carries out a command that is cut off in the middle; guarded by mu.
	partial bool
}

// tear is how far a card comes with the command during which it leaves.
type tear int

const (
	tearBefore tear = iota
	tearAfter
	tearWithin
)

// enter is called once per command: run says that the command reaches the card, reply that the answer reaches the reader.
func (f *field) enter() (run, reply bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.away:
		return false, false
	case f.left < 0:
		return true, true
	case f.left == 0:
		f.away, f.partial = true, f.tear == tearWithin
		return f.tear != tearBefore, false
	default:
		f.left--
		return true, true
	}
}

// cutOff reports whether the power goes in the middle of the command at hand.
func (f *field) cutOff() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.partial
}

// TearAfter takes the card out of the field during the command that follows n more. With done the card still carries
// that command out and only its answer is lost.
func (f *field) TearAfter(n int, done bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left, f.tear = n, tearBefore
	if done {
		f.tear = tearAfter
	}
}

// TearWithin takes the card out of the field in the middle of the command that follows n more: memory that is not
// protected against this is left in between its old and its new content.
func (f *field) TearWithin(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left, f.tear = n, tearWithin
}

// Return puts the card back into the field, where it stays.
func (f *field) Return() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away, f.left, f.partial = false, -1, false
}

// Away reports whether the card has left the field.
func (f *field) Away() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.away
}

// exchange runs a command unless the card is away or ctx has ended.
func (f *field) exchange(ctx context.Context, run func() []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	reaches, answered := f.enter()
	var answer []byte
	if reaches {
		answer = run()
	}
	if !answered {
		return nil, nfc.ErrNoCard
	}
	return answer, nil
}

func (f *field) powered() error {
	if f.Away() {
		return nfc.ErrNoCard
	}
	return nil
}

func word(sw uint16) []byte { return []byte{byte(sw >> 8), byte(sw)} }

func success(data []byte) []byte { return append(append([]byte(nil), data...), 0x90, 0x00) }
