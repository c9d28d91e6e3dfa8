package edge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestTimesByStation(t *testing.T) {
	menu := &edge.Menu{Stations: []edge.Station{
		{ID: "grill", LateAfter: 600, TakeAway: &edge.Ages{LateAfter: 300}}, {ID: "bar"},
	}}
	start := time.Date(2026, 11, 20, 18, 50, 0, 0, time.UTC)
	took := func(station string, dining edge.DiningOption, begin, seconds int) edge.TicketTime {
		since := start.Add(time.Duration(begin) * time.Minute)
		return edge.TicketTime{Station: station, Dining: dining, Since: since, Done: since.Add(time.Duration(seconds) * time.Second)}
	}
	times := []edge.TicketTime{
		took("grill", edge.EatIn, 0, 599), took("grill", edge.EatIn, 0, 600), took("grill", edge.TakeAway, 5, 299),
		took("grill", edge.TakeAway, 15, 300), took("bar", edge.EatIn, 0, 5000), took("closed", edge.EatIn, 0, 60),
	}
	six, seven, eight := start.Truncate(time.Hour), start.Truncate(time.Hour).Add(time.Hour), start.Truncate(time.Hour).Add(2*time.Hour)
	want := []edge.StationTimes{
		{Station: "bar", All: edge.Times{Tickets: 1, P50: 5000, P90: 5000}, Hours: []edge.HourTimes{
			{Hour: eight, Times: edge.Times{Tickets: 1, P50: 5000, P90: 5000}},
		}},
		{Station: "closed", All: edge.Times{Tickets: 1, P50: 60, P90: 60}, Hours: []edge.HourTimes{
			{Hour: six, Times: edge.Times{Tickets: 1, P50: 60, P90: 60}},
		}},
		{Station: "grill", All: edge.Times{Tickets: 4, P50: 300, P90: 600, Late: 2}, Hours: []edge.HourTimes{
			{Hour: six, Times: edge.Times{Tickets: 2, P50: 299, P90: 599}},
			{Hour: seven, Times: edge.Times{Tickets: 2, P50: 300, P90: 600, Late: 2}},
		}},
	}
	if diff := cmp.Diff(want, edge.TimesByStation(times, menu, time.UTC)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := edge.TimesByStation(times[:2], nil, time.UTC); got[0].All.Late != 0 || got[0].All.Tickets != 2 {
		t.Errorf("without a menu: got %+v, want nothing late", got[0].All)
	}
	if got := edge.TimesByStation(nil, menu, time.UTC); len(got) != 0 {
		t.Errorf("of nothing: got %+v", got)
	}
}

func TestPercentileIsTheTicketAtTheRank(t *testing.T) {
	for n, want := range map[int][2]int{1: {1, 1}, 2: {1, 2}, 3: {2, 3}, 9: {5, 9}, 10: {5, 9}, 11: {6, 10}, 100: {50, 90}} {
		var times []edge.TicketTime
		for i := n; i > 0; i-- {
			times = append(times, edge.TicketTime{Station: "s", Since: evening, Done: evening.Add(time.Duration(i) * time.Second)})
		}
		if got := edge.TimesByStation(times, nil, time.UTC)[0].All; got.P50 != want[0] || got.P90 != want[1] {
			t.Errorf("of 1 to %d seconds: got %d and %d, want %d and %d", n, got.P50, got.P90, want[0], want[1])
		}
	}
}

// TestHoursAreThoseOfTheWall checks the hours where zones are half an hour off and where clocks change.
func TestHoursAreThoseOfTheWall(t *testing.T) {
	kolkata, berlin, howe := zone(t, "Asia/Kolkata"), zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe")
	tests := []struct {
		name string
		zone *time.Location
		at   time.Time
		want string
	}{
		{"half an hour off", kolkata, time.Date(2026, 7, 7, 13, 45, 0, 0, time.UTC), "2026-07-07T19:00:00+05:30"},
		{"the first 02:xx of a night with two", berlin, time.Date(2026, 10, 25, 0, 59, 59, 0, time.UTC), "2026-10-25T02:00:00+02:00"},
		{"the second", berlin, time.Date(2026, 10, 25, 1, 0, 1, 0, time.UTC), "2026-10-25T02:00:00+01:00"},
		{"after the hour that is left out", berlin, time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), "2026-03-29T03:00:00+02:00"},
		{"clocks that move by half an hour", howe, time.Date(2026, 7, 7, 9, 59, 0, 0, time.UTC), "2026-07-07T20:00:00+10:30"},
	}
	for _, test := range tests {
		times := []edge.TicketTime{{Station: "s", Since: test.at.Add(-time.Minute), Done: test.at}}
		got := edge.TimesByStation(times, nil, test.zone)[0].Hours[0].Hour.In(test.zone).Format(time.RFC3339)
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestTicketIsTimedFromWhenItWasFired(t *testing.T) {
	h := newDinner(t, byHand)
	id := h.supper(t, "soup", "steak")
	h.now = evening.Add(5 * time.Minute)
	h.bump(t, h.at(t, id, "grill", 1).ID)
	h.now = evening.Add(30 * time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	h.now = evening.Add(42 * time.Minute)
	h.bump(t, h.at(t, id, "grill", 2).ID)
	var times []edge.TicketTime
	err := h.store.Read(ctx, func(view edge.View) (err error) { times, err = view.TicketTimes("2026-11-20"); return err })
	if err != nil || len(times) != 2 || times[0].Took() != 5*time.Minute || times[1].Took() != 12*time.Minute {
		t.Errorf("got %+v, %v; want 5 and 12 minutes", times, err)
	}
}
