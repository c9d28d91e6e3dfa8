package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

func TestOwnerState(t *testing.T) {
	h := newHouse(t)
	h.order(h.sit(), 2)
	var state api.OwnerState
	h.want(http.StatusOK, "GET", "/api/owner/state", h.owner, nil).into(t, &state)
	want := api.BusinessToday{Day: "2026-11-20", Orders: 1, Gross: 2580, OpenSessions: 1}
	if diff := cmp.Diff(want, state.Today); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}
	if state.Journal.Seq != h.seq() || len(state.Parts) != 1 || !state.Clock.Trusted || state.Version != "test" {
		t.Errorf("state = %+v, want seq %d, one part, a trusted clock", state, h.seq())
	}
}

func TestOwnerTables(t *testing.T) {
	h := newHouse(t)
	var added api.OwnerTables
	h.want(http.StatusCreated, "POST", "/api/owner/tables", h.owner,
		`{"tables":[{"name":"Terrace 1","kind":"table","seats":4}]}`).into(t, &added)
	table := added.Tables[0]
	if len(table.Tokens) != 1 || !strings.HasPrefix(table.Tokens[0].URL, "https://table.example/t/") {
		t.Fatalf("added = %+v, want one with a code", table)
	}
	at := "/api/owner/tables/" + string(table.Table.ID)
	h.want(http.StatusOK, "PATCH", at, h.owner, `{"name":"Terrace 2"}`)
	h.want(http.StatusUnprocessableEntity, "PATCH", at, h.owner, `{"kind":"sofa"}`)
	h.want(http.StatusNotFound, "PATCH", "/api/owner/tables/nobody", h.owner, `{"name":"x"}`)
	h.want(http.StatusNoContent, "POST", at+"/lock", h.owner, `{"locked":true}`)
	var list api.OwnerTables
	h.want(http.StatusOK, "GET", "/api/owner/tables", h.owner, nil).into(t, &list)
	got := list.Tables[len(list.Tables)-1]
	for _, one := range list.Tables {
		if one.Table.ID == table.Table.ID {
			got = one
		}
	}
	if got.Table.Name != "Terrace 2" || !got.Table.Locked || got.Table.Seats != 4 {
		t.Errorf("table = %+v, want Terrace 2, locked, 4 seats", got.Table)
	}
}

func TestOwnerCodes(t *testing.T) {
	h := newHouse(t)
	at := "/api/owner/tables/" + string(h.table.ID)
	svg := h.want(http.StatusOK, "GET", at+"/qr.svg", h.owner, nil)
	if svg.header.Get("Content-Type") != "image/svg+xml" || !bytes.Contains(svg.body, []byte("<path")) {
		t.Errorf("svg = %v %s", svg.header, svg.body)
	}
	png := h.want(http.StatusOK, "GET", at+"/qr.png?size=400", h.owner, nil)
	if png.header.Get("Content-Type") != "image/png" || !bytes.HasPrefix(png.body, []byte("\x89PNG")) {
		t.Errorf("png = %v %q", png.header, png.body)
	}
	h.want(http.StatusUnprocessableEntity, "GET", at+"/qr.png?size=100000", h.owner, nil)
	h.want(http.StatusNotFound, "GET", "/api/owner/tables/"+string(h.counter.ID)+"/qr.svg", h.owner, nil)
	sheet := h.want(http.StatusOK, "GET", "/api/owner/qr-sheet.html", h.owner, nil)
	if !bytes.Contains(sheet.body, []byte("Zur &lt;Linde&gt;")) || bytes.Count(sheet.body, []byte("<article>")) != 1 {
		t.Errorf("sheet = %s, want one card with the venue's name escaped", sheet.body)
	}
}

func TestOwnerMenu(t *testing.T) {
	h := newHouse(t)
	yaml := h.want(http.StatusOK, "GET", "/api/owner/menu", h.owner, nil)
	h.want(http.StatusCreated, "POST", "/api/owner/menu", h.owner, yaml.body)
	json := h.want(http.StatusOK, "GET", "/api/owner/menu?format=json", h.owner, nil)
	var published api.MenuPublished
	h.want(http.StatusCreated, "POST", "/api/owner/menu", h.owner, json.body).into(t, &published)
	if published.Version != 3 {
		t.Errorf("version = %d, want 3", published.Version)
	}
	again := h.want(http.StatusOK, "GET", "/api/owner/menu", h.owner, nil)
	if diff := cmp.Diff(string(yaml.body), string(again.body)); diff != "" {
		t.Errorf("export, import, export (-want +got):\n%s", diff)
	}
	var check api.MenuCheck
	h.want(http.StatusOK, "POST", "/api/owner/menu/check", h.owner, menuYAML).into(t, &check)
	if !check.OK || check.Summary != (api.MenuSummary{Categories: 3, Items: 5, Groups: 1, Stations: 2, Languages: 2}) {
		t.Errorf("check = %+v, want ok with 3 categories, 5 items", check)
	}
	h.unchanged(func() {
		bad := strings.Replace(menuYAML, "price: 450", "prise: 450", 1)
		h.want(http.StatusOK, "POST", "/api/owner/menu/check", h.owner, bad).into(t, &check)
		if check.OK || check.Problems[0].Line == 0 || !strings.Contains(check.Problems[0].Source, "prise") {
			t.Errorf("check = %+v, want the line with prise", check)
		}
		if r := h.want(http.StatusUnprocessableEntity, "POST", "/api/owner/menu", h.owner, bad); r.code() != "menu_invalid" {
			t.Errorf("publishing = %s, want menu_invalid", r.body)
		}
		dollars := strings.Replace(menuYAML, "currency: EUR", "currency: USD", 1)
		h.want(http.StatusUnprocessableEntity, "POST", "/api/owner/menu", h.owner, dollars)
	})
}

func TestOwnerStock(t *testing.T) {
	h := newHouse(t)
	h.want(http.StatusNoContent, "PUT", "/api/owner/stock", h.owner, `{"key":"burger","sold_out":false,"left":3}`)
	h.want(http.StatusUnprocessableEntity, "PUT", "/api/owner/stock", h.owner, `{"key":"unicorn","sold_out":true}`)
	var list api.StockList
	h.want(http.StatusOK, "GET", "/api/owner/stock", h.owner, nil).into(t, &list)
	if len(list.Stock) != 1 || *list.Stock[0].Left != 3 {
		t.Errorf("stock = %+v, want three burgers", list.Stock)
	}
}

func TestOwnerFloor(t *testing.T) {
	h := newHouse(t)
	var seat api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word}).into(t, &seat)
	first := h.order(seat.GuestKey, 1)
	floor := func() (f api.OwnerFloor) {
		h.want(http.StatusOK, "GET", "/api/owner/floor", h.owner, nil).into(t, &f)
		return f
	}
	if f := floor(); len(f.Waiting) != 1 || f.Waiting[0].ID != first.Order || len(f.Sessions) != 1 {
		t.Fatalf("floor = %+v, want one order waiting", f)
	}
	order := func(id edge.ID, what string) string { return "/api/owner/orders/" + string(id) + "/" + what }
	h.want(http.StatusNoContent, "POST", order(first.Order, "accept"), h.owner, nil)
	h.want(http.StatusConflict, "POST", order(first.Order, "reject"), h.owner, `{"reason":"no"}`)
	second := h.order(seat.GuestKey, 2)
	h.want(http.StatusNoContent, "POST", order(second.Order, "cancel"), h.owner, `{"key":"cancel-1","line":0,"quantity":1,"reason":"dropped"}`)
	h.want(http.StatusNoContent, "POST", order(first.Order, "serve"), h.owner, nil)
	h.want(http.StatusNoContent, "POST", order(second.Order, "serve"), h.owner, nil)
	h.want(http.StatusNotFound, "POST", order("nobody", "serve"), h.owner, nil)
	h.want(http.StatusNoContent, "POST", "/api/guest/help", seat.GuestKey, `{"what":"bill"}`)
	session := "/api/owner/sessions/" + string(floor().Sessions[0].Session.ID)
	h.want(http.StatusNoContent, "POST", session+"/help-done", h.owner, `{"what":"bill"}`)
	if bill := floor().Sessions[0].Bill; bill.Due != 2580 {
		t.Fatalf("bill = %+v, want 2580 due", bill)
	}
	h.want(http.StatusUnprocessableEntity, "POST", session+"/pay", h.owner, `{"key":"payment-1","kind":"cash","amount":0}`)
	h.unchanged(func() {
		if r := h.do("POST", session+"/pay", h.owner, `{"key":"payment-1","kind":"cash","amount":99999}`); r.status < 400 || r.status > 499 {
			t.Errorf("paying too much = %d %s, want refused", r.status, r.body)
		}
	})
	var bill edge.Bill
	h.want(http.StatusOK, "POST", session+"/pay", h.owner, `{"key":"payment-2","kind":"cash","amount":2580}`).into(t, &bill)
	if bill.Due != 0 || bill.Paid != 2580 {
		t.Errorf("bill = %+v, want paid", bill)
	}
	h.want(http.StatusNoContent, "POST", session+"/close", h.owner, `{}`)
	if f := floor(); len(f.Sessions) != 0 {
		t.Errorf("floor = %+v, want empty", f)
	}
}

func TestOwnerPairsADevice(t *testing.T) {
	h := newHouse(t)
	var pairing api.PairingAnswer
	h.want(http.StatusCreated, "POST", "/api/owner/pairing", h.owner, `{"role":"kitchen","stations":["bar"]}`).into(t, &pairing)
	var paired api.PairAnswer
	h.want(http.StatusOK, "POST", "/api/pair", "", api.PairBody{Code: pairing.Code, Name: "Bar screen"}).into(t, &paired)
	screen, snapshot := h.kitchenScreen(api.KitchenHello{Token: paired.Key})
	defer screen.ws.Close()
	if snapshot.Type != "snapshot" || paired.Device.Stations[0] != "bar" {
		t.Errorf("paired = %+v, first message %s, want a bar screen that works", paired, snapshot.Type)
	}
	h.unchanged(func() {
		if r := h.do("POST", "/api/pair", "", api.PairBody{Code: pairing.Code, Name: "again"}); r.code() != "pairing_refused" {
			t.Errorf("the code again = %s, want pairing_refused", r.body)
		}
		h.want(http.StatusUnprocessableEntity, "POST", "/api/pair", "", `{"code":"12345","name":"short"}`)
		h.want(http.StatusUnprocessableEntity, "POST", "/api/owner/pairing", h.owner, `{"role":"king"}`)
		h.want(http.StatusNotFound, "POST", "/api/owner/pairing", h.owner, `{"role":"display","table_id":"nobody"}`)
	})
}

func TestDisplayCodeSeats(t *testing.T) {
	h := newHouse(t)
	var code api.DisplayCode
	h.want(http.StatusOK, "GET", "/api/display/code", h.display, nil).into(t, &code)
	if code.URL != "https://table.example/t/"+code.Code || code.PeriodSeconds != 60 || code.SVG.Path == "" {
		t.Fatalf("code = %+v, want a URL with the code and its picture", code)
	}
	var seat api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: strings.ToLower(code.Code)}).into(t, &seat)
	if seat.View.Guest.Presence != edge.PresenceRecent {
		t.Errorf("presence = %s, want recent", seat.View.Guest.Presence)
	}
}

func TestDisplayOfNoTableShowsTheTableThatWasTapped(t *testing.T) {
	h := newHouse(t)
	key := access.NewKey()
	h.must(h.floor.PairDevice(t.Context(), edge.System, edge.Device{
		ID: "entrance", Name: "Entrance", Role: edge.RoleDisplay, KeyHash: access.Hash(key),
	}))
	show := func() (code api.DisplayCode) {
		h.want(http.StatusOK, "GET", "/api/display/code", key, nil).into(t, &code)
		return code
	}
	if code := show(); code.Table != nil || code.Code != "" || code.Flash != nil {
		t.Errorf("before a tap = %+v, want nothing", code)
	}
	h.hub.Flash(live.Flash{Kind: "unknown", Until: h.now().Add(time.Minute)}, "")
	if code := show(); code.Table != nil || code.Code != "" || code.Flash == nil || code.Flash.Kind != "unknown" {
		t.Errorf("after an unknown tag = %+v, want that alone", code)
	}
	until := h.now().Add(time.Minute)
	h.hub.Flash(live.Flash{Kind: "ok", Until: until, Visit: h.table.ID, VisitUntil: until}, "")
	if code := show(); code.Table == nil || code.Table.ID != h.table.ID || code.Code == "" || code.Flash == nil {
		t.Errorf("after a tap = %+v, want the code of table 7", code)
	}
}

func TestDisplayOfARetiredTableShowsNoCode(t *testing.T) {
	h := newHouse(t)
	h.want(http.StatusOK, "PATCH", "/api/owner/tables/"+string(h.table.ID), h.owner, `{"retired":true}`)
	var code api.DisplayCode
	h.want(http.StatusOK, "GET", "/api/display/code", h.display, nil).into(t, &code)
	if code.Table != nil || code.Code != "" || code.URL != "" {
		t.Errorf("code = %+v, want none", code)
	}
}

func TestPages(t *testing.T) {
	h := newHouse(t)
	r := h.want(http.StatusOK, "GET", "/t/whatever", "", nil)
	if string(r.body) != "page" || r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("page = %s %v, want the page with the strict headers", r.body, r.header)
	}
}
