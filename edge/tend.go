package edge

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Tend does what time alone calls for: orders that wait for staff too long get louder, then are rejected and the
// guest told. It is to be called every few seconds.
func (f *Floor) Tend(ctx context.Context) error {
	now := f.now()
	var waiting []Order
	err := f.store.Read(ctx, func(view View) error {
		orders, err := view.WaitingOrders()
		waiting = slices.DeleteFunc(orders, func(order Order) bool { return !f.overdue(order, now.At) })
		return err
	})
	for _, order := range waiting {
		err = errors.Join(err, f.change(ctx, order.ID, f.overdueOrder))
	}
	return err
}

// CloseIdle closes sessions in which nothing happened for long and nothing is owed. It is to be called every few
// minutes: it looks at the orders of every session that is idle but owes something.
func (f *Floor) CloseIdle(ctx context.Context) error {
	now := f.now()
	var idle []Session
	err := f.store.Read(ctx, func(view View) error {
		sessions, err := view.OpenSessions()
		if err != nil {
			return err
		}
		idle, err = f.idle(view, sessions, now)
		return err
	})
	for _, s := range idle {
		err = errors.Join(err, f.closeIdle(ctx, s.ID))
	}
	return err
}

// idle picks the sessions in which nothing happened for long, nothing is cooking and nothing is owed.
func (f *Floor) idle(view View, sessions []Session, now Moment) ([]Session, error) {
	var idle []Session
	for _, s := range sessions {
		if f.venue.Policy.SessionIdle <= 0 || now.At.Sub(s.Active) <= f.venue.Policy.SessionIdle {
			continue
		}
		orders, err := view.OrdersOf(s.ID)
		if err != nil {
			return nil, err
		}
		bill, err := f.BillOf(s, orders)
		if err != nil {
			return nil, err
		}
		cooking := slices.ContainsFunc(orders, func(o Order) bool { return !o.State.Over() && o.State != OrderStateReady })
		if bill.Due == 0 && !cooking {
			idle = append(idle, s)
		}
	}
	return idle, nil
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
