package live

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// KitchenOrder is an order as kitchen screens need it: one that waits for staff or is ready to be served.
type KitchenOrder struct {
	ID        edge.ID           `json:"id"`
	Number    string            `json:"number"`
	Table     string            `json:"table"`
	Round     int               `json:"round"`
	State     edge.OrderState   `json:"state"`
	Dining    edge.DiningOption `json:"dining"`
	Channel   string            `json:"channel"`
	Presence  edge.Presence     `json:"presence"`
	Placed    time.Time         `json:"placed"`
	Escalated time.Time         `json:"escalated,omitzero" doc:"Since when it has been waiting too long for staff"`
	Ready     time.Time         `json:"ready,omitzero"`
	Lines     []KitchenLine     `json:"lines"`
	Note      string            `json:"note,omitempty"`
	Allergies []edge.Allergen   `json:"allergies,omitempty"`
	// AllergyNote stands with what staff decide about an order that waits.
	AllergyNote string `json:"allergy_note,omitempty"`

	Tickets  []edge.ID      `json:"tickets"`
	Waiting  int            `json:"waiting" doc:"How many of its tickets are not done yet"`
	Seat     int            `json:"seat,omitempty"`
	Held     []int          `json:"held_courses,omitempty" doc:"Courses that wait to be fired"`
	Expected *edge.Expected `json:"expected,omitempty" doc:"When the guest was told it may be ready"`
	Delayed  time.Time      `json:"delayed,omitzero" doc:"When the guest was told that it takes longer"`

	listed bool // screens that are no expo list it, or did
}

// KitchenLine is a line of an order in the kitchen's words.
type KitchenLine struct {
	Quantity int    `json:"quantity"`
	Name     string `json:"name"`
}

// Kitchen is what kitchen screens show, exact at Seq. Its slices are the caller's.
type Kitchen struct {
	Seq     int64
	Tickets []edge.Ticket  // open ones, oldest first
	Done    []edge.Ticket  // done ones, newest first, for recall
	Orders  []KitchenOrder // waiting for staff or ready, oldest first
	Stock   []edge.Stock   // by key
	Paces   []edge.Pace    // by channel
}

// KitchenChange is what one commit changed, on the wire of comanda.kitchen.v1. A ticket or order in it replaces
// the one with its id; one that is no longer open (or done, for tickets) is to be dropped.
type KitchenChange struct {
	Type    string         `json:"type" enum:"change"`
	Seq     int64          `json:"seq" doc:"The newest record it contains"`
	Now     time.Time      `json:"now"`
	Tickets []edge.Ticket  `json:"tickets,omitempty"`
	Orders  []KitchenOrder `json:"orders,omitempty"`
	Stock   []edge.Stock   `json:"stock,omitempty"`
	Paces   []edge.Pace    `json:"paces,omitempty"`
	Menu    bool           `json:"menu,omitempty" doc:"A new menu is out; a message of type menu follows"`
}

// Missed is everything that changed after From up to Seq, the newest state of each thing once.
type Missed struct {
	From, Seq int64
	Tickets   []edge.Ticket
	Orders    []KitchenOrder
	Stock     []edge.Stock
	Paces     []edge.Pace
	Menu      bool
}

// summarise makes the kitchen's view of an order. Cancelled units are left out.
func summarise(o *edge.Order) KitchenOrder {
	lines := make([]KitchenLine, 0, len(o.Lines))
	for _, l := range o.Lines {
		if n := l.Quantity - l.Cancelled; n > 0 {
			lines = append(lines, KitchenLine{Quantity: n, Name: l.KitchenName})
		}
	}
	tickets := o.Tickets
	if tickets == nil {
		tickets = []edge.ID{}
	}
	return KitchenOrder{
		ID: o.ID, Number: o.Number, Table: o.Table, Round: o.Round, State: o.State, Dining: o.Dining,
		Channel: o.Channel, Presence: o.Presence, Placed: o.Placed, Escalated: o.Escalated, Ready: o.Ready,
		Lines: lines, Note: o.Note, Allergies: o.Allergies, AllergyNote: o.AllergyNote, Tickets: tickets, Waiting: o.Waiting,
		Seat: o.Seat, Held: o.Held, Expected: o.Expected, Delayed: o.Delayed, listed: shown(o.State),
	}
}

// shown reports whether every kitchen screen lists an order in the state; an expo lists all that are not over.
func shown(state edge.OrderState) bool {
	return state == edge.OrderStateReceived || state == edge.OrderStateReady
}
