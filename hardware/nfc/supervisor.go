package nfc

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Options are what a [Supervisor] needs to know. Only Backend is required.
type Options struct {
	Backend Backend
	// Log hears once of every change of state; nil is silent.
	Log *slog.Logger
	// Reader limits the supervisor to readers whose name begins with it.
	Reader string
	// OnTap is called for every tap and OnStatus after every change, both from one goroutine and in order. They must
	// return soon and must not call Do. A tag that lies on a reader while the reader service restarts is a new tap.
	OnTap    func(context.Context, Tap)
	OnStatus func(Status)
	// Deadline bounds reading one tag; zero means 3 seconds.
	Deadline time.Duration
	// Debounce is how long after a tag was last seen the same tag is still the same tap; zero means 1.5 seconds.
	Debounce time.Duration
}

const (
	defaultDeadline = 3 * time.Second
	defaultDebounce = 1500 * time.Millisecond
	// claimDeadline bounds work of a caller of Do: the largest tag takes 250 page writes of 10 to 20 ms.
	claimDeadline = 30 * time.Second
)

// A Supervisor keeps readers working: without the reader service, through its restarts, with readers and tags that come
// and go, and with readers that stop answering.
type Supervisor struct {
	options Options
	claims  chan *claim

	mu sync.Mutex
	// status is guarded by mu.
	status Status
}

// NewSupervisor makes a supervisor that does nothing until Serve is called.
func NewSupervisor(options Options) *Supervisor {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Deadline == 0 {
		options.Deadline = defaultDeadline
	}
	if options.Debounce == 0 {
		options.Debounce = defaultDebounce
	}
	return &Supervisor{
		options: options,
		claims:  make(chan *claim),
		status:  Status{State: StateStarting, Text: "Tag readers are being looked for."},
	}
}

// String names the supervisor, so that whoever runs it has no need to look inside.
func (s *Supervisor) String() string { return "tag readers" }

// Status returns how the readers are doing. It may be called at any time.
func (s *Supervisor) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.status
	out.Readers = slices.Clone(out.Readers)
	return out
}

// Do waits for a card at the given reader, or at any when reader is empty, and hands it to work instead of reading it as
// a tap. A card that lies there already counts. It returns work's error, the reason why the card could not be opened, or
// ctx's error. Serve must be running.
func (s *Supervisor) Do(ctx context.Context, reader string, work func(context.Context, Card) error) error {
	_, err := s.DoNext(ctx, reader, 0, work)
	return err
}

// DoNext is Do for a card that arrived after a given arrival, so that one that lies there already, and was worked on,
// does not count again. It returns the arrival of the card that work was called with, or 0 when it was not called. An
// arrival is what Tap.Seq counts; before the first all are after 0.
func (s *Supervisor) DoNext(ctx context.Context, reader string, after uint64, work func(context.Context, Card) error) (uint64, error) {
	c := &claim{ctx: ctx, reader: reader, after: after, work: work, done: make(chan error, 1)}
	select {
	case s.claims <- c:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case err := <-c.done:
		return c.arrival, err
	case <-ctx.Done():
		if c.settle() {
			return 0, ctx.Err()
		}
		err := <-c.done // the work has begun and ends with ctx
		return c.arrival, err
	}
}

// Serve watches the readers until ctx ends and returns its error. Nothing that is wrong with readers, service or tags
// makes it return. It may be called again after it returned.
func (s *Supervisor) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	looks := make(chan look)
	w := &watch{backend: s.options.Backend, prefix: s.options.Reader, out: looks}
	f := &floor{Supervisor: s, stations: map[string]*station{}, results: make(chan result), seen: map[string]time.Time{}}
	var watching sync.WaitGroup
	watching.Go(func() { w.run(ctx) })
	defer func() {
		cancel()
		watching.Wait()
		f.close(ctx)
		if err := s.options.Backend.Close(); err != nil {
			s.options.Log.Warn("readers were not given back", "error", err)
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case l := <-looks:
			f.look(ctx, l)
		case r := <-f.results:
			f.finish(ctx, r)
		case c := <-s.claims:
			f.claim(ctx, c)
		}
		f.expire()
		f.publish()
	}
}

// set replaces the status and says whether its state changed.
func (s *Supervisor) set(status Status) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed = s.status.State != status.State
	if changed {
		status.Since = time.Now()
	} else {
		status.Since = s.status.Since
	}
	s.status = status
	return changed
}

// logState writes the one line per change of state.
func (s *Supervisor) logState(status Status) {
	attrs := []any{"state", string(status.State), "readers", len(status.Readers)}
	if status.Err != nil {
		attrs = append(attrs, "error", status.Err)
	}
	level := slog.LevelWarn
	switch status.State {
	case StateStarting, StateReady, StateNoReader, StateNotBuilt:
		level = slog.LevelInfo
	case StateNotAllowed, StateServiceVersion:
		level = slog.LevelError
	default:
	}
	s.options.Log.Log(context.Background(), level, "tag readers changed", attrs...)
}
