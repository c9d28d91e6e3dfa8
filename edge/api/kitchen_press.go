package api

import (
	"context"
	"encoding/json"
	"errors"

	"golang.org/x/time/rate"

	"github.com/comanda-pos/comanda/edge"
)

// presses carries out what one screen sends, one after the other, and queues the answers.
type presses struct {
	handler *Handler
	device  edge.Device
	replies chan any
	limiter *rate.Limiter
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
	seq, err := p.act(ctx, head.Type, raw)
	if err != nil {
		problem := p.handler.refusal(ctx, err)
		return p.reply(KitchenRefused{Type: "refused", Key: head.Key, Code: problem.Code, Message: problem.Detail})
	}
	if head.Type == "seen" {
		return nil
	}
	return p.reply(KitchenDone{Type: "done", Key: head.Key, Seq: seq})
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
	case "serve", "accept":
		return p.order(ctx, kind, raw)
	case "reject":
		var m KitchenReject
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		return p.done(p.handler.cfg.Floor.Reject(ctx, p.actor(), m.Order, m.Reason))
	case "stock":
		var m KitchenStock
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
		}
		return p.handler.cfg.Kitchen.SetStock(ctx, p.actor(), m.Stock)
	case "seen":
		var m KitchenSeen
		if problem := decodeBytes(raw, &m); problem != nil {
			return 0, problem
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

// order serves or accepts: both do nothing the second time, so their keys need no memory.
func (p *presses) order(ctx context.Context, kind string, raw []byte) (int64, error) {
	var m KitchenOrderPress
	if problem := decodeBytes(raw, &m); problem != nil {
		return 0, problem
	}
	if kind == "serve" {
		return p.done(p.handler.cfg.Floor.Serve(ctx, p.actor(), m.Order))
	}
	return p.done(p.handler.cfg.Floor.Accept(ctx, p.actor(), m.Order))
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
