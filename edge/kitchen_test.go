package edge_test

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

func (h *house) do(t tb, press func() (int64, error)) {
	t.Helper()
	if _, err := press(); err != nil {
		t.Fatalf("press: %v", err)
	}
}

func TestOrderFollowsItsTickets(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", burger, beer)
	_, tickets := h.order(t, receipt.Order)
	grill, bar := tickets[0].ID, tickets[1].ID
	steps := []struct {
		name string
		do   func() (int64, error)
		want edge.OrderState
	}{
		{"start grill", func() (int64, error) { return h.kitchen.Start(ctx, h.press(grill)) }, edge.OrderStatePreparing},
		{"bump grill", func() (int64, error) { return h.kitchen.Bump(ctx, h.press(grill)) }, edge.OrderStatePreparing},
		{"bump bar", func() (int64, error) { return h.kitchen.Bump(ctx, h.press(bar)) }, edge.OrderStateReady},
		{"recall grill", func() (int64, error) { return h.kitchen.Recall(ctx, h.press(grill)) }, edge.OrderStatePreparing},
		{"bump grill again", func() (int64, error) { return h.kitchen.Bump(ctx, h.press(grill)) }, edge.OrderStateReady},
		{"serve", func() (int64, error) { return 0, h.floor.Serve(ctx, "staff", receipt.Order) }, edge.OrderStateCompleted},
	}
	for _, step := range steps {
		h.do(t, step.do)
		if order, _ := h.order(t, receipt.Order); order.State != step.want {
			t.Errorf("after %s: got %s, want %s", step.name, order.State, step.want)
		}
	}
	h.refused(t, "ticket_served", func() error {
		_, err := h.kitchen.Recall(ctx, h.press(grill))
		return err
	})
}

func TestSamePressTwiceDoesNothing(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", burger)
	_, tickets := h.order(t, receipt.Order)
	press := h.press(tickets[0].ID)
	first, err := h.kitchen.Bump(ctx, press)
	if err != nil {
		t.Fatalf("Bump: %v", err)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Recall(ctx, h.press(tickets[0].ID)) })
	seq := h.seq(t)
	again, err := h.kitchen.Bump(ctx, press)
	if err != nil || again != first || h.seq(t) != seq {
		t.Errorf("the same press: got seq %d (%v) and journal %d, want %d and %d", again, err, h.seq(t), first, seq)
	}
	h.refused(t, "key_reused", func() error {
		_, err := h.kitchen.Recall(ctx, edge.Press{Key: press.Key, Device: press.Device, Ticket: press.Ticket})
		return err
	})
	// Another screen's press for what is already so is a success without a record.
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(tickets[0].ID)) })
	seq = h.seq(t)
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(tickets[0].ID)) })
	if h.seq(t) != seq {
		t.Error("bumping what is done wrote to the journal")
	}
}

func TestItemsAreCounted(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", edge.LineRequest{Item: "fries", Quantity: 5}, burger)
	_, tickets := h.order(t, receipt.Order)
	id := tickets[0].ID
	item := func(count *int, undo bool) edge.Press {
		p := h.press(id)
		p.Item, p.Count, p.Undo = new(0), count, undo
		return p
	}
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, item(new(2), false)) })
	order, tickets := h.order(t, receipt.Order)
	if tickets[0].Items[0].Done != 2 || tickets[0].State != edge.TicketStateStarted || order.State != edge.OrderStatePreparing {
		t.Errorf("2 of 5: got %+v of an order %s", tickets[0].Items[0], order.State)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, h.press(id)) })
	h.do(t, func() (int64, error) { return h.kitchen.Recall(ctx, h.press(id)) })
	if _, tickets = h.order(t, receipt.Order); tickets[0].Items[0].Done != 2 || tickets[0].Items[1].Done != 0 {
		t.Errorf("a recall brings back what was before the bump: got %+v", tickets[0].Items)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Bump(ctx, item(nil, true)) })
	if _, tickets = h.order(t, receipt.Order); tickets[0].Items[0].Done != 0 {
		t.Errorf("undo: got %d done", tickets[0].Items[0].Done)
	}
	h.refused(t, "quantity_invalid", func() error {
		_, err := h.kitchen.Bump(ctx, item(new(6), false))
		return err
	})
	bad := h.press(id)
	bad.Item = new(9)
	h.refused(t, "item_unknown", func() error {
		_, err := h.kitchen.Bump(ctx, bad)
		return err
	})
}

func TestSeenIsNotedOnce(t *testing.T) {
	h := newHouse(t)
	receipt := h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", burger)
	_, tickets := h.order(t, receipt.Order)
	for range 2 {
		if err := h.kitchen.Seen(ctx, "screen", []edge.ID{tickets[0].ID, "nobody"}); err != nil {
			t.Fatalf("Seen: %v", err)
		}
	}
	seq := h.seq(t)
	if _, tickets = h.order(t, receipt.Order); tickets[0].Seen.IsZero() {
		t.Error("the ticket was not noted as seen")
	}
	if err := h.kitchen.Seen(ctx, "other", []edge.ID{tickets[0].ID}); err != nil || h.seq(t) != seq {
		t.Errorf("seen again: %v, journal %d, want %d", err, h.seq(t), seq)
	}
}

// Sold out until a time that is over would look sold out on the screen that asked for it, and be sold.
func TestSoldOutUntilATimeThatIsOverIsRefused(t *testing.T) {
	h := newHouse(t)
	for _, until := range []time.Time{h.now, h.now.Add(-time.Hour)} {
		h.refused(t, "until_past", func() error {
			_, err := h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: "fries", SoldOut: true, Until: until})
			return err
		})
	}
	if _, err := h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: "fries", Until: h.now}); err != nil {
		t.Errorf("available again, whatever the time: %v", err)
	}
}

func TestStockOfNothingIsRefused(t *testing.T) {
	h := newHouse(t)
	h.refused(t, "item_unknown", func() error {
		_, err := h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: "unicorn", SoldOut: true})
		return err
	})
	h.refused(t, "quantity_invalid", func() error {
		_, err := h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: "fries", Left: new(-1)})
		return err
	})
}
