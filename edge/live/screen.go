package live

import (
	"slices"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Reason says why the hub ended something that watched.
type Reason uint8

// The reasons.
const (
	Gone     Reason = iota // nobody ended it, or its owner did
	Slow                   // its queue was full
	Removed                // its device lost its key
	Shutdown               // the hub is closing
)

// Screen is one kitchen screen that hears every change, in order, until it is closed or falls behind. It has one
// reader.
type Screen struct {
	hub      *Hub
	device   edge.ID
	stations Stations
	queue    chan *Batch
	ended
}

// ended tells a watcher, once, that there is nothing more to hear.
type ended struct {
	once   sync.Once
	done   chan struct{}
	reason Reason
}

func (e *ended) end(r Reason) { e.once.Do(func() { e.reason = r; close(e.done) }) }

// Done is closed when the watcher has been ended; [ended.Reason] then says why.
func (e *ended) Done() <-chan struct{} { return e.done }

// Reason says why it was ended. It is valid after Done is closed.
func (e *ended) Reason() Reason { return e.reason }

// Opening is what a screen gets first: one of the two.
type Opening struct {
	Snapshot *Kitchen // everything
	Missed   *Missed  // what changed since the seq it had
}

// Kitchen adds a screen of the stations. With a since of this epoch that the ring still reaches it is told what it
// missed, else everything; every later change then comes through [Screen.Next], without a gap and without a
// repeat. The caller must call Close.
func (h *Hub) Kitchen(device edge.ID, stations Stations, since int64, epoch string) (*Screen, Opening) {
	s := &Screen{
		hub: h, device: device, stations: stations, queue: make(chan *Batch, queueSize),
		ended: ended{done: make(chan struct{})},
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		s.end(Shutdown)
	}
	h.screens[s] = struct{}{}
	if since > 0 && since <= h.seq && (epoch == "" || epoch == h.epoch) {
		if batches, ok := h.ring.after(since); ok {
			return s, Opening{Missed: missed(batches, stations, since, h.seq)}
		}
	}
	return s, Opening{Snapshot: h.snapshot(stations)}
}

// Batches is the queue of changes.
func (s *Screen) Batches() <-chan *Batch { return s.queue }

// Frame is a change as the text of a KitchenChange for this screen, nil when nothing in it is for its stations.
// The bytes are shared and must not be changed.
func (s *Screen) Frame(b *Batch) []byte { return b.frame(s.stations) }

// Close takes the screen from the hub.
func (s *Screen) Close() {
	s.hub.mu.Lock()
	delete(s.hub.screens, s)
	s.hub.mu.Unlock()
	s.end(Gone)
}

// offer queues a change, or cuts the screen off when it is too far behind. What comes after a change that found no room
// is not queued either: a screen resumes from the newest change it was told of.
func (s *Screen) offer(b *Batch) {
	select {
	case <-s.done:
		return
	default:
	}
	select {
	case s.queue <- b:
	default:
		s.end(Slow)
	}
}

// snapshot copies what a screen of the stations shows. h.mu is held.
func (h *Hub) snapshot(stations Stations) *Kitchen {
	var open []*edge.Ticket // sorted before they are copied: a ticket is long
	k := &Kitchen{
		Seq: h.seq, Done: []edge.Ticket{}, Orders: []KitchenOrder{}, Stock: h.stockList(),
		Paces: h.paceList(),
	}
	for _, t := range h.tickets {
		if stations.Has(t.Station) {
			open = append(open, t)
		}
	}
	for _, t := range slices.Backward(h.done) {
		if stations.Has(t.Station) && (len(k.Done) < doneShown || stations.expo) {
			k.Done = append(k.Done, t)
		}
	}
	for _, o := range h.orders {
		if o.listed || stations.expo {
			k.Orders = append(k.Orders, o)
		}
	}
	slices.SortFunc(open, func(a, b *edge.Ticket) int { return byTime(a.Created, b.Created, a.ID, b.ID) })
	k.Tickets = make([]edge.Ticket, len(open))
	for i, t := range open {
		k.Tickets[i] = *t
	}
	slices.SortFunc(k.Orders, func(a, b KitchenOrder) int { return byTime(a.Placed, b.Placed, a.ID, b.ID) })
	return k
}

func byTime(a, b time.Time, idA, idB edge.ID) int {
	if c := a.Compare(b); c != 0 {
		return c
	}
	if idA < idB {
		return -1
	}
	return 1
}

// missed merges batches: each thing once, in its newest state.
func missed(batches []*Batch, stations Stations, from, seq int64) *Missed {
	m := &Missed{From: from, Seq: seq, Tickets: []edge.Ticket{}, Orders: []KitchenOrder{}, Stock: []edge.Stock{}}
	tickets, orders, stock, paces := map[edge.ID]int{}, map[edge.ID]int{}, map[string]int{}, map[string]int{}
	for _, b := range batches {
		for _, t := range stations.only(b.tickets) {
			m.Tickets = merge(m.Tickets, tickets, t.ID, t)
		}
		for _, o := range stations.orders(b.orders) {
			m.Orders = merge(m.Orders, orders, o.ID, o)
		}
		for _, s := range b.stock {
			m.Stock = merge(m.Stock, stock, s.Key, s)
		}
		for _, p := range b.paces {
			m.Paces = merge(m.Paces, paces, p.Channel, p)
		}
		m.Menu = m.Menu || b.menu
	}
	return m
}

func merge[T any, K comparable](list []T, index map[K]int, key K, v T) []T {
	if i, ok := index[key]; ok {
		list[i] = v
		return list
	}
	index[key] = len(list)
	return append(list, v)
}
