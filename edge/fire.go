package edge

import (
	"context"
	"time"
)

// pass is one command at work: where the parts of an order come together.
type pass struct {
	tx       Tx
	coursing Coursing
	forecast Forecast
	actor    Actor
	now      Moment
}

func (k *Kitchen) pass(tx Tx, actor Actor, now Moment) pass {
	return pass{tx, k.venue.Coursing, k.forecast, actor, now}
}

func (f *Floor) pass(tx Tx, actor Actor, now Moment) pass {
	return pass{tx, f.venue.Coursing, f.forecast, actor, now}
}

// Fire tells the kitchen to cook what is held: a ticket, or a course of an order, by default the next one. Undo puts it
// back as it was held; of an order without a course that is what was fired last. What is not held is left alone.
func (k *Kitchen) Fire(ctx context.Context, p Press) (int64, error) {
	return k.onOrder(ctx, "fire", p, func(w pass, order *Order, tickets []Ticket) error {
		switch {
		case p.Undo:
			return w.unfire(order, tickets, &p)
		case p.Ticket != "":
			return w.fireTicket(order, tickets, p.Ticket)
		default:
			return w.fireCourse(order, tickets, p.Course)
		}
	})
}

// FireCourse is Fire for staff who are not at a screen: they do it as often as they like, it happens once.
func (f *Floor) FireCourse(ctx context.Context, actor Actor, order ID, course *int) error {
	return f.change(ctx, order, func(tx Tx, order *Order, now Moment) error {
		tickets, err := tx.TicketsOf(order.ID)
		if err != nil {
			return err
		}
		return f.pass(tx, actor, now).fireCourse(order, tickets, course)
	})
}

// NextCourse lets a guest call the next course of an order at their table, where the house allows it and the course
// before is done.
func (f *Floor) NextCourse(ctx context.Context, guest, order ID) error {
	return f.change(ctx, order, func(tx Tx, order *Order, now Moment) error {
		_, session, err := seatedGuest(tx, guest)
		if err != nil {
			return err
		}
		if order.Session != session.ID {
			return Refuse(KindNotFound, "order_unknown", "There is no such order.")
		}
		tickets, err := tx.TicketsOf(order.ID)
		if err != nil {
			return err
		}
		if len(order.Held) == 0 {
			return nil
		}
		if !f.venue.Coursing.MayCall(order, tickets) {
			return Refuse(KindDenied, "course_not_yet", "The next course can be called when the one before is done. Please ask the staff.")
		}
		return f.pass(tx, GuestActor(guest), now).fireCourse(order, tickets, nil)
	})
}

// MayCall reports whether a guest may call the order's next course now.
func (c Coursing) MayCall(order *Order, tickets []Ticket) bool {
	if !c.Guests || len(order.Held) == 0 {
		return false
	}
	before := false
	for i := range tickets {
		t := &tickets[i]
		if t.Kind != TicketFood {
			continue
		}
		if t.State.Open() && !waits(t) {
			return false
		}
		before = before || t.Course < order.Held[0]
	}
	return before
}

func (w pass) fireTicket(order *Order, tickets []Ticket, id ID) error {
	for i := range tickets {
		if tickets[i].ID == id && tickets[i].State == TicketStateHeld {
			f := w.firing(order, tickets)
			f.fire(&tickets[i])
			return f.end()
		}
	}
	return nil
}

// fireCourse fires a course, nil for the next one. Where things are to be ready together, what is quick gets a time
// instead.
func (w pass) fireCourse(order *Order, tickets []Ticket, course *int) error {
	next, ok := nextHeld(tickets, course)
	if !ok {
		return nil
	}
	f := w.firing(order, tickets)
	f.time(next, w.now.At, func(*Ticket) bool { return true })
	return f.end()
}

// nextHeld is the course to fire: the wanted one, or the first that is held.
func nextHeld(tickets []Ticket, wanted *int) (int, bool) {
	next, ok := 0, false
	for i := range tickets {
		t := &tickets[i]
		if t.Kind != TicketFood || t.State != TicketStateHeld || (wanted != nil && t.Course != *wanted) {
			continue
		}
		if !ok || t.Course < next {
			next, ok = t.Course, true
		}
	}
	return next, ok
}

// follow fires or times the next course when the house's rule says that its turn has come.
func (w pass) follow(order *Order) error {
	if len(order.Held) == 0 || w.coursing.Next == NextByHand {
		return nil
	}
	tickets, err := w.tx.TicketsOf(order.ID)
	if err != nil {
		return err
	}
	return w.firing(order, tickets).end()
}

// firing gathers what one command fires and holds of an order, to be told at its end.
type firing struct {
	pass
	order   *Order
	tickets []Ticket
	changed []changedTicket
}

type changedTicket struct {
	ticket *Ticket
	kind   EventKind
}

func (w pass) firing(order *Order, tickets []Ticket) *firing {
	return &firing{pass: w, order: order, tickets: tickets}
}

func (f *firing) fire(t *Ticket) {
	t.WasHeld = &HeldAs{FireAt: t.FireAt, ByHand: t.ByHand}
	t.State, t.Fired, t.FireAt, t.ByHand = TicketStateNew, f.now.At, time.Time{}, false
	f.changed = append(f.changed, changedTicket{t, TicketFired})
}

// hold holds a ticket until something ends that.
func (f *firing) hold(t *Ticket, as HeldAs) {
	t.State, t.Fired, t.Due, t.WasHeld = TicketStateHeld, time.Time{}, time.Time{}, nil
	// Whoever saw it may be gone when it is fired: it has to be seen again.
	t.Seen, t.Unseen = time.Time{}, time.Time{}
	t.FireAt, t.ByHand = as.FireAt, as.ByHand
	f.changed = append(f.changed, changedTicket{t, TicketHeld})
}

// time fires the held tickets of a course that are meant at from, or gives them their times.
func (f *firing) time(course int, from time.Time, means func(*Ticket) bool) {
	var held []Ticket
	var at []*Ticket
	for i := range f.tickets {
		t := &f.tickets[i]
		if t.Kind == TicketFood && t.State == TicketStateHeld && t.Course == course && means(t) {
			held, at = append(held, *t), append(at, t)
		}
	}
	f.coursing.time(held, course, from, f.now.At)
	for i, t := range at {
		if held[i].State == TicketStateNew {
			f.fire(t)
		} else {
			f.hold(t, HeldAs{FireAt: held[i].FireAt})
		}
	}
}

// end fires or times what the house's rule says comes next, and tells everything.
func (f *firing) end() error {
	for {
		course, ok := f.coursing.turn(f.tickets)
		if !ok {
			break
		}
		f.time(course, f.now.At.Add(f.coursing.Delay), awaits)
	}
	if len(f.changed) == 0 {
		return nil
	}
	f.order.noteHeld(f.tickets)
	told := make([]*Ticket, 0, len(f.changed))
	for _, c := range f.changed {
		told = append(told, c.ticket)
	}
	f.order.expect(f.forecast, told, f.tickets, f.now.At)
	for _, c := range f.changed {
		if err := putTicket(f.tx, c.kind, c.ticket, ticketBody(c.ticket), f.actor, f.now); err != nil {
			return err
		}
	}
	return putOrder(f.tx, OrderCourses, f.order, coursesBody{Held: f.order.Held}, f.actor, f.now)
}

// coursesBody is what the journal keeps of a change to the courses of an order.
type coursesBody struct {
	Held []int `json:"held_courses"`
}
