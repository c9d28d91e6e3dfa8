package client_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// mirror listens beside a screen and follows kitchen-protocol.md to the letter with code of its own. It writes down
// whatever a device must never say.
type mirror struct {
	stations []string
	expo     bool

	mu      sync.Mutex // guards all below
	faults  []string
	begun   bool // the first message of the line has come
	epoch   string
	seq     int64 // the newest seen in any message
	tickets map[edge.ID]edge.Ticket
	orders  map[edge.ID]live.KitchenOrder
	stock   map[string]edge.Stock

	snapshots, resumed int
}

// word is any message of the device, as far as a screen's state goes.
type word struct {
	Type    string              `json:"type"`
	From    int64               `json:"from"`
	Seq     int64               `json:"seq"`
	Epoch   string              `json:"epoch"`
	Tickets []edge.Ticket       `json:"tickets"`
	Done    []edge.Ticket       `json:"done"`
	Orders  []live.KitchenOrder `json:"orders"`
	Stock   []edge.Stock        `json:"stock"`
}

// heard is for [client.Screen.Heard].
func (m *mirror) heard(raw []byte) {
	var w word
	err := json.Unmarshal(raw, &w)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.fault("is no JSON: %v: %s", err, raw)
		return
	}
	opens := w.Type == "snapshot" || w.Type == "changes"
	if opens == m.begun {
		m.fault("%s comes when the line has begun: %t", w.Type, m.begun)
	}
	m.begun = true
	switch w.Type {
	case "snapshot":
		m.snapshot(w)
	case "changes":
		m.missed(w)
	case "change":
		if w.Seq <= m.seq {
			m.fault("change %d comes after %d was told", w.Seq, m.seq)
		}
		m.apply(w)
	case "tick":
		if w.Seq < m.seq {
			m.fault("tick %d comes after %d was told", w.Seq, m.seq)
		}
		m.apply(w)
	case "done":
		m.apply(w)
	default:
	}
}

// lost is for [client.Screen.Lost].
func (m *mirror) lost(error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begun = false
}

func (m *mirror) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

func (m *mirror) snapshot(w word) {
	m.snapshots++
	if w.Epoch == m.epoch && w.Seq < m.seq {
		m.fault("snapshot %d comes after %d was told in epoch %s", w.Seq, m.seq, w.Epoch)
	}
	m.epoch, m.seq = w.Epoch, w.Seq
	m.tickets, m.orders, m.stock = map[edge.ID]edge.Ticket{}, map[edge.ID]live.KitchenOrder{}, map[string]edge.Stock{}
	if !slices.IsSortedFunc(w.Tickets, oldestFirst) {
		m.fault("the snapshot's tickets are not oldest first")
	}
	for _, t := range w.Tickets {
		if !t.State.Open() {
			m.fault("the snapshot's open tickets have %s, which is %s", t.ID, t.State)
		}
	}
	for _, t := range w.Done {
		if t.State != edge.TicketStateDone {
			m.fault("the snapshot's done tickets have %s, which is %s", t.ID, t.State)
		}
	}
	w.Tickets = append(w.Tickets, w.Done...)
	m.once(w)
	m.apply(w)
}

func (m *mirror) missed(w word) {
	m.resumed++
	if w.From != m.seq || w.Epoch != m.epoch || w.Seq < w.From {
		m.fault("changes from %d to %d of %s come to a screen at %d of %s", w.From, w.Seq, w.Epoch, m.seq, m.epoch)
	}
	m.once(w)
	m.apply(w)
}

// once checks that each thing is told of once.
func (m *mirror) once(w word) {
	seen := map[string]bool{}
	note := func(id string) {
		if seen[id] {
			m.fault("%s tells of %s twice", w.Type, id)
		}
		seen[id] = true
	}
	for _, t := range w.Tickets {
		note("ticket " + string(t.ID))
	}
	for _, o := range w.Orders {
		note("order " + string(o.ID))
	}
	for _, s := range w.Stock {
		note("stock " + s.Key)
	}
}

func (m *mirror) apply(w word) {
	m.seq = max(m.seq, w.Seq)
	for _, t := range w.Tickets {
		if len(m.stations) > 0 && !slices.Contains(m.stations, t.Station) {
			m.fault("ticket %s of %s comes to %v", t.ID, t.Station, m.stations)
		}
		if delete(m.tickets, t.ID); t.State.Open() || t.State == edge.TicketStateDone {
			m.tickets[t.ID] = t
		}
	}
	for _, o := range w.Orders {
		if delete(m.orders, o.ID); listed(o.State, m.expo) {
			m.orders[o.ID] = o
		}
	}
	for _, s := range w.Stock {
		m.stock[s.Key] = s
	}
}

// listed reports whether a screen lists an order in the state.
func listed(state edge.OrderState, expo bool) bool {
	switch state {
	case edge.OrderStateReceived, edge.OrderStateReady:
		return true
	case edge.OrderStateAccepted, edge.OrderStatePreparing:
		return expo
	default:
		return false
	}
}

// trouble is what a device must not have said, "" when there is nothing.
func (m *mirror) trouble() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.faults, "\n")
}

// picture is what the screen shows: tickets of a kind oldest first, the states of orders, the stock.
func (m *mirror) picture() picture {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := picture{Orders: map[edge.ID]edge.OrderState{}, Stock: map[string]edge.Stock{}}
	for _, t := range m.tickets {
		if t.State.Open() {
			p.Open = append(p.Open, t)
		} else {
			p.Done = append(p.Done, t)
		}
	}
	slices.SortFunc(p.Open, oldestFirst)
	slices.SortFunc(p.Done, oldestFirst)
	for _, o := range m.orders {
		p.Orders[o.ID] = o.State
	}
	for _, s := range m.stock {
		p.Stock[s.Key] = s
	}
	return p
}

// picture is what a screen should show, or does.
type picture struct {
	Open, Done []edge.Ticket
	Orders     map[edge.ID]edge.OrderState
	Stock      map[string]edge.Stock
}

func oldestFirst(a, b edge.Ticket) int {
	if c := a.Created.Compare(b.Created); c != 0 {
		return c
	}
	return strings.Compare(string(a.ID), string(b.ID))
}
