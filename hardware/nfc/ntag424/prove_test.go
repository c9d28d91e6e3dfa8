package ntag424_test

import (
	"context"
	"errors"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

func TestProve(t *testing.T) {
	card := blankTag()
	if _, err := ntag424.Prove(t.Context(), card, house(t)); !errors.Is(err, ntag424.ErrNoKeys) {
		t.Errorf("a blank tag: got %v, want %v", err, ntag424.ErrNoKeys)
	}
	mustProvision(t, card, plan(t))
	before, counter := memoryOf(card), card.Counter()
	uid, err := ntag424.Prove(t.Context(), card, house(t))
	if err != nil || uid != number {
		t.Errorf("got %v, %v", uid, err)
	}
	wantSame(t, before, card)
	if card.Counter() != counter {
		t.Errorf("the tag counted from %d to %d", counter, card.Counter())
	}
}

// TestProofCannotBePlayedBack records a proof and gives the same answers again.
func TestProofCannotBePlayedBack(t *testing.T) {
	card := blankTag()
	mustProvision(t, card, plan(t))
	var heard [][]byte
	record := watched(card, func(_ int, _, answer []byte) []byte { heard = append(heard, answer); return answer })
	if _, err := ntag424.Prove(t.Context(), record, house(t)); err != nil {
		t.Fatal(err)
	}
	replay := nfctest.Faulty{Card: card, Exchange: func(context.Context, []byte) ([]byte, error) {
		if len(heard) == 0 {
			return nil, nfc.ErrNoCard
		}
		answer := heard[0]
		heard = heard[1:]
		return answer, nil
	}}
	if uid, err := ntag424.Prove(t.Context(), replay, house(t)); !errors.Is(err, ntag424.ErrForeign) {
		t.Errorf("got %v, %v", uid, err)
	}
}

func TestNewMasterKey(t *testing.T) {
	card := blankTag()
	old := mustProvision(t, card, plan(t))
	rotated := ringOf(t, sun.Master{Since: 1, Key: sun.Key{1, 2, 3}}, sun.Master{Since: 5, Key: sun.Key{4, 5, 6}})
	if uid, err := ntag424.Prove(t.Context(), card, rotated); err != nil || uid != number {
		t.Errorf("with the old keys: got %v, %v", uid, err)
	}
	report := mustProvision(t, card, ntag424.Plan{Prefix: prefix, Keys: rotated})
	if report.Mark != (sun.Mark{Version: 5, Counter: 2}) || !report.Mark.After(old.Mark) {
		t.Errorf("got %+v", report.Mark)
	}
	forgotten := ringOf(t, sun.Master{Since: 5, Key: sun.Key{4, 5, 6}})
	if uid, err := ntag424.Prove(t.Context(), card, forgotten); err != nil || uid != number {
		t.Errorf("without the old master: got %v, %v", uid, err)
	}
}

func TestRetire(t *testing.T) {
	card := blankTag()
	fresh := memoryOf(card)
	mustProvision(t, card, plan(t))
	report, err := ntag424.Retire(t.Context(), card, house(t))
	if err != nil || report.Mark.Version != 1 {
		t.Fatalf("got %+v, %v", report, err)
	}
	wantSame(t, fresh, card)
	if again, err := ntag424.Retire(t.Context(), card, house(t)); err != nil || len(again.Changes) > 0 {
		t.Errorf("again: got %+v, %v", again, err)
	}
	// A retired tag is anybody's.
	stranger := ntag424.Plan{Prefix: prefix, Keys: ringOf(t, sun.Master{Since: 1, Key: sun.Key{9}})}
	mustProvision(t, card, stranger)
}

// TestBlankTagsBecomeAsDelivered retires a tag that somebody wrote without changing its keys.
func TestBlankTagsBecomeAsDelivered(t *testing.T) {
	fresh := memoryOf(blankTag())
	card := blankTag()
	card.PutContent(2, []byte{0, 3, 0xD0, 0, 0, 1, 2, 3})
	report, err := ntag424.Retire(t.Context(), card, house(t))
	if err != nil || len(report.Changes) != 1 {
		t.Fatalf("got %+v, %v", report, err)
	}
	wantSame(t, fresh, card)
}

func BenchmarkProvision(b *testing.B) {
	for b.Loop() {
		mustProvision(b, blankTag(), plan(b))
	}
}
