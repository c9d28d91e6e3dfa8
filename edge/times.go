package edge

import (
	"slices"
	"strings"
	"time"
)

// TicketTime is what is measured of one bumped ticket.
type TicketTime struct {
	Station  string
	Dining   DiningOption
	Expected time.Duration // as foreseen when it was fired, 0 for not
	Since    time.Time     // when the kitchen was told to cook it
	Seen     time.Time
	Started  time.Time
	Done     time.Time
}

// Took is how long the station needed.
func (t TicketTime) Took() time.Duration { return t.Done.Sub(t.Since) }

// StationTimes is how long a station took over a day.
type StationTimes struct {
	Station string      `json:"station"`
	All     Times       `json:"all"`
	Hours   []HourTimes `json:"hours" doc:"Hours in which something was done, in order"`
}

// HourTimes is how long it took in one hour of the venue's clock.
type HourTimes struct {
	Hour  time.Time `json:"hour" doc:"When the hour begins"`
	Times Times     `json:"times"`
}

// Times sums up how long tickets took, from being fired to being bumped. A percentile is the time of the ticket at that
// rank (nearest rank), not an interpolation.
type Times struct {
	Tickets int `json:"tickets"`
	P50     int `json:"p50_seconds"`
	P90     int `json:"p90_seconds"`
	Late    int `json:"late" doc:"Tickets that took longer than the station's age for late"`
}

// TimesByStation sorts a day's tickets by station and by hour of the venue's clock. Late is judged by the menu's ages as
// they are now.
func TimesByStation(times []TicketTime, menu *Menu, zone *time.Location) []StationTimes {
	byStation := map[string][]TicketTime{}
	for _, t := range times {
		byStation[t.Station] = append(byStation[t.Station], t)
	}
	var out []StationTimes
	for id, of := range byStation {
		s := StationTimes{Station: id, All: sumUp(of, menu), Hours: []HourTimes{}}
		byHour := map[time.Time][]TicketTime{}
		for _, t := range of {
			hour := hourOf(t.Done, zone)
			byHour[hour] = append(byHour[hour], t)
		}
		for hour, in := range byHour {
			s.Hours = append(s.Hours, HourTimes{hour, sumUp(in, menu)})
		}
		slices.SortFunc(s.Hours, func(a, b HourTimes) int { return a.Hour.Compare(b.Hour) })
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b StationTimes) int { return strings.Compare(a.Station, b.Station) })
	return out
}

// hourOf is when the hour of the local clock began in which at lies; where clocks are moved by half an hour too.
func hourOf(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	past := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	return at.Add(-past).UTC()
}

func sumUp(times []TicketTime, menu *Menu) Times {
	took := make([]time.Duration, len(times))
	sum := Times{Tickets: len(times)}
	for i, t := range times {
		took[i] = t.Took()
		if menu == nil {
			continue
		}
		if station, ok := menu.Station(t.Station); ok {
			if limit := station.Late(t.Dining); limit > 0 && took[i] >= limit {
				sum.Late++
			}
		}
	}
	slices.Sort(took)
	sum.P50, sum.P90 = rank(took, 50), rank(took, 90)
	return sum
}

// rank is the nearest-rank percentile in seconds, 0 of nothing.
func rank(sorted []time.Duration, percent int) int {
	if len(sorted) == 0 {
		return 0
	}
	n := (percent*len(sorted) + 99) / 100
	return int(sorted[max(n, 1)-1] / time.Second)
}
