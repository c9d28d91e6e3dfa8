package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/forecast"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

func TestMain(m *testing.M) {
	// net/http lingers half a second on a connection it has cut off, and then ends by itself.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// house is a small restaurant with everything real but the paper: SQLite in a temporary folder, an HTTP server on
// a free port, sockets.
type house struct {
	t       testing.TB
	store   *sqlite.Store
	floor   *edge.Floor
	kitchen *edge.Kitchen
	hub     *live.Hub
	codes   *access.Codes
	pairing *access.Pairing
	api     *api.Handler
	url     string
	host    string
	client  *http.Client
	shift   atomic.Int64 // how far the test has moved the clock, in ns

	table   edge.Table // of kind table
	counter edge.Table // of kind counter
	word    string     // the table's printed code
	owner   string     // keys of devices
	cook    string
	display string

	logMu sync.Mutex
	log   bytes.Buffer
}

func (h *house) Write(p []byte) (int, error) {
	h.logMu.Lock()
	defer h.logMu.Unlock()
	return h.log.Write(p)
}

const menuYAML = `
currency: EUR
languages: [en, de]
stations:
  - {id: grill, name: {en: Grill, de: Grill}}
  - {id: bar, name: {en: Bar, de: Bar}}
taxes:
  - {id: food, name: {en: Food, de: Food}, eat_in: "19", take_away: "7"}
modifier_groups:
  - id: extras
    name: {en: Extras, de: Extras}
    max: 3
    modifiers:
      - {id: cheese, name: {en: Cheese, de: Cheese}, price: 100}
      - {id: no-onion, name: {en: No onion, de: No onion}, removal: true}
categories:
  - id: mains
    name: {en: Mains, de: Mains}
    station: grill
    tax: food
    items:
      - {id: burger, name: {en: Burger, de: Burger}, price: 1290, modifier_groups: [extras], prep_seconds: 600}
      - {id: fries, name: {en: Fries, de: Fries}, price: 450}
      - {id: staff-meal, name: {en: Staff meal, de: Staff meal}, price: 100, hidden: true}
  - id: drinks
    name: {en: Drinks, de: Drinks}
    station: bar
    tax: food
    items:
      - id: cola
        name: {en: Cola, de: Cola}
        variants:
          - {id: small, name: {en: "0.3 l", de: "0.3 l"}, price: 300}
          - {id: large, name: {en: "0.5 l", de: "0.5 l"}, price: 420}
  - id: breakfast
    name: {en: Breakfast, de: Breakfast}
    station: grill
    tax: food
    hours: [{from: "07:00", to: "07:01"}]
    items:
      - {id: eggs, name: {en: Eggs, de: Eggs}, price: 700}
`

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseWith(t, venue(), menuYAML)
}

// newHouseWith opens a house with settings and a menu of its own.
func newHouseWith(t testing.TB, venue edge.Venue, menu string) *house {
	t.Helper()
	h := &house{t: t}
	var err error
	h.store, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "house.db"), sqlite.Options{})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() { h.store.Close() })
	logger := slog.New(slog.NewTextHandler(h, nil))
	h.hub = live.New(h.now, logger)
	h.store.OnCommit(h.hub.Publish)
	if err := h.hub.Load(t.Context(), h.store); err != nil {
		t.Fatalf("load hub: %v", err)
	}
	clock := func() edge.Moment { return edge.Moment{At: h.now(), Trusted: true} }
	ids := func() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }
	h.codes = access.NewCodes([]byte("secret"), time.Minute, h.tableIDs)
	h.pairing = access.NewPairing(h.now)
	h.floor = edge.NewFloor(h.store, venue, h.codes, clock, ids)
	h.kitchen = edge.NewKitchen(h.store, venue, clock, ids)
	book := forecast.New()
	h.hub.Listen(book.Hear)
	h.furnish(ids, menu)
	h.floor.Foresee(book)
	h.kitchen.Foresee(book)
	h.api = api.New(api.Config{
		Channels: []string{edge.WebChannel, "telegram"}, Forecast: book,
		Floor: h.floor, Kitchen: h.kitchen, Store: h.store, Hub: h.hub, Codes: h.codes, Pairing: h.pairing,
		Clock: clock, IDs: ids, BaseURL: "https://table.example", Version: "test", Started: h.now(),
		Parts: func() []api.Part { return []api.Part{{ID: "reader", Name: "Reader", Kind: "reader", State: "ok"}} },
		Verify: func(initData string) (string, string, string, error) {
			if initData != "signed" {
				return "", "", "", fmt.Errorf("bad signature")
			}
			return "telegram", "4711", "de", nil
		},
		Links: func(token string) []api.Link {
			return []api.Link{{Channel: "telegram", Label: "T", URL: "https://t.me/x?start=" + token}}
		},
		QR:     func(text string) (int, string, error) { return 21, fmt.Sprintf("M0 0h%dv1z", len(text)), nil },
		PNG:    func(string, int) ([]byte, error) { return []byte("\x89PNG"), nil },
		Pages:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "page") }),
		Logger: logger,
	})
	h.listen()
	return h
}

func (h *house) listen() {
	server := api.Server("127.0.0.1:0", h.api)
	listener, err := net.Listen("tcp", server.Addr)
	if err != nil {
		h.t.Fatalf("listen: %v", err)
	}
	listener = tight{listener}
	h.host = listener.Addr().String()
	h.url = "http://" + h.host
	h.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 20 * time.Second}
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(listener) })
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.api.Close(ctx); err != nil {
			h.t.Errorf("close api: %v", err)
		}
		h.client.CloseIdleConnections()
		server.Close()
		served.Wait()
	})
}

// tight gives connections small buffers, so that a client that does not read is soon felt.
type tight struct{ net.Listener }

func (l tight) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(4096)
	}
	return conn, err
}

func (h *house) now() time.Time {
	return time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC).Add(time.Duration(h.shift.Load())).Add(time.Since(began)).
		Truncate(time.Millisecond)
}

var began = time.Now()

func venue() edge.Venue {
	return edge.Venue{
		Name: "Zur <Linde>", Currency: "EUR", Zone: time.UTC, CutOff: 4 * time.Hour, Languages: []string{"en", "de"},
		Kitchen: "en",
		Policy: edge.Policy{
			Printed: edge.MayAsk, Recent: edge.MayOrder, Proven: edge.MayOrder, EscalateAfter: time.Minute,
			RejectAfter: 10 * time.Minute, SessionIdle: 4 * time.Hour, PresenceTTL: 3 * time.Hour,
			MaxLines: 10, MaxQuantity: 20, MaxOpenOrders: 500,
		},
	}
}

func (h *house) tableIDs() []edge.ID { return []edge.ID{h.table.ID, h.counter.ID} }

func (h *house) furnish(ids edge.IDs, menuYAML string) {
	ctx := h.t.Context()
	tables, err := h.floor.AddTables(ctx, edge.System, []edge.Table{
		{Name: "7", Kind: edge.KindTable}, {Name: "Bar", Kind: edge.KindCounter},
	})
	h.must(err)
	h.table, h.counter = tables[0], tables[1]
	h.word = access.NewWord()
	_, err = h.floor.IssueToken(ctx, edge.System, h.table.ID, edge.MediumQR, h.word)
	h.must(err)
	menu, problems := api.DecodeMenu([]byte(menuYAML), nil)
	if len(problems) > 0 {
		h.t.Fatalf("menu: %+v", problems)
	}
	_, err = h.floor.Publish(ctx, edge.System, menu)
	h.must(err)
	h.owner, h.cook, h.display = h.device(ids, edge.RoleOwner), h.device(ids, edge.RoleKitchen), h.device(ids, edge.RoleDisplay)
}

// device pairs a device and gives its key.
func (h *house) device(ids edge.IDs, role edge.Role) string {
	key := access.NewKey()
	h.must(h.floor.PairDevice(h.t.Context(), edge.System, edge.Device{
		ID: ids(), Name: string(role), Role: role, KeyHash: access.Hash(key), TableID: h.table.ID, Paired: h.now(),
	}))
	return key
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// into decodes the answer's body.
func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("decode %s: %v", r.body, err)
	}
}

func (r reply) code() string {
	var p api.Problem
	_ = json.Unmarshal(r.body, &p)
	return p.Code
}

// do sends a request with a key and a JSON body; a body that is a string or bytes is sent as it is.
func (h *house) do(method, path, key string, body any) reply {
	h.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		h.must(err)
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, h.url+path, reader)
	h.must(err)
	if reader != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return h.send(req)
}

func (h *house) send(req *http.Request) reply {
	h.t.Helper()
	res, err := h.client.Do(req)
	h.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	h.must(err)
	return reply{res.StatusCode, res.Header, raw}
}

// want sends a request and checks the status.
func (h *house) want(status int, method, path, key string, body any) reply {
	h.t.Helper()
	r := h.do(method, path, key, body)
	if r.status != status {
		h.t.Fatalf("%s %s = %d %s, want %d", method, path, r.status, r.body, status)
	}
	return r
}

// sit seats a new guest with a code of the display, so that orders go straight to the kitchen.
func (h *house) sit() string {
	h.t.Helper()
	code, _, _ := h.codes.Current(h.table.ID, h.now())
	var answer api.SeatAnswer
	h.want(http.StatusOK, "POST", "/api/guest/seat", "", api.SeatBody{Token: code}).into(h.t, &answer)
	return answer.GuestKey
}

func (h *house) seq() int64 {
	h.t.Helper()
	var seq int64
	h.must(h.store.Read(context.Background(), func(v edge.View) (err error) {
		seq, err = v.Seq()
		return err
	}))
	return seq
}

// burger is an order for n burgers.
func burger(key string, n int) api.OrderBody {
	return api.OrderBody{Key: key, MenuVersion: 1, Lines: []edge.LineRequest{{Item: "burger", Quantity: n}}}
}

// newKey is a key for an intention.
func newKey() string { return uuid.Must(uuid.NewV7()).String() }
