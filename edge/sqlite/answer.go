package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// Answer implements [edge.View].
func (v *view) Answer(scope, key string) (edge.Answer, bool, error) {
	row, err := v.q.Answer(background(), query.AnswerParams{Scope: scope, Key: key})
	if errors.Is(err, sql.ErrNoRows) {
		return edge.Answer{}, false, nil
	}
	if err != nil {
		return edge.Answer{}, false, v.failed(err, "answer to", key)
	}
	answer := edge.Answer{Scope: scope, Key: key, Body: row.Body, At: instant(row.At)}
	copy(answer.Digest[:], row.Digest)
	return answer, true, nil
}

// KeepAnswer implements [edge.Tx]. A key that was answered before is [edge.ErrConflict]: the first answer stays.
func (t *tx) KeepAnswer(answer edge.Answer) error {
	err := t.do("answer to", answer.Key, func() error {
		return t.q.KeepAnswer(background(), query.KeepAnswerParams{
			Scope: answer.Scope, Key: answer.Key, Digest: answer.Digest[:], Body: filled(answer.Body),
			At: answer.At.UnixMilli(),
		})
	})
	if e, ok := errors.AsType[sqlite3.Error](err); ok && e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey {
		return fmt.Errorf("%w: %w", edge.ErrConflict, err)
	}
	return err
}

// Cursor implements [edge.View].
func (v *view) Cursor(name string) (string, error) {
	value, err := v.q.Cursor(background(), name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", v.failed(err, "cursor", name)
	}
	return value, nil
}

// SetCursor implements [edge.Tx].
func (t *tx) SetCursor(name, value string) error {
	return t.do("cursor", name, func() error {
		return t.q.SetCursor(background(), query.SetCursorParams{Name: name, Value: value})
	})
}

// Prune implements [edge.Tx]. Updates nobody has worked on yet stay, however old. Cards not touched since the
// deliveries' time go too: no platform edits messages that old.
func (t *tx) Prune(answers, updates, deliveries time.Time) error {
	return t.do("nothing of", "old records", func() error {
		return errors.Join(
			t.q.ForgetAnswers(background(), answers.UnixMilli()),
			t.q.ForgetUpdates(background(), updates.UnixMilli()),
			t.q.ForgetDeliveries(background(), new(deliveries.UnixMilli())),
			t.q.ForgetCards(background(), deliveries.UnixMilli()),
		)
	})
}

// filled is b, never nil: nil would be NULL.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
