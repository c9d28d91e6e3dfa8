package live

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Topics is a set of things that changed.
type Topics uint16

// The topics.
const (
	Sessions Topics = 1 << iota // sessions, orders, tickets
	Stocks
	Menus
	Tables
	Devices
	Flashes // a display of the table has something to flash
	States  // the health of the device
	People  // staff, their badges, and what waits for them
)

// Flash is a short answer on the displays of a table to a tap at the reader.
type Flash struct {
	Kind    string // ok, unknown, error
	TextKey string // which text to show
	Table   string // the table's name, if one was found
	Until   time.Time
	// Visit is a table whose code the displays show until VisitUntil in place of their own: guests whose tag was held
	// to the reader scan it there. It outlasts the answer itself.
	Visit      edge.ID
	VisitUntil time.Time
}

// over reports whether nothing of the flash is to be shown any more.
func (f Flash) over(now time.Time) bool { return !now.Before(f.Until) && !now.Before(f.VisitUntil) }

// Watch hears that something changed, not what: several changes are told as one, so nobody can fall behind. It has
// one reader.
type Watch struct {
	hub     *Hub
	device  edge.ID
	session edge.ID // only this session, "" for all
	table   edge.ID // only this table's flashes and changes, "" for all
	wanted  Topics
	wake    chan struct{} // of one: a second wake-up adds nothing
	ended

	mu     sync.Mutex
	topics Topics
	seq    int64
}

// WatchSession hears what concerns the guests of a session: it, its orders and tickets, stock and menu.
func (h *Hub) WatchSession(session edge.ID) *Watch {
	return h.watch(&Watch{session: session, wanted: Sessions | Stocks | Menus | Tables})
}

// WatchHouse hears everything, for the owner's device.
func (h *Hub) WatchHouse(device edge.ID) *Watch {
	return h.watch(&Watch{device: device, wanted: Sessions | Stocks | Menus | Tables | Devices | States | People})
}

// WatchTable hears what concerns a display of the table.
func (h *Hub) WatchTable(device, table edge.ID) *Watch {
	return h.watch(&Watch{device: device, table: table, wanted: Tables | Flashes})
}

func (h *Hub) watch(w *Watch) *Watch {
	w.hub, w.wake, w.done = h, make(chan struct{}, 1), make(chan struct{})
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		w.end(Shutdown)
	}
	h.watches[w] = struct{}{}
	return w
}

// Wake gives a value when there is something to [Watch.Take].
func (w *Watch) Wake() <-chan struct{} { return w.wake }

// Take is what changed since the last Take, and up to which record.
func (w *Watch) Take() (Topics, int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	topics := w.topics
	w.topics = 0
	return topics, w.seq
}

// Close takes the watch from the hub.
func (w *Watch) Close() {
	w.hub.mu.Lock()
	delete(w.hub.watches, w)
	w.hub.mu.Unlock()
	w.end(Gone)
}

// hear notes the events that concern the watch.
func (w *Watch) hear(events []edge.Event) {
	var topics Topics
	for i := range events {
		topics |= w.concern(&events[i])
	}
	w.note(topics, events[len(events)-1].Seq)
}

func (w *Watch) concern(e *edge.Event) Topics {
	topic := topicOf(e.Kind) & w.wanted
	if topic == Sessions && w.session != "" && e.Session != w.session {
		return 0
	}
	if topic == Tables && w.table != "" && e.Subject != w.table {
		return 0
	}
	return topic
}

func (w *Watch) note(topics Topics, seq int64) {
	if topics == 0 {
		return
	}
	w.mu.Lock()
	w.topics |= topics
	w.seq = max(w.seq, seq)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// topicOf sorts events by what the part before the dot names.
func topicOf(kind edge.EventKind) Topics {
	thing, _, _ := strings.Cut(string(kind), ".")
	switch thing {
	case "session", "order", "ticket":
		return Sessions
	case "stock":
		return Stocks
	case "menu":
		return Menus
	case "table", "token", "tag", "channel":
		return Tables
	case "device":
		return Devices
	case "person", "badge", "approval":
		return People
	default:
		return 0
	}
}

// Touch tells the owner's page that the health of the device changed.
func (h *Hub) Touch() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watches {
		w.note(States&w.wanted, h.seq)
	}
}

// Flash shows something on the displays of the tables; an empty table is every display that belongs to none.
func (h *Hub) Flash(flash Flash, tables ...edge.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, table := range tables {
		h.flashes[table] = flash
	}
	for w := range h.watches {
		if w.wanted&Flashes != 0 && slices.Contains(tables, w.table) {
			w.note(Flashes, h.seq)
		}
	}
}

// FlashOf is what the displays of a table flash at now.
func (h *Hub) FlashOf(table edge.ID, now time.Time) (Flash, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	flash, ok := h.flashes[table]
	if ok && flash.over(now) {
		delete(h.flashes, table)
		return Flash{}, false
	}
	return flash, ok
}
