package api_test

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// duo is two screens of two devices that show the same ticket; one presses, the other looks.
type duo struct {
	h      *house
	ticket edge.ID
	hand   *wire
	eye    *wire
	done   bool
	left   int // presses before the line's burst is used up
}

func newDuo(h *house) *duo {
	d := &duo{h: h}
	d.eye, _ = h.kitchenScreen(api.KitchenHello{})
	d.ticket = d.eye.ticketOf(h.order(h.sit(), 2).Order).ID
	return d
}

// press bumps or recalls the ticket, and gives how long it took until the other screen showed it.
func (d *duo) press() time.Duration {
	if d.left == 0 { // more presses at once than hands make are refused on one line
		if d.hand != nil {
			d.hand.ws.Close()
		}
		d.hand, _ = d.h.kitchenScreen(api.KitchenHello{Token: d.h.owner})
		d.left = 50
	}
	d.left--
	kind, want := "bump", edge.TicketStateDone
	if d.done {
		kind, want = "recall", edge.TicketStateStarted
	}
	key := newKey()
	began := time.Now()
	d.hand.send(api.KitchenPress{Type: kind, Key: key, Ticket: d.ticket})
	d.eye.wait("shows the "+kind, func(m message) bool { return len(m.Tickets) == 1 && m.Tickets[0].State == want })
	took := time.Since(began)
	if m := d.hand.answer(key); m.Type != "done" {
		d.h.t.Fatalf("%s = %+v, want done", kind, m)
	}
	d.done = !d.done
	return took
}

func TestBumpOnOneScreenShowsOnTheOther(t *testing.T) {
	d := newDuo(newHouse(t))
	for range 4 {
		d.press()
	}
}

// BenchmarkBumpToTheOtherScreen measures from a press on one screen to its frame on another, over two real sockets and a
// durable commit. A cook should not see the difference: 100 ms.
func BenchmarkBumpToTheOtherScreen(b *testing.B) {
	d := newDuo(newHouse(b))
	var times []time.Duration
	for b.Loop() {
		times = append(times, d.press())
	}
	report(b, times)
}
