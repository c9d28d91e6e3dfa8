//go:build nopcsc || !cgo

package pcsc_test

import (
	"context"
	"errors"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

func TestStubIsToldNotFailed(t *testing.T) {
	if pcsc.Built {
		t.Error("a build without PC/SC says it has it")
	}
	told := make(chan nfc.Status, 8)
	s := nfc.NewSupervisor(nfc.Options{Backend: pcsc.New(), OnStatus: func(s nfc.Status) { told <- s }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx) }()
	if got := <-told; got.State != nfc.StateNotBuilt || !errors.Is(got.Err, nfc.ErrNotBuilt) {
		t.Errorf("got %+v", got)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	err := nfc.WithTag(t.Context(), nfc.Options{Backend: pcsc.New()}, func(context.Context, nfc.Card) error { return nil })
	if !errors.Is(err, nfc.ErrNotBuilt) {
		t.Errorf("one shot: got %v", err)
	}
}
