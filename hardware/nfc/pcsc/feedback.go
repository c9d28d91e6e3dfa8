package pcsc

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// Signal is what a reader tells the person in front of it by its light and its beeper.
type Signal int

// Signals.
const (
	// Working asks to leave the tag where it is.
	Working Signal = iota
	// Good is a green light and a short beep.
	Good
	// Bad is a red light and a longer beep, or two.
	Bad
)

// errNoEscape means that a reader, its driver, or the driver's settings pass no commands for the reader itself on. With the
// free CCID driver that takes bit 0x0001 of ifdDriverOptions (libccid SCARDCONTROL.md).
var errNoEscape = errors.New("the reader takes no commands without a tag")

// Feedback shows signals at the readers that can. What a reader has refused once is not asked of it again. It may be used by
// several goroutines.
//
// The commands are those of the makers' manuals (ACR122U API 2.04 §6, ACR1252U reference manual §5.8); no reader was at hand to try
// them.
type Feedback struct {
	escape func(ctx context.Context, reader string, cmd []byte) ([]byte, error)

	mu sync.Mutex
	// refused holds reader and way, and is guarded by mu.
	refused map[way]bool
}

// way is how a reader can be reached: through the tag in its field, or without one.
type way struct {
	reader string
	card   bool
}

// NewFeedback makes the feedback for the readers of b.
func NewFeedback(b *Backend) *Feedback {
	return &Feedback{escape: b.escape, refused: map[way]bool{}}
}

// Show gives a signal at a reader and reports whether the reader took it. A card that the caller holds open at that reader is
// the surer way and should be handed over; without one it is nil. A reader that cannot is no error.
func (f *Feedback) Show(ctx context.Context, reader string, card apdu.Transmitter, s Signal) bool {
	p, known := panelOf(reader)
	if !known {
		return false
	}
	if card != nil {
		return f.try(way{reader, true}, p.card(s), taken, func(cmd []byte) ([]byte, error) { return card.Transmit(ctx, cmd) })
	}
	return f.try(way{reader, false}, p.escape(s), p.taken, func(cmd []byte) ([]byte, error) { return f.escape(ctx, reader, cmd) })
}

// try sends commands until one is refused. Only a refusal is remembered: a tag that leaves, or a reader that is busy, says
// nothing of what the reader can do.
func (f *Feedback) try(w way, cmds [][]byte, taken func([]byte) bool, send func([]byte) ([]byte, error)) bool {
	f.mu.Lock()
	silent := f.refused[w]
	f.mu.Unlock()
	if silent {
		return false
	}
	for _, cmd := range cmds {
		answer, err := send(cmd)
		if errors.Is(err, errNoEscape) || err == nil && !taken(answer) {
			f.mu.Lock()
			f.refused[w] = true
			f.mu.Unlock()
		}
		if err != nil || !taken(answer) {
			return false
		}
	}
	return len(cmds) > 0
}

// panel is the light and beeper of a family of readers.
type panel struct {
	card, escape func(Signal) [][]byte
	// taken looks at the answer to an escape.
	taken func(answer []byte) bool
}

// panelOf goes by the name because the commands mean other things to other makers' readers, or reach the tag.
func panelOf(reader string) (panel, bool) {
	switch {
	case strings.HasPrefix(reader, "ACS ACR122"):
		return panel{card: lights, escape: lights, taken: taken}, true
	case strings.HasPrefix(reader, "ACS ACR1252"), strings.HasPrefix(reader, "ACS ACR1255"):
		return panel{card: lights, escape: peripherals, taken: func(a []byte) bool { return len(a) > 0 && a[0] == 0xE1 }}, true
	default:
		return panel{}, false
	}
}

// taken reports whether an answer is 90xx; the second byte is the state of the lights.
func taken(answer []byte) bool {
	_, status, err := apdu.Split(answer)
	return err == nil && status>>8 == 0x90
}

// lights is the pseudo-command of the ACR122U: final state and mask of red and green, then times in 100 ms, repetitions, and when
// to beep.
func lights(s Signal) [][]byte {
	cmd := []byte{0xFF, 0x00, 0x40, 0x0F, 0x04, 0x00, 0x00, 0x00, 0x00}
	switch s {
	case Good:
		copy(cmd[3:], []byte{0x0E, 0x04, 0x01, 0x01, 0x01, 0x01})
	case Bad:
		copy(cmd[3:], []byte{0x0D, 0x04, 0x01, 0x01, 0x02, 0x01})
	case Working:
	}
	return [][]byte{cmd}
}

// peripherals are the escapes of the ACR1252U family: bit 0 of the lights is red and bit 1 green, the beep counts in 10 ms.
func peripherals(s Signal) [][]byte {
	light := func(bits byte) []byte { return []byte{0xE0, 0x00, 0x00, 0x29, 0x01, bits} }
	beep := func(time byte) []byte { return []byte{0xE0, 0x00, 0x00, 0x28, 0x01, time} }
	switch s {
	case Good:
		return [][]byte{light(0x02), beep(10)}
	case Bad:
		return [][]byte{light(0x01), beep(30)}
	default:
		return [][]byte{light(0x03)}
	}
}
