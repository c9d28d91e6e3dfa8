package edge

import (
	"slices"
	"time"
)

// Ticket is what one station gets from one order. It is made once and never recomputed; what changes is how much
// of it is done.
type Ticket struct {
	ID          ID           `json:"id"`
	Kind        TicketKind   `json:"kind"`
	Of          ID           `json:"of,omitempty" doc:"The ticket a cancellation takes from"`
	Order       ID           `json:"order"`
	Session     ID           `json:"session"`
	Station     string       `json:"station"`
	Day         BusinessDay  `json:"business_day"`
	Number      string       `json:"number"`
	Table       string       `json:"table"`
	Seat        int          `json:"seat,omitempty" doc:"The guest's number at the table; none at a counter"`
	Round       int          `json:"round" doc:"1 for the first order of the session; later ones are additions"`
	Course      int          `json:"course,omitempty" doc:"Set when the order's courses are sent one after the other"`
	Channel     string       `json:"channel"`
	Dining      DiningOption `json:"dining"`
	State       TicketState  `json:"state"`
	Items       []TicketItem `json:"items"`
	Note        string       `json:"note,omitempty"`
	Allergies   []Allergen   `json:"allergies,omitempty"`
	AllergyNote string       `json:"allergy_note,omitempty"`
	// AlsoAt lists the other stations that work on the same order.
	AlsoAt []string `json:"also_at,omitempty"`
	// Fly marks food that is needed at once because it was forgotten or has to be made again: Of is the ticket it was
	// on, Reason says why.
	Fly      bool      `json:"fly,omitempty" doc:"On the fly: made again, needed at once"`
	Reason   string    `json:"reason,omitempty" doc:"Why it is made again"`
	Prep     int       `json:"prep_seconds,omitempty" doc:"The longest preparation among its items"`
	Expected int       `json:"expected_seconds,omitempty" doc:"How long it was expected to take when it was fired, uncorrected"`
	Due      time.Time `json:"due,omitzero" doc:"When the guest was told it will be ready at the latest"`
	Created  time.Time `json:"created" doc:"When it was sent to the kitchen"`
	FireAt   time.Time `json:"fire_at,omitzero" doc:"When a held ticket is fired by itself; none is by hand"`
	// ByHand: somebody held it, so no rule of the house fires it.
	ByHand  bool      `json:"by_hand,omitempty" doc:"Somebody held it: it is fired by hand only"`
	Fired   time.Time `json:"fired,omitzero" doc:"When a held ticket was fired; none is when it was created"`
	WasHeld *HeldAs   `json:"was_held,omitempty" doc:"How it was held before it was fired, for undo"`
	Rush    time.Time `json:"rush,omitzero" doc:"Since when it goes before the others"`
	Unseen  time.Time `json:"unseen,omitzero" doc:"Since when it is known that no live screen shows it"`
	Seen    time.Time `json:"seen,omitzero" doc:"When a live screen of the station showed it"`
	Started time.Time `json:"started,omitzero"`
	Done    time.Time `json:"done,omitzero"`
	// Collected is when the pass had it in hand: it waits there for the rest of the order.
	Collected time.Time `json:"collected,omitzero" doc:"When the expediter took it over"`
	Served    time.Time `json:"served,omitzero"`
	Recalled  int       `json:"recalled,omitempty" doc:"How often it was brought back"`
}

// HeldAs is what was to end a ticket's being held: an instant, a hand, or neither, which is the course before it.
type HeldAs struct {
	FireAt time.Time `json:"fire_at,omitzero"`
	ByHand bool      `json:"by_hand,omitempty"`
}

// Since is when the kitchen was told to cook the ticket: its age counts from here.
func (t *Ticket) Since() time.Time {
	if t.Fired.IsZero() {
		return t.Created
	}
	return t.Fired
}

// TicketKind tells food to cook from food not to cook any more.
type TicketKind string

// The kinds of tickets.
const (
	TicketFood         TicketKind = "food"
	TicketCancellation TicketKind = "cancellation"
)

// TicketState is where a ticket stands.
type TicketState string

// The states of a ticket: held ⇄ new → seen → started → done → collected → served; done → recalled (started again);
// any → voided. Seen and collected are not states but instants: a ticket can be started on one screen before another
// has shown it.
const (
	// TicketStateHeld: sent, not to be cooked yet.
	TicketStateHeld    TicketState = "held"
	TicketStateNew     TicketState = "new"
	TicketStateStarted TicketState = "started"
	TicketStateDone    TicketState = "done"
	TicketStateServed  TicketState = "served"
	TicketStateVoided  TicketState = "voided"
)

// Open reports whether the ticket still wants work or attention at its station, now or when it is fired.
func (s TicketState) Open() bool {
	return s == TicketStateHeld || s == TicketStateNew || s == TicketStateStarted
}

// TicketItem is a line of the order at this station, in counts: of 5 burgers 2 may be done and 1 cancelled.
type TicketItem struct {
	Line      int              `json:"line" doc:"Index of the order's line"`
	Name      string           `json:"name" doc:"In the kitchen's words"`
	Variant   string           `json:"variant,omitempty"`
	Quantity  int              `json:"quantity"`
	Done      int              `json:"done"`
	Cancelled int              `json:"cancelled,omitempty"`
	Course    int              `json:"course,omitempty"`
	Modifiers []TicketModifier `json:"modifiers,omitempty"`
	Note      string           `json:"note,omitempty"`
	// AlsoAt lists the other stations that prepare the same line.
	AlsoAt []string `json:"also_at,omitempty"`
	// Bumped is how many the last bump of the whole ticket ticked off; a recall takes that back.
	Bumped int `json:"bumped,omitempty"`
}

// Open is how many are neither done nor cancelled.
func (i TicketItem) Open() int { return i.Quantity - i.Done - i.Cancelled }

// TicketModifier is a change to an item in the kitchen's words.
type TicketModifier struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
	Removal  bool   `json:"removal,omitempty"`
}

// stations are those that have something to cook of the order, in the order in which they first appear.
func (o *Order) stations() []string {
	var stations []string
	for _, line := range o.Lines {
		for _, s := range line.Stations {
			if line.Cancelled < line.Quantity && !slices.Contains(stations, s) {
				stations = append(stations, s)
			}
		}
	}
	return stations
}

func (o *Order) ticket(id ID, kind TicketKind, station string, now Moment) Ticket {
	return Ticket{
		ID: id, Kind: kind, Order: o.ID, Session: o.Session, Station: station, Day: o.Day, Number: o.Number,
		Table: o.Table, Seat: o.Seat, Round: o.Round, Channel: o.Channel, Dining: o.Dining, State: TicketStateNew, Note: o.Note,
		Allergies: o.Allergies, AllergyNote: o.AllergyNote, Created: now.At,
	}
}

func ticketItem(index int, line Line, quantity int, station, kitchen string) TicketItem {
	item := TicketItem{
		Line: index, Name: line.KitchenName, Variant: line.VariantName.In(kitchen), Quantity: quantity,
		Course: line.Course, Note: line.Note, AlsoAt: without(line.Stations, station),
	}
	for _, m := range line.Modifiers {
		item.Modifiers = append(item.Modifiers, TicketModifier{Name: m.KitchenName, Quantity: m.Quantity, Removal: m.Removal})
	}
	return item
}

// longest is the longest preparation among the ticket's items, 0 when one of them names none.
func (t *Ticket) longest(lines []Line) int {
	seconds := 0
	for _, item := range t.Items {
		prep := lines[item.Line].Prep
		if prep == 0 {
			return 0
		}
		seconds = max(seconds, prep)
	}
	return seconds
}

// without is list without s, nil when nothing is left.
func without(list []string, s string) []string {
	var rest []string
	for _, x := range list {
		if x != s {
			rest = append(rest, x)
		}
	}
	return rest
}

// finished reports whether nothing of the ticket is left to cook.
func (t *Ticket) finished() bool {
	return !slices.ContainsFunc(t.Items, func(i TicketItem) bool { return i.Open() > 0 })
}

// dropCancelled marks as cancelled what was taken off the order's lines while the ticket was done, as far as it is not
// cooked.
func (t *Ticket) dropCancelled(lines []Line) {
	for i := range t.Items {
		item := &t.Items[i]
		line := lines[item.Line]
		unwanted := item.Quantity - (line.Quantity - line.Cancelled)
		item.Cancelled = max(item.Cancelled, min(unwanted, item.Quantity-item.Done))
	}
}

// cancelled reports whether the whole of the ticket was cancelled.
func (t *Ticket) cancelled() bool {
	return !slices.ContainsFunc(t.Items, func(i TicketItem) bool { return i.Cancelled < i.Quantity })
}

// ticketCreated is what the journal keeps of a new ticket: which of the order's lines, and how many of each. What the
// lines are stands in the record of the order.
type ticketCreated struct {
	Order   ID          `json:"order"`
	Kind    TicketKind  `json:"kind"`
	Of      ID          `json:"of,omitempty"`
	Station string      `json:"station"`
	Items   []itemCount `json:"items"`
	Course  int         `json:"course,omitempty"`
	State   TicketState `json:"state,omitempty"` // none is new
	FireAt  time.Time   `json:"fire_at,omitzero"`
	Reason  string      `json:"reason,omitempty"`
}

type itemCount struct {
	Line     int `json:"line"`
	Quantity int `json:"quantity"`
}

func createdBody(t *Ticket) ticketCreated {
	body := ticketCreated{
		Order: t.Order, Kind: t.Kind, Of: t.Of, Station: t.Station, Items: make([]itemCount, len(t.Items)),
		Course: t.Course, FireAt: t.FireAt, Reason: t.Reason,
	}
	if t.State != TicketStateNew {
		body.State = t.State
	}
	for i, item := range t.Items {
		body.Items[i] = itemCount{item.Line, item.Quantity}
	}
	return body
}
