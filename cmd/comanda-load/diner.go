package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// pollEvery is how often a page without a socket asks, as a time of the evening.
const pollEvery = 30 * time.Second

// order is one order from the guest's side, until it is over.
func (n *night) order(ctx context.Context, o planned) {
	key := n.house.guests[o.guest]
	receipt, o, err := n.place(ctx, key, o)
	if err != nil {
		if ctx.Err() == nil {
			n.slips.fail(fmt.Errorf("order %d: %w", o.number, err))
		}
		return
	}
	if o.cancelAfter > 0 {
		n.guests.Go(func() { n.takeOff(ctx, o, receipt.Order) })
	}
	over := false
	switch o.looks {
	case looksSocket:
		over = n.watchOrder(ctx, key, receipt.Order)
	case looksPolls:
		over = n.askForOrder(ctx, key, receipt.Order)
	default:
	}
	n.slips.note(o.number, func(s *slip) { s.followed = over })
}

// place sends the order until it is answered for good, always under the same key; when a dish has run out the guest
// chooses another, which is a new intention with a new key.
func (n *night) place(ctx context.Context, key string, o planned) (edge.Receipt, planned, error) {
	guest, begin := n.phones.Guest(key), time.Now()
	n.clock.send(o.number)
	for try := 0; ; {
		n.slips.note(o.number, func(s *slip) { s.planned = o; s.sent++ })
		n.flying.Add(1)
		receipt, repeated, err := guest.Place(ctx, api.OrderBody{
			Key: o.key(try), MenuVersion: n.house.menu, Lines: o.body(), Note: o.note(),
		})
		n.flying.Add(-1)
		wait := tryAgain
		refusal, no := errors.AsType[*client.Refusal](err)
		switch {
		case err == nil:
			n.slips.note(o.number, func(s *slip) {
				s.receipt, s.answered, s.repeated, s.after = receipt, true, repeated, time.Since(begin)
			})
			return receipt, o, nil
		case no && refusal.Code == "differences" && try == 0:
			o, try = o.instead(), 1
			n.slips.note(o.number, func(s *slip) { s.changed = true })
			n.clock.send(o.number)
			continue
		case no && refusal.RetryAfter > 0:
			wait = refusal.RetryAfter
		case no && !errors.Is(err, edge.ErrUnavailable):
			return edge.Receipt{}, o, err
		}
		select {
		case <-ctx.Done():
			return edge.Receipt{}, o, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// takeOff is staff who take the order, or some of it, off again.
func (n *night) takeOff(ctx context.Context, o planned, order edge.ID) {
	n.pause(ctx, o.cancelAfter)
	var line *int
	if o.partly {
		line = new(0)
	}
	done, err := n.owner.cancel(ctx, "cancel-"+o.note(), order, line)
	if err != nil && ctx.Err() == nil {
		n.slips.fail(err)
	}
	n.slips.note(o.number, func(s *slip) { s.cancel = map[bool]string{true: "taken", false: "too late"}[done] })
}

// isOver reports whether a guest's page shows the end of the order.
func isOver(view api.GuestView, order edge.ID) bool {
	return slices.ContainsFunc(view.Orders, func(o api.GuestOrder) bool { return o.ID == order && o.State.Over() })
}

// askForOrder asks for the guest's page now and then until the order is over.
func (n *night) askForOrder(ctx context.Context, key string, order edge.ID) bool {
	guest := n.phones.Guest(key)
	for ctx.Err() == nil {
		if view, err := guest.View(ctx); err == nil && isOver(view, order) {
			return true
		}
		n.pause(ctx, pollEvery)
	}
	return false
}

// watchOrder holds a socket until the order is over, and opens it again when it breaks.
func (n *night) watchOrder(ctx context.Context, key string, order edge.ID) bool {
	for ctx.Err() == nil {
		if n.watchOnce(ctx, key, order) {
			return true
		}
		select {
		case <-ctx.Done():
		case <-time.After(backOff):
		}
	}
	return false
}

func (n *night) watchOnce(ctx context.Context, key string, order edge.ID) bool {
	dialer := websocket.Dialer{Subprotocols: []string{"comanda.guest.v1"}, HandshakeTimeout: 5 * time.Second}
	ws, res, err := dialer.DialContext(ctx, strings.Replace(n.url, "http", "ws", 1)+"/api/guest/live", http.Header{})
	if res != nil {
		defer res.Body.Close()
	}
	if err != nil {
		return false
	}
	defer func() { _ = ws.Close() }()
	defer context.AfterFunc(ctx, func() { _ = ws.Close() })()
	if ws.WriteJSON(api.Hello{Type: "hello", Token: key}) != nil {
		return false
	}
	for {
		if ws.SetReadDeadline(time.Now().Add(lineSilent)) != nil {
			return false
		}
		_, raw, err := ws.ReadMessage()
		if err != nil {
			return false
		}
		var m api.GuestViewMessage
		if json.Unmarshal(raw, &m) == nil && m.Type == "view" && isOver(m.View, order) {
			return true
		}
	}
}

// lineSilent is how long a line may say nothing before it counts as broken; a device ticks every two seconds.
const lineSilent = 10 * time.Second
