package telegramtest

import (
	"encoding/json"
	"io"
	"net/http"
)

// control lets a script misbehave: POST /control/misbehave with a Fault, /control/behave, /control/cutoff with {"off":true}.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil {
		return
	}
	switch r.PathValue("act") {
	case "misbehave":
		var f Fault
		if err = json.Unmarshal(body, &f); err == nil {
			err = s.Misbehave(f)
		}
	case "behave":
		s.Behave()
	case "cutoff":
		var in struct {
			Off bool `json:"off"`
		}
		if err = json.Unmarshal(body, &in); err == nil {
			err = s.CutOff(in.Off)
		}
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
