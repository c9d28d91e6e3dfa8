package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

const (
	// A visit is three orders; a day of the past has a hundred visits, a commit twenty.
	ordersPerVisit, visitsPerDay, visitsPerCommit = 3, 100, 20
	// visitsRunning are not over at the end: their orders are still cooked.
	visitsRunning = 20
)

// history adds orders to a house by its own rules, from the first guest to the payment: of past days, or all of
// the last hours. The newest visits are still running.
func (h *house) history(ctx context.Context, orders int, today bool) (err error) {
	store, err := sqlite.Open(ctx, filepath.Join(h.dir, "comanda.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	visits := (orders + ordersPerVisit - 1) / ordersPerVisit
	end := time.Now().Add(-time.Minute)
	at := func(visit int) time.Time {
		return end.Add(-time.Duration(visits-visit) * 8 * time.Hour / time.Duration(visits))
	}
	if !today {
		at = func(visit int) time.Time {
			days := (visits - visit) / visitsPerDay
			return end.AddDate(0, 0, -days).Add(-time.Duration((visits-visit)%visitsPerDay) * time.Minute)
		}
	}
	for first := 0; first < visits; first += visitsPerCommit {
		err := store.Write(ctx, func(tx edge.Tx) error {
			for n := first; n < min(first+visitsPerCommit, visits); n++ {
				now := at(n)
				v := visit{rules: rulesOver(within{tx}, func() time.Time { return now }), tx: tx, house: h, number: n}
				if err := v.run(ctx, n < visits-visitsRunning); err != nil {
					return fmt.Errorf("visit %d: %w", n, err)
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("make a history: %w", err)
		}
	}
	return nil
}

// visit is guests at a table of the past.
type visit struct {
	rules
	tx     edge.Tx
	house  *house
	number int
}

func (v visit) run(ctx context.Context, ends bool) error {
	key := access.Hash(fmt.Sprint("guest of visit ", v.number))
	seated, err := v.floor.Seat(ctx, edge.SeatRequest{Token: v.house.token, KeyHash: key, Channel: "web"})
	if err != nil {
		return err
	}
	owed := int64(0)
	for n := range ordersPerVisit {
		receipt, err := v.floor.Place(ctx, edge.PlaceRequest{
			Key: fmt.Sprint("visit-", v.number, "-", n), Guest: seated.Guest.ID, MenuVersion: v.house.menu, Lines: lines(), Channel: "web",
		})
		if err != nil {
			return err
		}
		owed += receipt.Totals.Gross
		if ends {
			if err := v.cook(ctx, receipt.Order); err != nil {
				return err
			}
		}
	}
	if !ends {
		return nil
	}
	_, err = v.floor.Pay(ctx, edge.System, edge.PayRequest{
		Key: fmt.Sprint("pay-", v.number), Session: seated.Session.ID, Kind: edge.TenderCash, Amount: owed,
	})
	if err != nil {
		return err
	}
	return v.floor.Close(ctx, edge.System, seated.Session.ID, "")
}

// cook bumps the order's tickets and serves it.
func (v visit) cook(ctx context.Context, order edge.ID) error {
	tickets, err := v.tx.TicketsOf(order)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		if _, err := v.kitchen.Bump(ctx, edge.Press{Key: "bump-" + string(t.ID), Device: "history", Ticket: t.ID}); err != nil {
			return err
		}
	}
	return v.floor.Serve(ctx, edge.System, order)
}

// lines is the order everybody sends: four lines for two stations.
func lines() []edge.LineRequest {
	return []edge.LineRequest{
		{Item: "trout", Quantity: 1},
		{Item: "risotto", Quantity: 2, Modifiers: []edge.ModifierRequest{{ID: "no-cheese"}}},
		{Item: "espresso", Quantity: 2},
		{Item: "water", Variant: "large", Quantity: 1},
	}
}
