package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// view reads within one transaction.
type view struct {
	q     *query.Queries
	menus *menus
	// fresh is the lowest menu version that only this transaction sees yet, 0 for none.
	fresh   int64
	trouble *trouble // the first one met
}

var _ edge.View = (*view)(nil)

// failed words the error of a read; a row that is not there is [edge.ErrNotFound].
func (v *view) failed(err error, what string, which any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s %v: %w", what, which, edge.ErrNotFound)
	}
	return fmt.Errorf("read %s %v: %w", what, which, v.note(err))
}

// note keeps the first trouble and makes it a refusal; other errors stay as they are.
func (v *view) note(err error) error {
	t := diagnose(err)
	if t == nil {
		return err
	}
	if v.trouble == nil {
		v.trouble = t
	}
	return t.refusal()
}

// one makes a thing of its body.
func one[T any](v *view, body string, err error, what string, which any) (T, error) {
	var thing T
	if err != nil {
		return thing, v.failed(err, what, which)
	}
	if err := json.Unmarshal([]byte(body), &thing); err != nil {
		return thing, fmt.Errorf("decode %s %v: %w", what, which, err)
	}
	return thing, nil
}

// many makes things of their bodies.
func many[T any](v *view, bodies []string, err error, what string) ([]T, error) {
	if err != nil {
		return nil, v.failed(err, what, "list")
	}
	things := make([]T, len(bodies))
	for i, body := range bodies {
		if err := json.Unmarshal([]byte(body), &things[i]); err != nil {
			return nil, fmt.Errorf("decode %s: %w", what, err)
		}
	}
	return things, nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// optional is a time that may be missing.
func optional(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	return new(t.UnixMilli())
}

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
