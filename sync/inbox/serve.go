package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

const (
	// batch is how many updates are read at once.
	batch = 1000
	// tries is how often an update is heard before it is given up, with 0.25, 0.5, 1 and 2 s in between.
	tries     = 5
	firstWait = 250 * time.Millisecond
)

// The outcomes of updates.
const (
	outcomeDone    = "done"
	outcomeExpired = "expired"
	outcomeUnknown = "dead: its channel is not in use"
	outcomeDead    = "dead: "
)

// Serve works on updates until ctx ends, waits for the update under way, and returns ctx's error. The updates of one
// source are worked on one after the other in the order they came; sources do not wait for each other.
func (in *Inbox) Serve(ctx context.Context) error {
	s := shift{Inbox: in, busy: map[string]bool{}}
	for ctx.Err() == nil {
		if err := s.hand(ctx); err != nil && ctx.Err() == nil {
			in.opt.Logger.Warn("inbox pauses", slog.Any("err", err))
		}
		in.rest(ctx)
	}
	s.workers.Wait()
	return ctx.Err()
}

func (in *Inbox) rest(ctx context.Context) {
	timer := time.NewTimer(in.opt.Tick)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-in.wake:
	}
}

// shift is one Serve: at most one worker per source.
type shift struct {
	*Inbox
	workers sync.WaitGroup
	busyMu  sync.Mutex
	busy    map[string]bool // guarded by busyMu: sources with a worker
}

// hand gives pending updates to a worker for each source that has none.
func (s *shift) hand(ctx context.Context) error {
	// Taken before the updates are read: a worker that ends in between has ended some of what is read.
	s.busyMu.Lock()
	busy := maps.Clone(s.busy)
	s.busyMu.Unlock()
	pending, err := s.pending(ctx, batch)
	if err != nil {
		return err
	}
	sources := map[string][]edge.Update{}
	for _, u := range pending {
		if !busy[u.Source] {
			sources[u.Source] = append(sources[u.Source], u)
		}
	}
	for source, updates := range sources {
		s.busyMu.Lock()
		s.busy[source] = true
		s.busyMu.Unlock()
		s.workers.Go(func() { s.worker(ctx, source, updates) })
	}
	return nil
}

func (s *shift) worker(ctx context.Context, source string, updates []edge.Update) {
	err := s.work(ctx, updates)
	s.busyMu.Lock()
	delete(s.busy, source)
	s.busyMu.Unlock()
	switch {
	case err == nil:
		s.nudge() // more may have come meanwhile
	case ctx.Err() == nil:
		s.opt.Logger.Warn("inbox pauses", slog.String("source", source), slog.Any("err", err))
	}
}

// nudge lets Serve look for updates.
func (in *Inbox) nudge() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

func (in *Inbox) pending(ctx context.Context, limit int) ([]edge.Update, error) {
	var pending []edge.Update
	err := in.store.Read(ctx, func(view edge.View) error {
		var err error
		pending, err = view.PendingUpdates(limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read pending updates: %w", err)
	}
	return pending, nil
}

// work goes through updates of one source. It stops when an outcome cannot be kept: what comes later must not overtake.
func (in *Inbox) work(ctx context.Context, updates []edge.Update) error {
	for _, u := range updates {
		outcome, err := in.outcomeOf(ctx, u)
		if err != nil {
			return err
		}
		if err := in.store.Write(ctx, func(tx edge.Tx) error { return tx.EndUpdate(u.Source, u.ID, outcome) }); err != nil {
			return fmt.Errorf("end update %s of %s: %w", u.ID, u.Source, err)
		}
		in.count(u, outcome)
		in.opt.Answered()
	}
	return nil
}

// outcomeOf works on one update. It errs only when ctx ended or the restaurant cannot keep anything now, so that nothing
// came of the update yet.
func (in *Inbox) outcomeOf(ctx context.Context, u edge.Update) (string, error) {
	ch, ok := in.sources[u.Source]
	switch {
	case !ok:
		return outcomeUnknown, nil
	case !u.Expires.IsZero() && !in.opt.Now().Before(u.Expires):
		return outcomeExpired, nil
	}
	var err error
	for try := range tries {
		if try > 0 && !sleep(ctx, firstWait<<(try-1)) {
			break
		}
		if err = in.hear(ctx, ch, u); err == nil {
			return outcomeDone, nil
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if errors.Is(err, edge.ErrUnavailable) {
		return "", fmt.Errorf("work on update %s of %s: %w", u.ID, u.Source, err)
	}
	return outcomeDead + err.Error(), nil
}

// hear decodes an update and lets its events be heard. A program error in there is an error of this update.
func (in *Inbox) hear(ctx context.Context, ch channel.Channel, u edge.Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("our own program broke: %v", p)
		}
	}()
	events := ch.Decode(channel.Update{ID: u.ID, Raw: u.Raw, ReceivedAt: u.Received, Expires: u.Expires})
	for _, e := range events {
		if err := in.hearer.Hear(ctx, ch.Name(), e); err != nil {
			return err
		}
	}
	return nil
}

// sleep waits and reports whether ctx let it.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
