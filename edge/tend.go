package edge

import (
	"context"
	"errors"
	"time"
)

// Tend does what time alone calls for: orders that wait for staff too long get louder, then are rejected and the
// guest told; sessions in which nothing happened for long and nothing is owed are closed. It is to be called every
// few seconds.
func (f *Floor) Tend(ctx context.Context) error {
	now := f.now()
	var waiting []Order
	var idle []Session
	err := f.store.Read(ctx, func(view View) error {
		orders, err := view.OpenOrders()
		if err != nil {
			return err
		}
		busy := map[ID]bool{}
		for _, order := range orders {
			busy[order.Session] = true
			if order.State == OrderStateReceived && f.overdue(order, now.At) {
				waiting = append(waiting, order)
			}
		}
		sessions, err := view.OpenSessions()
		for _, s := range sessions {
			if !busy[s.ID] && f.venue.Policy.SessionIdle > 0 && now.At.Sub(s.Active) > f.venue.Policy.SessionIdle {
				idle = append(idle, s)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, order := range waiting {
		err = errors.Join(err, f.change(ctx, order.ID, f.overdueOrder))
	}
	for _, s := range idle {
		err = errors.Join(err, f.closeIdle(ctx, s.ID))
	}
	return err
}

func (f *Floor) overdue(order Order, at time.Time) bool {
	p, age := f.venue.Policy, at.Sub(order.Placed)
	return (p.RejectAfter > 0 && age >= p.RejectAfter) ||
		(p.EscalateAfter > 0 && age >= p.EscalateAfter && order.Escalated.IsZero())
}

func (f *Floor) overdueOrder(tx Tx, order *Order, now Moment) error {
	if order.State != OrderStateReceived {
		return nil
	}
	if p := f.venue.Policy; p.RejectAfter > 0 && now.At.Sub(order.Placed) >= p.RejectAfter {
		return f.end(tx, order, OrderRejected, OrderStateRejected, ReasonTimeout, System, now)
	}
	if !order.Escalated.IsZero() {
		return nil
	}
	order.Escalated = now.At
	return putOrder(tx, OrderEscalated, order, stateBody{State: order.State}, System, now)
}

// ReasonTimeout is the reason of an order that nobody answered. It is a word for programs: screens and messages say
// it in the guest's language.
const ReasonTimeout = "timeout"

// closeIdle closes a session unless something is still owed: that is for people to decide.
func (f *Floor) closeIdle(ctx context.Context, id ID) error {
	return f.store.Write(ctx, func(tx Tx) error {
		session, err := tx.Session(id)
		now := f.now()
		if err != nil || session.State.Over() || now.At.Sub(session.Active) <= f.venue.Policy.SessionIdle {
			return err
		}
		orders, err := tx.OrdersOf(id)
		if err != nil {
			return err
		}
		bill, err := f.BillOf(session, orders)
		if err != nil || bill.Due != 0 {
			return err
		}
		err = f.close(tx, &session, "idle", System, now)
		if CodeOf(err) == "orders_open" {
			return nil
		}
		return err
	})
}
