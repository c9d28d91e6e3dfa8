package edge

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// change loads an order, lets act change it, in one transaction.
func (f *Floor) change(ctx context.Context, id ID, act func(Tx, *Order, Moment) error) error {
	return f.store.Write(ctx, func(tx Tx) error {
		order, err := tx.Order(id)
		if err != nil {
			return err
		}
		return act(tx, &order, f.now())
	})
}

// Accept hands an order that waits for staff to the kitchen. The guest's next orders need no waiting. Accepting
// twice does nothing the second time.
func (f *Floor) Accept(ctx context.Context, actor Actor, order ID) error {
	return f.change(ctx, order, func(tx Tx, order *Order, now Moment) error {
		if order.State.Over() {
			return Refuse(KindConflict, "order_over", "This order has already ended: %s.", order.State)
		}
		if order.State != OrderStateReceived {
			return nil
		}
		guest, err := tx.Guest(order.Guest)
		if err != nil {
			return err
		}
		guest.Confirmed = true
		if err := tx.PutGuest(guest); err != nil {
			return err
		}
		from, err := firedFrom(tx, order.Channel, now.At)
		if err != nil {
			return err
		}
		order.State, order.Accepted = OrderStateAccepted, now.At
		tickets := f.ticketsFor(order, from, now)
		return putNew(tx, *order, tickets,
			newEvent(OrderAccepted, order.ID, actor, now, stateBody{State: order.State}, order), actor, now)
	})
}

// Reject refuses an order that waits for staff. The reason is told to the guest.
func (f *Floor) Reject(ctx context.Context, actor Actor, order ID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return f.change(ctx, order, func(tx Tx, order *Order, now Moment) error {
		if order.State == OrderStateRejected {
			return nil
		}
		if order.State != OrderStateReceived {
			return Refuse(KindConflict, "order_accepted", "The kitchen already has this order. It can be cancelled instead.")
		}
		return f.end(tx, order, OrderRejected, OrderStateRejected, reason, actor, now)
	})
}

// Withdraw lets a guest take back an order that still waits for staff.
func (f *Floor) Withdraw(ctx context.Context, guest, order ID) error {
	return f.change(ctx, order, func(tx Tx, order *Order, now Moment) error {
		if order.Guest != guest {
			return Refuse(KindNotFound, "order_unknown", "There is no such order.")
		}
		if order.State == OrderStateCancelled {
			return nil
		}
		if order.State != OrderStateReceived {
			return Refuse(KindConflict, "order_accepted", "The kitchen already has this order. Please ask the staff.")
		}
		return f.end(tx, order, OrderCancelled, OrderStateCancelled, "withdrawn", GuestActor(guest), now)
	})
}

// end closes an order that nobody has begun to cook and gives back its stock.
func (f *Floor) end(tx Tx, order *Order, kind EventKind, state OrderState, reason string, actor Actor, now Moment) error {
	var needs []need
	for i, line := range order.Lines {
		needs = append(needs, lineNeeds(i, line, line.Quantity-line.Cancelled)...)
	}
	if err := returnStock(tx, needs, actor, now); err != nil {
		return err
	}
	order.State, order.Ended, order.Reason = state, now.At, reason
	return putOrder(tx, kind, order, stateBody{State: state, Reason: reason}, actor, now)
}

func checkReason(reason string) error {
	if reason == "" {
		return invalid("reason", "reason_missing", "Please give a reason.")
	}
	return checkText("reason", reason, MaxNote)
}

// CancelRequest takes something off an order after the kitchen has it. Line is nil for the whole order; Quantity is
// then ignored.
type CancelRequest struct {
	Key      string `json:"-"`
	Order    ID     `json:"order"`
	Line     *int   `json:"line,omitempty"`
	Quantity int    `json:"quantity,omitempty"`
	Reason   string `json:"reason"`
	// ApprovedBy is whose badge allowed it, where the house wants that.
	ApprovedBy ID `json:"approved_by,omitempty"`
}

// Cancel takes an order, or some of one line, off again. The stations get a cancellation slip for what they have
// not finished, and the stock gets that back; the guest pays for none of it. Where the house guards that, it is refused
// (approval_needed) and AskApproval is the way.
func (f *Floor) Cancel(ctx context.Context, actor Actor, req CancelRequest) error {
	if err := checkKey(req.Key); err != nil {
		return err
	}
	if err := checkReason(req.Reason); err != nil {
		return err
	}
	digest, err := digestOf(req)
	if err != nil {
		return err
	}
	return f.change(ctx, req.Order, func(tx Tx, order *Order, now Moment) error {
		if repeated, err := answered(tx, actor.scope(), req.Key, digest, &struct{}{}); err != nil || repeated {
			return err
		}
		if f.guards(order, actor) {
			return errApprovalNeeded
		}
		if err := f.cancel(tx, order, req, actor, now); err != nil {
			return err
		}
		return keep(tx, actor.scope(), req.Key, digest, struct{}{}, now)
	})
}

func (f *Floor) cancel(tx Tx, order *Order, req CancelRequest, actor Actor, now Moment) error {
	if order.State.Over() {
		return Refuse(KindConflict, "order_over", "This order has already ended: %s.", order.State)
	}
	if order.State == OrderStateReceived && req.Line == nil {
		return f.end(tx, order, OrderCancelled, OrderStateCancelled, req.Reason, actor, now)
	}
	quantities, err := order.toCancel(req)
	if err != nil {
		return err
	}
	tickets, err := tx.TicketsOf(order.ID)
	if err != nil {
		return err
	}
	if err := returnStock(tx, order.takeOff(quantities, cooked(tickets)), actor, now); err != nil {
		return err
	}
	totals, err := total(order.Totals.Currency, order.Lines)
	if err != nil {
		return err
	}
	order.Totals = totals
	held := len(order.Held)
	left, err := f.slips(tx, order, tickets, quantities, actor, now)
	if err != nil {
		return err
	}
	order.noteHeld(tickets)
	w := f.pass(tx, actor, now)
	if err := w.cancelled(order, left, tickets, req); err != nil || held == 0 || order.State.Over() {
		return err
	}
	return w.follow(order)
}

// takeOff takes quantities off the order's lines and gives what goes back to the stock: what is cooked is gone.
func (o *Order) takeOff(quantities []int, cooked map[int]int) []need {
	var needs []need
	for i, n := range quantities {
		line := &o.Lines[i]
		if back := min(n, line.Quantity-line.Cancelled-cooked[i]); back > 0 {
			needs = append(needs, lineNeeds(i, *line, back)...)
		}
		line.Cancelled += n
	}
	return needs
}

// cooked is how many of each line some station has made.
func cooked(tickets []Ticket) map[int]int {
	made := map[int]int{}
	for _, ticket := range tickets {
		if ticket.Kind != TicketFood {
			continue
		}
		for _, item := range ticket.Items {
			made[item.Line] = max(made[item.Line], item.Done)
		}
	}
	return made
}

// toCancel is how many of each line are to be taken off.
func (o *Order) toCancel(req CancelRequest) ([]int, error) {
	quantities := make([]int, len(o.Lines))
	if req.Line == nil {
		for i, line := range o.Lines {
			quantities[i] = line.Quantity - line.Cancelled
		}
		return quantities, nil
	}
	if *req.Line < 0 || *req.Line >= len(o.Lines) {
		return nil, invalid("line", "line_unknown", "The order has no such line.")
	}
	line := o.Lines[*req.Line]
	if req.Quantity < 1 || req.Quantity > line.Quantity-line.Cancelled {
		return nil, invalid("quantity", "quantity_invalid", "Between 1 and %d can be taken off.", line.Quantity-line.Cancelled)
	}
	quantities[*req.Line] = req.Quantity
	return quantities, nil
}

// cancelled brings the order's state up to date after some of it was taken off; left is how many tickets still
// want work.
func (w pass) cancelled(o *Order, left int, tickets []Ticket, req CancelRequest) error {
	o.Waiting = left
	everything, kind := o.nothingLeft(), OrderReduced
	if everything {
		o.State, o.Ended, o.Reason, kind = OrderStateCancelled, w.now.At, req.Reason, OrderCancelled
	}
	if err := putOrder(w.tx, kind, o, req, w.actor, w.now); err != nil {
		return err
	}
	switch {
	case everything, left > 0, o.State == OrderStateReceived:
		return nil
	case onTable(tickets):
		return w.complete(o)
	case o.State == OrderStateReady:
		return nil
	}
	o.State, o.Ready = OrderStateReady, w.now.At
	return putOrder(w.tx, OrderReady, o, stateBody{State: o.State}, w.actor, w.now)
}

// nothingLeft reports whether all of the order is cancelled.
func (o *Order) nothingLeft() bool {
	return !slices.ContainsFunc(o.Lines, func(l Line) bool { return l.Cancelled < l.Quantity })
}

// onTable reports whether all of the tickets that were not cancelled are served.
func onTable(tickets []Ticket) bool {
	return !slices.ContainsFunc(tickets, func(t Ticket) bool {
		return t.Kind == TicketFood && t.State != TicketStateServed && t.State != TicketStateVoided
	})
}

// slips takes cancelled quantities off the open tickets, writes a cancellation slip for each ticket that loses
// something, and counts the tickets that still want work.
func (f *Floor) slips(tx Tx, order *Order, tickets []Ticket, quantities []int, actor Actor, now Moment) (int, error) {
	left, wanted := 0, map[string][]int{}
	for i := range tickets {
		ticket := &tickets[i]
		if ticket.Kind != TicketFood || !ticket.State.Open() {
			continue
		}
		slip := order.ticket(f.newID(), TicketCancellation, ticket.Station, now)
		slip.Of = ticket.ID
		if wanted[ticket.Station] == nil {
			wanted[ticket.Station] = order.unwanted(quantities)
		}
		ticket.takeOff(&slip, wanted[ticket.Station])
		if len(slip.Items) > 0 {
			if err := putSlip(tx, ticket, &slip, actor, now); err != nil {
				return 0, err
			}
		} else if order.nothingLeft() {
			// All of it is made, only nobody said so: of an order that is cancelled nothing stays on a screen.
			ticket.State, ticket.Done = TicketStateDone, now.At
			if err := putTicket(tx, TicketDone, ticket, ticketBody(ticket), actor, now); err != nil {
				return 0, err
			}
		}
		if ticket.State.Open() {
			left++
		}
	}
	return left, nil
}

// unwanted is how many of each line a station is to leave uncooked: of a line that is cancelled whole everything, also
// what is made again.
func (o *Order) unwanted(quantities []int) []int {
	unwanted := slices.Clone(quantities)
	for i, line := range o.Lines {
		if line.Cancelled == line.Quantity {
			unwanted[i] = math.MaxInt
		}
	}
	return unwanted
}

// takeOff moves quantities per line from the ticket to the slip, never more than is still to be cooked. What it took is
// no longer in quantities: a line may be on a second ticket of the station, made again.
func (t *Ticket) takeOff(slip *Ticket, quantities []int) {
	for i := range t.Items {
		item := &t.Items[i]
		n := min(quantities[item.Line], item.Open())
		if n == 0 {
			continue
		}
		item.Cancelled += n
		quantities[item.Line] -= n
		gone := *item
		gone.Quantity, gone.Done, gone.Cancelled, gone.Bumped = n, 0, 0, 0
		slip.Items = append(slip.Items, gone)
	}
}

func putSlip(tx Tx, ticket, slip *Ticket, actor Actor, now Moment) error {
	kind := TicketProgress
	switch {
	case ticket.cancelled():
		ticket.State, kind = TicketStateVoided, TicketVoided
	case ticket.finished():
		ticket.State, ticket.Done, kind = TicketStateDone, now.At, TicketDone
	}
	if err := putTicket(tx, kind, ticket, ticketBody(ticket), actor, now); err != nil {
		return fmt.Errorf("cancel ticket: %w", err)
	}
	return putTicket(tx, TicketCreated, slip, createdBody(slip), actor, now)
}
