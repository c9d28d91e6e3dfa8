package api_test

import (
	"encoding/binary"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// drink is an order for the bar.
func (h *house) drink(key string) edge.Receipt {
	h.t.Helper()
	var receipt edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", key, api.OrderBody{
		Key: newKey(), MenuVersion: 1, Lines: []edge.LineRequest{{Item: "cola", Variant: "small", Quantity: 1}},
	}).into(h.t, &receipt)
	return receipt
}

// ticketOf waits for the one ticket of an order.
func (w *wire) ticketOf(order edge.ID) edge.Ticket {
	w.t.Helper()
	m := w.wait("shows the order", func(m message) bool { return len(m.Tickets) > 0 && m.Tickets[0].Order == order })
	return m.Tickets[0]
}

// answer is the answer to the press with the key.
func (w *wire) answer(key string) message {
	w.t.Helper()
	return w.wait("answers "+key, func(m message) bool { return m.Key == key })
}

func TestBumpOfAnotherStationsTicketComesToBoth(t *testing.T) {
	h := newHouse(t)
	grill, _ := h.kitchenScreen(api.KitchenHello{Stations: []string{"grill"}})
	bar, _ := h.kitchenScreen(api.KitchenHello{Stations: []string{"bar"}})
	ticket := bar.ticketOf(h.drink(h.sit()).Order)
	grill.send(api.KitchenPress{Type: "bump", Key: "far-away", Ticket: ticket.ID})
	done := grill.wait("answers", func(m message) bool {
		if len(m.Tickets) > 0 {
			t.Errorf("the grill is told of %+v", m.Tickets)
		}
		return m.Key == "far-away"
	})
	if done.Type != "done" || done.Seq != h.seq() {
		t.Errorf("bump from another station = %+v, want done at %d", done, h.seq())
	}
	if m := bar.ticketOf(ticket.Order); m.State != edge.TicketStateDone {
		t.Errorf("the bar's ticket is %s, want it done", m.State)
	}
}

func TestBumpOfWhatIsOver(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	ticket := screen.ticketOf(h.order(h.sit(), 2).Order)
	screen.send(api.KitchenPress{Type: "bump", Key: "first", Ticket: ticket.ID})
	first := screen.answer("first")
	press := func(key, kind string, item *int, kindOfAnswer, code string) {
		t.Helper()
		h.unchanged(func() {
			screen.send(api.KitchenPress{Type: kind, Key: key, Ticket: ticket.ID, Item: item})
			if m := screen.answer(key); m.Type != kindOfAnswer || m.Code != code {
				t.Errorf("%s %s = %+v, want %s %s", kind, key, m, kindOfAnswer, code)
			}
		})
	}
	press("second", "bump", nil, "done", "")
	press("an-item", "bump", new(0), "refused", "ticket_done")
	press("begin-again", "start", nil, "done", "")
	screen.send(api.KitchenOrderPress{Type: "serve", Key: "serve", Order: ticket.Order})
	if m := screen.answer("serve"); m.Type != "done" || m.Seq <= first.Seq {
		t.Fatalf("serve = %+v, want done after %d", m, first.Seq)
	}
	press("third", "bump", nil, "done", "")
	press("bring-back", "recall", nil, "refused", "ticket_served")
}

func TestHelloForAStationThatIsNot(t *testing.T) {
	h := newHouse(t)
	screen, snapshot := h.kitchenScreen(api.KitchenHello{Stations: []string{"laundry"}})
	if snapshot.Type != "snapshot" || len(snapshot.Tickets) != 0 || len(snapshot.Items) != 5 {
		t.Errorf("snapshot = %+v, want one without tickets, and with the menu", snapshot)
	}
	order := h.order(h.sit(), 1)
	all, everything := h.kitchenScreen(api.KitchenHello{})
	if len(everything.Tickets) != 1 {
		t.Fatalf("snapshot of everything = %+v, want the ticket", everything)
	}
	all.send(api.KitchenPress{Type: "bump", Key: "k", Ticket: everything.Tickets[0].ID})
	m := screen.wait("tells that the order is ready", func(m message) bool {
		if len(m.Tickets) > 0 {
			t.Errorf("the laundry is told of %+v", m.Tickets)
		}
		return len(m.Orders) == 1
	})
	if m.Orders[0].ID != order.Order || m.Orders[0].State != edge.OrderStateReady {
		t.Errorf("orders = %+v, want %s ready", m.Orders, order.Order)
	}
}

// TestNonsenseOnTheSocket sends what no screen sends. The line ends with the code that kitchen-protocol.md names, or the
// message is refused; nothing is changed, and another screen notices nothing.
func TestNonsenseOnTheSocket(t *testing.T) {
	h := newHouse(t)
	ticketed := h.order(h.sit(), 1)
	witness, _ := h.kitchenScreen(api.KitchenHello{})
	giant := binary.BigEndian.AppendUint64([]byte{0x81, 0xff}, 70_000) // RFC 6455 §5.2: text, masked, its length in 64 bits
	for _, test := range []struct {
		name string
		send func(*wire)
		code int // of the close, 0 when the message is refused
	}{
		{"no JSON", text("bump"), 4400},
		{"half of a message", text(`{"type":"bump","key":"k","ti`), 4400},
		{"an array", text(`[{"type":"bump"}]`), 4400},
		{"a string", text(`"bump"`), 4400},
		{"nothing", text(``), 4400},
		{"two messages in one", text(`{"type":"seen","tickets":[]}{"type":"seen","tickets":[]}`), 4400},
		{"no UTF-8", text("{\"type\":\"\xff\xfe"), 4400},
		{"a type that is a number", text(`{"type":7}`), 4400},
		{"very deep", text(strings.Repeat("[", 60_000)), 4400},
		{"binary", func(w *wire) { _ = w.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"type":"seen","tickets":[]}`)) }, 4400},
		{"giant", func(w *wire) { _, _ = w.ws.NetConn().Write(append(giant, 1, 2, 3, 4)) }, websocket.CloseMessageTooBig},
		{"not masked", func(w *wire) { _, _ = w.ws.NetConn().Write([]byte{0x81, 0x02, '{', '}'}) }, websocket.CloseProtocolError},
		{"null", text(`null`), 0},
		{"a second hello", text(`{"type":"hello","token":"` + h.cook + `"}`), 0},
		{"a server's message", text(`{"type":"change","seq":1}`), 0},
		{"a count that is no number", text(`{"type":"bump","key":"k","ticket":"x","item":0,"count":1e99}`), 0},
		{"a key of a kilobyte", text(`{"type":"bump","key":"` + strings.Repeat("k", 1024) + `","ticket":"x"}`), 0},
		{"a key that is no ASCII", text(`{"type":"bump","key":"\u001b[2J","ticket":"x"}`), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			h.unchanged(func() {
				screen, _ := h.kitchenScreen(api.KitchenHello{})
				screen.t = t
				test.send(screen)
				if test.code != 0 {
					screen.closedWith(test.code)
				} else if m := screen.next(); m.Type != "refused" || m.Code == "" {
					t.Errorf("answered with %+v, want it refused", m)
				}
			})
		})
	}
	witness.send(api.KitchenOrderPress{Type: "serve", Key: "serve", Order: ticketed.Order})
	if m := witness.wait("answers", func(m message) bool { return m.Key != "" }); m.Type != "done" {
		t.Errorf("the other screen's press = %+v, want done", m)
	}
}

func text(text string) func(*wire) {
	return func(w *wire) { _ = w.ws.WriteMessage(websocket.TextMessage, []byte(text)) }
}

// TestPressesFasterThanHands: too many at once are refused, and carried out when they are repeated with their key.
func TestPressesFasterThanHands(t *testing.T) {
	h := newHouse(t)
	screen, _ := h.kitchenScreen(api.KitchenHello{})
	ticket := screen.ticketOf(h.order(h.sit(), 1).Order)
	const presses = 120
	for range presses {
		screen.send(api.KitchenPress{Type: "start", Key: newKey(), Ticket: ticket.ID})
	}
	refused := ""
	for range presses {
		m := screen.wait("answers", func(m message) bool { return m.Key != "" })
		if m.Type == "refused" {
			if m.Code != "too_often" {
				t.Fatalf("a press = %+v, want too_often", m)
			}
			refused = m.Key
		}
	}
	if refused == "" {
		t.Fatalf("%d presses at once were all carried out", presses)
	}
	time.Sleep(200 * time.Millisecond) // four presses' time on the server's clock
	screen.send(api.KitchenPress{Type: "bump", Key: refused, Ticket: ticket.ID})
	if m := screen.answer(refused); m.Type != "done" {
		t.Errorf("the refused key with a press = %+v, want it carried out: nothing was done under it", m)
	}
}

// TestScreenThatDoesNotRead: it is cut off with 4008 after all it was told without a gap, others are not delayed, and it
// comes back where it was.
func TestScreenThatDoesNotRead(t *testing.T) {
	h := newHouse(t)
	asleep, snapshot := h.kitchenScreen(api.KitchenHello{})
	_ = asleep.ws.NetConn().(*net.TCPConn).SetReadBuffer(2048)
	awake, _ := h.kitchenScreen(api.KitchenHello{})
	menu, problems := api.DecodeMenu([]byte(menuYAML), nil)
	if len(problems) > 0 {
		t.Fatalf("menu: %+v", problems)
	}
	began := time.Now()
	const commits = 500 // each a menu: the queue takes 256, the line itself some dozens
	for range commits {
		_, err := h.floor.Publish(t.Context(), edge.System, menu)
		h.must(err)
		seq := h.hub.Seq()
		awake.wait("tells of the menu", func(m message) bool { return m.Seq == seq && m.Type == "menu" })
	}
	took := time.Since(began)
	told, closed := asleep.wake(snapshot.Seq)
	// A line that takes nothing for five seconds is broken without a word.
	if took < 2*time.Second && !websocket.IsCloseError(closed, 4008) {
		t.Errorf("closed with %v, want 4008", closed)
	}
	if told == snapshot.Seq || told >= h.seq() {
		t.Errorf("told up to %d of %d, want some of it", told, h.seq())
	}
	_, missed := h.kitchenScreen(api.KitchenHello{Since: told, Epoch: snapshot.Epoch})
	if missed.Type != "changes" || missed.From != told || missed.Seq != h.seq() || !missed.Menu {
		t.Errorf("back again = %+v, want a menu between %d and %d", missed, told, h.seq())
	}
}

// wake reads all that waits until the line is closed, which it must be soon. It gives the newest change and the end.
func (w *wire) wake(told int64) (int64, error) {
	w.t.Helper()
	_ = w.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		var m message
		if err := w.ws.ReadJSON(&m); err != nil {
			return told, err
		}
		if m.Type == "change" && m.Seq != told+1 {
			w.t.Fatalf("change %d comes after %d", m.Seq, told)
		}
		told = max(told, m.Seq)
	}
}

// TestTwoScreensOfOnePairing: both work, hear the same, and one press over both lines is one press.
func TestTwoScreensOfOnePairing(t *testing.T) {
	h := newHouse(t)
	one, _ := h.kitchenScreen(api.KitchenHello{})
	two, _ := h.kitchenScreen(api.KitchenHello{})
	ticket := one.ticketOf(h.order(h.sit(), 2).Order)
	if diff := cmp.Diff(ticket, two.ticketOf(ticket.Order)); diff != "" {
		t.Errorf("the two screens' tickets differ:\n%s", diff)
	}
	press := api.KitchenPress{Type: "bump", Key: "press-1", Ticket: ticket.ID}
	one.send(press)
	two.send(press)
	first, second := one.answer("press-1"), two.answer("press-1")
	if first.Type != "done" || second.Type != "done" || first.Seq != second.Seq {
		t.Errorf("one press over two lines = %+v and %+v, want the same answer", first, second)
	}
	two.send(api.KitchenPress{Type: "recall", Key: "press-2", Ticket: ticket.ID})
	two.answer("press-2")
	h.unchanged(func() { // the first line comes late with what was answered long ago
		one.send(press)
		if m := one.answer("press-1"); m.Seq != first.Seq {
			t.Errorf("the old press again = %+v, want done at %d", m, first.Seq)
		}
	})
	h.want(http.StatusNoContent, "DELETE", "/api/owner/devices/"+string(h.cookID(t)), h.owner, nil)
	one.closedWith(4403)
	two.closedWith(4403)
}
