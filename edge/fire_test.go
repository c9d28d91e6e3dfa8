package edge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

var byHand = edge.Coursing{Hold: true, Next: edge.NextByHand}

func TestFiringATicketACourseOrTheNext(t *testing.T) {
	h := newDinner(t, byHand)
	id := h.supper(t, "soup", "steak", "salad", "cake")
	steak := h.at(t, id, "grill", 2)
	h.now = h.now.Add(20 * time.Minute)
	before := h.seq(t)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.press(steak.ID)) })
	if diff := cmp.Diff(map[edge.EventKind]int{edge.TicketFired: 1, edge.OrderCourses: 1}, h.events(t, before)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	steak = h.at(t, id, "grill", 2)
	if order, _ := h.order(t, id); steak.State != sent || !steak.Fired.Equal(h.now) || !steak.Since().Equal(h.now) ||
		!slices.Equal(order.Held, []int{2, 3}) {
		t.Errorf("got %s, fired %s, held courses %v", steak.State, steak.Fired, order.Held)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id, 3)) })
	if cake := h.at(t, id, "bar", 3); cake.State != sent {
		t.Errorf("the course that was named: got %s, want fired", cake.State)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	if order, _ := h.order(t, id); len(order.Held) != 0 || h.at(t, id, "bar", 2).State != sent {
		t.Errorf("the next course: still held %v", order.Held)
	}
	h.quiet(t, func() {
		h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
		h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.press(steak.ID)) })
		h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id, 9)) })
	})
	for _, press := range []edge.Press{h.press("nobody"), h.onCourse("nobody")} {
		_, err := h.kitchen.Fire(ctx, press)
		if err == nil {
			t.Errorf("firing %q of %q: got no error", press.Ticket, press.Order)
		}
	}
}

// quiet checks that do leaves the journal as it is.
func (h *house) quiet(t *testing.T, do func()) {
	t.Helper()
	before := h.seq(t)
	do()
	if kinds := h.events(t, before); len(kinds) > 0 {
		t.Errorf("this was to change nothing: got %v", kinds)
	}
}

func TestHoldingPutsOffWhatNobodyHasBegun(t *testing.T) {
	h := newDinner(t, edge.Coursing{Next: edge.NextWhenDone})
	id := h.supper(t, "steak", "salad")
	grill := h.at(t, id, "grill", 0)
	h.do(t, func() (int64, error) { return h.kitchen.Start(ctx, h.press(grill.ID)) })
	h.refused(t, "ticket_started", func() error { _, err := h.kitchen.Hold(ctx, h.press(grill.ID)); return err })
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(id)) })
	grill = h.at(t, id, "grill", 0)
	bar := h.at(t, id, "bar", 0)
	order, _ := h.order(t, id)
	if grill.State != edge.TicketStateStarted || bar.State != held || !bar.ByHand || !slices.Equal(order.Held, []int{0}) {
		t.Fatalf("got grill %s, bar %s, held %v; want only the bar's held", grill.State, bar.State, order.Held)
	}
	h.quiet(t, func() { h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.press(bar.ID)) }) })
	h.bump(t, grill.ID)
	if got := h.at(t, id, "bar", 0).State; got != held {
		t.Errorf("when the grill was done, the bar's ticket became %s, want still held", got)
	}
	undo := h.press(bar.ID)
	undo.Undo = true
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, undo) })
	if got := h.at(t, id, "bar", 0); got.State != sent || got.ByHand {
		t.Errorf("hold undone: got %s", got.State)
	}
	undo = h.press(bar.ID)
	undo.Undo = true
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, undo) })
	if got := h.at(t, id, "bar", 0); got.State != held || !got.Fired.IsZero() {
		t.Errorf("fire undone: got %s, fired %s", got.State, got.Fired)
	}
	for _, state := range []string{"done", "cancellation"} {
		ticket := grill
		if state == "cancellation" {
			ticket = h.slip(t, id)
		}
		h.quiet(t, func() { h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.press(ticket.ID)) }) })
	}
}

// slip cancels the order's second line and gives the slip the station got.
func (h *house) slip(t *testing.T, id edge.ID) edge.Ticket {
	t.Helper()
	err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: h.key(), Order: id, Line: new(1), Quantity: 1, Reason: "no"})
	if err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	_, tickets := h.order(t, id)
	return tickets[slices.IndexFunc(tickets, func(t edge.Ticket) bool { return t.Kind == edge.TicketCancellation })]
}

func TestWorkingOnWhatIsHeldFiresIt(t *testing.T) {
	tests := map[string]func(h *house, p edge.Press) (int64, error){
		"start": func(h *house, p edge.Press) (int64, error) { return h.kitchen.Start(ctx, p) },
		"bump":  func(h *house, p edge.Press) (int64, error) { return h.kitchen.Bump(ctx, p) },
		"item": func(h *house, p edge.Press) (int64, error) {
			p.Item = new(0)
			return h.kitchen.Bump(ctx, p)
		},
	}
	for name, work := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextWhenFired, Delay: 10 * time.Minute})
			id := h.supper(t, "soup", "steak", "cake")
			h.now = h.now.Add(time.Minute)
			steak := h.at(t, id, "grill", 2)
			h.do(t, func() (int64, error) { return work(h, h.press(steak.ID)) })
			steak = h.at(t, id, "grill", 2)
			if steak.State == held || !steak.Fired.Equal(h.now) || steak.Started.IsZero() || !steak.FireAt.IsZero() {
				t.Errorf("got %s, fired %s, started %s", steak.State, steak.Fired, steak.Started)
			}
			if cake := h.at(t, id, "bar", 3); !cake.FireAt.Equal(h.now.Add(10 * time.Minute)) {
				t.Errorf("the course after it fires at %s, want in 10 minutes", cake.FireAt)
			}
		})
	}
	h := newDinner(t, byHand)
	steak := h.at(t, h.supper(t, "soup", "steak"), "grill", 2)
	nothing := h.press(steak.ID)
	nothing.Item, nothing.Count = new(0), new(0)
	undo := h.press(steak.ID)
	undo.Undo = true
	h.quiet(t, func() {
		h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, nothing) })
		h.do(t, func() (int64, error) { return h.kitchen.Start(ctx, undo) })
	})
}

func TestServingLeavesHeldCoursesAlone(t *testing.T) {
	h := newDinner(t, byHand)
	id := h.supper(t, "soup", "steak")
	if err := h.floor.Serve(ctx, "staff", id); err != nil {
		t.Fatalf("Serve: %v", err)
	}
	order, _ := h.order(t, id)
	if got := h.letters(t, id); got != "SH." || order.State != edge.OrderStatePreparing || order.Waiting != 1 {
		t.Errorf("got %s of an order %s with %d waiting", got, order.State, order.Waiting)
	}
	h.quiet(t, func() {
		h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id, 2)) })
		if err := h.floor.Serve(ctx, "staff", id); err != nil {
			t.Fatalf("Serve again: %v", err)
		}
	})
	err := h.floor.Close(ctx, "staff", order.Session, "in a hurry")
	if edge.CodeOf(err) != "orders_open" || !strings.Contains(err.Error(), "never sent") {
		t.Errorf("closing the table: got %v, want to be told of the course that waits", err)
	}
}

func TestGuestsCallTheirNextCourse(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand, Guests: true, Together: true})
	id := h.supper(t, "soup", "olives", "steak")
	guest := h.seat(t, recentCode, "guest").Guest.ID
	call := func() error { return h.floor.NextCourse(ctx, guest, id) }
	h.refused(t, "course_not_yet", call)
	h.bump(t, h.at(t, id, "grill", 1).ID)
	h.refused(t, "course_not_yet", call) // the olives are still to be fired
	h.bump(t, h.at(t, id, "bar", 1).ID)
	other := h.seat(t, counterWord, "stranger").Guest.ID
	h.refused(t, "order_unknown", func() error { return h.floor.NextCourse(ctx, other, id) })
	if err := h.floor.NextCourse(ctx, guest, "nobody"); err == nil {
		t.Error("an order that is not: got no error")
	}
	friend := h.seat(t, recentCode, "friend").Guest.ID
	if err := h.floor.NextCourse(ctx, friend, id); err != nil {
		t.Fatalf("NextCourse by a friend at the table: %v", err)
	}
	if got := h.at(t, id, "grill", 2).State; got != sent {
		t.Errorf("the second course is %s, want fired", got)
	}
	h.quiet(t, func() {
		if err := call(); err != nil {
			t.Errorf("calling when nothing is held: %v", err)
		}
	})
}

func TestGuestsCannotCallWhatTheHouseKeeps(t *testing.T) {
	tests := map[string]struct {
		coursing edge.Coursing
		hold     int
	}{
		"the house does not allow it":      {byHand, 0},
		"somebody held their first course": {edge.Coursing{Hold: true, Next: edge.NextByHand, Guests: true}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, test.coursing)
			id := h.supper(t, "soup", "steak")
			if test.hold > 0 {
				h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(id, test.hold)) })
			} else {
				h.bump(t, h.at(t, id, "grill", 1).ID)
			}
			guest := h.seat(t, recentCode, "guest").Guest.ID
			h.refused(t, "course_not_yet", func() error { return h.floor.NextCourse(ctx, guest, id) })
		})
	}
}

func TestSlowOrdersAreNotCalledBeforeTheyBegin(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand, Guests: true})
	h.slow(t, edge.AllChannels, 600)
	id := h.supper(t, "soup", "steak")
	guest := h.seat(t, recentCode, "guest").Guest.ID
	h.refused(t, "course_not_yet", func() error { return h.floor.NextCourse(ctx, guest, id) })
}

func (h *house) slow(t *testing.T, channel string, seconds int) {
	t.Helper()
	h.do(t, func() (int64, error) {
		return h.kitchen.SetPace(ctx, "staff", edge.Pace{Channel: channel, State: edge.PaceSlow, Delay: seconds}, []string{"web"})
	})
}

func TestStaffFireCoursesFromTheFloor(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand, Together: true})
	id := h.supper(t, "soup", "steak", "salad")
	if err := h.floor.FireCourse(ctx, "staff", id, nil); err != nil {
		t.Fatalf("FireCourse: %v", err)
	}
	if steak, salad := h.at(t, id, "grill", 2), h.at(t, id, "bar", 2); steak.State != sent || !salad.FireAt.Equal(h.now.Add(13*time.Minute)) {
		t.Errorf("got the steak %s and the salad in %s; want it fired, and the salad in 13 minutes", steak.State, salad.FireAt.Sub(h.now))
	}
	if err := h.floor.FireCourse(ctx, "staff", id, new(2)); err != nil {
		t.Fatalf("FireCourse again: %v", err)
	}
	if salad := h.at(t, id, "bar", 2); salad.State != sent {
		t.Errorf("asked again: got the salad %s, want it fired now", salad.State)
	}
	if err := h.floor.FireCourse(ctx, "staff", "nobody", nil); err == nil {
		t.Error("an order that is not: got no error")
	}
}

func TestWhatIsReadyTogetherIsDoneAtTheSameTime(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextWhenDone, Together: true})
	id := h.supper(t, "soup", "olives", "steak", "salad")
	h.pass(t, 4*time.Minute)
	soup, olives := h.at(t, id, "grill", 1), h.at(t, id, "bar", 1)
	if olives.State != sent || !olives.Fired.Equal(evening.Add(4*time.Minute)) {
		t.Fatalf("the olives: got %s, fired %s; want 4 minutes after the soup", olives.State, olives.Fired)
	}
	h.bump(t, soup.ID)
	if got := h.at(t, id, "grill", 2).State; got != held {
		t.Errorf("with the olives still to make the steak is %s, want held", got)
	}
	h.bump(t, olives.ID)
	if got := h.at(t, id, "grill", 2).State; got != sent {
		t.Errorf("after the first course the steak is %s, want fired", got)
	}
	if salad := h.at(t, id, "bar", 2); salad.State != held || !salad.FireAt.Equal(h.now.Add(13*time.Minute)) {
		t.Errorf("the salad: got %s at %s", salad.State, salad.FireAt)
	}
}
