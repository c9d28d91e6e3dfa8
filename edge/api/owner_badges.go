package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

// Badger enrols badges at the device's own reader.
type Badger interface {
	// StartBadge waits at a reader for the card of the order; there is one such wait at a time, and it ends by itself.
	StartBadge(ctx context.Context, actor edge.Actor, order BadgeOrder) error
	// Badge is how the wait is doing.
	Badge() BadgeProgress
	// StopBadge ends the wait, or dismisses one that has ended. It returns when the reader is free.
	StopBadge()
}

// BadgeOrder says whose badge is to be enrolled.
type BadgeOrder struct {
	Person edge.ID `json:"person_id,omitempty" maxLength:"64"`
	Room   string  `json:"room,omitempty" maxLength:"20" doc:"Of the hotel, in place of a person"`
	Reader string  `json:"reader,omitempty" maxLength:"200" doc:"The reader's own name; none is any"`
	// Move takes the card from whom it belongs to now.
	Move bool `json:"move,omitempty" doc:"Take the card from whom it belongs to now"`
}

// BadgePhase is what an enrolment is doing.
type BadgePhase string

// The phases of an enrolment.
const (
	BadgeIdle    BadgePhase = "idle"
	BadgeWaiting BadgePhase = "waiting" // for a card
	BadgeWorking BadgePhase = "working" // on a card, which must stay
	BadgeDone    BadgePhase = "done"
	BadgeRefused BadgePhase = "refused"
	BadgeOver    BadgePhase = "over" // nobody came
)

// BadgeProgress is an enrolment.
type BadgeProgress struct {
	Phase  BadgePhase `json:"phase" enum:"idle,waiting,working,done,refused,over"`
	Order  BadgeOrder `json:"order"`
	Ready  bool       `json:"ready" doc:"A reader is connected and works"`
	Reader string     `json:"reader,omitempty" doc:"What keeps the readers from working, in words"`
	// Code and Text say why a card was refused, or why it became a badge that does not prove itself.
	Code  string      `json:"code,omitempty"`
	Text  string      `json:"text,omitempty"`
	Badge *edge.Badge `json:"badge,omitempty" doc:"What it became"`
}

func (h *Handler) badgeRoutes(api huma.API) {
	const enrolment = "/api/owner/badges/enrolment"
	add(h, api, route{
		method: http.MethodGet, path: enrolment, id: "badge-enrolment", who: anOwner, summary: "How the enrolment of a badge is doing",
	}, h.badgeProgress)
	add(h, api, route{
		method: http.MethodPost, path: enrolment, id: "enrol-badge", who: anOwner, status: http.StatusAccepted,
		summary: "Wait at a reader for the badge of a person, or the key card of a room",
	}, h.startBadge)
	add(h, api, route{
		method: http.MethodDelete, path: enrolment, id: "stop-badge", who: anOwner, summary: "Do not wait for a badge any longer",
	}, h.stopBadge)
	add(h, api, route{
		method: http.MethodPatch, path: "/api/owner/badges/{id}", id: "change-badge", who: anOwner,
		summary: "Take a badge, by its UID, out of use, bring it back, or let it approve",
	}, h.changeBadge)
}

var errNoBadger = edge.Refuse(edge.KindUnavailable, "no_reader", "No tag reader works at the moment.")

func (h *Handler) badgeProgress(context.Context, *none) (*answer[BadgeProgress], error) {
	if h.cfg.Badger == nil {
		return &answer[BadgeProgress]{BadgeProgress{Phase: BadgeIdle}}, nil
	}
	return &answer[BadgeProgress]{h.cfg.Badger.Badge()}, nil
}

func (h *Handler) startBadge(ctx context.Context, in *request[BadgeOrder]) (*answer[BadgeProgress], error) {
	if h.cfg.Badger == nil {
		return nil, errNoBadger
	}
	if err := h.cfg.Badger.StartBadge(ctx, actorOf(ctx), in.Body); err != nil {
		return nil, err
	}
	return &answer[BadgeProgress]{h.cfg.Badger.Badge()}, nil
}

func (h *Handler) stopBadge(context.Context, *none) (*none, error) {
	if h.cfg.Badger != nil {
		h.cfg.Badger.StopBadge()
	}
	return &none{}, nil
}

type badgeInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body edge.BadgeChange
}

func (h *Handler) changeBadge(ctx context.Context, in *badgeInput) (*answer[edge.Badge], error) {
	badge, err := h.cfg.Floor.ChangeBadge(ctx, actorOf(ctx), in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return &answer[edge.Badge]{badge}, nil
}
