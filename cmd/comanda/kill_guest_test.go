package main_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// killGuest orders and writes down every key before it is sent and every receipt that came back.
type killGuest struct {
	t      *testing.T
	number int
	menu   int64
	guest  *client.Guest

	records map[string]*killRecord // belongs to visit until it returns
	keys    []string               // in the order in which they were made
	repeats int                    // answers that were repeated
	found   int                    // orders first acknowledged by a repeated answer: the first one was lost
}

// killRecord is what the guest knows of one key.
type killRecord struct {
	body    api.OrderBody
	receipt *edge.Receipt // nil: never acknowledged
	sent    int
}

// killDishes are items of the sample menu and where they are made.
var killDishes = []struct {
	line     edge.LineRequest
	stations []string
}{
	{edge.LineRequest{Item: "trout"}, []string{"grill"}},
	{edge.LineRequest{Item: "bruschetta"}, []string{"cold"}},
	{edge.LineRequest{Item: "espresso"}, []string{"bar"}},
	{edge.LineRequest{Item: "schnitzel", Modifiers: []edge.ModifierRequest{{ID: "side-fries"}}}, []string{"grill", "cold", "fry"}},
	{edge.LineRequest{Item: "water", Variant: "large"}, []string{"bar"}},
}

// visit orders until stop, then makes sure of the last order.
func (g *killGuest) visit(ctx context.Context, stop <-chan struct{}) {
	for ctx.Err() == nil {
		key := g.next()
		for ctx.Err() == nil && !g.try(ctx, key) {
			if rand.IntN(20) == 0 && !stopped(stop) {
				break // gives up on this one for good: it may be there once, or not
			}
			time.Sleep(rand.N(20 * time.Millisecond)) // the device is dead or asks to wait
		}
		if stopped(stop) {
			return
		}
		if rand.IntN(8) == 0 {
			g.try(ctx, g.keys[rand.IntN(len(g.keys))]) // an older one again, as a phone does that lost the answer
		}
		time.Sleep(rand.N(100 * time.Millisecond)) // guests take their time
	}
}

func stopped(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// next writes down a new order.
func (g *killGuest) next() string {
	key := fmt.Sprintf("kill-%02d-%05d", g.number, len(g.keys))
	body := api.OrderBody{Key: key, MenuVersion: g.menu, Note: key}
	for _, n := range rand.Perm(len(killDishes))[:1+rand.IntN(3)] {
		line := killDishes[n].line
		line.Quantity = 1 + rand.IntN(4)
		body.Lines = append(body.Lines, line)
	}
	g.records[key] = &killRecord{body: body}
	g.keys = append(g.keys, key)
	return key
}

// try sends an order once and reports whether it is acknowledged.
func (g *killGuest) try(ctx context.Context, key string) bool {
	record := g.records[key]
	record.sent++
	receipt, repeated, err := g.guest.Place(ctx, record.body)
	if _, refused := errors.AsType[*client.Refusal](err); refused && !errors.Is(err, edge.ErrTooMany) && !errors.Is(err, edge.ErrUnavailable) {
		g.t.Errorf("order %s: refused: %v", key, err)
	}
	if err != nil {
		return false
	}
	if repeated {
		g.repeats++
		if record.receipt == nil {
			g.found++
		}
		if record.sent == 1 {
			g.t.Errorf("order %s: a repeated answer to the first request", key)
		}
	}
	if first := record.receipt; first != nil && (first.Order != receipt.Order || first.Number != receipt.Number || !repeated) {
		g.t.Errorf("order %s: acknowledged as %s number %s, then as %s number %s (repeated %t)",
			key, first.Order, first.Number, receipt.Order, receipt.Number, repeated)
	}
	record.receipt = &receipt
	return true
}
