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

func TestDayEnds(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	tests := []struct {
		name   string
		cutOff time.Duration
		at     time.Time
		want   string
	}{
		{"in the evening", 4 * time.Hour, time.Date(2026, 7, 6, 21, 0, 0, 0, berlin), "2026-07-07T04:00:00+02:00"},
		{"after midnight", 4 * time.Hour, time.Date(2026, 7, 7, 3, 59, 0, 0, berlin), "2026-07-07T04:00:00+02:00"},
		{"at the cut-off", 4 * time.Hour, time.Date(2026, 7, 7, 4, 0, 0, 0, berlin), "2026-07-08T04:00:00+02:00"},
		{"the night clocks go back", 4 * time.Hour, time.Date(2026, 10, 24, 20, 0, 0, 0, berlin), "2026-10-25T04:00:00+01:00"},
		{"the night clocks go forward", 4 * time.Hour, time.Date(2026, 3, 28, 20, 0, 0, 0, berlin), "2026-03-29T04:00:00+02:00"},
		{"at a time that is left out", 150 * time.Minute, time.Date(2026, 3, 28, 20, 0, 0, 0, berlin), "2026-03-29T03:00:00+02:00"},
		{"just before one that is left out", 150 * time.Minute, time.Date(2026, 3, 29, 1, 59, 0, 0, berlin), "2026-03-29T03:00:00+02:00"},
		{"at midnight", 0, time.Date(2026, 7, 6, 21, 0, 0, 0, berlin), "2026-07-07T00:00:00+02:00"},
		{"at noon", 12 * time.Hour, time.Date(2026, 12, 31, 13, 0, 0, 0, berlin), "2027-01-01T12:00:00+01:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			venue := edge.Venue{Zone: berlin, CutOff: test.cutOff}
			if got := venue.DayEnds(test.at).In(berlin).Format(time.RFC3339); got != test.want {
				t.Errorf("DayEnds(%s): got %s, want %s", test.at, got, test.want)
			}
		})
	}
}

// TestDayEndsWhenTheNextBegins looks at every quarter of an hour around the changes of clocks of a year.
func TestDayEndsWhenTheNextBegins(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "UTC"} {
		for _, cutOff := range []time.Duration{0, 30 * time.Minute, 2 * time.Hour, 150 * time.Minute, 3 * time.Hour, 4 * time.Hour, 12 * time.Hour} {
			venue := edge.Venue{Zone: zone(t, name), CutOff: cutOff}
			for _, month := range []time.Month{time.March, time.April, time.October, time.November} {
				for at := time.Date(2018, month, 1, 0, 0, 0, 0, time.UTC); at.Month() == month; at = at.Add(15 * time.Minute) {
					checkDayEnds(t, venue, at)
				}
			}
		}
	}
}

func checkDayEnds(t *testing.T, venue edge.Venue, at time.Time) {
	t.Helper()
	end := venue.DayEnds(at)
	if !end.After(at) || venue.Day(end) <= venue.Day(at) || venue.Day(end.Add(-time.Millisecond)) != venue.Day(at) {
		t.Fatalf("%s, cut-off %s: the day %s of %s ends at %s, of the day %s (a moment before: %s)", venue.Zone, venue.CutOff,
			venue.Day(at), at.In(venue.Zone), end.In(venue.Zone), venue.Day(end), venue.Day(end.Add(-time.Millisecond)))
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
