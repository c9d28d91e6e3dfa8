package edge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

func TestRushPutsBeforeTheOthers(t *testing.T) {
	h := newDinner(t, byHand)
	id := h.supper(t, "soup", "bread", "steak")
	soup, bread, steak := h.at(t, id, "grill", 1), h.at(t, id, "bar", 1), h.at(t, id, "grill", 2)
	h.bump(t, bread.ID)
	rush := func(p edge.Press, undo bool) {
		t.Helper()
		p.Undo = undo
		h.do(t, func() (int64, error) { return h.kitchen.Rush(ctx, p) })
	}
	rushed := func() (got []bool) {
		for _, one := range []edge.Ticket{soup, bread, steak} {
			got = append(got, !h.at(t, id, one.Station, one.Course).Rush.IsZero())
		}
		return got
	}
	tests := []struct {
		name  string
		press edge.Press
		undo  bool
		want  []bool
	}{
		{"a ticket", h.press(soup.ID), false, []bool{true, false, false}},
		{"a course: its done ticket is left alone", h.onCourse(id, 1), true, []bool{false, false, false}},
		{"all of the order, what is held too", h.onCourse(id), false, []bool{true, false, true}},
		{"what is done", h.press(bread.ID), false, []bool{true, false, true}},
		{"undo of one", h.press(steak.ID), true, []bool{true, false, false}},
	}
	for _, test := range tests {
		rush(test.press, test.undo)
		if got := rushed(); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
	since := h.at(t, id, "grill", 1).Rush
	h.now = h.now.Add(time.Minute)
	h.quiet(t, func() { rush(h.press(soup.ID), false) })
	if got := h.at(t, id, "grill", 1).Rush; !got.Equal(since) {
		t.Errorf("rushed again: since %s, want still %s", got, since)
	}
}

func (h *house) remake(ticket edge.ID, item, count int) (int64, error) {
	p := h.press(ticket)
	p.Item, p.Reason = new(item), "dropped"
	if count != 0 {
		p.Count = new(count)
	}
	return h.kitchen.Remake(ctx, p)
}

func TestRemakeIsMadeOnTheFly(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	guest := h.seat(t, recentCode, "a")
	id := h.place(t, guest.Guest.ID, "k", edge.LineRequest{Item: "soup", Quantity: 3, Note: "hot"}).Order
	first := h.at(t, id, "grill", 0)
	h.bump(t, first.ID)
	before, _ := h.order(t, id)
	if before.State != edge.OrderStateReady {
		t.Fatalf("got %s, want ready", before.State)
	}
	h.now = h.now.Add(time.Minute)
	h.do(t, func() (int64, error) { return h.remake(first.ID, 0, 2) })
	order, tickets := h.order(t, id)
	again := h.at(t, id, "grill", 0)
	if len(tickets) != 2 || again.Of != first.ID || !again.Fly || again.Reason != "dropped" || again.State != sent ||
		!again.Created.Equal(h.now) || !again.Rush.Equal(h.now) || !again.Done.IsZero() || !again.Due.IsZero() || again.Prep != 300 {
		t.Errorf("got %+v", again)
	}
	if item := again.Items[0]; item.Quantity != 2 || item.Done != 0 || item.Note != "hot" {
		t.Errorf("item: got %+v, want two hot soups to make", item)
	}
	if order.State != edge.OrderStatePreparing || order.Waiting != 1 || order.Totals.Gross != before.Totals.Gross ||
		!slices.Contains(order.Tickets, again.ID) {
		t.Errorf("order: got %s, %d waiting, %d; want it in the kitchen again at the same price", order.State, order.Waiting, order.Totals.Gross)
	}
	h.bump(t, again.ID)
	if order, _ = h.order(t, id); order.State != edge.OrderStateReady {
		t.Errorf("when it was made again: got %s, want ready", order.State)
	}
}

func TestRemakesThatAreRefused(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	guest := h.seat(t, recentCode, "a").Guest.ID
	id := h.place(t, guest, "k", edge.LineRequest{Item: "soup", Quantity: 3}, edge.LineRequest{Item: "fries", Quantity: 1}).Order
	ticket := h.at(t, id, "grill", 0)
	part := h.press(ticket.ID)
	part.Item, part.Count = new(0), new(2)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, part) })
	refuse := func(code string, do func() (int64, error)) {
		t.Helper()
		h.refused(t, code, func() error { _, err := do(); return err })
	}
	refuse("not_cooked", func() (int64, error) { return h.remake(ticket.ID, 1, 1) })
	refuse("quantity_invalid", func() (int64, error) { return h.remake(ticket.ID, 0, 3) })
	refuse("quantity_invalid", func() (int64, error) { return h.remake(ticket.ID, 0, -1) })
	refuse("item_unknown", func() (int64, error) { return h.remake(ticket.ID, 2, 1) })
	refuse("item_unknown", func() (int64, error) { return h.remake(ticket.ID, -1, 1) })
	refuse("item_unknown", func() (int64, error) {
		return h.kitchen.Remake(ctx, edge.Press{Key: "x", Ticket: ticket.ID, Reason: "r"})
	})
	refuse("reason_missing", func() (int64, error) {
		return h.kitchen.Remake(ctx, edge.Press{Key: "y", Ticket: ticket.ID, Item: new(0)})
	})
	if _, err := h.remake("nobody", 0, 1); err == nil {
		t.Error("a ticket that is not: got no error")
	}
	cancel := func(line *int, quantity int) {
		t.Helper()
		if err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{
			Key: h.key(), Order: id, Line: line, Quantity: quantity, Reason: "left",
		}); err != nil {
			t.Fatalf("Cancel: %v", err)
		}
	}
	cancel(new(0), 2)
	refuse("quantity_invalid", func() (int64, error) { return h.remake(ticket.ID, 0, 2) }) // one is still wanted
	cancel(new(0), 1)
	refuse("ticket_voided", func() (int64, error) { return h.remake(ticket.ID, 0, 1) })
	cancel(nil, 0)
	refuse("ticket_voided", func() (int64, error) { return h.remake(ticket.ID, 0, 1) })
	slip := h.slips(t, id)[0]
	refuse("ticket_voided", func() (int64, error) { return h.remake(slip.ID, 0, 1) })
}

// slips are the order's cancellation slips, oldest first.
func (h *house) slips(t *testing.T, id edge.ID) []edge.Ticket {
	t.Helper()
	_, tickets := h.order(t, id)
	return slices.DeleteFunc(tickets, func(t edge.Ticket) bool { return t.Kind != edge.TicketCancellation })
}

func TestRemakeOfAServedOrderReopensIt(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.supper(t, "soup", "fries")
	first := h.at(t, id, "grill", 0)
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id)) })
	before := h.seq(t)
	h.do(t, func() (int64, error) { return h.remake(first.ID, 0, 0) })
	order, _ := h.order(t, id)
	if order.State != edge.OrderStatePreparing || order.Waiting != 1 || !order.Ended.IsZero() {
		t.Errorf("got %s with %d waiting", order.State, order.Waiting)
	}
	if kinds := h.events(t, before); kinds[edge.OrderReopened] != 1 || kinds[edge.TicketCreated] != 1 {
		t.Errorf("events: got %v", kinds)
	}
	// The rest of the table is served: nobody has made the soup again yet.
	h.quiet(t, func() {
		h.now = h.now.Add(time.Minute)
		h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id)) })
	})
	h.now = h.now.Add(10 * time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id)) })
	if order, _ = h.order(t, id); order.State != edge.OrderStateCompleted {
		t.Errorf("served again: got %s", order.State)
	}
	session := order.Session
	if err := h.floor.Close(ctx, "staff", session, "on the house"); err != nil {
		t.Fatalf("Close: %v", err)
	}
	h.refused(t, "session_closed", func() error { _, err := h.remake(first.ID, 0, 1); return err })
}

func TestCancellationIsSharedWithWhatIsMadeAgain(t *testing.T) {
	tests := []struct {
		name            string
		quantity        int
		first, again    int // how many of the original and of the remake are cancelled
		firstEnd, after edge.TicketState
		order           edge.OrderState
	}{
		{"what was not begun goes first", 1, 1, 0, edge.TicketStateStarted, sent, edge.OrderStatePreparing},
		{"the original's rest", 2, 2, 0, done, sent, edge.OrderStatePreparing},
		{"and then what is made again", 3, 2, 1, done, edge.TicketStateVoided, edge.OrderStateReady},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newDinner(t, edge.Coursing{})
			guest := h.seat(t, recentCode, "a").Guest.ID
			id := h.place(t, guest, "k", edge.LineRequest{Item: "fries", Quantity: 4}).Order
			first := h.at(t, id, "grill", 0)
			part := h.press(first.ID)
			part.Item, part.Count = new(0), new(2)
			h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, part) })
			h.now = h.now.Add(time.Minute)
			h.do(t, func() (int64, error) { return h.remake(first.ID, 0, 1) })
			err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: id, Line: new(0), Quantity: test.quantity, Reason: "x"})
			if err != nil {
				t.Fatalf("Cancel: %v", err)
			}
			order, tickets := h.order(t, id)
			again := h.at(t, id, "grill", 0)
			first = tickets[0]
			if first.Items[0].Cancelled != test.first || again.Items[0].Cancelled != test.again {
				t.Errorf("got %d and %d cancelled, want %d and %d", first.Items[0].Cancelled, again.Items[0].Cancelled, test.first, test.again)
			}
			if first.State != test.firstEnd || again.State != test.after || order.State != test.order {
				t.Errorf("got %s and %s of an order %s; want %s, %s, %s", first.State, again.State, order.State, test.firstEnd, test.after, test.order)
			}
		})
	}
}

func TestCancellingTheOrderLeavesNothingToMakeAgain(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.supper(t, "fries", "soup")
	first := h.at(t, id, "grill", 0)
	part := h.press(first.ID)
	part.Item = new(0)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, part) })
	for range 2 { // it was dropped twice
		h.do(t, func() (int64, error) { return h.remake(first.ID, 0, 1) })
	}
	if err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: id, Reason: "left"}); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	order, tickets := h.order(t, id)
	for _, ticket := range tickets {
		if ticket.Kind == edge.TicketFood && ticket.State.Open() {
			t.Errorf("ticket %s is %s after the order was cancelled", ticket.ID, ticket.State)
		}
	}
	if order.State != edge.OrderStateCancelled || order.Waiting != 0 {
		t.Errorf("order: got %s with %d waiting", order.State, order.Waiting)
	}
	if slips := h.slips(t, id); len(slips) != 3 {
		t.Errorf("got %d slips, want one for each ticket", len(slips))
	}
}

func TestCancellingTheRestOfAServedOrderCompletesIt(t *testing.T) {
	h := newDinner(t, byHand)
	id := h.supper(t, "soup", "steak")
	h.do(t, func() (int64, error) { return h.kitchen.Serve(ctx, h.onCourse(id)) })
	err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: id, Line: new(1), Quantity: 1, Reason: "full"})
	if err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	if order, _ := h.order(t, id); order.State != edge.OrderStateCompleted || order.Waiting != 0 || len(order.Held) != 0 {
		t.Errorf("got %s with %d waiting, held %v; want completed: all that is left is on the table", order.State, order.Waiting, order.Held)
	}
}
