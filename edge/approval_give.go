package edge

import "context"

// approveBy lets a badge approve what waits at its reader. done says that the tap was about that, whatever came of it. An
// error with a code is a refusal of what was approved; nothing of the transaction may then be kept.
func (f *Floor) approveBy(tx Tx, tap BadgeTap, badge *Badge, answer *BadgeAnswer, now Moment) (done bool, err error) {
	approval, ok, err := waitingHere(tx, tap, now)
	if err != nil || !ok {
		return false, err
	}
	person := answer.Person
	actor := StaffActor(person.ID, approval.Device)
	if !badge.mayApprove(person) {
		answer.Did, answer.Approval = DidNotApprove, &approval
		approval.Denied, approval.DeniedWhy = person.Name, "role"
		if person.Role.Approves() {
			approval.DeniedWhy = "weak"
		}
		return true, putApproval(tx, ApprovalDenied, &approval, actor, now)
	}
	approval.By, approval.ByName, approval.Reader = person.ID, person.Name, tap.Reader
	answer.Did, answer.Approval = DidApprove, &approval
	if err := f.carryOut(tx, approval, now); err != nil {
		return true, err
	}
	return true, approval.end(tx, ApprovalApproved, ApprovalGiven, actor, now)
}

// waitingHere is the wish that a badge at the reader is meant for. The reader's own screen comes first; of several other
// screens nobody can tell which one was meant.
func waitingHere(tx Tx, tap BadgeTap, now Moment) (Approval, bool, error) {
	living, err := livingApprovals(tx, now)
	if err != nil {
		return Approval{}, false, err
	}
	var here []Approval
	for _, a := range living {
		if tap.Screen != "" && a.Device == tap.Screen {
			return a, true, nil
		}
		if tap.waitsHere(&a) {
			here = append(here, a)
		}
	}
	switch len(here) {
	case 0:
		return Approval{}, false, nil
	case 1:
		return here[0], true, nil
	default:
		return Approval{}, false, errSeveralWait
	}
}

// carryOut does what was approved, and keeps the answer for the screen's key.
func (f *Floor) carryOut(tx Tx, a Approval, now Moment) error {
	req := a.Cancel
	req.Key = a.Key
	digest, err := digestOf(req)
	if err != nil {
		return err
	}
	scope := a.Asker.scope()
	if repeated, err := answered(tx, scope, req.Key, digest, &struct{}{}); err != nil || repeated {
		return err
	}
	order, err := tx.Order(req.Order)
	if err != nil {
		return err
	}
	done := req
	done.ApprovedBy = a.By
	if err := f.cancel(tx, &order, done, a.Asker, now); err != nil {
		return err
	}
	return keep(tx, scope, req.Key, digest, struct{}{}, now)
}

// failApproval keeps that something was approved that could not be done any more.
func (f *Floor) failApproval(ctx context.Context, a Approval, person Person, refusal error) error {
	return f.store.Write(ctx, func(tx Tx) error {
		now := f.now()
		known, err := tx.Approval(a.ID)
		if err != nil || known.State != ApprovalWaiting {
			return err
		}
		known.By, known.ByName, known.Reader, known.Refusal = a.By, a.ByName, a.Reader, CodeOf(refusal)
		return known.end(tx, ApprovalFailed, ApprovalTooLate, StaffActor(person.ID, a.Device), now)
	})
}
