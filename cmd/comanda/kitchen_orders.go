package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// order tells of an order that waits for staff or can go out; at the pass of every change of one that is not over.
func (b *board) order(o *live.KitchenOrder) {
	old, known := b.orders[o.ID]
	switch o.State {
	case edge.OrderStateReceived, edge.OrderStateAccepted, edge.OrderStatePreparing, edge.OrderStateReady:
		b.orders[o.ID] = *o
	default:
		delete(b.orders, o.ID)
	}
	head := fmt.Sprintf("order %s, table %s", plain(o.Number), plain(o.Table))
	switch {
	case o.State == edge.OrderStateReceived && !known:
		b.printf("%s WAITS FOR STAFF: %s\n", head, summary(o))
	case o.State == edge.OrderStateReceived && old.Escalated.IsZero() && !o.Escalated.IsZero():
		b.printf("%s has waited for staff too long\n", head)
	case o.State == edge.OrderStateReady && old.State != edge.OrderStateReady:
		b.printf("%s is READY\n", head)
	case known && old.State != o.State && o.State != edge.OrderStateReceived:
		b.printf("%s is %s\n", head, plain(string(o.State)))
	}
	if b.expo && (o.State == edge.OrderStateAccepted || o.State == edge.OrderStatePreparing) {
		if text := b.parts(o); text != "" && (!known || old.Waiting != o.Waiting || old.State != o.State) {
			b.printf("%s: %s\n", head, text)
		}
	}
}

func summary(o *live.KitchenOrder) string {
	var lines []string
	for _, l := range o.Lines {
		lines = append(lines, fmt.Sprintf("%d %s", l.Quantity, plain(l.Name)))
	}
	if len(o.Allergies) > 0 {
		var what []string
		for _, a := range o.Allergies {
			what = append(what, plain(string(a)))
		}
		lines = append(lines, "!! ALLERGY: "+strings.Join(what, ", "))
	}
	if o.Note != "" {
		lines = append(lines, "note: "+plain(o.Note))
	}
	return strings.Join(lines, ", ")
}

// parts says how each station stands with an order, as the pass needs it: "grill done, bar 1 of 2".
func (b *board) parts(o *live.KitchenOrder) string {
	var tickets []edge.Ticket
	for _, id := range o.Tickets {
		if t, ok := b.tickets[id]; ok && t.Kind == edge.TicketFood {
			tickets = append(tickets, t)
		}
	}
	slices.SortStableFunc(tickets, func(a, b edge.Ticket) int { return cmp.Compare(a.Station, b.Station) })
	var parts []string
	for i := range tickets {
		parts = append(parts, plain(tickets[i].Station)+" "+standing(&tickets[i]))
	}
	return strings.Join(parts, ", ")
}

func standing(t *edge.Ticket) string {
	if !t.State.Open() || t.State == edge.TicketStateHeld {
		return string(t.State)
	}
	done, all := 0, 0
	for _, item := range t.Items {
		done, all = done+item.Done, all+item.Quantity-item.Cancelled
	}
	return fmt.Sprintf("%d of %d", done, all)
}

// stock says what is sold out, there again, or counted down.
func (b *board) stock(s edge.Stock) string {
	what := plain(cmp.Or(b.names[s.Key], s.Key))
	switch {
	case s.SoldOut:
		return "SOLD OUT: " + what
	case s.Left != nil:
		return fmt.Sprintf("%s: %d left", what, *s.Left)
	default:
		return "there again: " + what
	}
}

// How late a ticket is at its station.
const (
	inTime = iota
	slow
	late
)

func (b *board) lateness(t *edge.Ticket) int {
	if t.Kind != edge.TicketFood || (t.State != edge.TicketStateNew && t.State != edge.TicketStateStarted) {
		return inTime
	}
	at := slices.IndexFunc(b.stations, func(s edge.Station) bool { return s.ID == t.Station })
	if at < 0 {
		return inTime
	}
	warn, limit := b.stations[at].WarnAfter, b.stations[at].LateAfter
	if away := b.stations[at].TakeAway; away != nil && t.Dining == edge.TakeAway {
		warn, limit = away.WarnAfter, away.LateAfter
	}
	seconds := int(b.age(t).Seconds())
	switch {
	case limit > 0 && seconds >= limit:
		return late
	case warn > 0 && seconds >= warn:
		return slow
	default:
		return inTime
	}
}

// clock tells of tickets that have become slow or late since they were last spoken of, the oldest first.
func (b *board) clock() {
	open := slices.Collect(maps.Values(b.tickets))
	slices.SortFunc(open, func(x, y edge.Ticket) int {
		return cmp.Or(x.Since().Compare(y.Since()), cmp.Compare(x.ID, y.ID))
	})
	for i := range open {
		t := &open[i]
		if how := b.lateness(t); how > b.warned[t.ID] {
			b.warned[t.ID] = how
			b.printf("%s %s: %s\n", name(t), map[int]string{slow: "waits", late: "is LATE"}[how], ago(b.age(t)))
		}
	}
}
