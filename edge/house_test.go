package edge_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// tb is what testing.T and rapid.T have in common.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// house is a small restaurant over a real store: table 7 and a counter, a menu, and a clock the test moves.
type house struct {
	store   *sqlite.Store
	floor   *edge.Floor
	kitchen *edge.Kitchen
	venue   edge.Venue
	now     time.Time
	ids     int
	table   edge.Table
	counter edge.Table
	menu    int64
}

// Words on codes.
const (
	printedWord = "printed-token-of-table-7"
	counterWord = "printed-token-of-counter"
	recentCode  = "RECENT22"
	expiredCode = "EXPIRED2"
)

// codes is one valid and one expired code of a table.
type codes struct{ table func() edge.ID }

func (c codes) Resolve(code string, _ time.Time) (edge.ID, edge.CodeState) {
	switch code {
	case recentCode:
		return c.table(), edge.CodeValid
	case expiredCode:
		return c.table(), edge.CodeExpired
	default:
		return "", edge.CodeUnknown
	}
}

// OpenPass opens passes that are a token with "+fresh" (proven five minutes ago) or "+old" behind it.
func (c codes) OpenPass(word string, at time.Time) (string, time.Time, bool) {
	token, proof, ok := strings.Cut(word, "+")
	if proof != "fresh" {
		return token, time.Time{}, ok
	}
	return token, at.Add(-5 * time.Minute), ok
}

var ctx = context.Background()

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseWith(t, func(*edge.Venue) {})
}

// newHouseWith opens a house with settings of its own.
func newHouseWith(t testing.TB, set func(*edge.Venue)) *house {
	t.Helper()
	h := openHouse(t, filepath.Join(t.TempDir(), "house.db"), set)
	t.Cleanup(func() { h.store.Close() })
	return h
}

func openHouse(t tb, path string, set func(*edge.Venue)) *house {
	t.Helper()
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	h := &house{
		store: store, now: time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC),
		venue: edge.Venue{
			Name: "Test", Currency: "EUR", Zone: time.UTC, CutOff: 4 * time.Hour, Languages: []string{"en", "de"}, Kitchen: "en",
			Policy: edge.Policy{
				Printed: edge.MayAsk, Recent: edge.MayOrder, Proven: edge.MayOrder, EscalateAfter: time.Minute,
				RejectAfter: 10 * time.Minute, SessionIdle: 4 * time.Hour, PresenceTTL: 3 * time.Hour,
				MaxLines: 10, MaxQuantity: 20, MaxOpenOrders: 5,
			},
		},
	}
	set(&h.venue)
	clock := func() edge.Moment { return edge.Moment{At: h.now, Trusted: true} }
	ids := func() edge.ID { h.ids++; return edge.ID(fmt.Sprintf("id-%06d", h.ids)) }
	h.floor = edge.NewFloor(store, h.venue, codes{func() edge.ID { return h.table.ID }}, clock, ids)
	h.kitchen = edge.NewKitchen(store, h.venue, clock, ids)
	h.furnish(t)
	return h
}

func (h *house) furnish(t tb) {
	t.Helper()
	tables, err := h.floor.AddTables(ctx, edge.System, []edge.Table{{Name: "7"}, {Name: "Counter", Kind: edge.KindCounter}})
	if err != nil {
		t.Fatalf("AddTables: %v", err)
	}
	h.table, h.counter = tables[0], tables[1]
	for word, table := range map[string]edge.ID{printedWord: h.table.ID, counterWord: h.counter.ID} {
		if _, err := h.floor.IssueToken(ctx, edge.System, table, edge.MediumQR, word); err != nil {
			t.Fatalf("IssueToken: %v", err)
		}
	}
	if h.menu, err = h.floor.Publish(ctx, edge.System, sampleMenu()); err != nil {
		t.Fatalf("Publish: %v", err)
	}
}

func both(text string) edge.Words { return edge.Words{"en": text, "de": text} }

func sampleMenu() edge.Menu {
	return edge.Menu{
		Currency: "EUR", Languages: []string{"en", "de"},
		Stations: []edge.Station{{ID: "grill", Name: both("Grill")}, {ID: "bar", Name: both("Bar")}},
		Taxes:    []edge.TaxClass{{ID: "food", Name: both("Food"), EatIn: "7"}, {ID: "drink", Name: both("Drinks"), EatIn: "19"}},
		Groups: []edge.ModifierGroup{
			{ID: "done", Name: both("How"), Min: 1, Max: 1, Modifiers: []edge.Modifier{
				{ID: "rare", Name: both("Rare")}, {ID: "well", Name: both("Well done")},
			}},
			{ID: "dips", Name: both("Dips"), Max: 3, Repeat: true, Free: 1, Modifiers: []edge.Modifier{
				{ID: "aioli", Name: both("Aioli"), Price: 90, Allergens: []edge.Allergen{"eggs"}},
				{ID: "ketchup", Name: both("Ketchup"), Price: 50},
			}},
		},
		Categories: []edge.Category{
			{ID: "mains", Name: both("Mains"), Station: "grill", Tax: "food", Items: []edge.Item{
				{ID: "burger", Name: both("Burger"), KitchenName: "BURGER", Price: 1290, Groups: []string{"done", "dips"}},
				{ID: "fries", Name: both("Fries"), Price: 350, MaxPerOrder: 12},
				{ID: "platter", Name: both("Platter"), Price: 2000, Stations: []string{"grill", "bar"}},
				{ID: "secret", Name: both("Secret"), Price: 1, Hidden: true},
			}},
			{ID: "drinks", Name: both("Drinks"), Station: "bar", Tax: "drink", Items: []edge.Item{
				{ID: "beer", Name: both("Beer"), Variants: []edge.Variant{
					{ID: "s", Name: both("0.3 l"), Price: 340}, {ID: "l", Name: both("0.5 l"), Price: 420},
				}},
			}},
		},
	}
}

func (h *house) seat(t tb, token, key string) edge.Seated {
	t.Helper()
	seated, err := h.floor.Seat(ctx, edge.SeatRequest{Token: token, KeyHash: key, Language: "de-AT", Actor: "test"})
	if err != nil {
		t.Fatalf("Seat(%s): %v", token, err)
	}
	return seated
}

var (
	burger = edge.LineRequest{Item: "burger", Quantity: 1, Modifiers: []edge.ModifierRequest{{ID: "rare"}}}
	beer   = edge.LineRequest{Item: "beer", Variant: "l", Quantity: 2}
)

func (h *house) request(guest edge.ID, key string, lines ...edge.LineRequest) edge.PlaceRequest {
	return edge.PlaceRequest{Key: key, Guest: guest, MenuVersion: h.menu, Lines: lines}
}

func (h *house) place(t tb, guest edge.ID, key string, lines ...edge.LineRequest) edge.Receipt {
	t.Helper()
	receipt, err := h.floor.Place(ctx, h.request(guest, key, lines...))
	if err != nil {
		t.Fatalf("Place(%s): %v", key, err)
	}
	return receipt
}

func (h *house) order(t tb, id edge.ID) (order edge.Order, tickets []edge.Ticket) {
	t.Helper()
	err := h.store.Read(ctx, func(view edge.View) error {
		var err error
		if order, err = view.Order(id); err != nil {
			return err
		}
		tickets, err = view.TicketsOf(id)
		return err
	})
	if err != nil {
		t.Fatalf("read order %s: %v", id, err)
	}
	return order, tickets
}

func (h *house) seq(t tb) (seq int64) {
	t.Helper()
	if err := h.store.Read(ctx, func(view edge.View) (err error) { seq, err = view.Seq(); return err }); err != nil {
		t.Fatalf("read seq: %v", err)
	}
	return seq
}

func (h *house) press(ticket edge.ID) edge.Press {
	h.ids++
	return edge.Press{Key: "press-" + strconv.Itoa(h.ids), Device: "screen", Ticket: ticket}
}

// refused checks that do is refused with the code and that the journal stays as it is.
func (h *house) refused(t testing.TB, code string, do func() error) *edge.Error {
	t.Helper()
	before := h.seq(t)
	err := do()
	if got := edge.CodeOf(err); got != code {
		t.Errorf("got %v, want a refusal %s", err, code)
	}
	if after := h.seq(t); after != before {
		t.Errorf("refusal %s: the journal grew from %d to %d", code, before, after)
	}
	refusal, _ := err.(*edge.Error) //nolint:errorlint // the refusal itself is wanted, and nil is fine
	return refusal
}
