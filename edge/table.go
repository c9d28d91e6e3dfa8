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

// Tag is a contactless thing known by its UID: a table's tag after it was written, a puck or a card that stands
// for a table. UIDs can be copied: a tag alone identifies, it never authorises beyond a seat at its table.
type Tag struct {
	UID      string    `json:"uid" doc:"Upper-case hex"`
	TableID  ID        `json:"table_id"`
	Kind     TagKind   `json:"kind"`
	Token    string    `json:"token,omitempty" doc:"The token written to it, if any"`
	Enrolled time.Time `json:"enrolled"`
	Retired  bool      `json:"retired,omitempty"`

	// Signs says that every tap of it proves itself (NTAG 424 DNA). KeyVersion and Counter are those of the newest tap
	// that was accepted.
	Signs      bool   `json:"signs,omitempty" doc:"Every tap of it proves itself"`
	KeyVersion byte   `json:"key_version,omitempty"`
	Counter    uint32 `json:"counter,omitempty" doc:"Of the newest tap that was accepted"`
	// Chip is what it is made of ("ntag213"), Protected that nobody without the house's keys can change it.
	Chip      string    `json:"chip,omitempty"`
	Protected bool      `json:"protected,omitempty" doc:"Nobody without the house's keys can change it"`
	Taps      int       `json:"taps,omitempty" doc:"How many taps were accepted"`
	Missed    int       `json:"missed,omitempty" doc:"How often it was read without anybody coming of it"`
	Replays   int       `json:"replays,omitempty" doc:"How often an old tap was brought again"`
	LastTap   time.Time `json:"last_tap,omitzero"`
	// LastReplay is when the owner was last told of an old tap.
	LastReplay time.Time `json:"last_replay,omitzero"`
	// LastAttempt and LastGuest are who brought the newest tap, so that a lost answer can be given again.
	LastAttempt string `json:"last_attempt,omitempty"`
	LastGuest   ID     `json:"last_guest,omitempty"`
}

// TagKind is what a tag is to the house.
type TagKind string

// The kinds of tags.
const (
	TagTable TagKind = "table"
	TagPuck  TagKind = "puck"
	TagCard  TagKind = "card"
)
