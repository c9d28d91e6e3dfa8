package edge_test

import (
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// verb is a press on a ticket, a course or an order.
type verb struct {
	name string
	do   func(*edge.Kitchen, edge.Press) (int64, error)
}

var orderVerbs = []verb{
	{"fire", func(k *edge.Kitchen, p edge.Press) (int64, error) { return k.Fire(ctx, p) }},
	{"hold", func(k *edge.Kitchen, p edge.Press) (int64, error) { return k.Hold(ctx, p) }},
	{"rush", func(k *edge.Kitchen, p edge.Press) (int64, error) { return k.Rush(ctx, p) }},
	{"collect", func(k *edge.Kitchen, p edge.Press) (int64, error) { return k.Collect(ctx, p) }},
	{"serve", func(k *edge.Kitchen, p edge.Press) (int64, error) { return k.Serve(ctx, p) }},
}

// target is a press on something of a random order.
func (s *service) target(t *rapid.T) edge.Press {
	id := s.some(t)
	_, tickets := s.order(t, id)
	press := s.house.press("")
	switch rapid.SampledFrom([]string{"ticket", "course", "order"}).Draw(t, "what") {
	case "ticket":
		if len(tickets) == 0 {
			t.Skip("no tickets")
		}
		press.Ticket = rapid.SampledFrom(tickets).Draw(t, "ticket").ID
	case "course":
		press.Order, press.Course = id, new(rapid.IntRange(0, 3).Draw(t, "course"))
	default:
		press.Order = id
	}
	return press
}

// course presses one of the verbs of courses and of the pass, twice with the same key.
func (s *service) course(t *rapid.T) {
	press := s.target(t)
	press.Undo = rapid.IntRange(0, 3).Draw(t, "undo") == 0
	verb := rapid.SampledFrom(orderVerbs).Draw(t, "verb")
	first, err := verb.do(s.kitchen, press)
	allow(t, err)
	again, err2 := verb.do(s.kitchen, press)
	if again != first || edge.CodeOf(err2) != edge.CodeOf(err) {
		t.Fatalf("%s with the same key: got %d, %v; first %d, %v", verb.name, again, err2, first, err)
	}
	if press.Undo || err != nil {
		return
	}
	seq := s.seq(t)
	press.Key = s.key()
	if _, err := verb.do(s.kitchen, press); err == nil && verb.name != "fire" && s.seq(t) != seq {
		t.Fatalf("%s of what is so already wrote to the journal", verb.name)
	}
}

// undo presses a verb that has an exact undo, takes it back, and compares.
func (s *service) undo(t *rapid.T) {
	press := s.target(t)
	verb := rapid.SampledFrom(orderVerbs[2:]).Draw(t, "verb")
	s.now = s.now.Add(time.Second)
	if verb.name == "serve" && s.followed() {
		t.Skip("serving fires the next course, and that stays")
	}
	before, untouched := s.state(t, press, verb.name)
	if !untouched {
		t.Skip("undo would bring back more than this press did")
	}
	_, err := verb.do(s.kitchen, press)
	allow(t, err)
	press.Key, press.Undo = s.key(), true
	_, err = verb.do(s.kitchen, press)
	allow(t, err)
	after, _ := s.state(t, press, verb.name)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Fatalf("%s and its undo (-before +after):\n%s", verb.name, diff)
	}
}

func (s *service) followed() bool {
	next := s.venue.Coursing.Next
	return next == edge.NextWhenDone || next == edge.NextWhenServed
}

// standing is what an undo must bring back of an order.
type standing struct {
	State   edge.OrderState
	Waiting int
	Held    []int
	Tickets []edge.Ticket
}

// state is how the order of a press stands, less what an undo may leave: how often something came back, that work has
// begun. untouched says that nothing of what the press means is already as the press wants it.
func (s *service) state(t *rapid.T, press edge.Press, verb string) (st standing, untouched bool) {
	id := press.Order
	if press.Ticket != "" {
		id = s.ticketOf(t, press.Ticket).Order
	}
	order, tickets := s.order(t, id)
	untouched = order.State != edge.OrderStateAccepted
	for i := range tickets {
		ticket := &tickets[i]
		means := ticket.ID == press.Ticket || press.Ticket == "" && (press.Course == nil || *press.Course == ticket.Course)
		if means {
			untouched = untouched && ticket.Rush.IsZero() && ticket.Collected.IsZero() && ticket.State != edge.TicketStateServed
		}
		if verb == "serve" && ticket.State.Open() && slices.ContainsFunc(ticket.Items, func(i edge.TicketItem) bool { return i.Bumped > 0 }) {
			untouched = false
		}
		ticket.Recalled = 0
	}
	return standing{order.State, order.Waiting, order.Held, tickets}, untouched
}

func (s *service) ticketOf(t *rapid.T, id edge.ID) (ticket edge.Ticket) {
	err := s.store.Read(ctx, func(view edge.View) (err error) { ticket, err = view.Ticket(id); return err })
	if err != nil {
		t.Fatalf("ticket %s: %v", id, err)
	}
	return ticket
}

func (s *service) remakeSome(t *rapid.T) {
	_, tickets := s.order(t, s.some(t))
	if len(tickets) == 0 {
		t.Skip("no tickets")
	}
	ticket := rapid.SampledFrom(tickets).Draw(t, "ticket")
	press := s.house.press(ticket.ID)
	press.Item, press.Reason = new(rapid.IntRange(0, len(ticket.Items)-1).Draw(t, "item")), "dropped"
	press.Count = new(rapid.IntRange(1, 3).Draw(t, "count"))
	first, err := s.kitchen.Remake(ctx, press)
	allow(t, err)
	if again, err := s.kitchen.Remake(ctx, press); err == nil && again != first {
		t.Fatalf("the same remake again: got seq %d, want %d", again, first)
	}
}

func (s *service) pace(t *rapid.T) {
	pace := edge.Pace{Channel: edge.AllChannels, State: edge.PaceOpen}
	switch rapid.IntRange(0, 3).Draw(t, "pace") {
	case 0:
		pace.State = edge.PacePaused
	case 1:
		pace.State, pace.Delay = edge.PaceSlow, rapid.IntRange(60, 900).Draw(t, "delay")
	default:
	}
	if _, err := s.kitchen.SetPace(ctx, "staff", pace, nil); err != nil {
		t.Fatalf("SetPace: %v", err)
	}
	s.paused = pace.State == edge.PacePaused
}

// time passes, and the device looks around.
func (s *service) time(t *rapid.T) {
	s.now = s.now.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "seconds")) * time.Second)
	s.tend(t)
}

func (s *service) tend(t *rapid.T) {
	if err := s.kitchen.Tend(ctx); err != nil {
		t.Fatalf("Tend: %v", err)
	}
	err := s.store.Read(ctx, func(view edge.View) error {
		tickets, err := view.OpenTickets()
		for _, ticket := range tickets {
			if ticket.State == edge.TicketStateHeld && !ticket.FireAt.IsZero() && !ticket.FireAt.After(s.now) {
				t.Fatalf("ticket %s was to be fired at %s and is held at %s", ticket.ID, ticket.FireAt, s.now)
			}
		}
		return err
	})
	if err != nil {
		t.Fatalf("open tickets: %v", err)
	}
}

func (s *service) call(t *rapid.T) {
	allow(t, s.floor.NextCourse(ctx, rapid.SampledFrom(s.guests).Draw(t, "guest"), s.some(t)))
}

// outlast plays the evening to its end: whatever is held by a time or by a rule is fired when all before it is served,
// and what is held by hand is there for a hand to fire.
func (s *service) outlast(t *rapid.T) {
	s.later(t, 8, func(edge.ID) {})
	for _, id := range s.orders {
		order, tickets := s.order(t, id)
		byHand := s.venue.Coursing.Next == edge.NextByHand
		for _, ticket := range tickets {
			byHand = byHand || ticket.State == edge.TicketStateHeld && ticket.ByHand
		}
		if order.State != edge.OrderStateReceived && !order.State.Over() && !byHand {
			t.Fatalf("order %s is %s in the end, held %v of %+v", id, order.State, order.Held, tickets)
		}
	}
	s.later(t, 4, func(id edge.ID) { allow(t, s.floor.FireCourse(ctx, "staff", id, nil)) })
	s.later(t, 1, func(edge.ID) {})
	for _, id := range s.orders {
		if order, _ := s.order(t, id); order.State != edge.OrderStateReceived && !order.State.Over() {
			t.Fatalf("order %s is %s when all was fired and served, held %v", id, order.State, order.Held)
		}
	}
}

// later lets time go by, and serves what is fired and does do with every order that is not over.
func (s *service) later(t *rapid.T, times int, do func(edge.ID)) {
	for range times {
		s.now = s.now.Add(20 * time.Minute)
		s.tend(t)
		for _, id := range s.orders {
			if order, _ := s.order(t, id); order.State.Over() || order.State == edge.OrderStateReceived {
				continue
			}
			allow(t, s.floor.Serve(ctx, "staff", id))
			do(id)
		}
	}
}
