package sqlite

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/comanda-pos/comanda/edge"
)

// noon is when the tests' restaurant is open.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// newID makes ids like the daemon does.
func newID() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }

type noCodes struct{}

func (noCodes) Resolve(string, time.Time) (edge.ID, edge.CodeState) { return "", edge.CodeUnknown }

func (noCodes) OpenPass(string, time.Time) (string, time.Time, bool) {
	return "", time.Time{}, false
}

// house is a small restaurant on a store, with the real rules.
type house struct {
	floor  *edge.Floor
	tables []edge.Table
}

func openHouse(t testing.TB, s edge.Store, tables int) *house {
	t.Helper()
	venue := edge.Venue{
		Name: "Test", Currency: "EUR", Zone: time.UTC, CutOff: 4 * time.Hour, Languages: []string{"en"}, Kitchen: "en",
		Policy: edge.Policy{
			Printed: edge.MayAsk, Recent: edge.MayOrder, Proven: edge.MayOrder, PresenceTTL: time.Hour,
			EscalateAfter: time.Minute, RejectAfter: time.Hour, SessionIdle: time.Hour,
			MaxLines: 20, MaxQuantity: 20, MaxOpenOrders: 1 << 30,
		},
	}
	clock := func() edge.Moment { return edge.Moment{At: noon, Trusted: true} }
	h := &house{floor: edge.NewFloor(s, venue, noCodes{}, clock, newID)}
	for i := range tables {
		h.tables = append(h.tables, edge.Table{Name: fmt.Sprint(i + 1), Kind: edge.KindTable, Sort: i})
	}
	var err error
	if h.tables, err = h.floor.AddTables(t.Context(), edge.System, h.tables); err != nil {
		t.Fatal(err)
	}
	if _, err := h.floor.Publish(t.Context(), edge.System, carte(40)); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) guest(t testing.TB, table int) edge.Guest {
	t.Helper()
	seated, err := h.floor.Seat(t.Context(), edge.SeatRequest{
		TableID: h.tables[table].ID, Presence: edge.PresenceProven, KeyHash: string(newID()), Language: "en",
		Actor: edge.System,
	})
	if err != nil {
		t.Fatal(err)
	}
	return seated.Guest
}

// fourLines is an order for two stations.
func fourLines(guest edge.ID, key string) edge.PlaceRequest {
	req := edge.PlaceRequest{Key: key, Guest: guest, MenuVersion: 1, Channel: "web"}
	for i := range 4 {
		req.Lines = append(req.Lines, edge.LineRequest{Item: fmt.Sprintf("item%d", i), Quantity: 1, Unit: new(int64(500 + i))})
	}
	return req
}

func carte(items int) edge.Menu {
	menu := edge.Menu{
		Currency: "EUR", Languages: []string{"en"},
		Stations: []edge.Station{
			{ID: "kitchen", Name: edge.Words{"en": "Kitchen"}, WarnAfter: 600, LateAfter: 900},
			{ID: "bar", Name: edge.Words{"en": "Bar"}, WarnAfter: 300, LateAfter: 600},
		},
		Taxes:      []edge.TaxClass{{ID: "food", Name: edge.Words{"en": "Food"}, EatIn: "19"}},
		Categories: []edge.Category{{ID: "all", Name: edge.Words{"en": "All"}, Station: "kitchen", Tax: "food"}},
	}
	for i := range items {
		item := edge.Item{
			ID: fmt.Sprintf("item%d", i), Name: edge.Words{"en": fmt.Sprintf("Dish number %d", i)}, Price: int64(500 + i),
		}
		if i%2 == 1 {
			item.Stations = []string{"bar"}
		}
		menu.Categories[0].Items = append(menu.Categories[0].Items, item)
	}
	return menu
}
