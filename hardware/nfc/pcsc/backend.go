//go:build !nopcsc && cgo

package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ebfe/scard"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

var _ nfc.Backend = (*Backend)(nil)

// Built says whether this program can use readers at all.
const Built = true

const (
	// plugAndPlay is the pseudo-reader whose state changes when readers come or go.
	plugAndPlay = `\\?PnP?\Notification`
	// serviceLimit is how long a healthy service takes for anything but waiting, many times over.
	serviceLimit = 5 * time.Second
	// cancelEvery repeats a cancellation, because one that comes before the wait has begun is lost.
	cancelEvery = 10 * time.Millisecond
	// cancelGrace is how long a cancelled wait may take to end.
	cancelGrace = time.Second
)

// waiting is held by the one goroutine of this process that waits for a change. The binding keeps the names of readers in
// a global table for the time of the call, and a second call that mentions the same reader frees the first one's name
// under it; so the guard must be as wide as the process.
var waiting = make(chan struct{}, 1)

// Backend reaches the readers of pcscd.
type Backend struct {
	// asks are calls to the service itself, exchanges those to cards.
	asks, exchanges calls

	mu sync.Mutex
	// service and stuck are guarded by mu. service is nil while there is no way to pcscd; stuck counts, per reader, the
	// calls that have been abandoned and have not returned.
	service *scard.Context
	stuck   map[string]int
}

// New makes a back end. It talks to nobody yet.
func New() *Backend { return &Backend{stuck: map[string]int{}} }

// Readers implements [nfc.Backend].
func (b *Backend) Readers(ctx context.Context) ([]string, error) {
	service, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	err = b.ask(ctx, "list readers", service, func() error {
		var err error
		names, err = service.ListReaders()
		return err
	})
	if errors.Is(err, scard.ErrNoReadersAvailable) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return usable(names), nil
}

// open returns the way to the service and makes it if need be.
func (b *Backend) open(ctx context.Context) (*scard.Context, error) {
	if b.asks.lost.Load() > 0 {
		return nil, nfc.ErrServiceHangs // do not pile up calls on a service that answers none
	}
	b.mu.Lock()
	service := b.service
	b.mu.Unlock()
	if service != nil {
		return service, nil
	}
	var fresh *scard.Context
	err := b.asks.run(ctx, serviceLimit, func() error {
		var err error
		fresh, err = scard.EstablishContext()
		return err
	}, func() { release(fresh) })
	if err != nil {
		return nil, b.explain(ctx, "reach the reader service", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.service = fresh
	return fresh, nil
}

// ask makes one call on the way to the service. When it fails the way is given up, except for errors that only mean that
// the list of readers is out of date.
func (b *Backend) ask(ctx context.Context, what string, service *scard.Context, call func() error) error {
	err := b.asks.run(ctx, serviceLimit, call, func() { release(service) })
	return b.judge(ctx, what, service, err)
}

func (b *Backend) judge(ctx context.Context, what string, service *scard.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, scard.ErrNoReadersAvailable), errors.Is(err, scard.ErrUnknownReader):
		return wrap(what, err)
	case errors.Is(err, errAbandoned):
		b.forget() // the call itself gives the way back when it returns
	default:
		b.forget()
		release(service)
	}
	return b.explain(ctx, what, err)
}

func (b *Backend) explain(ctx context.Context, what string, err error) error {
	if errors.Is(err, errAbandoned) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w", what, nfc.ErrServiceHangs)
	}
	return wrap(what, err)
}

func (b *Backend) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.service = nil
}

// release gives a way to the service back. After the death of the service this fails, which changes nothing.
func release(service *scard.Context) {
	if service != nil {
		_ = service.Release()
	}
}

// Wait implements [nfc.Backend].
func (b *Backend) Wait(ctx context.Context, states []nfc.ReaderState, most time.Duration) ([]nfc.ReaderState, error) {
	b.mu.Lock()
	service := b.service
	b.mu.Unlock()
	if service == nil {
		return nil, nfc.ErrServiceLost
	}
	if err := takeTurn(ctx, most+serviceLimit); err != nil {
		return nil, err
	}
	raw := toStates(states)
	patient, enough := withGrace(ctx)
	defer enough()
	err := b.asks.run(patient, most+serviceLimit, func() error {
		defer func() { <-waiting }()
		ended := make(chan struct{})
		var canceller sync.WaitGroup
		canceller.Go(func() { cancelWith(ctx, service, ended) })
		defer canceller.Wait()
		defer close(ended)
		return service.GetStatusChange(raw, most)
	}, func() { release(service) })
	switch {
	case ctx.Err() != nil:
		return nil, errors.Join(ctx.Err(), b.judge(ctx, "wait for tags", service, idle(err)))
	case idle(err) != nil:
		return nil, b.judge(ctx, "wait for tags", service, err)
	default:
		return fromStates(raw, states), nil
	}
}

// takeTurn waits for another back end of this process to finish waiting.
func takeTurn(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case waiting <- struct{}{}:
		return nil
	case <-timer.C:
		return fmt.Errorf("wait for tags: %w", nfc.ErrServiceHangs)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// withGrace returns a context that ends a while after ctx, so that a cancelled wait is not abandoned at once.
func withGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	patient, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(cancelGrace, cancel) })
	return patient, func() {
		stop()
		cancel()
	}
}

// cancelWith cancels the wait when ctx ends, again and again until it has ended.
func cancelWith(ctx context.Context, service *scard.Context, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	tick := time.NewTicker(cancelEvery)
	defer tick.Stop()
	for {
		_ = service.Cancel()
		select {
		case <-ended:
			return
		case <-tick.C:
		}
	}
}

// idle drops the errors by which a wait normally ends.
func idle(err error) error {
	if errors.Is(err, scard.ErrTimeout) || errors.Is(err, scard.ErrCancelled) {
		return nil
	}
	return err
}

// Close implements [nfc.Backend]. Calls that do not return keep what they use; Close then says so.
func (b *Backend) Close() error {
	b.mu.Lock()
	service := b.service
	b.service = nil
	b.mu.Unlock()
	err := b.asks.run(context.Background(), serviceLimit, func() error { release(service); return nil }, func() {})
	if err != nil || !b.asks.wait(time.Second) || !b.exchanges.wait(time.Second) {
		return fmt.Errorf("give readers back: %w", nfc.ErrStuck)
	}
	return nil
}
