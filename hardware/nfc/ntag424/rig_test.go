//go:build rig && !nopcsc && cgo

package ntag424_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// atReader works on the tag at the first reader of a real pcscd; see nfctest.Rig for what the machine needs.
func atReader(t *testing.T, work func(context.Context, nfc.Card) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return nfc.WithTag(ctx, nfc.Options{Backend: pcsc.New(), Reader: nfctest.RigReader0}, work)
}

// TestThroughPCSC lives a tag's life at a real reader service: set up, tapped, proved, torn while it moves, retired.
func TestThroughPCSC(t *testing.T) {
	rig := nfctest.StartRig(t)
	card := blankTag()
	fresh := memoryOf(card)
	rig.Insert(0, card)
	provision := func(to string) (report ntag424.Report, err error) {
		p := plan(t)
		p.Prefix = to
		err = atReader(t, func(ctx context.Context, c nfc.Card) (err error) {
			start := time.Now()
			report, err = ntag424.Provision(ctx, c, p)
			t.Logf("%v in %v", report.Changes, time.Since(start))
			return err
		})
		return report, err
	}
	report, err := provision(prefix)
	if err != nil {
		t.Fatal(err)
	}
	var content nfc.TagContent
	err = atReader(t, func(ctx context.Context, c nfc.Card) (err error) {
		if content, err = nfc.ReadTag(ctx, c); err != nil {
			return err
		}
		_, err = ntag424.Prove(ctx, c, house(t))
		return err
	})
	if err != nil || content.Kind != nfc.NTAG424 {
		t.Fatalf("read and proved: got %+v, %v", content, err)
	}
	if m, err := house(t).Verify(strings.TrimPrefix(content.URI, prefix)); err != nil || !m.After(report.Mark) {
		t.Errorf("the tap at the reader: got %+v, %v, after %+v", m, err, report.Mark)
	}

	const elsewhere = "https://elsewhere.example/t/"
	rig.Slot(0).Remove()
	card.TearAfter(40, true)
	rig.Insert(0, card)
	if _, err := provision(elsewhere); !card.Away() || !errors.Is(err, nfc.ErrNoCard) {
		t.Fatalf("torn: got %v", err)
	}
	card.Return()
	rig.Insert(0, card)
	moved, err := provision(elsewhere)
	if err != nil || !moved.Mark.After(report.Mark) {
		t.Fatalf("moved: got %+v, %v", moved, err)
	}
	err = atReader(t, func(ctx context.Context, c nfc.Card) error {
		_, err := ntag424.Retire(ctx, c, house(t))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, fresh, card)
}
