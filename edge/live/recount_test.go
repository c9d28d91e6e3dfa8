package live_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// The pass reads from the order how many of its tickets wait, and a ticket can change without a word about its order.
func TestThePassHearsHowManyTicketsOfAnOrderWait(t *testing.T) {
	w := newWorld(t, t.TempDir())
	screen, _ := w.hub.Kitchen("", live.OnlyStations(nil).Expo(), 0, "")
	defer screen.Close()
	cook, _ := w.hub.Kitchen("", live.OnlyStations(nil), 0, "")
	defer cook.Close()
	ticket := func(id edge.ID, state edge.TicketState) *edge.Ticket {
		return &edge.Ticket{ID: id, Kind: edge.TicketFood, Order: "o", Station: "grill", State: state, Created: start}
	}
	slip := ticket("s", edge.TicketStateNew)
	slip.Kind = edge.TicketCancellation
	order := &edge.Order{ID: "o", State: edge.OrderStatePreparing, Placed: start, Tickets: []edge.ID{"a", "b"}, Waiting: 2}
	over := *order
	over.State = edge.OrderStateCompleted
	tests := []struct {
		name    string
		docs    []any
		tickets []edge.ID // nil for nothing told of the order
		waiting int
	}{
		{"sent", []any{order, ticket("a", edge.TicketStateNew), ticket("b", edge.TicketStateNew)}, order.Tickets, 2},
		{"begun", []any{ticket("a", edge.TicketStateStarted)}, nil, 0},
		{"one is done", []any{ticket("a", edge.TicketStateDone)}, order.Tickets, 1},
		{"something is made again", []any{ticket("c", edge.TicketStateNew)}, []edge.ID{"a", "b", "c"}, 2},
		{"a slip is no ticket to wait for", []any{slip}, nil, 0},
		{"two at once", []any{ticket("b", edge.TicketStateDone), ticket("c", edge.TicketStateDone)}, []edge.ID{"a", "b", "c"}, 0},
		{"over", []any{&over, ticket("a", edge.TicketStateServed)}, over.Tickets, 2},
		{"after that", []any{ticket("b", edge.TicketStateServed)}, nil, 0},
	}
	for _, test := range tests {
		var events []edge.Event
		for _, doc := range test.docs {
			events = append(events, w.event(edge.TicketProgress, doc))
		}
		w.hub.Publish(events)
		if told := ordersIn(t, cook); test.name != "sent" && len(told) > 0 {
			t.Errorf("%s: a screen that is no pass was told of %+v", test.name, told)
		}
		told := ordersIn(t, screen)
		if test.tickets == nil {
			if len(told) > 0 {
				t.Errorf("%s: told of %+v, want nothing", test.name, told)
			}
			continue
		}
		if len(told) != 1 || told[0].Waiting != test.waiting {
			t.Fatalf("%s: told of %+v, want %d waiting", test.name, told, test.waiting)
		}
		if diff := cmp.Diff(test.tickets, told[0].Tickets); diff != "" {
			t.Errorf("%s: tickets (-want +got):\n%s", test.name, diff)
		}
	}
	if len(order.Tickets) != 2 {
		t.Error("the store's own order was changed")
	}
}

// ordersIn reads the orders of the screen's next change.
func ordersIn(t *testing.T, screen *live.Screen) []live.KitchenOrder {
	t.Helper()
	var change live.KitchenChange
	if frame := screen.Frame(<-screen.Batches()); frame != nil {
		if err := json.Unmarshal(frame, &change); err != nil {
			t.Fatalf("read frame: %v", err)
		}
	}
	return change.Orders
}
