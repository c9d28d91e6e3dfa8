package edge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

// Numbers of cards.
const (
	annasBadge = "04A1A1A1A1A1A1"
	bertsBadge = "04B2B2B2B2B2B2"
)

// crew is a house with a manager Anna and a waiter Bert, both with badges that prove themselves, and a bar screen.
type crew struct {
	*house
	anna, bert edge.Person
	bar        edge.Device
}

func newCrew(t *testing.T) *crew {
	t.Helper()
	h := newHouseWith(t, func(v *edge.Venue) {
		v.Staff = edge.StaffPolicy{Approve: []edge.Guarded{edge.GuardCancel}, ApproveWithin: time.Minute, SignedIn: 30 * time.Minute}
	})
	c := &crew{house: h, bar: edge.Device{ID: "bar", Name: "Bar tablet", Role: edge.RoleOwner, KeyHash: "k"}}
	c.anna, c.bert = c.person(t, "Anna", edge.StaffManager), c.person(t, "Bert", edge.StaffWaiter)
	c.enrol(t, annasBadge, c.anna.ID, true)
	c.enrol(t, bertsBadge, c.bert.ID, true)
	if err := h.floor.PairDevice(ctx, edge.System, c.bar); err != nil {
		t.Fatalf("PairDevice: %v", err)
	}
	return c
}

func (h *house) person(t *testing.T, name string, role edge.StaffRole) edge.Person {
	t.Helper()
	person, err := h.floor.AddPerson(ctx, edge.System, name, role)
	if err != nil {
		t.Fatalf("AddPerson(%s): %v", name, err)
	}
	return person
}

func (h *house) enrol(t *testing.T, uid string, person edge.ID, signed bool) edge.Badge {
	t.Helper()
	badge, err := h.floor.EnrolBadge(ctx, edge.System, edge.BadgeResult{
		BadgeWish: edge.BadgeWish{UID: uid, Person: person}, Signed: signed, KeyVersion: 1, Chip: "ntag424",
	})
	if err != nil {
		t.Fatalf("EnrolBadge(%s): %v", uid, err)
	}
	return badge
}

// clock is a tap at a reader where people come and go, at the bar's a tap at the reader of the bar's screen.
func clock(uid string) edge.BadgeTap {
	return edge.BadgeTap{UID: uid, Proven: true, Reader: "Door", Clocks: true, Served: []edge.ID{"bar"}}
}

func atBar(uid string) edge.BadgeTap {
	return edge.BadgeTap{UID: uid, Proven: true, Reader: "Bar", Screen: "bar", Served: []edge.ID{"bar"}}
}

func (h *house) tap(t *testing.T, tap edge.BadgeTap) edge.BadgeAnswer {
	t.Helper()
	answer, err := h.floor.Badge(ctx, tap)
	if err != nil {
		t.Fatalf("Badge(%s at %s): %v", tap.UID, tap.Reader, err)
	}
	return answer
}

func (h *house) did(t *testing.T, want edge.BadgeDid, tap edge.BadgeTap) edge.BadgeAnswer {
	t.Helper()
	answer := h.tap(t, tap)
	if answer.Did != want {
		t.Errorf("%s at %s did %s, want %s", tap.UID, tap.Reader, answer.Did, want)
	}
	return answer
}

func TestATapClocksInAndOut(t *testing.T) {
	c := newCrew(t)
	c.did(t, edge.DidClockIn, clock(bertsBadge))
	c.now = c.now.Add(9 * time.Second)
	c.did(t, edge.DidNothing, clock(bertsBadge)) // the same hand, not going home
	c.now = c.now.Add(3*time.Hour - 9*time.Second)
	if answer := c.did(t, edge.DidClockOut, clock(bertsBadge)); answer.Person.Shift != "" {
		t.Errorf("after going: got %+v, want no shift", answer.Person)
	}
	c.now = c.now.Add(time.Hour)
	c.did(t, edge.DidClockIn, clock(bertsBadge))
	c.now = c.now.Add(30 * time.Minute)
	hours := c.hours(t)
	if len(hours) != 1 || hours[0].Name != "Bert" || hours[0].Seconds != int64((3*time.Hour+30*time.Minute)/time.Second) ||
		!hours[0].Running || len(hours[0].Shifts) != 2 {
		t.Errorf("hours: got %+v, want 3.5 hours of Bert's in two shifts, the second running", hours)
	}
	if got := c.kinds(t, "person.clocked"); !cmp.Equal(got, []edge.EventKind{edge.PersonClockedIn, edge.PersonClockedOut, edge.PersonClockedIn}) {
		t.Errorf("journal: got %v", got)
	}
}

func (c *crew) hours(t *testing.T) []edge.Hours {
	t.Helper()
	var shifts []edge.Shift
	err := c.store.Read(ctx, func(v edge.View) (err error) { shifts, err = v.Shifts(c.venue.Day(c.now)); return err })
	if err != nil {
		t.Fatalf("Shifts: %v", err)
	}
	return edge.HoursOf(shifts, c.now)
}

// kinds are those of the journal's events that begin with a prefix, in order.
func (h *house) kinds(t *testing.T, prefix string) []edge.EventKind {
	t.Helper()
	var kinds []edge.EventKind
	err := h.store.Read(ctx, func(v edge.View) error {
		events, err := v.Events(0, 100_000)
		for _, e := range events {
			if len(e.Kind) >= len(prefix) && string(e.Kind[:len(prefix)]) == prefix {
				kinds = append(kinds, e.Kind)
			}
		}
		return err
	})
	if err != nil {
		t.Fatalf("read events: %v", err)
	}
	return kinds
}

func TestAShiftBelongsToTheDayOnWhichItBegan(t *testing.T) {
	c := newCrew(t)
	day := c.venue.Day(c.now)
	c.did(t, edge.DidClockIn, clock(bertsBadge))
	c.now = c.now.Add(10 * time.Hour) // 05:00, after the cut-off
	c.did(t, edge.DidClockOut, clock(bertsBadge))
	var shifts []edge.Shift
	if err := c.store.Read(ctx, func(v edge.View) (err error) { shifts, err = v.Shifts(day); return err }); err != nil {
		t.Fatal(err)
	}
	if len(shifts) != 1 || shifts[0].Worked(c.now) != 10*time.Hour || shifts[0].InAt != "Door" || shifts[0].OutAt != "Door" {
		t.Errorf("got %+v, want ten hours on %s", shifts, day)
	}
}

func TestAShiftNeverEndsBeforeItBegan(t *testing.T) {
	c := newCrew(t)
	c.did(t, edge.DidClockIn, clock(bertsBadge))
	c.now = c.now.Add(-time.Hour)
	c.did(t, edge.DidClockOut, clock(bertsBadge))
	c.now = c.now.Add(time.Hour)
	if hours := c.hours(t); len(hours) != 1 || hours[0].Seconds != 0 {
		t.Errorf("got %+v, want nothing worked", hours)
	}
}

func TestABadgeSignsItsPersonInAtTheScreen(t *testing.T) {
	c := newCrew(t)
	actor := func() edge.Actor { return c.venue.Staff.ActorAt(c.screen(t), c.now) }
	c.did(t, edge.DidSignIn, atBar(bertsBadge))
	if got, want := actor(), edge.StaffActor(c.bert.ID, "bar"); got != want {
		t.Errorf("actor: got %s, want %s", got, want)
	}
	c.did(t, edge.DidNothing, atBar(bertsBadge))
	c.did(t, edge.DidSignIn, atBar(annasBadge)) // a fast switch
	if got, want := actor(), edge.StaffActor(c.anna.ID, "bar"); got != want {
		t.Errorf("actor: got %s, want %s", got, want)
	}
	c.now = c.now.Add(time.Minute)
	c.did(t, edge.DidSignOut, atBar(annasBadge))
	if got := actor(); got != edge.DeviceActor("bar") {
		t.Errorf("actor: got %s, want the screen", got)
	}
	c.did(t, edge.DidSignIn, atBar(annasBadge))
	c.now = c.now.Add(30 * time.Minute)
	if got := actor(); got != edge.DeviceActor("bar") {
		t.Errorf("actor after the sign-in has lapsed: got %s, want the screen", got)
	}
	c.did(t, edge.DidSignIn, atBar(annasBadge)) // not out of what is over
	if err := c.floor.SignOut(ctx, "device:bar", "bar"); err != nil {
		t.Fatalf("SignOut: %v", err)
	}
	if got := actor(); got != edge.DeviceActor("bar") {
		t.Errorf("actor after signing out: got %s, want the screen", got)
	}
}

func (c *crew) screen(t *testing.T) (device edge.Device) {
	t.Helper()
	err := c.store.Read(ctx, func(v edge.View) (err error) { device, err = v.DeviceByKey("k"); return err })
	if err != nil {
		t.Fatalf("DeviceByKey: %v", err)
	}
	return device
}

func TestOneReaderClocksAndSignsIn(t *testing.T) {
	c := newCrew(t)
	tap := atBar(bertsBadge)
	tap.Clocks = true
	c.did(t, edge.DidClockIn, tap)
	if got := c.screen(t).Person; got != c.bert.ID {
		t.Errorf("after coming: %q is signed in, want Bert", got)
	}
	c.now = c.now.Add(time.Hour)
	c.did(t, edge.DidSignIn, atBar(annasBadge))
	c.did(t, edge.DidClockOut, tap)
	if got := c.screen(t).Person; got != c.anna.ID {
		t.Errorf("Bert's going signed %q in, want Anna left alone", got)
	}
}

func TestBadgesThatMustNotWork(t *testing.T) {
	c := newCrew(t)
	change := func(uid string, state edge.BadgeState) {
		t.Helper()
		if _, err := c.floor.ChangeBadge(ctx, edge.System, uid, edge.BadgeChange{State: &state}); err != nil {
			t.Fatalf("ChangeBadge: %v", err)
		}
	}
	refused := func(code string, tap edge.BadgeTap) {
		t.Helper()
		if answer, err := c.floor.Badge(ctx, tap); edge.CodeOf(err) != code {
			t.Errorf("%s: got %+v, %v", code, answer, err)
		}
	}
	refused("badge_unknown", clock("04000000000001"))
	copied := clock(bertsBadge)
	copied.Proven = false
	refused("badge_unproven", copied)
	change(bertsBadge, edge.BadgeLost)
	refused("badge_lost", clock(bertsBadge))
	refused("badge_lost", clock(bertsBadge)) // told once
	change(bertsBadge, edge.BadgeActive)
	c.did(t, edge.DidClockIn, clock(bertsBadge))
	change(bertsBadge, edge.BadgeRetired)
	refused("badge_retired", clock(bertsBadge))
	change(bertsBadge, edge.BadgeActive)
	if _, err := c.floor.ChangePerson(ctx, edge.System, c.bert.ID, edge.PersonChange{Removed: new(true)}); err != nil {
		t.Fatalf("ChangePerson: %v", err)
	}
	refused("person_removed", clock(bertsBadge))
	if hours := c.hours(t); len(hours) != 1 || hours[0].Running {
		t.Errorf("hours: got %+v, want the shift of who was removed to have ended", hours)
	}
	badge := c.badge(t, bertsBadge)
	if badge.Refused != 5 {
		t.Errorf("refused taps: got %d, want 5", badge.Refused)
	}
	if got := c.kinds(t, "badge.refused"); len(got) != 1 {
		t.Errorf("the journal was told %d times within minutes, want once", len(got))
	}
}

func (h *house) badge(t *testing.T, uid string) (badge edge.Badge) {
	t.Helper()
	if err := h.store.Read(ctx, func(v edge.View) (err error) { badge, err = v.Badge(uid); return err }); err != nil {
		t.Fatalf("Badge(%s): %v", uid, err)
	}
	return badge
}

func TestWhatCanBecomeABadge(t *testing.T) {
	c := newCrew(t)
	tag := edge.Tag{UID: "04CCCCCCCCCCCC", TableID: c.table.ID, Kind: edge.TagPuck}
	if err := c.floor.EnrolTag(ctx, edge.System, tag); err != nil {
		t.Fatalf("EnrolTag: %v", err)
	}
	for code, wish := range map[string]edge.BadgeWish{
		"uid_random":     {UID: "08AABBCC", Person: c.bert.ID},
		"uid_invalid":    {UID: "0A", Person: c.bert.ID},
		"badge_whose":    {UID: "04000000000001"},
		"badge_is_tag":   {UID: tag.UID, Person: c.bert.ID},
		"badge_taken":    {UID: annasBadge, Person: c.bert.ID},
		"room_invalid":   {UID: "04000000000001", Room: "<b>204</b>"},
		"person_unknown": {UID: "04000000000001", Person: "nobody"},
	} {
		c.refused(t, code, func() error { _, err := c.floor.PlanBadge(ctx, wish); return err })
		c.refused(t, code, func() error {
			_, err := c.floor.EnrolBadge(ctx, edge.System, edge.BadgeResult{BadgeWish: wish})
			return err
		})
	}
	c.refused(t, "tag_is_badge", func() error {
		return c.floor.EnrolTag(ctx, edge.System, edge.Tag{UID: annasBadge, TableID: c.table.ID, Kind: edge.TagPuck})
	})
	c.refused(t, "tag_is_badge", func() error {
		_, err := c.floor.PlanTag(ctx, edge.System, edge.TagWish{UID: annasBadge, TableID: c.table.ID, Signs: true})
		return err
	})
	moved, err := c.floor.EnrolBadge(ctx, edge.System, edge.BadgeResult{
		BadgeWish: edge.BadgeWish{UID: annasBadge, Person: c.bert.ID, Move: true},
	})
	if err != nil || moved.Person != c.bert.ID || moved.KeyVersion != 1 || len(moved.History) != 2 {
		t.Errorf("moved: got %+v, %v; want Bert's, with its keys' version and history", moved, err)
	}
}

func TestAKeyCardIsKnownByItsRoom(t *testing.T) {
	c := newCrew(t)
	wish := edge.BadgeWish{UID: "DEADBEEF", Room: " 204 "}
	if _, err := c.floor.EnrolBadge(ctx, edge.System, edge.BadgeResult{BadgeWish: wish}); err != nil {
		t.Fatalf("EnrolBadge: %v", err)
	}
	answer := c.did(t, edge.DidKnowRoom, clock("DEADBEEF"))
	if answer.Room != "204" || answer.Person.ID != "" {
		t.Errorf("got %+v, want room 204", answer)
	}
	c.refused(t, "badge_taken", func() error {
		_, err := c.floor.PlanBadge(ctx, edge.BadgeWish{UID: "DEADBEEF", Room: "205"})
		return err
	})
}

func TestPeopleAreToldApart(t *testing.T) {
	c := newCrew(t)
	add := func(name string, role edge.StaffRole) func() error {
		return func() error { _, err := c.floor.AddPerson(ctx, edge.System, name, role); return err }
	}
	c.refused(t, "name_missing", add("  ", edge.StaffWaiter))
	c.refused(t, "name_taken", add("ANNA", edge.StaffWaiter))
	c.refused(t, "role_unknown", add("Carla", "king"))
	if _, err := c.floor.ChangePerson(ctx, edge.System, c.anna.ID, edge.PersonChange{Removed: new(true)}); err != nil {
		t.Fatalf("ChangePerson: %v", err)
	}
	c.person(t, "Anna", edge.StaffRunner) // the name is free again
	c.refused(t, "name_taken", func() error {
		_, err := c.floor.ChangePerson(ctx, edge.System, c.anna.ID, edge.PersonChange{Removed: new(false)})
		return err
	})
	c.refused(t, "person_removed", func() error { _, err := c.floor.Clock(ctx, edge.System, c.anna.ID, true); return err })
	for _, in := range []bool{true, true, false, false} {
		person, err := c.floor.Clock(ctx, edge.System, c.bert.ID, in)
		if err != nil || (person.Shift != "") != in {
			t.Errorf("Clock(%t): got %+v, %v", in, person, err)
		}
	}
	if got := c.kinds(t, "person.clocked"); len(got) != 2 {
		t.Errorf("journal: got %v, want in and out once", got)
	}
}
