package edge

import "time"

// Venue is how one restaurant works: what the owner decides once, in the settings. It does not change while the
// device runs.
type Venue struct {
	Name      string
	Currency  string         // ISO 4217
	Zone      *time.Location // where the venue stands
	CutOff    time.Duration  // how long after midnight the business day ends, 0–12 h
	Languages []string       // BCP 47, the first is the fallback
	Kitchen   string         // the language of the kitchen's screens
	Policy    Policy
	Coursing  Coursing
	Staff     StaffPolicy
	// UnseenAfter is how long a ticket may be on no live screen before everybody is told; 0 is never.
	UnseenAfter time.Duration
}

// Policy is what the house allows (design D7).
type Policy struct {
	// Printed, Recent and Proven say what a guest with that presence may do.
	Printed, Recent, Proven Permission
	// EscalateAfter is how long an order may wait for staff before the screens get louder, RejectAfter how long
	// before it is rejected and the guest told.
	EscalateAfter, RejectAfter time.Duration
	// SessionIdle closes a session in which nothing was ordered after this long.
	SessionIdle time.Duration
	// PresenceTTL is how long a guest's presence counts after the scan; ordering later needs a new scan.
	PresenceTTL time.Duration
	// MaxLines, MaxQuantity and MaxOpenOrders bound one order's lines, one line's quantity, and the orders of one
	// guest that wait or cook at the same time.
	MaxLines, MaxQuantity, MaxOpenOrders int
}

// Presence says how sure the house is that a guest sits at the table.
type Presence string

// The kinds of presence, in rising order.
const (
	// PresencePrinted: a static code, which may have been photographed.
	PresencePrinted Presence = "printed"
	// PresenceRecent: a code from the display, valid for minutes.
	PresenceRecent Presence = "recent"
	// PresenceProven: a tap at the device's own reader, or one whose message was verified.
	PresenceProven Presence = "proven"
)

// rank orders presences; an unknown one ranks lowest.
func (p Presence) rank() int {
	switch p {
	case PresenceProven:
		return 3
	case PresenceRecent:
		return 2
	case PresencePrinted:
		return 1
	default:
		return 0
	}
}

// Permission is what a guest may do.
type Permission string

// The permissions, in rising order.
const (
	// MayRead: see the menu only.
	MayRead Permission = "menu_only"
	// MayAsk: order, but the first order waits for staff.
	MayAsk Permission = "first_order_waits"
	// MayOrder: order straight to the kitchen.
	MayOrder Permission = "straight_to_kitchen"
)

// Permits is what the house allows a guest with the presence.
func (p Policy) Permits(presence Presence) Permission {
	switch presence {
	case PresenceProven:
		return p.Proven
	case PresenceRecent:
		return p.Recent
	case PresencePrinted:
		return p.Printed
	default:
		return MayRead
	}
}
