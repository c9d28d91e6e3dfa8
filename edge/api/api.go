// Package api is the device's HTTP and WebSocket surface for guests, kitchen screens, displays and the owner.
package api

//go:generate go run ./gen openapi.yaml

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/live"
)

// TelegramVerifier proves what a Telegram mini app says about who opened it and gives where that person can be
// reached. It errs when the proof does not hold.
type TelegramVerifier func(initData string) (channel, address, language string, err error)

// Config is what the API stands on. Floor, Kitchen, Store, Hub, Codes, Pairing and Clock are needed; what is
// left out of the rest is switched off.
type Config struct {
	Floor   *edge.Floor
	Kitchen *edge.Kitchen
	Store   edge.Store
	Hub     *live.Hub
	Codes   *access.Codes
	Pairing *access.Pairing
	Clock   edge.Clock
	IDs     edge.IDs

	// BaseURL is how phones reach the house, "https://host", without a slash at the end. AllowedHosts are further
	// names the device answers to; IP addresses and localhost always work.
	BaseURL      string
	AllowedHosts []string
	// Version and Started are told to the owner.
	Version string
	Started time.Time
	// Channels are where orders can come from: the web and the messengers that are on.
	Channels []string
	// Forecast is what guests are told about the kitchen; nil tells them nothing.
	Forecast Forecast
	// Parts and Cursors give the state of the device's parts and of the readers of the journal.
	Parts   func() []Part
	Cursors func(ctx context.Context) []Cursor
	// Verify proves Telegram's words; without it nobody can be bound to a chat.
	Verify TelegramVerifier
	// Links gives the ways into the messengers for a table's token.
	Links func(token string) []Link
	// Bench sets up tags at the device's own reader; nil has none.
	Bench Bench
	// Badger enrols badges at the device's own reader; nil has none. Readers lists the readers by name.
	Badger  Badger
	Readers func(ctx context.Context) []OwnerReader
	// QR draws a code as an SVG path in a square of size by size; PNG draws it as an image with sides of about
	// that many pixels.
	QR  func(text string) (size int, path string, err error)
	PNG func(text string, pixels int) ([]byte, error)
	// Pages serves everything that is not under /api/.
	Pages  http.Handler
	Logger *slog.Logger
}

// Handler answers HTTP requests and holds the sockets. Close ends the sockets; http.Server does not, because they
// have left its care.
type Handler struct {
	cfg      Config
	venue    edge.Venue
	logger   *slog.Logger
	keys     *access.Keys
	limits   limits
	hosts    map[string]bool
	menus    menuCache
	standing standing
	serve    http.Handler
	doc      *huma.OpenAPI

	closing chan struct{} // closed by Close
	sockets sync.WaitGroup
	mu      sync.Mutex // guards closed, so that no socket joins while Close waits
	closed  bool
}

var _ http.Handler = (*Handler)(nil)

// New assembles the API. It listens to the hub for as long as the hub lives.
func New(cfg Config) *Handler {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	h := &Handler{
		cfg: cfg, venue: cfg.Floor.Venue(), logger: cfg.Logger, keys: access.NewKeys(cfg.Store, keysKept),
		limits: newLimits(cfg.Clock), closing: make(chan struct{}),
	}
	cfg.Hub.Listen(h.keys.Changed)
	h.hosts = allowedHosts(cfg.BaseURL, cfg.AllowedHosts)
	mux := http.NewServeMux()
	h.routes(mux)
	if cfg.Pages != nil {
		mux.Handle("/", cfg.Pages)
	}
	h.serve = h.guard(mux)
	return h
}

// keysKept bounds the cache of known keys: phones and screens of a full house.
const keysKept = 2048

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve.ServeHTTP(w, r) }

// Close ends all sockets with the code for a shutdown and waits until they are gone or ctx is over.
func (h *Handler) Close(ctx context.Context) error {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.closing)
	}
	h.mu.Unlock()
	done := make(chan struct{})
	go func() { h.sockets.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("close sockets"), ctx.Err())
	}
}

// DocumentYAML is the document as the text of edge/api/openapi.yaml.
func DocumentYAML() ([]byte, error) {
	text, err := Document().YAML()
	if err != nil {
		return nil, fmt.Errorf("write the document as yaml: %w", err)
	}
	return text, nil
}

// enter counts a socket in, unless the handler is closing. Whoever is in must call h.sockets.Done.
func (h *Handler) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.sockets.Add(1)
	}
	return !h.closed
}

// Document is the OpenAPI 3.1 description of the whole surface, the messages of the sockets included.
func Document() *huma.OpenAPI {
	h := &Handler{}
	h.routes(http.NewServeMux())
	return h.doc
}

func (h *Handler) routes(mux *http.ServeMux) {
	registry := newRegistry()
	// huma decodes into `any` first and checks that against the schema: unknown keys are found there.
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: json.Unmarshal}
	api := humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "comanda", Version: "1",
				Description: "The device of one restaurant. Amounts are in minor units, times in RFC 3339.",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"guest":  {Type: "http", Scheme: "bearer", Description: "The key of a guest"},
					"device": {Type: "http", Scheme: "bearer", Description: "The key of a paired device"},
				},
			},
		},
		Formats:       map[string]huma.Format{jsonType: format, "json": format},
		DefaultFormat: jsonType,
		Transformers:  []huma.Transformer{asProblem},
	})
	h.doc = api.OpenAPI()
	h.guestRoutes(api, mux)
	h.pairRoutes(api)
	h.displayRoutes(api)
	h.stateRoutes(api)
	h.tableRoutes(api)
	h.tagRoutes(api)
	h.menuRoutes(api)
	h.floorRoutes(api)
	h.kitchenRoutes(api)
	h.deviceRoutes(api)
	h.peopleRoutes(api)
	h.badgeRoutes(api)
	h.approvalRoutes(api)
	h.socketRoutes(mux)
	mux.HandleFunc("/api/", h.nothingHere)
	describeSockets(h.doc)
	tidy(h.doc)
}

// nothingHere answers for paths under /api/ that nobody serves.
func (h *Handler) nothingHere(w http.ResponseWriter, _ *http.Request) {
	writeProblem(w, problem(http.StatusNotFound, "no_such_path", "There is nothing at this address."))
}

func (h *Handler) now() time.Time { return h.cfg.Clock().At.UTC().Truncate(time.Millisecond) }
