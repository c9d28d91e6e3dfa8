package edge

import (
	"context"
	"errors"
)

type pressAnswer struct {
	Seq int64 `json:"seq"`
}

// pressed runs one press with its key: the same key gives the same answer and does nothing the second time. What is
// already as the press wants it is a success without an event.
func (k *Kitchen) pressed(ctx context.Context, verb string, p Press, act func(Tx, Moment) error) (int64, error) {
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
		now := k.now()
		if err := act(tx, now); err != nil {
			return err
		}
		if answer.Seq, err = tx.Seq(); err != nil {
			return err
		}
		return keep(tx, scope, p.Key, digest, answer, now)
	})
	return answer.Seq, err
}

// press runs a press on one ticket.
func (k *Kitchen) press(ctx context.Context, verb string, p Press, act func(Tx, *Ticket, Moment) error) (int64, error) {
	return k.pressed(ctx, verb, p, func(tx Tx, now Moment) error {
		ticket, err := tx.Ticket(p.Ticket)
		if err != nil {
			return err
		}
		return act(tx, &ticket, now)
	})
}

// onOrder runs a press on an order, named by itself or by one of its tickets.
func (k *Kitchen) onOrder(ctx context.Context, verb string, p Press, act func(pass, *Order, []Ticket) error) (int64, error) {
	return k.pressed(ctx, verb, p, func(tx Tx, now Moment) error {
		id := p.Order
		if p.Ticket != "" {
			ticket, err := tx.Ticket(p.Ticket)
			if err != nil {
				return err
			}
			id = ticket.Order
		}
		order, err := tx.Order(id)
		if errors.Is(err, ErrNotFound) {
			return Refuse(KindNotFound, "order_unknown", "There is no such order.")
		}
		if err != nil {
			return err
		}
		tickets, err := tx.TicketsOf(id)
		if err != nil {
			return err
		}
		return act(k.pass(tx, DeviceActor(p.Device), now), &order, tickets)
	})
}

// means reports whether the press is about the ticket: it names it, or its order and, if any, its course.
func (p *Press) means(t *Ticket) bool {
	if p.Ticket != "" {
		return t.ID == p.Ticket
	}
	return p.Course == nil || *p.Course == t.Course
}
