package edge

import (
	"context"
	"slices"
	"time"
)

// Guarded is something that staff may only do with the badge of somebody who may approve.
type Guarded string

// What can be guarded.
const (
	// GuardCancel: taking off something that the kitchen has already.
	GuardCancel Guarded = "cancel"
)

// Approval is a wish to do something guarded: it waits for a badge, and is done by the tap that approves it.
type Approval struct {
	ID     ID      `json:"id"`
	What   Guarded `json:"what"`
	Device ID      `json:"device" doc:"The screen that asked"`
	// Asker is who acted there.
	Asker Actor  `json:"asker"`
	Name  string `json:"name,omitempty" doc:"Who asked, if somebody was signed in"`

	Cancel CancelRequest `json:"cancel" doc:"What is to be taken off"`
	Key    string        `json:"key"`
	Table  string        `json:"table"`
	Number string        `json:"number" doc:"Of the order"`

	State ApprovalState `json:"state"`
	Asked time.Time     `json:"asked"`
	Until time.Time     `json:"until" doc:"When it is too late"`
	Ended time.Time     `json:"ended,omitzero"`
	// By is who approved, ByName what they are called, Reader where.
	By     ID     `json:"by,omitempty"`
	ByName string `json:"by_name,omitempty"`
	Reader string `json:"reader,omitempty"`
	// Denied is who last held a badge there that cannot approve, and DeniedWhy the code of the reason.
	Denied    string `json:"denied,omitempty" doc:"Whose badge could not approve"`
	DeniedWhy string `json:"denied_why,omitempty" enum:"role,weak"`
	// Refusal says why it could not be done although it was approved.
	Refusal string `json:"refusal,omitempty"`
}

// ApprovalState is where a wish for approval stands.
type ApprovalState string

// The states of a wish for approval.
const (
	ApprovalWaiting   ApprovalState = "waiting"
	ApprovalApproved  ApprovalState = "approved"
	ApprovalExpired   ApprovalState = "expired"
	ApprovalWithdrawn ApprovalState = "withdrawn"
	// ApprovalFailed: it was approved, but could not be done any more.
	ApprovalFailed ApprovalState = "failed"
)

// What happens to wishes for approval.
const (
	ApprovalAsked   EventKind = "approval.asked"
	ApprovalGiven   EventKind = "approval.approved"
	ApprovalDenied  EventKind = "approval.denied"
	ApprovalEnded   EventKind = "approval.expired"
	ApprovalDropped EventKind = "approval.withdrawn"
	ApprovalTooLate EventKind = "approval.failed"
)

var (
	errApprovalNeeded = Refuse(KindDenied, "approval_needed",
		"The kitchen has this already. Somebody who may approve it has to hold their badge to the reader.")
	errNobodyApproves = Refuse(KindConflict, "approval_nobody",
		"Nobody has a badge that may approve this. Enrol the badge of an owner or manager first.")
)

// guards reports whether the house wants an approval before the kitchen's work is taken off.
func (f *Floor) guards(order *Order, actor Actor) bool {
	return actor != System && order.State != OrderStateReceived && slices.Contains(f.venue.Staff.Approve, GuardCancel)
}

// AskApproval asks, from a screen, to take something off that the kitchen has. A screen waits for one approval at a time:
// what it asked for before is withdrawn. The same key gives the same wish.
func (f *Floor) AskApproval(ctx context.Context, device Device, req CancelRequest) (Approval, error) {
	if err := checkKey(req.Key); err != nil {
		return Approval{}, err
	}
	if err := checkReason(req.Reason); err != nil {
		return Approval{}, err
	}
	digest, err := digestOf(req)
	if err != nil {
		return Approval{}, err
	}
	scope := "approval:" + string(DeviceActor(device.ID))
	var approval Approval
	err = f.store.Write(ctx, func(tx Tx) error {
		var kept struct{ ID ID }
		if repeated, err := answered(tx, scope, req.Key, digest, &kept); err != nil {
			return err
		} else if repeated {
			approval, err = tx.Approval(kept.ID)
			return err
		}
		now := f.now()
		if approval, err = f.ask(tx, device, req, now); err != nil {
			return err
		}
		kept.ID = approval.ID
		return keep(tx, scope, req.Key, digest, kept, now)
	})
	return approval, err
}

func (f *Floor) ask(tx Tx, device Device, req CancelRequest, now Moment) (Approval, error) {
	order, err := tx.Order(req.Order)
	if err != nil {
		return Approval{}, err
	}
	if order.State.Over() {
		return Approval{}, Refuse(KindConflict, "order_over", "This order has already ended: %s.", order.State)
	}
	if _, err := order.toCancel(req); err != nil {
		return Approval{}, err
	}
	if err := someoneApproves(tx); err != nil {
		return Approval{}, err
	}
	if err := withdrawOf(tx, device.ID, now); err != nil {
		return Approval{}, err
	}
	approval := Approval{
		ID: f.newID(), What: GuardCancel, Device: device.ID, Asker: f.venue.Staff.ActorAt(device, now.At), Cancel: req,
		Key: req.Key, Table: order.Table, Number: order.Number, State: ApprovalWaiting, Asked: now.At,
		Until: now.At.Add(f.venue.Staff.ApproveWithin),
	}
	if id := f.venue.Staff.SignedInBy(device, now.At); id != "" {
		person, err := tx.Person(id)
		if err != nil {
			return Approval{}, err
		}
		approval.Name = person.Name
	}
	return approval, putApproval(tx, ApprovalAsked, &approval, approval.Asker, now)
}

// someoneApproves refuses a wish that no badge could ever grant.
func someoneApproves(view View) error {
	badges, err := view.Badges()
	if err != nil {
		return err
	}
	for _, b := range badges {
		if b.Kind != BadgeStaff || b.State != BadgeActive {
			continue
		}
		person, err := view.Person(b.Person)
		if err != nil {
			return err
		}
		if b.mayApprove(person) {
			return nil
		}
	}
	return errNobodyApproves
}

func withdrawOf(tx Tx, device ID, now Moment) error {
	open, err := tx.OpenApprovals()
	if err != nil {
		return err
	}
	for _, a := range open {
		if a.Device != device {
			continue
		}
		if err := a.end(tx, ApprovalWithdrawn, ApprovalDropped, a.Asker, now); err != nil {
			return err
		}
	}
	return nil
}

// WithdrawApproval takes back what a screen asked for; what has ended stays as it is.
func (f *Floor) WithdrawApproval(ctx context.Context, actor Actor, device, id ID) error {
	return f.store.Write(ctx, func(tx Tx) error {
		a, err := tx.Approval(id)
		if err == nil && a.Device != device {
			return ErrNotFound
		}
		if err != nil || a.State != ApprovalWaiting {
			return err
		}
		return a.end(tx, ApprovalWithdrawn, ApprovalDropped, actor, f.now())
	})
}

// TendApprovals ends the wishes that nobody approved in time. It is to be called every second or so.
func (f *Floor) TendApprovals(ctx context.Context) error {
	var late []Approval
	now := f.now()
	err := f.store.Read(ctx, func(view View) error {
		open, err := view.OpenApprovals()
		late = slices.DeleteFunc(open, func(a Approval) bool { return now.At.Before(a.Until) })
		return err
	})
	if err != nil || len(late) == 0 {
		return err
	}
	return f.store.Write(ctx, func(tx Tx) error {
		_, err := livingApprovals(tx, f.now())
		return err
	})
}

// livingApprovals are the wishes that wait; those that waited too long are ended.
func livingApprovals(tx Tx, now Moment) ([]Approval, error) {
	open, err := tx.OpenApprovals()
	if err != nil {
		return nil, err
	}
	var living []Approval
	for _, a := range open {
		if now.At.Before(a.Until) {
			living = append(living, a)
			continue
		}
		if err := a.end(tx, ApprovalExpired, ApprovalEnded, System, now); err != nil {
			return nil, err
		}
	}
	return living, nil
}

func (a *Approval) end(tx Tx, state ApprovalState, kind EventKind, actor Actor, now Moment) error {
	a.State, a.Ended = state, now.At
	return putApproval(tx, kind, a, actor, now)
}

// putApproval keeps a wish and tells of it. The order's session is not named: guests are not told.
func putApproval(tx Tx, kind EventKind, a *Approval, actor Actor, now Moment) error {
	if err := tx.PutApproval(*a); err != nil {
		return err
	}
	doc := *a
	return appendAll(tx, newEvent(kind, a.ID, actor, now, doc, &doc))
}
