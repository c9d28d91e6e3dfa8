package api

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Part is a piece of the device as the owner sees it: a reader, a display, a messenger.
type Part struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Kind  string    `json:"kind" enum:"reader,display,channel,screen,database,disk,outbox,printer,clock,network"`
	State string    `json:"state" enum:"ok,degraded,down,off"`
	Text  string    `json:"text,omitempty" doc:"What is wrong and what to do"`
	Since time.Time `json:"since,omitzero"`
}

// Cursor is how far behind the journal one of its readers is.
type Cursor struct {
	Name   string `json:"name"`
	Behind int64  `json:"behind"`
}

// OwnerState is the health of the device and the day so far.
type OwnerState struct {
	Now     time.Time     `json:"now"`
	Venue   OwnerVenue    `json:"venue"`
	Version string        `json:"version"`
	Started time.Time     `json:"started"`
	Clock   OwnerClock    `json:"clock"`
	Parts   []Part        `json:"parts"`
	Cursors []Cursor      `json:"cursors"`
	Journal JournalState  `json:"journal"`
	Today   BusinessToday `json:"today"`
}

// OwnerVenue is the house as the owner's page needs it.
type OwnerVenue struct {
	Name      string   `json:"name"`
	Currency  string   `json:"currency"`
	Languages []string `json:"languages"`
	Zone      string   `json:"zone"`
	Kitchen   string   `json:"kitchen" doc:"The language of the kitchen's screens"`
}

// OwnerClock says whether the device knows the time.
type OwnerClock struct {
	Trusted bool `json:"trusted"`
}

// JournalState is the newest record.
type JournalState struct {
	Seq int64 `json:"seq"`
}

// BusinessToday is the running business day: what the kitchen took, less what was cancelled.
type BusinessToday struct {
	Day          edge.BusinessDay `json:"business_day"`
	Orders       int              `json:"orders"`
	Gross        int64            `json:"gross" doc:"Minor units"`
	OpenSessions int              `json:"open_sessions"`
}

// OwnerTable is a place with its codes.
type OwnerTable struct {
	Table   edge.Table    `json:"table"`
	Tokens  []OwnerToken  `json:"tokens"`
	Tags    []edge.Tag    `json:"tags"`
	Session *edge.Session `json:"session,omitempty"`
}

// OwnerToken is a code in use.
type OwnerToken struct {
	Token  string      `json:"token"`
	Medium edge.Medium `json:"medium"`
	URL    string      `json:"url"`
	Issued time.Time   `json:"issued"`
}

// OwnerTables is the list of places.
type OwnerTables struct {
	Tables []OwnerTable `json:"tables"`
}

// TablesBody adds places. Each gets a printed code at once.
type TablesBody struct {
	Tables []NewTable `json:"tables" minItems:"1" maxItems:"200"`
}

// NewTable is a place to add.
type NewTable struct {
	Name    string         `json:"name" minLength:"1" maxLength:"40"`
	Kind    edge.TableKind `json:"kind"`
	Section string         `json:"section,omitempty" maxLength:"40"`
	Seats   int            `json:"seats,omitempty" minimum:"0" maximum:"500"`
	Sort    int            `json:"sort,omitempty"`
}

// TableChange changes what it names and leaves the rest.
type TableChange struct {
	Name    *string         `json:"name,omitempty" minLength:"1" maxLength:"40"`
	Kind    *edge.TableKind `json:"kind,omitempty"`
	Section *string         `json:"section,omitempty" maxLength:"40"`
	Seats   *int            `json:"seats,omitempty" minimum:"0" maximum:"500"`
	Sort    *int            `json:"sort,omitempty"`
	Retired *bool           `json:"retired,omitempty"`
}

// MediumBody says where a new code is to be written.
type MediumBody struct {
	Medium edge.Medium `json:"medium"`
}

// MenuProblem is something wrong in a menu file.
type MenuProblem struct {
	Path    string `json:"path" doc:"categories[0].items[3].price; empty for the file as a whole"`
	Line    int    `json:"line,omitempty" doc:"Counted from 1"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Source  string `json:"source,omitempty" doc:"The lines around it, with a mark"`
}

// MenuCheck is the answer to a menu file.
type MenuCheck struct {
	OK       bool          `json:"ok"`
	Problems []MenuProblem `json:"problems"`
	Summary  MenuSummary   `json:"summary"`
}

// MenuSummary counts what is in a menu.
type MenuSummary struct {
	Categories int `json:"categories"`
	Items      int `json:"items"`
	Groups     int `json:"modifier_groups"`
	Stations   int `json:"stations"`
	Languages  int `json:"languages"`
}

// MenuPublished is the number of the version that is now current.
type MenuPublished struct {
	Version int64 `json:"version"`
}

// StockList is everything that is not available without limit.
type StockList struct {
	Stock []edge.Stock `json:"stock"`
}

// OwnerFloor is the house at this moment.
type OwnerFloor struct {
	Now      time.Time      `json:"now"`
	Waiting  []edge.Order   `json:"waiting" doc:"Orders that wait for staff, oldest first"`
	Sessions []FloorSession `json:"sessions"`
}

// FloorSession is a running visit.
type FloorSession struct {
	Session edge.Session `json:"session"`
	Guests  []FloorGuest `json:"guests"`
	Orders  []edge.Order `json:"orders"`
	Bill    edge.Bill    `json:"bill"`
}

// FloorGuest is a phone at a table. Addresses in messengers stay on the device.
type FloorGuest struct {
	ID        edge.ID       `json:"id"`
	Number    int           `json:"number"`
	Language  string        `json:"language"`
	Presence  edge.Presence `json:"presence"`
	Confirmed bool          `json:"confirmed"`
	Channel   string        `json:"channel,omitempty"`
	Joined    time.Time     `json:"joined"`
}

// ReasonBody says why.
type ReasonBody struct {
	Reason string `json:"reason,omitempty" maxLength:"200"`
}

// CancelBody takes something off an order. No line is the whole order.
type CancelBody struct {
	Key      string `json:"key" minLength:"8" maxLength:"64"`
	Line     *int   `json:"line,omitempty" minimum:"0" maximum:"1000"`
	Quantity int    `json:"quantity,omitempty" minimum:"0" maximum:"1000" doc:"How many of the line; 0 is all of it"`
	Reason   string `json:"reason" minLength:"1" maxLength:"200"`
}

// PayBody records a payment taken at the table.
type PayBody struct {
	Key    string          `json:"key" minLength:"8" maxLength:"64"`
	Kind   edge.TenderKind `json:"kind"`
	Amount int64           `json:"amount" minimum:"1" doc:"Minor units"`
}

// HelpDoneBody says that a wish was served.
type HelpDoneBody struct {
	What edge.HelpKind `json:"what"`
}

// LockBody stops or allows ordering at a table.
type LockBody struct {
	Locked bool `json:"locked"`
}

// Devices is the list of paired devices.
type Devices struct {
	Devices []edge.Device `json:"devices"`
}

// PairingBody asks for a pairing code.
type PairingBody struct {
	Role     edge.Role `json:"role"`
	Stations []string  `json:"stations,omitempty" maxItems:"30"`
	TableID  edge.ID   `json:"table_id,omitempty"`
}

// PairingAnswer is a code to be typed on the new device.
type PairingAnswer struct {
	Code    string    `json:"code"`
	Expires time.Time `json:"expires"`
}

// OwnerChanged tells the owner's page what to fetch again.
type OwnerChanged struct {
	Type string   `json:"type" enum:"changed"`
	Seq  int64    `json:"seq"`
	What []string `json:"what" enum:"floor,stock,tables,menu,devices,state,people"`
}
