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
	link   *link
	menus  *menus
	now    func() time.Time
	tail   position
	events []edge.Event
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
func (b *batch) run(commands []*command) *trouble {
	if err := run(b.link.begin); err != nil {
		return must(err)
	}
	for _, c := range commands {
		if !c.taken.CompareAndSwap(false, true) {
			continue
		}
		if t := b.one(c, len(commands) > 1); t != nil {
			return t
		}
	}
	if b.kept == 0 {
		if err := run(b.link.rollback); err != nil {
			return must(err)
		}
		return nil
	}
	return b.commit()
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

// one runs one command. Beside others it gets a savepoint, so that its failure takes none of them with it; alone,
// the whole transaction is its savepoint.
func (b *batch) one(c *command, beside bool) *trouble {
	if beside {
		if err := run(b.link.savepoint); err != nil {
			return must(err)
		}
	}
	tail, events, fresh := b.tail, len(b.events), b.fresh
	t := &tx{view: view{q: b.link.q, menus: b.menus, fresh: b.fresh}, batch: b}
	c.err = b.guard(c.change, t)
	t.over = true
	if t.trouble != nil {
		return t.trouble
	}
	if c.err == nil {
		b.kept++
		b.wrote = b.wrote || t.wrote
		return b.frame(beside, b.link.release)
	}
	b.tail, b.events, b.fresh = tail, b.events[:events], fresh
	return b.frame(beside, b.link.undo, b.link.release)
}

// frame runs statements about the savepoint, if there is one. They err when SQLite has given up the whole
// transaction by itself.
func (b *batch) frame(beside bool, statements ...*sql.Stmt) *trouble {
	if !beside {
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
