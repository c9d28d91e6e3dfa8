package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) stateRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/state", id: "state", who: anOwner,
		summary: "The health of the device and the day so far",
	}, h.state)
}

func (h *Handler) state(ctx context.Context, _ *none) (*answer[OwnerState], error) {
	moment := h.cfg.Clock()
	out := OwnerState{
		Now: h.now(), Version: h.cfg.Version, Started: h.cfg.Started, Clock: OwnerClock{Trusted: moment.Trusted},
		Venue: OwnerVenue{
			Name: h.venue.Name, Currency: h.venue.Currency, Languages: h.venue.Languages, Kitchen: h.venue.Kitchen,
			Zone: h.venue.Zone.String(),
		},
		Parts: []Part{}, Cursors: []Cursor{}, Today: BusinessToday{Day: h.venue.Day(moment.At)},
	}
	if h.cfg.Parts != nil {
		out.Parts = append(out.Parts, h.cfg.Parts()...)
	}
	if h.cfg.Cursors != nil {
		out.Cursors = append(out.Cursors, h.cfg.Cursors(ctx)...)
	}
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		if out.Journal.Seq, err = v.Seq(); err != nil {
			return err
		}
		return out.Today.count(v)
	})
	if err != nil {
		return nil, err
	}
	return &answer[OwnerState]{out}, nil
}

// count adds up the day.
func (t *BusinessToday) count(v edge.View) error {
	totals, err := v.DayTotals(t.Day)
	if err != nil {
		return err
	}
	t.Orders, t.Gross = totals.Orders, totals.Gross
	sessions, err := v.OpenSessions()
	t.OpenSessions = len(sessions)
	return err
}
