package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/edge"
)

// tx is one change's hold on the store, within the transaction of its batch.
type tx struct {
	view
	batch *batch
	wrote bool
	over  bool // the change has returned
}

var _ edge.Tx = (*tx)(nil)

// may refuses to write where it would not be part of the transaction: after the change is over, and after a
// trouble through which SQLite may have rolled the transaction back by itself.
func (t *tx) may() error {
	if t.over {
		return errors.New("the change is over")
	}
	if t.trouble != nil {
		return t.trouble.refusal()
	}
	t.wrote = true
	return nil
}

// put stores a thing whose body is its JSON.
func (t *tx) put(what string, which any, thing any, store func(body string) error) error {
	body, err := json.Marshal(thing)
	if err != nil {
		return fmt.Errorf("encode %s %v: %w", what, which, err)
	}
	return t.do(what, which, func() error { return store(string(body)) })
}

// do runs a statement that changes something.
func (t *tx) do(what string, which any, statement func() error) error {
	if err := t.may(); err != nil {
		return fmt.Errorf("store %s %v: %w", what, which, err)
	}
	if err := statement(); err != nil {
		return fmt.Errorf("store %s %v: %w", what, which, t.note(err))
	}
	return nil
}
