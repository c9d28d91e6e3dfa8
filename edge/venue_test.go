package edge_test

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("LoadLocation(%s): %v", name, err)
	}
	return z
}

func TestBusinessDay(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	tests := []struct {
		name string
		zone *time.Location
		at   time.Time
		want edge.BusinessDay
	}{
		{"after midnight is still yesterday", berlin, time.Date(2026, 7, 7, 2, 0, 0, 0, berlin), "2026-07-06"},
		{"the cut-off begins the day", berlin, time.Date(2026, 7, 7, 4, 0, 0, 0, berlin), "2026-07-07"},
		{"a moment before", berlin, time.Date(2026, 7, 7, 3, 59, 59, 999, berlin), "2026-07-06"},
		{"clocks go back, first 02:30", berlin, time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), "2026-10-24"},
		{"clocks go back, second 02:30", berlin, time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), "2026-10-24"},
		{"clocks go forward", berlin, time.Date(2026, 3, 29, 4, 0, 0, 0, berlin), "2026-03-29"},
		{"new year", berlin, time.Date(2027, 1, 1, 1, 0, 0, 0, berlin), "2026-12-31"},
		{"far west of UTC", zone(t, "America/Los_Angeles"), time.Date(2026, 7, 7, 5, 0, 0, 0, time.UTC), "2026-07-06"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			venue := edge.Venue{Zone: test.zone, CutOff: 4 * time.Hour}
			if got := venue.Day(test.at); got != test.want {
				t.Errorf("Day(%s): got %s, want %s", test.at, got, test.want)
			}
		})
	}
}

func TestPermits(t *testing.T) {
	policy := edge.Policy{Printed: edge.MayAsk, Recent: edge.MayOrder, Proven: edge.MayOrder}
	for presence, want := range map[edge.Presence]edge.Permission{
		edge.PresencePrinted: edge.MayAsk, edge.PresenceProven: edge.MayOrder, "invented": edge.MayRead, "": edge.MayRead,
	} {
		if got := policy.Permits(presence); got != want {
			t.Errorf("Permits(%q): got %q, want %q", presence, got, want)
		}
	}
}

func TestMenuHours(t *testing.T) {
	menu := edge.Menu{Categories: []edge.Category{{
		Hours: []edge.Window{{Days: []edge.Weekday{"fri"}, From: "18:00", To: "02:00"}},
		Items: []edge.Item{{ID: "late"}},
	}, {
		Items: []edge.Item{{ID: "lunch", Hours: []edge.Window{{From: "11:30", To: "14:00"}, {From: "17:00", To: "24:00"}}}},
	}}}
	friday := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	at := func(day, hour, minute int) time.Time {
		return friday.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	tests := []struct {
		item string
		at   time.Time
		want bool
	}{
		{"late", at(0, 17, 59), false},
		{"late", at(0, 18, 0), true},
		{"late", at(1, 1, 59), true},
		{"late", at(1, 2, 0), false},
		{"late", at(0, 1, 0), false},
		{"late", at(1, 19, 0), false},
		{"lunch", at(3, 11, 30), true},
		{"lunch", at(3, 14, 0), false},
		{"lunch", at(3, 23, 59), true},
		{"none", at(0, 18, 0), false},
	}
	for _, test := range tests {
		if got := menu.Open(test.item, test.at); got != test.want {
			t.Errorf("Open(%s, %s): got %t, want %t", test.item, test.at.Format("Mon 15:04"), got, test.want)
		}
	}
}
