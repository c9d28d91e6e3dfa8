package sqlite

import (
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// People implements [edge.View].
func (v *view) People() ([]edge.Person, error) {
	bodies, err := v.q.People(background())
	return many[edge.Person](v, bodies, err, "people")
}

// Person implements [edge.View].
func (v *view) Person(id edge.ID) (edge.Person, error) {
	body, err := v.q.Person(background(), string(id))
	return one[edge.Person](v, body, err, "person", id)
}

// Badges implements [edge.View].
func (v *view) Badges() ([]edge.Badge, error) {
	bodies, err := v.q.Badges(background())
	return many[edge.Badge](v, bodies, err, "badges")
}

// Badge implements [edge.View].
func (v *view) Badge(uid string) (edge.Badge, error) {
	body, err := v.q.Badge(background(), uid)
	return one[edge.Badge](v, body, err, "badge", uid)
}

// Shift implements [edge.View].
func (v *view) Shift(id edge.ID) (edge.Shift, error) {
	body, err := v.q.Shift(background(), string(id))
	return one[edge.Shift](v, body, err, "shift", id)
}

// Shifts implements [edge.View].
func (v *view) Shifts(day edge.BusinessDay) ([]edge.Shift, error) {
	bodies, err := v.q.Shifts(background(), string(day))
	return many[edge.Shift](v, bodies, err, "shifts")
}

// Approval implements [edge.View].
func (v *view) Approval(id edge.ID) (edge.Approval, error) {
	body, err := v.q.Approval(background(), string(id))
	return one[edge.Approval](v, body, err, "approval", id)
}

// OpenApprovals implements [edge.View].
func (v *view) OpenApprovals() ([]edge.Approval, error) {
	bodies, err := v.q.OpenApprovals(background())
	return many[edge.Approval](v, bodies, err, "approvals")
}

// PutPerson implements [edge.Tx].
func (t *tx) PutPerson(person edge.Person) error {
	return t.put("person", person.ID, person, func(body string) error {
		return t.q.PutPerson(background(), query.PutPersonParams{ID: string(person.ID), Name: person.Name, Body: body})
	})
}

// PutBadge implements [edge.Tx].
func (t *tx) PutBadge(badge edge.Badge) error {
	return t.put("badge", badge.UID, badge, func(body string) error {
		return t.q.PutBadge(background(), query.PutBadgeParams{Uid: badge.UID, Body: body})
	})
}

// PutShift implements [edge.Tx]. Its person must be there.
func (t *tx) PutShift(shift edge.Shift) error {
	return t.put("shift", shift.ID, shift, func(body string) error {
		return t.q.PutShift(background(), query.PutShiftParams{
			ID: string(shift.ID), Day: string(shift.Day), Person: string(shift.Person), Began: shift.In.UnixMilli(), Body: body,
		})
	})
}

// PutApproval implements [edge.Tx].
func (t *tx) PutApproval(approval edge.Approval) error {
	return t.put("approval", approval.ID, approval, func(body string) error {
		return t.q.PutApproval(background(), query.PutApprovalParams{
			ID: string(approval.ID), Open: bit(approval.State == edge.ApprovalWaiting), Asked: approval.Asked.UnixMilli(), Body: body,
		})
	})
}
