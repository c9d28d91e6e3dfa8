package edge

import (
	"context"
	"errors"
	"slices"
)

// Floor is the door for guests and for those who look after them: seats, orders, help, bills, tables. Its methods
// may be called from any goroutine.
type Floor struct {
	store Store
	venue Venue
	codes Codes
	now   Clock
	newID IDs

	forecast Forecast // nil says nothing
	taps     Taps     // nil knows none
}

// NewFloor opens the floor of a venue.
func NewFloor(store Store, venue Venue, codes Codes, now Clock, ids IDs) *Floor {
	return &Floor{store: store, venue: venue, codes: codes, now: now, newID: ids}
}

// Venue is the house the floor belongs to.
func (f *Floor) Venue() Venue { return f.venue }

// appendAll adds events to the journal, in order.
func appendAll(tx Tx, events ...Event) error {
	for _, e := range events {
		if _, err := tx.Append(e); err != nil {
			return err
		}
	}
	return nil
}

// found turns ErrNotFound into false: the thing is not there, and that is an answer.
func found(err error) (bool, error) {
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// openSession loads a session that is not over.
func openSession(view View, id ID) (Session, error) {
	session, err := view.Session(id)
	if err != nil {
		return Session{}, err
	}
	if session.State.Over() {
		return Session{}, Refuse(KindClosed, "session_closed",
			"This visit has ended. Please scan the code at your table again.")
	}
	return session, nil
}

// seatedGuest loads a guest whose session is not over.
func seatedGuest(view View, id ID) (Guest, Session, error) {
	guest, err := view.Guest(id)
	if err != nil {
		return Guest{}, Session{}, err
	}
	session, err := openSession(view, guest.Session)
	return guest, session, err
}

// language picks the venue's language for a guest: the wish itself, its base ("de-AT" → "de"), else the first.
func (v Venue) language(wish string) string {
	if slices.Contains(v.Languages, wish) {
		return wish
	}
	for i, r := range wish {
		if r == '-' || r == '_' {
			if slices.Contains(v.Languages, wish[:i]) {
				return wish[:i]
			}
		}
	}
	if len(v.Languages) == 0 {
		return "en"
	}
	return v.Languages[0]
}

// SetLanguage changes what language a guest reads; one the venue does not offer becomes the venue's first.
func (f *Floor) SetLanguage(ctx context.Context, guest ID, language string) error {
	return f.store.Write(ctx, func(tx Tx) error {
		g, _, err := seatedGuest(tx, guest)
		if err != nil {
			return err
		}
		g.Language = f.venue.language(language)
		return tx.PutGuest(g)
	})
}

// Permission is what a guest may do, by their presence and by what staff have confirmed.
func (f *Floor) Permission(guest Guest) Permission {
	permission := f.venue.Policy.Permits(guest.Presence)
	if permission == MayAsk && guest.Confirmed {
		permission = MayOrder
	}
	return permission
}

// PresenceCounts reports whether the guest's presence is still fresh enough to order.
func (f *Floor) PresenceCounts(guest Guest) bool {
	ttl := f.venue.Policy.PresenceTTL
	return ttl <= 0 || f.now().At.Sub(guest.PresenceAt) <= ttl
}
