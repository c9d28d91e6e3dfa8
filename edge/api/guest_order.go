package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

// placeRoute serves the one request that must be fast without huma's generic checks, which decode the body twice;
// it is described to the document by hand. What huma would have checked, decode and the core check.
func (h *Handler) placeRoute(api huma.API, mux *http.ServeMux) {
	op := h.operation(api, route{
		method: http.MethodPost, path: "/api/guest/orders", id: "place-order", who: aGuest,
		summary: "Send an order",
	})
	registry := api.OpenAPI().Components.Schemas
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		jsonType: {Schema: registry.Schema(of[OrderBody](), true, "")},
	}}
	receipt := map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(of[edge.Receipt](), true, "")}}
	op.Responses["201"] = &huma.Response{Description: "The order is safely on the device", Content: receipt}
	op.Responses["200"] = &huma.Response{
		Description: "The order had been sent before under this key: the first answer again", Content: receipt,
		Headers: map[string]*huma.Param{"Idempotent-Replay": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	api.OpenAPI().AddOperation(op)
	mux.HandleFunc("POST /api/guest/orders", h.place)
}

// place is the hot path: key → guest from memory, body → one commit → answer.
func (h *Handler) place(w http.ResponseWriter, r *http.Request) {
	guest, err := h.guest(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		writeProblem(w, h.refusal(r.Context(), err))
		return
	}
	if p := h.limits.order(guest); p != nil {
		writeProblem(w, p)
		return
	}
	var body OrderBody
	if p := decode(w, r, maxBody, &body); p != nil {
		writeProblem(w, p)
		return
	}
	receipt, err := h.cfg.Floor.Place(r.Context(), body.request(guest.ID))
	if err != nil {
		writeProblem(w, h.refusal(r.Context(), err))
		return
	}
	status := http.StatusCreated
	w.Header().Set("Content-Type", jsonType)
	if receipt.Repeated {
		w.Header().Set("Idempotent-Replay", "true")
		status = http.StatusOK
	}
	w.WriteHeader(status)
	encodeTo(w, receipt)
}

func (b *OrderBody) request(guest edge.ID) edge.PlaceRequest {
	return edge.PlaceRequest{
		Key: b.Key, Guest: guest, MenuVersion: b.MenuVersion, Lines: b.Lines, Note: b.Note, Allergies: b.Allergies,
		AllergyNote: b.AllergyNote, Dining: b.Dining,
	}
}
