package edge

import (
	"context"
	"slices"
)

// Ask notes that a guest wants something besides food, once until it is done. Asking for the bill moves the session
// to bill_requested.
func (f *Floor) Ask(ctx context.Context, guest ID, what HelpKind) error {
	if !slices.Contains([]HelpKind{HelpStaff, HelpWater, HelpCutlery, HelpBill}, what) {
		return invalid("what", "help_unknown", "One can ask for staff, water, cutlery or the bill.")
	}
	return f.store.Write(ctx, func(tx Tx) error {
		g, session, err := seatedGuest(tx, guest)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(session.Help, func(h Help) bool { return h.What == what }) {
			return nil
		}
		now := f.now()
		session.Help = append(session.Help, Help{What: what, Guest: g.ID, At: now.At})
		session.Active = now.At
		kind := SessionHelpRequested
		if what == HelpBill {
			session.State, kind = SessionBill, SessionBillRequested
		}
		return putSession(tx, kind, &session, helpBody{What: what}, GuestActor(guest), now)
	})
}

type helpBody struct {
	What HelpKind `json:"what"`
}

// HelpDone notes that what was asked for was brought.
func (f *Floor) HelpDone(ctx context.Context, actor Actor, session ID, what HelpKind) error {
	return f.store.Write(ctx, func(tx Tx) error {
		s, err := openSession(tx, session)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(s.Help), func(h Help) bool { return h.What == what })
		if len(rest) == len(s.Help) {
			return nil
		}
		s.Help = rest
		if what == HelpBill {
			s.State = SessionOpen
		}
		return putSession(tx, SessionHelpDone, &s, helpBody{What: what}, actor, f.now())
	})
}

// putSession keeps a session's new state and tells of it.
func putSession(tx Tx, kind EventKind, session *Session, body any, actor Actor, now Moment) error {
	if err := tx.PutSession(*session); err != nil {
		return err
	}
	doc := *session
	event := newEvent(kind, session.ID, actor, now, body, &doc)
	event.Session = session.ID
	_, err := tx.Append(event)
	return err
}
