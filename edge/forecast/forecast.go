// Package forecast says how long the kitchen will take. It follows the tickets at work, adds up what each station has in
// front of it, and learns from the tickets that leave how wrong such sums were lately.
package forecast

import (
	"slices"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

const (
	// usualPrep is what a dish takes that names no time, until the station's own dishes have shown better.
	usualPrep = 8 * time.Minute
	// usualHands is how many dishes a station makes at the same time unless the menu says so.
	usualHands = 4
	// learnt is how many of a station's last tickets count.
	learnt = 40
	// enough is how many must have been seen before they count alone.
	enough = 8
	// A ticket left lying, or bumped at once by mistake, must not teach nonsense.
	leastRatio, mostRatio = 0.25, 4
)

// The range of a station that has taught nothing yet.
const (
	firstFrom = 0.9
	firstTo   = 1.5
)

// Book is the forecast of one kitchen. Its methods may be called from any goroutine.
type Book struct {
	mu       sync.Mutex // guards all below
	stations map[string]*station
	open     map[edge.ID]work
	hands    map[string]int
}

var _ edge.Forecast = (*Book)(nil)

// station is what is known of one.
type station struct {
	load   time.Duration // of the tickets that were fired and are not done
	ratios []float64     // what tickets took by what was expected, the last ones, oldest first
	preps  []time.Duration
}

// work is what one open ticket still asks of its station.
type work struct {
	station string
	left    time.Duration
}

// New makes an empty book.
func New() *Book {
	return &Book{stations: map[string]*station{}, open: map[edge.ID]work{}, hands: map[string]int{}}
}

// Load begins with the tickets at work and the times measured lately, oldest first.
func (b *Book) Load(open []edge.Ticket, times []edge.TicketTime, menu *edge.Menu) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.menu(menu)
	for _, t := range times {
		b.learn(t.Station, t.Expected, t.Took())
	}
	for i := range open {
		b.ticket(&open[i])
	}
}

// Hear takes in the events of a commit. It does not wait.
func (b *Book) Hear(events []edge.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range events {
		switch doc := events[i].Doc.(type) {
		case *edge.Ticket:
			b.ticket(doc)
			if events[i].Kind == edge.TicketDone {
				b.learn(doc.Station, time.Duration(doc.Expected)*time.Second, doc.Done.Sub(doc.Since()))
			}
		case *edge.Menu:
			b.menu(doc)
		default:
		}
	}
}

// menu notes how many hands each station has and what its dishes take. b.mu is held.
func (b *Book) menu(menu *edge.Menu) {
	if menu == nil {
		return
	}
	for _, s := range b.stations {
		s.preps = nil
	}
	for _, s := range menu.Stations {
		b.hands[s.ID] = s.Hands
	}
	for c := range menu.Categories {
		category := &menu.Categories[c]
		for i := range category.Items {
			item := &category.Items[i]
			for _, id := range item.MadeAt(category) {
				if item.PrepSeconds > 0 {
					s := b.station(id)
					s.preps = append(s.preps, time.Duration(item.PrepSeconds)*time.Second)
				}
			}
		}
	}
	for _, s := range b.stations {
		slices.Sort(s.preps)
	}
}

// ticket replaces what an open ticket asks of its station. b.mu is held.
func (b *Book) ticket(t *edge.Ticket) {
	if before, ok := b.open[t.ID]; ok {
		b.station(before.station).load -= before.left
		delete(b.open, t.ID)
	}
	if t.Kind != edge.TicketFood || !t.State.Open() || (t.State == edge.TicketStateHeld && t.FireAt.IsZero()) {
		return
	}
	dishes := 0
	for _, item := range t.Items {
		dishes += item.Open()
	}
	prep := time.Duration(t.Prep) * time.Second
	if prep == 0 {
		prep = b.usual(t.Station)
	}
	w := work{t.Station, together(prep, dishes)}
	b.open[t.ID] = w
	b.station(t.Station).load += w.left
}

// together is the work of a ticket's dishes: what is made at one go costs the first dish and a quarter of each further one.
func together(prep time.Duration, dishes int) time.Duration {
	if dishes <= 0 {
		return 0
	}
	return prep + prep*time.Duration(dishes-1)/4
}

// learn takes in how long a ticket took. b.mu is held.
func (b *Book) learn(id string, expected, took time.Duration) {
	if expected <= 0 || took <= 0 {
		return
	}
	s := b.station(id)
	s.ratios = append(s.ratios, min(max(float64(took)/float64(expected), leastRatio), mostRatio))
	if len(s.ratios) > learnt {
		s.ratios = slices.Delete(s.ratios, 0, len(s.ratios)-learnt)
	}
}

func (b *Book) station(id string) *station {
	s, ok := b.stations[id]
	if !ok {
		s = &station{}
		b.stations[id] = s
	}
	return s
}

// usual is what a dish takes that names no time: the middle of the station's dishes. b.mu is held.
func (b *Book) usual(id string) time.Duration {
	if preps := b.station(id).preps; len(preps) > 0 {
		return preps[len(preps)/2]
	}
	return usualPrep
}

// Usual is how long a usual dish of the station takes.
func (b *Book) Usual(id string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.usual(id)
}

// Ticket implements [edge.Forecast]: the dish itself after half of what lies in front of the station's hands, because
// the oldest of it is nearly done.
func (b *Book) Ticket(id string, prep time.Duration) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if prep == 0 {
		prep = b.usual(id)
	}
	hands := b.hands[id]
	if hands == 0 {
		hands = usualHands
	}
	return prep + b.station(id).load/time.Duration(2*hands)
}

// Range implements [edge.Forecast]: half of the last tickets took at most from, nine of ten at most to. Until enough
// tickets have been seen a guess is mixed in.
func (b *Book) Range(id string, expected time.Duration) (from, to time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ratios := slices.Clone(b.station(id).ratios)
	for n := len(ratios); n < enough; n++ {
		ratios = append(ratios, firstFrom+(firstTo-firstFrom)*float64(n)/(enough-1))
	}
	slices.Sort(ratios)
	middle, nearlyAll := quantile(ratios, 0.5), quantile(ratios, 0.9)
	return scale(expected, middle), scale(expected, nearlyAll)
}

func quantile(sorted []float64, q float64) float64 {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func scale(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }
