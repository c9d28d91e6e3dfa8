package edge

import (
	"context"
	"time"
)

// Kitchen is the door for those who cook: tickets and stock. Its methods may be called from any goroutine.
type Kitchen struct {
	store    Store
	venue    Venue
	now      Clock
	newID    IDs
	forecast Forecast // nil says nothing
}

// NewKitchen opens the kitchen of a venue.
func NewKitchen(store Store, venue Venue, now Clock, ids IDs) *Kitchen {
	return &Kitchen{store: store, venue: venue, now: now, newID: ids}
}

// Press is one touch or key at a screen. Key is made at the press and kept when it is sent again.
type Press struct {
	Key    string `json:"-"`
	Device ID     `json:"device"`
	Ticket ID     `json:"ticket"`
	// Order is what a press on more than one ticket is about; Ticket is then empty. Course is one of its courses, nil for
	// all of them or, to fire, the next one.
	Order  ID   `json:"order,omitempty"`
	Course *int `json:"course,omitempty"`
	// Item is the index of one of the ticket's items, nil for the whole ticket.
	Item *int `json:"item,omitempty"`
	// Count is how many of the item are done, nil for all of them.
	Count *int `json:"count,omitempty"`
	// Undo takes the press back: not done, not started.
	Undo bool `json:"undo,omitempty"`
	// Reason is why something is made again.
	Reason string `json:"reason,omitempty"`
}

// Seen notes that a live screen of the station shows the tickets.
func (k *Kitchen) Seen(ctx context.Context, device ID, tickets []ID) error {
	if len(tickets) > maxSeen {
		return invalid("tickets", "too_many", "At most %d tickets at once.", maxSeen)
	}
	return k.store.Write(ctx, func(tx Tx) error {
		now := k.now()
		for _, id := range tickets {
			ticket, err := tx.Ticket(id)
			if ok, err := found(err); err != nil {
				return err
			} else if !ok || !ticket.Seen.IsZero() {
				continue
			}
			ticket.Seen = now.At
			if err := putTicket(tx, TicketSeen, &ticket, ticketBody(&ticket), DeviceActor(device), now); err != nil {
				return err
			}
		}
		return nil
	})
}

const maxSeen = 200

// ticketChange is what the journal keeps of a change to a ticket: its state and the counts of its items.
type ticketChange struct {
	Order     ID          `json:"order"`
	State     TicketState `json:"state"`
	Done      []int       `json:"done"`
	FireAt    time.Time   `json:"fire_at,omitzero"`
	Rush      bool        `json:"rush,omitempty"`
	Collected bool        `json:"collected,omitempty"`
}

func ticketBody(t *Ticket) ticketChange {
	done := make([]int, len(t.Items))
	for i, item := range t.Items {
		done[i] = item.Done
	}
	return ticketChange{
		Order: t.Order, State: t.State, Done: done, FireAt: t.FireAt, Rush: !t.Rush.IsZero(), Collected: !t.Collected.IsZero(),
	}
}

// Start notes that work on a ticket has begun; Undo puts it back.
func (k *Kitchen) Start(ctx context.Context, p Press) (int64, error) {
	return k.press(ctx, "start", p, func(tx Tx, ticket *Ticket, now Moment) error {
		actor := DeviceActor(p.Device)
		if !p.Undo && ticket.Kind == TicketFood {
			if err := k.unhold(tx, ticket, actor, now); err != nil {
				return err
			}
		}
		switch {
		case p.Undo && ticket.State == TicketStateStarted:
			ticket.State, ticket.Started = TicketStateNew, time.Time{}
			return putTicket(tx, TicketProgress, ticket, ticketBody(ticket), actor, now)
		case !p.Undo && ticket.Kind == TicketFood && ticket.State == TicketStateNew:
			return k.start(tx, ticket, actor, now)
		default:
			return nil
		}
	})
}

// unhold fires a held ticket that somebody works on although it was put off: what is cooked is not held.
func (k *Kitchen) unhold(tx Tx, ticket *Ticket, actor Actor, now Moment) error {
	if ticket.State != TicketStateHeld {
		return nil
	}
	order, err := tx.Order(ticket.Order)
	if err != nil {
		return err
	}
	tickets, err := tx.TicketsOf(order.ID)
	if err != nil {
		return err
	}
	if err := k.pass(tx, actor, now).fireTicket(&order, tickets, ticket.ID); err != nil {
		return err
	}
	*ticket, err = tx.Ticket(ticket.ID)
	return err
}

func (k *Kitchen) start(tx Tx, ticket *Ticket, actor Actor, now Moment) error {
	ticket.State, ticket.Started = TicketStateStarted, now.At
	if err := putTicket(tx, TicketStarted, ticket, ticketBody(ticket), actor, now); err != nil {
		return err
	}
	return k.preparing(tx, ticket.Order, actor, now)
}

// preparing tells that the order is being cooked, once.
func (k *Kitchen) preparing(tx Tx, id ID, actor Actor, now Moment) error {
	order, err := tx.Order(id)
	if err != nil || order.State != OrderStateAccepted {
		return err
	}
	order.State, order.Started = OrderStatePreparing, now.At
	return putOrder(tx, OrderPreparing, &order, stateBody{State: order.State}, actor, now)
}

// stateBody is what the journal keeps of an order's change of state.
type stateBody struct {
	State  OrderState `json:"state"`
	Reason string     `json:"reason,omitempty"`
}

// Bump marks a ticket, or some of one of its items, done. The last ticket of an order makes the order ready.
// Bumping a cancellation slip acknowledges it. With Undo an item, or the whole ticket, is not done after all.
func (k *Kitchen) Bump(ctx context.Context, p Press) (int64, error) {
	return k.press(ctx, "bump", p, func(tx Tx, ticket *Ticket, now Moment) error {
		actor := DeviceActor(p.Device)
		if p.Item != nil {
			return k.bumpItem(tx, ticket, p, actor, now)
		}
		if p.Undo {
			return k.recall(tx, ticket, actor, now)
		}
		if !ticket.State.Open() {
			return nil
		}
		return k.finish(tx, ticket, actor, now)
	})
}

func (k *Kitchen) bumpItem(tx Tx, ticket *Ticket, p Press, actor Actor, now Moment) error {
	if *p.Item < 0 || *p.Item >= len(ticket.Items) || ticket.Kind != TicketFood {
		return invalid("item", "item_unknown", "The ticket has no such item.")
	}
	if !ticket.State.Open() {
		return Refuse(KindConflict, "ticket_done", "The ticket is already done. Recall it first.")
	}
	item := &ticket.Items[*p.Item]
	count := item.Quantity - item.Cancelled
	if p.Count != nil {
		if *p.Count < 0 || *p.Count > count {
			return invalid("count", "quantity_invalid", "Between 0 and %d can be done.", count)
		}
		count = *p.Count
	}
	if p.Undo {
		count = 0
	}
	if item.Done == count {
		return nil
	}
	if count > 0 {
		if err := k.unhold(tx, ticket, actor, now); err != nil {
			return err
		}
		item = &ticket.Items[*p.Item]
	}
	item.Done = count
	if ticket.State == TicketStateNew && count > 0 {
		ticket.State, ticket.Started = TicketStateStarted, now.At
	}
	if err := putTicket(tx, TicketProgress, ticket, ticketBody(ticket), actor, now); err != nil {
		return err
	}
	if ticket.State != TicketStateStarted {
		return nil
	}
	return k.preparing(tx, ticket.Order, actor, now)
}

// finish marks the whole ticket done and lets its order advance.
func (k *Kitchen) finish(tx Tx, ticket *Ticket, actor Actor, now Moment) error {
	if err := k.unhold(tx, ticket, actor, now); err != nil {
		return err
	}
	for i := range ticket.Items {
		item := &ticket.Items[i]
		item.Bumped = item.Open()
		item.Done += item.Bumped
	}
	if ticket.Started.IsZero() {
		ticket.Started = now.At
	}
	ticket.State, ticket.Done = TicketStateDone, now.At
	if err := putTicket(tx, TicketDone, ticket, ticketBody(ticket), actor, now); err != nil {
		return err
	}
	if ticket.Kind == TicketCancellation {
		return nil
	}
	return k.pass(tx, actor, now).ticketLeft(ticket.Order)
}

// ticketLeft tells an order that one of its tickets needs no more work.
func (w pass) ticketLeft(id ID) error {
	order, err := w.tx.Order(id)
	if err != nil {
		return err
	}
	order.Waiting--
	if order.State.Over() {
		return w.tx.PutOrder(order)
	}
	if err := w.advance(&order); err != nil {
		return err
	}
	return w.follow(&order)
}

// advance brings the order's state up to date with how many of its tickets want work.
func (w pass) advance(order *Order) error {
	switch {
	case order.Waiting == 0:
		order.State, order.Ready = OrderStateReady, w.now.At
		return putOrder(w.tx, OrderReady, order, stateBody{State: order.State}, w.actor, w.now)
	case order.State == OrderStateAccepted:
		order.State, order.Started = OrderStatePreparing, w.now.At
		return putOrder(w.tx, OrderPreparing, order, stateBody{State: order.State}, w.actor, w.now)
	default:
		return w.tx.PutOrder(*order)
	}
}

// Recall brings a done ticket back as it was before the bump, less what was cancelled since.
func (k *Kitchen) Recall(ctx context.Context, p Press) (int64, error) {
	return k.press(ctx, "recall", p, func(tx Tx, ticket *Ticket, now Moment) error {
		return k.recall(tx, ticket, DeviceActor(p.Device), now)
	})
}

var errTicketVoided = Refuse(KindConflict, "ticket_voided", "The order was cancelled.")

func (k *Kitchen) recall(tx Tx, ticket *Ticket, actor Actor, now Moment) error {
	switch ticket.State {
	case TicketStateServed:
		return Refuse(KindConflict, "ticket_served", "The order has already been served.")
	case TicketStateVoided:
		return errTicketVoided
	case TicketStateDone:
	default:
		return nil
	}
	for i := range ticket.Items {
		item := &ticket.Items[i]
		item.Done -= min(item.Bumped, item.Done)
		item.Bumped = 0
	}
	ticket.State, ticket.Done, ticket.Collected = TicketStateStarted, time.Time{}, time.Time{}
	ticket.Recalled++
	if ticket.Kind == TicketCancellation {
		return putTicket(tx, TicketRecalled, ticket, ticketBody(ticket), actor, now)
	}
	order, err := tx.Order(ticket.Order)
	if err != nil {
		return err
	}
	ticket.dropCancelled(order.Lines)
	if order.State == OrderStateCancelled || ticket.cancelled() {
		return errTicketVoided
	}
	if err := putTicket(tx, TicketRecalled, ticket, ticketBody(ticket), actor, now); err != nil {
		return err
	}
	return ticketBack(tx, &order, actor, now)
}

// ticketBack tells an order that one of its tickets wants work again.
func ticketBack(tx Tx, order *Order, actor Actor, now Moment) error {
	order.Waiting++
	if order.State != OrderStateReady && order.State != OrderStateCompleted {
		return tx.PutOrder(*order)
	}
	order.State, order.Ready, order.Ended = OrderStatePreparing, time.Time{}, time.Time{}
	return putOrder(tx, OrderReopened, order, stateBody{State: order.State}, actor, now)
}

// SetStock marks something sold out, available, or counted down. The key must be on the current menu.
func (k *Kitchen) SetStock(ctx context.Context, actor Actor, stock Stock) (int64, error) {
	if stock.Left != nil && (*stock.Left < 0 || *stock.Left > maxLeft) {
		return 0, invalid("left", "quantity_invalid", "The countdown is between 0 and %d.", maxLeft)
	}
	var seq int64
	err := k.store.Write(ctx, func(tx Tx) error {
		menu, err := tx.CurrentMenu()
		if err != nil {
			return err
		}
		if _, ok := menu.StockKeys()[stock.Key]; !ok {
			return invalid("key", "item_unknown", "There is no such item on the menu.")
		}
		now := k.now()
		if !stock.SoldOut {
			stock.Until = time.Time{}
		}
		if !stock.Until.IsZero() && !stock.Until.After(now.At) {
			return errUntilPast // it would look sold out and be sold
		}
		if err := putStock(tx, stock, actor, now); err != nil {
			return err
		}
		seq, err = tx.Seq()
		return err
	})
	return seq, err
}

const maxLeft = 100_000
