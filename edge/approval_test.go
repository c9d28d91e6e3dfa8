package edge_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// wish asks from the bar's screen to take the whole order off.
func (c *crew) wish(t *testing.T, key string, order edge.ID) edge.Approval {
	t.Helper()
	approval, err := c.floor.AskApproval(ctx, c.screen(t), edge.CancelRequest{Key: key, Order: order, Reason: "left"})
	if err != nil {
		t.Fatalf("AskApproval: %v", err)
	}
	return approval
}

func (c *crew) ordered(t *testing.T) edge.ID {
	t.Helper()
	c.ids++
	key := strconv.Itoa(c.ids)
	return c.place(t, c.seat(t, recentCode, "guest-"+key).Guest.ID, "key-"+key, burger).Order
}

func (c *crew) approval(t *testing.T, id edge.ID) (a edge.Approval) {
	t.Helper()
	if err := c.store.Read(ctx, func(v edge.View) (err error) { a, err = v.Approval(id); return err }); err != nil {
		t.Fatalf("Approval: %v", err)
	}
	return a
}

func TestCancellingWhatTheKitchenHasNeedsABadge(t *testing.T) {
	c := newCrew(t)
	order := c.ordered(t)
	req := edge.CancelRequest{Key: "press", Order: order, Reason: "left"}
	c.refused(t, "approval_needed", func() error { return c.floor.Cancel(ctx, "device:bar", req) })
	c.did(t, edge.DidSignIn, atBar(bertsBadge))
	wish := c.wish(t, "press", order)
	if wish.Name != "Bert" || wish.Until.Sub(wish.Asked) != time.Minute || wish.Table != "7" {
		t.Errorf("wish: got %+v, want Bert's, for a minute, of table 7", wish)
	}
	if again := c.wish(t, "press", order); again.ID != wish.ID {
		t.Errorf("the same press asked again: got %s, want %s", again.ID, wish.ID)
	}
	answer := c.did(t, edge.DidNotApprove, atBar(bertsBadge))
	if answer.Approval.DeniedWhy != "role" {
		t.Errorf("Bert: got %+v, want his role to be the reason", answer.Approval)
	}
	c.did(t, edge.DidApprove, atBar(annasBadge))
	got := c.approval(t, wish.ID)
	if got.State != edge.ApprovalApproved || got.By != c.anna.ID || got.ByName != "Anna" || got.Denied != "Bert" || got.Reader != "Bar" {
		t.Errorf("after Anna's badge: got %+v", got)
	}
	if o, _ := c.order(t, order); o.State != edge.OrderStateCancelled {
		t.Errorf("order: got %s, want cancelled", o.State)
	}
	// The press itself, sent again, is answered as done, also after somebody else signed in.
	if err := c.floor.Cancel(ctx, edge.StaffActor(c.anna.ID, "bar"), req); err != nil {
		t.Errorf("the press again: %v", err)
	}
	if c.screen(t).Person != c.bert.ID {
		t.Error("approving signed the manager in")
	}
}

func TestAnOrderThatWaitsForStaffNeedsNoBadge(t *testing.T) {
	c := newCrew(t)
	receipt := c.place(t, c.seat(t, printedWord, "a").Guest.ID, "k", burger)
	if err := c.floor.Cancel(ctx, "device:bar", edge.CancelRequest{Key: "press", Order: receipt.Order, Reason: "typo"}); err != nil {
		t.Errorf("Cancel: %v", err)
	}
}

func TestNobodyApprovesInTime(t *testing.T) {
	c := newCrew(t)
	order := c.ordered(t)
	wish := c.wish(t, "press", order)
	c.now = c.now.Add(time.Minute - time.Millisecond)
	if err := c.floor.TendApprovals(ctx); err != nil {
		t.Fatal(err)
	}
	if got := c.approval(t, wish.ID).State; got != edge.ApprovalWaiting {
		t.Fatalf("just in time: got %s", got)
	}
	c.now = c.now.Add(time.Millisecond)
	c.did(t, edge.DidSignIn, atBar(annasBadge)) // too late to approve, even before anybody tended
	if got := c.approval(t, wish.ID).State; got != edge.ApprovalExpired {
		t.Errorf("too late: got %s, want expired", got)
	}
	if o, _ := c.order(t, order); o.State != edge.OrderStateAccepted {
		t.Errorf("order: got %s, want it untouched", o.State)
	}
	wish = c.wish(t, "press-2", order)
	c.now = c.now.Add(time.Hour)
	for range 2 {
		if err := c.floor.TendApprovals(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.approval(t, wish.ID).State; got != edge.ApprovalExpired {
		t.Errorf("tended: got %s, want expired", got)
	}
}

func TestABadgeThatCanBeCopiedApprovesOnlyIfTheOwnerLetsIt(t *testing.T) {
	c := newCrew(t)
	c.enrol(t, annasBadge, c.anna.ID, false)
	order := c.ordered(t)
	c.refused(t, "approval_nobody", func() error {
		_, err := c.floor.AskApproval(ctx, c.bar, edge.CancelRequest{Key: "press", Order: order, Reason: "left"})
		return err
	})
	c.enrol(t, "04D4D4D4D4D4D4", c.anna.ID, true)
	c.wish(t, "press", order)
	weak := atBar(annasBadge)
	weak.Proven = false
	if answer := c.did(t, edge.DidNotApprove, weak); answer.Approval.DeniedWhy != "weak" {
		t.Errorf("got %+v, want the badge to be too weak", answer.Approval)
	}
	if _, err := c.floor.ChangeBadge(ctx, edge.System, annasBadge, edge.BadgeChange{Approves: new(true)}); err != nil {
		t.Fatalf("ChangeBadge: %v", err)
	}
	c.did(t, edge.DidApprove, weak)
}

func TestAWishIsAnsweredAtTheReaderOfItsScreen(t *testing.T) {
	c := newCrew(t)
	phone := edge.Device{ID: "phone", Name: "Phone", Role: edge.RoleOwner, KeyHash: "p"}
	if err := c.floor.PairDevice(ctx, edge.System, phone); err != nil {
		t.Fatal(err)
	}
	order, second := c.ordered(t), c.ordered(t)
	c.wish(t, "press", order)
	c.did(t, edge.DidClockIn, clock(annasBadge)) // the door's reader is not the bar's
	ask := func(device edge.Device, key string) edge.Approval {
		t.Helper()
		a, err := c.floor.AskApproval(ctx, device, edge.CancelRequest{Key: key, Order: second, Reason: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	fromPhone := ask(phone, "phone-press") // a screen without a reader is answered anywhere
	if answer := c.did(t, edge.DidApprove, clock(annasBadge)); answer.Approval.ID != fromPhone.ID {
		t.Errorf("the door approved %+v, want the phone's", answer.Approval)
	}
	tablet := edge.Device{ID: "tablet", Role: edge.RoleOwner}
	third := c.ordered(t)
	for _, d := range []edge.Device{phone, tablet} {
		if _, err := c.floor.AskApproval(ctx, d, edge.CancelRequest{Key: "several", Order: third, Reason: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	c.refused(t, "approval_several", func() error { _, err := c.floor.Badge(ctx, clock(annasBadge)); return err })
	if answer := c.did(t, edge.DidApprove, atBar(annasBadge)); answer.Approval.Device != "bar" {
		t.Errorf("the bar approved %+v, want its own", answer.Approval)
	}
}

func TestAScreenWaitsForOneApproval(t *testing.T) {
	c := newCrew(t)
	first := c.wish(t, "press-1", c.ordered(t))
	second := c.wish(t, "press-2", c.ordered(t))
	if got := c.approval(t, first.ID).State; got != edge.ApprovalWithdrawn {
		t.Errorf("the first: got %s, want withdrawn", got)
	}
	if err := c.floor.WithdrawApproval(ctx, "device:phone", "phone", second.ID); edge.KindOf(err) == 0 && err == nil {
		t.Error("another screen took it back")
	}
	for range 2 {
		if err := c.floor.WithdrawApproval(ctx, "device:bar", "bar", second.ID); err != nil {
			t.Fatal(err)
		}
	}
	c.did(t, edge.DidSignIn, atBar(annasBadge))
	if got := c.approval(t, second.ID); got.State != edge.ApprovalWithdrawn {
		t.Errorf("the second: got %s, want withdrawn", got.State)
	}
}

func TestWhatWasApprovedTooLate(t *testing.T) {
	c := newCrew(t)
	order := c.ordered(t)
	wish := c.wish(t, "press", order)
	if err := c.floor.Serve(ctx, edge.System, order); err != nil {
		t.Fatal(err)
	}
	if answer := c.did(t, edge.DidFail, atBar(annasBadge)); answer.Approval == nil {
		t.Error("the answer names no wish")
	}
	got := c.approval(t, wish.ID)
	if got.State != edge.ApprovalFailed || got.Refusal != "order_over" || got.ByName != "Anna" {
		t.Errorf("got %+v, want it failed because the order is over", got)
	}
	c.refused(t, "order_over", func() error {
		_, err := c.floor.AskApproval(ctx, c.bar, edge.CancelRequest{Key: "press-2", Order: order, Reason: "left"})
		return err
	})
}

// TestNothingGuardedHappensUnapproved plays taps, wishes and time in any order: what the kitchen has is taken off only by
// an approved wish, and every approved wish names somebody who may approve.
func TestNothingGuardedHappensUnapproved(t *testing.T) {
	c := newCrew(t)
	rapid.Check(t, func(r *rapid.T) {
		c.now = c.now.Add(time.Hour) // what waited before is over
		c.ids++
		counter := c.seat(t, counterWord, "guest-"+strconv.Itoa(c.ids)) // everybody has a visit of their own there
		order, before := c.place(t, counter.Guest.ID, "order", burger).Order, len(c.kinds(t, "approval.approved"))
		if err := c.floor.Accept(ctx, edge.System, order); err != nil {
			r.Fatalf("Accept: %v", err)
		}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			c.ids++
			key := "step-" + strconv.Itoa(c.ids)
			req := edge.CancelRequest{Key: key, Order: order, Line: new(0), Quantity: 1, Reason: "x"}
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0:
				if err := c.floor.Cancel(ctx, "device:bar", req); err == nil {
					r.Fatalf("cancelled without a badge")
				}
			case 1:
				_, _ = c.floor.AskApproval(ctx, c.bar, req) // may be over by now
			case 2:
				_, _ = c.floor.Badge(ctx, atBar(bertsBadge))
			case 3:
				tap := atBar(annasBadge)
				tap.Proven = rapid.Bool().Draw(r, "proven")
				_, _ = c.floor.Badge(ctx, tap)
			case 4:
				c.now = c.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(r, "seconds")) * time.Second)
			case 5:
				if err := c.floor.TendApprovals(ctx); err != nil {
					r.Fatalf("TendApprovals: %v", err)
				}
			}
		}
		given := len(c.kinds(t, "approval.approved")) - before
		o, _ := c.order(t, order)
		if o.Lines[0].Cancelled != given || given > 1 {
			r.Fatalf("%d taken off, %d approved", o.Lines[0].Cancelled, given)
		}
	})
}
