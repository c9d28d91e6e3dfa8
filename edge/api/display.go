package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) displayRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/display/code", id: "display-code", who: aDisplay,
		summary: "What the display shows now",
	}, h.displayCode)
}

type displayInput struct {
	Table edge.ID `query:"table" maxLength:"64" doc:"For the owner: whose code; a display shows its own"`
}

func (h *Handler) displayCode(ctx context.Context, in *displayInput) (*answer[DisplayCode], error) {
	device := deviceOf(ctx)
	table := device.TableID
	if device.Role == edge.RoleOwner && in.Table != "" {
		table = in.Table
	}
	code, err := h.codeFor(ctx, table)
	if err != nil {
		return nil, err
	}
	return &answer[DisplayCode]{code}, nil
}

// codeFor makes what a display of the table shows at this moment.
func (h *Handler) codeFor(ctx context.Context, id edge.ID) (DisplayCode, error) {
	now := h.now()
	out := DisplayCode{
		Now: now, Venue: DisplayVenue{Name: h.venue.Name, Languages: h.venue.Languages},
		PeriodSeconds: int(h.cfg.Codes.Period().Seconds()),
	}
	out.Next = now.Add(h.cfg.Codes.Period())
	out.Expires = out.Next
	if id == "" {
		return out, nil
	}
	flash, flashing := h.cfg.Hub.FlashOf(id, now)
	visit := flashing && now.Before(flash.VisitUntil)
	if visit {
		id = flash.Visit
	}
	var table edge.Table
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		table, err = v.Table(id)
		return err
	})
	if err != nil {
		return DisplayCode{}, err
	}
	out.Table = &TableName{ID: table.ID, Name: table.Name, Kind: table.Kind}
	out.Code, out.Expires, out.Next = h.cfg.Codes.Current(id, now)
	out.URL = h.tableURL(out.Code)
	if out.SVG, err = h.svg(out.URL); err != nil {
		return DisplayCode{}, err
	}
	if visit && flash.VisitUntil.Before(out.Next) {
		out.Next = flash.VisitUntil
	}
	if flashing && now.Before(flash.Until) {
		out.Flash = &DisplayFlash{Kind: flash.Kind, TextKey: flash.TextKey, Table: flash.Table, Until: flash.Until}
	}
	return out, nil
}

// tableURL is what a tag or code of ours holds.
func (h *Handler) tableURL(token string) string {
	return strings.TrimSuffix(h.cfg.BaseURL, "/") + "/t/" + token
}

func (h *Handler) svg(text string) (DisplaySVG, error) {
	if h.cfg.QR == nil {
		return DisplaySVG{}, nil
	}
	size, path, err := h.cfg.QR(text)
	if err != nil {
		return DisplaySVG{}, fmt.Errorf("draw code for %s: %w", text, err)
	}
	return DisplaySVG{Size: size, Path: path}, nil
}
