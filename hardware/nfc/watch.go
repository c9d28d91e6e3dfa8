package nfc

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	// lookAtLeast bounds one wait, because a reader that is plugged in between listing and waiting may go unnoticed.
	lookAtLeast = 2 * time.Second
	firstPause  = 500 * time.Millisecond
	longestWait = 5 * time.Second
	// relistPause keeps a list that is always out of date from becoming a busy loop.
	relistPause = 50 * time.Millisecond
)

// look is what one turn of the watch saw: the state of every reader, or why nothing could be seen.
type look struct {
	readers []ReaderState
	err     error
}

// watch is the only goroutine that waits for readers.
type watch struct {
	backend Backend
	prefix  string
	out     chan<- look
	known   map[string]ReaderState
	pause   time.Duration
}

// run looks until ctx ends. An error that never heals ends looking, not running.
func (w *watch) run(ctx context.Context) {
	for ctx.Err() == nil {
		readers, err := w.turn(ctx)
		switch {
		case errors.Is(err, ErrUnknownReader):
			sleep(ctx, relistPause)
		case errors.Is(err, ErrNotBuilt):
			w.send(ctx, look{err: err})
			<-ctx.Done()
		case err != nil:
			w.known = nil
			w.send(ctx, look{err: err})
			sleep(ctx, w.next())
		default:
			w.pause = 0
			w.send(ctx, look{readers: readers})
		}
	}
}

// turn lists the readers, reports a changed list at once, and waits for a change otherwise.
func (w *watch) turn(ctx context.Context) ([]ReaderState, error) {
	names, err := w.backend.Readers(ctx)
	if err != nil {
		return nil, err
	}
	states := make([]ReaderState, 0, len(names))
	changed := w.known == nil
	for _, name := range names {
		if !strings.HasPrefix(name, w.prefix) {
			continue
		}
		known, ok := w.known[name]
		changed = changed || !ok
		known.Reader = name
		states = append(states, known)
	}
	wait := lookAtLeast
	if changed || len(states) != len(w.known) {
		wait = 0
	}
	states, err = w.backend.Wait(ctx, states, wait)
	if err != nil {
		return nil, err
	}
	w.known = make(map[string]ReaderState, len(states))
	for _, s := range states {
		w.known[s.Reader] = s
	}
	return states, nil
}

func (w *watch) send(ctx context.Context, l look) {
	select {
	case w.out <- l:
	case <-ctx.Done():
	}
}

// next doubles the pause between attempts and blurs it, so that several programs do not call in step.
func (w *watch) next() time.Duration {
	w.pause = min(max(2*w.pause, firstPause), longestWait)
	return w.pause/2 + rand.N(w.pause/2)
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
