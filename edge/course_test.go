package edge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

const (
	held = edge.TicketStateHeld
	sent = edge.TicketStateNew
	done = edge.TicketStateDone
)

func TestOrdersAreSentCourseByCourse(t *testing.T) {
	hold := edge.Coursing{Hold: true, Next: edge.NextByHand}
	with := func(change func(*edge.Coursing)) edge.Coursing {
		c := hold
		change(&c)
		return c
	}
	tests := map[string]struct {
		coursing edge.Coursing
		items    []string
		want     []plate
		held     []int
	}{
		"all at once where nothing is held": {
			edge.Coursing{Next: edge.NextByHand},
			[]string{"soup", "steak", "cake"},
			[]plate{{"grill", 0, sent, 0}, {"bar", 0, sent, 0}},
			nil,
		},
		"the first is sent, the others are held": {
			hold,
			[]string{"soup", "steak", "salad", "cake"},
			[]plate{{"grill", 1, sent, 0}, {"grill", 2, held, 0}, {"bar", 2, held, 0}, {"bar", 3, held, 0}},
			[]int{2, 3},
		},
		"what has no course comes with the first": {
			hold,
			[]string{"cake", "bread", "steak"},
			[]plate{{"bar", 2, sent, 0}, {"grill", 2, sent, 0}, {"bar", 3, held, 0}},
			[]int{3},
		},
		"one course alone is no course": {
			hold, []string{"steak", "salad"}, []plate{{"grill", 0, sent, 0}, {"bar", 0, sent, 0}}, nil,
		},
		"only what has no course": {hold, []string{"bread", "fries"}, []plate{{"bar", 0, sent, 0}, {"grill", 0, sent, 0}}, nil},
		"a time after the first was fired": {
			with(func(c *edge.Coursing) { c.Next, c.Delay = edge.NextWhenFired, 15*time.Minute }),
			[]string{"soup", "steak", "cake"},
			[]plate{{"grill", 1, sent, 0}, {"grill", 2, held, 15 * time.Minute}, {"bar", 3, held, 0}},
			[]int{3},
		},
		"all courses at once, one ticket each": {
			with(func(c *edge.Coursing) { c.Next = edge.NextWhenFired }),
			[]string{"soup", "steak", "cake"},
			[]plate{{"grill", 1, sent, 0}, {"grill", 2, sent, 0}, {"bar", 3, sent, 0}},
			nil,
		},
		"ready together within a course": {
			with(func(c *edge.Coursing) { c.Together = true }),
			[]string{"soup", "olives", "steak", "salad"},
			[]plate{{"grill", 1, sent, 0}, {"bar", 1, held, 4 * time.Minute}, {"grill", 2, held, 0}, {"bar", 2, held, 0}},
			[]int{2},
		},
		"ready together without courses": {
			edge.Coursing{Together: true},
			[]string{"steak", "salad"},
			[]plate{{"grill", 0, sent, 0}, {"bar", 0, held, 13 * time.Minute}},
			nil,
		},
		"ready together in the only course": {
			with(func(c *edge.Coursing) { c.Together = true }),
			[]string{"steak", "salad"},
			[]plate{{"grill", 0, sent, 0}, {"bar", 0, held, 13 * time.Minute}},
			nil,
		},
		"what names no time is not put off": {
			with(func(c *edge.Coursing) { c.Together = true }),
			[]string{"steak", "bread"},
			[]plate{{"grill", 0, sent, 0}, {"bar", 0, sent, 0}},
			nil,
		},
		"together and a time after the first": {
			with(func(c *edge.Coursing) { c.Together, c.Next, c.Delay = true, edge.NextWhenFired, 10*time.Minute }),
			[]string{"soup", "steak", "salad"},
			[]plate{{"grill", 1, sent, 0}, {"grill", 2, held, 10 * time.Minute}, {"bar", 2, held, 23 * time.Minute}},
			nil,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, test.coursing)
			id := h.supper(t, test.items...)
			if diff := cmp.Diff(test.want, h.plates(t, id), cmp.Options{sorted}); diff != "" {
				t.Errorf("tickets (-want +got):\n%s", diff)
			}
			order, tickets := h.order(t, id)
			if !slices.Equal(order.Held, test.held) || order.Waiting != len(tickets) || len(order.Tickets) != len(tickets) {
				t.Errorf("order: got held %v, %d waiting, %d tickets; want %v and %d", order.Held, order.Waiting, len(order.Tickets),
					test.held, len(tickets))
			}
		})
	}
}

func TestTakeAwayIsNotSentInCourses(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand})
	req := h.request(h.seat(t, recentCode, "a").Guest.ID, "k", dishes("soup", "steak")...)
	req.Dining = edge.TakeAway
	receipt, err := h.floor.Place(ctx, req)
	if err != nil {
		t.Fatalf("Place: %v", err)
	}
	if diff := cmp.Diff([]plate{{"window", 0, sent, 0}}, h.plates(t, receipt.Order)); diff != "" {
		t.Errorf("tickets (-want +got):\n%s", diff)
	}
}

func TestOrderThatStaffAcceptIsSentCourseByCourse(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand})
	receipt := h.place(t, h.seat(t, printedWord, "a").Guest.ID, "k", dishes("soup", "steak")...)
	h.now = h.now.Add(time.Minute)
	if err := h.floor.Accept(ctx, "staff", receipt.Order); err != nil {
		t.Fatalf("Accept: %v", err)
	}
	want := []plate{{"grill", 1, sent, 0}, {"grill", 2, held, 0}}
	if diff := cmp.Diff(want, h.plates(t, receipt.Order)); diff != "" {
		t.Errorf("tickets (-want +got):\n%s", diff)
	}
}

// sorted compares plates without their order: the tickets of an order are made at the same instant.
var sorted = cmp.Transformer("sorted", func(in []plate) []string {
	var out []string
	for _, p := range in {
		out = append(out, p.Station+" "+string(rune('0'+p.Course))+" "+string(p.State)+" "+p.FireIn.String())
	}
	slices.Sort(out)
	return out
})

// TestWhatFiresTheNextCourse plays three courses, soup, steak and cake, through each of the house's rules.
func TestWhatFiresTheNextCourse(t *testing.T) {
	type step struct {
		do   string // "bump 1", "serve 1", or a time to let go by
		want string // what stands where after it: of each course a letter, H held, T held until a time, N, D, S
	}
	tests := map[string]struct {
		next  edge.NextCourse
		delay time.Duration
		steps []step
	}{
		"by hand": {edge.NextByHand, 0, []step{
			{"", "NHH"}, {"bump 1", "DHH"}, {"serve 1", "SHH"}, {"1h", "SHH"}, {"fire", "SNH"}, {"bump 2", "SDH"}, {"fire", "SDN"},
		}},
		"when fired": {edge.NextWhenFired, 10 * time.Minute, []step{
			{"", "NTH"}, {"bump 1", "DTH"}, {"9m", "DTH"}, {"1m", "DNT"}, {"serve 2", "DST"}, {"10m", "DSN"},
		}},
		"when fired, and one is fired early": {edge.NextWhenFired, 10 * time.Minute, []step{
			{"", "NTH"}, {"5m", "NTH"}, {"fire", "NNT"}, {"9m", "NNT"}, {"1m", "NNN"},
		}},
		"when fired without a wait": {edge.NextWhenFired, 0, []step{{"", "NNN"}}},
		"when done": {edge.NextWhenDone, 0, []step{
			{"", "NHH"}, {"1h", "NHH"}, {"bump 1", "DNH"}, {"serve 1", "SNH"}, {"bump 2", "SDN"}, {"bump 3", "SDD"},
		}},
		"when done, after a wait": {edge.NextWhenDone, 5 * time.Minute, []step{
			{"", "NHH"}, {"bump 1", "DTH"}, {"4m", "DTH"}, {"1m", "DNH"}, {"bump 2", "DDT"}, {"recall 2", "DNT"}, {"5m", "DNN"},
		}},
		"when served": {edge.NextWhenServed, 0, []step{
			{"", "NHH"}, {"bump 1", "DHH"}, {"1h", "DHH"}, {"serve 1", "SNH"}, {"bump 2", "SDH"}, {"serve 2", "SSN"}, {"serve 3", "SSS"},
		}},
		"when served, after a wait": {edge.NextWhenServed, 8 * time.Minute, []step{
			{"", "NHH"}, {"serve 1", "STH"}, {"7m", "STH"}, {"1m", "SNH"}, {"serve 2", "SST"}, {"fire", "SSN"},
		}},
		"cancelling a course makes way": {edge.NextWhenDone, 0, []step{{"", "NHH"}, {"cancel 1", "VNH"}, {"cancel 2", "VVN"}}},
		"cancelling the next course makes way for the one after": {edge.NextWhenFired, 10 * time.Minute, []step{
			{"", "NTH"}, {"4m", "NTH"}, {"cancel 2", "NVT"}, {"10m", "NVN"},
		}},
		"what is held by hand stays held": {edge.NextWhenDone, 0, []step{
			{"", "NHH"}, {"bump 1", "DNH"}, {"hold 2", "DHH"}, {"serve 1", "SHH"}, {"1h", "SHH"}, {"fire", "SNH"}, {"bump 2", "SDN"},
		}},
		"what is held by hand stays held when it had a time": {edge.NextWhenFired, 10 * time.Minute, []step{
			{"", "NTH"}, {"hold 2", "NHH"}, {"1h", "NHH"}, {"fire 2", "NNT"},
		}},
		"the first held by hand is not fired by a later one": {edge.NextWhenServed, 0, []step{
			{"", "NHH"}, {"hold 1", "HHH"}, {"fire 3", "HHN"}, {"serve 3", "HHS"}, {"fire", "NHS"}, {"serve 1", "SNS"},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, edge.Coursing{Hold: true, Next: test.next, Delay: test.delay})
			id := h.supper(t, "soup", "steak", "cake")
			for _, step := range test.steps {
				h.take(t, id, step.do)
				if got := h.letters(t, id); got != step.want {
					t.Fatalf("after %q: got %s, want %s", step.do, got, step.want)
				}
			}
		})
	}
}

// take does a step of an evening: "bump 1", "fire", "1h".
func (h *house) take(t *testing.T, id edge.ID, step string) {
	t.Helper()
	if d, err := time.ParseDuration(step); err == nil {
		h.pass(t, d)
		return
	}
	if step == "" {
		return
	}
	verb, course, _ := cut(step)
	press, ticket := h.onCourse(id, course...), edge.ID("")
	if len(course) > 0 && verb != "fire" && verb != "hold" {
		ticket = h.dish(t, id, course[0])
	}
	switch verb {
	case "bump":
		h.bump(t, ticket)
	case "recall":
		h.do(t, func() (int64, error) { return h.kitchen.Recall(ctx, h.press(ticket)) })
	case "serve":
		h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, press) })
	case "fire":
		h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, press) })
	case "hold":
		h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, press) })
	case "cancel":
		err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{
			Key: h.key(), Order: id, Line: new(course[0] - 1), Quantity: 1, Reason: "changed their mind",
		})
		if err != nil {
			t.Fatalf("Cancel: %v", err)
		}
	default:
		t.Fatalf("no such step: %s", step)
	}
}

func cut(step string) (verb string, course []int, ok bool) {
	for i, c := range step {
		if c == ' ' {
			return step[:i], []int{int(step[i+1] - '0')}, true
		}
	}
	return step, nil, false
}

// dish is the order's one ticket of a course.
func (h *house) dish(t *testing.T, order edge.ID, course int) edge.ID {
	t.Helper()
	_, tickets := h.order(t, order)
	for _, ticket := range tickets {
		if ticket.Course == course && ticket.Kind == edge.TicketFood {
			return ticket.ID
		}
	}
	t.Fatalf("order %s has no course %d", order, course)
	return ""
}

// letters says how the courses of an order stand, and checks that the order says so too.
func (h *house) letters(t *testing.T, id edge.ID) string {
	t.Helper()
	letters := []byte("...")
	order, tickets := h.order(t, id)
	var waiting []int
	for _, ticket := range tickets {
		if ticket.Kind != edge.TicketFood {
			continue
		}
		letter := map[edge.TicketState]byte{
			edge.TicketStateHeld: 'H', edge.TicketStateNew: 'N', edge.TicketStateStarted: 'N', edge.TicketStateDone: 'D',
			edge.TicketStateServed: 'S', edge.TicketStateVoided: 'V',
		}[ticket.State]
		if letter == 'H' && !ticket.FireAt.IsZero() {
			letter = 'T'
		} else if letter == 'H' {
			waiting = append(waiting, ticket.Course)
		}
		letters[ticket.Course-1] = letter
	}
	slices.Sort(waiting)
	if !slices.Equal(order.Held, waiting) {
		t.Errorf("the order says that courses %v are held, want %v", order.Held, waiting)
	}
	return string(letters)
}
