package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

func TestTagsOverTheAPI(t *testing.T) {
	h := newHouse(t)
	const uid = "04AABBCCDDEE80"
	if _, err := h.floor.ProvisionTag(t.Context(), edge.System, edge.TagResult{
		UID: uid, TableID: h.table.ID, Signs: true, Version: 1, Chip: "ntag424", Protected: true,
	}); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		method, path, body string
		status             int
	}{
		{http.MethodGet, "/api/owner/tags", "", http.StatusOK},
		{http.MethodPost, "/api/owner/tags/" + uid + "/move", `{"table_id":"` + string(h.counter.ID) + `"}`, http.StatusOK},
		{http.MethodPost, "/api/owner/tags/" + uid + "/move", `{"table_id":"nowhere"}`, http.StatusNotFound},
		{http.MethodPost, "/api/owner/tags/" + uid + "/lose", "", http.StatusOK},
		{http.MethodPost, "/api/owner/tags/" + uid + "/find", "", http.StatusOK},
		{http.MethodPost, "/api/owner/tags/" + uid + "/erase", `{"version":3}`, http.StatusOK},
		{http.MethodPost, "/api/owner/tags/" + uid + "/find", "", http.StatusConflict},
		{http.MethodPost, "/api/owner/tags/04000000000000/lose", "", http.StatusNotFound},
		{http.MethodPost, "/api/owner/tags/reached", `{"uid":"` + uid + `","version":9,"counter":4}`, http.StatusNoContent},
		{http.MethodPost, "/api/owner/tags/plan", `{"uid":"` + uid + `","table_id":"x","signs":true}`, http.StatusServiceUnavailable},
		{http.MethodGet, "/api/owner/provision", "", http.StatusServiceUnavailable},
		{http.MethodPost, "/api/owner/provision", `{"tables":["x"]}`, http.StatusServiceUnavailable},
		{http.MethodPost, "/api/owner/provision", `{"tables":[]}`, http.StatusUnprocessableEntity},
		{http.MethodPost, "/api/owner/provision/press", `{"press":"dance"}`, http.StatusUnprocessableEntity},
	}
	for _, step := range steps {
		var body any
		if step.body != "" {
			body = json.RawMessage(step.body)
		}
		if got := h.do(step.method, step.path, h.owner, body); got.status != step.status {
			t.Errorf("%s %s %s: got %d %s, want %d", step.method, step.path, step.body, got.status, got.body, step.status)
		}
		if got := h.do(step.method, step.path, h.cook, body); got.status != http.StatusForbidden {
			t.Errorf("%s %s with a kitchen's key: got %d", step.method, step.path, got.status)
		}
	}
}
