// Package live tells connected screens what just changed, in process and without asking the store.
//
// A [Hub] keeps what kitchen screens show at an exact seq, and a bounded ring of the last changes, so that a
// screen that was away for a while gets what it missed. Whoever is slow is cut off, never waited for.
package live

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

const (
	// ringSize is how many commits a screen may miss and still resume.
	ringSize = 2048
	// ringWeight bounds what they hold together, in bytes, when orders are long.
	ringWeight = 12 << 20
	// queueSize is how many commits a screen may lag behind before it is cut off.
	queueSize = 256
	// doneKept is how many done tickets are remembered for all stations together, doneShown how many a screen gets.
	doneKept, doneShown = 400, 50
	// doneSince is how far back done tickets are looked for at the start.
	doneSince = 24 * time.Hour
)

// Hub hears every commit and tells those who watch. Its methods may be called from any goroutine; none of them
// waits for a watcher.
type Hub struct {
	now    func() time.Time
	logger *slog.Logger
	epoch  string

	// mu guards everything below. It is held for moments only: never while encoding or sending.
	mu        sync.Mutex
	loaded    bool
	early     [][]edge.Event // published before the start state was there
	seq       int64
	tickets   map[edge.ID]*edge.Ticket // open ones; replaced, never changed
	done      []edge.Ticket            // oldest first
	orders    map[edge.ID]KitchenOrder
	stock     map[string]edge.Stock
	paces     map[string]edge.Pace
	stockSeq  int64
	menu      *edge.Menu
	ring      ring
	screens   map[*Screen]struct{}
	watches   map[*Watch]struct{}
	flashes   map[edge.ID]Flash
	listeners []func([]edge.Event)
	closed    bool
}

// New makes an empty hub. Register [Hub.Publish] with the store, then call [Hub.Load]; what is published in
// between is not lost. now is the clock of the messages.
func New(now func() time.Time, logger *slog.Logger) *Hub {
	return &Hub{
		now: now, logger: logger, epoch: rand.Text()[:12],
		tickets: map[edge.ID]*edge.Ticket{}, orders: map[edge.ID]KitchenOrder{}, stock: map[string]edge.Stock{},
		paces: map[string]edge.Pace{}, screens: map[*Screen]struct{}{}, watches: map[*Watch]struct{}{}, flashes: map[edge.ID]Flash{},
	}
}

// Load reads the start state.
func (h *Hub) Load(ctx context.Context, store edge.Store) error {
	return store.Read(ctx, func(v edge.View) error {
		start, err := h.read(v)
		if err != nil {
			return fmt.Errorf("load what screens show: %w", err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.seq, h.stockSeq, h.ring = start.seq, start.seq, ring{from: start.seq}
		h.tickets, h.done, h.orders, h.stock, h.menu = start.tickets, start.done, start.orders, start.stock, start.menu
		h.paces = start.paces
		h.loaded = true
		for _, events := range h.early {
			h.apply(events)
		}
		h.early = nil
		return nil
	})
}

type start struct {
	seq     int64
	tickets map[edge.ID]*edge.Ticket
	done    []edge.Ticket
	orders  map[edge.ID]KitchenOrder
	stock   map[string]edge.Stock
	paces   map[string]edge.Pace
	menu    *edge.Menu
}

func (h *Hub) read(v edge.View) (start, error) {
	s := start{
		tickets: map[edge.ID]*edge.Ticket{}, orders: map[edge.ID]KitchenOrder{}, stock: map[string]edge.Stock{},
		paces: map[string]edge.Pace{},
	}
	var err error
	if s.seq, err = v.Seq(); err != nil {
		return start{}, err
	}
	tickets, err := v.OpenTickets()
	if err != nil {
		return start{}, err
	}
	for i := range tickets {
		s.tickets[tickets[i].ID] = &tickets[i]
	}
	if s.done, err = v.DoneTickets(h.now().Add(-doneSince), doneKept); err != nil {
		return start{}, err
	}
	slices.Reverse(s.done)
	orders, err := v.OpenOrders()
	if err != nil {
		return start{}, err
	}
	for i := range orders {
		s.orders[orders[i].ID] = summarise(&orders[i])
	}
	stock, err := v.AllStock()
	if err != nil {
		return start{}, err
	}
	for _, k := range stock {
		s.stock[k.Key] = k
	}
	paces, err := v.Paces()
	if err != nil {
		return start{}, err
	}
	for _, p := range paces {
		s.paces[p.Channel] = p
	}
	if s.menu, err = v.CurrentMenu(); err != nil && !errors.Is(err, edge.ErrNotFound) {
		return start{}, err
	}
	return s, nil
}

// Listen calls f with the events of every commit from now on, in order, before anybody is told by the hub. f must
// not block.
func (h *Hub) Listen(f func([]edge.Event)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners = append(h.listeners, f)
}

// Publish takes over the events of a commit; they and their documents must not be changed afterwards. It never
// blocks.
func (h *Hub) Publish(events []edge.Event) {
	if len(events) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.listeners {
		f(events)
	}
	if !h.loaded {
		h.early = append(h.early, events)
		return
	}
	h.apply(events)
}

// apply brings the state up to the events and hands them to those who watch. h.mu is held.
func (h *Hub) apply(events []edge.Event) {
	if events[len(events)-1].Seq <= h.seq {
		return
	}
	for len(events) > 0 && events[0].Seq <= h.seq {
		events = events[1:]
	}
	if events[0].Seq != h.seq+1 {
		h.logger.Error("events are missing", slog.Int64("have", h.seq), slog.Int64("got", events[0].Seq))
		h.ring = ring{from: events[0].Seq - 1}
	}
	batch := h.batch(events)
	h.seq = batch.seq
	h.ring.add(batch)
	for s := range h.screens {
		s.offer(batch)
	}
	for w := range h.watches {
		w.hear(events)
	}
	h.dropRemoved(events)
}

// Close ends everything that watches, for a shutdown.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.screens {
		s.end(Shutdown)
	}
	for w := range h.watches {
		w.end(Shutdown)
	}
}

// dropRemoved cuts the sockets of devices that lost their key. h.mu is held.
func (h *Hub) dropRemoved(events []edge.Event) {
	for i := range events {
		device, ok := events[i].Doc.(*edge.Device)
		if !ok || !device.Removed {
			continue
		}
		for s := range h.screens {
			if s.device == device.ID {
				s.end(Removed)
			}
		}
		for w := range h.watches {
			if w.device == device.ID {
				w.end(Removed)
			}
		}
	}
}

// Seq is the newest record the hub knows of.
func (h *Hub) Seq() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq
}

// Epoch is a word that is different at every start. A seq is only good for resuming within one epoch: after a
// restore from a backup the same number may mean something else.
func (h *Hub) Epoch() string { return h.epoch }

// Menu is the current menu, nil before one was published. It is shared and must not be changed.
func (h *Hub) Menu() *edge.Menu {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.menu
}

// Stock is all stock records by key, as of [Hub.Seq]. The slice is the caller's and never nil.
func (h *Hub) Stock() []edge.Stock {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stockList()
}

// StockSeq is the record at which stock or menu last changed.
func (h *Hub) StockSeq() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stockSeq
}

// stockList sorts the stock by key. h.mu is held.
func (h *Hub) stockList() []edge.Stock {
	list := make([]edge.Stock, 0, len(h.stock))
	for _, s := range h.stock {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b edge.Stock) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// Paces are those of the channels that were ever slowed down or paused, by channel. The slice is the caller's.
func (h *Hub) Paces() []edge.Pace {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.paceList()
}

// paceList sorts the paces by channel. h.mu is held.
func (h *Hub) paceList() []edge.Pace {
	list := make([]edge.Pace, 0, len(h.paces))
	for _, p := range h.paces {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b edge.Pace) int { return strings.Compare(a.Channel, b.Channel) })
	return list
}

// Screens is how many kitchen screens are connected.
func (h *Hub) Screens() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.screens)
}

// Post is how a station stands at this moment.
type Post struct {
	Screens int // connected ones that show it
	Open    int // tickets to cook
	Held    int // tickets that wait to be fired
	Unseen  int // tickets of which it is known that no screen shows them
	Late    int // tickets over the station's age
}

// Posts is how the stations of the menu stand, by their ids, and those that are no longer on it but have tickets.
func (h *Hub) Posts() map[string]Post {
	h.mu.Lock()
	defer h.mu.Unlock()
	posts, now := map[string]Post{}, h.now()
	if h.menu != nil {
		for _, s := range h.menu.Stations {
			posts[s.ID] = Post{}
		}
	}
	for _, t := range h.tickets {
		post := posts[t.Station]
		post.count(t, h.lateAfter(t), now)
		posts[t.Station] = post
	}
	for id, post := range posts {
		for s := range h.screens {
			// The pass sees every ticket, but nobody cooks there.
			if !s.stations.expo && !s.stations.unattended && s.stations.Has(id) {
				post.Screens++
			}
		}
		posts[id] = post
	}
	return posts
}

func (p *Post) count(t *edge.Ticket, lateAfter time.Duration, now time.Time) {
	switch {
	case t.Kind != edge.TicketFood:
	case t.State == edge.TicketStateHeld:
		p.Held++
	default:
		p.Open++
		if lateAfter > 0 && now.Sub(t.Since()) >= lateAfter {
			p.Late++
		}
	}
	if !t.Unseen.IsZero() && t.Seen.IsZero() {
		p.Unseen++
	}
}

// lateAfter is the age at which the ticket is late at its station, 0 for never. h.mu is held.
func (h *Hub) lateAfter(t *edge.Ticket) time.Duration {
	if h.menu == nil {
		return 0
	}
	station, ok := h.menu.Station(t.Station)
	if !ok {
		return 0
	}
	return station.Late(t.Dining)
}
