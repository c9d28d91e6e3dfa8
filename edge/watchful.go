package edge

import (
	"context"
	"errors"
	"time"
)

// Tend does what time alone calls for in the kitchen: held tickets whose time has come are fired, tickets that no live
// screen shows are told of, and orders that take longer than guests were told are noted. It is to be called every second
// or two.
func (k *Kitchen) Tend(ctx context.Context) error {
	now := k.now()
	var due, unseen []ID
	delayed := map[ID]bool{}
	err := k.store.Read(ctx, func(view View) error {
		tickets, err := view.OpenTickets()
		for i := range tickets {
			t := &tickets[i]
			if k.fires(t, now.At) {
				due = append(due, t.ID)
			}
			if k.unseen(t, now.At) {
				unseen = append(unseen, t.ID)
			}
			if late(t, now.At) {
				if _, known := delayed[t.Order]; !known {
					order, err := view.Order(t.Order)
					if err != nil {
						return err
					}
					delayed[t.Order] = order.late(now.At)
				}
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range due {
		err = errors.Join(err, k.fireDue(ctx, id))
	}
	if len(unseen) > 0 {
		err = errors.Join(err, k.noteUnseen(ctx, unseen))
	}
	for id, late := range delayed {
		if late {
			err = errors.Join(err, k.noteDelayed(ctx, id))
		}
	}
	return err
}

func (k *Kitchen) fires(t *Ticket, at time.Time) bool {
	return t.State == TicketStateHeld && !t.FireAt.IsZero() && !at.Before(t.FireAt)
}

func (k *Kitchen) unseen(t *Ticket, at time.Time) bool {
	return k.venue.UnseenAfter > 0 && t.State == TicketStateNew && t.Seen.IsZero() && t.Unseen.IsZero() &&
		at.Sub(t.Since()) >= k.venue.UnseenAfter
}

func late(t *Ticket, at time.Time) bool {
	return t.Kind == TicketFood && t.State.Open() && !t.Due.IsZero() && at.After(t.Due)
}

// late reports whether the order takes longer than its guest was told, and the guest does not know yet.
func (o *Order) late(at time.Time) bool {
	return (o.State == OrderStateAccepted || o.State == OrderStatePreparing) && o.Delayed.IsZero() && o.Expected != nil &&
		at.After(o.Expected.To)
}

func (k *Kitchen) fireDue(ctx context.Context, id ID) error {
	return k.store.Write(ctx, func(tx Tx) error {
		ticket, err := tx.Ticket(id)
		now := k.now()
		if err != nil || !k.fires(&ticket, now.At) {
			return err
		}
		order, err := tx.Order(ticket.Order)
		if err != nil {
			return err
		}
		tickets, err := tx.TicketsOf(order.ID)
		if err != nil {
			return err
		}
		return k.pass(tx, System, now).fireTicket(&order, tickets, id)
	})
}

func (k *Kitchen) noteUnseen(ctx context.Context, ids []ID) error {
	return k.store.Write(ctx, func(tx Tx) error {
		now := k.now()
		for _, id := range ids {
			ticket, err := tx.Ticket(id)
			if err != nil {
				return err
			}
			if !k.unseen(&ticket, now.At) {
				continue
			}
			ticket.Unseen = now.At
			if err := putTicket(tx, TicketUnseen, &ticket, ticketBody(&ticket), System, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *Kitchen) noteDelayed(ctx context.Context, id ID) error {
	return k.store.Write(ctx, func(tx Tx) error {
		order, err := tx.Order(id)
		now := k.now()
		if err != nil || !order.late(now.At) {
			return err
		}
		order.Delayed = now.At
		return putOrder(tx, OrderDelayed, &order, stateBody{State: order.State}, System, now)
	})
}
