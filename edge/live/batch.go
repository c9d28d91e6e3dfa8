package live

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Batch is what one commit changed for kitchen screens, each thing once in its newest state. It is never changed
// and shared by all screens.
type Batch struct {
	seq     int64
	tickets []edge.Ticket
	orders  []KitchenOrder
	stock   []edge.Stock
	paces   []edge.Pace
	menu    bool
	now     func() time.Time
	logger  *slog.Logger
	weight  int // as weighed by the ring

	mu     sync.Mutex
	frames map[string][]byte // by stations
}

// Seq is the newest record of the batch.
func (b *Batch) Seq() int64 { return b.seq }

// Menu reports whether the commit published a menu.
func (b *Batch) Menu() bool { return b.menu }

// batch works the events into the state and gathers what screens must be told. h.mu is held.
func (h *Hub) batch(events []edge.Event) *Batch {
	b := &Batch{seq: events[len(events)-1].Seq, now: h.now, logger: h.logger}
	var orders []*edge.Order
	for i := range events {
		switch doc := events[i].Doc.(type) {
		case *edge.Ticket:
			b.tickets = newest(b.tickets, *doc, func(t edge.Ticket) edge.ID { return t.ID })
		case *edge.Order:
			orders = newest(orders, doc, func(o *edge.Order) edge.ID { return o.ID })
		case *edge.Stock:
			b.stock = newest(b.stock, *doc, func(s edge.Stock) string { return s.Key })
		case *edge.Pace:
			b.paces = newest(b.paces, *doc, func(p edge.Pace) string { return p.Channel })
		case *edge.Menu:
			h.menu, b.menu = doc, true
		default:
		}
	}
	for i := range b.tickets {
		h.keepTicket(b.tickets[i])
	}
	for _, o := range orders {
		h.keepOrder(b, o)
	}
	for i := range b.tickets {
		h.recount(b, &b.tickets[i])
	}
	for _, s := range b.stock {
		h.stock[s.Key] = s
	}
	for _, p := range b.paces {
		h.paces[p.Channel] = p
	}
	if b.menu || len(b.stock) > 0 {
		h.stockSeq = b.seq
	}
	return b
}

// newest appends v, or puts it in the place of the one with its key. Batches are short: looking through them is
// cheaper than a map.
func newest[T any, K comparable](list []T, v T, key func(T) K) []T {
	for i := range list {
		if key(list[i]) == key(v) {
			list[i] = v
			return list
		}
	}
	return append(list, v)
}

// keepTicket files a ticket under what it is now. h.mu is held.
func (h *Hub) keepTicket(t edge.Ticket) {
	delete(h.tickets, t.ID)
	h.done = slices.DeleteFunc(h.done, func(d edge.Ticket) bool { return d.ID == t.ID })
	switch {
	case t.State.Open():
		h.tickets[t.ID] = &t
	case t.State == edge.TicketStateDone:
		h.done = append(h.done, t)
		if len(h.done) > doneKept {
			h.done = slices.Delete(h.done, 0, len(h.done)-doneKept)
		}
	default:
	}
}

// keepOrder files an order and tells screens, if they list it or did until now. h.mu is held.
func (h *Hub) keepOrder(b *Batch, o *edge.Order) {
	before := h.orders[o.ID]
	order := summarise(o)
	if o.State.Over() {
		delete(h.orders, o.ID)
	} else {
		h.orders[o.ID] = order
	}
	order.listed = order.listed || before.listed
	b.orders = append(b.orders, order)
}

// recount brings up to date which tickets an order has and how many of them wait, when one of them changed: not every
// change to a ticket is told of its order too. h.mu is held.
func (h *Hub) recount(b *Batch, t *edge.Ticket) {
	order, ok := h.orders[t.Order]
	if !ok || t.Kind != edge.TicketFood {
		return
	}
	tickets, waiting := order.Tickets, 0
	if !slices.Contains(tickets, t.ID) {
		tickets = append(slices.Clip(tickets), t.ID)
	}
	for _, id := range tickets {
		if _, open := h.tickets[id]; open {
			waiting++
		}
	}
	if waiting == order.Waiting && len(tickets) == len(order.Tickets) {
		return
	}
	order.Tickets, order.Waiting = tickets, waiting
	h.orders[t.Order] = order
	for i := range b.orders {
		order.listed = order.listed || (b.orders[i].ID == order.ID && b.orders[i].listed)
	}
	b.orders = newest(b.orders, order, func(o KitchenOrder) edge.ID { return o.ID })
}

// frame is the batch as a KitchenChange for a screen of the stations, nil when nothing in it is for them. It is
// encoded once for all screens of the same stations.
func (b *Batch) frame(stations Stations) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if frame, ok := b.frames[stations.name]; ok {
		return frame
	}
	frame, err := b.encode(stations)
	if err != nil {
		b.logger.Error("encode frame", slog.Int64("seq", b.seq), slog.Any("error", err))
	}
	if b.frames == nil {
		b.frames = map[string][]byte{}
	}
	b.frames[stations.name] = frame
	return frame
}

func (b *Batch) encode(stations Stations) ([]byte, error) {
	tickets, orders := stations.only(b.tickets), stations.orders(b.orders)
	if len(tickets) == 0 && len(orders) == 0 && len(b.stock) == 0 && len(b.paces) == 0 && !b.menu {
		return nil, nil
	}
	frame, err := json.Marshal(KitchenChange{
		Type: "change", Seq: b.seq, Now: b.now(), Tickets: tickets, Orders: orders, Stock: b.stock, Paces: b.paces,
		Menu: b.menu,
	})
	if err != nil {
		return nil, fmt.Errorf("encode change %d: %w", b.seq, err)
	}
	return frame, nil
}

// Stations is what a screen shows: a set of stations, the zero value all of them, and, for an expo, every order.
type Stations struct {
	name string // by which sets are told apart: the sorted ids
	ids  []string
	expo bool
	// unattended: nobody looks.
	unattended bool
}

// Unattended is the set for a program that only listens: it does not count as a screen.
func (s Stations) Unattended() Stations {
	s.unattended = true
	return s
}

// Expo is the set for a screen where the parts of orders come together: it hears of every order that is not over.
func (s Stations) Expo() Stations {
	s.name, s.expo = s.name+"\x01", true
	return s
}

// orders gives the orders that screens of the set list.
func (s Stations) orders(orders []KitchenOrder) []KitchenOrder {
	if s.expo {
		return orders
	}
	var out []KitchenOrder
	for _, o := range orders {
		if o.listed {
			out = append(out, o)
		}
	}
	return out
}

// OnlyStations makes the set of the stations with the ids; none is all.
func OnlyStations(ids []string) Stations {
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	return Stations{name: strings.Join(sorted, "\x00"), ids: sorted}
}

// Has reports whether the station is in the set.
func (s Stations) Has(station string) bool { return len(s.ids) == 0 || slices.Contains(s.ids, station) }

// only gives the tickets of the stations.
func (s Stations) only(tickets []edge.Ticket) []edge.Ticket {
	if len(s.ids) == 0 {
		return tickets
	}
	var out []edge.Ticket
	for _, t := range tickets {
		if s.Has(t.Station) {
			out = append(out, t)
		}
	}
	return out
}

// ring keeps the last batches; it covers every change after from.
type ring struct {
	from    int64
	batches []*Batch // oldest first
	weight  int
}

func (r *ring) add(b *Batch) {
	b.weight = b.weigh()
	r.batches = append(r.batches, b)
	r.weight += b.weight
	for len(r.batches) > ringSize || (r.weight > ringWeight && len(r.batches) > 1) {
		r.drop()
	}
	r.forget()
}

// drop gives up the oldest batch.
func (r *ring) drop() {
	oldest := r.batches[0]
	r.from, r.weight = oldest.seq, r.weight-oldest.weight
	r.batches[0] = nil
	r.batches = r.batches[1:]
}

// forget drops the encoded frames of the batch that no screen can have in its queue any more; its documents stay
// for those who resume.
func (r *ring) forget() {
	if n := len(r.batches); n > queueSize {
		b := r.batches[n-queueSize-1]
		b.mu.Lock()
		b.frames = nil
		b.mu.Unlock()
	}
}

// after gives the batches with changes after seq, oldest first; ok is false when the ring does not reach back to
// seq.
func (r *ring) after(seq int64) (batches []*Batch, ok bool) {
	if seq < r.from {
		return nil, false
	}
	for i, b := range r.batches {
		if b.seq > seq {
			return slices.Clone(r.batches[i:]), true
		}
	}
	return nil, true
}

// weigh is about how many bytes the batch holds in memory: long orders come with long tickets.
func (b *Batch) weigh() int {
	const thing, row = 600, 200
	weight := thing
	for i := range b.tickets {
		weight += thing + len(b.tickets[i].Note) + len(b.tickets[i].AllergyNote)
		for _, item := range b.tickets[i].Items {
			weight += row + len(item.Name) + len(item.Note) + row*len(item.Modifiers)
		}
	}
	for i := range b.orders {
		weight += thing + len(b.orders[i].Note) + row/4*len(b.orders[i].Lines)
	}
	return weight + row*len(b.stock)
}
