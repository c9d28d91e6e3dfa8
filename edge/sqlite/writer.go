package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

const (
	// queued bounds the changes that wait; those who come later wait to get in.
	queued = 1024
	// together bounds the changes that share a commit, and with it how long the first of them waits.
	together = 256
)

// writer runs changes one after the other on the only writing connection (design D2).
type writer struct {
	path      string
	log       *slog.Logger
	now       func() time.Time
	menus     *menus
	listeners []func([]edge.Event)
	queue     chan *command
	done      chan struct{}
	health    health

	// gate is held for reading while a command is put into the queue, for writing while the queue is closed.
	gate   sync.RWMutex
	closed bool

	// What follows belongs to the writer's goroutine.
	link    *link
	tail    position // of what was acknowledged
	shelf   *shelf
	pending []*command // the commands of the batch in work
	// doubtful is the batch of which nobody knows whether it is on the disk; nil when all is known.
	doubtful *batch
	lost     error // why nothing will be written any more
	damaged  bool  // a change met damage in the file
}

// command is a change on its way through the writer.
type command struct {
	change func(edge.Tx) error
	// taken is set by the first of: the writer, who then runs the change; the caller, who then has given up.
	taken  atomic.Bool
	err    error
	answer chan error // room for one
}

func newWriter(ctx context.Context, path string, options Options) (*writer, error) {
	l, err := connect(ctx, path, writing)
	if err != nil {
		return nil, err
	}
	tail, err := end(ctx, l.q)
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	w := &writer{
		path: path, log: options.Logger, now: options.Now, menus: newMenus(), queue: make(chan *command, queued),
		done: make(chan struct{}), link: l, tail: tail, shelf: newShelf(),
	}
	w.health.seq = tail.seq
	go w.serve()
	return w, nil
}

func (w *writer) write(ctx context.Context, change func(edge.Tx) error) error {
	c := &command{change: change, answer: make(chan error, 1)}
	if err := w.enqueue(ctx, c); err != nil {
		return err
	}
	select {
	case err := <-c.answer:
		return err
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return fmt.Errorf("wait for the writer: %w", ctx.Err())
		}
		return <-c.answer
	}
}

func (w *writer) enqueue(ctx context.Context, c *command) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for the writer: %w", err)
	}
	w.gate.RLock()
	defer w.gate.RUnlock()
	if w.closed {
		return errClosed()
	}
	select {
	case w.queue <- c:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the writer: %w", ctx.Err())
	}
}

// close lets the writer finish what is queued and closes its connection.
func (w *writer) close() error {
	w.gate.Lock()
	first := !w.closed
	w.closed = true
	if first {
		close(w.queue)
	}
	w.gate.Unlock()
	<-w.done
	if !first || w.link == nil {
		return nil
	}
	return w.link.close()
}

// serve runs batches until the queue is closed: what queued while the last commit was in flight is the next batch.
func (w *writer) serve() {
	finished := false
	defer func() {
		if finished {
			close(w.done)
			return
		}
		// A change ended this goroutine (runtime.Goexit, as a test's FailNow does): nobody else may wait for it.
		w.forsake()
		go w.serve()
	}()
	for first := range w.queue {
		w.run(w.gather(first))
	}
	finished = true
}

// gather takes what waits, without waiting for more. In a damaged file every change is on its own: SQLite gives up a
// transaction that met the damage, with all that is in it.
func (w *writer) gather(first *command) []*command {
	w.pending = append(w.pending[:0], first)
	for len(w.pending) < together && !w.damaged {
		select {
		case c, ok := <-w.queue:
			if !ok {
				return w.pending
			}
			w.pending = append(w.pending, c)
		default:
			return w.pending
		}
	}
	return w.pending
}

// run executes one batch and answers all its commands.
func (w *writer) run(commands []*command) {
	if err := w.settle(); err != nil {
		answer(commands, err)
		return
	}
	b := &batch{link: w.link, menus: w.menus, shelf: w.shelf, now: w.now, tail: w.tail}
	t := b.run(commands)
	if t != nil || !b.shelving || b.kept == 0 {
		w.shelf.clear()
	} else {
		w.shelf.take(b.put)
	}
	for _, p := range b.panics {
		w.log.Error("a change panicked", "panic", p.value, "stack", p.stack)
	}
	if t != nil {
		w.fail(b, t, commands)
		return
	}
	w.committed(b)
	answer(commands, nil)
}

// committed makes a batch that is on the disk the present, and tells the listeners.
func (w *writer) committed(b *batch) {
	w.tail = b.tail
	if b.wrote {
		if was := w.health.committed(w.tail.seq, b.took, w.now()); was != "" {
			w.log.Info("the store takes orders again", "reason", was)
		}
	}
	if len(b.events) > 0 {
		for _, listener := range w.listeners {
			w.tell(listener, b.events)
		}
	}
}

// tell protects the writer from a listener that panics.
func (w *writer) tell(listener func([]edge.Event), events []edge.Event) {
	defer func() {
		if r := recover(); r != nil {
			w.log.Error("a listener panicked", "panic", r)
		}
	}()
	listener(events)
}

// forsake answers a batch whose goroutine was ended by one of its changes; nothing of it is kept.
func (w *writer) forsake() {
	w.shelf.clear()
	if err := run(w.link.rollback); err != nil {
		w.log.Error("roll back after a change ended its goroutine", "error", err)
	}
	for _, c := range w.pending {
		c.taken.Store(true)
		c.answer <- edge.Refuse(edge.KindUnavailable, "change_ended", "A change ended without an answer; nothing was kept.")
	}
}

// answer gives every command its own error, or, if it has none, the one of all.
func answer(commands []*command, of error) {
	for _, c := range commands {
		if of != nil && c.err == nil {
			c.err = of
		}
		c.taken.Store(true)
		c.answer <- c.err
	}
}
