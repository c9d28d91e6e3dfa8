package nfc

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// WithTag waits for one tag and hands it to work, for programs that do one thing and end. A tag that lies on a reader
// already counts. It fails at once, with one of this package's errors, when readers cannot work or none is connected.
// Options.OnStatus hears meanwhile how the readers are doing; Options.OnTap is not called.
func WithTag(ctx context.Context, options Options, work func(context.Context, Card) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	listen := options.OnStatus
	options.OnTap = nil
	var begun atomic.Bool
	options.OnStatus = func(s Status) {
		if listen != nil {
			listen(s)
		}
		// Once the work has begun, trouble is its to report: a reader that is unplugged ends it with an error.
		if s.Err != nil && !begun.Load() {
			cancel(s.Err)
		}
	}
	s := NewSupervisor(options)
	var serving sync.WaitGroup
	defer serving.Wait()
	serveCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	serving.Go(func() { _ = s.Serve(serveCtx) })
	err := s.Do(ctx, options.Reader, func(ctx context.Context, card Card) error {
		begun.Store(true)
		return work(ctx, card)
	})
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, context.Canceled) {
		return cause
	}
	return err
}
