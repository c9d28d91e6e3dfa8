package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

// menuRoute serves the menu to everybody: it is what hangs outside at the door. It bypasses huma because the
// answer is kept ready in memory, compressed too.
func (h *Handler) menuRoute(api huma.API, mux *http.ServeMux) {
	op := h.operation(api, route{
		method: http.MethodGet, path: "/api/guest/menu", id: "menu", who: anyone,
		summary: "The menu with what is sold out now",
	})
	op.Responses["200"] = &huma.Response{
		Description: "The menu", Content: map[string]*huma.MediaType{
			jsonType: {Schema: api.OpenAPI().Components.Schemas.Schema(of[GuestMenu](), true, "")},
		},
		Headers: map[string]*huma.Param{"ETag": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	op.Responses["304"] = &huma.Response{Description: "The guest has it already (If-None-Match)"}
	api.OpenAPI().AddOperation(op)
	mux.HandleFunc("GET /api/guest/menu", h.menu)
}

// menuCache keeps the last menu as it went out.
type menuCache struct {
	mu   sync.Mutex
	kept *servedMenu
}

// servedMenu is the menu's text, good for one state of menu and stock and one minute: opening hours end at minutes.
type servedMenu struct {
	stockSeq   int64
	minute     time.Time
	text, gzip []byte
	etag       string
}

func (h *Handler) menu(w http.ResponseWriter, r *http.Request) {
	if !h.limits.menus.Allow(addressOf(r.RemoteAddr)) {
		writeProblem(w, tooMany("too_often", "Too many requests. Please wait a moment.", retryTooMany))
		return
	}
	served, err := h.served()
	if err != nil {
		writeProblem(w, h.refusal(r.Context(), err))
		return
	}
	header := w.Header()
	header.Set("ETag", served.etag)
	header.Set("Cache-Control", "no-cache")
	header.Set("Vary", "Accept-Encoding")
	if slices.Contains(splitList(r.Header.Get("If-None-Match")), served.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", jsonType)
	text := served.text
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		text = served.gzip
	}
	// An error means the guest has gone.
	_, _ = w.Write(text)
}

// splitList splits a header's list, weak marks left out.
func splitList(header string) []string {
	parts := strings.Split(header, ",")
	for i := range parts {
		parts[i] = strings.TrimPrefix(strings.TrimSpace(parts[i]), "W/")
	}
	return parts
}

func acceptsGzip(header string) bool {
	for _, part := range splitList(header) {
		name, quality, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" {
			return !strings.HasPrefix(strings.ReplaceAll(quality, " ", ""), "q=0") ||
				strings.HasPrefix(strings.ReplaceAll(quality, " ", ""), "q=0.")
		}
	}
	return false
}

// served gives the menu from memory, or makes it anew when something changed.
func (h *Handler) served() (*servedMenu, error) {
	seq, now := h.cfg.Hub.StockSeq(), h.cfg.Clock().At
	minute := now.Truncate(time.Minute)
	h.menus.mu.Lock()
	defer h.menus.mu.Unlock()
	if kept := h.menus.kept; kept != nil && kept.stockSeq == seq && kept.minute.Equal(minute) {
		return kept, nil
	}
	made, err := h.makeMenu(now)
	if err != nil {
		return nil, err
	}
	made.stockSeq, made.minute = seq, minute
	h.menus.kept = made
	return made, nil
}

func (h *Handler) makeMenu(now time.Time) (*servedMenu, error) {
	menu := h.cfg.Hub.Menu()
	if menu == nil {
		return nil, problem(http.StatusNotFound, "no_menu", "No menu has been published yet.")
	}
	text, err := json.Marshal(GuestMenu{
		Menu: forGuests(menu), Stock: h.cfg.Hub.Stock(), Closed: closedAt(menu, now.In(h.venue.Zone)),
	})
	if err != nil {
		return nil, fmt.Errorf("encode menu: %w", err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil {
		return nil, fmt.Errorf("compress menu: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compress menu: %w", err)
	}
	sum := sha256.Sum256(text)
	return &servedMenu{
		text: text, gzip: packed.Bytes(), etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
	}, nil
}

// forGuests copies a menu without its hidden items.
func forGuests(menu *edge.Menu) edge.Menu {
	out := *menu
	out.Categories = slices.Clone(menu.Categories)
	for i := range out.Categories {
		items := []edge.Item{}
		for _, item := range menu.Categories[i].Items {
			if !item.Hidden {
				items = append(items, item)
			}
		}
		out.Categories[i].Items = items
	}
	return out
}

// closedAt lists what cannot be ordered at the venue's local time: items, and categories all of whose items are
// closed.
func closedAt(menu *edge.Menu, local time.Time) []string {
	closed := []string{}
	for _, category := range menu.Categories {
		shut := []string{}
		for _, item := range category.Items {
			if !menu.Open(item.ID, local) {
				shut = append(shut, item.ID)
			}
		}
		if len(shut) > 0 && len(shut) == len(category.Items) {
			closed = append(closed, category.ID)
		}
		closed = append(closed, shut...)
	}
	return closed
}
