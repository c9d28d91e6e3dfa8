package api

import (
	"sync"

	"github.com/gorilla/websocket"
)

// Bounds of open sockets. Guests' phones and the house's own screens are bounded apart, and a socket takes a place only
// after its hello was understood: nobody without a key can keep a screen away.
const (
	maxGuestSockets = 400
	maxHouseSockets = 256
	// Strangers have not said hello yet; they have helloLimit for it.
	maxStrangers           = 256
	maxStrangersPerAddress = 32
)

// seats counts the open sockets.
type seats struct {
	mu        sync.Mutex
	strangers map[string]int // per address, guarded by mu
	waiting   int            // all strangers, guarded by mu
	taken     map[*int]int   // per kind of place, guarded by mu
}

func newSeats() *seats { return &seats{strangers: map[string]int{}, taken: map[*int]int{}} }

// seat is one socket's place: first among the strangers, then among those it belongs to.
type seat struct {
	of      *seats
	address string
	limit   *int // of its kind of place
	known   bool
}

// come lets a stranger wait for its hello; it is nil when too many wait.
func (s *seats) come(address string, limit *int) *seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting >= maxStrangers || s.strangers[address] >= maxStrangersPerAddress {
		return nil
	}
	s.waiting++
	s.strangers[address]++
	return &seat{of: s, address: address, limit: limit}
}

// take gives the socket its place after its hello, or says how to close.
func (p *seat) take() error {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if p.of.taken[p.limit] >= *p.limit {
		return &closing{websocket.CloseTryAgainLater, "too many screens"}
	}
	p.of.taken[p.limit]++
	p.depart()
	p.known = true
	return nil
}

// leave gives the place back.
func (p *seat) leave() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if p.known {
		p.of.taken[p.limit]--
		return
	}
	p.depart()
}

// depart takes the socket off the strangers; mu is held.
func (p *seat) depart() {
	p.of.waiting--
	if p.of.strangers[p.address]--; p.of.strangers[p.address] == 0 {
		delete(p.of.strangers, p.address)
	}
}
