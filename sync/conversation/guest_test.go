package conversation_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

// last is the newest message of the bot.
func (h *house) last(user *telegramtest.User) telegramtest.Message {
	h.t.Helper()
	all := h.tg.FromBot(user.ID())
	if len(all) == 0 {
		h.t.Fatal("the guest sees nothing")
	}
	return all[len(all)-1]
}

func (h *house) help(session edge.ID) []edge.HelpKind {
	h.t.Helper()
	var kinds []edge.HelpKind
	h.must(h.store.Read(h.t.Context(), func(view edge.View) error {
		s, err := view.Session(session)
		for _, help := range s.Help {
			kinds = append(kinds, help.What)
		}
		return err
	}))
	return kinds
}

func TestCodesAndTheirAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		for i, tc := range []struct{ language, token, want string }{
			{"en", "guessed-token-000000", "This code is not known here"},
			{"de", "guessed-token-000000", "Dieser Code ist hier nicht bekannt"},
			{"en", "STALE234", "This code has expired"},
			{"fr", "STALE234", "This code has expired"},
			{"en", "FRESH234", "straight to the kitchen"},
			{"en", tableToken, "staff confirm your first order"},
			{"en", "", "To order, scan the code"},
			{"de", "", "Zum Bestellen scannen Sie"},
		} {
			user := h.tg.User(int64(100+i), tc.language)
			h.must(user.Start(tc.token))
			pass(2 * time.Second)
			if got := h.fromBot(user); len(got) != 1 || !strings.Contains(got[0], tc.want) {
				t.Errorf("%s guest with code %q reads %q, want one answer with %q", tc.language, tc.token, got, tc.want)
			}
		}
	})
}

// signedTags knows one tag; its messages are its counter in front of zeros, in the form of a real one.
type signedTags struct{}

func (signedTags) Check(word string) (edge.SignedTap, bool, error) {
	if len(word) != len(tapWord(0)) || word[0] != 'S' {
		return edge.SignedTap{}, false, nil
	}
	counter, err := strconv.Atoi(word[1:4])
	return edge.SignedTap{UID: "04AABBCCDDEE80", Version: 1, Counter: uint32(counter)}, true, err
}

func tapWord(counter int) string { return fmt.Sprintf("S%03d%047d", counter, 0) }

// TestTapInAMessenger: the address of a tag as a start parameter proves the guest, once.
func TestTapInAMessenger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		h.floor.Prove(signedTags{})
		h.must(h.store.Write(t.Context(), func(tx edge.Tx) error {
			return tx.PutTag(edge.Tag{UID: "04AABBCCDDEE80", TableID: h.table.ID, Kind: edge.TagTable, Signs: true, KeyVersion: 1})
		}))
		for i, tc := range []struct{ token, want string }{
			{tapWord(5), "straight to the kitchen"},
			{tapWord(5), "hold your phone to the tag on your table again"},
			{tapWord(4), "hold your phone to the tag on your table again"},
			{"S" + strings.Repeat("Z", 50), "hold your phone to the tag on your table again"},
			{tapWord(6), "straight to the kitchen"},
		} {
			user := h.tg.User(int64(300+i), "en")
			h.must(user.Start(tc.token))
			pass(2 * time.Second)
			if got := h.fromBot(user); len(got) != 1 || !strings.Contains(got[0], tc.want) {
				t.Errorf("guest %d with a tap reads %q, want one answer with %q", i, got, tc.want)
			}
		}
	})
}

func TestSameGuestSameLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		link := h.last(user).Buttons[0][0].WebApp
		again := h.arrive(user, tableToken)
		if got := h.last(user).Buttons[0][0].WebApp; again.ID != guest.ID || got != link {
			t.Errorf("second /start gives guest %s and %q, want %s and %q: the open page must stay signed in", again.ID, got, guest.ID, link)
		}
		h.order(guest)
		pass(2 * time.Second)
		h.must(user.Text("where is it?"))
		pass(2 * time.Second)
		status := h.last(user)
		has(t, "status", status.Text, "Zum Löwen · Table 7", "Order 1 (3 items): Waiting for the staff")
		if got := status.Buttons[0][0].WebApp; got != link {
			t.Errorf("the status's menu button opens %q, want %q", got, link)
		}
		// A page that signed in with a key of its own keeps it: the chat then links without a key.
		_, err := h.floor.Seat(t.Context(), edge.SeatRequest{
			Token: tableToken, Channel: "telegram", Address: user.Chat(), KeyHash: "of-the-page", Language: "en", Actor: edge.System,
		})
		h.must(err)
		h.must(user.Text("menu?"))
		pass(2 * time.Second)
		if got, want := h.last(user).Buttons[0][0].WebApp, webBase+"/t/"+tableToken; got != want {
			t.Errorf("menu button opens %q, want %q without a key", got, want)
		}
	})
}

func TestHelpByButtonAndByWord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "de")
		guest := h.arrive(user, tableToken)
		welcome := h.last(user)
		h.must(user.Press(welcome.ID, "ask:bill"))
		h.must(user.Text("Wasser!"))
		pass(2 * time.Second)
		if got := h.help(guest.Session); len(got) != 2 || got[0] != edge.HelpBill || got[1] != edge.HelpWater {
			t.Errorf("staff are asked for %v, want the bill and water", got)
		}
		if got := h.tg.Calls("answerCallbackQuery"); got != 1 {
			t.Errorf("%d presses were acknowledged, want 1", got)
		}
		has(t, "answer", h.last(user).Text, "Das Wasser kommt gleich.")
		h.must(h.floor.HelpDone(t.Context(), "staff:1", guest.Session, edge.HelpBill))
		h.must(h.floor.HelpDone(t.Context(), "staff:1", guest.Session, edge.HelpWater))
		h.must(h.floor.Close(t.Context(), "staff:1", guest.Session, ""))
		messages := len(h.fromBot(user))
		h.must(user.Press(welcome.ID, "ask:staff"))
		pass(2 * time.Second)
		if got := h.tg.Calls("answerCallbackQuery"); got != 2 || len(h.fromBot(user)) != messages {
			t.Errorf("%d presses acknowledged, messages %q, want the late press answered without a message", got, h.fromBot(user))
		}
	})
}

func TestRepeatedUpdatesActOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		h.must(h.tg.Misbehave(telegramtest.Fault{Method: "getUpdates", Repeat: true, Times: 2}))
		h.arrive(user, tableToken)
		h.must(user.Text("hello"))
		pass(3 * time.Second)
		if got := h.fromBot(user); len(got) != 2 {
			t.Errorf("guest reads %q, want one welcome and one status", got)
		}
	})
}

func TestReasonsOfTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, tableToken)
		timedOut, withdrawn := h.order(guest), h.order(guest)
		pass(2 * time.Second)
		h.must(h.floor.Withdraw(t.Context(), guest.ID, withdrawn))
		pass(11 * time.Minute)
		h.must(h.floor.Tend(t.Context()))
		pass(3 * time.Second)
		cards := h.cards(user)
		if len(cards) != 2 {
			t.Fatalf("guest sees %q, want two cards", h.fromBot(user))
		}
		has(t, "card nobody confirmed", cards[0].Text, "cannot take this order", "Nobody could confirm it in time")
		has(t, "card taken back", cards[1].Text, "cancelled", "You took it back yourself")
		alerts := 0
		for _, text := range h.fromBot(user) {
			if strings.Contains(text, "look above") {
				alerts++
			}
		}
		if alerts != 1 {
			t.Errorf("guest sees %q, want an alert for the order nobody confirmed and none for their own doing", h.fromBot(user))
		}
		if timedOut == withdrawn {
			t.Error("two orders have one id")
		}
	})
}

func TestReducedAndRecalled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user := h.tg.User(1, "en")
		guest := h.arrive(user, "FRESH234")
		order := h.order(guest)
		pass(2 * time.Second)
		h.must(h.floor.Cancel(t.Context(), "staff:1", edge.CancelRequest{Key: "c", Order: order, Line: new(0), Quantity: 1, Reason: "sold out"}))
		pass(2 * time.Second)
		has(t, "reduced card", h.cards(user)[0].Text, "1 × Soup", "1 item was taken off.", "Total: €11.30")
		h.press(order, h.kitchen.Bump)
		pass(2 * time.Second)
		h.press(order, h.kitchen.Recall)
		pass(2 * time.Second)
		has(t, "recalled card", h.cards(user)[0].Text, "Being prepared")
		h.press(order, h.kitchen.Bump)
		pass(2 * time.Second)
		alerts := 0
		for _, text := range h.fromBot(user) {
			if strings.Contains(text, "🔔") {
				alerts++
			}
		}
		if alerts != 2 || len(h.cards(user)) != 1 {
			t.Errorf("guest sees %q, want one card and an alert each time it became ready", h.fromBot(user))
		}
	})
}
