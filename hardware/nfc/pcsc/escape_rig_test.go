//go:build rig && !nopcsc && cgo

package pcsc

import (
	"errors"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// TestEscapeIsRefusedByTheDriver asks a real service whose driver passes nothing on to the reader, with and without a tag.
func TestEscapeIsRefusedByTheDriver(t *testing.T) {
	rig := nfctest.StartRig(t)
	b := New()
	defer b.Close()
	await(t, func() bool {
		names, err := b.Readers(t.Context())
		return err == nil && len(names) == 2
	})
	for _, with := range []bool{false, true} {
		if with {
			rig.Insert(0, virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{}))
		}
		if _, err := b.escape(t.Context(), nfctest.RigReader0, lights(Good)[0]); !errors.Is(err, errNoEscape) {
			t.Errorf("with a tag %v: got %v, want %v", with, err, errNoEscape)
		}
	}
	if _, err := b.escape(t.Context(), "no such reader", lights(Good)[0]); !errors.Is(err, nfc.ErrUnknownReader) || errors.Is(err, errNoEscape) {
		t.Errorf("no such reader: got %v", err)
	}
}

func await(t *testing.T, good func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !good(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}
