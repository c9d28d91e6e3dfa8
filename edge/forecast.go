package edge

import (
	"slices"
	"time"
)

// Forecast says how long the kitchen will take, from what is cooking and how long things took before. Its methods may
// be called from any goroutine and do not wait.
type Forecast interface {
	// Ticket is how long a ticket whose longest dish takes prep (0: it names none) would take at the station now.
	Ticket(station string, prep time.Duration) time.Duration
	// Range corrects such a figure by how wrong these figures were lately at the station: most tickets take at least
	// from and at most to.
	Range(station string, expected time.Duration) (from, to time.Duration)
}

// Foresee gives the floor a forecast. It is to be called before the floor is used; without one guests are told no time.
func (f *Floor) Foresee(forecast Forecast) { f.forecast = forecast }

// Foresee gives the kitchen a forecast, as [Floor.Foresee] does.
func (k *Kitchen) Foresee(forecast Forecast) { k.forecast = forecast }

// expect notes on the order and on the tickets, which were just fired or given a time, when they may be ready: as late
// as the slowest of them, and of all of the order's tickets that guests were told of and that are not done.
func (o *Order) expect(forecast Forecast, tickets []*Ticket, of []Ticket, now time.Time) {
	if forecast == nil {
		return
	}
	var all Expected
	for _, t := range tickets {
		if waits(t) {
			continue
		}
		expected := forecast.Ticket(t.Station, time.Duration(t.Prep)*time.Second)
		t.Expected = int(expected / time.Second)
		from, to := forecast.Range(t.Station, expected)
		begin := later(t.FireAt, now)
		all.From, all.To = later(all.From, begin.Add(from)), later(all.To, begin.Add(to))
	}
	if all.To.IsZero() {
		return
	}
	for i := range of {
		t := &of[i]
		if o.Expected != nil && !t.Due.IsZero() && t.State.Open() && !slices.Contains(tickets, t) {
			all.From, all.To = later(o.Expected.From, all.From), later(t.Due, all.To)
		}
	}
	o.Expected, o.Delayed = &all, time.Time{}
	for _, t := range tickets {
		if !waits(t) {
			t.Due = all.To
		}
	}
}
