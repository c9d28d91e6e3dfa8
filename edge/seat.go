package edge

import (
	"context"
	"errors"
	"strings"
	"time"
)

// SeatRequest is a guest's arrival: what they scanned and how they can be known again.
type SeatRequest struct {
	// Token is what the tag or code held. TableID is used instead when the device's own reader knew the tag.
	Token   string
	TableID ID
	// Presence is set by the device's own reader alone; otherwise the token decides.
	Presence Presence
	// KeyHash is the hash of the guest's key; Channel and Address are where a messenger reaches the guest.
	KeyHash, Channel, Address string
	Language                  string
	Actor                     Actor
	// Attempt is made when the guest's page opens and kept when it asks again: a tap whose answer was lost counts again
	// for the same page.
	Attempt string
	// passed is when the bearer of a pass was at the table, zero without one.
	passed time.Time
}

// Seated is where a guest sits.
type Seated struct {
	Session    Session
	Guest      Guest
	Table      Table
	Permission Permission
	Opened     bool // the guest opened the session
}

var errTokenUnknown = Refuse(KindNotFound, "token_unknown",
	"This code is not known here. Please scan the code at your table.")

// Seat opens or joins the session of the table that the token names. A guest who is known by key or by messenger
// address is found again in the same session, with the better of the old and the new presence.
func (f *Floor) Seat(ctx context.Context, req SeatRequest) (Seated, error) {
	if tap := f.tapped(req.Token, req.Attempt); tap.signed {
		return f.seatTap(ctx, req, tap)
	}
	if token, proven, ok := f.codes.OpenPass(req.Token, f.now().At); ok {
		req.Token, req.passed = token, proven
	}
	var seated Seated
	code := f.shown(req.Token)
	err := f.store.Write(ctx, func(tx Tx) error {
		now := f.now()
		table, presence, err := resolve(tx, req, code)
		if err == nil {
			presence, err = req.takenAlong(tx, table, presence)
		}
		if CodeOf(err) == "code_expired" {
			if seated, err = f.returning(tx, req, table, err); err == nil {
				return nil
			}
		}
		if err != nil {
			return err
		}
		seated, err = f.seat(tx, req, table, presence, now)
		return err
	})
	if err != nil {
		return Seated{}, err
	}
	return seated, nil
}

// takenAlong is the presence of a guest who comes with a pass: they were here at an instant that stays what it was, so
// that no pass makes a newer one. At a table it counts only while the visit goes on.
func (r *SeatRequest) takenAlong(view View, table Table, presence Presence) (Presence, error) {
	if r.passed.IsZero() || presence.rank() >= PresenceRecent.rank() {
		r.passed = time.Time{}
		return presence, nil
	}
	if table.Kind != KindCounter {
		if _, err := view.OpenSession(table.ID); errors.Is(err, ErrNotFound) {
			r.passed = time.Time{}
			return presence, nil
		} else if err != nil {
			return "", err
		}
	}
	return PresenceRecent, nil
}

// presentAt is when the guest's presence was proven.
func (r *SeatRequest) presentAt(now Moment) time.Time {
	if r.passed.IsZero() {
		return now.At
	}
	return r.passed
}

// seatTap seats a guest who was at a tag that signs its taps. An old tap is refused, and that is kept; a guest who sits
// at the table already is let back in with it.
func (f *Floor) seatTap(ctx context.Context, req SeatRequest, tap signedTap) (Seated, error) {
	var (
		seated  Seated
		refused error
	)
	err := f.store.Write(ctx, func(tx Tx) error {
		seated, refused = Seated{}, nil
		now := f.now()
		tag, table, err := tap.tagOf(tx)
		if err != nil {
			return err
		}
		again, err := tap.accept(tx, &tag, now)
		if CodeOf(err) == "tap_replayed" {
			if seated, refused = f.returning(tx, req, table, err); refused == nil {
				return nil
			}
			return noteReplay(tx, tag, now)
		}
		if err == nil && again != "" {
			// Once the visit is over, or the tag lies elsewhere, it is an old tap like any other.
			if _, session, lost := seatedGuest(tx, again); lost != nil || session.TableID != table.ID {
				refused = errTapReplayed
				return noteReplay(tx, tag, now)
			}
		}
		if err != nil {
			return err
		}
		if seated, err = f.seatAgain(tx, req, table, again, now); err != nil || again != "" {
			return err
		}
		tag.LastGuest = seated.Guest.ID
		return tx.PutTag(tag)
	})
	if err = errors.Join(err, refused); err != nil {
		return Seated{}, err
	}
	return seated, nil
}

// seatAgain seats a guest whose presence is proven; again is the guest who was seated by this very tap before.
func (f *Floor) seatAgain(tx Tx, req SeatRequest, table Table, again ID, now Moment) (Seated, error) {
	if again != "" {
		guest, err := tx.Guest(again)
		if err != nil {
			return Seated{}, err
		}
		guest.KeyHash = req.KeyHash
		if err := tx.PutGuest(guest); err != nil {
			return Seated{}, err
		}
	}
	return f.seat(tx, req, table, PresenceProven, now)
}

// OpenTable opens or joins a table's session without a guest: a tap at the device's own reader.
func (f *Floor) OpenTable(ctx context.Context, table ID, presence Presence, actor Actor) (Session, error) {
	var session Session
	err := f.store.Write(ctx, func(tx Tx) error {
		t, err := tableInUse(tx, table)
		if err != nil {
			return err
		}
		session, _, err = f.session(tx, t, presence, actor, f.now())
		return err
	})
	return session, err
}

// shownCode is what a display's code stands for.
type shownCode struct {
	table ID
	state CodeState
}

// shown looks a token up among the displays' codes. It must not be called within a transaction: the codes may read the
// store themselves.
func (f *Floor) shown(token string) shownCode {
	table, state := f.codes.Resolve(strings.ToUpper(token), f.now().At)
	return shownCode{table, state}
}

// resolve finds the table a request names and how sure that is. On an expired code it gives the table with the
// refusal.
func resolve(view View, req SeatRequest, code shownCode) (Table, Presence, error) {
	if req.TableID != "" {
		table, err := tableInUse(view, req.TableID)
		return table, req.Presence, err
	}
	if code.state != CodeUnknown {
		table, err := tableInUse(view, code.table)
		if err == nil && code.state == CodeExpired {
			err = Refuse(KindClosed, "code_expired",
				"This code has expired. Please scan the code that the display shows now.")
		}
		return table, PresenceRecent, err
	}
	token, err := view.Token(req.Token)
	if errors.Is(err, ErrNotFound) || (err == nil && token.Retired) {
		return Table{}, "", errTokenUnknown
	}
	if err != nil {
		return Table{}, "", err
	}
	presence := PresencePrinted
	if req.Presence.rank() > presence.rank() {
		presence = req.Presence
	}
	table, err := tableInUse(view, token.TableID)
	return table, presence, err
}

// tableInUse loads a table; one that was retired is as if its codes had never been.
func tableInUse(view View, id ID) (Table, error) {
	table, err := view.Table(id)
	if err == nil && table.Retired {
		return Table{}, errTokenUnknown
	}
	return table, err
}

// returning lets a guest who already sits at the table back in with an expired code or an old tap: it proves nothing
// new and takes nothing away. Without such a guest it gives the refusal it was handed.
func (f *Floor) returning(view View, req SeatRequest, table Table, refusal error) (Seated, error) {
	guest, known, err := f.knownGuest(view, req, table)
	if err != nil {
		return Seated{}, err
	}
	if !known {
		return Seated{}, refusal
	}
	session, err := openSession(view, guest.Session)
	if err != nil {
		return Seated{}, refusal
	}
	return Seated{Session: session, Guest: guest, Table: table, Permission: f.Permission(guest)}, nil
}

func (f *Floor) seat(tx Tx, req SeatRequest, table Table, presence Presence, now Moment) (Seated, error) {
	guest, known, err := f.knownGuest(tx, req, table)
	if err != nil {
		return Seated{}, err
	}
	var session Session
	opened := false
	if known {
		session, err = tx.Session(guest.Session)
	} else {
		session, opened, err = f.session(tx, table, presence, req.Actor, now)
	}
	if err != nil {
		return Seated{}, err
	}
	if known {
		guest = f.welcomeBack(guest, req, presence, now)
		err = tx.PutGuest(guest)
	} else {
		guest, err = f.join(tx, req, session, presence, now)
	}
	if err != nil {
		return Seated{}, err
	}
	session.Active = now.At
	if presence.rank() > session.Presence.rank() {
		session.Presence = presence
	}
	if err := tx.PutSession(session); err != nil {
		return Seated{}, err
	}
	return Seated{Session: session, Guest: guest, Table: table, Permission: f.Permission(guest), Opened: opened}, nil
}

// knownGuest finds the guest again who comes with the same key, or in the same chat, to a session at this table
// that is not over.
func (f *Floor) knownGuest(view View, req SeatRequest, table Table) (Guest, bool, error) {
	if req.KeyHash != "" {
		guest, err := view.GuestByKey(req.KeyHash)
		if ok, err := found(err); err != nil {
			return Guest{}, false, err
		} else if ok {
			session, err := view.Session(guest.Session)
			if err != nil {
				return Guest{}, false, err
			}
			if !session.State.Over() && session.TableID == table.ID {
				return guest, true, nil
			}
		}
	}
	if req.Address == "" {
		return Guest{}, false, nil
	}
	sessions, err := view.OpenSessions()
	if err != nil {
		return Guest{}, false, err
	}
	for _, session := range sessions {
		if session.TableID != table.ID {
			continue
		}
		guest, err := view.GuestByAddress(session.ID, req.Channel, req.Address)
		if ok, err := found(err); err != nil || ok {
			return guest, ok, err
		}
	}
	return Guest{}, false, nil
}

func (f *Floor) welcomeBack(guest Guest, req SeatRequest, presence Presence, now Moment) Guest {
	if presence.rank() >= guest.Presence.rank() || !f.PresenceCounts(guest) {
		guest.Presence, guest.PresenceAt = presence, req.presentAt(now)
	}
	if req.Address != "" {
		guest.Channel, guest.Address = req.Channel, req.Address
	}
	if req.KeyHash != "" {
		guest.KeyHash = req.KeyHash
	}
	if req.Language != "" {
		guest.Language = f.venue.language(req.Language)
	}
	return guest
}

// session finds the table's running session or opens one. A counter opens one for everybody.
func (f *Floor) session(tx Tx, table Table, presence Presence, actor Actor, now Moment) (Session, bool, error) {
	if table.Kind != KindCounter {
		session, err := tx.OpenSession(table.ID)
		ok, err := found(err)
		if err != nil {
			return Session{}, false, err
		}
		if ok {
			if presence.rank() > session.Presence.rank() {
				session.Presence = presence
				err = tx.PutSession(session)
			}
			return session, false, err
		}
	}
	session := Session{
		ID: f.newID(), TableID: table.ID, Table: table.Name, Kind: table.Kind, Day: f.venue.Day(now.At), State: SessionOpen,
		Presence: presence, Opened: now.At, Active: now.At, Locked: table.Locked,
	}
	event := newEvent(SessionOpened, session.ID, actor, now, session, &session)
	event.Session = session.ID
	if err := tx.PutSession(session); err != nil {
		return Session{}, false, err
	}
	return session, true, appendAll(tx, event)
}

func (f *Floor) join(tx Tx, req SeatRequest, session Session, presence Presence, now Moment) (Guest, error) {
	others, err := tx.Guests(session.ID)
	if err != nil {
		return Guest{}, err
	}
	if len(others) >= maxGuests {
		return Guest{}, Refuse(KindTooMany, "too_many_guests", "Too many phones have joined this table. Please ask the staff.")
	}
	guest := Guest{
		ID: f.newID(), Session: session.ID, Number: len(others) + 1, KeyHash: req.KeyHash,
		Language: f.venue.language(req.Language), Presence: presence, PresenceAt: req.presentAt(now),
		Channel: req.Channel, Address: req.Address, Joined: now.At,
	}
	if err := tx.PutGuest(guest); err != nil {
		return Guest{}, err
	}
	event := newEvent(SessionJoined, session.ID, req.Actor, now, joinedBody{
		Guest: guest.ID, Number: guest.Number, Presence: presence, Channel: guest.Channel,
	}, &session)
	event.Session = session.ID
	return guest, appendAll(tx, event)
}

// maxGuests bounds the phones at one table.
const maxGuests = 60

type joinedBody struct {
	Guest    ID       `json:"guest"`
	Number   int      `json:"number"`
	Presence Presence `json:"presence"`
	Channel  string   `json:"channel,omitempty"`
}

// TableOf finds the table a token, a display's code or a tap stands for, without seating anybody and without counting
// the tap: link previews and pages that only look must not use it up.
func (f *Floor) TableOf(ctx context.Context, token string) (Table, error) {
	var table Table
	if word, _, ok := f.codes.OpenPass(token, f.now().At); ok {
		token = word
	}
	code, tap := f.shown(token), f.tapped(token, "")
	err := f.store.Read(ctx, func(view View) error {
		var err error
		if tap.signed {
			_, table, err = tap.tagOf(view)
			return err
		}
		table, _, err = resolve(view, SeatRequest{Token: token}, code)
		return err
	})
	if err != nil {
		return Table{}, err
	}
	return table, nil
}
