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
}

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

// Line is one dish of an order, with everything about it as it was when it was ordered.
type Line struct {
	Item        string         `json:"item"`
	Variant     string         `json:"variant,omitempty"`
	Name        Words          `json:"name"`
	VariantName Words          `json:"variant_name,omitempty"`
	KitchenName string         `json:"kitchen_name"`
	Quantity    int            `json:"quantity"`
	Unit        int64          `json:"unit" doc:"Price of one with its modifiers, minor units"`
	Gross       int64          `json:"gross" doc:"unit × quantity, minor units"`
	Modifiers   []LineModifier `json:"modifiers,omitempty"`
	Tax         string         `json:"tax"`
	Rate        Rate           `json:"rate"`
	OnTop       bool           `json:"on_top,omitempty"`
	Stations    []string       `json:"stations"`
	Course      int            `json:"course,omitempty"`
	Allergens   []Allergen     `json:"allergens,omitempty"`
	Note        string         `json:"note,omitempty"`
	// Cancelled is how many of Quantity were taken off again; they are not paid.
	Cancelled int `json:"cancelled,omitempty"`
}

// LineModifier is a change to a line as it was when it was ordered.
type LineModifier struct {
	ID          string `json:"id"`
	Name        Words  `json:"name"`
	KitchenName string `json:"kitchen_name"`
	Removal     bool   `json:"removal,omitempty"`
	Quantity    int    `json:"quantity"`
	Price       int64  `json:"price" doc:"What all of it adds to one unit, minor units"`
}

// Totals is what an order or a bill comes to.
type Totals struct {
	Currency string      `json:"currency"`
	Gross    int64       `json:"gross" doc:"What the guest pays, minor units"`
	Tax      int64       `json:"tax" doc:"The tax in it, minor units"`
	Rates    []TaxBucket `json:"rates,omitempty"`
}

// TaxBucket is the part of a total that is taxed at one rate. Net + Tax = Gross.
type TaxBucket struct {
	Rate  Rate  `json:"rate"`
	OnTop bool  `json:"on_top,omitempty"`
	Net   int64 `json:"net"`
	Tax   int64 `json:"tax"`
	Gross int64 `json:"gross"`
}

// Difference is something on the menu that is not as the guest saw it. It is to be confirmed, not an error.
type Difference struct {
	Line int            `json:"line" doc:"Index into the lines sent"`
	Kind DifferenceKind `json:"kind"`
	Item string         `json:"item"`
	Name Words          `json:"name,omitempty"`
	// Was and Now are unit prices in minor units, for a changed price.
	Was int64 `json:"was,omitempty"`
	Now int64 `json:"now,omitempty"`
	// Left is how many can still be had, for kind "few_left".
	Left int `json:"left,omitempty"`
}

// DifferenceKind says what differs.
type DifferenceKind string

// The kinds of differences.
const (
	DifferencePrice   DifferenceKind = "price_changed"
	DifferenceSoldOut DifferenceKind = "sold_out"
	DifferenceFewLeft DifferenceKind = "few_left"
	DifferenceGone    DifferenceKind = "gone"
	DifferenceOptions DifferenceKind = "options_changed"
	DifferenceClosed  DifferenceKind = "not_now"
)
