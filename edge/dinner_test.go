package edge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// dinnerMenu is the sample menu with an evening's courses: bread belongs to none, soup is the first, steak and salad the
// second, cake the third.
func dinnerMenu() edge.Menu {
	menu := sampleMenu()
	menu.Stations = append(menu.Stations,
		edge.Station{ID: "window", Name: both("Window")}, edge.Station{ID: "fryer", Name: both("Fryer")})
	menu.Categories = append(menu.Categories, edge.Category{
		ID: "dinner", Name: both("Dinner"), Station: "grill", Tax: "food", TakeAwayStation: "window",
		Items: []edge.Item{
			{ID: "bread", Name: both("Bread"), Price: 200, Stations: []string{"bar"}},
			{ID: "soup", Name: both("Soup"), Price: 600, Course: 1, PrepSeconds: 300},
			{ID: "olives", Name: both("Olives"), Price: 400, Course: 1, PrepSeconds: 60, Stations: []string{"bar"}},
			{ID: "steak", Name: both("Steak"), Price: 2400, Course: 2, PrepSeconds: 900, Groups: []string{"sides"}},
			{ID: "salad", Name: both("Salad"), Price: 900, Course: 2, PrepSeconds: 120, Stations: []string{"bar"}},
			{ID: "cake", Name: both("Cake"), Price: 500, Course: 3, PrepSeconds: 60, Stations: []string{"bar"}},
		},
	})
	menu.Groups = append(menu.Groups, edge.ModifierGroup{ID: "sides", Name: both("Sides"), Max: 3, Modifiers: []edge.Modifier{
		{ID: "raw", Name: both("Raw"), Stations: []string{"bar"}},
		{ID: "chips", Name: both("Chips"), AlsoAt: []string{"fryer"}},
		{ID: "sauce", Name: both("Sauce"), AlsoAt: []string{"grill", "bar"}},
	}})
	return menu
}

// newDinner opens a house that sends its courses one after the other, and publishes the dinner menu.
func newDinner(t testing.TB, coursing edge.Coursing) *house {
	t.Helper()
	h := newHouseWith(t, func(v *edge.Venue) { v.Coursing, v.UnseenAfter = coursing, time.Minute })
	h.publishDinner(t)
	return h
}

func (h *house) publishDinner(t tb) {
	t.Helper()
	var err error
	if h.menu, err = h.floor.Publish(ctx, edge.System, dinnerMenu()); err != nil {
		t.Fatalf("Publish: %v", err)
	}
}

// dishes is one of each item.
func dishes(items ...string) []edge.LineRequest {
	var lines []edge.LineRequest
	for _, item := range items {
		lines = append(lines, edge.LineRequest{Item: item, Quantity: 1})
	}
	return lines
}

// supper seats a guest and places an order of one of each item.
func (h *house) supper(t tb, items ...string) edge.ID {
	t.Helper()
	h.ids++
	guest := h.seat(t, recentCode, "guest").Guest.ID
	return h.place(t, guest, h.key(), dishes(items...)...).Order
}

func (h *house) key() string { return string(h.press("").Key) }

// plate is what a ticket is in a test: which station and course, where it stands, when it fires.
type plate struct {
	Station string
	Course  int
	State   edge.TicketState
	FireIn  time.Duration // from the start of the test's evening, 0 for not by itself
}

var evening = time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)

// plates are the order's tickets to cook, in the order they were made.
func (h *house) plates(t tb, order edge.ID) []plate {
	t.Helper()
	var plates []plate
	_, tickets := h.order(t, order)
	for _, ticket := range tickets {
		if ticket.Kind != edge.TicketFood {
			continue
		}
		p := plate{Station: ticket.Station, Course: ticket.Course, State: ticket.State}
		if !ticket.FireAt.IsZero() {
			p.FireIn = ticket.FireAt.Sub(evening)
		}
		plates = append(plates, p)
	}
	return plates
}

// at finds the order's newest ticket at the station in the course.
func (h *house) at(t tb, order edge.ID, station string, course int) edge.Ticket {
	t.Helper()
	_, tickets := h.order(t, order)
	for _, one := range slices.Backward(tickets) {
		if one.Kind == edge.TicketFood && one.Station == station && one.Course == course {
			return one
		}
	}
	t.Fatalf("order %s has no ticket at %s in course %d", order, station, course)
	return edge.Ticket{}
}

func (h *house) bump(t tb, ticket edge.ID) {
	t.Helper()
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(ticket)) })
}

// onCourse is a press on a course of an order, none for the order as a whole.
func (h *house) onCourse(order edge.ID, course ...int) edge.Press {
	p := h.press("")
	p.Order = order
	if len(course) > 0 {
		p.Course = new(course[0])
	}
	return p
}

// pass lets time go by as the daemon does, looking every half minute.
func (h *house) pass(t tb, d time.Duration) {
	t.Helper()
	for end := h.now.Add(d); h.now.Before(end); {
		h.now = h.now.Add(min(30*time.Second, end.Sub(h.now)))
		if err := h.kitchen.Tend(ctx); err != nil {
			t.Fatalf("Tend: %v", err)
		}
	}
}

// events are the kinds of events after seq, with how often each happened.
func (h *house) events(t tb, after int64) map[edge.EventKind]int {
	t.Helper()
	kinds := map[edge.EventKind]int{}
	err := h.store.Read(ctx, func(view edge.View) error {
		events, err := view.Events(after, 10_000)
		for _, e := range events {
			kinds[e.Kind]++
		}
		return err
	})
	if err != nil {
		t.Fatalf("Events: %v", err)
	}
	return kinds
}
