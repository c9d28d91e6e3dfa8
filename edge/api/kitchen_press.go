package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/comanda-pos/comanda/edge"
)

// presses carries out what one screen sends, one after the other, and queues the answers.
type presses struct {
	handler *Handler
	device  edge.Device
	replies chan any
	limiter *rate.Limiter
	watch   bool // nobody looks: what it has is not seen
}

// pressRate and pressBurst bound the presses of one screen: faster than hands, slower than harm.
const (
	pressRate  = 20
	pressBurst = 60
)

// handle carries out one message. It errs only when the socket must be closed.
func (p *presses) handle(ctx context.Context, raw []byte) error {
	if p.limiter == nil {
		p.limiter = rate.NewLimiter(pressRate, pressBurst)
	}
	var head struct {
		Type string `json:"type"`
		Key  string `json:"key"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return &closing{closeBad, "message not understood"}
	}
	if len(head.Key) > edge.MaxKey {
		head.Key = ""
	}
	if !p.limiter.Allow() {
		return p.reply(KitchenRefused{Type: "refused", Key: head.Key, Code: "too_often", Message: "Too many presses. Please wait a moment."})
	}
	if head.Type == "find" {
		return p.find(ctx, raw)
	}
	seq, err := p.act(ctx, head.Type, raw)
	if err != nil {
		return p.refuse(ctx, head.Key, err)
	}
	if head.Type == "seen" {
		return nil
	}
	return p.reply(KitchenDone{Type: "done", Key: head.Key, Seq: seq})
}

func (p *presses) refuse(ctx context.Context, key string, err error) error {
	problem := p.handler.refusal(ctx, err)
	return p.reply(KitchenRefused{Type: "refused", Key: key, Code: problem.Code, Message: problem.Detail})
}

// Limits of a search.
const (
	foundMost   = 50
	findTextMax = 60
)

// find looks for tickets that left the kitchen today.
func (p *presses) find(ctx context.Context, raw []byte) error {
	var m KitchenFind
	if problem := decodeBytes(raw, &m); problem != nil {
		return p.refuse(ctx, m.Key, problem)
	}
	text := strings.TrimSpace(m.Text)
	if len(m.Key) > edge.MaxKey {
		return p.refuse(ctx, "", edge.Refuse(edge.KindInvalid, "key_missing", "A key of at most %d characters is needed.", edge.MaxKey))
	}
	if utf8.RuneCountInString(text) > findTextMax {
		return p.refuse(ctx, m.Key, edge.Refuse(edge.KindInvalid, "text_too_long", "At most %d characters, please.", findTextMax))
	}
	h := p.handler
	var found []edge.Ticket
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		found, err = v.FindTickets(h.venue.Day(h.cfg.Clock().At), text, foundMost)
		return err
	})
	if err != nil {
		return p.refuse(ctx, m.Key, err)
	}
	return p.reply(KitchenFound{Type: "found", Key: m.Key, Tickets: append([]edge.Ticket{}, found...)})
}

func (p *presses) reply(v any) error {
	select {
	case p.replies <- v:
		return nil
	default:
		return &closing{closeSlow, "slow"}
	}
}

func (p *presses) act(ctx context.Context, kind string, raw []byte) (int64, error) {
	switch kind {
	case "start", "bump", "recall":
		return p.press(ctx, kind, raw)
	case "accept", "fire", "hold", "rush", "collect", "serve":
		return p.order(ctx, kind, raw)
	case "remake":
		var m KitchenRemake
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		return p.handler.cfg.Kitchen.Remake(ctx, edge.Press{
			Key: m.Key, Device: p.device.ID, Ticket: m.Ticket, Item: &m.Item, Count: new(cmp.Or(m.Count, 1)), Reason: m.Reason,
		})
	case "reject":
		var m KitchenReject
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		return p.done(p.handler.cfg.Floor.Reject(ctx, p.actor(), m.Order, m.Reason))
	default:
		return p.house(ctx, kind, raw)
	}
}

// house does what is not about an order.
func (p *presses) house(ctx context.Context, kind string, raw []byte) (int64, error) {
	switch kind {
	case "stock":
		var m KitchenStock
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		return p.handler.cfg.Kitchen.SetStock(ctx, p.actor(), m.Stock)
	case "pace":
		var m KitchenPace
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		return p.handler.cfg.Kitchen.SetPace(ctx, p.actor(), m.Pace, p.handler.cfg.Channels)
	case "seen":
		var m KitchenSeen
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		if p.watch {
			return 0, nil
		}
		return 0, p.handler.cfg.Kitchen.Seen(ctx, p.device.ID, m.Tickets)
	default:
		return 0, edge.Refuse(edge.KindInvalid, "message_unknown", "There is no such message.")
	}
}

func (p *presses) press(ctx context.Context, kind string, raw []byte) (int64, error) {
	var m KitchenPress
	if problem := decodeBytes(raw, &m); problem != nil {
		return 0, problem
	}
	press := edge.Press{
		Key: m.Key, Device: p.device.ID, Ticket: m.Ticket, Item: m.Item, Count: m.Count, Undo: m.Undo,
	}
	kitchen := p.handler.cfg.Kitchen
	switch kind {
	case "start":
		return kitchen.Start(ctx, press)
	case "bump":
		return kitchen.Bump(ctx, press)
	default:
		return kitchen.Recall(ctx, press)
	}
}

// order is work on a ticket, a course or an order.
func (p *presses) order(ctx context.Context, kind string, raw []byte) (int64, error) {
	var m KitchenOrderPress
	if problem := decodeBytes(raw, &m); problem != nil {
		return 0, problem
	}
	if (m.Ticket == "") == (m.Order == "") {
		return 0, edge.Refuse(edge.KindInvalid, "invalid", "A ticket or an order is needed, one of the two.")
	}
	press := edge.Press{
		Key: m.Key, Device: p.device.ID, Ticket: m.Ticket, Order: m.Order, Course: m.Course, Undo: m.Undo,
	}
	kitchen := p.handler.cfg.Kitchen
	switch kind {
	case "accept":
		return p.done(p.handler.cfg.Floor.Accept(ctx, p.actor(), m.Order))
	case "fire":
		return kitchen.Fire(ctx, press)
	case "hold":
		return kitchen.Hold(ctx, press)
	case "rush":
		return kitchen.Rush(ctx, press)
	case "collect":
		return kitchen.Collect(ctx, press)
	default:
		return kitchen.Serve(ctx, press)
	}
}

func (p *presses) actor() edge.Actor { return edge.DeviceActor(p.device.ID) }

// done is the answer to a command that gives no seq of its own: the hub has seen it, because the store tells the
// hub before it answers.
func (p *presses) done(err error) (int64, error) {
	if errors.Is(err, edge.ErrNotFound) && edge.CodeOf(err) == "" {
		return 0, edge.Refuse(edge.KindNotFound, "order_unknown", "There is no such order.")
	}
	return p.handler.cfg.Hub.Seq(), err
}
