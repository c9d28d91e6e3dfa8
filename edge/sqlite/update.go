package sqlite

import (
	"fmt"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// PendingUpdates implements [edge.View].
func (v *view) PendingUpdates(limit int) ([]edge.Update, error) {
	rows, err := v.q.PendingUpdates(background(), int64(limit))
	if err != nil {
		return nil, v.failed(err, "pending", "updates")
	}
	updates := make([]edge.Update, len(rows))
	for i, row := range rows {
		updates[i] = edge.Update{Source: row.Source, ID: row.ID, Raw: row.Raw, Received: instant(row.Received)}
		if row.Expires != nil {
			updates[i].Expires = instant(*row.Expires)
		}
	}
	return updates, nil
}

// AddUpdate implements [edge.Tx].
func (t *tx) AddUpdate(update edge.Update) (bool, error) {
	var added int64
	err := t.do("update", update.ID, func() (err error) {
		added, err = t.q.AddUpdate(background(), query.AddUpdateParams{
			Source: update.Source, ID: update.ID, Raw: filled(update.Raw), Received: update.Received.UnixMilli(),
			Expires: optional(update.Expires), Outcome: update.Outcome,
		})
		return err
	})
	return added == 1, err
}

// EndUpdate implements [edge.Tx]. An update that is not there is [edge.ErrNotFound]; an empty outcome would leave
// it pending and is [edge.ErrInvalid].
func (t *tx) EndUpdate(source, id, outcome string) error {
	if outcome == "" {
		return fmt.Errorf("end update %s of %s without an outcome: %w", id, source, edge.ErrInvalid)
	}
	return t.do("outcome of update", id, func() error {
		ended, err := t.q.EndUpdate(background(), query.EndUpdateParams{Outcome: outcome, Source: source, ID: id})
		if err == nil && ended == 0 {
			err = fmt.Errorf("update of %s: %w", source, edge.ErrNotFound)
		}
		return err
	})
}
