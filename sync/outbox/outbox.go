// Package outbox delivers what guests are to be told, in order, through everything that can go wrong on the way. It is
// the only place that tries anything again.
//
// It reads the journal behind a cursor of its own, asks what there is to tell, and keeps each answer as an
// [edge.Delivery] in the lane of one conversation. Lanes are sent side by side, each one delivery after the other. What
// was overtaken before it could be sent is replaced, what no longer makes sense at its deadline is dropped, and what
// failed waits as long as the kind of the failure calls for. All of that is in the store, so that a crash at any
// instant loses nothing: at worst a guest sees one message twice, when nobody can know whether it arrived.
package outbox

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Teller knows what there is to tell and how to tell it.
type Teller interface {
	// News says who is to be told what because of an event. It changes nothing.
	News(view edge.View, e edge.Event) ([]edge.Delivery, error)
	// Deliver tries once to deliver d as things stand now. Its errors have a [channel.Kind]; only after
	// [channel.KindUnknownOutcome] may a repeat be seen twice. It is never called twice at the same time for a lane.
	Deliver(ctx context.Context, d edge.Delivery) error
}

// Options tune an outbox. The zero value is good for a restaurant.
type Options struct {
	// Now reads the clock that is written down; nil is the machine's.
	Now func() time.Time
	// Logger is told when a channel stops and works again; nil keeps that silent.
	Logger *slog.Logger
	// Parallel is how many lanes are sent at the same time; 0 is 8.
	Parallel int
	// Gather is how long news collects after a wake before the journal is read, so that a busy minute costs few
	// writes; 0 is 50 ms.
	Gather time.Duration
	// Tick is how often the outbox looks by itself when nobody wakes it; 0 is 15 s.
	Tick time.Duration
	// Timeout bounds one attempt; 0 is one minute.
	Timeout time.Duration
	// Grace is how long attempts under way may take after the end of Serve was asked for; 0 is 5 s.
	Grace time.Duration
	// Random gives numbers in [0,1) that spread waits; nil is a good source.
	Random func() float64
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	fill(&o.Gather, 50*time.Millisecond)
	fill(&o.Tick, 15*time.Second)
	fill(&o.Timeout, time.Minute)
	fill(&o.Grace, 5*time.Second)
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return o
}

func fill(d *time.Duration, otherwise time.Duration) {
	if *d <= 0 {
		*d = otherwise
	}
}

// Outbox delivers. Make it with New, run it with Serve; Wake and Status may be called from any goroutine at any time.
type Outbox struct {
	store  edge.Store
	teller Teller
	opt    Options
	wake   chan struct{} // holds at most one wake
	read   atomic.Int64  // the newest event that was read

	mu       sync.Mutex
	channels map[string]ChannelStatus // guarded by mu; Backlog is read from the store when asked
}

// New prepares an outbox. Nothing is read or sent yet.
func New(store edge.Store, teller Teller, options Options) *Outbox {
	return &Outbox{
		store: store, teller: teller, opt: options.filled(), wake: make(chan struct{}, 1),
		channels: map[string]ChannelStatus{},
	}
}

// Wake tells the outbox that there may be something new: call it after commits with events, and after a delivery was
// put by somebody else. It never blocks and may be called as often as one likes.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Position is the seq of the newest event that was read for news, 0 before the first.
func (o *Outbox) Position() int64 { return o.read.Load() }

// Serve delivers until ctx ends, waits for the attempts under way, and returns ctx's error. Trouble with the store or
// a platform does not end it. Only one Serve may run for a store.
func (o *Outbox) Serve(ctx context.Context) error {
	// Attempts under way outlive ctx by the grace.
	attempts, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	r := &run{
		Outbox: o, attempts: attempts, inflight: map[string]string{}, health: map[string]*health{},
		results: make(chan result, o.opt.Parallel),
	}
	for ctx.Err() == nil {
		r.round(ctx)
		r.wait(ctx)
	}
	r.finish(ctx, cancel)
	return ctx.Err()
}
