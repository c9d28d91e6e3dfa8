package outbox

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// run is the state of one Serve. Only Serve's own goroutine touches it; senders report through results.
type run struct {
	*Outbox
	attempts  context.Context // the life of the senders, which ends after that of Serve's ctx
	recovered bool
	position  int64             // of the journal, read up to here
	written   int64             // the cursor in the store
	known     bool              // position was read from the cursor
	inflight  map[string]string // lane → channel
	health    map[string]*health
	senders   sync.WaitGroup
	results   chan result // as many as senders, so that none of them ever waits
	unsettled []result    // came back and could not be written down yet
	troubled  bool        // the store refused something in this round
}

// result is how an attempt went.
type result struct {
	delivery edge.Delivery
	err      error
}

// round does everything that can be done now.
func (r *run) round(ctx context.Context) {
	r.troubled = false
	r.must(ctx, "outbox did not settle deliveries", r.settleAll)
	if !r.recovered {
		r.recovered = r.must(ctx, "outbox did not recover", r.recover)
	}
	if !r.recovered {
		return
	}
	r.must(ctx, "outbox did not read the journal", r.fill)
	r.must(ctx, "outbox did not look for due deliveries", r.dispatch)
	r.publish()
}

// must runs a step; when the store refuses, the step is done again in a later round.
func (r *run) must(ctx context.Context, complaint string, step func(context.Context) error) bool {
	err := step(ctx)
	if err == nil || ctx.Err() != nil {
		return err == nil
	}
	if !errors.Is(err, context.Canceled) {
		r.opt.Logger.Warn("outbox pauses", slog.String("step", complaint), slog.Any("err", err))
	}
	r.troubled = true
	return false
}

// blockedPause is how long the outbox sleeps while what is due cannot be sent.
const blockedPause = 2 * time.Second

// storePause is how long the outbox leaves a store alone that refused something.
const storePause = time.Second

// wait sleeps until there may be something to do.
func (r *run) wait(ctx context.Context) {
	timer := time.NewTimer(r.pause(ctx))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case got := <-r.results:
		r.collect(got)
	case <-r.wake:
		r.gather(ctx)
	}
}

// gather lets more news arrive. Attempts that come back meanwhile are not left waiting.
func (r *run) gather(ctx context.Context) {
	timer := time.NewTimer(r.opt.Gather)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case got := <-r.results:
			r.collect(got)
		}
	}
}

// collect takes in a result and all others that are there, to be settled in one write.
func (r *run) collect(got result) {
	for {
		delete(r.inflight, got.delivery.Lane)
		r.unsettled = append(r.unsettled, got)
		select {
		case got = <-r.results:
		default:
			return
		}
	}
}

// pause is how long nothing will be due, as far as is known now.
func (r *run) pause(ctx context.Context) time.Duration {
	now := r.opt.Now()
	pause := r.opt.Tick
	if r.troubled || len(r.unsettled) > 0 {
		return min(storePause, pause)
	}
	for _, h := range r.health {
		if left := h.until.Sub(now); left > 0 {
			pause = min(pause, left)
		}
	}
	err := r.store.Read(ctx, func(view edge.View) error {
		next, ok, err := view.NextDelivery()
		switch left := next.Sub(now); {
		case ok && left > 0:
			pause = min(pause, left)
		case ok:
			// It is due and waits for a sender or for its channel. What is due after it cannot be seen from here.
			pause = min(pause, blockedPause)
		}
		return err
	})
	if err != nil {
		return min(storePause, pause)
	}
	return max(pause, time.Millisecond)
}

// finish waits for the attempts under way and writes down how they went. What cannot be written stays marked as being
// sent, which the next start treats as an unknown outcome.
func (r *run) finish(ctx context.Context, cancel context.CancelFunc) {
	grace := time.AfterFunc(r.opt.Grace, cancel)
	r.senders.Wait()
	grace.Stop()
	select {
	case got := <-r.results:
		r.collect(got)
	default:
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), r.opt.Grace)
	defer stop()
	if err := r.settleAll(ctx); err != nil {
		r.opt.Logger.Warn("outbox ends with unknown outcomes", slog.Int("deliveries", len(r.unsettled)), slog.Any("err", err))
	}
}
