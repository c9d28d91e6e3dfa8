package api_test

import (
	"net/http"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

func TestOwnerFiresTheOrderInTheAddress(t *testing.T) {
	h := newHouse(t)
	var receipt edge.Receipt
	h.want(http.StatusCreated, "POST", "/api/guest/orders", h.sit(), burger(newKey(), 1)).into(t, &receipt)
	fire := func(order edge.ID) string { return "/api/owner/orders/" + string(order) + "/fire" }
	h.want(http.StatusNoContent, "POST", fire(receipt.Order), h.owner, map[string]any{})
	h.want(http.StatusNoContent, "POST", fire(receipt.Order), h.owner, map[string]any{"course": 2})
	h.want(http.StatusNotFound, "POST", fire("no-such-order"), h.owner, map[string]any{})
}
