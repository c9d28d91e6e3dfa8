package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// DueDeliveries implements [edge.View]. A delivery being sent still heads its lane.
func (v *view) DueDeliveries(now time.Time, limit int) ([]edge.Delivery, error) {
	rows, err := v.q.DueDeliveries(background(), query.DueDeliveriesParams{Now: now.UnixMilli(), Most: int64(limit)})
	if err != nil {
		return nil, v.failed(err, "due deliveries at", now)
	}
	deliveries := make([]edge.Delivery, len(rows))
	for i, row := range rows {
		if deliveries[i], err = v.delivery(row, nil); err != nil {
			return nil, err
		}
	}
	return deliveries, nil
}

// delivery makes a delivery of a row; its seq was not known yet when its body was first written.
func (v *view) delivery(row query.DueDeliveriesRow, err error) (edge.Delivery, error) {
	delivery, err := one[edge.Delivery](v, row.Body, err, "delivery", row.Seq)
	delivery.Seq = row.Seq
	return delivery, err
}

// UnsentDelivery implements [edge.View].
func (v *view) UnsentDelivery(lane string, subject edge.ID) (edge.Delivery, error) {
	row, err := v.q.UnsentDelivery(background(), query.UnsentDeliveryParams{Lane: lane, Subject: string(subject)})
	if err != nil {
		return edge.Delivery{}, v.failed(err, "unsent delivery about", subject)
	}
	return v.delivery(query.DueDeliveriesRow(row), nil)
}

// NextDelivery implements [edge.View]: the zero time for one that can be sent at once.
func (v *view) NextDelivery() (at time.Time, ok bool, err error) {
	next, err := v.q.NextDelivery(background())
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, v.failed(err, "next", "delivery")
	}
	if next == 0 {
		return time.Time{}, true, nil
	}
	return instant(next), true, nil
}

// DeliveryBacklog implements [edge.View].
func (v *view) DeliveryBacklog(lanePrefix string) (edge.Backlog, error) {
	row, err := v.q.Backlog(background(), lanePrefix)
	if err != nil {
		return edge.Backlog{}, v.failed(err, "backlog of", lanePrefix)
	}
	backlog := edge.Backlog{Waiting: int(row.Waiting)}
	if row.Waiting > 0 {
		backlog.Oldest = instant(row.Oldest)
	}
	return backlog, nil
}

// PutDelivery implements [edge.Tx]. A Seq that is not there is [edge.ErrNotFound].
func (t *tx) PutDelivery(d edge.Delivery) (int64, error) {
	row := query.ChangeDeliveryParams{
		Lane: d.Lane, Subject: string(d.Subject), State: string(d.State), Open: bit(!d.State.Over()),
		Created: d.Created.UnixMilli(), Seq: d.Seq,
	}
	if !d.NextTry.IsZero() {
		row.NextTry = d.NextTry.UnixMilli()
	}
	if d.State.Over() {
		row.Ended = optional(d.Ended)
		if row.Ended == nil {
			row.Ended = &row.Created
		}
	}
	err := t.put("delivery in lane", d.Lane, d, func(body string) (err error) {
		row.Body = body
		row.Seq, err = t.keepDelivery(row)
		return err
	})
	return row.Seq, err
}

func (t *tx) keepDelivery(row query.ChangeDeliveryParams) (int64, error) {
	if row.Seq == 0 {
		return t.q.AddDelivery(background(), query.AddDeliveryParams{
			Lane: row.Lane, Subject: row.Subject, State: row.State, Open: row.Open, NextTry: row.NextTry,
			Created: row.Created, Ended: row.Ended, Body: row.Body,
		})
	}
	changed, err := t.q.ChangeDelivery(background(), row)
	if err == nil && changed == 0 {
		err = fmt.Errorf("delivery %d: %w", row.Seq, edge.ErrNotFound)
	}
	return row.Seq, err
}

// Card implements [edge.View].
func (v *view) Card(lane string, subject edge.ID) (edge.Card, error) {
	ref, err := v.q.Card(background(), query.CardParams{Lane: lane, Subject: string(subject)})
	if err != nil {
		return edge.Card{}, v.failed(err, "card about", subject)
	}
	return edge.Card{Lane: lane, Subject: subject, Ref: ref}, nil
}

// PutCard implements [edge.Tx].
func (t *tx) PutCard(card edge.Card) error {
	return t.do("card about", card.Subject, func() error {
		return t.q.PutCard(background(), query.PutCardParams{
			Lane: card.Lane, Subject: string(card.Subject), Ref: card.Ref, Put: t.batch.now().UnixMilli(),
		})
	})
}
