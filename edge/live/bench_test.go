package live_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// BenchmarkPublishToAFullHouse publishes one change to every screen of a full house, of which some have stopped
// reading: those have been cut off after their queue was full, and must cost the others nothing.
func BenchmarkPublishToAFullHouse(b *testing.B) {
	for _, house := range []struct{ screens, stalled int }{{50, 0}, {200, 0}, {200, 20}, {256, 0}} {
		b.Run(fmt.Sprintf("screens=%d/stalled=%d", house.screens, house.stalled), func(b *testing.B) {
			w := emptyWorld()
			store, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "w.db"), sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer store.Close()
			if err := w.hub.Load(ctx, store); err != nil {
				b.Fatal(err)
			}
			var reading []*live.Screen
			for i := range house.screens {
				s, _ := w.hub.Kitchen("d", live.OnlyStations(nil), 0, "")
				defer s.Close()
				if i >= house.stalled {
					reading = append(reading, s)
				}
			}
			ticket := edge.Ticket{ID: "a", State: edge.TicketStateNew, Station: "grill", Items: make([]edge.TicketItem, 4)}
			b.ReportAllocs()
			for b.Loop() {
				w.hub.Publish([]edge.Event{w.event(edge.TicketProgress, &ticket)})
				for _, s := range reading {
					s.Frame(<-s.Batches())
				}
			}
		})
	}
}

// BenchmarkManyTickets is what a screen costs that connects, or asks how the stations stand, while everybody waits: with
// thousands of tickets held for later.
func BenchmarkManyTickets(b *testing.B) {
	w := newWorld(b, b.TempDir())
	for i := range 10_000 {
		w.hub.Publish([]edge.Event{w.event(edge.TicketCreated, &edge.Ticket{
			ID: edge.ID(fmt.Sprint(i)), Kind: edge.TicketFood, Station: "grill", State: edge.TicketStateHeld, Created: start,
		})})
	}
	b.Run("posts", func(b *testing.B) {
		for b.Loop() {
			w.hub.Posts()
		}
	})
	b.Run("snapshot", func(b *testing.B) {
		for b.Loop() {
			screen, _ := w.hub.Kitchen("", live.OnlyStations(nil), 0, "")
			screen.Close()
		}
	})
}
