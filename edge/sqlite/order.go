package sqlite

import (
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// Order implements [edge.View].
func (v *view) Order(id edge.ID) (edge.Order, error) {
	body, err := v.q.Order(background(), string(id))
	return one[edge.Order](v, body, err, "order", id)
}

// OrdersOf implements [edge.View].
func (v *view) OrdersOf(session edge.ID) ([]edge.Order, error) {
	bodies, err := v.q.OrdersOf(background(), string(session))
	return many[edge.Order](v, bodies, err, "orders")
}

// OpenOrdersOf implements [edge.View].
func (v *view) OpenOrdersOf(guest edge.ID) (int, error) {
	n, err := v.q.OpenOrdersOf(background(), string(guest))
	if err != nil {
		return 0, v.failed(err, "open orders of guest", guest)
	}
	return int(n), nil
}

// DayTotals implements [edge.View].
func (v *view) DayTotals(day edge.BusinessDay) (edge.DayTotals, error) {
	row, err := v.q.DayTotals(background(), string(day))
	if err != nil {
		return edge.DayTotals{}, v.failed(err, "totals of day", day)
	}
	return edge.DayTotals{Orders: int(row.Orders), Gross: row.Gross}, nil
}

// OpenOrders implements [edge.View].
func (v *view) OpenOrders() ([]edge.Order, error) {
	bodies, err := v.q.OpenOrders(background())
	return many[edge.Order](v, bodies, err, "open orders")
}

// WaitingOrders implements [edge.View].
func (v *view) WaitingOrders() ([]edge.Order, error) {
	bodies, err := v.q.WaitingOrders(background())
	return many[edge.Order](v, bodies, err, "waiting orders")
}

// CountOpenOrders implements [edge.View].
func (v *view) CountOpenOrders() (int, error) {
	n, err := v.q.CountOpenOrders(background())
	if err != nil {
		return 0, v.failed(err, "number of", "open orders")
	}
	return int(n), nil
}

// PutOrder implements [edge.Tx]. The session must be there.
func (t *tx) PutOrder(order edge.Order) error {
	var gross *int64
	if order.Sold() {
		gross = &order.Totals.Gross
	}
	return t.put("order", order.ID, order, func(body string) error {
		return t.q.PutOrder(background(), query.PutOrderParams{
			ID: string(order.ID), Session: string(order.Session), Guest: string(order.Guest), Open: bit(!order.State.Over()),
			Waits: bit(order.State == edge.OrderStateReceived), Placed: order.Placed.UnixMilli(), Day: string(order.Day), Gross: gross, Body: body,
		})
	})
}

// NextNumber implements [edge.Tx].
func (t *tx) NextNumber(day edge.BusinessDay) (int, error) {
	var number int64
	err := t.do("number of day", day, func() (err error) {
		number, err = t.q.NextNumber(background(), string(day))
		return err
	})
	return int(number), err
}
