package api_test

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// wire is a client's end of a socket.
type wire struct {
	t  testing.TB
	ws *websocket.Conn
}

// message is any message of the server, decoded as far as tests look.
type message struct {
	Type    string              `json:"type"`
	Seq     int64               `json:"seq"`
	From    int64               `json:"from"`
	Epoch   string              `json:"epoch"`
	Key     string              `json:"key"`
	Code    string              `json:"code"`
	Tickets []edge.Ticket       `json:"tickets"`
	Done    []edge.Ticket       `json:"done"`
	Orders  []live.KitchenOrder `json:"orders"`
	Stock   []edge.Stock        `json:"stock"`
	Items   []api.KitchenItem   `json:"items"`
	Menu    bool                `json:"menu"`
	View    api.GuestView       `json:"view"`
	What    []string            `json:"what"`
	Flash   *api.DisplayFlash   `json:"flash"`
	Table   *api.TableName      `json:"table"`
}

func (h *house) dial(path, protocol string) *wire {
	h.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{protocol}, HandshakeTimeout: 5 * time.Second}
	ws, res, err := dialer.Dial("ws://"+h.host+path, nil)
	if err != nil {
		h.t.Fatalf("dial %s: %v", path, err)
	}
	res.Body.Close()
	h.t.Cleanup(func() { ws.Close() })
	return &wire{t: h.t, ws: ws}
}

func (w *wire) send(v any) {
	w.t.Helper()
	if text, ok := v.(string); ok {
		_ = w.ws.WriteMessage(websocket.TextMessage, []byte(text))
		return
	}
	if err := w.ws.WriteJSON(v); err != nil {
		w.t.Fatalf("send: %v", err)
	}
}

// next is the next message but ticks.
func (w *wire) next() message {
	w.t.Helper()
	for {
		_ = w.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, raw, err := w.ws.ReadMessage()
		if err != nil {
			w.t.Fatalf("read: %v", err)
		}
		var m message
		if err := json.Unmarshal(raw, &m); err != nil {
			w.t.Fatalf("decode %s: %v", raw, err)
		}
		if m.Type != "tick" {
			return m
		}
	}
}

// wait reads until a message fits.
func (w *wire) wait(what string, fits func(message) bool) message {
	w.t.Helper()
	for range 100 {
		if m := w.next(); fits(m) {
			return m
		}
	}
	w.t.Fatalf("no message that %s", what)
	return message{}
}

func isType(kind string) func(message) bool { return func(m message) bool { return m.Type == kind } }

// closedWith reads until the socket is closed, and checks the code.
func (w *wire) closedWith(code int) {
	w.t.Helper()
	for {
		_ = w.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, _, err := w.ws.ReadMessage(); err != nil {
			if !websocket.IsCloseError(err, code) {
				w.t.Errorf("closed with %v, want %d", err, code)
			}
			return
		}
	}
}

func (h *house) kitchenScreen(hello api.KitchenHello) (*wire, message) {
	h.t.Helper()
	w := h.dial("/api/kitchen/live", "comanda.kitchen.v1")
	hello.Type = "hello"
	if hello.Token == "" {
		hello.Token = h.cook
	}
	w.send(hello)
	return w, w.next()
}

func (h *house) order(key string, n int) edge.Receipt {
	h.t.Helper()
	var receipt edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", key, burger(newKey(), n)).into(h.t, &receipt)
	return receipt
}

func TestKitchenDay(t *testing.T) {
	h := newHouse(t)
	screen, snapshot := h.kitchenScreen(api.KitchenHello{})
	if snapshot.Type != "snapshot" || snapshot.Seq != h.seq() || len(snapshot.Items) != 5 || len(snapshot.Tickets) != 0 {
		t.Fatalf("first message = %+v, want an empty snapshot at %d", snapshot, h.seq())
	}
	guest := h.sit()
	receipt := h.order(guest, 2)
	change := screen.wait("shows the order", func(m message) bool { return len(m.Tickets) > 0 })
	ticket := change.Tickets[0]
	if change.Type != "change" || change.Seq != h.seq() || ticket.Order != receipt.Order || ticket.Station != "grill" {
		t.Fatalf("change = %+v, want the ticket at %d", change, h.seq())
	}
	press := api.KitchenPress{Type: "bump", Key: "press-1", Ticket: ticket.ID}
	screen.send(press)
	done := screen.wait("answers the press", isType("done"))
	if done.Key != "press-1" || done.Seq != h.seq() {
		t.Errorf("done = %+v, want press-1 at %d", done, h.seq())
	}
	h.unchanged(func() {
		screen.send(press)
		if again := screen.wait("answers again", isType("done")); again.Seq != done.Seq {
			t.Errorf("the same press again = %+v, want %+v", again, done)
		}
		press.Undo = true
		screen.send(press)
		if refused := screen.wait("refuses", isType("refused")); refused.Code != "key_reused" || refused.Key != "press-1" {
			t.Errorf("the same key for something else = %+v, want key_reused", refused)
		}
	})
	screen.send(api.KitchenPress{Type: "recall", Key: "press-2", Ticket: ticket.ID})
	screen.wait("recalls", isType("done"))
	screen.send(api.KitchenPress{Type: "start", Key: "press-3", Ticket: ticket.ID})
	screen.wait("starts", isType("done"))
	screen.send(api.KitchenPress{Type: "bump", Key: "press-4", Ticket: ticket.ID, Item: new(0), Count: new(1)})
	screen.wait("one of two is done", func(m message) bool { return len(m.Tickets) > 0 && m.Tickets[0].Items[0].Done == 1 })
	screen.send(api.KitchenSeen{Type: "seen", Tickets: []edge.ID{ticket.ID}})
	screen.wait("was seen", func(m message) bool { return len(m.Tickets) > 0 && !m.Tickets[0].Seen.IsZero() })
	screen.send(api.KitchenOrderPress{Type: "serve", Key: "press-5", Order: receipt.Order})
	screen.wait("serves", isType("done"))
	screen.send(api.KitchenStock{Type: "stock", Key: "press-6", Stock: edge.Stock{Key: "fries", SoldOut: true}})
	screen.wait("is sold out", func(m message) bool { return len(m.Stock) == 1 && m.Stock[0].SoldOut })
}

func TestKitchenDecidesOnWaitingOrders(t *testing.T) {
	h := newHouse(t)
	var answer api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: h.word}).into(t, &answer)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	first := h.order(answer.GuestKey, 1)
	screen.wait("waits for staff", func(m message) bool { return len(m.Orders) == 1 && m.Orders[0].State == edge.OrderStateReceived })
	screen.send(api.KitchenReject{Type: "reject", Key: "p1", Order: first.Order, Reason: "kitchen closed"})
	screen.wait("is rejected", func(m message) bool { return len(m.Orders) == 1 && m.Orders[0].State == edge.OrderStateRejected })
	second := h.order(answer.GuestKey, 1)
	screen.send(api.KitchenOrderPress{Type: "accept", Key: "p2", Order: second.Order})
	screen.wait("is accepted", func(m message) bool { return len(m.Tickets) == 1 })
	screen.send(api.KitchenOrderPress{Type: "accept", Key: "p3", Order: "nobody"})
	if m := screen.wait("refuses", isType("refused")); m.Code != "order_unknown" {
		t.Errorf("accepting nothing = %+v, want order_unknown", m)
	}
}

func TestKitchenResumes(t *testing.T) {
	h := newHouse(t)
	guest := h.sit()
	screen, snapshot := h.kitchenScreen(api.KitchenHello{})
	screen.ws.Close()
	receipt := h.order(guest, 1)
	_, missed := h.kitchenScreen(api.KitchenHello{Since: snapshot.Seq, Epoch: snapshot.Epoch})
	if missed.Type != "changes" || missed.From != snapshot.Seq || missed.Seq != h.seq() || len(missed.Tickets) != 1 ||
		missed.Tickets[0].Order != receipt.Order {
		t.Errorf("resumed = %+v, want the one ticket from %d to %d", missed, snapshot.Seq, h.seq())
	}
	_, other := h.kitchenScreen(api.KitchenHello{Since: snapshot.Seq, Epoch: "another"})
	if other.Type != "snapshot" {
		t.Errorf("resumed in another epoch = %s, want a snapshot", other.Type)
	}
	_, bar := h.kitchenScreen(api.KitchenHello{Stations: []string{"bar"}})
	if len(bar.Tickets) != 0 {
		t.Errorf("the bar sees %+v, want nothing of the grill", bar.Tickets)
	}
}

func TestDoneComesAfterWhatWasBefore(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	_ = screen.ws.NetConn().(*net.TCPConn).SetReadBuffer(4096)
	guest := h.sit()
	h.order(guest, 1)
	ticket := screen.wait("shows the order", func(m message) bool { return len(m.Tickets) > 0 }).Tickets[0].ID
	for range 30 { // the screen does not read meanwhile: changes and answers wait side by side
		h.shift.Add(int64(3 * time.Second))
		h.want(http.StatusCreated, "POST", "/api/guest/orders", guest, long())
	}
	const presses = 20
	for i := range presses {
		screen.send(api.KitchenPress{Type: []string{"bump", "recall"}[i%2], Key: newKey(), Ticket: ticket})
	}
	time.Sleep(200 * time.Millisecond)
	told := int64(0) // the newest change: whoever resumes from the seq of a done must not miss one
	for i := range presses {
		done := screen.wait("answers the press", func(m message) bool {
			if m.Type == "change" {
				told = m.Seq
			}
			return m.Type == "done"
		})
		if told < done.Seq {
			t.Fatalf("press %d: done at %d, but changes came only up to %d", i, done.Seq, told)
		}
	}
}

func TestKitchenLearnsOfANewMenu(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	h.want(http.StatusCreated, "POST", "/api/owner/menu", h.owner, menuYAML)
	if m := screen.next(); !m.Menu {
		t.Errorf("message = %+v, want a change with menu", m)
	}
	if m := screen.next(); m.Type != "menu" || len(m.Items) != 5 {
		t.Errorf("message = %+v, want the menu's items", m)
	}
}

func TestBadHellos(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		name, path, protocol, hello string
		code                        int
	}{
		{"not JSON", "/api/kitchen/live", "comanda.kitchen.v1", "hello", 4400},
		{"another type", "/api/kitchen/live", "comanda.kitchen.v1", `{"type":"bump"}`, 4400},
		{"unknown key", "/api/kitchen/live", "comanda.kitchen.v1", `{"type":"hello","token":"x","admin":true}`, 4400},
		{"unknown token", "/api/kitchen/live", "comanda.kitchen.v1", `{"type":"hello","token":"x"}`, 4401},
		{"no token", "/api/kitchen/live", "comanda.kitchen.v1", `{"type":"hello","token":""}`, 4401},
		{"a display in the kitchen", "/api/kitchen/live", "comanda.kitchen.v1", `{"type":"hello","token":"` + h.display + `"}`, 4403},
		{"a cook as the owner", "/api/owner/live", "comanda.owner.v1", `{"type":"hello","token":"` + h.cook + `"}`, 4403},
		{"a cook as a display", "/api/display/live", "comanda.display.v1", `{"type":"hello","token":"` + h.cook + `"}`, 4403},
		{"a device as a guest", "/api/guest/live", "comanda.guest.v1", `{"type":"hello","token":"` + h.owner + `"}`, 4401},
		{"giant", "/api/guest/live", "comanda.guest.v1", `{"type":"hello","token":"` + string(make([]byte, 70_000)) + `"}`, websocket.CloseMessageTooBig},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h.unchanged(func() {
				w := h.dial(test.path, test.protocol)
				w.t = t
				w.send(test.hello)
				if test.code == websocket.CloseMessageTooBig {
					// The server closes while the message is still on its way; what arrives of the reason is luck.
					_ = w.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
					if _, _, err := w.ws.ReadMessage(); err == nil {
						t.Error("a giant hello was answered")
					}
					return
				}
				w.closedWith(test.code)
			})
		})
	}
	dialer := websocket.Dialer{}
	if _, res, err := dialer.Dial("ws://"+h.host+"/api/kitchen/live", nil); err == nil || res.StatusCode != http.StatusBadRequest {
		t.Errorf("without a subprotocol: %v, want 400", err)
	}
}

func TestBadPresses(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	for name, test := range map[string]struct{ text, code string }{
		"unknown message": {`{"type":"explode","key":"k"}`, "message_unknown"},
		"unknown ticket":  {`{"type":"bump","key":"k1","ticket":"nobody"}`, "not_found"},
		"unknown field":   {`{"type":"bump","key":"k2","ticket":"x","force":true}`, "invalid"},
		"no key":          {`{"type":"bump","ticket":"x"}`, "key_missing"},
		"unknown stock":   {`{"type":"stock","key":"k3","stock":{"key":"unicorn","sold_out":true}}`, "item_unknown"},
		"wrong type":      {`{"type":"seen","tickets":7}`, "invalid"},
	} {
		h.unchanged(func() {
			screen.send(test.text)
			if m := screen.wait("refuses", isType("refused")); m.Code != test.code {
				t.Errorf("%s = %+v, want %s", name, m, test.code)
			}
		})
	}
	h.unchanged(func() {
		screen.send(`{"type":`)
		screen.closedWith(4400)
	})
}

func TestGuestSocket(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	w := h.dial("/api/guest/live", "comanda.guest.v1")
	w.send(api.Hello{Type: "hello", Token: key})
	if m := w.next(); m.Type != "view" || len(m.View.Orders) != 0 {
		t.Fatalf("first message = %+v, want an empty view", m)
	}
	h.order(key, 1)
	w.wait("shows the order", func(m message) bool { return len(m.View.Orders) == 1 && m.Seq == h.seq() })
	_, err := h.kitchen.SetStock(t.Context(), edge.System, edge.Stock{Key: "fries", SoldOut: true})
	h.must(err)
	if m := w.wait("tells the stock", isType("stock")); len(m.Stock) != 1 {
		t.Errorf("stock = %+v, want the fries", m.Stock)
	}
	w.send(`{"type":"order"}`)
	w.closedWith(4400)
}

func TestDisplaySocket(t *testing.T) {
	h := newHouse(t)
	w := h.dial("/api/display/live", "comanda.display.v1")
	w.send(api.Hello{Type: "hello", Token: h.display})
	first := w.next()
	if first.Type != "show" || first.Code == "" || first.Table == nil || first.Table.Name != "7" {
		t.Fatalf("first message = %+v, want a code of table 7", first)
	}
	h.hub.Flash(live.Flash{Kind: "ok", TextKey: "welcome", Table: "7", Until: h.now().Add(300 * time.Millisecond)}, h.table.ID)
	w.wait("flashes", func(m message) bool { return m.Flash != nil && m.Flash.Kind == "ok" })
	w.wait("ends the flash", func(m message) bool { return m.Type == "show" && m.Flash == nil })
}

func TestOwnerSocket(t *testing.T) {
	h := newHouse(t)
	w := h.dial("/api/owner/live", "comanda.owner.v1")
	w.send(api.Hello{Type: "hello", Token: h.owner})
	if m := w.next(); m.Type != "changed" || len(m.What) != 7 {
		t.Fatalf("first message = %+v, want everything", m)
	}
	h.sit()
	if m := w.next(); len(m.What) != 1 || m.What[0] != "floor" {
		t.Errorf("after a seat = %+v, want floor", m)
	}
}

func TestTicks(t *testing.T) {
	h := newHouse(t)
	w := h.dial("/api/owner/live", "comanda.owner.v1")
	w.send(api.Hello{Type: "hello", Token: h.owner})
	_ = w.ws.SetReadDeadline(time.Now().Add(4 * time.Second))
	for {
		_, raw, err := w.ws.ReadMessage()
		if err != nil {
			t.Fatalf("no tick within 4 s: %v", err)
		}
		var m message
		h.must(json.Unmarshal(raw, &m))
		if m.Type == "tick" {
			return
		}
	}
}

func TestRemovedDeviceIsCutOff(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	var devices api.Devices
	h.want(http.StatusOK, "GET", "/api/owner/devices", h.owner, nil).into(t, &devices)
	for _, d := range devices.Devices {
		if d.Role == edge.RoleKitchen {
			h.want(http.StatusNoContent, "DELETE", "/api/owner/devices/"+string(d.ID), h.owner, nil)
		}
	}
	screen.closedWith(4403)
	w := h.dial("/api/kitchen/live", "comanda.kitchen.v1")
	w.send(api.KitchenHello{Type: "hello", Token: h.cook})
	w.closedWith(4401)
}

func TestRemovedDeviceThatDoesNotHangUpPressesNothing(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	receipt := h.order(h.sit(), 1)
	ticket := screen.wait("shows the order", func(m message) bool { return len(m.Tickets) > 0 }).Tickets[0].ID
	h.must(h.floor.RemoveDevice(t.Context(), edge.System, h.cookID(t)))
	// It goes on pressing, as no honest screen would, until the line breaks.
	for range 30 {
		if err := screen.ws.WriteJSON(api.KitchenPress{Type: "bump", Key: newKey(), Ticket: ticket}); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	h.must(h.store.Read(t.Context(), func(v edge.View) error {
		order, err := v.Order(receipt.Order)
		if order.State != edge.OrderStateAccepted {
			t.Errorf("the order is %s, want it untouched", order.State)
		}
		return err
	}))
}

func (h *house) cookID(t *testing.T) (id edge.ID) {
	t.Helper()
	h.must(h.store.Read(t.Context(), func(v edge.View) error {
		device, err := v.DeviceByKey(access.Hash(h.cook))
		id = device.ID
		return err
	}))
	return id
}

func TestShutdownClosesSockets(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := h.api.Close(t.Context()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	screen.closedWith(websocket.CloseGoingAway)
	wg.Wait()
	dialer := websocket.Dialer{Subprotocols: []string{"comanda.kitchen.v1"}}
	if _, res, err := dialer.Dial("ws://"+h.host+"/api/kitchen/live", nil); err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a socket after Close: %v, want 503", err)
	}
}

func TestStuckScreensDelayNobody(t *testing.T) {
	h := newHouse(t)
	for range 2 { // screens that do not read again while the orders come
		screen, _ := h.kitchenScreen(api.KitchenHello{})
		_ = screen.ws.NetConn().(*net.TCPConn).SetReadBuffer(4096)
	}
	var screens []*wire
	for range 10 {
		screen, _ := h.kitchenScreen(api.KitchenHello{})
		screens = append(screens, screen)
	}
	guest := h.sit()
	var slowest time.Duration
	for range 60 {
		h.shift.Add(int64(3 * time.Second))
		began := time.Now()
		var receipt edge.Receipt
		h.want(http.StatusCreated, "POST", "/api/guest/orders", guest, long()).into(t, &receipt)
		for _, s := range screens {
			s.wait("shows the order", func(m message) bool { return len(m.Tickets) > 0 && m.Tickets[0].Order == receipt.Order })
		}
		slowest = max(slowest, time.Since(began))
	}
	if slowest > 2*time.Second { // a stuck screen's write deadline is 5 s
		t.Errorf("the slowest order took %v to reach ten screens", slowest)
	}
	// The write deadline of a real line has to pass; then only those who read are left.
	for deadline := time.Now().Add(15 * time.Second); h.hub.Screens() != len(screens); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d screens connected, want the stuck ones cut off", h.hub.Screens())
		}
	}
}

// long is an order whose ticket takes several packets.
func long() api.OrderBody {
	body := api.OrderBody{Key: newKey(), MenuVersion: 1}
	for range 10 {
		body.Lines = append(body.Lines, edge.LineRequest{Item: "burger", Quantity: 1, Note: strings.Repeat("x", 200)})
	}
	return body
}
