package sqlite

import (
	"database/sql"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// batch is the changes that share one transaction.
type batch struct {
	link  *link
	menus *menus
	shelf *shelf // as of the last commit
	put   *shelf // by this batch
	// shelving says that put and shelf may be used: not where a savepoint may take back a part of the batch.
	shelving bool
	now      func() time.Time
	tail     position
	events   []edge.Event
	// fresh is the lowest menu version this transaction has made, 0 for none: not yet to be shared.
	fresh  int64
	wrote  bool
	kept   int
	panics []panicked
	took   time.Duration
}

type panicked struct{ value, stack string }

// run executes the commands and commits. It leaves in every command its own error. A trouble that is returned
// concerns them all: nothing of the batch was kept, or, if the trouble says so, that is in doubt.
//
// Commands share the transaction without savepoints, which would copy every page each of them touches: refusals are
// decided before anything is written, and then there is nothing to undo. Only when a command fails after it wrote is
// the batch run again with a savepoint for each.
func (b *batch) run(commands []*command) *trouble {
	taken := make([]*command, 0, len(commands))
	for _, c := range commands {
		if c.taken.CompareAndSwap(false, true) {
			taken = append(taken, c)
		}
	}
	start := *b
	again, t := b.attempt(taken, false)
	if t == nil && again {
		if err := run(b.link.rollback); err != nil {
			return must(err)
		}
		*b = start
		_, t = b.attempt(taken, true)
	}
	if t != nil {
		return t
	}
	if b.kept == 0 {
		if err := run(b.link.rollback); err != nil {
			return must(err)
		}
		return nil
	}
	return b.commit()
}

// attempt runs the commands in one transaction. Without savepoints it stops, and asks for another attempt, at a
// command among several that failed after it wrote.
func (b *batch) attempt(commands []*command, savepoints bool) (again bool, t *trouble) {
	b.put, b.shelving = newShelf(), !savepoints
	b.put.stock = map[string]edge.Stock{}
	if err := run(b.link.begin); err != nil {
		return false, must(err)
	}
	for _, c := range commands {
		wrote, t := b.one(c, savepoints)
		if t != nil {
			return false, t
		}
		if !savepoints && wrote && c.err != nil && len(commands) > 1 {
			return true, nil
		}
	}
	return false, nil
}

func (b *batch) commit() *trouble {
	if len(b.events) > 0 {
		head := query.MoveHeadParams{Seq: b.tail.seq, Hash: b.tail.hash[:]}
		if err := b.link.q.MoveHead(background(), head); err != nil {
			return must(err)
		}
	}
	start := time.Now()
	if err := run(b.link.commit); err != nil {
		return must(err)
	}
	b.took = time.Since(start)
	return nil
}

// one runs one command. With a savepoint its failure takes no other command with it. It reports whether the command
// tried to write.
func (b *batch) one(c *command, savepoint bool) (wrote bool, failure *trouble) {
	if t := b.frame(savepoint, b.link.savepoint); t != nil {
		return false, t
	}
	tail, events, fresh := b.tail, len(b.events), b.fresh
	t := &tx{view: view{q: b.link.q, menus: b.menus, fresh: b.fresh}, batch: b}
	c.err = b.guard(c.change, t)
	t.over = true
	if t.trouble != nil {
		return t.wrote, t.trouble
	}
	if c.err == nil {
		b.kept++
		b.wrote = b.wrote || t.wrote
		return t.wrote, b.frame(savepoint, b.link.release)
	}
	b.tail, b.events, b.fresh = tail, b.events[:events], fresh
	return t.wrote, b.frame(savepoint, b.link.undo, b.link.release)
}

// frame runs statements about the savepoint, if there is one. They err when SQLite has given up the whole
// transaction by itself.
func (b *batch) frame(savepoint bool, statements ...*sql.Stmt) *trouble {
	if !savepoint {
		return nil
	}
	for _, stmt := range statements {
		if err := run(stmt); err != nil {
			return must(err)
		}
	}
	return nil
}

// guard runs the change and turns a panic into an error.
func (b *batch) guard(change func(edge.Tx) error, t *tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			b.panics = append(b.panics, panicked{fmt.Sprint(r), string(debug.Stack())})
			err = fmt.Errorf("change panicked: %v", r)
		}
	}()
	return change(t)
}

// must is the trouble behind an error of a statement that cannot go wrong by itself.
func must(err error) *trouble {
	if t := diagnose(err); t != nil {
		return t
	}
	return &trouble{code: "disk_error", words: "the restaurant's file cannot be used", doubt: true, cause: err}
}
