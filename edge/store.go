package edge

import (
	"context"
	"time"
)

// Store keeps the restaurant. Its methods may be called from any goroutine.
type Store interface {
	// Write runs change in one durable transaction and returns after the commit is on the disk. Everything change
	// did is kept, or, when it or the commit errs, nothing. Changes run one after the other, never at the same
	// time; several may share one commit. change may run on another goroutine, must only touch the store through
	// its Tx, and may run more than once: only its last run counts, so it keeps nothing from a run before. Listeners learn of the events after the commit, in the order of their Seq, before Write
	// returns.
	Write(ctx context.Context, change func(Tx) error) error
	// Read runs look on one consistent state; look sees no later change.
	Read(ctx context.Context, look func(View) error) error
}

// View reads one consistent state of the restaurant. Things that are not there are ErrNotFound. What it returns
// belongs to the caller, except menus, which are shared and must not be changed.
type View interface {
	Seq() (int64, error) // of the newest event, 0 for an empty journal
	Events(after int64, limit int) ([]Event, error)

	Tables() ([]Table, error) // by Sort, retired ones included
	Table(id ID) (Table, error)
	Token(token string) (Token, error)
	Tokens(table ID) ([]Token, error)
	Tag(uid string) (Tag, error)
	Tags() ([]Tag, error)

	CurrentMenu() (*Menu, error)
	Menu(version int64) (*Menu, error)
	Stock(key string) (Stock, bool, error)
	AllStock() ([]Stock, error)
	Paces() ([]Pace, error) // of the channels that were ever slowed down or paused, by Channel

	Session(id ID) (Session, error)
	OpenSession(table ID) (Session, error) // the newest that is not over
	OpenSessions() ([]Session, error)      // by Opened
	Guest(id ID) (Guest, error)
	GuestByKey(keyHash string) (Guest, error)
	GuestByAddress(session ID, channel, address string) (Guest, error)
	Guests(session ID) ([]Guest, error)

	Order(id ID) (Order, error)
	OrdersOf(session ID) ([]Order, error)         // by Placed
	OpenOrdersOf(guest ID) (int, error)           // how many of the guest's orders are not over
	DayTotals(day BusinessDay) (DayTotals, error) // of the orders sold on the day
	OpenOrders() ([]Order, error)                 // neither completed, rejected nor cancelled, by Placed
	WaitingOrders() ([]Order, error)              // received, waiting for staff, by Placed
	CountOpenOrders() (int, error)
	Ticket(id ID) (Ticket, error)
	TicketsOf(order ID) ([]Ticket, error)
	OpenTickets() ([]Ticket, error)                           // held, new or started, by Created
	DoneTickets(since time.Time, limit int) ([]Ticket, error) // done, newest first
	// FindTickets looks through the day's tickets that are done or served, newest first, for a number, table or dish
	// that has the text in it.
	FindTickets(day BusinessDay, text string, limit int) ([]Ticket, error)
	// TicketTimes are the times of the day's bumped tickets, by Done.
	TicketTimes(day BusinessDay) ([]TicketTime, error)

	// Answer is what was answered to a key before.
	Answer(scope, key string) (Answer, bool, error)

	People() ([]Person, error) // by Name, removed ones included
	Person(id ID) (Person, error)
	Badges() ([]Badge, error) // by UID
	Badge(uid string) (Badge, error)
	Shift(id ID) (Shift, error)
	Shifts(day BusinessDay) ([]Shift, error) // of the business day, by In
	Approval(id ID) (Approval, error)
	OpenApprovals() ([]Approval, error) // that wait, by Asked

	Devices() ([]Device, error)
	DeviceByKey(keyHash string) (Device, error)

	// Cursor is how far the reader of that name has come, "" at the beginning.
	Cursor(name string) (string, error)
	// DueDeliveries gives of every lane its first delivery that is not over, if its NextTry has come, by Seq.
	DueDeliveries(now time.Time, limit int) ([]Delivery, error)
	// UnsentDelivery is the delivery of the lane about the subject that is still waiting.
	UnsentDelivery(lane string, subject ID) (Delivery, error)
	// NextDelivery is when the next waiting delivery becomes due; ok is false when none waits.
	NextDelivery() (at time.Time, ok bool, err error)
	DeliveryBacklog(lanePrefix string) (Backlog, error)
	Card(lane string, subject ID) (Card, error)
	// PendingUpdates gives updates nobody has worked on yet, in the order they came.
	PendingUpdates(limit int) ([]Update, error)
}

// Tx changes the restaurant. Put writes a thing whole, whether it is there or not.
type Tx interface {
	View

	PutTable(Table) error
	PutToken(Token) error
	PutTag(Tag) error
	// PutMenu stores the next version and makes it the current one; it gives the version's number.
	PutMenu(Menu) (int64, error)
	PutStock(Stock) error
	PutPace(Pace) error
	PutSession(Session) error
	PutGuest(Guest) error
	PutOrder(Order) error
	PutTicket(Ticket) error
	PutDevice(Device) error
	PutPerson(Person) error
	PutBadge(Badge) error
	PutShift(Shift) error
	PutApproval(Approval) error
	// NextNumber is the next display number of the business day: 1, 2, 3…
	NextNumber(BusinessDay) (int, error)
	// KeepAnswer stores the answer to a key, to be given again.
	KeepAnswer(Answer) error
	SetCursor(name, value string) error
	// PutDelivery stores a delivery; Seq 0 makes a new one. It gives the Seq.
	PutDelivery(Delivery) (int64, error)
	PutCard(Card) error
	// AddUpdate keeps an update unless one with its Source and ID is there; it reports whether it was new.
	AddUpdate(Update) (bool, error)
	// EndUpdate notes what came of an update.
	EndUpdate(source, id, outcome string) error
	// Prune forgets answers, updates and ended deliveries from before their time.
	Prune(answers, updates, deliveries time.Time) error
	// Append adds the event to the journal and gives its Seq.
	Append(Event) (int64, error)
}

// Answer is the first answer to a key (design D4). Digest is of the request's content: the same key with another
// digest is a conflict.
type Answer struct {
	Scope  string // who asked: a guest, a device
	Key    string
	Digest [32]byte
	Body   []byte // JSON
	At     time.Time
}
