package api

import (
	"cmp"
	"context"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// quote says how long the items would take if they were ordered now. Items that are not on the menu count for nothing.
func (h *Handler) quote(ctx context.Context, in *request[QuoteBody]) (*answer[GuestQuote], error) {
	menu := h.cfg.Hub.Menu()
	var quote GuestQuote
	if menu == nil {
		return &answer[GuestQuote]{quote}, nil
	}
	for _, id := range in.Body.Items {
		item, category, ok := menu.Item(id)
		if !ok {
			continue
		}
		for _, station := range item.MadeAt(category) {
			quote = quote.or(h.quoteStation(station, time.Duration(item.PrepSeconds)*time.Second))
		}
	}
	if quote.To > 0 {
		channel := cmp.Or(guestOf(ctx).Channel, edge.WebChannel)
		delay := edge.Effective(h.cfg.Hub.Paces(), channel, h.now()).Delay
		quote.From, quote.To = quote.From+delay, quote.To+delay
	}
	return &answer[GuestQuote]{quote}, nil
}

// callCourse fires the next course of an order of the guest's table.
func (h *Handler) callCourse(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.NextCourse(ctx, guestOf(ctx).ID, in.ID)
}
