package edge

import "time"

// Session is a party's time at a table, from the first tap to the moment the table is free again.
type Session struct {
	ID      ID           `json:"id"`
	TableID ID           `json:"table_id"`
	Table   string       `json:"table" doc:"The table's name when the session opened"`
	Kind    TableKind    `json:"kind,omitempty" doc:"Of the table"`
	Day     BusinessDay  `json:"business_day"`
	State   SessionState `json:"state"`
	// Presence is the best any tap of the session proved.
	Presence Presence  `json:"presence"`
	Opened   time.Time `json:"opened"`
	Active   time.Time `json:"active" doc:"When something was last done"`
	Closed   time.Time `json:"closed,omitzero"`
	Reason   string    `json:"reason,omitempty" doc:"Why it was closed"`
	Rounds   int       `json:"rounds" doc:"How many orders were placed"`
	Help     []Help    `json:"help,omitempty" doc:"What guests asked for and nobody has brought yet"`
	Locked   bool      `json:"locked,omitempty"`
	Paid     []Tender  `json:"paid,omitempty"`
}

// SessionState is where a session stands.
type SessionState string

// The states of a session: open → (bill requested →) closed | abandoned.
const (
	SessionOpen        SessionState = "open"
	SessionBill        SessionState = "bill_requested"
	SessionStateClosed SessionState = "closed"
	SessionAbandoned   SessionState = "abandoned"
)

// Over reports whether the session has ended for good.
func (s SessionState) Over() bool { return s == SessionStateClosed || s == SessionAbandoned }

// Help is something a guest asked for besides food.
type Help struct {
	What  HelpKind  `json:"what"`
	Guest ID        `json:"guest"`
	At    time.Time `json:"at"`
}

// HelpKind is what a guest may ask for with one button.
type HelpKind string

// The kinds of help.
const (
	HelpStaff   HelpKind = "staff"
	HelpWater   HelpKind = "water"
	HelpCutlery HelpKind = "cutlery"
	HelpBill    HelpKind = "bill"
)

// Guest is one device at a table: a person's phone. No name, number or birthday is asked for.
type Guest struct {
	ID      ID     `json:"id"`
	Session ID     `json:"session"`
	Number  int    `json:"number" doc:"1, 2, 3… in the order they joined"`
	KeyHash string `json:"-"`
	// Language is what the guest reads, one of the venue's languages.
	Language string `json:"language"`
	// Presence was proved at PresenceAt.
	Presence   Presence  `json:"presence"`
	PresenceAt time.Time `json:"presence_at"`
	// Confirmed: staff have accepted an order of this guest.
	Confirmed bool `json:"confirmed,omitempty"`
	// Channel and Address are where the guest can be told something: "telegram" and a chat. Both are empty for a
	// guest on the web page. Name is what the messenger calls the person; it is shown to staff only.
	Channel string    `json:"channel,omitempty"`
	Address string    `json:"address,omitempty"`
	Joined  time.Time `json:"joined"`
}

// Tender is a payment taken by staff at the table.
type Tender struct {
	ID     ID         `json:"id"`
	Kind   TenderKind `json:"kind"`
	Amount Money      `json:"amount"`
	At     time.Time  `json:"at"`
	By     Actor      `json:"by"`
}

// TenderKind is how it was paid.
type TenderKind string

// The kinds of tenders staff record by hand.
const (
	TenderCash TenderKind = "cash"
	TenderCard TenderKind = "card"
)
