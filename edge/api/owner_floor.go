package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) floorRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/floor", id: "floor", who: anOwner,
		summary: "The house at this moment: who waits, who sits, what it comes to",
	}, h.floor)
	post := func(path, id, summary string) route {
		return route{method: http.MethodPost, path: path, id: id, who: anOwner, summary: summary}
	}
	add(h, api, post("/api/owner/orders/{id}/accept", "accept-order", "Send a waiting order to the kitchen"), h.accept)
	add(h, api, post("/api/owner/orders/{id}/reject", "reject-order", "Send a waiting order back"), h.reject)
	add(h, api, post("/api/owner/orders/{id}/serve", "serve-order", "The order is on the table"), h.serveOrder)
	add(h, api, post("/api/owner/orders/{id}/cancel", "cancel-order", "Take an order, or part of it, off again"), h.cancel)
	add(h, api, post("/api/owner/orders/{id}/fire", "fire-order", "Fire a course that is held"), h.fireOrder)
	add(h, api, post("/api/owner/sessions/{id}/pay", "pay", "Record a payment taken at the table"), h.pay)
	add(h, api, post("/api/owner/sessions/{id}/close", "close-session", "The table is free again"), h.closeSession)
	add(h, api, post("/api/owner/sessions/{id}/help-done", "help-done", "What a guest asked for was brought"), h.helpDone)
}

func (h *Handler) floor(ctx context.Context, _ *none) (*answer[OwnerFloor], error) {
	out := OwnerFloor{Now: h.now(), Waiting: []edge.Order{}, Sessions: []FloorSession{}}
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		open, err := v.OpenOrders()
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.State == edge.OrderStateReceived {
				out.Waiting = append(out.Waiting, o)
			}
		}
		sessions, err := v.OpenSessions()
		if err != nil {
			return err
		}
		for _, s := range sessions {
			session, err := h.floorSession(v, s)
			if err != nil {
				return err
			}
			out.Sessions = append(out.Sessions, session)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &answer[OwnerFloor]{out}, nil
}

func (h *Handler) floorSession(v edge.View, s edge.Session) (FloorSession, error) {
	out := FloorSession{Session: s, Guests: []FloorGuest{}, Orders: []edge.Order{}}
	guests, err := v.Guests(s.ID)
	if err != nil {
		return FloorSession{}, err
	}
	for _, g := range guests {
		out.Guests = append(out.Guests, FloorGuest{
			ID: g.ID, Number: g.Number, Language: g.Language, Presence: g.Presence, Confirmed: g.Confirmed,
			Channel: g.Channel, Joined: g.Joined,
		})
	}
	orders, err := v.OrdersOf(s.ID)
	if err != nil {
		return FloorSession{}, err
	}
	out.Orders = append(out.Orders, orders...)
	out.Bill, err = h.cfg.Floor.BillOf(s, orders)
	return out, err
}

func (h *Handler) accept(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.Accept(ctx, actorOf(ctx), in.ID)
}

type reasonInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body ReasonBody
}

func (h *Handler) reject(ctx context.Context, in *reasonInput) (*none, error) {
	return &none{}, h.cfg.Floor.Reject(ctx, actorOf(ctx), in.ID, in.Body.Reason)
}

func (h *Handler) serveOrder(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.Serve(ctx, actorOf(ctx), in.ID)
}

type cancelInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body CancelBody
}

func (h *Handler) cancel(ctx context.Context, in *cancelInput) (*none, error) {
	return &none{}, h.cfg.Floor.Cancel(ctx, actorOf(ctx), edge.CancelRequest{
		Key: in.Body.Key, Order: in.ID, Line: in.Body.Line, Quantity: in.Body.Quantity, Reason: in.Body.Reason,
	})
}

type payInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body PayBody
}

func (h *Handler) pay(ctx context.Context, in *payInput) (*answer[edge.Bill], error) {
	bill, err := h.cfg.Floor.Pay(ctx, actorOf(ctx), edge.PayRequest{
		Key: in.Body.Key, Session: in.ID, Kind: in.Body.Kind, Amount: in.Body.Amount,
	})
	if err != nil {
		return nil, err
	}
	return &answer[edge.Bill]{bill}, nil
}

func (h *Handler) closeSession(ctx context.Context, in *reasonInput) (*none, error) {
	return &none{}, h.cfg.Floor.Close(ctx, actorOf(ctx), in.ID, in.Body.Reason)
}

type helpDoneInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body HelpDoneBody
}

func (h *Handler) helpDone(ctx context.Context, in *helpDoneInput) (*none, error) {
	return &none{}, h.cfg.Floor.HelpDone(ctx, actorOf(ctx), in.ID, in.Body.What)
}
