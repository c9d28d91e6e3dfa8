package edge

import (
	"cmp"
	"context"
	"time"
)

// Collect notes that the pass has a done ticket in hand, where it waits for the rest of its order. Undo takes that back.
func (k *Kitchen) Collect(ctx context.Context, p Press) (int64, error) {
	return k.onOrder(ctx, "collect", p, func(w pass, _ *Order, tickets []Ticket) error {
		for i := range tickets {
			t := &tickets[i]
			if t.Kind != TicketFood || t.State != TicketStateDone || !p.means(t) || t.Collected.IsZero() == p.Undo {
				continue
			}
			t.Collected = w.now.At
			if p.Undo {
				t.Collected = time.Time{}
			}
			if err := putTicket(w.tx, TicketCollected, t, ticketBody(t), w.actor, w.now); err != nil {
				return err
			}
		}
		return nil
	})
}

// Serve notes that a ticket, a course, or all of an order is on the table, but for what is held, was fired only now, or is
// made again and cannot be done yet. With its last ticket the order is completed. Undo takes back what was served last: what was served without having been done is to be cooked
// again.
func (k *Kitchen) Serve(ctx context.Context, p Press) (int64, error) {
	return k.onOrder(ctx, "serve", p, func(w pass, order *Order, tickets []Ticket) error {
		if p.Undo {
			return w.unserve(order, tickets, &p)
		}
		if p.Ticket != "" || p.Course != nil {
			return w.serve(order, tickets, p.means)
		}
		return w.serve(order, tickets, w.cooked)
	})
}

// Serve notes that an order is on the table, or was picked up, as [Kitchen.Serve] does for all of an order. Serving twice
// does nothing the second time.
func (f *Floor) Serve(ctx context.Context, actor Actor, order ID) error {
	return f.change(ctx, order, func(tx Tx, order *Order, now Moment) error {
		tickets, err := tx.TicketsOf(order.ID)
		if err != nil {
			return err
		}
		w := f.pass(tx, actor, now)
		return w.serve(order, tickets, w.cooked)
	})
}

// cooked reports whether a ticket can be on the table when somebody serves the order as a whole. One that nobody has begun
// and that was held until a moment ago cannot: serving a course may fire the next, and then a second press must not serve
// that. Nor can what is made again before there was time to: it is missing on the very plate that goes out.
func (w pass) cooked(t *Ticket) bool {
	age := w.now.At.Sub(t.Since())
	switch {
	case t.State != TicketStateNew:
		return true
	case t.Fly:
		return age >= cmp.Or(time.Duration(t.Prep)*time.Second, usualRemake)
	default:
		return t.Fired.IsZero() || age >= soon
	}
}

// usualRemake is how long a dish that names no time is given when it is made again.
const usualRemake = 5 * time.Minute

// serve serves the tickets that are meant; what is held stays held: nobody has cooked it.
func (w pass) serve(order *Order, tickets []Ticket, means func(*Ticket) bool) error {
	switch order.State {
	case OrderStateCompleted:
		return nil
	case OrderStateReceived, OrderStateRejected, OrderStateCancelled:
		return Refuse(KindConflict, "order_not_cooked", "This order is not in the kitchen: %s.", order.State)
	case OrderStateAccepted, OrderStatePreparing, OrderStateReady:
	default:
	}
	served, rest := 0, 0
	for i := range tickets {
		t := &tickets[i]
		if t.Kind == TicketCancellation || t.State == TicketStateVoided || t.State == TicketStateServed {
			continue
		}
		if t.State == TicketStateHeld || !means(t) {
			rest++
			continue
		}
		if t.State.Open() {
			order.Waiting--
		}
		serveTicket(t, w.now.At)
		if err := putTicket(w.tx, TicketServed, t, ticketBody(t), w.actor, w.now); err != nil {
			return err
		}
		served++
	}
	if rest == 0 {
		return w.complete(order)
	}
	if served == 0 {
		return nil
	}
	return w.partServed(order)
}

// complete ends an order of which everything is on the table.
func (w pass) complete(order *Order) error {
	if order.Ready.IsZero() {
		order.Ready = w.now.At
	}
	order.State, order.Ended, order.Waiting = OrderStateCompleted, w.now.At, 0
	return putOrder(w.tx, OrderServed, order, stateBody{State: order.State}, w.actor, w.now)
}

// partServed brings an order up to date of which some is on the table and some is not.
func (w pass) partServed(order *Order) error {
	if order.Waiting == 0 && order.State == OrderStateReady || order.State == OrderStatePreparing && order.Waiting > 0 {
		if err := putOrder(w.tx, OrderPartServed, order, stateBody{State: order.State}, w.actor, w.now); err != nil {
			return err
		}
	} else if err := w.advance(order); err != nil {
		return err
	}
	return w.follow(order)
}

// serveTicket puts a ticket on the table. One the kitchen has not bumped is done and served at the same instant.
func serveTicket(t *Ticket, at time.Time) {
	if t.State.Open() {
		t.Done = at
		for i := range t.Items {
			item := &t.Items[i]
			item.Bumped = item.Open()
			item.Done += item.Bumped
		}
	}
	t.State, t.Served = TicketStateServed, at
}

// Bumped reports whether the kitchen said that the ticket is done; one can be served without.
func (t *Ticket) Bumped() bool { return !t.Done.IsZero() && !t.Done.Equal(t.Served) }

// unserve brings a ticket back to the pass, or, if the kitchen never said that it is done, to its station, less
// what was cancelled since. When nothing is left of it, it is voided.
func (t *Ticket) unserve(lines []Line) {
	if t.Bumped() {
		t.State, t.Served = TicketStateDone, time.Time{}
		return
	}
	t.State, t.Done, t.Served = TicketStateNew, time.Time{}, time.Time{}
	if !t.Started.IsZero() {
		t.State = TicketStateStarted
	}
	t.Recalled++
	for i := range t.Items {
		item := &t.Items[i]
		item.Done -= min(item.Bumped, item.Done)
		item.Bumped = 0
	}
	t.dropCancelled(lines)
	if t.cancelled() {
		t.State = TicketStateVoided
	}
}

// unserve brings back to the pass what the press means, or, for a whole order, what was served last.
func (w pass) unserve(order *Order, tickets []Ticket, p *Press) error {
	if order.State == OrderStateCancelled || order.State == OrderStateRejected {
		return Refuse(KindConflict, "order_over", "This order has already ended: %s.", order.State)
	}
	if _, err := openSession(w.tx, order.Session); err != nil {
		return err
	}
	last := lastServed(tickets)
	back := 0
	for i := range tickets {
		t := &tickets[i]
		if t.State != TicketStateServed || !p.means(t) || (p.Ticket == "" && p.Course == nil && !t.Served.Equal(last)) {
			continue
		}
		t.unserve(order.Lines)
		if t.State.Open() {
			order.Waiting++
		}
		if err := putTicket(w.tx, TicketUnserved, t, ticketBody(t), w.actor, w.now); err != nil {
			return err
		}
		back++
	}
	if back == 0 {
		return nil
	}
	return w.reopened(order)
}

// reopened brings an order up to date of which something is not on the table after all.
func (w pass) reopened(order *Order) error {
	switch {
	case order.Waiting > 0 && (order.State == OrderStateCompleted || order.State == OrderStateReady):
		order.State, order.Ready, order.Ended = OrderStatePreparing, time.Time{}, time.Time{}
	case order.State == OrderStateCompleted:
		order.State, order.Ended = OrderStateReady, time.Time{}
	default:
		return w.tx.PutOrder(*order)
	}
	return putOrder(w.tx, OrderReopened, order, stateBody{State: order.State}, w.actor, w.now)
}

func lastServed(tickets []Ticket) time.Time {
	var last time.Time
	for i := range tickets {
		last = later(tickets[i].Served, last)
	}
	return last
}
