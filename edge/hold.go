package edge

import (
	"context"
	"time"
)

// Hold puts off a ticket nobody has begun, or the tickets of a course of an order, until somebody fires them again. A
// ticket or a course that is held already is then kept back from the house's rule too; of a whole order, what waits for
// its turn goes on waiting for it. Undo fires them.
func (k *Kitchen) Hold(ctx context.Context, p Press) (int64, error) {
	if p.Undo {
		p.Undo = false
		return k.Fire(ctx, p)
	}
	return k.onOrder(ctx, "hold", p, func(w pass, order *Order, tickets []Ticket) error {
		f := w.firing(order, tickets)
		named := p.Ticket != "" || p.Course != nil
		for i := range tickets {
			t := &tickets[i]
			if t.Kind != TicketFood || !p.means(t) {
				continue
			}
			if p.Ticket != "" && t.State == TicketStateStarted {
				return errTicketStarted
			}
			if t.State == TicketStateNew || (t.State == TicketStateHeld && !t.ByHand && (named || !t.FireAt.IsZero())) {
				f.hold(t, HeldAs{ByHand: true})
			}
		}
		f.callBack()
		return f.end()
	})
}

var errTicketStarted = Refuse(KindConflict, "ticket_started", "Somebody is cooking this already.")

// unfire holds again what was fired and nobody has begun, as it was held before. What the rule would fire at once all the
// same waits for a hand then, and so does what was never held.
func (w pass) unfire(order *Order, tickets []Ticket, p *Press) error {
	f, last := w.firing(order, tickets), lastFired(tickets)
	back := map[int]bool{}
	for i := range tickets {
		t := &tickets[i]
		if t.Kind != TicketFood || !p.means(t) {
			continue
		}
		if p.Ticket != "" && t.State == TicketStateStarted {
			return errTicketStarted
		}
		whole := p.Ticket == "" && p.Course == nil
		if t.State == TicketStateNew && (!whole || (!last.IsZero() && t.Fired.Equal(last))) {
			f.hold(t, w.heldBefore(t))
			back[i] = true
		}
	}
	for {
		course, ok := w.coursing.turn(tickets)
		if !ok || !keepBack(tickets, back, course) {
			break
		}
	}
	f.callBack()
	return f.end()
}

// heldBefore is how the ticket was held before it was fired; an instant that is over does not come back.
func (w pass) heldBefore(t *Ticket) HeldAs {
	if t.WasHeld == nil || (!t.WasHeld.FireAt.IsZero() && t.WasHeld.FireAt.Sub(w.now.At) < soon) {
		return HeldAs{ByHand: true}
	}
	return *t.WasHeld
}

// keepBack makes those of the tickets that are back and wait for the course's turn wait for a hand. It reports whether
// there are any.
func keepBack(tickets []Ticket, back map[int]bool, course int) bool {
	some := false
	for i := range tickets {
		if back[i] && tickets[i].Course == course && awaits(&tickets[i]) {
			tickets[i].ByHand, some = true, true
		}
	}
	return some
}

// callBack takes the time from courses that had one because the course before was fired, when that is held again: they
// wait for it.
func (f *firing) callBack() {
	if f.coursing.Next != NextWhenFired {
		return
	}
	for i := range f.tickets {
		t := &f.tickets[i]
		timed := t.Kind == TicketFood && t.State == TicketStateHeld && !t.FireAt.IsZero()
		if timed && f.heldBack(t.Course) {
			f.hold(t, HeldAs{})
		}
	}
}

// heldBack reports whether the course before the given one waits as a whole.
func (f *firing) heldBack(course int) bool {
	before, back := -1, false
	for i := range f.tickets {
		t := &f.tickets[i]
		switch {
		case t.Kind != TicketFood || t.Course >= course || t.State == TicketStateVoided:
		case t.Course > before:
			before, back = t.Course, waits(t)
		case t.Course == before:
			back = back && waits(t)
		}
	}
	return back
}

func lastFired(tickets []Ticket) time.Time {
	var last time.Time
	for i := range tickets {
		last = later(tickets[i].Fired, last)
	}
	return last
}
