package api

import (
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Forecast is what the API tells of how long the kitchen will take.
type Forecast interface {
	edge.Forecast
	// Usual is how long a usual dish takes at the station.
	Usual(station string) time.Duration
}

// loadTeller tells one screen how the kitchen stands, when that has changed.
type loadTeller struct {
	told KitchenLoad
}

// tell is called with every tick.
func (t *loadTeller) tell(h *Handler, l *line) error {
	load := h.standing.now(h.load)
	load.Now = t.told.Now
	if reflect.DeepEqual(load, t.told) {
		return nil
	}
	load.Now = h.now()
	t.told = load
	return l.send(load)
}

// standing is how the kitchen stands, worked out once for all screens that ask at about the same time: it means to look
// at every open ticket.
type standing struct {
	mu   sync.Mutex
	at   time.Time
	load KitchenLoad
}

// standingFor is how long it counts: shorter than any two ticks of a screen are apart.
const standingFor = time.Second

// now is what work gives, or gave a moment ago. It is shared and must not be changed.
func (s *standing) now(work func() KitchenLoad) KitchenLoad {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at.IsZero() || time.Since(s.at) >= standingFor {
		s.at, s.load = time.Now(), work()
	}
	return s.load
}

// load is how the kitchen stands now. Times are in whole minutes, so that a screen is not told of every second.
func (h *Handler) load() KitchenLoad {
	load := KitchenLoad{Type: "load", DayEnds: h.venue.DayEnds(h.now()), Stations: []StationLoad{}}
	for id, post := range h.cfg.Hub.Posts() {
		s := StationLoad{
			ID: id, Screens: post.Screens, Open: post.Open, Held: post.Held, Late: post.Late, Unseen: post.Unseen,
			Quote: h.quoteStation(id, 0),
		}
		load.Stations = append(load.Stations, s)
		load.Quote = load.Quote.or(s.Quote)
	}
	// A brake on all channels puts everything off that is ordered now.
	delay := edge.Effective(h.cfg.Hub.Paces(), edge.AllChannels, h.now()).Delay
	load.Quote.From, load.Quote.To = load.Quote.From+delay, load.Quote.To+delay
	slices.SortFunc(load.Stations, func(a, b StationLoad) int { return compareText(a.ID, b.ID) })
	return load
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// quoteStation is how long a dish of prep (0: a usual one) takes at the station now.
func (h *Handler) quoteStation(station string, prep time.Duration) GuestQuote {
	if h.cfg.Forecast == nil {
		return GuestQuote{}
	}
	if prep == 0 {
		prep = h.cfg.Forecast.Usual(station)
	}
	from, to := h.cfg.Forecast.Range(station, h.cfg.Forecast.Ticket(station, prep))
	return GuestQuote{From: minutes(from), To: minutes(to)}
}

// minutes rounds up to whole minutes and gives seconds.
func minutes(d time.Duration) int {
	return int((d+time.Minute-1)/time.Minute) * 60
}

// or is the longer of the two.
func (q GuestQuote) or(other GuestQuote) GuestQuote {
	return GuestQuote{From: max(q.From, other.From), To: max(q.To, other.To)}
}
