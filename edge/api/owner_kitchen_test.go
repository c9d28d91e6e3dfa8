package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// worked is a house in which the grill took 5 and 15 minutes, and the bar has a drink to make.
func worked(t *testing.T) *house {
	t.Helper()
	menu := strings.Replace(menuYAML, "{id: grill, name: {en: Grill, de: Grill}}", "{id: grill, name: {en: Grill, de: Grill}, warn_after: 300, late_after: 600}", 1)
	h := newHouseWith(t, venue(), menu)
	key := h.sit()
	h.supper(key, "burger")
	h.supper(key, "fries", "cola")
	var tickets []edge.Ticket
	h.must(h.store.Read(t.Context(), func(v edge.View) (err error) { tickets, err = v.OpenTickets(); return err }))
	for _, wait := range []time.Duration{5 * time.Minute, 10 * time.Minute} {
		h.shift.Add(int64(wait))
		_, err := h.kitchen.Bump(context.Background(), edge.Press{Key: newKey(), Device: "grill", Ticket: tickets[0].ID})
		h.must(err)
		tickets = tickets[1:]
	}
	return h
}

func TestOwnerSeesTheKitchen(t *testing.T) {
	h := worked(t)
	var kitchen api.OwnerKitchen
	h.want(http.StatusOK, "GET", "/api/owner/kitchen", h.owner, nil).into(t, &kitchen)
	if kitchen.Day != "2026-11-20" || len(kitchen.Stations) != 2 || len(kitchen.Load.Stations) != 2 || kitchen.Load.Quote.To == 0 {
		t.Errorf("kitchen = %+v", kitchen)
	}
	if diff := cmp.Diff([]string{"web", "telegram"}, kitchen.Channels); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
	if len(kitchen.Times) != 1 || kitchen.Times[0].Station != "grill" {
		t.Fatalf("times = %+v, want the grill's", kitchen.Times)
	}
	all := kitchen.Times[0].All
	if all.Tickets != 2 || all.Late != 1 || all.P50/60 != 5 || all.P90/60 != 15 {
		t.Errorf("the grill = %+v, want two tickets of 5 and 15 minutes, one late", all)
	}
	if bar := kitchen.Load.Stations[0]; bar.ID != "bar" || bar.Open != 1 {
		t.Errorf("the bar = %+v, want one open", bar)
	}
	h.want(http.StatusOK, "GET", "/api/owner/kitchen?day=2026-11-19", h.owner, nil).into(t, &kitchen)
	if kitchen.Day != "2026-11-19" || len(kitchen.Times) != 0 {
		t.Errorf("the day before = %+v, want nothing", kitchen.Times)
	}
}

func TestOwnerTakesTheTimesAsATable(t *testing.T) {
	h := worked(t)
	r := h.want(http.StatusOK, "GET", "/api/owner/kitchen/times.csv?day=2026-11-20", h.owner, nil)
	if r.header.Get("Content-Type") != "text/csv; charset=utf-8" ||
		r.header.Get("Content-Disposition") != `attachment; filename="kitchen-times-2026-11-20.csv"` {
		t.Errorf("header = %v", r.header)
	}
	lines := strings.Split(strings.TrimSpace(string(r.body)), "\n")
	if len(lines) != 3 || lines[0] != "business_day,station,hour,tickets,p50_seconds,p90_seconds,late,late_share" {
		t.Fatalf("table = %q", r.body)
	}
	if !strings.HasPrefix(lines[1], "2026-11-20,grill,2026-11-20T19:00+00:00,2,3") || !strings.HasPrefix(lines[2], "2026-11-20,grill,all,2,3") ||
		!strings.HasSuffix(lines[2], ",1,0.500") {
		t.Errorf("rows = %q", lines[1:])
	}
	empty := h.want(http.StatusOK, "GET", "/api/owner/kitchen/times.csv?day=2026-11-19", h.owner, nil)
	if strings.Count(string(empty.body), "\n") != 1 {
		t.Errorf("a day of nothing = %q, want the head alone", empty.body)
	}
}

func TestOwnerKitchenIsRefused(t *testing.T) {
	h := newHouse(t)
	h.unchanged(func() {
		for _, day := range []string{"today", "2026-13-01", "2026-02-30", "20261120", "2026-11-20T00:00", "../../etc"} {
			h.want(http.StatusUnprocessableEntity, "GET", "/api/owner/kitchen?day="+day, h.owner, nil)
			h.want(http.StatusUnprocessableEntity, "GET", "/api/owner/kitchen/times.csv?day="+day, h.owner, nil)
		}
		for _, key := range []string{"", h.cook, strings.Repeat("k", 43)} {
			for _, path := range []string{"/api/owner/kitchen", "/api/owner/kitchen/times.csv"} {
				if r := h.do("GET", path, key, nil); r.status != http.StatusUnauthorized && r.status != http.StatusForbidden {
					t.Errorf("GET %s with another key = %d", path, r.status)
				}
			}
			if r := h.do("PUT", "/api/owner/pace", key, `{"channel":"web","state":"paused"}`); r.status != http.StatusUnauthorized && r.status != http.StatusForbidden {
				t.Errorf("PUT pace with another key = %d", r.status)
			}
		}
		for body, code := range map[string]string{
			`{"channel":"fax","state":"paused"}`:                    "channel_unknown",
			`{"channel":"web","state":"slow","delay_seconds":1}`:    "quantity_invalid",
			`{"channel":"web","state":"slow","delay_seconds":7201}`: "quantity_invalid",
			`{"channel":"web","state":"hurry"}`:                     "invalid",
		} {
			if r := h.want(http.StatusUnprocessableEntity, "PUT", "/api/owner/pace", h.owner, body); r.code() != code {
				t.Errorf("pace %s = %s, want %s", body, r.code(), code)
			}
		}
		h.want(http.StatusNotFound, "POST", "/api/owner/orders/nobody/fire", h.owner, `{}`)
	})
}

func TestOwnerBrakesAndGuestsAreTold(t *testing.T) {
	h := newDinner(t)
	key := h.sit()
	view := func() (v api.GuestView) {
		h.want(http.StatusOK, "GET", "/api/guest/view", key, nil).into(t, &v)
		return v
	}
	quote := func(items string) (q api.GuestQuote) {
		h.want(http.StatusOK, "POST", "/api/guest/quote", key, `{"items":`+items+`}`).into(t, &q)
		return q
	}
	if pace := view().Pace; pace.State != edge.PaceOpen {
		t.Errorf("pace = %+v, want open", pace)
	}
	soup, burger, both := quote(`["soup"]`), quote(`["burger"]`), quote(`["soup","burger","unicorn"]`)
	if both != burger || soup.To >= burger.To || soup.From <= 0 || soup.From%60 != 0 || quote(`[]`) != (api.GuestQuote{}) || quote(`["unicorn"]`) != (api.GuestQuote{}) {
		t.Errorf("quotes = %+v, %+v, %+v: want the longest of what is on the menu", soup, burger, both)
	}
	h.want(http.StatusUnprocessableEntity, "POST", "/api/guest/quote", key, `{"items":[`+strings.Repeat(`"soup",`, 100)+`"soup"]}`)
	h.want(http.StatusUnauthorized, "POST", "/api/guest/quote", "", `{"items":[]}`)
	h.want(http.StatusNoContent, "PUT", "/api/owner/pace", h.owner, `{"channel":"web","state":"slow","delay_seconds":600}`)
	if slow := quote(`["soup"]`); slow.From != soup.From+600 || slow.To != soup.To+600 {
		t.Errorf("slow quote = %+v, want ten minutes more than %+v", slow, soup)
	}
	until := h.now().Add(time.Hour).Truncate(time.Second)
	h.want(http.StatusNoContent, "PUT", "/api/owner/pace", h.owner, edge.Pace{Channel: "all", State: edge.PacePaused, Until: until})
	if pace := view().Pace; pace.State != edge.PacePaused || !pace.Until.Equal(until) {
		t.Errorf("pace = %+v, want paused until %s", pace, until)
	}
	h.unchanged(func() {
		if r := h.want(http.StatusGone, "POST", "/api/guest/orders", key, burgers(1)); r.code() != "ordering_paused" {
			t.Errorf("an order = %s, want ordering_paused", r.code())
		}
	})
	h.want(http.StatusNoContent, "PUT", "/api/owner/pace", h.owner, `{"channel":"all","state":"open"}`)
	h.want(http.StatusNoContent, "PUT", "/api/owner/pace", h.owner, `{"channel":"web","state":"open"}`)
	h.supper(key, "soup")
}

func TestGuestsCallTheirNextCourse(t *testing.T) {
	h := newDinner(t)
	key := h.sit()
	order := h.supper(key, "soup", "burger").Order
	at := "/api/guest/orders/" + string(order) + "/next-course"
	look := func() api.GuestOrder {
		t.Helper()
		var view api.GuestView
		h.want(http.StatusOK, "GET", "/api/guest/view", key, nil).into(t, &view)
		return view.Orders[0]
	}
	if o := look(); o.MayCall || len(o.Held) != 1 || o.Expected == nil || !o.Expected.From.Before(o.Expected.To) {
		t.Errorf("order = %+v, want the second course held and not to be called, and a time", o)
	}
	h.unchanged(func() {
		if r := h.want(http.StatusForbidden, "POST", at, key, nil); r.code() != "course_not_yet" {
			t.Errorf("too early = %s", r.code())
		}
		h.want(http.StatusNotFound, "POST", "/api/guest/orders/nobody/next-course", key, nil)
		h.want(http.StatusUnauthorized, "POST", at, "", nil)
	})
	screen, snapshot := h.opened(api.KitchenHello{})
	soup, burger := ticketIn(t, snapshot.Tickets, 1), ticketIn(t, snapshot.Tickets, 2)
	screen.carried("bump", api.KitchenPress{Type: "bump", Key: "bump", Ticket: soup.ID})
	if o := look(); !o.MayCall || o.Expected != nil {
		t.Errorf("order = %+v, want the next course to be called, and no time while nothing cooks", o)
	}
	h.want(http.StatusNoContent, "POST", at, key, nil)
	h.unchanged(func() { h.want(http.StatusNoContent, "POST", at, key, nil) })
	if m := screen.wait("fires the burger", func(m message) bool { return len(m.Tickets) > 0 }); m.Tickets[0].ID != burger.ID || m.Tickets[0].State != edge.TicketStateNew {
		t.Errorf("change = %+v", m.Tickets)
	}
	if o := look(); o.MayCall || len(o.Held) != 0 {
		t.Errorf("order = %+v, want nothing held", o)
	}
}

func TestOwnerFiresACourse(t *testing.T) {
	h := newDinner(t)
	order := h.supper(h.sit(), "soup", "burger").Order
	at := "/api/owner/orders/" + string(order) + "/fire"
	h.unchanged(func() { h.want(http.StatusNoContent, "POST", at, h.owner, `{"course":7}`) })
	h.want(http.StatusNoContent, "POST", at, h.owner, `{"course":2}`)
	h.unchanged(func() { h.want(http.StatusNoContent, "POST", at, h.owner, `{}`) })
	var floor api.OwnerFloor
	h.want(http.StatusOK, "GET", "/api/owner/floor", h.owner, nil).into(t, &floor)
	if o := floor.Sessions[0].Orders[0]; len(o.Held) != 0 || o.Expected == nil {
		t.Errorf("order = %+v, want nothing held and a time", o)
	}
}
