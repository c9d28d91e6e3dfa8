package ntag424_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// TestWrongAnswersHarmNothing gives a wrong answer to one command after the other. Whatever is made of it, the next call
// ends well.
func TestWrongAnswersHarmNothing(t *testing.T) {
	for name, answer := range map[string][]byte{
		"nothing":       {},
		"one byte":      {0x91},
		"done":          {0x91, 0x00},
		"more":          {0x91, 0xAF},
		"done by ISO":   {0x90, 0x00},
		"integrity":     {0x91, 0x1E},
		"memory":        {0x91, 0xEE},
		"no permission": {0x91, 0x9D},
		"reader error":  {0x63, 0x00},
		"zeros":         append(make([]byte, 64), 0x91, 0x00),
		"long":          append(bytes.Repeat([]byte{0xA5}, 254), 0x91, 0xAF),
	} {
		for n := range 65 {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				card := unsigned()
				bad := watched(card, func(i int, _, good []byte) []byte {
					if i == n {
						return answer
					}
					return good
				})
				if report, err := ntag424.Provision(t.Context(), bad, unsignedPlan(t)); err == nil && report.UID != number {
					t.Errorf("a report of a tag that is not there: %+v", report)
				}
				mustProvision(t, card, unsignedPlan(t))
			})
		}
	}
}

// TestFlippedBitsHarmNothing changes bits of answers on the way, now and then.
func TestFlippedBitsHarmNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		card := unsigned()
		at := rapid.SliceOfN(rapid.IntRange(0, 64), 1, 3).Draw(rt, "commands")
		bit := rapid.IntRange(0, 500).Draw(rt, "bit")
		bad := watched(card, func(i int, _, answer []byte) []byte {
			answer = bytes.Clone(answer)
			for _, n := range at {
				if i == n && len(answer) > 2 {
					answer[bit/8%(len(answer)-2)] ^= 1 << (bit % 8)
				}
			}
			return answer
		})
		_, _ = ntag424.Provision(t.Context(), bad, unsignedPlan(t)) // well or not
		mustProvision(t, card, unsignedPlan(t))
		if got := wrongTries(card); got > 3 {
			rt.Errorf("%d wrong tries", got)
		}
	})
}

// TestNumberMisreadTwice has a reader that misreads the tag's number in the same way wherever it is not protected. Keys
// that follow from a wrong number would be lost.
func TestNumberMisreadTwice(t *testing.T) {
	card := unsigned()
	bad := watched(card, func(_ int, cmd, answer []byte) []byte {
		if len(answer) > 9 && bytes.HasPrefix(answer, number[:]) || cmd[0] == 0xFF {
			answer = bytes.Clone(answer)
			answer[6] ^= 0x04
		}
		return answer
	})
	before := memoryOf(card)
	if _, err := ntag424.Provision(t.Context(), bad, unsignedPlan(t)); !errors.Is(err, ntag424.ErrSwapped) {
		t.Errorf("got %v, want %v", err, ntag424.ErrSwapped)
	}
	wantSame(t, before, card)
}

// TestExchangedTags puts another blank tag in the place of the first one before each command. That never goes unnoticed,
// and both can be set up then.
func TestExchangedTags(t *testing.T) {
	total := count(t, unsigned(), func(c nfc.Card) error {
		_, err := ntag424.Provision(t.Context(), c, unsignedPlan(t))
		return err
	})
	for n := 1; n < total; n++ {
		first, second := unsigned(), virtual.NewDNA([7]byte{4, 9, 8, 7, 6, 5, 4}, virtual.DNAOptions{})
		now, i := nfc.Card(first), 0
		hand := swapping{current: &now}
		hand.Exchange = func(ctx context.Context, cmd []byte) ([]byte, error) {
			if i == n {
				now = second
			}
			i++
			return now.Transmit(ctx, cmd)
		}
		report, err := ntag424.Provision(t.Context(), hand, unsignedPlan(t))
		if err == nil {
			t.Errorf("exchanged before command %d: no error, %+v", n, report)
		}
		mustProvision(t, first, unsignedPlan(t))
		if got := mustProvision(t, second, unsignedPlan(t)); got.UID != (sun.UID{4, 9, 8, 7, 6, 5, 4}) {
			t.Errorf("got %v", got.UID)
		}
	}
}

// swapping resets whichever card is at the reader.
type swapping struct {
	nfctest.Faulty
	current *nfc.Card
}

func (s swapping) Reset(ctx context.Context) error { return (*s.current).Reset(ctx) }

// answers is a card made of foreign bytes: each answer is a length and what follows.
type answers struct{ rest []byte }

func (a *answers) Transmit(context.Context, []byte) ([]byte, error) {
	if len(a.rest) == 0 {
		return nil, nfc.ErrNoCard
	}
	n := min(int(a.rest[0]), len(a.rest)-1)
	out := a.rest[1 : 1+n]
	a.rest = a.rest[1+n:]
	return out, nil
}

func (a *answers) Reset(context.Context) error { return nil }

func FuzzAnswers(f *testing.F) {
	for _, card := range []*virtual.DNA{unsigned(), virtual.NewDNA(number, virtual.DNAOptions{LRP: true})} {
		var seen []byte
		record := watched(card, func(_ int, _, answer []byte) []byte {
			seen = append(append(seen, byte(len(answer))), answer...)
			return answer
		})
		_, _ = ntag424.Provision(f.Context(), record, unsignedPlan(f))
		f.Add(seen)
	}
	f.Add([]byte{2, 0x91, 0x00})
	ring := house(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, work := range works(t, ring) {
			if err := work(&played{answers{raw}}); err == nil {
				t.Errorf("%s: bytes passed for a tag", name)
			}
		}
	})
}

// played is answers as a card of a reader.
type played struct{ answers }

func (*played) ATR() []byte { return nil }

func TestStuckReaderEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ntag424.Provision(ctx, nfctest.Silent(unsigned()), unsignedPlan(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
