package appliance

import (
	"context"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// signaller is a back end's way to the lights and beepers of its readers.
type signaller interface {
	// Show gives a signal at a reader, by the card that lies there if that is handed over, and reports whether it was taken.
	Show(ctx context.Context, reader string, card apdu.Transmitter, signal pcsc.Signal) bool
}

// feedback gives signals at readers that can, and is silent at others. A signal never keeps a tap waiting: it is given
// beside it, and dropped when too many wait.
type feedback struct {
	signals signaller // nil when no reader can
	queue   chan given
}

type given struct {
	reader string
	signal pcsc.Signal
}

var _ suture.Service = (*feedback)(nil)

// Signals that wait, how many are given at the same time, and how long one may take: it is of no use later.
const (
	signalQueue   = 8
	signalWorkers = 2
	signalLimit   = 2 * time.Second
)

func newFeedback(backend nfc.Backend) *feedback {
	f := &feedback{queue: make(chan given, signalQueue)}
	switch b := backend.(type) {
	case *pcsc.Backend:
		f.signals = pcsc.NewFeedback(b)
	case signaller:
		f.signals = b
	}
	return f
}

// Serve implements suture.Service.
func (f *feedback) Serve(ctx context.Context) error {
	var giving sync.WaitGroup
	for range signalWorkers {
		giving.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case g := <-f.queue:
					f.give(ctx, g)
				}
			}
		})
	}
	giving.Wait()
	return ctx.Err()
}

// String names the part in logs.
func (f *feedback) String() string { return "signals at readers" }

func (f *feedback) give(ctx context.Context, g given) {
	ctx, cancel := context.WithTimeout(ctx, signalLimit)
	defer cancel()
	f.signals.Show(ctx, g.reader, nil, g.signal)
}

// show gives a signal at a reader.
func (f *feedback) show(reader string, signal pcsc.Signal) {
	if f.signals == nil {
		return
	}
	select {
	case f.queue <- given{reader, signal}:
	default:
	}
}

// with gives a signal by a card that is at hand.
func (f *feedback) with(ctx context.Context, card apdu.Transmitter, reader string, signal pcsc.Signal) {
	if f.signals != nil && reader != "" {
		f.signals.Show(ctx, reader, card, signal)
	}
}
