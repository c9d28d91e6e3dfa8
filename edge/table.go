package edge

import "time"

// Table is a place guests order from.
type Table struct {
	ID      ID        `json:"id"`
	Name    string    `json:"name" doc:"What people call it: 7, Bar 2, Terrace 4"`
	Kind    TableKind `json:"kind"`
	Section string    `json:"section,omitempty" doc:"The room or waiter's section it belongs to"`
	Seats   int       `json:"seats,omitempty"`
	Sort    int       `json:"sort"`
	Locked  bool      `json:"locked,omitempty" doc:"Staff have stopped ordering at this table"`
	Retired bool      `json:"retired,omitempty"`
}

// TableKind says how guests share the place.
type TableKind string

// The kinds of places.
const (
	// KindTable: all who sit there share one session.
	KindTable TableKind = "table"
	// KindCounter: everybody has a session of their own and picks up by number.
	KindCounter TableKind = "counter"
)

// Token is what a tag or a printed code holds: an opaque word of [A-Za-z0-9_-] that names a table, unguessable.
type Token struct {
	Token   string    `json:"token"`
	TableID ID        `json:"table_id"`
	Medium  Medium    `json:"medium"`
	Issued  time.Time `json:"issued"`
	Retired bool      `json:"retired,omitempty"`
}

// Medium is where a token is written down.
type Medium string

// The media of tokens.
const (
	MediumQR  Medium = "qr"
	MediumNFC Medium = "nfc"
)
