package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

func (h *Handler) pairRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodPost, path: "/api/pair", id: "pair", who: anyone,
		summary: "Redeem a pairing code for a device key",
	}, h.pair)
}

// pair redeems a pairing code. Whatever is wrong with a code, the answer is the same.
func (h *Handler) pair(ctx context.Context, in *request[PairBody]) (*answer[PairAnswer], error) {
	name := strings.TrimSpace(in.Body.Name)
	if name == "" {
		return nil, problem(http.StatusUnprocessableEntity, "name_missing", "Please give the device a name.")
	}
	grant, err := h.cfg.Pairing.Redeem(in.Body.Code)
	switch {
	case errors.Is(err, access.ErrTooOften):
		return nil, tooMany("pairing_too_often", "Too many pairing attempts. Please wait a minute.", 60)
	case err != nil:
		return nil, problem(http.StatusForbidden, "pairing_refused",
			"This pairing code is wrong, used or expired. Please make a new one.")
	}
	key := access.NewKey()
	device := edge.Device{
		ID: h.cfg.IDs(), Name: name, Role: grant.Role, Stations: grant.Stations, TableID: grant.TableID,
		KeyHash: access.Hash(key), Paired: h.now(),
	}
	if err := h.cfg.Floor.PairDevice(ctx, grant.By, device); err != nil {
		return nil, err
	}
	return &answer[PairAnswer]{PairAnswer{Key: key, Device: device}}, nil
}
