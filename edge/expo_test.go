package edge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestCollectedWaitsAtThePass(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.supper(t, "soup", "bread")
	soup := h.at(t, id, "grill", 0)
	collect := func(p edge.Press, undo bool) {
		t.Helper()
		p.Undo = undo
		h.do(t, func() (int64, error) { return h.kitchen.Collect(ctx, p) })
	}
	h.quiet(t, func() { collect(h.press(soup.ID), false) }) // it is not done yet
	h.bump(t, soup.ID)
	collect(h.onCourse(id), false)
	soup = h.at(t, id, "grill", 0)
	bread := h.at(t, id, "bar", 0)
	if !soup.Collected.Equal(h.now) || !bread.Collected.IsZero() {
		t.Fatalf("got the soup collected %s, the bread %s; want the done one only", soup.Collected, bread.Collected)
	}
	h.quiet(t, func() { collect(h.press(soup.ID), false) })
	collect(h.press(soup.ID), true)
	if soup = h.at(t, id, "grill", 0); !soup.Collected.IsZero() || soup.State != done {
		t.Errorf("undo: got %s, collected %s", soup.State, soup.Collected)
	}
	collect(h.press(soup.ID), false)
	h.do(t, func() (int64, error) { return h.kitchen.Recall(ctx, h.press(soup.ID)) })
	if soup = h.at(t, id, "grill", 0); !soup.Collected.IsZero() {
		t.Error("a recalled ticket is still at the pass")
	}
}

func TestServingInParts(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.supper(t, "soup", "bread")
	soup, bread := h.at(t, id, "grill", 0), h.at(t, id, "bar", 0)
	serve := func(p edge.Press, undo bool) {
		t.Helper()
		p.Undo = undo
		h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, p) })
	}
	h.bump(t, soup.ID)
	tests := []struct {
		name    string
		do      func()
		want    edge.OrderState
		waiting int
		told    []edge.EventKind
	}{
		{"a part", func() { serve(h.press(soup.ID), false) }, edge.OrderStatePreparing, 1, []edge.EventKind{edge.TicketServed, edge.OrderPartServed}},
		{"the same part", func() { serve(h.press(soup.ID), false) }, edge.OrderStatePreparing, 1, nil},
		{"undo of the part", func() { serve(h.press(soup.ID), true) }, edge.OrderStatePreparing, 1, []edge.EventKind{edge.TicketUnserved}},
		{"the part again", func() { serve(h.press(soup.ID), false) }, edge.OrderStatePreparing, 1, []edge.EventKind{edge.TicketServed, edge.OrderPartServed}},
		{"the rest is done", func() { h.bump(t, bread.ID) }, edge.OrderStateReady, 0, []edge.EventKind{edge.TicketDone, edge.OrderReady}},
		{"the rest", func() { serve(h.onCourse(id), false) }, edge.OrderStateCompleted, 0, []edge.EventKind{edge.TicketServed, edge.OrderServed}},
		{"undo takes back what was last", func() { serve(h.onCourse(id), true) }, edge.OrderStateReady, 0, []edge.EventKind{edge.TicketUnserved, edge.OrderReopened}},
		{"and then the part before", func() { serve(h.onCourse(id), true) }, edge.OrderStateReady, 0, []edge.EventKind{edge.TicketUnserved}},
		{"all of it", func() { serve(h.press(soup.ID), false); serve(h.press(bread.ID), false) }, edge.OrderStateCompleted, 0, []edge.EventKind{
			edge.TicketServed, edge.OrderPartServed, edge.TicketServed, edge.OrderServed,
		}},
		{"undo of one", func() { serve(h.press(soup.ID), true) }, edge.OrderStateReady, 0, []edge.EventKind{edge.TicketUnserved, edge.OrderReopened}},
	}
	for _, test := range tests {
		h.now = h.now.Add(time.Minute)
		before := h.seq(t)
		test.do()
		order, _ := h.order(t, id)
		if order.State != test.want || order.Waiting != test.waiting || order.Ended.IsZero() == (test.want == edge.OrderStateCompleted) {
			t.Fatalf("%s: got %s with %d waiting, want %s with %d", test.name, order.State, order.Waiting, test.want, test.waiting)
		}
		want := map[edge.EventKind]int{}
		for _, kind := range test.told {
			want[kind]++
		}
		if diff := cmp.Diff(want, h.events(t, before)); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", test.name, diff)
		}
	}
}

// What somebody served by mistake before it was cooked must come back to the station, as far as it was.
func TestUndoOfServingBringsBackWhatWasNotCooked(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	guest := h.seat(t, recentCode, "a").Guest.ID
	id := h.place(t, guest, "k", edge.LineRequest{Item: "soup", Quantity: 3}, edge.LineRequest{Item: "bread", Quantity: 1}).Order
	soup, bread := h.at(t, id, "grill", 0), h.at(t, id, "bar", 0)
	part := h.press(soup.ID)
	part.Item, part.Count = new(0), new(1)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, part) })
	before, _ := h.order(t, id)
	h.now = h.now.Add(time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id)) })
	undo := h.onCourse(id)
	undo.Undo = true
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, undo) })
	order, _ := h.order(t, id)
	got := h.at(t, id, "grill", 0)
	if got.State != edge.TicketStateStarted || got.Items[0].Done != 1 || !got.Done.IsZero() || !got.Served.IsZero() {
		t.Errorf("the soup: got %s with %d done; want started with 1", got.State, got.Items[0].Done)
	}
	if got = h.at(t, id, "bar", 0); got.State != sent || got.Items[0].Done != 0 {
		t.Errorf("the bread: got %s with %d done; want new", got.State, got.Items[0].Done)
	}
	if order.State != before.State || order.Waiting != before.Waiting || !order.Ready.IsZero() || !order.Ended.IsZero() {
		t.Errorf("order: got %s with %d waiting, want %s with %d", order.State, order.Waiting, before.State, before.Waiting)
	}
	// What was cancelled while it was on the table is not cooked after all.
	h.now = h.now.Add(time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.press(bread.ID)) })
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.press(soup.ID)) })
	if _, err := h.kitchen.Serve(ctx, undoOf(h.press(soup.ID))); err != nil {
		t.Fatalf("undo: %v", err)
	}
	for line, n := range []int{1, 1} {
		err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: h.key(), Order: id, Line: new(line), Quantity: n, Reason: "x"})
		if err != nil {
			t.Fatalf("Cancel: %v", err)
		}
	}
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, undoOf(h.press(bread.ID))) })
	order, _ = h.order(t, id)
	if got := h.at(t, id, "bar", 0); got.State != edge.TicketStateVoided || order.Waiting != 1 {
		t.Errorf("the cancelled bread: got %s with %d waiting; want voided, and the soup alone", got.State, order.Waiting)
	}
}

func undoOf(p edge.Press) edge.Press {
	p.Undo = true
	return p
}

func TestServingThatIsRefused(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	waiting := h.place(t, h.seat(t, printedWord, "a").Guest.ID, "k", dishes("soup")...).Order
	id := h.supper(t, "soup")
	serve := func(p edge.Press) func() error {
		return func() error { _, err := h.kitchen.Serve(ctx, p); return err }
	}
	h.refused(t, "order_not_cooked", serve(h.onCourse(waiting)))
	h.refused(t, "order_unknown", serve(h.onCourse("nobody")))
	if err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: id, Reason: "left"}); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	h.refused(t, "order_not_cooked", serve(h.onCourse(id)))
	h.refused(t, "order_over", serve(undoOf(h.onCourse(id))))
	gone := h.supper(t, "bread")
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(gone)) })
	h.quiet(t, func() { h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(gone)) }) })
	order, _ := h.order(t, gone)
	if err := h.floor.Reject(ctx, "staff", waiting, "no"); err != nil {
		t.Fatalf("Reject: %v", err)
	}
	if err := h.floor.Close(ctx, "staff", order.Session, "on the house"); err != nil {
		t.Fatalf("Close: %v", err)
	}
	h.refused(t, "session_closed", serve(undoOf(h.onCourse(gone))))
}

func TestServingACourse(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand})
	id := h.supper(t, "soup", "olives", "steak")
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id, 1)) })
	want := []plate{{"grill", 1, edge.TicketStateServed, 0}, {"bar", 1, edge.TicketStateServed, 0}, {"grill", 2, sent, 0}}
	if diff := cmp.Diff(want, h.plates(t, id), cmp.Options{sorted}); diff != "" {
		t.Errorf("tickets (-want +got):\n%s", diff)
	}
}

func TestSeatNumbersAreOnOrdersAndTickets(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	tests := []struct {
		token, key string
		want       int
	}{{recentCode, "a", 1}, {recentCode, "b", 2}, {recentCode, "a", 1}, {recentCode, "c", 3}, {counterWord, "d", 0}, {counterWord, "e", 0}}
	for i, test := range tests {
		guest := h.seat(t, test.token, test.key).Guest.ID
		id := h.place(t, guest, h.key(), burger).Order
		if test.token == counterWord {
			if err := h.floor.Accept(ctx, "staff", id); err != nil {
				t.Fatalf("Accept: %v", err)
			}
		}
		order, tickets := h.order(t, id)
		if order.Seat != test.want || tickets[0].Seat != test.want {
			t.Errorf("%d: guest %s: got seat %d, ticket %d; want %d", i, test.key, order.Seat, tickets[0].Seat, test.want)
		}
	}
}

func TestServingTwiceDoesNotServeTheNextCourse(t *testing.T) {
	for _, next := range []edge.NextCourse{edge.NextWhenServed, edge.NextWhenDone} {
		h := newDinner(t, edge.Coursing{Hold: true, Next: next})
		id := h.supper(t, "soup", "steak")
		for range 2 { // two waiters, the same moment
			h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id)) })
			if err := h.floor.Serve(ctx, "staff", id); err != nil {
				t.Fatalf("Serve: %v", err)
			}
		}
		if got := h.letters(t, id); got != "SN." {
			t.Errorf("%s: got %s, want the steak still to be cooked", next, got)
		}
		h.now = h.now.Add(20 * time.Minute)
		if err := h.floor.Serve(ctx, "staff", id); err != nil {
			t.Fatalf("Serve: %v", err)
		}
		if order, _ := h.order(t, id); order.State != edge.OrderStateCompleted {
			t.Errorf("%s: served later without a bump: got %s, want completed", next, order.State)
		}
	}
}
