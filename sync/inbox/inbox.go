// Package inbox takes in every message of a platform once, keeps it before it is understood, and works on it in order.
//
// Receivers and webhooks put updates in through [Inbox.Commit]: the updates that are new and the receiver's cursor in
// one durable transaction, so that a platform is told "received" only for what survives a power cut. [Inbox.Serve]
// takes them out again. An update is marked as done after its effect, not together with it, so that a crash in between
// works on it twice. That is safe: whoever hears it finds a guest again by address and queues its answer once per event.
package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// Hearer acts on what happened in a conversation.
type Hearer interface {
	// Hear acts on one event of the named channel. An error means that it should be heard again later; hearing an
	// event twice has no more effect than hearing it once.
	Hear(ctx context.Context, channelName string, e channel.Event) error
}

// Options tune an inbox. The zero value is good for a restaurant.
type Options struct {
	// Now reads the clock; nil is the machine's.
	Now func() time.Time
	// Logger is told of updates that could not be worked on; nil keeps that silent.
	Logger *slog.Logger
	// Answered is called after each update that was worked on, when there may be something to send. It must not block
	// and may be called from several goroutines.
	Answered func()
	// Tick is how often the inbox looks by itself when nothing comes in; 0 is 15 s.
	Tick time.Duration
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Answered == nil {
		o.Answered = func() {}
	}
	if o.Tick <= 0 {
		o.Tick = 15 * time.Second
	}
	return o
}

// Inbox keeps and works on updates. Its methods may be called from any goroutine; only one Serve may run for a store.
type Inbox struct {
	store   edge.Store
	sources map[string]channel.Channel
	hearer  Hearer
	opt     Options
	wake    chan struct{} // holds at most one wake

	mu     sync.Mutex
	status Status // guarded by mu
}

var _ channel.Inbox = (*Inbox)(nil)

// New prepares an inbox for the channels in use. Nothing is read yet.
func New(store edge.Store, channels map[string]channel.Channel, hearer Hearer, options Options) *Inbox {
	in := &Inbox{
		store: store, sources: map[string]channel.Channel{}, hearer: hearer, opt: options.filled(),
		wake: make(chan struct{}, 1),
	}
	for _, ch := range channels {
		in.sources[SourceOf(ch)] = ch
	}
	return in
}

// SourceOf is the name under which a channel's updates are kept: its own where it fetches them, and the same form for
// one that is called.
func SourceOf(ch channel.Channel) string {
	if r, ok := ch.(channel.Receiver); ok {
		return r.Source()
	}
	return ch.Name() + ":" + ch.Account()
}

// cursorName keeps the cursors of receivers apart from those of other readers.
func cursorName(source string) string { return "inbox:" + source }

// Cursor implements [channel.Inbox].
func (in *Inbox) Cursor(ctx context.Context, source string) (string, error) {
	var cursor string
	err := in.store.Read(ctx, func(view edge.View) error {
		var err error
		cursor, err = view.Cursor(cursorName(source))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read cursor of %s: %w", source, err)
	}
	return cursor, nil
}

// Commit implements [channel.Inbox]. An empty next leaves the cursor as it is, for channels that have none.
func (in *Inbox) Commit(ctx context.Context, source string, updates []channel.Update, next string) error {
	now := in.opt.Now()
	err := in.store.Write(ctx, func(tx edge.Tx) error {
		for _, u := range updates {
			if _, err := tx.AddUpdate(dated(u, source, now)); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		return tx.SetCursor(cursorName(source), next)
	})
	if err != nil {
		return fmt.Errorf("keep %d updates of %s: %w", len(updates), source, err)
	}
	in.nudge()
	return nil
}

// dated is an update on the device's clock. The receiver's may be another one: what counts is for how long the update
// makes sense after it came.
func dated(u channel.Update, source string, now time.Time) edge.Update {
	kept := edge.Update{Source: source, ID: u.ID, Raw: u.Raw, Received: now}
	if !u.Expires.IsZero() {
		kept.Expires = now.Add(u.Expires.Sub(u.ReceivedAt))
	}
	return kept
}
