package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) approvalRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/orders/{id}/ask-cancel", id: "ask-cancel", who: anOwner, status: http.StatusAccepted,
		summary: "Ask for the badge that lets something be taken off an order; the tap does it",
	}, h.askCancel)
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/approvals/{id}", id: "approval", who: anOwner,
		summary: "How a wish for approval stands",
	}, h.approval)
	add(h, api, route{
		method: http.MethodDelete, path: "/api/owner/approvals/{id}", id: "withdraw-approval", who: anOwner,
		summary: "Take back what this screen asked for",
	}, h.withdrawApproval)
}

func (h *Handler) askCancel(ctx context.Context, in *cancelInput) (*answer[edge.Approval], error) {
	approval, err := h.cfg.Floor.AskApproval(ctx, deviceOf(ctx), edge.CancelRequest{
		Key: in.Body.Key, Order: in.ID, Line: in.Body.Line, Quantity: in.Body.Quantity, Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return &answer[edge.Approval]{approval}, nil
}

func (h *Handler) approval(ctx context.Context, in *idInput) (*answer[edge.Approval], error) {
	var approval edge.Approval
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		approval, err = v.Approval(in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &answer[edge.Approval]{approval}, nil
}

func (h *Handler) withdrawApproval(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.WithdrawApproval(ctx, actorOf(ctx), deviceOf(ctx).ID, in.ID)
}
