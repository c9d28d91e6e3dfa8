package sqlite

import (
	"errors"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

func TestPeopleAndBadges(t *testing.T) {
	anna := edge.Person{ID: "p1", Name: "anna", Role: edge.StaffManager, Added: noon}
	zoe := edge.Person{ID: "p0", Name: "Zoe", Role: edge.StaffWaiter, Added: noon, Removed: true}
	bert := edge.Person{ID: "p2", Name: "Bert", Role: edge.StaffWaiter, Added: noon, Shift: "s", Clocked: noon}
	badge := edge.Badge{
		UID: "04AABBCCDDEEFF", Kind: edge.BadgeStaff, Person: "p1", Signed: true, State: edge.BadgeActive, Enrolled: noon,
		History: []edge.BadgeEntry{{At: noon, What: edge.BadgeEnrolled, Actor: "system", Person: "p1"}},
	}
	room := edge.Badge{UID: "0102030405", Kind: edge.BadgeRoom, Room: "204", State: edge.BadgeActive, Enrolled: noon}
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutPerson(edge.Person{ID: "p1", Name: "x"}), tx.PutPerson(zoe), tx.PutPerson(bert), tx.PutPerson(anna), // the last Put wins
			tx.PutBadge(badge), tx.PutBadge(room),
		)
	}, func(t *testing.T, v edge.View) {
		people, err := v.People()
		same(t, "people by name", there(t, "people", people, err), []edge.Person{anna, bert, zoe})
		person, err := v.Person("p2")
		same(t, "person", there(t, "person", person, err), bert)
		_, err = v.Person("p9")
		missing(t, "person", err)
		badges, err := v.Badges()
		same(t, "badges", there(t, "badges", badges, err), []edge.Badge{room, badge})
		got, err := v.Badge(badge.UID)
		same(t, "badge", there(t, "badge", got, err), badge)
		_, err = v.Badge("04")
		missing(t, "badge", err)
	})
}

func TestShifts(t *testing.T) {
	shift := func(id edge.ID, day edge.BusinessDay, minute int) edge.Shift {
		return edge.Shift{ID: id, Person: "p", Name: "Anna", Role: edge.StaffWaiter, Day: day, In: noon.Add(time.Duration(minute) * time.Minute)}
	}
	ended := shift("s1", "2026-05-04", 5)
	ended.Out, ended.OutAt = noon.Add(time.Hour), "Counter"
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutPerson(edge.Person{ID: "p", Name: "Anna"}), tx.PutShift(shift("s1", "2026-05-04", 5)),
			tx.PutShift(shift("s0", "2026-05-04", 9)), tx.PutShift(shift("s2", "2026-05-05", 1)), tx.PutShift(ended),
		)
	}, func(t *testing.T, v edge.View) {
		got, err := v.Shift("s1")
		same(t, "shift", there(t, "shift", got, err), ended)
		_, err = v.Shift("s9")
		missing(t, "shift", err)
		day, err := v.Shifts("2026-05-04")
		same(t, "shifts of the day", there(t, "shifts", day, err), []edge.Shift{ended, shift("s0", "2026-05-04", 9)})
	})
}

func TestApprovals(t *testing.T) {
	approval := func(id edge.ID, state edge.ApprovalState, minute int) edge.Approval {
		return edge.Approval{
			ID: id, What: edge.GuardCancel, Device: "d", Asker: "device:d", State: state, Key: "key",
			Cancel: edge.CancelRequest{Order: "o", Line: new(1), Quantity: 2, Reason: "dropped"},
			Asked:  noon.Add(time.Duration(minute) * time.Minute), Until: noon.Add(time.Hour),
		}
	}
	late := approval("a1", edge.ApprovalWaiting, 3)
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutApproval(late), tx.PutApproval(approval("a3", edge.ApprovalWaiting, 1)),
			tx.PutApproval(approval("a2", edge.ApprovalWaiting, 2)), tx.PutApproval(approval("a2", edge.ApprovalApproved, 2)),
		)
	}, func(t *testing.T, v edge.View) {
		got, err := v.Approval("a1")
		same(t, "approval", there(t, "approval", got, err), late)
		_, err = v.Approval("a9")
		missing(t, "approval", err)
		open, err := v.OpenApprovals()
		same(t, "open approvals", ids(there(t, "open", open, err), func(a edge.Approval) edge.ID { return a.ID }), []edge.ID{"a3", "a1"})
	})
}
