package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// Guest is a phone at a table.
type Guest struct {
	client *Client
	// Key is what the device knows the guest by; keep it to come back after a restart.
	Key string
}

// Guest is the guest who was given the key before; an empty key is a guest yet to be seated.
func (c *Client) Guest(key string) *Guest { return &Guest{client: c, Key: key} }

// Seat arrives at the table of the word on a tag or code, and keeps the key that the device gives.
func (g *Guest) Seat(ctx context.Context, token, language string) (api.GuestView, error) {
	var answer api.SeatAnswer
	body := api.SeatBody{Token: token, Language: language}
	if err := g.client.tell(ctx, http.MethodPost, "/api/guest/seat", g.Key, body, &answer); err != nil {
		return api.GuestView{}, err
	}
	if answer.GuestKey != "" {
		g.Key = answer.GuestKey
	}
	return answer.View, nil
}

// View is everything the guest's page shows besides the menu.
func (g *Guest) View(ctx context.Context) (api.GuestView, error) {
	var view api.GuestView
	err := g.client.tell(ctx, http.MethodGet, "/api/guest/view", g.Key, nil, &view)
	return view, err
}

// Menu is the menu as guests see it now.
func (g *Guest) Menu(ctx context.Context) (api.GuestMenu, error) {
	var menu api.GuestMenu
	err := g.client.tell(ctx, http.MethodGet, "/api/guest/menu", g.Key, nil, &menu)
	return menu, err
}

// Place sends an order. repeated says that the device knew the key and gave its first answer again. After an error
// that is no [*Refusal] the order may or may not be there: send it again under the same key, or ask [Guest.Receipt].
func (g *Guest) Place(ctx context.Context, order api.OrderBody) (receipt edge.Receipt, repeated bool, err error) {
	raw, err := json.Marshal(order)
	if err != nil {
		return edge.Receipt{}, false, fmt.Errorf("encode order: %w", err)
	}
	_, header, err := g.client.ask(ctx, request{
		method: http.MethodPost, path: "/api/guest/orders", key: g.Key, body: raw,
	}, &receipt)
	if err != nil {
		return edge.Receipt{}, false, err
	}
	return receipt, header.Get("Idempotent-Replay") == "true", nil
}

// Receipt is the answer that was given to an order sent under the key; [edge.ErrNotFound] when none was received.
func (g *Guest) Receipt(ctx context.Context, key string) (edge.Receipt, error) {
	var receipt edge.Receipt
	path := "/api/guest/orders/by-key/" + url.PathEscape(key)
	err := g.client.tell(ctx, http.MethodGet, path, g.Key, nil, &receipt)
	return receipt, err
}
