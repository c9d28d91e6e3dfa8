package client

import (
	"context"
	"net/http"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// Pair redeems a pairing code under a name for a device key. The key is shown only this once.
func (c *Client) Pair(ctx context.Context, code, name string) (api.PairAnswer, error) {
	var answer api.PairAnswer
	err := c.tell(ctx, http.MethodPost, "/api/pair", "", api.PairBody{Code: code, Name: name}, &answer)
	return answer, err
}

// Owner is a device paired as the owner's.
type Owner struct {
	client *Client
	key    string
}

// Owner speaks with the key of a device that was paired for the owner.
func (c *Client) Owner(key string) *Owner { return &Owner{c, key} }

// Screen makes a kitchen screen of the stations, none for all, with the owner's key.
func (o *Owner) Screen(stations ...string) *Screen { return o.client.Screen(o.key, stations...) }

// State is the health of the device and the day so far.
func (o *Owner) State(ctx context.Context) (api.OwnerState, error) {
	var state api.OwnerState
	err := o.client.tell(ctx, http.MethodGet, "/api/owner/state", o.key, nil, &state)
	return state, err
}

// Tables are all places with their codes and tags.
func (o *Owner) Tables(ctx context.Context) ([]api.OwnerTable, error) {
	var tables api.OwnerTables
	err := o.client.tell(ctx, http.MethodGet, "/api/owner/tables", o.key, nil, &tables)
	return tables.Tables, err
}

// AddTables adds places; each comes back with a code to print.
func (o *Owner) AddTables(ctx context.Context, tables []api.NewTable) ([]api.OwnerTable, error) {
	var added api.OwnerTables
	body := api.TablesBody{Tables: tables}
	err := o.client.tell(ctx, http.MethodPost, "/api/owner/tables", o.key, body, &added)
	return added.Tables, err
}

// IssueToken makes a new code for a place and a medium; the old one stops working.
func (o *Owner) IssueToken(ctx context.Context, table edge.ID, medium edge.Medium) (api.OwnerToken, error) {
	var token api.OwnerToken
	path := "/api/owner/tables/" + string(table) + "/token"
	err := o.client.tell(ctx, http.MethodPost, path, o.key, api.MediumBody{Medium: medium}, &token)
	return token, err
}

// EnrolTag makes a tag stand for a table, or notes that the table's token was written to it.
func (o *Owner) EnrolTag(ctx context.Context, tag api.TagBody) error {
	return o.client.tell(ctx, http.MethodPost, "/api/owner/tags", o.key, tag, nil)
}

// PublishMenu makes a menu file, in YAML or JSON, the current menu and gives its version.
func (o *Owner) PublishMenu(ctx context.Context, file []byte) (int64, error) {
	var published api.MenuPublished
	_, _, err := o.client.ask(ctx, request{
		method: http.MethodPost, path: "/api/owner/menu", key: o.key, contentType: "application/yaml", body: file,
	}, &published)
	return published.Version, err
}

// Floor is the house at this moment.
func (o *Owner) Floor(ctx context.Context) (api.OwnerFloor, error) {
	var floor api.OwnerFloor
	err := o.client.tell(ctx, http.MethodGet, "/api/owner/floor", o.key, nil, &floor)
	return floor, err
}

// Pairing makes a pairing code for a new device.
func (o *Owner) Pairing(ctx context.Context, grant api.PairingBody) (api.PairingAnswer, error) {
	var answer api.PairingAnswer
	err := o.client.tell(ctx, http.MethodPost, "/api/owner/pairing", o.key, grant, &answer)
	return answer, err
}
