package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

// none is the input or output of an operation that has none.
type none struct{}

// answer is an output with a body.
type answer[T any] struct{ Body T }

// request is an input with a body.
type request[T any] struct{ Body T }

func (h *Handler) guestRoutes(api huma.API, mux *http.ServeMux) {
	add(h, api, route{
		method: http.MethodPost, path: "/api/guest/seat", id: "seat", who: anyone,
		summary: "Arrive at a table with the word of a tag or code",
	}, h.seat)
	add(h, api, route{
		method: http.MethodGet, path: "/api/guest/view", id: "view", who: aGuest,
		summary: "Everything the guest's page shows besides the menu",
	}, h.view)
	add(h, api, route{
		method: http.MethodPut, path: "/api/guest/language", id: "set-language", who: aGuest,
		summary: "Read in another language",
	}, h.setLanguage)
	add(h, api, route{
		method: http.MethodPost, path: "/api/guest/help", id: "ask-help", who: aGuest,
		summary: "Ask for something besides food",
	}, h.help)
	add(h, api, route{
		method: http.MethodGet, path: "/api/guest/orders/by-key/{key}", id: "receipt", who: aGuest,
		summary: "What became of an order that was sent under a key",
	}, h.receipt)
	add(h, api, route{
		method: http.MethodDelete, path: "/api/guest/orders/{id}", id: "withdraw", who: aGuest,
		summary: "Take back an order that still waits for staff",
	}, h.withdraw)
	add(h, api, route{
		method: http.MethodPost, path: "/api/guest/orders/{id}/next-course", id: "call-course", who: aGuest,
		summary: "Call the next course, where the house lets guests do so",
	}, h.callCourse)
	add(h, api, route{
		method: http.MethodPost, path: "/api/guest/quote", id: "quote", who: aGuest,
		summary: "How long dishes would take if they were ordered now",
	}, h.quote)
	h.placeRoute(api, mux)
	h.menuRoute(api, mux)
}

type seatInput struct {
	Authorization string `header:"Authorization" doc:"An existing guest key rejoins"`
	Body          SeatBody
}

// seat opens or joins the table's visit. A guest who brings a key that is known is the same guest again; anybody
// else gets a new key.
func (h *Handler) seat(ctx context.Context, in *seatInput) (*answer[SeatAnswer], error) {
	req := edge.SeatRequest{Token: in.Body.Token, Language: in.Body.Language, Attempt: in.Body.Attempt}
	if in.Body.TelegramInitData != "" {
		if err := h.verifyTelegram(ctx, &req, in.Body.TelegramInitData); err != nil {
			return nil, err
		}
	}
	key := bearer(in.Authorization)
	known := false
	if key != "" {
		_, err := h.keys.Guest(ctx, key)
		if err != nil && !errors.Is(err, edge.ErrNotFound) {
			return nil, err
		}
		known = err == nil
	}
	if !known {
		key = access.NewKey()
	}
	req.KeyHash = access.Hash(key)
	req.Actor = "guest"
	seated, err := h.cfg.Floor.Seat(ctx, req)
	if err != nil {
		return nil, err
	}
	h.keys.Forget(key)
	view, err := h.viewOf(ctx, seated.Guest)
	if err != nil {
		return nil, err
	}
	out := SeatAnswer{View: view}
	if !known {
		out.GuestKey = key
	}
	return &answer[SeatAnswer]{out}, nil
}

func (h *Handler) verifyTelegram(ctx context.Context, req *edge.SeatRequest, initData string) error {
	if h.cfg.Verify == nil {
		return problem(http.StatusUnprocessableEntity, "telegram_off", "Telegram is not set up here.")
	}
	channel, address, language, err := h.cfg.Verify(initData)
	if err != nil {
		h.logger.InfoContext(ctx, "telegram init data refused", slog.Any("error", err))
		return problem(http.StatusForbidden, "telegram_unproven", "Telegram's signature does not fit. Please open the page again.")
	}
	req.Channel, req.Address = channel, address
	if req.Language == "" {
		req.Language = language
	}
	return nil
}

func (h *Handler) view(ctx context.Context, _ *none) (*answer[GuestView], error) {
	guest, err := h.fresh(ctx)
	if err != nil {
		return nil, err
	}
	view, err := h.viewOf(ctx, guest)
	if err != nil {
		return nil, err
	}
	return &answer[GuestView]{view}, nil
}

// fresh reads the guest anew: what the key cache holds may be older than the guest's last scan or wish.
func (h *Handler) fresh(ctx context.Context) (edge.Guest, error) {
	var guest edge.Guest
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		guest, err = v.Guest(guestOf(ctx).ID)
		return err
	})
	return guest, err
}

func (h *Handler) setLanguage(ctx context.Context, in *request[LanguageBody]) (*none, error) {
	return &none{}, h.cfg.Floor.SetLanguage(ctx, guestOf(ctx).ID, in.Body.Language)
}

func (h *Handler) help(ctx context.Context, in *request[HelpBody]) (*none, error) {
	return &none{}, h.cfg.Floor.Ask(ctx, guestOf(ctx).ID, in.Body.What)
}

type keyInput struct {
	Key string `path:"key" minLength:"8" maxLength:"64"`
}

func (h *Handler) receipt(ctx context.Context, in *keyInput) (*answer[edge.Receipt], error) {
	receipt, err := h.cfg.Floor.ReceiptOf(ctx, guestOf(ctx).ID, in.Key)
	if err != nil {
		return nil, err
	}
	return &answer[edge.Receipt]{receipt}, nil
}

type idInput struct {
	ID edge.ID `path:"id" maxLength:"64"`
}

func (h *Handler) withdraw(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.Withdraw(ctx, guestOf(ctx).ID, in.ID)
}
