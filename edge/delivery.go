package edge

import (
	"encoding/json"
	"time"
)

// Delivery is something a guest is to be told, waiting in the lane of their conversation. A lane sends one
// delivery at a time, in the order of their Seq.
type Delivery struct {
	// Seq orders deliveries; it is given when the delivery is first put.
	Seq int64 `json:"seq"`
	// Lane is the conversation: channel and address with a colon between, "telegram:4711".
	Lane string `json:"lane"`
	// Subject is what it is about (an order, a session). An unsent delivery of the same lane and subject is
	// replaced by a newer one: nobody needs to hear "accepted" when "ready" is there.
	Subject ID `json:"subject"`
	// Intent names what is to be told, in the conversation's words; Body is its content.
	Intent string          `json:"intent"`
	Body   json.RawMessage `json:"body"`
	// Event is the journal record that caused it, 0 for an answer to a guest's message.
	Event    int64         `json:"event"`
	State    DeliveryState `json:"state"`
	Created  time.Time     `json:"created"`
	Deadline time.Time     `json:"deadline,omitzero" doc:"After this it makes no sense any more and is dropped"`
	Attempts int           `json:"attempts"`
	NextTry  time.Time     `json:"next_try,omitzero"`
	Outcome  string        `json:"outcome,omitempty" doc:"The platform's own words at the last attempt"`
	Ended    time.Time     `json:"ended,omitzero"`
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery. A delivery in sending whose outcome nobody knows (the device was killed, the answer
// never came) is sent again: a rare repeat is better than a lost "ready".
const (
	DeliveryWaiting  DeliveryState = "waiting"
	DeliverySending  DeliveryState = "sending"
	DeliverySent     DeliveryState = "sent"
	DeliveryReplaced DeliveryState = "replaced"
	DeliveryExpired  DeliveryState = "expired"
	DeliveryRefused  DeliveryState = "refused"
)

// Over reports whether the delivery will not be tried again.
func (s DeliveryState) Over() bool { return s != DeliveryWaiting && s != DeliverySending }

// Card is the one living message about a subject in a lane, which later deliveries edit instead of adding to.
type Card struct {
	Lane    string
	Subject ID
	Ref     string // the platform's id of the message
}

// Update is a message of a platform as it came in, kept before it is understood.
type Update struct {
	Source   string // channel and account: "telegram:<bot id>"
	ID       string // the platform's id, by which repeats are known
	Raw      []byte
	Received time.Time
	Expires  time.Time // zero: it makes sense at any time
	Outcome  string    // "" until it was worked on; then what came of it
}

// Backlog is what waits to be sent or worked on, for the owner's screen.
type Backlog struct {
	Waiting int       `json:"waiting"`
	Oldest  time.Time `json:"oldest,omitzero"`
}
