package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

func (h *Handler) deviceRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/devices", id: "devices", who: anOwner,
		summary: "The paired devices",
	}, h.devices)
	add(h, api, route{
		method: http.MethodDelete, path: "/api/owner/devices/{id}", id: "remove-device", who: anOwner,
		summary: "Take a device's key away; its sockets are closed",
	}, h.removeDevice)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/pairing", id: "make-pairing", who: anOwner,
		status: http.StatusCreated, summary: "Make a pairing code for a new device",
	}, h.makePairing)
}

func (h *Handler) devices(ctx context.Context, _ *none) (*answer[Devices], error) {
	out := Devices{Devices: []edge.Device{}}
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		devices, err := v.Devices()
		for _, d := range devices {
			if !d.Removed {
				out.Devices = append(out.Devices, d)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &answer[Devices]{out}, nil
}

func (h *Handler) removeDevice(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.RemoveDevice(ctx, actorOf(ctx), in.ID)
}

func (h *Handler) makePairing(ctx context.Context, in *request[PairingBody]) (*answer[PairingAnswer], error) {
	if in.Body.TableID != "" {
		if _, err := h.table(ctx, in.Body.TableID); err != nil {
			return nil, err
		}
	}
	code, expires, err := h.cfg.Pairing.Issue(access.Grant{
		Role: in.Body.Role, Stations: in.Body.Stations, TableID: in.Body.TableID, By: actorOf(ctx),
	})
	if err != nil {
		return nil, tooMany("pairing_too_many", "Too many pairing codes are open. Please wait until some have expired.", 60)
	}
	return &answer[PairingAnswer]{PairingAnswer{Code: code, Expires: expires}}, nil
}
