package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) tagRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags", id: "enrol-tag", who: anOwner, status: http.StatusNoContent,
		summary: "Make a tag, puck or card stand for a table; with a token: note that the token was written to it",
	}, h.enrolTag)
	add(h, api, route{
		method: http.MethodDelete, path: "/api/owner/tags/{id}", id: "retire-tag", who: anOwner,
		summary: "Make a tag, by its UID, mean nothing any more",
	}, h.retireTag)
}

// TagBody says what a tag stands for.
type TagBody struct {
	UID     string       `json:"uid" minLength:"8" maxLength:"20" doc:"4, 7 or 10 bytes in upper-case hex"`
	TableID edge.ID      `json:"table_id" minLength:"1" maxLength:"64"`
	Kind    edge.TagKind `json:"kind" enum:"table,puck,card"`
	Token   string       `json:"token,omitempty" maxLength:"64" doc:"The table's token that was written to it"`
}

func (h *Handler) enrolTag(ctx context.Context, in *request[TagBody]) (*none, error) {
	tag := edge.Tag{UID: in.Body.UID, TableID: in.Body.TableID, Kind: in.Body.Kind, Token: in.Body.Token}
	if tag.Token == "" {
		return &none{}, h.cfg.Floor.EnrolTag(ctx, actorOf(ctx), tag)
	}
	token, err := h.tokenOf(ctx, tag.Token)
	if err != nil {
		return nil, err
	}
	if token.Retired || token.TableID != tag.TableID {
		return nil, edge.Refuse(edge.KindConflict, "token_other", "This code is not one of that table.")
	}
	return &none{}, h.cfg.Floor.TagWritten(ctx, actorOf(ctx), tag)
}

func (h *Handler) tokenOf(ctx context.Context, word string) (edge.Token, error) {
	var token edge.Token
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		token, err = v.Token(word)
		return err
	})
	return token, err
}

func (h *Handler) retireTag(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.RetireTag(ctx, actorOf(ctx), string(in.ID))
}
