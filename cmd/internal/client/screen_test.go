package client_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// kitchen is a scripted device: each connection runs the next function of the script.
type kitchen struct {
	t      *testing.T
	script []func(*talk)

	mu     sync.Mutex // guards all below
	hellos []api.KitchenHello
}

// talk is one connection of the scripted device.
type talk struct {
	t     *testing.T
	ws    *websocket.Conn
	hello api.KitchenHello
}

func (k *kitchen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{Subprotocols: []string{"comanda.kitchen.v1"}}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	var hello api.KitchenHello
	if err := ws.ReadJSON(&hello); err != nil {
		k.t.Errorf("read hello: %v", err)
		return
	}
	k.mu.Lock()
	k.hellos = append(k.hellos, hello)
	n := len(k.hellos)
	k.mu.Unlock()
	if ws.Subprotocol() != "comanda.kitchen.v1" || hello.Type != "hello" || hello.Token != "secret" {
		k.t.Errorf("connection %d: subprotocol %q, hello %+v", n, ws.Subprotocol(), hello)
	}
	if n > len(k.script) {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4403, "removed"), time.Now().Add(time.Second))
		return
	}
	k.script[n-1](&talk{k.t, ws, hello})
}

func (c *talk) send(v any) {
	if err := c.ws.WriteJSON(v); err != nil {
		c.t.Errorf("send %T: %v", v, err)
	}
}

func (c *talk) hear() api.KitchenPress {
	var press api.KitchenPress
	if err := c.ws.ReadJSON(&press); err != nil {
		c.t.Errorf("hear a press: %v", err)
	}
	return press
}

func ticket(id edge.ID, state edge.TicketState) edge.Ticket { return edge.Ticket{ID: id, State: state} }

// TestScreenSendsAPressUntilItIsAnswered: the device dies with a press in its hands; the screen resumes by seq and
// epoch and sends the press again under its key.
func TestScreenSendsAPressUntilItIsAnswered(t *testing.T) {
	k := &kitchen{t: t, script: []func(*talk){
		func(c *talk) {
			c.send(api.KitchenSnapshot{
				Type: "snapshot", Seq: 7, Epoch: "e1",
				Tickets: []edge.Ticket{ticket("a", edge.TicketStateNew), ticket("b", edge.TicketStateNew)},
			})
			c.send(live.KitchenChange{Type: "change", Seq: 9, Tickets: []edge.Ticket{ticket("b", edge.TicketStateServed)}})
			if press := c.hear(); press.Type != "bump" || press.Key != "p1" || press.Ticket != "a" {
				t.Errorf("first press: got %+v", press)
			}
		},
		func(c *talk) {
			if c.hello.Since != 9 || c.hello.Epoch != "e1" {
				t.Errorf("second hello: got since %d of %q, want 9 of e1", c.hello.Since, c.hello.Epoch)
			}
			c.send(api.KitchenChanges{Type: "changes", From: 9, Seq: 10, Epoch: "e1", Tickets: []edge.Ticket{ticket("c", edge.TicketStateNew)}})
			if press := c.hear(); press.Key != "p1" {
				t.Errorf("repeated press: got %+v", press)
			}
			c.send(json.RawMessage(`{"type":"something new"}`))
			c.send(api.KitchenDone{Type: "done", Key: "p1", Seq: 11})
			c.send(live.KitchenChange{Type: "change", Seq: 11, Tickets: []edge.Ticket{ticket("a", edge.TicketStateDone)}})
			if press := c.hear(); press.Key != "p2" {
				t.Errorf("second press: got %+v", press)
			}
			c.send(api.KitchenRefused{Type: "refused", Key: "p2", Code: "ticket_served", Message: "No."})
			c.hear() // "last": then the device closes for good
		},
	}}
	screen, ended := serve(t, k)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if seq, err := screen.Press(ctx, "bump", "p1", "a"); seq != 11 || err != nil {
		t.Errorf("press p1: got %d, %v, want 11", seq, err)
	}
	if _, err := screen.Press(ctx, "recall", "p2", "a"); client.CodeOf(err) != "ticket_served" {
		t.Errorf("press p2: got %v, want ticket_served", err)
	}
	var open []edge.ID
	for _, ticket := range screen.Tickets() {
		open = append(open, ticket.ID)
	}
	if len(open) != 1 || open[0] != "c" || screen.Seq() != 11 || screen.Resumed() != 1 {
		t.Errorf("shows %v at %d after %d resumes, want [c] at 11 after 1", open, screen.Seq(), screen.Resumed())
	}
	short, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	if _, err := screen.Press(short, "bump", "last", "c"); err == nil {
		t.Error("a press that nobody answers: got no error")
	}
	if err := <-ended; err == nil {
		t.Error("after 4403: the screen went on, want an error")
	}
}

// serve runs a screen of the handler; the channel has how it ended.
func serve(t *testing.T, handler http.Handler) (*client.Screen, <-chan error) {
	t.Helper()
	screen := dial(t, handler, client.Options{}).Screen("secret")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var wg sync.WaitGroup
	wg.Go(func() { ended <- screen.Serve(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return screen, ended
}

// TestScreenWaitsForADeviceThatIsNotThere: refusals of the handshake are no reason to give up.
func TestScreenWaitsForADeviceThatIsNotThere(t *testing.T) {
	tries := 0
	k := &kitchen{t: t, script: []func(*talk){func(c *talk) {
		c.send(api.KitchenSnapshot{Type: "snapshot", Seq: 3})
		c.send(api.Tick{Type: "tick", Seq: 3})
	}}}
	_, ended := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries <= 2 {
			problem(http.StatusServiceUnavailable, "too_many_sockets", "5")(w, r)
			return
		}
		k.ServeHTTP(w, r)
	}))
	if err := <-ended; err == nil {
		t.Error("got no error, want the one of the close code 4403")
	}
	if tries != 4 {
		t.Errorf("tried %d times, want 4: twice refused, once let in, once sent away", tries)
	}
}
