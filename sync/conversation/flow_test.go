package conversation_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// has fails unless text holds all parts.
func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s is %q, want %q in it", what, text, part)
		}
	}
}

func TestOrderIsOneLivingCard(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		language, welcome, table, waiting, accepted, preparing, ready, alert, served, soup, total, thanks string
	}{
		{
			"en-GB", "Welcome to Zum Löwen", "Your table: 7", "Waiting for the staff", "Accepted", "Being prepared", "Ready!",
			"🔔 Order 1 is ready!", "Served", "2 × Soup of the day", "Total: €17.80", "3 items at table 7, €17.80",
		},
		{
			"de-AT", "Willkommen bei Zum Löwen", "Ihr Tisch: 7", "Wartet auf die Bestätigung", "Angenommen", "Wird zubereitet", "Fertig!",
			"🔔 Bestellung 1 ist fertig!", "Serviert", "2 × Tagessuppe", "Summe: 17,80\u00a0€", "3 Artikel an Tisch 7, zusammen 17,80\u00a0€",
		},
	} {
		t.Run(tc.language, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := openHouse(t)
				user := h.tg.User(4711, tc.language)
				guest := h.arrive(user, tableToken)
				first := h.tg.FromBot(user.ID())
				if len(first) != 1 {
					t.Fatalf("after /start the guest sees %q, want one welcome", h.fromBot(user))
				}
				has(t, "welcome", first[0].Text, tc.welcome, tc.table)
				if got, want := first[0].Buttons[0][0].WebApp, webBase+"/t/"+tableToken+"#g=key-1"; got != want {
					t.Errorf("menu button opens %q, want %q", got, want)
				}
				if menu, ok := h.tg.Menu(user.ID()); !ok || menu.WebApp != first[0].Buttons[0][0].WebApp {
					t.Errorf("button beside the input field is %+v, want the same page", menu)
				}

				order := h.order(guest)
				card := func(alerts int, parts ...string) {
					t.Helper()
					pass(2 * time.Second)
					cards := h.cards(user)
					if len(cards) != 1 || len(h.tg.FromBot(user.ID())) != 2+alerts {
						t.Fatalf("guest sees %q, want a welcome, one card and %d alerts", h.fromBot(user), alerts)
					}
					has(t, "card", cards[0].Text, append(parts, tc.soup)...)
					if !cards[0].Silent {
						t.Errorf("card %q made a sound, want it silent", cards[0].Text)
					}
				}
				card(0, tc.waiting, tc.total)
				h.must(h.floor.Accept(t.Context(), "staff:1", order))
				card(0, tc.accepted)
				h.press(order, h.kitchen.Start)
				card(0, tc.preparing)
				h.press(order, h.kitchen.Bump)
				card(1, tc.ready)
				alert := h.tg.FromBot(user.ID())[2]
				if alert.Text != tc.alert || alert.Silent {
					t.Errorf("alert is %q (silent %v), want %q with a sound", alert.Text, alert.Silent, tc.alert)
				}
				h.must(h.floor.Serve(t.Context(), "staff:1", order))
				card(1, tc.served)
				if got := h.cards(user)[0].Edits; got != 4 {
					t.Errorf("the card was rewritten %d times, want 4", got)
				}

				_, err := h.floor.Pay(t.Context(), "staff:1", edge.PayRequest{Key: "pay", Session: guest.Session, Kind: edge.TenderCash, Amount: 1780})
				h.must(err)
				h.must(h.floor.Close(t.Context(), "staff:1", guest.Session, ""))
				pass(2 * time.Second)
				texts := h.fromBot(user)
				has(t, "last message", texts[len(texts)-1], tc.thanks)
			})
		})
	}
}

func TestCollapsedWhileCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		anna, ben, cleo := h.tg.User(1, "en"), h.tg.User(2, "de"), h.tg.User(3, "en")
		a, b, c := h.arrive(anna, tableToken), h.arrive(ben, tableToken), h.arrive(cleo, counterToken)
		h.line.off.Store(true)
		orderA, orderB := h.order(a), h.order(b)
		h.must(h.floor.Accept(t.Context(), "staff:1", orderA))
		h.press(orderA, h.kitchen.Start)
		second := h.order(a, edge.LineRequest{Item: "soup", Quantity: 1})
		pass(5 * time.Minute)
		h.press(orderA, h.kitchen.Bump)
		h.must(h.floor.Reject(t.Context(), "staff:1", orderB, "Küche geschlossen"))
		stale := h.order(c, edge.LineRequest{Item: "beer", Variant: "l", Quantity: 1})
		h.must(h.floor.Accept(t.Context(), "staff:1", stale))
		pass(40 * time.Minute) // the news "accepted" is stale by now; "ready" and "rejected" are not
		statuses, err := h.out.Status(t.Context(), "telegram")
		h.must(err)
		if s := statuses[0]; s.Backlog.Waiting == 0 || s.Words == "" || s.Expired == 0 {
			t.Errorf("status while cut off is %+v, want a backlog, the reason and expired news", s)
		}
		before := h.tg.Calls("sendMessage")
		h.line.off.Store(false)
		pass(2 * time.Minute)
		got := h.cards(anna)
		if len(got) != 1 {
			t.Fatalf("anna sees %q, want one card", h.fromBot(anna))
		}
		has(t, "anna's card", got[0].Text, "Order 1", "Ready!")
		if got[0].Silent {
			t.Error("anna's card came silently although it says ready")
		}
		if cards := h.cards(ben); len(cards) != 1 || cards[0].Silent {
			t.Errorf("ben sees %q, want one card with a sound", h.fromBot(ben))
		} else {
			has(t, "ben's card", cards[0].Text, "nicht annehmen", "Küche geschlossen")
		}
		if cards := h.cards(cleo); len(cards) != 0 {
			t.Errorf("cleo sees %q, want no stale news", cards[0].Text)
		}
		if calls := h.tg.Calls("sendMessage") - before; calls != 2 {
			t.Errorf("%d messages were sent after the line came back, want 2", calls)
		}
		// The stale one lives on: its next news is sent as a whole card.
		h.press(stale, h.kitchen.Bump)
		h.press(second, h.kitchen.Bump)
		pass(10 * time.Second)
		if cards := h.cards(cleo); len(cards) != 1 || !strings.Contains(cards[0].Text, "Please pick it up") {
			t.Errorf("cleo sees %q, want a card that says to pick it up", h.fromBot(cleo))
		}
		if cards := h.cards(anna); len(cards) != 2 || !strings.Contains(cards[1].Text, "Order 3") {
			t.Errorf("anna sees %q, want the card of her second order after the first", h.fromBot(anna))
		}
	})
}
