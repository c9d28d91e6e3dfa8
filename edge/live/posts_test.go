package live_test

import (
	"testing"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

func TestThePassIsNoScreenOfAStation(t *testing.T) {
	w := newWorld(t, t.TempDir())
	ticket := edge.Ticket{ID: "a", State: edge.TicketStateNew, Kind: edge.TicketFood, Station: "grill"}
	w.hub.Publish([]edge.Event{w.event(edge.TicketCreated, &ticket)})
	pass, _ := w.hub.Kitchen("pass", live.OnlyStations(nil).Expo(), 0, "")
	defer pass.Close()
	if post := w.hub.Posts()["grill"]; post.Screens != 0 {
		t.Errorf("with the pass alone grill = %+v, want no screen: nobody cooks at the pass", post)
	}
	grill, _ := w.hub.Kitchen("grill", live.OnlyStations([]string{"grill"}), 0, "")
	defer grill.Close()
	if post := w.hub.Posts()["grill"]; post.Screens != 1 {
		t.Errorf("with a screen of its own grill = %+v, want one screen", post)
	}
}
