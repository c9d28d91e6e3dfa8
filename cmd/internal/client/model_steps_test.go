package client_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// at takes one of the list, whatever its length; a list without any skips the step.
func at[T any](t *rapid.T, what string, list []T) T {
	n := rapid.IntRange(0, 999).Draw(t, what)
	if len(list) == 0 {
		t.Skip("there is none yet: " + what)
	}
	return list[n%len(list)]
}

func (k *service) anyScreen(t *rapid.T) *modelScreen { return at(t, "screen", k.screens) }

// anyTicket is any ticket of the house: open ones first, so that most presses have something to do.
func (k *service) anyTicket(t *rapid.T) edge.Ticket {
	var tickets []edge.Ticket
	k.look(t, func(v edge.View) error {
		open, err := v.OpenTickets()
		if err != nil {
			return err
		}
		done, err := v.DoneTickets(time.Time{}, 3)
		tickets = slices.Concat(open, open, open, done)
		return err
	})
	return at(t, "ticket", tickets)
}

func (k *service) look(t *rapid.T, look func(edge.View) error) {
	if err := k.device.reader.Read(k.ctx, look); err != nil {
		t.Fatalf("look into the store: %v", err)
	}
}

func (k *service) newKey() string {
	k.keys++
	return fmt.Sprintf("key-%04d", k.keys)
}

func (k *service) order(t *rapid.T) {
	guest := at(t, "guest", k.house.guests)
	var lines []edge.LineRequest
	for _, item := range []string{"burger", "beer", "platter", "salad"} {
		if n := rapid.IntRange(0, 3).Draw(t, item); n > 0 {
			lines = append(lines, edge.LineRequest{Item: item, Quantity: n})
		}
	}
	if len(lines) == 0 {
		lines = []edge.LineRequest{{Item: "burger", Quantity: 1}}
	}
	receipt, err := k.device.Floor().Place(k.ctx, edge.PlaceRequest{Key: "order-" + k.newKey(), Guest: guest, MenuVersion: 1, Lines: lines})
	if edge.CodeOf(err) == "differences" {
		return // something is sold out
	}
	if err != nil {
		t.Fatalf("Place: %v", err)
	}
	k.orders = append(k.orders, receipt.Order)
	k.tally.orders.Add(1)
}

func (k *service) takeOff(t *rapid.T, req edge.CancelRequest) {
	err := k.device.Floor().Cancel(k.ctx, edge.System, req)
	switch edge.CodeOf(err) {
	case "", "order_over", "quantity_invalid", "line_unknown":
	default:
		t.Fatalf("Cancel: %v", err)
	}
}

func (k *service) cancelSome(t *rapid.T) {
	req := edge.CancelRequest{Key: k.newKey(), Order: at(t, "order", k.orders), Reason: "model", Quantity: 1}
	if line := rapid.IntRange(-1, 3).Draw(t, "line"); line >= 0 {
		req.Line = &line
	}
	k.takeOff(t, req)
}

// press lets a screen press until it is answered, while the model goes on.
func (k *service) press(p *modelPress, screens ...*modelScreen) {
	if p.sent == 0 {
		k.presses = append(k.presses, p)
	}
	for _, s := range screens {
		p.sent++
		k.tally.presses.Add(1)
		k.pending.Go(func() { p.answer(pressUntilCarriedOut(k.ctx, s, p)) })
	}
}

func (p *modelPress) answer(a modelAnswer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers = append(p.answers, a)
}

// over reports whether everything sent was answered.
func (p *modelPress) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.answers) == p.sent
}

// pressUntilCarriedOut repeats a press with its key when the device says that it cannot now, as the protocol asks.
func pressUntilCarriedOut(ctx context.Context, s *modelScreen, p *modelPress) modelAnswer {
	for {
		seq, err := s.Send(ctx, p.key, p.message)
		switch client.CodeOf(err) {
		case "too_often", "store_stopped", "store_closed", "timeout", "closing":
			select {
			case <-time.After(50 * time.Millisecond):
				continue
			case <-ctx.Done():
			}
		}
		return modelAnswer{seq, err}
	}
}

func (k *service) ticketPress(t *rapid.T, s *modelScreen, press api.KitchenPress) *modelPress {
	ticket := k.anyTicket(t)
	press.Key, press.Ticket = k.newKey(), ticket.ID
	if press.Item != nil {
		*press.Item %= len(ticket.Items)
	}
	return &modelPress{device: s.device, key: press.Key, message: press, kind: press.Type, ticket: ticket.ID}
}

func (k *service) start(t *rapid.T) {
	s := k.anyScreen(t)
	k.press(k.ticketPress(t, s, api.KitchenPress{Type: "start", Undo: rapid.Bool().Draw(t, "undo")}), s)
}

func (k *service) bump(t *rapid.T) {
	s := k.anyScreen(t)
	k.press(k.ticketPress(t, s, api.KitchenPress{Type: "bump", Undo: rapid.IntRange(0, 4).Draw(t, "undo") == 0}), s)
}

func (k *service) bumpItems(t *rapid.T) {
	press := api.KitchenPress{Type: "bump", Item: new(rapid.IntRange(0, 3).Draw(t, "item"))}
	if n := rapid.IntRange(-1, 3).Draw(t, "count"); n >= 0 {
		press.Count = &n
	} else {
		press.Undo = rapid.Bool().Draw(t, "undo")
	}
	s := k.anyScreen(t)
	k.press(k.ticketPress(t, s, press), s)
}

func (k *service) recall(t *rapid.T) {
	s := k.anyScreen(t)
	k.press(k.ticketPress(t, s, api.KitchenPress{Type: "recall"}), s)
}

// orderPress is a press about a whole order.
func (k *service) orderPress(kind string) func(*rapid.T) {
	return func(t *rapid.T) {
		s := k.anyScreen(t)
		order := at(t, "order", k.orders)
		key := k.newKey()
		var message any = api.KitchenOrderPress{Type: kind, Key: key, Order: order, Undo: k.undo(t, kind)}
		if kind == "reject" {
			message = api.KitchenReject{Type: kind, Key: key, Order: order, Reason: "model"}
		}
		k.press(&modelPress{device: s.device, key: key, message: message, kind: kind}, s)
	}
}

// atTicket is a press of the pass about one ticket.
func (k *service) atTicket(kind string) func(*rapid.T) {
	return func(t *rapid.T) {
		s := k.anyScreen(t)
		press := api.KitchenOrderPress{Type: kind, Key: k.newKey(), Ticket: k.anyTicket(t).ID, Undo: k.undo(t, kind)}
		k.press(&modelPress{device: s.device, key: press.Key, message: press, kind: kind, ticket: press.Ticket}, s)
	}
}

func (k *service) undo(t *rapid.T, kind string) bool {
	return kind != "accept" && kind != "reject" && rapid.IntRange(0, 3).Draw(t, "undo") == 0
}

// remake has some of what was made made again.
func (k *service) remake(t *rapid.T) {
	s := k.anyScreen(t)
	ticket := k.anyTicket(t)
	press := api.KitchenRemake{Type: "remake", Key: k.newKey(), Ticket: ticket.ID, Reason: "dropped"}
	press.Item = rapid.IntRange(0, 3).Draw(t, "item") % len(ticket.Items)
	k.press(&modelPress{device: s.device, key: press.Key, message: press, kind: press.Type, ticket: ticket.ID}, s)
}

func (k *service) stock(t *rapid.T) {
	s := k.anyScreen(t)
	key := k.newKey()
	stock := edge.Stock{Key: rapid.SampledFrom([]string{"burger", "salad"}).Draw(t, "item"), SoldOut: rapid.IntRange(0, 3).Draw(t, "sold out") == 0}
	k.press(&modelPress{device: s.device, key: key, message: api.KitchenStock{Type: "stock", Key: key, Stock: stock}, kind: "stock"}, s)
}

// seen has no answer: whether it arrives is luck, and what it changes must come to every screen.
func (k *service) seen(t *rapid.T) {
	s := k.anyScreen(t)
	ticket := k.anyTicket(t)
	ctx, cancel := context.WithCancel(k.ctx)
	cancel()
	_, _ = s.Send(ctx, k.newKey(), api.KitchenSeen{Type: "seen", Tickets: []edge.ID{ticket.ID}})
}

// twice sends one press over the two lines of one device at the same time.
func (k *service) twice(t *rapid.T) {
	a, b := k.screens[0], k.screens[1]
	kind := rapid.SampledFrom([]string{"bump", "recall", "start"}).Draw(t, "kind")
	k.press(k.ticketPress(t, a, api.KitchenPress{Type: kind}), a, b)
}

// rivals are two devices that press the same ticket at the same time.
func (k *service) rivals(t *rapid.T) {
	a, b := k.screens[2], k.screens[3]
	p := k.ticketPress(t, a, api.KitchenPress{Type: rapid.SampledFrom([]string{"bump", "recall", "start"}).Draw(t, "kind")})
	press := p.message.(api.KitchenPress)
	press.Key = k.newKey()
	k.press(p, a)
	k.press(&modelPress{device: b.device, key: press.Key, message: press, kind: press.Type, ticket: press.Ticket}, b)
}

// repeat sends an answered press again, as a screen does that never got the answer: much may have happened since.
func (k *service) repeat(t *rapid.T) {
	p := at(t, "press", slices.DeleteFunc(slices.Clone(k.presses), func(p *modelPress) bool { return !p.over() || p.ticket == "" }))
	for _, s := range k.screens {
		if s.device == p.device {
			k.tally.repeats.Add(1)
			k.press(p, s)
			return
		}
	}
}

func (k *service) cut(t *rapid.T) {
	k.tally.cuts.Add(1)
	k.anyScreen(t).cable.cut(rapid.Bool().Draw(t, "with a reset"))
}

func (k *service) half(t *rapid.T) {
	k.tally.cuts.Add(1)
	k.anyScreen(t).cable.half()
}

// mistreat puts a cable in a state in which it stays until it is quiet, or it is mended.
func (k *service) mistreat(state cableState) func(*rapid.T) {
	return func(t *rapid.T) {
		if state != whole {
			k.tally.cuts.Add(1)
		}
		k.anyScreen(t).cable.put(state)
	}
}

// restart ends the device as a shutdown does and starts it again on its file, while presses are on their way.
func (k *service) restart(t *rapid.T) {
	if rapid.IntRange(0, 2).Draw(t, "really") > 0 {
		t.Skip("not now")
	}
	k.tally.restarts.Add(1)
	if err := k.device.stop(); err != nil {
		t.Fatalf("stop the device: %v", err)
	}
	device, err := run(k.ctx, k.settings())
	if err != nil {
		t.Fatalf("start the device again: %v", err)
	}
	k.device = device
	for _, s := range k.screens {
		s.cable.lead(device.address)
	}
}
