package conversation

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// How long after an event its news still makes sense. What calls for the guest stays worth knowing for longer.
const (
	passingLife = 30 * time.Minute
	urgentLife  = 3 * time.Hour
	thanksLife  = 12 * time.Hour
)

// intentOrder asks for an order's card as it stands now, without an event behind it.
const intentOrder = "order"

// newsLife says for which events there is news of an order, and for how long it makes sense.
func newsLife(kind edge.EventKind) (time.Duration, bool) {
	switch kind {
	case edge.OrderPlaced, edge.OrderAccepted, edge.OrderPreparing, edge.OrderReopened, edge.OrderServed, edge.OrderCourses,
		edge.OrderPartServed, edge.OrderDelayed:
		return passingLife, true
	case edge.OrderReady, edge.OrderRejected, edge.OrderReduced, edge.OrderCancelled:
		return urgentLife, true
	default:
		return 0, false
	}
}

// News says who is to be told what because of an event. It only looks: it changes nothing, and the same event gives the
// same deliveries while the restaurant stands the same. A delivery about an order has the order as its subject and
// says that there is something to tell; what exactly is read when it is told.
func (c *Conversation) News(view edge.View, e edge.Event) ([]edge.Delivery, error) {
	var guests []edge.Guest
	var err error
	life, ofOrder := newsLife(e.Kind)
	switch {
	case ofOrder:
		guests, err = guestOf(view, e.Subject)
	case e.Kind == edge.TicketDone || e.Kind == edge.TicketRecalled:
		return c.coursesNews(view, e)
	case e.Kind == edge.SessionClosed:
		life = thanksLife
		guests, err = thanked(view, e.Subject)
	default:
		return nil, nil
	}
	if errors.Is(err, edge.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find whom event %d concerns: %w", e.Seq, err)
	}
	return c.deliveries(guests, e, life), nil
}

// coursesNews is what a ticket means for its order while courses wait: with the last ticket of a course guests may call
// the next one, and no event of the order says so.
func (c *Conversation) coursesNews(view edge.View, e edge.Event) ([]edge.Delivery, error) {
	if !c.venue.Coursing.Guests {
		return nil, nil
	}
	guests, order, err := waitingFor(view, e.Subject)
	if errors.Is(err, edge.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find whose courses event %d concerns: %w", e.Seq, err)
	}
	news := c.deliveries(guests, e, passingLife)
	for i := range news {
		news[i].Subject, news[i].Intent = order, intentOrder
	}
	return news, nil
}

// waitingFor is the guest who waits for the courses of a ticket's order, and the order; nobody when none is held.
func waitingFor(view edge.View, ticket edge.ID) ([]edge.Guest, edge.ID, error) {
	t, err := view.Ticket(ticket)
	if err != nil {
		return nil, "", err
	}
	order, err := view.Order(t.Order)
	if err != nil || len(order.Held) == 0 {
		return nil, "", err
	}
	guest, err := view.Guest(order.Guest)
	return []edge.Guest{guest}, order.ID, err
}

func (c *Conversation) deliveries(guests []edge.Guest, e edge.Event, life time.Duration) []edge.Delivery {
	var out []edge.Delivery
	for _, guest := range guests {
		if _, ok := c.channels[guest.Channel]; !ok || guest.Address == "" {
			continue
		}
		body, err := json.Marshal(guestBody{Guest: guest.ID})
		if err != nil {
			continue // a struct of one string always encodes
		}
		out = append(out, edge.Delivery{
			Lane: LaneOf(guest.Channel, guest.Address), Subject: e.Subject, Intent: string(e.Kind), Body: body,
			Event: e.Seq, State: edge.DeliveryWaiting, Created: e.At, Deadline: e.At.Add(life),
		})
	}
	return out
}

// guestOf is the guest who placed an order: the others at the table did not ask to be told.
func guestOf(view edge.View, order edge.ID) ([]edge.Guest, error) {
	o, err := view.Order(order)
	if err != nil {
		return nil, err
	}
	guest, err := view.Guest(o.Guest)
	return []edge.Guest{guest}, err
}

// thanked are the guests of a visit that ended as it should and in which something was eaten.
func thanked(view edge.View, session edge.ID) ([]edge.Guest, error) {
	s, err := view.Session(session)
	if err != nil || s.State != edge.SessionStateClosed {
		return nil, err
	}
	orders, err := view.OrdersOf(session)
	if err != nil {
		return nil, err
	}
	for _, order := range orders {
		if order.State == edge.OrderStateCompleted {
			return view.Guests(session)
		}
	}
	return nil, nil
}
