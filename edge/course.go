package edge

import (
	"slices"
	"time"
)

// Coursing is how the house sends the courses of what is eaten in.
type Coursing struct {
	// Hold sends the first course at once and holds the later ones until they are fired.
	Hold bool
	// Next says what fires the next course, Delay how long after that.
	Next  NextCourse
	Delay time.Duration
	// Together starts what is quick later, so that what belongs together is ready together.
	Together bool
	// Guests lets guests call their next course once the one before is done.
	Guests bool
}

// NextCourse is what fires the next course.
type NextCourse string

// What fires the next course. By hand anybody in the house may do it at any time, whatever the rule.
const (
	NextByHand     NextCourse = "by_hand"
	NextWhenFired  NextCourse = "when_fired"
	NextWhenDone   NextCourse = "when_done"
	NextWhenServed NextCourse = "when_served"
)

// soon is the least wait worth holding a ticket for: nothing is cooked in less.
const soon = 20 * time.Second

// ticketsFor makes the order's tickets, one per station (and per course, where courses are sent one after the other),
// in the order in which the stations first appear, and notes them on the order. An item for two stations appears at
// both, a line that was cancelled meanwhile at none. Nothing is fired before from.
func (f *Floor) ticketsFor(order *Order, from time.Time, now Moment) []Ticket {
	stations, courses := order.stations(), f.venue.Coursing.courses(order)
	tickets := make([]Ticket, 0, len(stations))
	for _, course := range courses {
		for _, station := range stations {
			if ticket := f.ticketFor(order, station, course, courses, now); len(ticket.Items) > 0 {
				ticket.AlsoAt = without(stations, station)
				tickets = append(tickets, ticket)
				order.Tickets = append(order.Tickets, ticket.ID)
			}
		}
	}
	order.Waiting = len(tickets)
	f.venue.Coursing.plan(tickets, courses, from, now.At)
	order.noteHeld(tickets)
	order.expect(f.forecast, pointers(tickets), nil, now.At)
	return tickets
}

// ticketFor is what the station gets of a course; the first course of an order brings along what belongs to none.
func (f *Floor) ticketFor(order *Order, station string, course int, courses []int, now Moment) Ticket {
	ticket := order.ticket(f.newID(), TicketFood, station, now)
	if len(courses) > 1 {
		ticket.Course = course
	}
	for i, line := range order.Lines {
		left := line.Quantity - line.Cancelled
		mine := len(courses) == 1 || line.Course == course || (line.Course <= 0 && course == courses[0])
		if mine && left > 0 && slices.Contains(line.Stations, station) {
			ticket.Items = append(ticket.Items, ticketItem(i, line, left, station, f.venue.Kitchen))
		}
	}
	ticket.Prep = ticket.longest(order.Lines)
	return ticket
}

// courses lists the courses of the order that are sent one after the other, rising; a single one when all is sent
// together.
func (c Coursing) courses(order *Order) []int {
	var courses []int
	if c.Hold && order.Dining == EatIn {
		for _, line := range order.Lines {
			if line.Course > 0 && line.Cancelled < line.Quantity && !slices.Contains(courses, line.Course) {
				courses = append(courses, line.Course)
			}
		}
	}
	if len(courses) == 0 {
		return []int{0}
	}
	slices.Sort(courses)
	return courses
}

// plan decides which of an order's new tickets are fired now, which at a time, and which wait to be fired.
func (c Coursing) plan(tickets []Ticket, courses []int, from, now time.Time) {
	if len(courses) == 1 {
		c.time(tickets, 0, from, now)
		return
	}
	for i := range tickets {
		if tickets[i].Course != courses[0] {
			tickets[i].State = TicketStateHeld
		}
	}
	c.time(tickets, courses[0], from, now)
	if c.Next != NextWhenFired {
		return
	}
	for _, course := range courses[1:] {
		c.time(tickets, course, later(from, now).Add(c.Delay), now)
		if !slices.ContainsFunc(tickets, func(t Ticket) bool { return t.Course == course && t.State == TicketStateNew }) {
			return
		}
	}
}

// time gives the tickets of a course the instants at which they are fired, at from or so much later that all are ready
// together. What is to be fired right away is new, the rest held.
func (c Coursing) time(tickets []Ticket, course int, from, now time.Time) {
	longest := 0
	for i := range tickets {
		if tickets[i].Course == course {
			longest = max(longest, tickets[i].Prep)
		}
	}
	for i := range tickets {
		t := &tickets[i]
		if t.Course != course {
			continue
		}
		at := later(from, now)
		if c.Together && t.Prep > 0 {
			at = at.Add(time.Duration(longest-t.Prep) * time.Second)
		}
		t.State, t.FireAt = TicketStateHeld, at
		if at.Sub(now) < soon {
			t.State, t.FireAt = TicketStateNew, time.Time{}
		}
	}
}

func pointers(tickets []Ticket) []*Ticket {
	all := make([]*Ticket, len(tickets))
	for i := range tickets {
		all[i] = &tickets[i]
	}
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// noteHeld notes on the order which courses wait for somebody to fire them.
func (o *Order) noteHeld(tickets []Ticket) {
	o.Held = nil
	for i := range tickets {
		if waits(&tickets[i]) && !slices.Contains(o.Held, tickets[i].Course) {
			o.Held = append(o.Held, tickets[i].Course)
		}
	}
	slices.Sort(o.Held)
}

// waits reports whether the ticket is held until somebody fires it.
func waits(t *Ticket) bool {
	return t.Kind == TicketFood && t.State == TicketStateHeld && t.FireAt.IsZero()
}

// Between reports whether the kitchen works on nothing of the order because its next course waits to be fired.
func (o *Order) Between(tickets []Ticket) bool {
	return len(o.Held) > 0 && !slices.ContainsFunc(tickets, func(t Ticket) bool {
		return t.Kind == TicketFood && t.State.Open() && !waits(&t)
	})
}
