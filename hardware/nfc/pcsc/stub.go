//go:build nopcsc || !cgo

package pcsc

import (
	"context"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

var _ nfc.Backend = (*Backend)(nil)

// Built says whether this program can use readers at all.
const Built = false

// Backend is what a program without PC/SC has: it reports [nfc.ErrNotBuilt].
type Backend struct{}

// New returns the only possible Backend.
func New() *Backend { return &Backend{} }

// Readers returns [nfc.ErrNotBuilt].
func (*Backend) Readers(context.Context) ([]string, error) { return usable(nil), nfc.ErrNotBuilt }

// Wait returns [nfc.ErrNotBuilt].
func (*Backend) Wait(context.Context, []nfc.ReaderState, time.Duration) ([]nfc.ReaderState, error) {
	return nil, nfc.ErrNotBuilt
}

// Connect returns [nfc.ErrNotBuilt].
func (*Backend) Connect(context.Context, string) (nfc.Connection, error) { return nil, nfc.ErrNotBuilt }

func (*Backend) escape(context.Context, string, []byte) ([]byte, error) { return nil, errNoEscape }

// Close does nothing.
func (*Backend) Close() error { return nil }
