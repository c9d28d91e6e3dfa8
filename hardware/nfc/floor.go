package nfc

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"
)

// floor is the state of one run of a supervisor. The loop in Serve owns it; only jobs run elsewhere.
type floor struct {
	*Supervisor
	stations map[string]*station
	// names keeps the order of the back end.
	names   []string
	results chan result
	jobs    sync.WaitGroup
	seq     uint64
	claims  claims
	// seen says when a tag was last in the field of a reader.
	seen map[string]time.Time
	// broken is why nothing can be seen, or nil.
	broken  error
	started bool
	lastTap *Tap
	changed bool
}

// station is one reader.
type station struct {
	state ReaderState
	// seq is the number of the last arrival.
	seq uint64
	// working is the number of the arrival that a job is running for, and cancel ends that job; 0 and nil without one.
	working uint64
	cancel  context.CancelFunc
	stuck   time.Time
	problem string
	// last is the key of the tag that was read last.
	last string
}

// look compares what was seen with what was known.
func (f *floor) look(ctx context.Context, l look) {
	f.changed = f.changed || !f.started || message(l.err) != message(f.broken)
	f.started, f.broken = true, l.err
	if l.err != nil {
		f.forget(nil)
		return
	}
	names := make([]string, 0, len(l.readers))
	for _, r := range l.readers {
		names = append(names, r.Reader)
	}
	f.forget(names)
	f.names = names
	for _, r := range l.readers {
		st, ok := f.stations[r.Reader]
		if !ok {
			st = &station{state: ReaderState{Reader: r.Reader, Events: r.Events}}
			f.stations[r.Reader] = st
			f.changed = true
			f.options.Log.Info("tag reader connected", "reader", r.Reader)
		}
		f.compare(ctx, st, r)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// forget drops the readers that are not among names.
func (f *floor) forget(names []string) {
	for name, st := range f.stations {
		if !slices.Contains(names, name) {
			if st.cancel != nil {
				st.cancel()
			}
			f.leave(st)
			delete(f.stations, name)
			f.changed = true
			f.options.Log.Info("tag reader disconnected", "reader", name)
		}
	}
	f.names = names
}

// compare finds arrivals and departures. A counter that moved while a card is there means that the card was exchanged.
func (f *floor) compare(ctx context.Context, st *station, now ReaderState) {
	before := st.state
	st.state = now
	exchanged := before.Card && now.Card && before.Events != now.Events
	if before.Card && !now.Card || exchanged {
		f.leave(st)
	}
	if now.Card && (!before.Card || exchanged) {
		f.arrive(ctx, st)
	}
}

func (f *floor) leave(st *station) {
	f.changed = true
	if st.last != "" {
		f.seen[st.last] = time.Now()
	}
	st.last, st.problem, st.stuck = "", "", time.Time{}
}

func (f *floor) arrive(ctx context.Context, st *station) {
	f.changed = true
	f.seq++
	st.seq = f.seq
	if st.cancel != nil {
		st.cancel() // the card it works on is gone; finish starts anew
		return
	}
	f.start(ctx, st)
}

// start begins card work for the card that lies on a reader.
func (f *floor) start(ctx context.Context, st *station) {
	j := job{reader: st.state.Reader, seq: st.seq, start: time.Now(), claim: f.claims.take(st.state.Reader, st.seq)}
	limit := f.options.Deadline
	if j.claim != nil {
		limit = claimDeadline
	}
	jobCtx, cancel := context.WithTimeout(ctx, limit)
	st.working, st.cancel = j.seq, cancel
	f.jobs.Go(func() {
		r := j.run(jobCtx, f.options.Backend)
		cancel()
		if j.claim != nil && !r.again() {
			j.claim.done <- r.err
		}
		select {
		case f.results <- r:
		case <-ctx.Done():
			if r.again() {
				j.claim.done <- ctx.Err()
			}
		}
	})
}

// finish takes the result of a job, unless the reader or the card that it belongs to has been replaced since.
func (f *floor) finish(ctx context.Context, r result) {
	if r.again() {
		f.claims.back(r.claim)
	}
	st, ok := f.stations[r.reader]
	if !ok || st.working != r.seq {
		return
	}
	st.working, st.cancel = 0, nil
	if st.seq != r.seq {
		if st.state.Card {
			f.start(ctx, st)
		}
		return
	}
	f.note(st, r)
	if r.claim == nil && len(r.content.UID) > 0 && !errors.Is(r.err, ErrStuck) {
		f.tap(ctx, st, r)
	}
	if st.state.Card && f.claims.wanted(r.reader, st.seq) {
		f.start(ctx, st)
	}
}

// note keeps what a person at the reader should know.
func (f *floor) note(st *station, r result) {
	stuck, problem := time.Time{}, ""
	switch {
	case r.err == nil || errors.Is(r.err, ErrNoCard) || r.begun && !errors.Is(r.err, ErrStuck):
	case errors.Is(r.err, ErrStuck) || errors.Is(r.err, context.DeadlineExceeded):
		stuck = r.start
	default:
		problem = r.err.Error()
	}
	if stuck != st.stuck || problem != st.problem {
		st.stuck, st.problem, f.changed = stuck, problem, true
		if problem != "" {
			f.options.Log.Info("tag could not be read", "reader", r.reader, "error", r.err)
		}
	}
}

// tap delivers a tap, unless the same tag was there a moment ago.
func (f *floor) tap(ctx context.Context, st *station, r result) {
	key := r.reader + "/" + hex.EncodeToString(r.content.UID)
	if r.content.RandomUID {
		key = r.reader + "/random" // a new number at every power-up: the number cannot tell
	}
	now := time.Now()
	last, known := f.seen[key]
	f.seen[key], st.last = now, key
	if !st.state.Card {
		st.last = ""
	}
	if known && now.Sub(last) < f.options.Debounce {
		return
	}
	t := Tap{
		Reader: r.reader, UID: r.content.UID, RandomUID: r.content.RandomUID, Kind: r.content.Kind,
		URI: r.content.URI, Message: r.content.Message, Seq: r.seq, At: now, Err: r.err,
	}
	f.lastTap, f.changed = &t, true
	f.options.Log.Debug("tag read", "reader", t.Reader, "kind", string(t.Kind), "seq", t.Seq)
	if f.options.OnTap != nil {
		f.options.OnTap(ctx, t)
	}
}

// claim serves a caller of Do at once when a card lies on a fitting reader that has nothing to do.
func (f *floor) claim(ctx context.Context, c *claim) {
	f.claims = append(f.claims, c)
	for _, name := range f.names {
		st := f.stations[name]
		if st.state.Card && st.cancel == nil && c.fits(name, st.seq) {
			f.start(ctx, st)
			return
		}
	}
}

// publish makes the status known when it changed.
func (f *floor) publish() {
	if !f.changed {
		return
	}
	f.changed = false
	status := f.snapshot()
	if f.set(status) {
		f.logState(status)
	}
	if f.options.OnStatus != nil {
		f.options.OnStatus(f.Status())
	}
}

func (f *floor) snapshot() Status {
	status := Status{LastTap: f.lastTap}
	for _, name := range f.names {
		st := f.stations[name]
		status.Readers = append(status.Readers, ReaderStatus{
			Name: name, Card: st.state.Card, StuckSince: st.stuck, Problem: st.problem,
		})
	}
	if f.broken != nil {
		status.State, status.Text = explain(f.broken)
		status.Err = f.broken
		return status
	}
	status.State, status.Text = describe(status.Readers)
	if status.State == StateNoReader {
		status.Err = ErrNoReader
	}
	return status
}

// close ends all work and turns away the callers of Do that still wait.
func (f *floor) close(ctx context.Context) {
	f.jobs.Wait()
	f.claims.refuse(ctx.Err())
}

// expire forgets tags that were last seen so long ago that they no longer matter.
func (f *floor) expire() {
	now := time.Now()
	for key, at := range f.seen {
		if now.Sub(at) >= f.options.Debounce {
			delete(f.seen, key)
		}
	}
}
