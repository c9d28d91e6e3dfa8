package conversation_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

func TestFloodWaitIsObeyed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "sendMessage", Code: 429, Description: "Too Many Requests", RetryAfter: 30, Times: 1}))
		calls := h.tg.Calls("sendMessage")
		order := h.order(guest)
		pass(29 * time.Second)
		if got := h.tg.Calls("sendMessage") - calls; got != 1 {
			t.Errorf("%d calls within the wait Telegram asked for, want the one it refused", got)
		}
		h.must(h.floor.Accept(t.Context(), "staff:1", order))
		pass(5 * time.Second)
		cards := h.cards(user)
		if len(cards) != 1 || !strings.Contains(cards[0].Text, "Accepted") {
			t.Errorf("after the wait the guest sees %q, want one card with the newest state", h.fromBot(user))
		}
	})
}

func TestBlockedGuestIsLeftAloneUntilBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		order := h.order(guest)
		pass(2 * time.Second)
		user.Block()
		pass(2 * time.Second)
		calls := h.tg.Calls("sendMessage") + h.tg.Calls("editMessageText")
		h.ready(order)
		pass(time.Minute)
		if got := h.tg.Calls("sendMessage") + h.tg.Calls("editMessageText") - calls; got != 0 {
			t.Errorf("%d calls about a guest who has blocked us, want none", got)
		}
		statuses, err := h.out.Status(t.Context())
		h.must(err)
		if s := statuses[0]; s.Refused == 0 || s.Backlog.Waiting != 0 || s.Kind != channel.KindNone {
			t.Errorf("status is %+v, want refused deliveries, no backlog and a channel that is well", s)
		}
		user.Unblock()
		pass(3 * time.Second)
		texts := h.fromBot(user)
		if cards := h.cards(user); len(cards) != 1 || !strings.Contains(cards[0].Text, "Ready!") {
			t.Errorf("after unblocking the guest sees %q, want the card to say ready", texts)
		}
		has(t, "last message", texts[len(texts)-1], "Order 1 is ready")
	})
}

func TestBlockedWithoutNoticeIsLearntFromTheRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "sendMessage", Code: 403, Description: "Forbidden: bot was blocked by the user"}))
		calls := h.tg.Calls("sendMessage")
		first := h.order(guest)
		h.order(guest)
		h.ready(first)
		pass(time.Minute)
		if got := h.tg.Calls("sendMessage") - calls; got != 1 {
			t.Errorf("%d calls to a guest who is gone, want the one that told us", got)
		}
		h.tg.Behave()
		h.must(user.Text("hello?"))
		pass(3 * time.Second)
		if cards := h.cards(user); len(cards) != 2 {
			t.Errorf("after a word of the guest they see %q, want the cards of both orders", h.fromBot(user))
		}
	})
}

func TestAnswerLostAfterDelivery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		// The first card arrives but its answer is lost: one documented repeat.
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "sendMessage", Swallow: true, Times: 1}))
		order := h.order(guest)
		pass(time.Minute)
		if cards := h.cards(user); len(cards) != 2 {
			t.Fatalf("guest sees %q, want the card and its one repeat", h.fromBot(user))
		}
		// A lost answer to an edit is repeated without a trace.
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "editMessageText", Swallow: true, Times: 3}))
		h.must(h.floor.Accept(t.Context(), "staff:1", order))
		pass(2 * time.Minute)
		cards := h.cards(user)
		if len(cards) != 2 || cards[1].Edits != 1 {
			t.Fatalf("guest sees %q (edits %d), want no further card and one visible edit", h.fromBot(user), cards[1].Edits)
		}
		has(t, "card", cards[1].Text, "Accepted")
		// Answers that never come do not multiply a first card without end.
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "sendMessage", Swallow: true}))
		h.order(guest, edge.LineRequest{Item: "soup", Quantity: 1})
		pass(10 * time.Minute)
		if cards := h.cards(user); len(cards) != 4 {
			t.Errorf("guest sees %d cards, want two of the second order", len(cards))
		}
	})
}

func TestCardThatIsGoneIsSentAgainOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		order := h.order(guest)
		pass(2 * time.Second)
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "editMessageText", Code: 400, Description: "Bad Request: message to edit not found", Times: 1}))
		h.must(h.floor.Accept(t.Context(), "staff:1", order))
		pass(2 * time.Second)
		h.press(order, h.kitchen.Start)
		pass(2 * time.Second)
		cards := h.cards(user)
		if len(cards) != 2 || cards[1].Edits != 1 {
			t.Fatalf("guest sees %q, want one new card that lives on", h.fromBot(user))
		}
		has(t, "new card", cards[1].Text, "Being prepared")
	})
}

func TestRevokedTokenStopsTheChannel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		h.must(h.tg.Misbehave(telegramtest.Fault{Code: 401, Description: "Unauthorized"}))
		calls := h.tg.Calls("sendMessage")
		h.order(guest)
		pass(10 * time.Minute)
		statuses, err := h.out.Status(t.Context())
		h.must(err)
		if s := statuses[0]; !s.NeedsOwner() || s.Words != "Unauthorized" || s.Backlog.Waiting != 1 {
			t.Errorf("status is %+v, want the owner called in Telegram's words", s)
		}
		if got := h.tg.Calls("sendMessage") - calls; got < 2 || got > 5 {
			t.Errorf("%d tries in 10 minutes, want one every few minutes", got)
		}
		h.tg.Behave()
		pass(4 * time.Minute)
		if cards := h.cards(user); len(cards) != 1 {
			t.Errorf("after the token works again the guest sees %q, want the card", h.fromBot(user))
		}
	})
}

func TestRestartInTheMiddleOfSending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		order := h.order(guest)
		pass(2 * time.Second)
		// Telegram shows the alert but its answer is still on the way when the device stops.
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "sendMessage", Swallow: true, Times: 1}))
		h.ready(order)
		pass(time.Second)
		h.restart()
		pass(time.Minute)
		if cards := h.cards(user); len(cards) != 1 || !strings.Contains(cards[0].Text, "Ready!") {
			t.Errorf("after the restart the guest sees %q, want one card that says ready", h.fromBot(user))
		}
		alerts := 0
		for _, text := range h.fromBot(user) {
			if strings.Contains(text, "Order 1 is ready") {
				alerts++
			}
		}
		if alerts != 2 {
			t.Errorf("the guest was alerted %d times, want the alert and its one repeat", alerts)
		}
		var open edge.Backlog
		h.must(h.store.Read(t.Context(), func(view edge.View) error {
			var err error
			open, err = view.DeliveryBacklog("telegram:")
			return err
		}))
		if open.Waiting != 0 {
			t.Errorf("%d deliveries wait, want none", open.Waiting)
		}
	})
}
