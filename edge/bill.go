package edge

import (
	"context"
	"slices"
	"strings"
)

// Bill is what a session comes to: the lines of every order the kitchen took, less what was cancelled.
type Bill struct {
	Session ID         `json:"session"`
	Table   string     `json:"table"`
	Lines   []BillLine `json:"lines"`
	Totals  Totals     `json:"totals"`
	Paid    int64      `json:"paid" doc:"Minor units"`
	Due     int64      `json:"due" doc:"Minor units"`
	Tenders []Tender   `json:"tenders,omitempty"`
}

// BillLine is one dish on the bill.
type BillLine struct {
	Order       ID             `json:"order"`
	Name        Words          `json:"name"`
	VariantName Words          `json:"variant_name,omitempty"`
	Modifiers   []LineModifier `json:"modifiers,omitempty"`
	Quantity    int            `json:"quantity"`
	Unit        int64          `json:"unit"`
	Gross       int64          `json:"gross"`
}

// Bill reads a session's bill.
func (f *Floor) Bill(ctx context.Context, session ID) (Bill, error) {
	var bill Bill
	err := f.store.Read(ctx, func(view View) error {
		s, err := view.Session(session)
		if err != nil {
			return err
		}
		orders, err := view.OrdersOf(session)
		if err != nil {
			return err
		}
		bill, err = f.BillOf(s, orders)
		return err
	})
	return bill, err
}

// BillOf adds up a session's orders. Orders that the kitchen never got are not on it.
func (f *Floor) BillOf(session Session, orders []Order) (Bill, error) {
	bill := Bill{Session: session.ID, Table: session.Table, Lines: []BillLine{}, Tenders: session.Paid}
	var lines []Line
	for _, order := range orders {
		if order.Accepted.IsZero() {
			continue
		}
		for _, line := range order.Lines {
			n := line.Quantity - line.Cancelled
			if n == 0 {
				continue
			}
			lines = append(lines, line)
			bill.Lines = append(bill.Lines, BillLine{
				Order: order.ID, Name: line.Name, VariantName: line.VariantName, Modifiers: line.Modifiers,
				Quantity: n, Unit: line.Unit, Gross: line.Unit * int64(n),
			})
		}
	}
	totals, err := total(f.venue.Currency, lines)
	if err != nil {
		return Bill{}, err
	}
	bill.Totals = totals
	for _, tender := range session.Paid {
		bill.Paid += tender.Amount.Minor
	}
	bill.Due = bill.Totals.Gross - bill.Paid
	return bill, nil
}

// PayRequest is a payment that staff took at the table. Amount is in minor units.
type PayRequest struct {
	Key     string     `json:"-"`
	Session ID         `json:"session"`
	Kind    TenderKind `json:"kind"`
	Amount  int64      `json:"amount"`
}

// Pay records a payment. More than is due is refused: change is given from the drawer, not from the bill. When
// nothing is due any more the session counts as paid.
func (f *Floor) Pay(ctx context.Context, actor Actor, req PayRequest) (Bill, error) {
	if err := checkKey(req.Key); err != nil {
		return Bill{}, err
	}
	if req.Kind != TenderCash && req.Kind != TenderCard {
		return Bill{}, invalid("kind", "tender_unknown", "A payment is cash or card.")
	}
	digest, err := digestOf(req)
	if err != nil {
		return Bill{}, err
	}
	var bill Bill
	err = f.store.Write(ctx, func(tx Tx) error {
		bill = Bill{}
		if repeated, err := answered(tx, actor.scope(), req.Key, digest, &bill); err != nil || repeated {
			return err
		}
		now := f.now()
		if bill, err = f.pay(tx, req, actor, now); err != nil {
			return err
		}
		return keep(tx, actor.scope(), req.Key, digest, bill, now)
	})
	return bill, err
}

func (f *Floor) pay(tx Tx, req PayRequest, actor Actor, now Moment) (Bill, error) {
	session, err := openSession(tx, req.Session)
	if err != nil {
		return Bill{}, err
	}
	orders, err := tx.OrdersOf(session.ID)
	if err != nil {
		return Bill{}, err
	}
	bill, err := f.BillOf(session, orders)
	if err != nil {
		return Bill{}, err
	}
	if req.Amount < 1 || req.Amount > bill.Due {
		return Bill{}, invalid("amount", "amount_invalid", "Between 0 and %s can be paid.",
			Money{Minor: bill.Due, Currency: f.venue.Currency}.Plain())
	}
	tender := Tender{
		ID: f.newID(), Kind: req.Kind, Amount: Money{Minor: req.Amount, Currency: f.venue.Currency}, At: now.At, By: actor,
	}
	session.Paid = append(slices.Clone(session.Paid), tender)
	session.Active = now.At
	if err := putSession(tx, SessionPaid, &session, tender, actor, now); err != nil {
		return Bill{}, err
	}
	return f.BillOf(session, orders)
}

// Close ends a session and frees the table. Food that is still being cooked keeps it open; an unpaid bill needs a
// reason, and the session then counts as abandoned.
func (f *Floor) Close(ctx context.Context, actor Actor, session ID, reason string) error {
	if err := checkText("reason", reason, MaxNote); err != nil {
		return err
	}
	return f.store.Write(ctx, func(tx Tx) error {
		s, err := tx.Session(session)
		if err != nil || s.State.Over() {
			return err
		}
		return f.close(tx, &s, strings.TrimSpace(reason), actor, f.now())
	})
}

func (f *Floor) close(tx Tx, session *Session, reason string, actor Actor, now Moment) error {
	orders, err := tx.OrdersOf(session.ID)
	if err != nil {
		return err
	}
	for i := range orders {
		order := &orders[i]
		switch order.State {
		case OrderStateReady:
			tickets, err := tx.TicketsOf(order.ID)
			if err != nil {
				return err
			}
			if err := f.pass(tx, actor, now).serve(order, tickets, func(*Ticket) bool { return true }); err != nil {
				return err
			}
		case OrderStateReceived, OrderStateAccepted, OrderStatePreparing:
			if len(order.Held) > 0 {
				return Refuse(KindConflict, "orders_open", "Order %s has a course that was never sent. Send it and serve it, or cancel it.", order.Number)
			}
			return Refuse(KindConflict, "orders_open", "Order %s is not finished. Serve or cancel it first.", order.Number)
		case OrderStateCompleted, OrderStateRejected, OrderStateCancelled:
		default:
		}
	}
	bill, err := f.BillOf(*session, orders)
	if err != nil {
		return err
	}
	session.State = SessionStateClosed
	if bill.Due > 0 {
		if reason == "" {
			return invalid("reason", "reason_missing", "The bill is not paid. Please give a reason for closing the table.")
		}
		session.State = SessionAbandoned
	}
	session.Closed, session.Reason, session.Help = now.At, reason, nil
	return putSession(tx, SessionClosed, session, closedBody{State: session.State, Reason: reason, Due: bill.Due}, actor, now)
}

type closedBody struct {
	State  SessionState `json:"state"`
	Reason string       `json:"reason,omitempty"`
	Due    int64        `json:"due"`
}
