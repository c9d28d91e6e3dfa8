package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

func TestGuestOrdersAndSeesIt(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	body := burger(newKey(), 2)
	body.Lines[0].Modifiers = []edge.ModifierRequest{{ID: "cheese", Quantity: 1}}
	body.Note = "no hurry"
	var receipt edge.Receipt
	first := h.want(http.StatusCreated, "POST", "/api/guest/orders", key, body)
	first.into(t, &receipt)
	if receipt.State != edge.OrderStateAccepted || receipt.Totals.Gross != 2780 || receipt.Number != "1" {
		t.Errorf("receipt = %+v, want accepted, 2780, number 1", receipt)
	}
	before := h.seq()
	again := h.want(http.StatusOK, "POST", "/api/guest/orders", key, body)
	if again.header.Get("Idempotent-Replay") != "true" || !bytes.Equal(again.body, first.body) || h.seq() != before {
		t.Errorf("repeat = %v %s, want the first answer %s and nothing changed", again.header, again.body, first.body)
	}
	byKey := h.want(http.StatusOK, "GET", "/api/guest/orders/by-key/"+body.Key, key, nil)
	if !bytes.Equal(bytes.TrimSpace(byKey.body), bytes.TrimSpace(first.body)) {
		t.Errorf("by key = %s, want %s", byKey.body, first.body)
	}
	h.want(http.StatusNotFound, "GET", "/api/guest/orders/by-key/"+newKey(), key, nil)

	var view api.GuestView
	h.want(http.StatusOK, "GET", "/api/guest/view", key, nil).into(t, &view)
	if len(view.Orders) != 1 || !view.Orders[0].Mine || view.Orders[0].Note != "no hurry" || view.Orders[0].Expected == nil {
		t.Fatalf("orders = %+v, want the one of this guest with its note and a time", view.Orders)
	}
	if view.Bill.Due != 2780 || view.Permission != edge.MayOrder || len(view.Links) != 1 || view.Session.Rounds != 1 {
		t.Errorf("view = %+v, want due 2780, straight to kitchen, one link, one round", view)
	}
	other := h.sit()
	var theirs api.GuestView
	h.want(http.StatusOK, "GET", "/api/guest/view", other, nil).into(t, &theirs)
	if theirs.Orders[0].Mine || theirs.Orders[0].Note != "" || theirs.Guest.Number != 2 {
		t.Errorf("another guest sees %+v, want neither mine nor the note", theirs.Orders[0])
	}
}

func TestGuestRejoinsWithTheKey(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	var answer api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", key, api.SeatBody{Token: h.word}).into(t, &answer)
	if answer.GuestKey != "" || answer.View.Guest.Number != 1 {
		t.Errorf("rejoined = %+v, want the same guest and no new key", answer)
	}
	h.want(http.StatusOK, "POST", "/api/guest/seat", "unknown-key", api.SeatBody{Token: h.word}).into(t, &answer)
	if answer.GuestKey == "" || answer.GuestKey == "unknown-key" {
		t.Errorf("an unknown key gave %q, want a new one", answer.GuestKey)
	}
}

func TestGuestWaitsForStaffAndWithdraws(t *testing.T) {
	h := newHouse(t)
	var answer api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word, Language: "de-AT"}).into(t, &answer)
	if answer.View.Permission != edge.MayAsk || answer.View.Guest.Language != "de" {
		t.Fatalf("view = %+v, want first order waits, de", answer.View)
	}
	var receipt edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", answer.GuestKey, burger(newKey(), 1)).into(t, &receipt)
	if receipt.State != edge.OrderStateReceived {
		t.Fatalf("state = %s, want received", receipt.State)
	}
	other := h.sit()
	h.want(http.StatusNotFound, "DELETE", "/api/guest/orders/"+string(receipt.Order), other, nil)
	h.want(http.StatusNoContent, "DELETE", "/api/guest/orders/"+string(receipt.Order), answer.GuestKey, nil)
}

func TestGuestAsksAndReads(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	h.want(http.StatusNoContent, "POST", "/api/guest/help", key, `{"what":"water"}`)
	h.want(http.StatusNoContent, "PUT", "/api/guest/language", key, `{"language":"de"}`)
	var view api.GuestView
	h.want(http.StatusOK, "GET", "/api/guest/view", key, nil).into(t, &view)
	if !slices.Equal(view.Session.Help, []edge.HelpKind{edge.HelpWater}) || view.Guest.Language != "de" {
		t.Errorf("view = %+v, want water asked for, de", view)
	}
}

func TestGuestOfTelegram(t *testing.T) {
	h := newHouse(t)
	var answer api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word, TelegramInitData: "signed"}).into(t, &answer)
	if answer.View.Guest.Channel != "telegram" || answer.View.Guest.Language != "de" {
		t.Errorf("guest = %+v, want bound to telegram in de", answer.View.Guest)
	}
	before := h.seq()
	r := h.want(http.StatusForbidden, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word, TelegramInitData: "forged"})
	if r.code() != "telegram_unproven" || h.seq() != before {
		t.Errorf("forged = %s, want telegram_unproven and nothing changed", r.body)
	}
}

func TestMenuForGuests(t *testing.T) {
	h := newHouse(t)
	r := h.want(http.StatusOK, "GET", "/api/guest/menu", "", nil)
	var menu api.GuestMenu
	r.into(t, &menu)
	if len(menu.Menu.Categories[0].Items) != 2 {
		t.Errorf("items = %+v, want the hidden one left out", menu.Menu.Categories[0].Items)
	}
	if !slices.Equal(menu.Closed, []string{"breakfast", "eggs"}) {
		t.Errorf("closed = %v, want breakfast and its eggs", menu.Closed)
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", h.url+"/api/guest/menu", nil)
	req.Header.Set("If-None-Match", r.header.Get("ETag"))
	if again := h.send(req); again.status != http.StatusNotModified {
		t.Errorf("with the ETag = %d, want 304", again.status)
	}
	_, err := h.kitchen.SetStock(t.Context(), edge.System, edge.Stock{Key: "burger", SoldOut: true})
	h.must(err)
	req.Header.Set("Accept-Encoding", "gzip")
	changed := h.send(req)
	if changed.status != http.StatusOK || changed.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("after selling out = %d %v, want 200 in gzip", changed.status, changed.header)
	}
	z, err := gzip.NewReader(bytes.NewReader(changed.body))
	h.must(err)
	text, err := io.ReadAll(z)
	h.must(err)
	h.must(json.Unmarshal(text, &menu))
	if len(menu.Stock) != 1 || !menu.Stock[0].SoldOut {
		t.Errorf("stock = %+v, want the burger sold out", menu.Stock)
	}
	h.want(http.StatusCreated, "POST", "/api/owner/menu", h.owner, menuYAML)
	h.want(http.StatusOK, "GET", "/api/guest/menu", "", nil).into(t, &menu)
	if menu.Menu.Version != 2 {
		t.Errorf("version = %d, want 2 after publishing", menu.Menu.Version)
	}
}

func TestPresenceEnds(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	h.shift.Add(int64(3*time.Hour + time.Minute))
	r := h.want(http.StatusForbidden, "POST", "/api/guest/orders", key, burger(newKey(), 1))
	if r.code() != "presence_expired" {
		t.Errorf("code = %s, want presence_expired", r.code())
	}
}

func TestViewOfAClosedVisitHoldsNoWordThatSeats(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	var view api.GuestView
	h.want(http.StatusOK, "GET", "/api/guest/view", key, nil).into(t, &view)
	if len(view.Links) != 1 {
		t.Fatalf("links = %+v, want the one into the messenger", view.Links)
	}
	h.want(http.StatusNoContent, "POST", "/api/owner/sessions/"+string(view.Session.ID)+"/close", h.owner, `{}`)
	if r := h.want(http.StatusOK, "GET", "/api/guest/view", key, nil); strings.Contains(string(r.body), h.word) {
		t.Errorf("view = %s, want no way to the table's next visit", r.body)
	}
}
