package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// board is what a screen shows, told in lines: it prints a chit for what is new, and one line for what becomes of it.
type board struct {
	out    io.Writer
	steady func() time.Time // with a monotonic reading; what it says of the day does not matter
	expo   bool

	begun    bool
	stations []edge.Station
	names    map[string]string // of items, by stock key
	tickets  map[edge.ID]edge.Ticket
	orders   map[edge.ID]live.KitchenOrder
	warned   map[edge.ID]int // how late a ticket was said to be
	// server and here belong together: the device's time at an instant of the steady clock.
	server, here time.Time
}

func newBoard(out io.Writer, steady func() time.Time, expo bool) *board {
	return &board{
		out: out, steady: steady, expo: expo, tickets: map[edge.ID]edge.Ticket{}, orders: map[edge.ID]live.KitchenOrder{},
		warned: map[edge.ID]int{},
	}
}

func (b *board) printf(format string, args ...any) { fmt.Fprintf(b.out, format, args...) }

// now is the device's time, by our steady clock since the device said it.
func (b *board) now() time.Time { return b.server.Add(b.steady().Sub(b.here)) }

// tell notes the device's time. A message that was long on its way says too early a time, so that only a later one than
// expected counts; anew is for a device that has started again.
func (b *board) tell(now time.Time, anew bool) {
	if anew || b.server.IsZero() || now.After(b.now()) {
		b.server, b.here = now, b.steady()
	}
}

// age is how long the kitchen has been asked for the ticket.
func (b *board) age(t *edge.Ticket) time.Duration { return b.now().Sub(t.Since()) }

// snapshot takes over everything. What was known before is compared with it, not printed again.
func (b *board) snapshot(m *api.KitchenSnapshot) {
	b.tell(m.Now, true)
	b.menu(m.Stations, m.Items)
	if !b.begun {
		b.printf("%s: %d open\n", plain(m.Venue.Name), len(m.Tickets))
	}
	b.begun = true
	still := map[edge.ID]bool{}
	for _, t := range slices.Concat(m.Tickets, m.Done) {
		still[t.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(b.tickets)) {
		if t := b.tickets[id]; !still[id] && t.State.Open() {
			b.printf("%s is gone: served or cancelled meanwhile\n", name(&t))
		}
		if !still[id] {
			delete(b.tickets, id)
		}
	}
	b.change(m.Tickets, m.Orders, nil)
	for _, t := range m.Done { // newest first, and only news when they were open here
		if old, known := b.tickets[t.ID]; known {
			b.compare(&old, &t)
		}
		b.tickets[t.ID] = t
	}
}

func (b *board) menu(stations []edge.Station, items []api.KitchenItem) {
	b.stations, b.names = stations, map[string]string{}
	for _, item := range items {
		b.names[item.ID] = item.Name
		for _, v := range item.Variants {
			b.names[item.ID+"/"+v.ID] = item.Name + ", " + v.Name
		}
	}
}

// change works in what is new.
func (b *board) change(tickets []edge.Ticket, orders []live.KitchenOrder, stock []edge.Stock) {
	for i := range tickets {
		b.ticket(&tickets[i])
	}
	for i := range orders {
		b.order(&orders[i])
	}
	for _, s := range stock {
		b.printf("%s\n", b.stock(s))
	}
}

func (b *board) ticket(t *edge.Ticket) {
	old, known := b.tickets[t.ID]
	if t.State.Open() || t.State == edge.TicketStateDone {
		b.tickets[t.ID] = *t
	} else {
		delete(b.tickets, t.ID)
		delete(b.warned, t.ID)
	}
	switch {
	case known:
		b.compare(&old, t)
	case t.State.Open():
		b.hang(t, "")
	default:
		b.printf("%s %s\n", name(t), became("", t))
	}
}

// hang prints a chit.
func (b *board) hang(t *edge.Ticket, mark string) {
	b.warned[t.ID] = b.lateness(t)
	if b.warned[t.ID] == late {
		mark = strings.TrimPrefix(mark+" · LATE", " · ")
	}
	b.printf("%s", chit(t, b.age(t), mark))
}

// name is what a ticket is called out as.
func name(t *edge.Ticket) string {
	text := plain(t.Number) + " " + plain(t.Station)
	if t.Kind == edge.TicketCancellation {
		return text + " cancellation"
	}
	return text
}

// compare prints what has become of a ticket.
func (b *board) compare(old, t *edge.Ticket) {
	if text := became(old.State, t); old.State != t.State && text != "" {
		b.printf("%s %s\n", name(t), text)
	}
	if old.Collected.IsZero() && !t.Collected.IsZero() {
		b.printf("%s is at the pass\n", name(t))
	}
	if old.Rush.IsZero() != t.Rush.IsZero() {
		b.printf("%s %s\n", name(t), map[bool]string{true: "RUSH: before the others", false: "does not go before the others any more"}[old.Rush.IsZero()])
	}
	if t.State.Open() {
		b.counts(old, t)
		if content(old) != content(t) {
			b.hang(t, "CHANGED")
		}
	}
}

// became says what a ticket in the state before is now.
func became(before edge.TicketState, t *edge.Ticket) string {
	switch t.State {
	case edge.TicketStateHeld:
		return "is put off until it is fired"
	case edge.TicketStateNew:
		if before == edge.TicketStateHeld {
			return "FIRED: cook it now"
		}
		return "is not begun after all"
	case edge.TicketStateStarted:
		if before == edge.TicketStateDone {
			return "is BACK: recalled"
		}
		return "started"
	case edge.TicketStateDone:
		if t.Kind == edge.TicketCancellation {
			return "was read"
		}
		return "done"
	case edge.TicketStateServed:
		return "served"
	case edge.TicketStateVoided:
		return "CANCELLED"
	default:
		return plain(string(t.State))
	}
}

// counts prints what is different in how much is done and cancelled.
func (b *board) counts(old, t *edge.Ticket) {
	for i := range min(len(old.Items), len(t.Items)) {
		was, item := &old.Items[i], &t.Items[i]
		if item.Cancelled > was.Cancelled {
			b.printf("%s: %d × %s CANCELLED\n", name(t), item.Cancelled-was.Cancelled, plain(item.Name))
		}
		if item.Done != was.Done && old.State != edge.TicketStateDone {
			b.printf("%s: %d of %d %s done\n", name(t), item.Done, item.Quantity-item.Cancelled, plain(item.Name))
		}
	}
}

// content is what is written on a ticket, without what compare and counts tell.
func content(t *edge.Ticket) string {
	c := *t
	c.State, c.Rush = edge.TicketStateNew, time.Time{}
	c.Items = slices.Clone(t.Items)
	for i := range c.Items {
		c.Items[i].Done, c.Items[i].Cancelled = 0, 0
	}
	return chit(&c, 0, "")
}
