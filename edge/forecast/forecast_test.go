package forecast_test

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/forecast"
)

var start = time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)

// menu is a grill of two hands whose dishes take 2, 6 and 10 minutes, and a bar that names nothing.
func menu() *edge.Menu {
	return &edge.Menu{
		Stations: []edge.Station{{ID: "grill", Hands: 2}, {ID: "bar"}},
		Categories: []edge.Category{{ID: "c", Station: "grill", Items: []edge.Item{
			{ID: "a", PrepSeconds: 600},
			{ID: "b", PrepSeconds: 120},
			{ID: "c", PrepSeconds: 360},
			{ID: "d", Stations: []string{"bar"}},
		}}},
	}
}

func newBook() *forecast.Book {
	book := forecast.New()
	book.Load(nil, nil, menu())
	return book
}

// ticket is food for the grill: dishes of 4 minutes.
func ticket(id edge.ID, dishes int) edge.Ticket {
	return edge.Ticket{
		ID: id, Kind: edge.TicketFood, Station: "grill", State: edge.TicketStateNew, Prep: 240, Created: start,
		Items: []edge.TicketItem{{Quantity: dishes}},
	}
}

func hear(book *forecast.Book, kind edge.EventKind, t edge.Ticket) {
	book.Hear([]edge.Event{{Kind: kind, Doc: &t}})
}

func TestStationWithoutWork(t *testing.T) {
	empty, book := forecast.New(), newBook()
	tests := []struct {
		name    string
		book    *forecast.Book
		station string
		prep    time.Duration
		want    time.Duration
	}{
		{"the dish itself", book, "grill", 5 * time.Minute, 5 * time.Minute},
		{"the middle of the station's dishes", book, "grill", 0, 6 * time.Minute},
		{"a station that names none", book, "bar", 0, 8 * time.Minute},
		{"a station that is not", book, "moon", 0, 8 * time.Minute},
		{"without a menu", empty, "grill", 0, 8 * time.Minute},
	}
	for _, test := range tests {
		if got := test.book.Ticket(test.station, test.prep); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	if got := book.Usual("grill"); got != 6*time.Minute {
		t.Errorf("a usual dish: got %s, want 6m", got)
	}
}

// TestWorkInFrontOfAStation follows one ticket: dishes of 4 minutes made at one go, of which half lies in front of two
// hands.
func TestWorkInFrontOfAStation(t *testing.T) {
	book := newBook()
	one := ticket("t", 4)
	steps := []struct {
		name   string
		change func(*edge.Ticket)
		want   time.Duration // before a dish of no time of its own begins
	}{
		{"four dishes", func(*edge.Ticket) {}, 105 * time.Second},
		{"told again", func(*edge.Ticket) {}, 105 * time.Second},
		{"two are done", func(x *edge.Ticket) { x.Items = []edge.TicketItem{{Quantity: 4, Done: 2}} }, 75 * time.Second},
		{"one is cancelled", func(x *edge.Ticket) { x.Items = []edge.TicketItem{{Quantity: 4, Done: 2, Cancelled: 1}} }, time.Minute},
		{"held by hand", func(x *edge.Ticket) { x.State = edge.TicketStateHeld }, 0},
		{"held until a time", func(x *edge.Ticket) { x.FireAt = start.Add(time.Hour) }, time.Minute},
		{"started", func(x *edge.Ticket) { x.State = edge.TicketStateStarted }, time.Minute},
		{"done", func(x *edge.Ticket) { x.State = edge.TicketStateDone }, 0},
		{"recalled", func(x *edge.Ticket) { x.State = edge.TicketStateStarted }, time.Minute},
		{"at another station", func(x *edge.Ticket) { x.Station = "bar" }, 0},
		{"back, with no time of its own", func(x *edge.Ticket) { x.Station, x.Prep = "grill", 0 }, 90 * time.Second},
		{"voided", func(x *edge.Ticket) { x.State = edge.TicketStateVoided }, 0},
	}
	for _, step := range steps {
		step.change(&one)
		hear(book, edge.TicketProgress, one)
		if got := book.Ticket("grill", time.Minute) - time.Minute; got != step.want {
			t.Errorf("%s: got %s, want %s", step.name, got, step.want)
		}
	}
	slip := ticket("slip", 9)
	slip.Kind = edge.TicketCancellation
	hear(book, edge.TicketCreated, slip)
	if got := book.Ticket("grill", time.Minute); got != time.Minute {
		t.Errorf("a slip is no work: got %s", got)
	}
}

func TestHandsComeFromTheMenu(t *testing.T) {
	book := newBook()
	hear(book, edge.TicketCreated, ticket("t", 4)) // 7 minutes of work
	next := menu()
	next.Stations[0].Hands, next.Categories[0].Items = 8, next.Categories[0].Items[:1]
	book.Hear([]edge.Event{{Kind: edge.MenuPublished, Doc: next}})
	if got := book.Ticket("grill", time.Minute); got != time.Minute+26250*time.Millisecond {
		t.Errorf("with eight hands: got %s, want 1m26.25s", got)
	}
	if got := book.Usual("grill"); got != 10*time.Minute {
		t.Errorf("a usual dish of the new menu: got %s, want 10m", got)
	}
	next.Stations[0].Hands = 0
	book.Hear([]edge.Event{{Kind: edge.MenuPublished, Doc: next}})
	if got := book.Ticket("grill", time.Minute); got != time.Minute+52500*time.Millisecond {
		t.Errorf("with as many hands as usual: got %s, want 1m52.5s", got)
	}
}

// took bumps a ticket that was expected to take ten minutes.
func took(book *forecast.Book, id edge.ID, after time.Duration) {
	one := ticket(id, 1)
	one.Expected, one.State = 600, edge.TicketStateDone
	one.Created, one.Fired, one.Done = start.Add(-time.Hour), start, start.Add(after)
	hear(book, edge.TicketDone, one)
}

func TestBookLearnsHowWrongItIs(t *testing.T) {
	const expected = 10 * time.Minute
	at := func(minutes float64) time.Duration { return time.Duration(minutes * float64(time.Minute)) }
	tests := []struct {
		name     string
		times    []time.Duration // oldest first
		from, to time.Duration
	}{
		{"nothing seen: a guess", nil, at(10 * (0.9 + 0.6*4/7)), at(15)},
		{"always right", many(40, at(10)), at(10), at(10)},
		{"always twice as long", many(40, at(20)), at(20), at(20)},
		{"seen enough", many(8, at(20)), at(20), at(20)},
		{"only the last forty count", append(many(40, at(40)), many(40, at(5))...), at(5), at(5)},
		{"most take at most to", append(many(36, at(10)), many(4, at(30))...), at(10), at(30)},
		{"one in twenty is no rule", append(many(38, at(10)), many(2, at(30))...), at(10), at(10)},
		{"bumped at once by mistake", many(40, time.Second), at(2.5), at(2.5)},
		{"left lying over night", many(40, 12*time.Hour), at(40), at(40)},
		{"bumped before it was fired teaches nothing", append(many(40, at(10)), many(40, -time.Minute)...), at(10), at(10)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			book := newBook()
			for i, d := range test.times {
				took(book, edge.ID(rune('a'+i)), d)
			}
			near(t, book, expected, test.from, test.to)
			if from, to := book.Range("bar", expected); from >= to {
				t.Errorf("another station learned too: %s to %s", from, to)
			}
		})
	}
}

func near(t *testing.T, book *forecast.Book, expected, wantFrom, wantTo time.Duration) {
	t.Helper()
	from, to := book.Range("grill", expected)
	if (from-wantFrom).Abs() > time.Second || (to-wantTo).Abs() > time.Second {
		t.Errorf("got %s to %s, want %s to %s", from, to, wantFrom, wantTo)
	}
}

func many(n int, d time.Duration) []time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = d
	}
	return times
}

func TestBookStartsWithWhatWasMeasured(t *testing.T) {
	book := forecast.New()
	var times []edge.TicketTime
	for range 40 {
		times = append(times, edge.TicketTime{Station: "grill", Expected: 10 * time.Minute, Since: start, Done: start.Add(15 * time.Minute)})
	}
	times = append(times, edge.TicketTime{Station: "grill", Since: start, Done: start.Add(time.Hour)}) // nothing was foreseen
	book.Load([]edge.Ticket{ticket("t", 1), ticket("u", 1)}, times, menu())
	near(t, book, 10*time.Minute, 15*time.Minute, 15*time.Minute)
	if got := book.Ticket("grill", time.Minute); got != 3*time.Minute {
		t.Errorf("with two dishes in front: got %s, want 3m", got)
	}
}

func TestWhatTeachesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		kind     edge.EventKind
		expected int
	}{
		"a ticket of which nothing was foreseen": {edge.TicketDone, 0},
		"a ticket that was only served":          {edge.TicketServed, 600},
	} {
		book := newBook()
		from, to := book.Range("grill", time.Hour)
		one := ticket("t", 1)
		one.State, one.Done, one.Expected = edge.TicketStateDone, start.Add(3*time.Hour), test.expected
		for range 50 {
			hear(book, test.kind, one)
		}
		if gotFrom, gotTo := book.Range("grill", time.Hour); gotFrom != from || gotTo != to {
			t.Errorf("%s: got %s to %s, want %s to %s as before", name, gotFrom, gotTo, from, to)
		}
	}
}

// TestLoadIsWhatIsOpen hears of random changes and compares with a book that starts from how they ended.
func TestLoadIsWhatIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := newBook()
		last := map[edge.ID]edge.Ticket{}
		for range rapid.IntRange(1, 60).Draw(t, "changes") {
			one := ticket(edge.ID(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id")), rapid.IntRange(0, 9).Draw(t, "dishes"))
			one.Station = rapid.SampledFrom([]string{"grill", "bar"}).Draw(t, "station")
			one.Prep = rapid.SampledFrom([]int{0, 60, 240}).Draw(t, "prep")
			one.State = rapid.SampledFrom([]edge.TicketState{
				edge.TicketStateHeld, edge.TicketStateNew, edge.TicketStateStarted, edge.TicketStateDone, edge.TicketStateServed,
				edge.TicketStateVoided,
			}).Draw(t, "state")
			last[one.ID] = one
			hear(book, edge.TicketProgress, one)
		}
		fresh := newBook()
		for _, one := range last {
			hear(fresh, edge.TicketProgress, one)
		}
		for _, station := range []string{"grill", "bar"} {
			got, want := book.Ticket(station, time.Minute), fresh.Ticket(station, time.Minute)
			if got != want || got < time.Minute {
				t.Fatalf("%s: got %s, want %s", station, got, want)
			}
			if from, to := book.Range(station, got); from > to || from <= 0 {
				t.Fatalf("%s: a range from %s to %s", station, from, to)
			}
		}
	})
}

func TestBookIsForManyAtOnce(t *testing.T) {
	book := newBook()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 200 {
				took(book, edge.ID(rune('a'+i)), time.Duration(n+1)*time.Second)
				book.Hear([]edge.Event{{Kind: edge.MenuPublished, Doc: menu()}})
				if from, to := book.Range("grill", book.Ticket("grill", 0)); from > to || book.Usual("grill") == 0 {
					t.Errorf("from %s to %s", from, to)
				}
			}
		})
	}
	all.Wait()
}
