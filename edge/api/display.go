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

// codeFor makes what a display of the table shows at this moment; without a table that is only what a tap calls for.
func (h *Handler) codeFor(ctx context.Context, id edge.ID) (DisplayCode, error) {
	now := h.now()
	out := DisplayCode{
		Now: now, Venue: DisplayVenue{Name: h.venue.Name, Languages: h.venue.Languages},
		PeriodSeconds: int(h.cfg.Codes.Period().Seconds()),
	}
	out.Next = now.Add(h.cfg.Codes.Period())
	out.Expires = out.Next
	flash, flashing := h.cfg.Hub.FlashOf(id, now)
	if flashing && now.Before(flash.Until) {
		out.Flash = &DisplayFlash{Kind: flash.Kind, TextKey: flash.TextKey, Table: flash.Table, Until: flash.Until}
	}
	visit := flashing && flash.Visit != "" && now.Before(flash.VisitUntil)
	if visit {
		id = flash.Visit
	}
	if id == "" {
		return out, nil
	}
	if err := h.showTable(ctx, id, &out); err != nil {
		return DisplayCode{}, err
	}
	if visit && flash.VisitUntil.Before(out.Next) {
		out.Next = flash.VisitUntil
	}
	return out, nil
}

// showTable puts a table and its code on the display. One that was retired has none.
func (h *Handler) showTable(ctx context.Context, id edge.ID, out *DisplayCode) error {
	table, err := h.table(ctx, id)
	if err != nil || table.Retired {
		return err
	}
	out.Table = &TableName{ID: table.ID, Name: table.Name, Kind: table.Kind}
	out.Code, out.Expires, out.Next = h.cfg.Codes.Current(id, out.Now)
	out.URL = h.tableURL(out.Code)
	out.SVG, err = h.svg(out.URL)
	return err
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
		return DisplaySVG{}, fmt.Errorf("draw a code: %w", err)
	}
	return DisplaySVG{Size: size, Path: path}, nil
}
