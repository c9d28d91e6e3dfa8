package sqlite

import (
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// Session implements [edge.View].
func (v *view) Session(id edge.ID) (edge.Session, error) {
	body, err := v.q.Session(background(), string(id))
	return one[edge.Session](v, body, err, "session", id)
}

// OpenSession implements [edge.View].
func (v *view) OpenSession(table edge.ID) (edge.Session, error) {
	body, err := v.q.OpenSession(background(), string(table))
	return one[edge.Session](v, body, err, "open session at table", table)
}

// OpenSessions implements [edge.View].
func (v *view) OpenSessions() ([]edge.Session, error) {
	bodies, err := v.q.OpenSessions(background())
	return many[edge.Session](v, bodies, err, "open sessions")
}

// PutSession implements [edge.Tx]. Its table must be there.
func (t *tx) PutSession(session edge.Session) error {
	err := t.put("session", session.ID, session, func(body string) error {
		open, opened := bit(!session.State.Over()), session.Opened.UnixMilli()
		touched, err := t.q.TouchSession(background(), query.TouchSessionParams{
			Body: body, ID: string(session.ID), TableID: string(session.TableID), Open: open, Opened: opened,
		})
		if err != nil || touched > 0 {
			return err
		}
		return t.q.PutSession(background(), query.PutSessionParams{
			ID: string(session.ID), TableID: string(session.TableID), Open: open, Opened: opened, Body: body,
		})
	})
	if err == nil {
		t.batch.put.sessions[session.ID] = session
	}
	return err
}
