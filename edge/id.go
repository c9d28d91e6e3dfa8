package edge

import "time"

// ID identifies a thing the restaurant keeps: an order, a ticket, a session. It is a UUIDv7 in text form
// (RFC 9562 §5.7), made where the thing is born and never shown to guests.
type ID string

// IDs makes a new [ID] at every call; no two calls ever give the same one.
type IDs func() ID

// Moment is a reading of the clock. A device without a battery may show a wrong time after a power cut, so every
// reading says whether it can be trusted; order never comes from it but from [Event.Seq].
type Moment struct {
	At      time.Time
	Trusted bool
}

// Clock reads the time.
type Clock func() Moment

// Actor says who caused a change: "guest:<id>", "device:<id>", "staff:<id>@<device>", "channel:telegram", "system".
type Actor string

// System is the actor of what the device does by itself: time-outs, start-up, housekeeping.
const System Actor = "system"

// GuestActor names the guest with the given id as the one who acts.
func GuestActor(id ID) Actor { return Actor("guest:" + string(id)) }

// DeviceActor names a paired screen as the one who acts.
func DeviceActor(id ID) Actor { return Actor("device:" + string(id)) }
