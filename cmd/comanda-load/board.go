package main

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// board is what a screen shows: open tickets and the orders that want staff. For every record at which it changed it
// keeps a digest of all of that, so that two screens can be compared at each record both have seen.
type board struct {
	seq     int64
	tickets map[edge.ID]edge.Ticket
	orders  map[edge.ID]live.KitchenOrder
	most    int // the most open tickets at once
	sum     uint64
	digests map[int64]uint64 // by record; nil keeps none
}

func newBoard() board {
	return board{tickets: map[edge.ID]edge.Ticket{}, orders: map[edge.ID]live.KitchenOrder{}, digests: map[int64]uint64{}}
}

// clear forgets everything shown, not the digests.
func (b *board) clear() {
	clear(b.tickets)
	clear(b.orders)
	b.sum = 0
}

// put works a change in. The digest is a sum over what is shown, so a change costs no more than what it changes.
func (b *board) put(m message) {
	for _, t := range m.Tickets {
		if old, ok := b.tickets[t.ID]; ok {
			b.sum ^= ticketDigest(old)
			delete(b.tickets, t.ID)
		}
		if t.State.Open() {
			b.tickets[t.ID] = t
			b.sum ^= ticketDigest(t)
		}
	}
	for _, o := range m.Orders {
		if old, ok := b.orders[o.ID]; ok {
			b.sum ^= orderDigest(old)
			delete(b.orders, o.ID)
		}
		if o.State == edge.OrderStateReady || o.State == edge.OrderStateReceived {
			b.orders[o.ID] = o
			b.sum ^= orderDigest(o)
		}
	}
	b.most = max(b.most, len(b.tickets))
	b.seq = max(b.seq, m.Seq)
	b.digests[m.Seq] = b.sum
}

func ticketDigest(t edge.Ticket) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, "ticket ", t.ID, t.State)
	for _, i := range t.Items {
		fmt.Fprint(h, " ", i.Name, i.Quantity, i.Done, i.Cancelled)
	}
	return h.Sum64()
}

func orderDigest(o live.KitchenOrder) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, "order ", o.ID, o.State)
	return h.Sum64()
}

// open are the open tickets, oldest first.
func (s *screen) open() []edge.Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := make([]edge.Ticket, 0, len(s.tickets))
	for _, t := range s.tickets {
		open = append(open, t)
	}
	slices.SortFunc(open, func(a, b edge.Ticket) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return open
}

// ready are the orders that are to be served.
func (s *screen) ready() []live.KitchenOrder {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ready []live.KitchenOrder
	for _, o := range s.orders {
		if o.State == edge.OrderStateReady {
			ready = append(ready, o)
		}
	}
	return ready
}

// isReady reports whether the screen shows the order as one to be served.
func (s *screen) isReady(order edge.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders[order].State == edge.OrderStateReady
}

// queue is the most tickets the screen had to show at once.
func (s *screen) queue() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

// agree compares two screens of the same stations: at how many records both told what they showed, and at how many
// of them they differ.
func (s *screen) agree(other *screen) (compared, different int) {
	s.mu.Lock()
	mine := maps.Clone(s.digests)
	s.mu.Unlock()
	other.mu.Lock()
	defer other.mu.Unlock()
	for seq, sum := range other.digests {
		if has, ok := mine[seq]; ok {
			compared++
			if has != sum {
				different++
			}
		}
	}
	return compared, different
}

// changed counts the records at which what the screen shows was told.
func (s *screen) changed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.digests)
}
