package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// newDinner opens a house that holds later courses: soup is the first, burgers the second.
func newDinner(t *testing.T) *house {
	t.Helper()
	v := venue()
	v.Coursing = edge.Coursing{Hold: true, Next: edge.NextByHand, Guests: true}
	menu := strings.Replace(menuYAML, "prep_seconds: 600}", `prep_seconds: 600, course: 2}
      - {id: soup, name: {en: Soup, de: Soup}, price: 600, prep_seconds: 300, course: 1}`, 1)
	return newHouseWith(t, v, menu)
}

// supper places an order of the items.
func (h *house) supper(key string, items ...string) edge.Receipt {
	h.t.Helper()
	body := api.OrderBody{Key: newKey(), MenuVersion: 1}
	for _, item := range items {
		line := edge.LineRequest{Item: item, Quantity: 1}
		if item == "cola" {
			line.Variant = "small"
		}
		body.Lines = append(body.Lines, line)
	}
	var receipt edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", key, body).into(h.t, &receipt)
	return receipt
}

// expect reads until a message of the type comes.
func expect[T any](w *wire, kind string) T {
	w.t.Helper()
	for range 100 {
		_ = w.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, raw, err := w.ws.ReadMessage()
		if err != nil {
			w.t.Fatalf("read: %v", err)
		}
		var head struct {
			Type string `json:"type"`
		}
		var v T
		if err := json.Unmarshal(raw, &head); err != nil {
			w.t.Fatalf("decode %s: %v", raw, err)
		}
		if head.Type == kind {
			if err := json.Unmarshal(raw, &v); err != nil {
				w.t.Fatalf("decode %s: %v", raw, err)
			}
			return v
		}
	}
	w.t.Fatalf("no message of type %s", kind)
	panic("unreachable")
}

// opened is a new screen and its snapshot.
func (h *house) opened(hello api.KitchenHello) (*wire, api.KitchenSnapshot) {
	h.t.Helper()
	hello.Type, hello.Token = "hello", h.cook
	w := h.dial("/api/kitchen/live", "comanda.kitchen.v1")
	w.send(hello)
	return w, expect[api.KitchenSnapshot](w, "snapshot")
}

// carried sends a press and gives the change it made, checked to have been carried out.
func (w *wire) carried(key string, press any) live.KitchenChange {
	w.t.Helper()
	w.send(press)
	change := expect[live.KitchenChange](w, "change")
	if done := w.answer(key); done.Type != "done" || done.Seq < change.Seq {
		w.t.Fatalf("%s: got %+v after change %d, want done", key, done, change.Seq)
	}
	return change
}

// ticketIn finds the ticket of the order's course, or of the station.
func ticketIn(t *testing.T, tickets []edge.Ticket, course int) edge.Ticket {
	t.Helper()
	i := slices.IndexFunc(tickets, func(t edge.Ticket) bool { return t.Course == course })
	if i < 0 {
		t.Fatalf("no ticket of course %d in %+v", course, tickets)
	}
	return tickets[i]
}

func TestCoursesOverTheSocket(t *testing.T) {
	h := newDinner(t)
	order := h.supper(h.sit(), "soup", "burger").Order
	screen, snapshot := h.opened(api.KitchenHello{})
	if !snapshot.Venue.Courses || !snapshot.Venue.DayEnds.Equal(time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)) ||
		!slices.Equal(snapshot.Channels, []string{"web", "telegram"}) || len(snapshot.Paces) != 0 {
		t.Errorf("snapshot = %+v, channels %v, paces %v", snapshot.Venue, snapshot.Channels, snapshot.Paces)
	}
	soup, burger := ticketIn(t, snapshot.Tickets, 1), ticketIn(t, snapshot.Tickets, 2)
	if soup.State != edge.TicketStateNew || burger.State != edge.TicketStateHeld || soup.Seat != 1 || soup.Due.IsZero() {
		t.Fatalf("snapshot: soup %+v, burger %+v", soup, burger)
	}
	press := func(kind, key string, change func(*api.KitchenOrderPress)) live.KitchenChange {
		t.Helper()
		p := api.KitchenOrderPress{Type: kind, Key: key, Order: order}
		change(&p)
		return screen.carried(key, p)
	}
	if got := press("rush", "rush", func(*api.KitchenOrderPress) {}); len(got.Tickets) != 2 || got.Tickets[0].Rush.IsZero() {
		t.Errorf("rush = %+v", got)
	}
	if got := press("rush", "calm", func(p *api.KitchenOrderPress) { p.Undo = true }); !got.Tickets[0].Rush.IsZero() {
		t.Errorf("rush undone = %+v", got)
	}
	if got := press("fire", "fire", func(p *api.KitchenOrderPress) { p.Course = new(2) }); len(got.Tickets) != 1 ||
		got.Tickets[0].ID != burger.ID || got.Tickets[0].State != edge.TicketStateNew || got.Tickets[0].Fired.IsZero() {
		t.Errorf("fire = %+v, want the burger alone", got)
	}
	hold := func(p *api.KitchenOrderPress) { p.Ticket, p.Order = burger.ID, "" }
	if got := press("hold", "hold", hold); got.Tickets[0].State != edge.TicketStateHeld || !got.Tickets[0].ByHand {
		t.Errorf("hold = %+v", got)
	}
	if got := press("fire", "next", func(*api.KitchenOrderPress) {}); got.Tickets[0].ID != burger.ID {
		t.Errorf("fire the next = %+v", got)
	}
	screen.carried("bump", api.KitchenPress{Type: "bump", Key: "bump", Ticket: soup.ID})
	if got := press("collect", "collect", func(*api.KitchenOrderPress) {}); len(got.Tickets) != 1 || got.Tickets[0].Collected.IsZero() {
		t.Errorf("collect = %+v, want the soup alone", got)
	}
	if got := press("serve", "serve", func(p *api.KitchenOrderPress) { p.Course = new(1) }); len(got.Tickets) != 1 ||
		got.Tickets[0].State != edge.TicketStateServed {
		t.Errorf("serve = %+v, want the soup", got)
	}
	remake := api.KitchenRemake{Type: "remake", Key: "again", Ticket: soup.ID, Reason: "cold"}
	got := screen.carried("again", remake)
	if !got.Tickets[0].Fly || got.Tickets[0].Of != soup.ID || got.Tickets[0].Reason != "cold" {
		t.Errorf("remake = %+v", got)
	}
	screen.carried("made", api.KitchenPress{Type: "bump", Key: "made", Ticket: got.Tickets[0].ID})
	if got := press("serve", "all", func(*api.KitchenOrderPress) {}); len(got.Orders) != 0 {
		t.Errorf("serve all = %+v: a screen that is no expo lists no order that was never ready", got.Orders)
	}
}

func TestPacesOverTheSocket(t *testing.T) {
	h := newDinner(t)
	screen, snapshot := h.opened(api.KitchenHello{})
	pace := edge.Pace{Channel: "web", State: edge.PaceSlow, Delay: 600}
	if got := screen.carried("slow", api.KitchenPace{Type: "pace", Key: "slow", Pace: pace}); !cmp.Equal(got.Paces, []edge.Pace{pace}) {
		t.Errorf("change = %+v", got)
	}
	missing := h.dial("/api/kitchen/live", "comanda.kitchen.v1")
	missing.send(api.KitchenHello{Type: "hello", Token: h.cook, Since: snapshot.Seq, Epoch: snapshot.Epoch})
	if got := expect[api.KitchenChanges](missing, "changes"); !cmp.Equal(got.Paces, []edge.Pace{pace}) {
		t.Errorf("changes = %+v", got.Paces)
	}
	if _, again := h.opened(api.KitchenHello{}); !cmp.Equal(again.Paces, []edge.Pace{pace}) {
		t.Errorf("snapshot = %+v", again.Paces)
	}
	h.supper(h.sit(), "soup")
	if got := expect[live.KitchenChange](screen, "change"); got.Tickets[0].State != edge.TicketStateHeld || got.Tickets[0].FireAt.IsZero() {
		t.Errorf("a slow order = %+v, want it held for ten minutes", got.Tickets)
	}
}

func TestKitchenPressesThatAreRefused(t *testing.T) {
	h := newDinner(t)
	key := h.sit()
	order := h.supper(key, "soup", "burger").Order
	screen, snapshot := h.opened(api.KitchenHello{})
	soup, burger := ticketIn(t, snapshot.Tickets, 1), ticketIn(t, snapshot.Tickets, 2)
	var seat api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word}).into(t, &seat)
	var waiting edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", seat.GuestKey, burgers(1)).into(t, &waiting)
	screen.carried("start", api.KitchenPress{Type: "start", Key: "start", Ticket: soup.ID})
	pace := func(channel string, state edge.PaceState, delay int) any {
		return api.KitchenPace{Type: "pace", Pace: edge.Pace{Channel: channel, State: state, Delay: delay}}
	}
	tests := map[string]struct {
		press any
		code  string
	}{
		"neither ticket nor order":     {api.KitchenOrderPress{Type: "fire"}, "invalid"},
		"both":                         {api.KitchenOrderPress{Type: "serve", Ticket: soup.ID, Order: order}, "invalid"},
		"an order that is not":         {api.KitchenOrderPress{Type: "collect", Order: "nobody"}, "order_unknown"},
		"a ticket that is not":         {api.KitchenOrderPress{Type: "hold", Ticket: "nobody"}, "not_found"},
		"accepting a ticket":           {api.KitchenOrderPress{Type: "accept", Ticket: soup.ID}, "order_unknown"},
		"holding what is cooked":       {api.KitchenOrderPress{Type: "hold", Ticket: soup.ID}, "ticket_started"},
		"serving what waits for staff": {api.KitchenOrderPress{Type: "serve", Order: waiting.Order}, "order_not_cooked"},
		"a course that is text":        {`{"type":"fire","key":"KEY","order":"x","course":"two"}`, "invalid"},
		"remaking what is not cooked":  {api.KitchenRemake{Type: "remake", Ticket: burger.ID, Reason: "r"}, "not_cooked"},
		"remaking without a reason":    {api.KitchenRemake{Type: "remake", Ticket: soup.ID}, "reason_missing"},
		"remaking a tenth item":        {api.KitchenRemake{Type: "remake", Ticket: soup.ID, Item: 9, Reason: "r"}, "item_unknown"},
		"remaking a ticket that is not": {
			api.KitchenRemake{Type: "remake", Ticket: "nobody", Reason: "r"}, "not_found",
		},
		"an essay as a reason":   {api.KitchenRemake{Type: "remake", Ticket: soup.ID, Reason: strings.Repeat("x", 501)}, "text_too_long"},
		"a pace of no channel":   {pace("fax", edge.PacePaused, 0), "channel_unknown"},
		"a pace of a second":     {pace("web", edge.PaceSlow, 1), "quantity_invalid"},
		"a pace of three hours":  {pace("all", edge.PaceSlow, 3*3600), "quantity_invalid"},
		"a frantic pace":         {pace("web", "frantic", 0), "pace_unknown"},
		"looking for an essay":   {api.KitchenFind{Type: "find", Text: strings.Repeat("ö", 61)}, "text_too_long"},
		"looking for a number":   {`{"type":"find","key":"KEY","text":7}`, "invalid"},
		"a message that is not":  {`{"type":"flambe","key":"KEY"}`, "message_unknown"},
		"a fire without its key": {`{"type":"fire","order":"` + string(order) + `"}`, "key_missing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h.unchanged(func() {
				id := newKey()
				if name == "a fire without its key" {
					id = ""
				}
				screen.send(withKey(t, test.press, id))
				m := screen.wait("answers", func(m message) bool { return m.Type == "refused" || m.Type == "done" || m.Type == "found" })
				if m.Type != "refused" || m.Code != test.code || m.Key != id {
					t.Errorf("answer = %s %s %q, want refused with %s and the key", m.Type, m.Code, m.Key, test.code)
				}
			})
		})
	}
}

// withKey puts the key into a message.
func withKey(t *testing.T, message any, key string) string {
	t.Helper()
	if text, ok := message.(string); ok {
		return strings.ReplaceAll(text, "KEY", key)
	}
	raw, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(raw), `"key":""`, `"key":"`+key+`"`, 1)
}

func burgers(n int) api.OrderBody { return burger(newKey(), n) }

// TestExpoSeesOrdersComeTogether follows one order at a screen that is an expo and one that is not.
func TestExpoSeesOrdersComeTogether(t *testing.T) {
	h := newDinner(t)
	key := h.sit()
	accepted, preparing, ready, over := h.supper(key, "fries"), h.supper(key, "fries", "cola"), h.supper(key, "cola"), h.supper(key, "cola")
	var seat api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word}).into(t, &seat)
	var waiting edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", seat.GuestKey, burgers(1)).into(t, &waiting)
	cook, snapshot := h.opened(api.KitchenHello{})
	at := func(order edge.ID, station string) edge.ID {
		t.Helper()
		for _, one := range snapshot.Tickets {
			if one.Order == order && one.Station == station {
				return one.ID
			}
		}
		t.Fatalf("order %s has nothing at %s", order, station)
		return ""
	}
	cook.carried("b1", api.KitchenPress{Type: "bump", Key: "b1", Ticket: at(preparing.Order, "grill")})
	cook.carried("b2", api.KitchenPress{Type: "bump", Key: "b2", Ticket: at(ready.Order, "bar")})
	cook.carried("s1", api.KitchenOrderPress{Type: "serve", Key: "s1", Order: over.Order})
	states := func(orders []live.KitchenOrder) map[edge.ID]edge.OrderState {
		out := map[edge.ID]edge.OrderState{}
		for _, o := range orders {
			out[o.ID] = o.State
		}
		return out
	}
	expo, seen := h.opened(api.KitchenHello{Stations: []string{"grill", "bar"}, Expo: true})
	want := map[edge.ID]edge.OrderState{
		accepted.Order: edge.OrderStateAccepted, preparing.Order: edge.OrderStatePreparing, ready.Order: edge.OrderStateReady,
		waiting.Order: edge.OrderStateReceived,
	}
	if diff := cmp.Diff(want, states(seen.Orders)); diff != "" {
		t.Errorf("the expo's orders (-want +got):\n%s", diff)
	}
	delete(want, accepted.Order)
	delete(want, preparing.Order)
	_, plain := h.opened(api.KitchenHello{})
	if diff := cmp.Diff(want, states(plain.Orders)); diff != "" {
		t.Errorf("another screen's orders (-want +got):\n%s", diff)
	}
	for _, o := range seen.Orders {
		if o.ID == preparing.Order && (len(o.Tickets) != 2 || o.Waiting != 1 || o.Seat != 1) {
			t.Errorf("the order that comes together = %+v, want one of two tickets to come", o)
		}
	}
	if len(seen.Done) != 2 {
		t.Errorf("the expo has %d done tickets, want 2", len(seen.Done))
	}
	cook.send(api.KitchenPress{Type: "start", Key: "s2", Ticket: at(accepted.Order, "grill")})
	if got := expect[live.KitchenChange](expo, "change"); states(got.Orders)[accepted.Order] != edge.OrderStatePreparing || len(got.Tickets) != 1 {
		t.Errorf("started = %+v", got)
	}
	cook.send(api.KitchenPress{Type: "bump", Key: "b3", Ticket: at(preparing.Order, "bar")})
	if got := expect[live.KitchenChange](expo, "change"); states(got.Orders)[preparing.Order] != edge.OrderStateReady {
		t.Errorf("come together = %+v, want the order ready", got)
	}
	if got := expo.carried("s3", api.KitchenOrderPress{Type: "serve", Key: "s3", Order: preparing.Order}); len(got.Tickets) != 2 ||
		states(got.Orders)[preparing.Order] != edge.OrderStateCompleted {
		t.Errorf("served = %+v", got)
	}
}

func TestFindOverTheSocket(t *testing.T) {
	h := newDinner(t)
	key := h.sit()
	first, second := h.supper(key, "soup"), h.supper(key, "cola")
	screen, snapshot := h.opened(api.KitchenHello{Stations: []string{"bar"}})
	if len(snapshot.Tickets) != 1 {
		t.Fatalf("snapshot = %+v, want the cola alone", snapshot.Tickets)
	}
	screen.carried("bump", api.KitchenPress{Type: "bump", Key: "bump", Ticket: snapshot.Tickets[0].ID})
	h.want(http.StatusNoContent, "POST", "/api/owner/orders/"+string(first.Order)+"/serve", h.owner, nil)
	for text, want := range map[string][]edge.ID{
		"":                      {second.Order, first.Order},
		"SOUP":                  {first.Order},
		" cola ":                {second.Order},
		first.Number:            {first.Order},
		"0.3":                   {second.Order},
		"caviar":                {},
		strings.Repeat("ö", 60): {},
	} {
		screen.send(api.KitchenFind{Type: "find", Key: "k" + first.Number, Text: text})
		found := expect[api.KitchenFound](screen, "found")
		got := []edge.ID{}
		for _, ticket := range found.Tickets {
			got = append(got, ticket.Order)
		}
		if !slices.Equal(got, want) || found.Key != "k"+first.Number || found.Tickets == nil {
			t.Errorf("find %q = %v, want %v", text, got, want)
		}
	}
	h.shift.Add(int64(24 * time.Hour))
	screen.send(api.KitchenFind{Type: "find", Key: "tomorrow"})
	if found := expect[api.KitchenFound](screen, "found"); len(found.Tickets) != 0 {
		t.Errorf("a day later: found %+v", found.Tickets)
	}
}

func TestLoadIsToldWhenItChanges(t *testing.T) {
	h := newDinner(t)
	screen, _ := h.opened(api.KitchenHello{Stations: []string{"grill"}})
	h.opened(api.KitchenHello{Expo: true})
	load := expect[api.KitchenLoad](screen, "load")
	if ends := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC); !load.DayEnds.Equal(ends) {
		t.Errorf("day ends %s, want %s", load.DayEnds, ends)
	}
	want := []api.StationLoad{{ID: "bar"}, {ID: "grill", Screens: 1}}
	if diff := cmp.Diff(want, withoutQuotes(load.Stations)); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	if load.Quote.From <= 0 || load.Quote.To < load.Quote.From {
		t.Errorf("quote = %+v", load.Quote)
	}
	key := h.sit()
	for range 5 {
		h.supper(key, "soup", "burger")
	}
	busy := expect[api.KitchenLoad](screen, "load")
	for busy.Stations[1].Open < 5 {
		busy = expect[api.KitchenLoad](screen, "load")
	}
	want[1].Open, want[1].Held = 5, 5
	if diff := cmp.Diff(want, withoutQuotes(busy.Stations)); diff != "" {
		t.Errorf("with five orders (-want +got):\n%s", diff)
	}
	if busy.Quote.To <= load.Quote.To {
		t.Errorf("quote = %+v with five orders, %+v with none", busy.Quote, load.Quote)
	}
}

func withoutQuotes(stations []api.StationLoad) []api.StationLoad {
	out := slices.Clone(stations)
	for i := range out {
		out[i].Quote = api.GuestQuote{}
	}
	return out
}

// TestWatcherSeesNothing: a program at which nobody looks neither counts as a screen nor ends the alarm.
func TestWatcherSeesNothing(t *testing.T) {
	h := newHouse(t)
	watcher, _ := h.kitchenScreen(api.KitchenHello{Watch: true})
	ticket := watcher.ticketOf(h.order(h.sit(), 1).Order)
	watcher.send(api.KitchenSeen{Type: "seen", Tickets: []edge.ID{ticket.ID}})
	watcher.send(api.KitchenPress{Type: "start", Key: "after-it", Ticket: ticket.ID})
	if m := watcher.answer("after-it"); m.Type != "done" {
		t.Fatalf("start = %+v, want done", m)
	}
	if post := h.hub.Posts()[ticket.Station]; post.Screens != 0 {
		t.Errorf("the station has %d screens, want none", post.Screens)
	}
	h.must(h.store.Read(t.Context(), func(v edge.View) error {
		kept, err := v.Ticket(ticket.ID)
		if !kept.Seen.IsZero() {
			t.Errorf("seen at %s by nobody", kept.Seen)
		}
		return err
	}))
}
