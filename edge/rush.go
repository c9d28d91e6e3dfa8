package edge

import (
	"context"
	"time"
)

// Rush puts a ticket, or all of an order that is not done, before the others. Undo takes that back.
func (k *Kitchen) Rush(ctx context.Context, p Press) (int64, error) {
	return k.onOrder(ctx, "rush", p, func(w pass, _ *Order, tickets []Ticket) error {
		for i := range tickets {
			t := &tickets[i]
			if t.Kind != TicketFood || !t.State.Open() || !p.means(t) || t.Rush.IsZero() == p.Undo {
				continue
			}
			t.Rush = w.now.At
			if p.Undo {
				t.Rush = time.Time{}
			}
			if err := putTicket(w.tx, TicketRushed, t, ticketBody(t), w.actor, w.now); err != nil {
				return err
			}
		}
		return nil
	})
}

// Remake asks for some of an item again, on the fly: it was dropped, went wrong, or was forgotten. The station gets a
// new ticket before all others; the guest pays nothing for it. The order is in the kitchen again until it is done.
func (k *Kitchen) Remake(ctx context.Context, p Press) (int64, error) {
	if err := checkReason(p.Reason); err != nil {
		return 0, err
	}
	return k.press(ctx, "remake", p, func(tx Tx, ticket *Ticket, now Moment) error {
		order, err := tx.Order(ticket.Order)
		if err != nil {
			return err
		}
		if order.State == OrderStateCancelled {
			return errTicketVoided
		}
		again, err := k.again(ticket, order.Lines, p, now)
		if err != nil {
			return err
		}
		if _, err := openSession(tx, order.Session); err != nil {
			return err
		}
		actor := DeviceActor(p.Device)
		order.Tickets = append(order.Tickets, again.ID)
		again.Prep = again.longest(order.Lines)
		if err := putTicket(tx, TicketCreated, &again, createdBody(&again), actor, now); err != nil {
			return err
		}
		return ticketBack(tx, &order, actor, now)
	})
}

// again makes the ticket of a remake. What was cancelled meanwhile is wanted by nobody.
func (k *Kitchen) again(of *Ticket, lines []Line, p Press, now Moment) (Ticket, error) {
	if p.Item == nil || *p.Item < 0 || *p.Item >= len(of.Items) || of.Kind != TicketFood {
		return Ticket{}, invalid("item", "item_unknown", "The ticket has no such item.")
	}
	item, count := of.Items[*p.Item], 1
	if p.Count != nil {
		count = *p.Count
	}
	if item.Done == 0 {
		return Ticket{}, Refuse(KindConflict, "not_cooked", "This has not been made yet.")
	}
	wanted := min(item.Done, lines[item.Line].Quantity-lines[item.Line].Cancelled)
	if wanted == 0 {
		return Ticket{}, errTicketVoided
	}
	if count < 1 || count > wanted {
		return Ticket{}, invalid("count", "quantity_invalid", "Between 1 and %d can be made again.", wanted)
	}
	again := *of
	again.ID, again.Of, again.State, again.Fly, again.Reason = k.newID(), of.ID, TicketStateNew, true, p.Reason
	again.Created, again.Rush, again.Recalled, again.Expected, again.WasHeld = now.At, now.At, 0, 0, nil
	again.Due, again.Fired, again.Unseen, again.Seen = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	again.Started, again.Done, again.Collected, again.Served = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	item.Quantity, item.Done, item.Cancelled, item.Bumped = count, 0, 0, 0
	again.Items = []TicketItem{item}
	return again, nil
}
