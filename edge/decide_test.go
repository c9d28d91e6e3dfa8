package edge_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

func TestFirstOrderOfPrintedCodeWaitsForStaff(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, printedWord, "a").Guest.ID
	receipt := h.place(t, guest, "k", burger)
	order, tickets := h.order(t, receipt.Order)
	if receipt.State != edge.OrderStateReceived || order.State != edge.OrderStateReceived || len(tickets) != 0 {
		t.Fatalf("got %s with %d tickets, want received and none", order.State, len(tickets))
	}
	for range 2 {
		if err := h.floor.Accept(ctx, "staff", receipt.Order); err != nil {
			t.Fatalf("Accept: %v", err)
		}
	}
	if order, tickets = h.order(t, receipt.Order); order.State != edge.OrderStateAccepted || len(tickets) != 1 {
		t.Errorf("accepted twice: got %s with %d tickets, want one ticket", order.State, len(tickets))
	}
	if next := h.place(t, guest, "k2", beer); next.State != edge.OrderStateAccepted {
		t.Errorf("the confirmed guest's next order: got %s, want accepted", next.State)
	}
	h.refused(t, "order_accepted", func() error { return h.floor.Reject(ctx, "staff", receipt.Order, "late") })
	h.refused(t, "order_accepted", func() error { return h.floor.Withdraw(ctx, guest, receipt.Order) })
}

func TestRejectAndWithdraw(t *testing.T) {
	h := newHouse(t)
	seated := h.seat(t, printedWord, "a")
	rejected, withdrawn := h.place(t, seated.Guest.ID, "1", burger), h.place(t, seated.Guest.ID, "2", beer)
	h.refused(t, "reason_missing", func() error { return h.floor.Reject(ctx, "staff", rejected.Order, "") })
	if err := h.floor.Reject(ctx, "staff", rejected.Order, "kitchen closed"); err != nil {
		t.Fatalf("Reject: %v", err)
	}
	other := h.seat(t, printedWord, "b").Guest.ID
	h.refused(t, "order_unknown", func() error { return h.floor.Withdraw(ctx, other, withdrawn.Order) })
	if err := h.floor.Withdraw(ctx, seated.Guest.ID, withdrawn.Order); err != nil {
		t.Fatalf("Withdraw: %v", err)
	}
	first, _ := h.order(t, rejected.Order)
	second, _ := h.order(t, withdrawn.Order)
	if first.State != edge.OrderStateRejected || first.Reason != "kitchen closed" || second.State != edge.OrderStateCancelled {
		t.Errorf("got %s (%s) and %s", first.State, first.Reason, second.State)
	}
	h.refused(t, "order_over", func() error { return h.floor.Accept(ctx, "staff", rejected.Order) })
	bill, err := h.floor.Bill(ctx, seated.Session.ID)
	if err != nil || bill.Due != 0 {
		t.Errorf("bill: got %d due, %v; want nothing", bill.Due, err)
	}
}

func TestUnansweredOrderGetsLouderThenIsRejected(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, printedWord, "a").Guest.ID, "k", burger)
	tend := func(after time.Duration) edge.Order {
		t.Helper()
		h.now = h.now.Add(after)
		if err := h.floor.Tend(ctx); err != nil {
			t.Fatalf("Tend: %v", err)
		}
		order, _ := h.order(t, receipt.Order)
		return order
	}
	if order := tend(59 * time.Second); !order.Escalated.IsZero() {
		t.Error("escalated too early")
	}
	order := tend(time.Second)
	if order.Escalated.IsZero() || order.State != edge.OrderStateReceived {
		t.Errorf("after a minute: got %s, escalated %s", order.State, order.Escalated)
	}
	seq := h.seq(t)
	if tend(time.Minute); h.seq(t) != seq {
		t.Error("it was escalated twice")
	}
	if order = tend(9 * time.Minute); order.State != edge.OrderStateRejected || order.Reason != edge.ReasonTimeout {
		t.Errorf("after ten minutes: got %s (%s)", order.State, order.Reason)
	}
}

func TestCancellingAppendsASlip(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", edge.LineRequest{Item: "fries", Quantity: 5}, beer)
	_, tickets := h.order(t, receipt.Order)
	press := h.press(tickets[0].ID)
	press.Item, press.Count = new(0), new(2)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, press) })
	cancel := edge.CancelRequest{Key: "c1", Order: receipt.Order, Line: new(0), Quantity: 2, Reason: "typed wrong"}
	for range 2 {
		if err := h.floor.Cancel(ctx, "staff", cancel); err != nil {
			t.Fatalf("Cancel: %v", err)
		}
	}
	order, tickets := h.order(t, receipt.Order)
	if len(tickets) != 3 || tickets[2].Kind != edge.TicketCancellation || tickets[2].Of != tickets[0].ID ||
		tickets[2].Items[0].Quantity != 2 {
		t.Fatalf("got %+v, want one slip for 2 fries", tickets)
	}
	if item := tickets[0].Items[0]; item.Quantity != 5 || item.Cancelled != 2 || item.Open() != 1 {
		t.Errorf("ticket: got %+v, want 5 of which 2 cancelled, 1 open", item)
	}
	if order.Totals.Gross != 3*350+840 || order.State == edge.OrderStateCancelled {
		t.Errorf("order: got %d, %s; want 1890 and not cancelled", order.Totals.Gross, order.State)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(tickets[2].ID)) })
	if again, _ := h.order(t, receipt.Order); again.Waiting != order.Waiting {
		t.Errorf("acknowledging the slip changed the order: %d tickets wait, before %d", again.Waiting, order.Waiting)
	}
	h.refused(t, "quantity_invalid", func() error {
		return h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c2", Order: receipt.Order, Line: new(0), Quantity: 4, Reason: "x"})
	})
}

func TestCancellingTheWholeOrder(t *testing.T) {
	h := newHouse(t)
	seated := h.seat(t, recentCode, "a")
	receipt := h.place(t, seated.Guest.ID, "k", burger, beer)
	if err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: receipt.Order, Reason: "left"}); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	order, tickets := h.order(t, receipt.Order)
	if order.State != edge.OrderStateCancelled || order.Waiting != 0 {
		t.Errorf("order: got %s with %d waiting", order.State, order.Waiting)
	}
	slips := 0
	for _, ticket := range tickets {
		switch ticket.Kind {
		case edge.TicketFood:
			if ticket.State != edge.TicketStateVoided {
				t.Errorf("ticket %s: got %s, want voided", ticket.Station, ticket.State)
			}
		case edge.TicketCancellation:
			slips++
		}
	}
	if slips != 2 {
		t.Errorf("got %d slips, want one for each station", slips)
	}
	if bill, err := h.floor.Bill(ctx, seated.Session.ID); err != nil || bill.Totals.Gross != 0 {
		t.Errorf("bill: got %d, %v", bill.Totals.Gross, err)
	}
}

func TestCancellingTheLastOpenTicketMakesTheRestReady(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", burger, beer)
	_, tickets := h.order(t, receipt.Order)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(tickets[0].ID)) })
	cancel := edge.CancelRequest{Key: "c", Order: receipt.Order, Line: new(1), Quantity: 2, Reason: "keg empty"}
	if err := h.floor.Cancel(ctx, "staff", cancel); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	if order, _ := h.order(t, receipt.Order); order.State != edge.OrderStateReady {
		t.Errorf("got %s, want ready: only the burger is left and it is done", order.State)
	}
}

func TestBillPaymentAndClosing(t *testing.T) {
	h := newHouse(t)
	seated := h.seat(t, recentCode, "a")
	receipt := h.place(t, seated.Guest.ID, "k", burger, beer)
	if err := h.floor.Ask(ctx, seated.Guest.ID, edge.HelpBill); err != nil {
		t.Fatalf("Ask: %v", err)
	}
	h.refused(t, "orders_open", func() error { return h.floor.Close(ctx, "staff", seated.Session.ID, "") })
	if err := h.floor.Serve(ctx, "staff", receipt.Order); err != nil {
		t.Fatalf("Serve: %v", err)
	}
	h.refused(t, "reason_missing", func() error { return h.floor.Close(ctx, "staff", seated.Session.ID, " ") })
	pay := func(key string, amount int64) (edge.Bill, error) {
		return h.floor.Pay(ctx, "staff", edge.PayRequest{Key: key, Session: seated.Session.ID, Kind: edge.TenderCash, Amount: amount})
	}
	for _, amount := range []int64{0, -5, 2131} {
		h.refused(t, "amount_invalid", func() error { _, err := pay("p0", amount); return err })
	}
	for range 2 {
		if bill, err := pay("p1", 1000); err != nil || bill.Due != 1130 || bill.Paid != 1000 {
			t.Fatalf("Pay: got %+v, %v; want 1130 due", bill, err)
		}
	}
	if bill, err := pay("p2", 1130); err != nil || bill.Due != 0 {
		t.Fatalf("Pay the rest: got %+v, %v", bill, err)
	}
	if err := h.floor.Close(ctx, "staff", seated.Session.ID, ""); err != nil {
		t.Fatalf("Close: %v", err)
	}
	h.refused(t, "session_closed", func() error { return h.floor.Ask(ctx, seated.Guest.ID, edge.HelpWater) })
	if next := h.seat(t, recentCode, "a"); next.Session.ID == seated.Session.ID {
		t.Error("the closed session was joined again")
	}
}

func TestHelpIsAskedOnceAndDone(t *testing.T) {
	h := newHouse(t)
	seated := h.seat(t, recentCode, "a")
	for range 2 {
		if err := h.floor.Ask(ctx, seated.Guest.ID, edge.HelpWater); err != nil {
			t.Fatalf("Ask: %v", err)
		}
	}
	if session := h.seat(t, recentCode, "a").Session; len(session.Help) != 1 {
		t.Errorf("got %+v, want one wish", session.Help)
	}
	if err := h.floor.HelpDone(ctx, "staff", seated.Session.ID, edge.HelpWater); err != nil {
		t.Fatalf("HelpDone: %v", err)
	}
	if session := h.seat(t, recentCode, "a").Session; len(session.Help) != 0 {
		t.Errorf("got %+v, want none", session.Help)
	}
	h.refused(t, "help_unknown", func() error { return h.floor.Ask(ctx, seated.Guest.ID, "champagne") })
}

func TestAcceptingAReducedOrderCooksOnlyWhatIsLeft(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, printedWord, "a").Guest.ID, "k", burger, edge.LineRequest{Item: "fries", Quantity: 2}, beer)
	for i, line := range []int{1, 2} {
		err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{
			Key: "c" + strconv.Itoa(i), Order: receipt.Order, Line: &line, Quantity: 2, Reason: "changed their mind",
		})
		if err != nil {
			t.Fatalf("Cancel: %v", err)
		}
	}
	if err := h.floor.Accept(ctx, "staff", receipt.Order); err != nil {
		t.Fatalf("Accept: %v", err)
	}
	order, tickets := h.order(t, receipt.Order)
	if len(tickets) != 1 || tickets[0].Station != "grill" || len(tickets[0].Items) != 1 || tickets[0].Items[0].Line != 0 {
		t.Fatalf("got %+v, want one ticket, for the burger alone", tickets)
	}
	if len(tickets[0].AlsoAt) != 0 || order.Waiting != 1 {
		t.Errorf("the ticket names %v as other stations and the order waits for %d, want none and 1", tickets[0].AlsoAt, order.Waiting)
	}
}

func TestRecallDoesNotBringBackWhatWasCancelled(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", edge.LineRequest{Item: "fries", Quantity: 5}, burger, beer)
	_, tickets := h.order(t, receipt.Order)
	grill, bar := tickets[0].ID, tickets[1].ID
	cancel := func(key string, line *int, quantity int) {
		t.Helper()
		err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{
			Key: key, Order: receipt.Order, Line: line, Quantity: quantity, Reason: "sent back",
		})
		if err != nil {
			t.Fatalf("Cancel: %v", err)
		}
	}
	cancel("c1", new(0), 1) // while it is cooked
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(grill)) })
	cancel("c2", new(0), 2) // when it is done
	h.do(t, func() (int64, error) { return h.kitchen.Recall(ctx, h.press(grill)) })
	_, tickets = h.order(t, receipt.Order)
	if fries, meat := tickets[0].Items[0], tickets[0].Items[1]; fries.Cancelled != 3 || fries.Open() != 2 || meat.Open() != 1 {
		t.Errorf("after the recall: got %+v and %+v, want 2 fries and 1 burger to cook", fries, meat)
	}
	for _, ticket := range []edge.ID{grill, bar} {
		h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(ticket)) })
	}
	cancel("c3", nil, 0)
	for _, ticket := range []edge.ID{grill, bar} {
		h.refused(t, "ticket_voided", func() error {
			_, err := h.kitchen.Recall(ctx, h.press(ticket))
			return err
		})
	}
}

func TestCookedFoodDoesNotGoBackToTheStock(t *testing.T) {
	h := newHouse(t)
	left := func() int {
		t.Helper()
		var stock edge.Stock
		err := h.store.Read(ctx, func(view edge.View) (err error) { stock, _, err = view.Stock("platter"); return err })
		if err != nil || stock.Left == nil {
			t.Fatalf("Stock: %+v, %v", stock, err)
		}
		return *stock.Left
	}
	h.do(t, func() (int64, error) {
		return h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: "platter", Left: new(10)})
	})
	// A platter comes from two stations; the grill has made 2 of 5, the bar none.
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", edge.LineRequest{Item: "platter", Quantity: 5})
	_, tickets := h.order(t, receipt.Order)
	press := h.press(tickets[0].ID)
	press.Item, press.Count = new(0), new(2)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, press) })
	cancel := func(key string, line *int, quantity, want int) {
		t.Helper()
		err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{
			Key: key, Order: receipt.Order, Line: line, Quantity: quantity, Reason: "left",
		})
		if err != nil {
			t.Fatalf("Cancel: %v", err)
		}
		if got := left(); got != want {
			t.Errorf("after %s: %d left, want %d", key, got, want)
		}
	}
	cancel("c-two-that-nobody-made", new(0), 2, 7)
	cancel("c-the-last-and-what-is-made", nil, 0, 8)
}

func TestCancelledOrderLeavesNoTicketThatIsTickedOff(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", edge.LineRequest{Item: "fries", Quantity: 2})
	_, tickets := h.order(t, receipt.Order)
	press := h.press(tickets[0].ID)
	press.Item = new(0)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, press) })
	if err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: receipt.Order, Reason: "left"}); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	order, tickets := h.order(t, receipt.Order)
	if order.Waiting != 0 || len(tickets) != 1 || tickets[0].State != edge.TicketStateDone {
		t.Errorf("got %d waiting, %d tickets, the first %s; want it done and off the screens", order.Waiting, len(tickets), tickets[0].State)
	}
}
