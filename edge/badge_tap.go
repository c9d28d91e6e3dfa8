package edge

import (
	"context"
	"slices"
	"time"
)

// BadgeTap is a badge held to one of the device's readers.
type BadgeTap struct {
	UID string
	// Proven says that it has just answered a challenge with the house's keys.
	Proven bool
	Reader string // its name
	// Clocks says that taps at the reader are people coming and going.
	Clocks bool
	// Screen is the one the reader belongs to, "" for none. Served are the screens that have a reader of their own:
	// what they ask for is answered there alone.
	Screen ID
	Served []ID
}

// BadgeAnswer is what a tap did.
type BadgeAnswer struct {
	Did      BadgeDid
	Person   Person // empty for a room
	Room     string
	Approval *Approval // the wish that the tap was about, if any
}

// BadgeDid says in a word what a tap of a badge did.
type BadgeDid string

// What a tap of a badge can do.
const (
	DidClockIn  BadgeDid = "clocked_in"
	DidClockOut BadgeDid = "clocked_out"
	// DidNothing: the same badge did that a moment ago, and stays as it is.
	DidNothing BadgeDid = "again"
	DidSignIn  BadgeDid = "signed_in"
	DidSignOut BadgeDid = "signed_out"
	DidApprove BadgeDid = "approved"
	// DidNotApprove: something waits for approval here that this badge cannot give.
	DidNotApprove BadgeDid = "not_approved"
	// DidFail: it was approved, but could not be done any more.
	DidFail BadgeDid = "failed"
	// DidKnowRoom: it is the key card of a room.
	DidKnowRoom BadgeDid = "room"
)

// Refusals of a badge.
var (
	errBadgeUnknown  = Refuse(KindNotFound, "badge_unknown", "This is no badge of the house.")
	errBadgeLost     = Refuse(KindDenied, "badge_lost", "This badge was reported lost. Please give it to the manager.")
	errBadgeRetired  = Refuse(KindDenied, "badge_retired", "This badge is not in use any more.")
	errBadgeUnproven = Refuse(KindDenied, "badge_unproven", "This badge did not prove itself. Hold it still and try again; if it stays so, it may be a copy.")
	errSeveralWait   = Refuse(KindConflict, "approval_several", "Several screens wait for an approval. Ask again on one of them.")
)

// Badge does what a tap of a badge calls for: it approves what waits for approval here; else it notes that its person
// came or went, or signs them in or out at the reader's screen. A reader with neither does only the first.
func (f *Floor) Badge(ctx context.Context, tap BadgeTap) (BadgeAnswer, error) {
	var (
		answer  BadgeAnswer
		refused error
		failed  *Approval
	)
	err := f.store.Write(ctx, func(tx Tx) error {
		answer, refused, failed = BadgeAnswer{}, nil, nil
		now := f.now()
		badge, person, err := tap.badge(tx)
		if KindOf(err) == KindDenied {
			refused = err
			return refuseBadge(tx, badge, now)
		}
		if err != nil {
			return err
		}
		answer.Person, answer.Room = person, badge.Room
		badge.LastTap = now.At
		if err := tx.PutBadge(badge); err != nil {
			return err
		}
		if badge.Kind == BadgeRoom {
			answer.Did = DidKnowRoom
			return nil
		}
		done, err := f.approveBy(tx, tap, &badge, &answer, now)
		if err != nil {
			failed = answer.Approval
			return err
		}
		if done {
			return nil
		}
		return f.comeOrGo(tx, tap, &answer, now)
	})
	if err != nil && failed != nil && CodeOf(err) != "" {
		answer.Did = DidFail
		return answer, f.failApproval(ctx, *failed, answer.Person, err)
	}
	if err == nil {
		err = refused
	}
	return answer, err
}

// badge loads the badge and whose it is. With a refusal that is to be kept it gives the badge as well.
func (t BadgeTap) badge(view View) (Badge, Person, error) {
	badge, err := view.Badge(t.UID)
	if ok, err := found(err); err != nil {
		return Badge{}, Person{}, err
	} else if !ok {
		return Badge{}, Person{}, errBadgeUnknown
	}
	switch {
	case err != nil:
	case badge.State == BadgeLost:
		err = errBadgeLost
	case badge.State == BadgeRetired:
		err = errBadgeRetired
	case badge.Signed && !t.Proven:
		err = errBadgeUnproven
	}
	if err != nil || badge.Kind == BadgeRoom {
		return badge, Person{}, err
	}
	person, err := workingPerson(view, badge.Person)
	return badge, person, err
}

// comeOrGo clocks and signs in or out. Where one reader does both, coming signs in and going signs out.
func (f *Floor) comeOrGo(tx Tx, tap BadgeTap, answer *BadgeAnswer, now Moment) error {
	if !tap.Clocks && tap.Screen == "" {
		answer.Did = DidNothing
		return nil
	}
	person := &answer.Person
	actor := Actor("staff:" + string(person.ID))
	if tap.Clocks {
		if recently(person.Clocked, now) {
			answer.Did = DidNothing
			return nil
		}
		if err := f.toggleClock(tx, tap, answer, actor, now); err != nil || tap.Screen == "" {
			return err
		}
	}
	device, err := deviceByID(tx, tap.Screen)
	if err != nil {
		return err
	}
	in := f.venue.Staff.SignedInBy(device, now.At) != person.ID
	if tap.Clocks {
		in = answer.Did == DidClockIn
	}
	return signAt(tx, &device, in, tap.Clocks, answer, actor, now)
}

func (f *Floor) toggleClock(tx Tx, tap BadgeTap, answer *BadgeAnswer, actor Actor, now Moment) error {
	if answer.Person.Shift == "" {
		answer.Did = DidClockIn
		return f.clockIn(tx, &answer.Person, tap.Reader, actor, now)
	}
	answer.Did = DidClockOut
	return f.clockOut(tx, &answer.Person, tap.Reader, actor, now)
}

// signAt signs a person in at a screen, in place of whoever was, or out. quiet keeps the answer that is there.
func signAt(tx Tx, device *Device, in, quiet bool, answer *BadgeAnswer, actor Actor, now Moment) error {
	person, did := answer.Person.ID, DidSignIn
	var err error
	switch {
	case in:
		err = signIn(tx, device, person, actor, now)
	case device.Person != person: // going does not sign somebody else out
		return nil
	case !quiet && recently(device.SignedIn, now):
		did = DidNothing
	default:
		did = DidSignOut
		err = signOut(tx, device, actor, now)
	}
	if !quiet {
		answer.Did = did
	}
	return err
}

// recently reports whether it was so short ago that the same hand still holds the badge there.
func recently(at time.Time, now Moment) bool {
	return !at.IsZero() && now.At.Sub(at).Abs() < settle
}

// waitsHere reports whether the reader answers for the screen that asked: its own, or, when it belongs to none, one that
// has no reader. Nobody approves at one screen what they read at none.
func (t BadgeTap) waitsHere(a *Approval) bool {
	return a.Device == t.Screen || (t.Screen == "" && !slices.Contains(t.Served, a.Device))
}
