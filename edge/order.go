package edge

import "time"

// Order is one submission ("round") by one guest. Once accepted it is never edited: what happens later is told in
// further records.
type Order struct {
	ID      ID           `json:"id"`
	Session ID           `json:"session"`
	Guest   ID           `json:"guest"`
	TableID ID           `json:"table_id"`
	Table   string       `json:"table"`
	Day     BusinessDay  `json:"business_day"`
	Number  string       `json:"number" doc:"What is called out; restarts with the business day"`
	Seat    int          `json:"seat,omitempty" doc:"The guest's number at the table; none at a counter"`
	Round   int          `json:"round" doc:"1 for the session's first order"`
	State   OrderState   `json:"state"`
	Channel string       `json:"channel" doc:"Where it came from: web, telegram…"`
	Dining  DiningOption `json:"dining"`
	// Presence is the guest's when the order was placed.
	Presence    Presence   `json:"presence"`
	Menu        int64      `json:"menu_version"`
	Lines       []Line     `json:"lines"`
	Note        string     `json:"note,omitempty"`
	Allergies   []Allergen `json:"allergies,omitempty" doc:"Declared by the guest"`
	AllergyNote string     `json:"allergy_note,omitempty"`
	Totals      Totals     `json:"totals"`
	Placed      time.Time  `json:"placed"`
	Escalated   time.Time  `json:"escalated,omitzero"`
	Accepted    time.Time  `json:"accepted,omitzero"`
	Started     time.Time  `json:"started,omitzero"`
	Ready       time.Time  `json:"ready,omitzero"`
	Ended       time.Time  `json:"ended,omitzero" doc:"When it was served, rejected or cancelled"`
	Reason      string     `json:"reason,omitempty" doc:"Why it was rejected or cancelled"`
	Tickets     []ID       `json:"tickets,omitempty"`
	// Waiting counts the tickets that are not done yet.
	Waiting int `json:"waiting"`
	// Held lists the courses that wait for somebody, or for the course before, to fire them, in order.
	Held []int `json:"held_courses,omitempty"`
	// Expected is when guests were told it may be ready, Delayed when they were told that it takes longer.
	Expected *Expected `json:"expected,omitempty"`
	Delayed  time.Time `json:"delayed,omitzero"`
}

// Expected is a range of time, never a promise.
type Expected struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Sold reports whether the kitchen took the order and it was not cancelled since: it counts as a sale of its day.
func (o *Order) Sold() bool { return !o.Accepted.IsZero() && o.State != OrderStateCancelled }

// OrderState is where an order stands.
type OrderState string

// The states of an order. received waits for staff; accepted is in the kitchen's hands.
const (
	OrderStateReceived  OrderState = "received"
	OrderStateAccepted  OrderState = "accepted"
	OrderStatePreparing OrderState = "preparing"
	OrderStateReady     OrderState = "ready"
	OrderStateCompleted OrderState = "completed"
	OrderStateRejected  OrderState = "rejected"
	OrderStateCancelled OrderState = "cancelled"
)

// Over reports whether nothing more will happen to the order.
func (s OrderState) Over() bool {
	return s == OrderStateCompleted || s == OrderStateRejected || s == OrderStateCancelled
}

// DiningOption is where the food is eaten; it can change the tax.
type DiningOption string

// The dining options.
const (
	EatIn    DiningOption = "eat_in"
	TakeAway DiningOption = "take_away"
)
