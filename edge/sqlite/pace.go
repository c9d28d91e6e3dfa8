package sqlite

import (
	"slices"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// Paces implements [edge.View].
func (v *view) Paces() ([]edge.Pace, error) {
	bodies, err := v.q.Paces(background())
	return many[edge.Pace](v, bodies, err, "paces")
}

// Paces implements [edge.View]. Every order asks for them, so they are on the shelf.
func (t *tx) Paces() ([]edge.Pace, error) {
	if !t.batch.shelving || t.batch.put.paced {
		return t.view.Paces()
	}
	if !t.batch.shelf.paced {
		paces, err := t.view.Paces()
		if err != nil {
			return nil, err
		}
		t.batch.shelf.paces, t.batch.shelf.paced = paces, true
	}
	return slices.Clone(t.batch.shelf.paces), nil
}

// PutPace implements [edge.Tx].
func (t *tx) PutPace(pace edge.Pace) error {
	err := t.put("pace of", pace.Channel, pace, func(body string) error {
		return t.q.PutPace(background(), query.PutPaceParams{Channel: pace.Channel, Body: body})
	})
	if err == nil {
		t.batch.put.paced = true
	}
	return err
}
