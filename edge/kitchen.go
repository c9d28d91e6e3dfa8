package edge

import (
	"context"
	"time"
)

// Kitchen is the door for those who cook: tickets and stock. Its methods may be called from any goroutine.
type Kitchen struct {
	store Store
	venue Venue
	now   Clock
	newID IDs
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
	// Item is the index of one of the ticket's items, nil for the whole ticket.
	Item *int `json:"item,omitempty"`
	// Count is how many of the item are done, nil for all of them.
	Count *int `json:"count,omitempty"`
	// Undo takes the press back: not done, not started.
	Undo bool `json:"undo,omitempty"`
}

type pressAnswer struct {
	Seq int64 `json:"seq"`
}

// press runs one press with its key: the same key gives the same answer and does nothing the second time. What is
// already as the press wants it is a success without an event.
func (k *Kitchen) press(ctx context.Context, verb string, p Press, act func(Tx, *Ticket, Moment) error) (int64, error) {
	if err := checkKey(p.Key); err != nil {
		return 0, err
	}
	digest, err := digestOf(struct {
		Verb  string
		Press Press
	}{verb, p})
	if err != nil {
		return 0, err
	}
	scope := string(DeviceActor(p.Device))
	var answer pressAnswer
	err = k.store.Write(ctx, func(tx Tx) error {
		answer = pressAnswer{}
		if repeated, err := answered(tx, scope, p.Key, digest, &answer); err != nil || repeated {
			return err
		}
		ticket, err := tx.Ticket(p.Ticket)
		if err != nil {
			return err
		}
		now := k.now()
		if err := act(tx, &ticket, now); err != nil {
			return err
		}
		if answer.Seq, err = tx.Seq(); err != nil {
			return err
		}
		return keep(tx, scope, p.Key, digest, answer, now)
	})
	return answer.Seq, err
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
	Order ID          `json:"order"`
	State TicketState `json:"state"`
	Done  []int       `json:"done"`
}

func ticketBody(t *Ticket) ticketChange {
	done := make([]int, len(t.Items))
	for i, item := range t.Items {
		done[i] = item.Done
	}
	return ticketChange{Order: t.Order, State: t.State, Done: done}
}

// Start notes that work on a ticket has begun; Undo puts it back.
func (k *Kitchen) Start(ctx context.Context, p Press) (int64, error) {
	return k.press(ctx, "start", p, func(tx Tx, ticket *Ticket, now Moment) error {
		actor := DeviceActor(p.Device)
		switch {
		case p.Undo && ticket.State == TicketStateStarted:
			ticket.State, ticket.Started = TicketStateNew, time.Time{}
			return putTicket(tx, TicketProgress, ticket, ticketBody(ticket), actor, now)
		case !p.Undo && ticket.State == TicketStateNew && ticket.Kind == TicketFood:
			return k.start(tx, ticket, actor, now)
		default:
			return nil
		}
	})
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
	return ticketLeft(tx, ticket.Order, actor, now)
}

// ticketLeft tells an order that one of its tickets needs no more work.
func ticketLeft(tx Tx, id ID, actor Actor, now Moment) error {
	order, err := tx.Order(id)
	if err != nil {
		return err
	}
	order.Waiting--
	if order.State.Over() {
		return tx.PutOrder(order)
	}
	if order.Waiting > 0 {
		if order.State != OrderStateAccepted {
			return tx.PutOrder(order)
		}
		order.State, order.Started = OrderStatePreparing, now.At
		return putOrder(tx, OrderPreparing, &order, stateBody{State: order.State}, actor, now)
	}
	order.State, order.Ready = OrderStateReady, now.At
	return putOrder(tx, OrderReady, &order, stateBody{State: order.State}, actor, now)
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
	ticket.State, ticket.Done = TicketStateStarted, time.Time{}
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
	if order.State != OrderStateReady {
		return tx.PutOrder(*order)
	}
	order.State, order.Ready = OrderStatePreparing, time.Time{}
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
		if !stock.SoldOut {
			stock.Until = time.Time{}
		}
		if err := putStock(tx, stock, actor, k.now()); err != nil {
			return err
		}
		seq, err = tx.Seq()
		return err
	})
	return seq, err
}

const maxLeft = 100_000
