package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/conversation"
	"github.com/comanda-pos/comanda/sync/inbox"
	"github.com/comanda-pos/comanda/sync/outbox"
	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

const (
	tableToken   = "table-seven-token-0001"
	counterToken = "counter-token-00000002"
	webBase      = "https://menu.example.org"
)

func newID() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }

func clock() edge.Moment { return edge.Moment{At: time.Now(), Trusted: true} }

// shortCodes knows one code of a display that is valid and one that has expired.
type shortCodes struct{ table edge.ID }

func (c shortCodes) Resolve(code string, _ time.Time) (edge.ID, edge.CodeState) {
	switch code {
	case "FRESH234":
		return c.table, edge.CodeValid
	case "STALE234":
		return c.table, edge.CodeExpired
	default:
		return "", edge.CodeUnknown
	}
}

func (shortCodes) OpenPass(string, time.Time) (string, time.Time, bool) {
	return "", time.Time{}, false
}

// always foresees ten to fifteen minutes.
type always struct{}

func (always) Ticket(string, time.Duration) time.Duration { return 12 * time.Minute }

func (always) Range(string, time.Duration) (from, to time.Duration) {
	return 10 * time.Minute, 15 * time.Minute
}

// wire is a line to the simulated Telegram without a network, so that it can be used where time is simulated too.
type wire struct {
	api http.Handler
	off atomic.Bool
}

var errRefused = errors.New("connection refused")

func (w *wire) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if w.off.Load() {
		return nil, errRefused
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	defer func() {
		if p := recover(); p != nil {
			resp, err = nil, io.ErrUnexpectedEOF
			if ctxErr := r.Context().Err(); ctxErr != nil {
				err = ctxErr
			}
		}
	}()
	rec := httptest.NewRecorder()
	w.api.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// house is a restaurant with a simulated Telegram. It must be opened inside a synctest bubble.
type house struct {
	t       *testing.T
	path    string
	venue   edge.Venue
	store   *sqlite.Store
	floor   *edge.Floor
	kitchen *edge.Kitchen
	table   edge.Table
	counter edge.Table
	menu    int64
	tg      *telegramtest.Server
	line    *wire
	bot     *telegram.Channel
	conv    *conversation.Conversation
	out     *outbox.Outbox
	in      *inbox.Inbox
	keys    atomic.Int64
	presses int
	stop    context.CancelFunc
	running sync.WaitGroup
}

func menu() edge.Menu {
	words := func(en, de string) edge.Words { return edge.Words{"en": en, "de": de} }
	return edge.Menu{
		Currency: "EUR", Languages: []string{"en", "de"},
		Stations: []edge.Station{{ID: "hot", Name: words("Hot", "Warm"), WarnAfter: 300, LateAfter: 600}},
		Taxes:    []edge.TaxClass{{ID: "food", Name: words("Food", "Speisen"), EatIn: "19"}},
		Categories: []edge.Category{{
			ID: "mains", Name: words("Mains", "Hauptgerichte"), Station: "hot", Tax: "food",
			Items: []edge.Item{
				{ID: "soup", Name: words("Soup of the day", "Tagessuppe"), Price: 650},
				{ID: "cake", Name: words("Cake", "Kuchen"), Price: 390, Course: 3},
				{ID: "steak", Name: words("Steak", "Steak"), Price: 2390, Course: 2},
				{ID: "salad", Name: words("Salad", "Salat"), Price: 590, Course: 1},
				{ID: "beer", Name: words("Beer", "Bier"), Variants: []edge.Variant{{ID: "l", Name: words("0.5 l", "0,5 l"), Price: 480}}},
			},
		}},
	}
}

func openHouse(t *testing.T, change ...func(*edge.Venue)) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "house.db"), venue: edge.Venue{
		Name: "Zum Löwen", Currency: "EUR", Zone: time.UTC, CutOff: 4 * time.Hour, Languages: []string{"en", "de"}, Kitchen: "de",
		Policy: edge.Policy{
			Printed: edge.MayAsk, Recent: edge.MayOrder, Proven: edge.MayOrder, EscalateAfter: 2 * time.Minute,
			RejectAfter: 10 * time.Minute, SessionIdle: 3 * time.Hour, PresenceTTL: 3 * time.Hour,
			MaxLines: 20, MaxQuantity: 20, MaxOpenOrders: 10,
		},
	}}
	for _, change := range change {
		change(&h.venue)
	}
	h.tg = telegramtest.New(telegramtest.Config{})
	h.line = &wire{api: h.tg.API()}
	h.openStore()
	h.setUp()
	h.start()
	t.Cleanup(h.close)
	return h
}

func (h *house) openStore() {
	h.t.Helper()
	var err error
	if h.store, err = sqlite.Open(context.Background(), h.path, sqlite.Options{}); err != nil {
		h.t.Fatalf("open store: %v", err)
	}
	h.floor = edge.NewFloor(h.store, h.venue, shortCodes{h.table.ID}, clock, newID)
	h.floor.Foresee(always{})
	h.kitchen = edge.NewKitchen(h.store, h.venue, clock, newID)
	h.kitchen.Foresee(always{})
}

func (h *house) setUp() {
	h.t.Helper()
	ctx := h.t.Context()
	tables, err := h.floor.AddTables(ctx, "staff:1", []edge.Table{{Name: "7"}, {Name: "Bar", Kind: edge.KindCounter}})
	h.must(err)
	h.table, h.counter = tables[0], tables[1]
	_, err = h.floor.IssueToken(ctx, "staff:1", h.table.ID, edge.MediumQR, tableToken)
	h.must(err)
	_, err = h.floor.IssueToken(ctx, "staff:1", h.counter.ID, edge.MediumQR, counterToken)
	h.must(err)
	h.menu, err = h.floor.Publish(ctx, "staff:1", menu())
	h.must(err)
	h.floor = edge.NewFloor(h.store, h.venue, shortCodes{h.table.ID}, clock, newID)
	h.floor.Foresee(always{})
}

// start runs the messenger's parts over the store that is open.
func (h *house) start() {
	h.t.Helper()
	settings := telegram.DefaultSettings()
	settings.Token, settings.Username, settings.APIURL = telegramtest.DefaultToken, h.tg.Username(), "http://telegram.test"
	bot, err := telegram.New(settings, slog.New(slog.DiscardHandler), &http.Client{Transport: h.line})
	h.must(err)
	h.bot = bot
	channels := map[string]channel.Channel{bot.Name(): bot}
	h.conv, err = conversation.New(conversation.Config{
		Channels: channels, Store: h.store, Floor: h.floor, Link: conversation.Links(webBase),
		NewKey: func() string { return fmt.Sprintf("key-%d", h.keys.Add(1)) },
	})
	h.must(err)
	h.out = outbox.New(h.store, h.conv, outbox.Options{Random: func() float64 { return 0.5 }})
	h.in = inbox.New(h.store, channels, h.conv, inbox.Options{Answered: h.out.Wake})
	h.store.OnCommit(func(events []edge.Event) {
		if len(events) > 0 {
			h.out.Wake()
		}
	})
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.running.Go(func() { h.out.Serve(ctx) })
	h.running.Go(func() { h.in.Serve(ctx) })
	h.running.Go(func() { h.bot.Receive(ctx, h.in) })
}

func (h *house) close() {
	h.stop()
	h.running.Wait()
	if err := h.store.Close(); err != nil {
		h.t.Errorf("close store: %v", err)
	}
}

// restart ends everything and opens it again, as after a power cut.
func (h *house) restart() {
	h.close()
	h.openStore()
	h.start()
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// pass lets time go by until everything that is to happen in it has happened.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// fromBot are the texts the guest sees from the bot.
func (h *house) fromBot(user *telegramtest.User) []string {
	var texts []string
	for _, m := range h.tg.FromBot(user.ID()) {
		texts = append(texts, m.Text)
	}
	return texts
}

// cards are the messages about orders, without the welcome and the alerts.
func (h *house) cards(user *telegramtest.User) []telegramtest.Message {
	var cards []telegramtest.Message
	for _, m := range h.tg.FromBot(user.ID()) {
		if strings.Contains(m.Text, "× ") {
			cards = append(cards, m)
		}
	}
	return cards
}

// arrive lets a guest follow the link of the table's code, and gives the guest as the restaurant knows them.
func (h *house) arrive(user *telegramtest.User, token string) edge.Guest {
	h.t.Helper()
	h.must(user.Start(token))
	pass(3 * time.Second)
	return h.guest(user)
}

func (h *house) guest(user *telegramtest.User) edge.Guest {
	h.t.Helper()
	var guest edge.Guest
	h.must(h.store.Read(h.t.Context(), func(view edge.View) error {
		sessions, err := view.OpenSessions()
		if err != nil {
			return err
		}
		for _, s := range sessions {
			if guest, err = view.GuestByAddress(s.ID, "telegram", user.Chat()); err == nil {
				return nil
			}
		}
		return fmt.Errorf("guest %d sits nowhere: %w", user.ID(), err)
	}))
	return guest
}

// order places an order for the guest.
func (h *house) order(guest edge.Guest, lines ...edge.LineRequest) edge.ID {
	h.t.Helper()
	if len(lines) == 0 {
		lines = []edge.LineRequest{{Item: "soup", Quantity: 2}, {Item: "beer", Variant: "l", Quantity: 1}}
	}
	receipt, err := h.floor.Place(h.t.Context(), edge.PlaceRequest{Key: string(newID()), Guest: guest.ID, MenuVersion: h.menu, Lines: lines})
	h.must(err)
	return receipt.Order
}

// press presses start or bump on every ticket of an order.
func (h *house) press(order edge.ID, act func(context.Context, edge.Press) (int64, error)) {
	h.t.Helper()
	var tickets []edge.Ticket
	h.must(h.store.Read(h.t.Context(), func(view edge.View) error {
		var err error
		tickets, err = view.TicketsOf(order)
		return err
	}))
	for _, ticket := range tickets {
		h.presses++
		_, err := act(h.t.Context(), edge.Press{Key: fmt.Sprintf("press-%d", h.presses), Device: "screen", Ticket: ticket.ID})
		h.must(err)
	}
}

func (h *house) ready(order edge.ID) {
	h.t.Helper()
	h.must(h.floor.Accept(h.t.Context(), "staff:1", order))
	h.press(order, h.kitchen.Bump)
}
