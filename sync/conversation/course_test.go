package conversation_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

// courses is a house that sends courses one after the other and lets guests call the next.
func courses(v *edge.Venue) {
	v.Coursing = edge.Coursing{Hold: true, Next: edge.NextByHand, Guests: true}
	v.Policy.Printed = edge.MayOrder
}

func meal() []edge.LineRequest {
	return []edge.LineRequest{{Item: "salad", Quantity: 1}, {Item: "steak", Quantity: 2}, {Item: "cake", Quantity: 1}}
}

// buttonOf finds the data of the button with the label on a message, "" when it has none.
func buttonOf(m telegramtest.Message, label string) string {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == label {
				return b.Data
			}
		}
	}
	return ""
}

// cook bumps the tickets of an order that are not held.
func (h *house) cook(order edge.ID) {
	h.t.Helper()
	var tickets []edge.Ticket
	h.must(h.store.Read(h.t.Context(), func(view edge.View) (err error) {
		tickets, err = view.TicketsOf(order)
		return err
	}))
	for _, ticket := range tickets {
		if ticket.State == edge.TicketStateNew || ticket.State == edge.TicketStateStarted {
			_, err := h.kitchen.Bump(h.t.Context(), edge.Press{Key: string(newID()), Device: "screen", Ticket: ticket.ID})
			h.must(err)
		}
	}
}

func (h *house) held(order edge.ID) []int {
	h.t.Helper()
	var held []int
	h.must(h.store.Read(h.t.Context(), func(view edge.View) error {
		o, err := view.Order(order)
		held = o.Held
		return err
	}))
	return held
}

func TestGuestsCallTheirCourses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		language, button, course2, course3, call, called string
	}{
		{
			"en", "Next course, please", "Course 2 comes when you call it: 2 × Steak", "Course 3 comes when you call it: 1 × Cake",
			"Tell us when you would like", "The kitchen starts on your next course.",
		},
		{
			"de", "Nächsten Gang, bitte", "Gang 2 kommt, wenn Sie ihn rufen: 2 × Steak", "Gang 3 kommt, wenn Sie ihn rufen: 1 × Kuchen",
			"Sagen Sie uns, wann", "Die Küche beginnt mit Ihrem nächsten Gang.",
		},
	} {
		t.Run(tc.language, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := openHouse(t, courses)
				user := h.tg.User(1, tc.language)
				order := h.order(h.arrive(user, tableToken), meal()...)
				pass(2 * time.Second)
				card := h.cards(user)[0]
				has(t, "card", card.Text, tc.course2, tc.course3)
				if buttonOf(card, tc.button) != "" {
					t.Error("the next course can be called before the first is done")
				}
				h.cook(order)
				pass(2 * time.Second)
				card = h.cards(user)[0]
				has(t, "card between courses", card.Text, tc.call, tc.course2)
				data := buttonOf(card, tc.button)
				if data == "" {
					t.Fatalf("card %q has buttons %v, want one that calls the next course", card.Text, card.Buttons)
				}
				h.must(user.Press(card.ID, data))
				pass(2 * time.Second)
				if got := user.Toast(); got != tc.called {
					t.Errorf("the press is answered with %q, want %q", got, tc.called)
				}
				card = h.cards(user)[0]
				if held := h.held(order); len(held) != 1 || held[0] != 3 || strings.Contains(card.Text, tc.course2) || buttonOf(card, tc.button) != "" {
					t.Errorf("after the call courses %v are held and the card is %q, want only the third", held, card.Text)
				}
				if len(h.cards(user)) != 1 || len(h.fromBot(user)) != 2 {
					t.Errorf("guest sees %q, want a welcome and one living card", h.fromBot(user))
				}
			})
		})
	}
}

func TestImpatientThumbCallsOneCourse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, courses)
		user := h.tg.User(1, "en")
		order := h.order(h.arrive(user, tableToken), meal()...)
		h.cook(order)
		pass(2 * time.Second)
		card := h.cards(user)[0]
		for range 3 { // before the card has changed
			h.must(user.Press(card.ID, buttonOf(card, "Next course, please")))
		}
		pass(2 * time.Second)
		if held := h.held(order); len(held) != 1 || held[0] != 3 {
			t.Errorf("after three presses courses %v are held, want the third", held)
		}
		has(t, "answer to the last press", user.Toast(), "when the one before is done")
		h.cook(order)
		pass(2 * time.Second)
		// A recall takes the offer back: the kitchen works on the course before again.
		h.press(order, h.kitchen.Recall)
		pass(2 * time.Second)
		if card := h.cards(user)[0]; buttonOf(card, "Next course, please") != "" || !strings.Contains(card.Text, "Being prepared") {
			t.Errorf("after the recall the card is %q with %v, want no offer", card.Text, card.Buttons)
		}
		h.cook(order)
		h.must(h.floor.Serve(t.Context(), "staff:1", order))
		pass(2 * time.Second)
		card = h.cards(user)[0]
		has(t, "card after serving", card.Text, "Tell us when you would like", "Course 3 comes")
		if buttonOf(card, "Next course, please") == "" {
			t.Error("the last course cannot be called after the one before was served")
		}
	})
}

func TestNextCourseByWord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, courses)
		user := h.tg.User(1, "de")
		guest := h.arrive(user, tableToken)
		h.must(user.Text("weiter"))
		pass(3 * time.Second)
		has(t, "answer without an order", h.last(user).Text, "sobald der vorige fertig ist")
		order := h.order(guest, meal()...)
		pass(2 * time.Second)
		stale := h.cards(user)[0]
		h.cook(order)
		pass(3 * time.Second)
		h.must(user.Text("Weiter!"))
		pass(3 * time.Second)
		has(t, "answer", h.last(user).Text, "Die Küche beginnt mit Ihrem nächsten Gang.")
		if held := h.held(order); len(held) != 1 || held[0] != 3 {
			t.Errorf("courses %v are held, want the third", held)
		}
		h.must(user.Text("weiter"))
		pass(3 * time.Second)
		has(t, "answer while it cooks", h.last(user).Text, "sobald der vorige fertig ist")
		if len(h.cards(user)) != 1 || h.cards(user)[0].ID != stale.ID {
			t.Errorf("guest sees %q, want one living card", h.fromBot(user))
		}
	})
}

func TestHouseThatFiresByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, courses, func(v *edge.Venue) { v.Coursing.Guests = false })
		user := h.tg.User(1, "en")
		order := h.order(h.arrive(user, tableToken), meal()...)
		pass(2 * time.Second)
		has(t, "card", h.cards(user)[0].Text, "Course 2 follows later: 2 × Steak")
		h.cook(order)
		h.must(h.floor.Serve(t.Context(), "staff:1", order))
		pass(2 * time.Second)
		card := h.cards(user)[0]
		has(t, "card between courses", card.Text, "Enjoy! Your next course follows.", "Course 3 follows later")
		if buttonOf(card, "Next course, please") != "" {
			t.Error("guests can call a course in a house that does not let them")
		}
		h.must(h.floor.FireCourse(t.Context(), "staff:1", order, nil))
		pass(2 * time.Second)
		card = h.cards(user)[0]
		if strings.Contains(card.Text, "Course 2") || strings.Contains(card.Text, "next course") {
			t.Errorf("after firing the card is %q, want the second course gone from what waits", card.Text)
		}
	})
}

func TestExpectedAndDelayed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(v *edge.Venue) { v.Zone = time.FixedZone("east", 2*3600) })
		user := h.tg.User(1, "en")
		order := h.order(h.arrive(user, "FRESH234"))
		placed := time.Now()
		pass(2 * time.Second)
		at := func(d time.Duration) string { return placed.Add(d).In(h.venue.Zone).Format("15:04") }
		has(t, "card", h.cards(user)[0].Text, "Expected between "+at(10*time.Minute)+" and "+at(16*time.Minute-1))
		pass(14 * time.Minute)
		h.must(h.kitchen.Tend(t.Context()))
		pass(2 * time.Second)
		if got := len(h.fromBot(user)); got != 2 {
			t.Fatalf("guest sees %q, want nothing new before the time has passed", h.fromBot(user))
		}
		for range 3 {
			pass(time.Minute)
			h.must(h.kitchen.Tend(t.Context()))
		}
		pass(2 * time.Second)
		if got := h.fromBot(user); len(got) != 3 || !strings.Contains(got[2], "takes a little longer than we said") {
			t.Fatalf("guest sees %q, want one message about the delay", got)
		}
		if !h.last(user).Silent {
			t.Error("the delay came with a sound, want it silent: there is nothing to do")
		}
		card := h.cards(user)[0]
		has(t, "card", card.Text, "It takes a little longer than we said")
		if strings.Contains(card.Text, "Expected") {
			t.Errorf("card is %q, want no time that has passed", card.Text)
		}
		h.press(order, h.kitchen.Bump)
		pass(2 * time.Second)
		has(t, "last message", h.last(user).Text, "is ready!")
		// Brought back and ready again: the delay is old news.
		h.press(order, h.kitchen.Recall)
		pass(2 * time.Second)
		if got := h.fromBot(user); len(got) != 4 {
			t.Errorf("after the recall the guest sees %q, want the delay told once only", got)
		}
	})
}

func TestReadyOvertakesDelayed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t)
		user, other := h.tg.User(1, "en"), h.tg.User(2, "en")
		order := h.order(h.arrive(user, "FRESH234"))
		late := h.order(h.arrive(other, "FRESH234"))
		pass(2 * time.Second)
		h.line.off.Store(true)
		pass(16 * time.Minute)
		h.must(h.kitchen.Tend(t.Context()))
		pass(time.Minute)
		h.press(order, h.kitchen.Bump)
		pass(time.Minute)
		h.line.off.Store(false)
		pass(2 * time.Minute)
		for _, text := range h.fromBot(user) {
			if strings.Contains(text, "longer than we said") {
				t.Errorf("guest sees %q after the food was ready", text)
			}
		}
		has(t, "last message", h.last(user).Text, "is ready!")
		has(t, "the other's last message", h.last(other).Text, "longer than we said")
		// A delay that could not be told in time is not told any more.
		third := h.tg.User(3, "en")
		h.order(h.arrive(third, "FRESH234"))
		pass(2 * time.Second)
		h.line.off.Store(true)
		pass(16 * time.Minute)
		h.must(h.kitchen.Tend(t.Context()))
		pass(time.Hour)
		h.line.off.Store(false)
		pass(5 * time.Minute)
		if got := h.fromBot(third); len(got) != 2 {
			t.Errorf("an hour later the guest sees %q, want no word of the delay", got)
		}
		if late == order {
			t.Error("two orders have one id")
		}
	})
}

func TestPausedKitchenSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(v *edge.Venue) { v.Zone = time.FixedZone("east", 2*3600) })
		user := h.tg.User(1, "en")
		set := func(p edge.Pace) {
			t.Helper()
			_, err := h.kitchen.SetPace(t.Context(), "device:1", p, []string{"web", "telegram"})
			h.must(err)
		}
		until := time.Now().Add(30 * time.Minute)
		set(edge.Pace{Channel: "telegram", State: edge.PacePaused, Until: until})
		h.arrive(user, tableToken)
		has(t, "welcome", h.last(user).Text, "takes orders again at about "+until.In(h.venue.Zone).Format("15:04"), "staff are glad to help")
		set(edge.Pace{Channel: edge.AllChannels, State: edge.PaceSlow, Delay: 600})
		set(edge.Pace{Channel: "telegram", State: edge.PaceOpen})
		h.must(user.Text("hello"))
		pass(3 * time.Second)
		has(t, "status", h.last(user).Text, "it takes longer than usual")
		set(edge.Pace{Channel: edge.AllChannels, State: edge.PacePaused})
		h.must(user.Text("hello"))
		pass(3 * time.Second)
		has(t, "status", h.last(user).Text, "takes no orders right now")
		set(edge.Pace{Channel: edge.AllChannels, State: edge.PaceOpen})
		h.must(user.Text("hello"))
		pass(3 * time.Second)
		if text := h.last(user).Text; strings.Contains(text, "kitchen is taking") || strings.Contains(text, "usual") {
			t.Errorf("status is %q, want no word of a pace that is over", text)
		}
	})
}
