//go:build !nopcsc && cgo && !rig

package pcsc_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// TestMain points the library at a socket that does not exist, so that these tests mean the same on a machine with a
// reader. The library looks at the variable once.
func TestMain(m *testing.M) {
	if err := os.Setenv("PCSCLITE_CSOCK_NAME", filepath.Join(os.TempDir(), "comanda-no-such-pcscd")); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

func TestWithoutService(t *testing.T) {
	b := pcsc.New()
	if _, err := b.Readers(t.Context()); !errors.Is(err, nfc.ErrNoService) {
		t.Errorf("list readers: got %v, want %v", err, nfc.ErrNoService)
	}
	if _, err := b.Connect(t.Context(), "no reader"); !errors.Is(err, nfc.ErrNoService) {
		t.Errorf("connect: got %v, want %v", err, nfc.ErrNoService)
	}
	if _, err := b.Wait(t.Context(), nil, time.Second); !errors.Is(err, nfc.ErrServiceLost) {
		t.Errorf("wait: got %v, want %v", err, nfc.ErrServiceLost)
	}
	if err := b.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestSupervisorWithoutService(t *testing.T) {
	told := make(chan nfc.Status, 8)
	s := nfc.NewSupervisor(nfc.Options{Backend: pcsc.New(), OnStatus: func(s nfc.Status) { told <- s }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx) }()
	if got := <-told; got.State != nfc.StateNoService {
		t.Errorf("got %+v", got)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOneShotWithoutService(t *testing.T) {
	err := nfc.WithTag(t.Context(), nfc.Options{Backend: pcsc.New()}, func(context.Context, nfc.Card) error { return nil })
	if !errors.Is(err, nfc.ErrNoService) {
		t.Errorf("got %v, want %v", err, nfc.ErrNoService)
	}
}
