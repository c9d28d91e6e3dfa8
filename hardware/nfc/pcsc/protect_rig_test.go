//go:build rig && !nopcsc && cgo

package pcsc_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// atReader runs work on the tag in the first slot through a real service.
func atReader(t *testing.T, work func(context.Context, nfc.Card) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return nfc.WithTag(ctx, nfc.Options{Backend: pcsc.New(), Reader: nfctest.RigReader0}, work)
}

// TestProtectThroughTheService protects a tag, tears it while it is moved to another table, and moves it again.
func TestProtectThroughTheService(t *testing.T) {
	rig := nfctest.StartRig(t)
	key, err := type2.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	tag := virtual.NewNTAG(virtual.NTAG216, [7]byte{4, 9, 8, 7, 6, 5, 4})
	rig.Insert(0, tag)
	plan := type2.Plan{URI: tableURI + "?m={tap}", Key: key, Mirror: type2.MirrorBoth}
	var report type2.Report
	protect := func(ctx context.Context, c nfc.Card) (err error) {
		report, err = type2.Protect(ctx, c, plan)
		return err
	}
	start := time.Now()
	if err := atReader(t, protect); err != nil || !report.Protected || report.Chip != "NTAG216" {
		t.Fatalf("got %+v, %v", report, err)
	}
	t.Logf("protected in %v, %d pages", time.Since(start), report.Pages)

	plan.URI = "https://comanda.example/t/moved?m={tap}"
	tag.TearAfter(25, true)
	if err := atReader(t, protect); !errors.Is(err, nfc.ErrNoCard) {
		t.Fatalf("torn: got %v", err)
	}
	tag.Return()
	rig.Insert(0, tag)
	if err := atReader(t, protect); err != nil || !report.Protected {
		t.Fatalf("repeated: got %+v, %v", report, err)
	}
}

// TestDNAThroughTheService reads messages of an NTAG 424 DNA and opens a session, whose frames are the longest there are.
func TestDNAThroughTheService(t *testing.T) {
	rig := nfctest.StartRig(t)
	rig.Insert(0, virtual.NewDNA([7]byte{4, 9, 8, 7, 6, 5, 4}, virtual.DNAOptions{Message: []byte{0xD1, 0x01, 0x04, 0x55, 0x04, 'a', '.', 'b'}}))
	err := atReader(t, func(ctx context.Context, c nfc.Card) error {
		content, err := nfc.ReadTag(ctx, c)
		if err != nil || content.Kind != nfc.NTAG424 || content.URI != "https://a.b" {
			t.Errorf("got %+v, %v", content, err)
		}
		// The frames of the version that nobody asked for are still pending.
		if err := c.Reset(ctx); err != nil {
			return err
		}
		if _, err := apdu.Send(ctx, c, "select", apdu.SelectName([]byte{0xD2, 0x76, 0, 0, 0x85, 1, 1})); err != nil {
			return err
		}
		challenge, status, err := apdu.Exchange(ctx, c, []byte{0x90, 0x71, 0, 0, 2, 0, 0, 0})
		if err != nil || status != 0x91AF || len(challenge) != 16 {
			t.Errorf("challenge: got %X, %v, %v", challenge, status, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
