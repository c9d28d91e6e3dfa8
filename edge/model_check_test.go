package edge_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// check looks at every order after a step.
func (s *service) check(t *rapid.T) {
	if len(s.orders) != len(s.keys) {
		t.Fatalf("%d orders for %d keys", len(s.orders), len(s.keys))
	}
	numbers := map[string]edge.ID{}
	for _, id := range s.orders {
		order, tickets := s.order(t, id)
		if other, ok := numbers[order.Number]; ok {
			t.Fatalf("orders %s and %s both have number %s", id, other, order.Number)
		}
		numbers[order.Number] = id
		if len(order.Tickets) != len(food(tickets)) {
			t.Fatalf("order %s names %d tickets and has %d", id, len(order.Tickets), len(food(tickets)))
		}
		checkCooked(t, order, food(tickets))
		checkStands(t, order, food(tickets))
		checkHeld(t, s.venue.Coursing, order, food(tickets))
		checkTotals(t, order)
	}
}

func food(tickets []edge.Ticket) []edge.Ticket {
	return slices.DeleteFunc(slices.Clone(tickets), func(t edge.Ticket) bool { return t.Kind != edge.TicketFood })
}

// checkCooked checks that every line is on tickets as often as it was ordered, at each of its stations, in its course;
// what is made again comes on top.
func checkCooked(t *rapid.T, order edge.Order, tickets []edge.Ticket) {
	cooked := map[int]map[string]int{}
	for _, ticket := range tickets {
		for _, item := range ticket.Items {
			if item.Done < 0 || item.Cancelled < 0 || item.Done+item.Cancelled > item.Quantity || item.Bumped > item.Done {
				t.Fatalf("ticket %s: counts do not add up: %+v", ticket.ID, item)
			}
			if c := order.Lines[item.Line].Course; ticket.Course > 0 && c > 0 && c != ticket.Course {
				t.Fatalf("line %d of course %d is on a ticket of course %d", item.Line, c, ticket.Course)
			}
			if ticket.Fly {
				if ticket.Of == "" || ticket.Reason == "" {
					t.Fatalf("ticket %s is made again: of %q, reason %q", ticket.ID, ticket.Of, ticket.Reason)
				}
				continue
			}
			if cooked[item.Line] == nil {
				cooked[item.Line] = map[string]int{}
			}
			cooked[item.Line][ticket.Station] += item.Quantity
		}
	}
	for i, line := range order.Lines {
		if line.Cancelled < 0 || line.Cancelled > line.Quantity || line.Gross != line.Unit*int64(line.Quantity) {
			t.Fatalf("order %s line %d: %+v", order.ID, i, line)
		}
		if len(cooked[i]) > len(line.Stations) {
			t.Fatalf("order %s line %d is made at %v, its stations are %v", order.ID, i, cooked[i], line.Stations)
		}
		for _, station := range line.Stations {
			want := 0
			if len(tickets) > 0 {
				want = line.Quantity
			}
			// An order reduced while it waited for staff is cooked in what was left.
			if got := cooked[i][station]; got > line.Quantity || (got != want && line.Cancelled == 0) {
				t.Fatalf("order %s (%s) line %d at %s: %d are cooked, want %d", order.ID, order.State, i, station, got, want)
			}
		}
	}
}

// checkStands checks that an order's state says the truth about its tickets.
func checkStands(t *rapid.T, order edge.Order, tickets []edge.Ticket) {
	open, table := 0, 0
	for _, ticket := range tickets {
		if ticket.State.Open() {
			open++
		}
		if ticket.State == edge.TicketStateServed || ticket.State == edge.TicketStateVoided {
			table++
		}
		if (ticket.State == edge.TicketStateServed) == ticket.Served.IsZero() {
			t.Fatalf("ticket %s is %s, served %s", ticket.ID, ticket.State, ticket.Served)
		}
	}
	if order.Waiting != open {
		t.Fatalf("order %s (%s): %d tickets are open, it says %d", order.ID, order.State, open, order.Waiting)
	}
	cancelled := !slices.ContainsFunc(order.Lines, func(l edge.Line) bool { return l.Cancelled < l.Quantity })
	switch order.State {
	case edge.OrderStateReceived, edge.OrderStateRejected:
		if len(tickets) > 0 {
			t.Fatalf("order %s is %s and has tickets", order.ID, order.State)
		}
	case edge.OrderStateCancelled:
		if open > 0 {
			t.Fatalf("order %s is cancelled and has %d open tickets", order.ID, open)
		}
	default:
		completed, ready := order.State == edge.OrderStateCompleted, order.State == edge.OrderStateReady
		if cancelled || completed != (table == len(tickets)) || ready != (open == 0 && !completed) {
			t.Fatalf("order %s is %s with %d tickets, %d open, %d on the table; all cancelled: %t", order.ID, order.State,
				len(tickets), open, table, cancelled)
		}
		if completed == order.Ended.IsZero() || (completed || ready) == order.Ready.IsZero() {
			t.Fatalf("order %s is %s, ready %s, ended %s", order.ID, order.State, order.Ready, order.Ended)
		}
	}
}

// checkHeld checks that nothing that is held can be forgotten: it has a time, or it is listed; and what a rule of the
// house should have fired is not held.
func checkHeld(t *rapid.T, coursing edge.Coursing, order edge.Order, tickets []edge.Ticket) {
	var held []int
	for _, ticket := range tickets {
		if ticket.State != edge.TicketStateHeld {
			if ticket.State != edge.TicketStateVoided && (!ticket.FireAt.IsZero() || ticket.ByHand) {
				t.Fatalf("ticket %s is %s and to be fired at %s, by hand %t", ticket.ID, ticket.State, ticket.FireAt, ticket.ByHand)
			}
			continue
		}
		if ticket.FireAt.IsZero() && !slices.Contains(held, ticket.Course) {
			held = append(held, ticket.Course)
		}
		if ticket.FireAt.IsZero() && !ticket.ByHand && turnHasCome(coursing, tickets, ticket.Course) {
			t.Fatalf("order %s: course %d is held though its turn has come (%s): %+v", order.ID, ticket.Course, coursing.Next, tickets)
		}
	}
	slices.Sort(held)
	if !slices.Equal(held, order.Held) {
		t.Fatalf("order %s: courses %v are held, it says %v", order.ID, held, order.Held)
	}
}

// turnHasCome is the house's rules in other words than theirs.
func turnHasCome(coursing edge.Coursing, tickets []edge.Ticket, course int) bool {
	before := slices.DeleteFunc(slices.Clone(tickets), func(t edge.Ticket) bool { return t.Course >= course })
	if len(before) == 0 {
		return false
	}
	alive := slices.DeleteFunc(before, func(t edge.Ticket) bool { return t.State == edge.TicketStateVoided })
	switch coursing.Next {
	case edge.NextWhenDone:
		return !slices.ContainsFunc(alive, func(t edge.Ticket) bool { return t.State.Open() })
	case edge.NextWhenServed:
		return !slices.ContainsFunc(alive, func(t edge.Ticket) bool { return t.State != edge.TicketStateServed })
	case edge.NextWhenFired:
		last := -1
		for _, t := range alive {
			last = max(last, t.Course)
		}
		return len(alive) == 0 || slices.ContainsFunc(alive, func(t edge.Ticket) bool {
			return t.Course == last && t.State != edge.TicketStateHeld
		})
	default:
		return false
	}
}

func checkTotals(t *rapid.T, order edge.Order) {
	var lines, buckets, tax int64
	for _, line := range order.Lines {
		lines += line.Unit * int64(line.Quantity-line.Cancelled)
	}
	for _, b := range order.Totals.Rates {
		if b.Net+b.Tax != b.Gross {
			t.Fatalf("order %s: bucket %+v does not add up", order.ID, b)
		}
		buckets += b.Gross
		tax += b.Tax
	}
	if lines != order.Totals.Gross || buckets != order.Totals.Gross || tax != order.Totals.Tax {
		t.Fatalf("order %s: lines %d, buckets %d, total %+v", order.ID, lines, buckets, order.Totals)
	}
}
