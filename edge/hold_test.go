package edge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// unfire takes back that something was fired.
func (h *house) unfire(t *testing.T, p edge.Press) {
	t.Helper()
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, undoOf(p)) })
}

func TestUndoOfFiringTouchesOnlyWhatWasFiredLast(t *testing.T) {
	h := newDinner(t, byHand)
	id := h.supper(t, "soup", "steak", "salad", "cake")
	h.quiet(t, func() { h.unfire(t, h.onCourse(id)) }) // nothing was ever fired
	h.now = h.now.Add(time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	h.now = h.now.Add(time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	h.unfire(t, h.onCourse(id))
	order, _ := h.order(t, id)
	if soup, steak := h.at(t, id, "grill", 1), h.at(t, id, "grill", 2); soup.State != sent || steak.State != sent ||
		!slices.Equal(order.Held, []int{3}) {
		t.Errorf("got the soup %s, the steak %s, held %v; want the cake held only", soup.State, steak.State, order.Held)
	}
	h.unfire(t, h.onCourse(id, 2))
	if order, _ = h.order(t, id); !slices.Equal(order.Held, []int{2, 3}) {
		t.Errorf("the course that was named: held %v, want 2 and 3", order.Held)
	}
}

func TestUndoOfFiringHoldsAsItWasHeld(t *testing.T) {
	tests := map[string]struct {
		prepare func(*house, edge.ID)
		byHand  bool
	}{
		"by the house's rule": {func(*house, edge.ID) {}, false},
		"by hand":             {func(h *house, id edge.ID) { _, _ = h.kitchen.Hold(ctx, h.onCourse(id, 2)) }, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextWhenDone})
			id := h.supper(t, "soup", "steak")
			test.prepare(h, id)
			steak := h.at(t, id, "grill", 2)
			h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.press(steak.ID)) })
			h.unfire(t, h.press(steak.ID))
			if got := h.at(t, id, "grill", 2); got.State != held || got.ByHand != test.byHand || got.WasHeld != nil {
				t.Errorf("got %s, by hand %t; want held, by hand %t", got.State, got.ByHand, test.byHand)
			}
			h.bump(t, h.at(t, id, "grill", 1).ID)
			if got := h.at(t, id, "grill", 2).State; (got == held) != test.byHand {
				t.Errorf("when the soup was done the steak became %s", got)
			}
		})
	}
}

func TestUndoOfWhatTheRuleFiredWaitsForAHand(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextWhenDone})
	id := h.supper(t, "soup", "steak")
	h.bump(t, h.at(t, id, "grill", 1).ID)
	steak := h.at(t, id, "grill", 2)
	h.unfire(t, h.press(steak.ID))
	if got := h.at(t, id, "grill", 2); got.State != held || !got.ByHand {
		t.Errorf("got %s, by hand %t; want it held by hand", got.State, got.ByHand)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Start(ctx, h.press(steak.ID)) })
	h.refused(t, "ticket_started", func() error { _, err := h.kitchen.Fire(ctx, undoOf(h.press(steak.ID))); return err })
}

func TestUndoOfFiringEarlyKeepsTheTime(t *testing.T) {
	h := newDinner(t, edge.Coursing{Together: true})
	id := h.supper(t, "steak", "salad")
	at := h.at(t, id, "bar", 0).FireAt
	salad := h.press(h.at(t, id, "bar", 0).ID)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, salad) })
	h.unfire(t, h.press(salad.Ticket))
	if got := h.at(t, id, "bar", 0); at.IsZero() || got.State != held || !got.FireAt.Equal(at) {
		t.Errorf("got %s until %s, want held until %s", got.State, got.FireAt, at)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.press(salad.Ticket)) })
	h.now = at
	h.unfire(t, h.press(salad.Ticket))
	if got := h.at(t, id, "bar", 0); !got.FireAt.IsZero() || !got.ByHand {
		t.Errorf("its time is over: got held until %s, by hand %t", got.FireAt, got.ByHand)
	}
}

func TestHoldingWhatIsHeldByARuleKeepsItBack(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextWhenDone})
	id := h.supper(t, "soup", "steak", "cake")
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(id, 2)) })
	h.quiet(t, func() { h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(id, 2)) }) })
	h.bump(t, h.at(t, id, "grill", 1).ID)
	if got := h.at(t, id, "grill", 2).State; got != held {
		t.Errorf("when the soup was done the steak became %s, want held by hand", got)
	}
	whole := h.supper(t, "soup", "steak")
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(whole)) })
	if soup, steak := h.at(t, whole, "grill", 1), h.at(t, whole, "grill", 2); !soup.ByHand || steak.ByHand {
		t.Errorf("of a whole order: soup by hand %t, steak %t; want the soup's only", soup.ByHand, steak.ByHand)
	}
}

func TestHoldingACourseKeepsTheTimedOneAfterItBack(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextWhenFired, Delay: 10 * time.Minute})
	id := h.supper(t, "soup", "steak", "cake")
	h.pass(t, 10*time.Minute)
	if cake := h.at(t, id, "bar", 3); !cake.FireAt.Equal(h.now.Add(10 * time.Minute)) {
		t.Fatalf("the cake is fired at %s, want in 10 minutes", cake.FireAt)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(id, 2)) })
	h.pass(t, 30*time.Minute)
	if cake := h.at(t, id, "bar", 3); cake.State != held || !cake.FireAt.IsZero() {
		t.Fatalf("the steak is held, and the cake is %s at %s", cake.State, cake.FireAt)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id, 2)) })
	if cake := h.at(t, id, "bar", 3); !cake.FireAt.Equal(h.now.Add(10 * time.Minute)) {
		t.Errorf("the steak is fired, and the cake at %s; want in 10 minutes", cake.FireAt)
	}
}
