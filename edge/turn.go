package edge

// turn is the course whose turn has come by the house's rule: the first of which something waits for the courses before
// it, if they have come far enough. What somebody held by hand has no turn, and keeps later courses back as anything
// else does that is not cooked.
func (c Coursing) turn(tickets []Ticket) (int, bool) {
	if c.Next == NextByHand || c.Next == "" {
		return 0, false
	}
	next, ok := 0, false
	for i := range tickets {
		if t := &tickets[i]; awaits(t) && (!ok || t.Course < next) {
			next, ok = t.Course, true
		}
	}
	if !ok || !c.through(tickets, next) {
		return 0, false
	}
	return next, true
}

// awaits reports whether the ticket waits for the course before it.
func awaits(t *Ticket) bool { return waits(t) && !t.ByHand }

// through reports whether there are courses before the given one and none of them keeps it back.
func (c Coursing) through(tickets []Ticket, course int) bool {
	before, last, fired := false, -1, true
	for i := range tickets {
		t := &tickets[i]
		if t.Kind != TicketFood || t.Course >= course {
			continue
		}
		before = true
		switch {
		case t.State == TicketStateVoided:
		case c.Next == NextWhenDone && t.State.Open(), c.Next == NextWhenServed && t.State != TicketStateServed:
			return false
		case t.Course > last:
			last, fired = t.Course, t.State != TicketStateHeld
		case t.Course == last:
			fired = fired || t.State != TicketStateHeld
		}
	}
	return before && (fired || c.Next != NextWhenFired)
}
