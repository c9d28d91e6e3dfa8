package edge

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one record of the journal. Seq grows by exactly one from record to record; Hash chains the record to
// the one before (design D1), so that nothing can be changed, dropped or slipped in unnoticed.
type Event struct {
	Seq     int64           `json:"seq"`
	Kind    EventKind       `json:"kind"`
	Subject ID              `json:"subject"`
	Session ID              `json:"session,omitempty"`
	Actor   Actor           `json:"actor"`
	At      time.Time       `json:"at"`
	Trusted bool            `json:"trusted"`
	Body    json.RawMessage `json:"body"`
	Hash    [32]byte        `json:"-"`

	// Doc is the thing as it stands after the change (a *Ticket, *Order, *Session, *Stock, …). It is handed to
	// listeners inside the process and never stored: it is nil on an event read back from the journal.
	Doc any `json:"-"`
}

// EventKind names what happened.
type EventKind string

// The kinds of events. The subject is the thing named by the part before the dot.
const (
	TableAdded   EventKind = "table.added"
	TableChanged EventKind = "table.changed"
	TokenIssued  EventKind = "token.issued"
	TokenRetired EventKind = "token.retired"
	TagEnrolled  EventKind = "tag.enrolled"
	TagWritten   EventKind = "tag.written"
	// TagProvisioned: a table's tag was set up at a reader, and what it then gave was checked.
	TagProvisioned EventKind = "tag.provisioned"
	TagMoved       EventKind = "tag.moved"
	TagReplaced    EventKind = "tag.replaced"
	TagLost        EventKind = "tag.lost"
	TagFound       EventKind = "tag.found"
	TagRetired     EventKind = "tag.retired"
	// TagErased: its keys were taken off it, or that was begun.
	TagErased     EventKind = "tag.erased"
	TagReplayed   EventKind = "tag.replayed"
	MenuPublished EventKind = "menu.published"
	StockChanged  EventKind = "stock.changed"

	SessionOpened        EventKind = "session.opened"
	SessionJoined        EventKind = "session.joined"
	SessionHelpRequested EventKind = "session.help_requested"
	SessionHelpDone      EventKind = "session.help_done"
	SessionBillRequested EventKind = "session.bill_requested"
	SessionLocked        EventKind = "session.locked"
	SessionPaid          EventKind = "session.paid"
	SessionClosed        EventKind = "session.closed"

	OrderPlaced     EventKind = "order.placed"
	OrderEscalated  EventKind = "order.escalated"
	OrderAccepted   EventKind = "order.accepted"
	OrderPreparing  EventKind = "order.preparing"
	OrderReady      EventKind = "order.ready"
	OrderServed     EventKind = "order.served"
	OrderReopened   EventKind = "order.reopened"
	OrderCourses    EventKind = "order.courses"
	OrderPartServed EventKind = "order.part_served"
	OrderDelayed    EventKind = "order.delayed"
	OrderRejected   EventKind = "order.rejected"
	OrderReduced    EventKind = "order.reduced"
	OrderCancelled  EventKind = "order.cancelled"

	TicketCreated   EventKind = "ticket.created"
	TicketHeld      EventKind = "ticket.held"
	TicketFired     EventKind = "ticket.fired"
	TicketRushed    EventKind = "ticket.rushed"
	TicketUnseen    EventKind = "ticket.unseen"
	TicketSeen      EventKind = "ticket.seen"
	TicketStarted   EventKind = "ticket.started"
	TicketProgress  EventKind = "ticket.progress"
	TicketDone      EventKind = "ticket.done"
	TicketRecalled  EventKind = "ticket.recalled"
	TicketCollected EventKind = "ticket.collected"
	TicketServed    EventKind = "ticket.served"
	TicketUnserved  EventKind = "ticket.unserved"
	TicketVoided    EventKind = "ticket.voided"

	ChannelPaced EventKind = "channel.paced"

	DevicePaired  EventKind = "device.paired"
	DeviceRemoved EventKind = "device.removed"
	DeviceStarted EventKind = "device.started"
)

// Chain computes the event's hash from the hash of the event before it. It covers every stored field, each with
// its length in front, so that no two different records give the same bytes. The body is covered as stored, byte
// for byte.
func (e *Event) Chain(previous [32]byte) [32]byte {
	buf := make([]byte, 0, 256+len(e.Body))
	buf = append(buf, previous[:]...)
	buf = binary.BigEndian.AppendUint64(buf, uint64(e.Seq))
	buf = binary.BigEndian.AppendUint64(buf, uint64(e.At.UnixMilli()))
	if e.Trusted {
		buf = append(buf, 1)
	} else {
		buf = append(buf, 0)
	}
	for _, field := range []string{string(e.Kind), string(e.Subject), string(e.Session), string(e.Actor)} {
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(field)))
		buf = append(buf, field...)
	}
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(e.Body)))
	buf = append(buf, e.Body...)
	return sha256.Sum256(buf)
}

// newEvent makes an event about subject; body is what the journal keeps, doc what listeners in the process see.
// A body that cannot be encoded is a programmer's mistake: all bodies are plain structs of this package.
func newEvent(kind EventKind, subject ID, actor Actor, now Moment, body, doc any) Event {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("edge: encode body of %s: %v", kind, err))
	}
	return Event{Kind: kind, Subject: subject, Actor: actor, At: now.At, Trusted: now.Trusted, Body: raw, Doc: doc}
}
