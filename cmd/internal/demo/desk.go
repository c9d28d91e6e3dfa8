package demo

import (
	"context"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
)

//go:embed desk.html
var deskPage []byte

//go:embed desk.js
var deskScript []byte

//go:embed desk.css
var deskStyle []byte

// deskHandler is the page on which a visitor plays guests' hands: tap tags, pull the reader's plug, cut a messenger off.
func (r *Restaurant) deskHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", static("text/html; charset=utf-8", deskPage))
	mux.HandleFunc("GET /desk.js", static("text/javascript; charset=utf-8", deskScript))
	mux.HandleFunc("GET /desk.css", static("text/css; charset=utf-8", deskStyle))
	mux.HandleFunc("GET /display.png", func(w http.ResponseWriter, _ *http.Request) {
		picture, err := os.ReadFile(filepath.Join(r.folder, displayFile))
		if err != nil {
			http.Error(w, "nothing is shown yet", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(picture)
	})
	mux.HandleFunc("GET /house", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"url": r.URL, "telegram": r.TelegramURL, "codes": r.Codes, "tables": r.Tables, "courses": r.courses})
	})
	mux.HandleFunc("POST /tap", r.deskTap)
	mux.HandleFunc("POST /telegram/{state}", r.deskTelegram)
	mux.HandleFunc("POST /reader/{state}", r.deskReader)
	return sameOrigin(mux)
}

// tapRequest is what is held to the reader: a table's tag, something unknown, or a phone.
type tapRequest struct {
	Table string `json:"table,omitempty"`
	What  string `json:"what,omitempty"` // "unknown", "phone"
}

var errNoTable = errors.New("there is no such table")

// Tap holds the tag of a table to the reader, as a hand would.
func (r *Restaurant) Tap(ctx context.Context, table string) error {
	i := slices.IndexFunc(r.Tables, func(t Table) bool { return t.Name == table })
	if i < 0 {
		return errNoTable
	}
	uid, err := hex.DecodeString(r.Tables[i].UID)
	if err != nil {
		return err
	}
	return r.current().Tap(ctx, uid, r.Tables[i].URL)
}

func (r *Restaurant) deskTap(w http.ResponseWriter, req *http.Request) {
	var tap tapRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, req.Body, 1<<10)).Decode(&tap); err != nil {
		http.Error(w, "say what is tapped", http.StatusBadRequest)
		return
	}
	var err error
	switch tap.What {
	case "unknown":
		err = r.current().Tap(req.Context(), []byte{0x04, 1, 2, 3, 4, 5, 6}, "https://example.com/somewhere-else")
	case "phone":
		err = r.current().Tap(req.Context(), []byte{0x08, 1, 2, 3}, "")
	case "":
		err = r.Tap(req.Context(), tap.Table)
	default:
		err = errNoTable
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	answer(w, map[string]string{"tapped": tap.Table + tap.What})
}

func (r *Restaurant) deskTelegram(w http.ResponseWriter, req *http.Request) {
	state := req.PathValue("state")
	if state != "off" && state != "on" {
		http.NotFound(w, req)
		return
	}
	if err := r.telegram.CutOff(state == "off"); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]string{"telegram": state})
}

// deskReader pulls the reader's plug or puts it in again.
func (r *Restaurant) deskReader(w http.ResponseWriter, req *http.Request) {
	state := req.PathValue("state")
	switch state {
	case "off":
		r.current().Unplug()
	case "on":
		r.plug()
	default:
		http.NotFound(w, req)
		return
	}
	answer(w, map[string]string{"reader": state})
}

func static(contentType string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		_, _ = w.Write(content)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// sameOrigin refuses presses that another site's page sends: the desk plays with a real device.
func sameOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	return guard.Handler(next)
}
