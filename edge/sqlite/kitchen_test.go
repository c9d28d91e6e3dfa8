package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func slow(channel string, seconds int) edge.Pace {
	return edge.Pace{Channel: channel, State: edge.PaceSlow, Delay: seconds}
}

func TestPaces(t *testing.T) {
	until := edge.Pace{Channel: "web", State: edge.PacePaused, Until: noon}
	both(t, func(tx edge.Tx) error {
		return errors.Join(tx.PutPace(slow("web", 60)), tx.PutPace(slow("all", 120)), tx.PutPace(until))
	}, func(t *testing.T, v edge.View) {
		paces, err := v.Paces()
		same(t, "paces", there(t, "paces", paces, err), []edge.Pace{slow("all", 120), until})
	})
}

// pacesSeen notes what a change sees of the paces.
func pacesSeen(into *[]edge.Pace) func(edge.Tx) error {
	return func(tx edge.Tx) (err error) {
		*into, err = tx.Paces()
		return err
	}
}

func TestPaceOfTheSameCommitIsSeen(t *testing.T) {
	refused := errors.New("refused")
	put := func(pace edge.Pace, err error) func(edge.Tx) error {
		return func(tx edge.Tx) error { return errors.Join(tx.PutPace(pace), err) }
	}
	tests := map[string]struct {
		second  error // of the second change, which makes it slower
		between []edge.Pace
		after   []edge.Pace
	}{
		"both are kept":            {nil, []edge.Pace{slow("web", 120)}, []edge.Pace{slow("web", 120)}},
		"the second is taken back": {refused, []edge.Pace{slow("web", 60)}, []edge.Pace{slow("web", 60)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, Options{})
			var before, one, two, after []edge.Pace
			write(t, s, pacesSeen(&before)) // now there are none on the shelf
			errs := held(s, put(slow("web", 60), nil), pacesSeen(&one), put(slow("web", 120), test.second), pacesSeen(&two))
			if errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], test.second) || errs[3] != nil {
				t.Fatalf("got %v", errs)
			}
			same(t, "before", len(before), 0)
			same(t, "after the first", one, []edge.Pace{slow("web", 60)})
			same(t, "after the second", two, test.between)
			write(t, s, pacesSeen(&after))
			same(t, "in the next commit", after, test.after)
			write(t, s, pacesSeen(&after))
			same(t, "and the one after that", after, test.after)
		})
	}
}

func TestPacesOnTheShelfAreNotTheCallers(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return tx.PutPace(slow("web", 60)) })
	for range 3 {
		write(t, s, func(tx edge.Tx) error {
			paces, err := tx.Paces()
			same(t, "paces", there(t, "paces", paces, err), []edge.Pace{slow("web", 60)})
			paces[0].Delay = 7200
			return nil
		})
	}
}

// left is a ticket of soup that left the kitchen after some minutes.
func left(id edge.ID, state edge.TicketState, minutes int) edge.Ticket {
	ticket := edge.Ticket{
		ID: id, Kind: edge.TicketFood, Order: "o", Day: "2026-05-04", Number: "42", Table: "Terrace 7", Station: "grill",
		Dining: edge.TakeAway, State: state, Expected: 300, Created: noon,
		Items: []edge.TicketItem{{Name: "Fish SOUP", Variant: "Große", Quantity: 2}, {Name: "Brot", Quantity: 1}},
	}
	switch state {
	case edge.TicketStateServed:
		ticket.Served = noon.Add(time.Duration(minutes+1) * time.Minute)
		fallthrough
	case edge.TicketStateDone:
		ticket.Done = noon.Add(time.Duration(minutes) * time.Minute)
	default:
	}
	return ticket
}

func TestTicketsAreMeasuredWhenTheyAreDone(t *testing.T) {
	with := func(ticket edge.Ticket, change func(*edge.Ticket)) edge.Ticket {
		change(&ticket)
		return ticket
	}
	back := with(left("t", edge.TicketStateStarted, 0), func(t *edge.Ticket) { t.Recalled = 1 })
	tests := map[string]struct {
		puts []edge.Ticket
		took []time.Duration
		find int
	}{
		"new":             {[]edge.Ticket{left("t", edge.TicketStateNew, 0)}, nil, 0},
		"done":            {[]edge.Ticket{left("t", edge.TicketStateDone, 5)}, []time.Duration{5 * time.Minute}, 1},
		"done and served": {[]edge.Ticket{left("t", edge.TicketStateDone, 5), left("t", edge.TicketStateServed, 5)}, []time.Duration{5 * time.Minute}, 1},
		"recalled":        {[]edge.Ticket{left("t", edge.TicketStateDone, 5), back}, nil, 0},
		"done again":      {[]edge.Ticket{left("t", edge.TicketStateDone, 5), back, left("t", edge.TicketStateDone, 9)}, []time.Duration{9 * time.Minute}, 1},
		"served without having been bumped": {
			[]edge.Ticket{with(left("t", edge.TicketStateServed, 5), func(t *edge.Ticket) { t.Served = t.Done })}, nil, 1,
		},
		"served by mistake": {[]edge.Ticket{
			with(left("t", edge.TicketStateServed, 5), func(t *edge.Ticket) { t.Served = t.Done }),
			with(left("t", edge.TicketStateNew, 0), func(t *edge.Ticket) { t.Recalled = 1 }),
		}, nil, 0},
		"voided when it came back": {[]edge.Ticket{
			left("t", edge.TicketStateDone, 5), back, with(back, func(t *edge.Ticket) { t.State = edge.TicketStateVoided }),
		}, nil, 0},
		"voided before it was done": {[]edge.Ticket{left("t", edge.TicketStateVoided, 0)}, nil, 0},
		"timed from when it was fired": {
			[]edge.Ticket{with(left("t", edge.TicketStateDone, 5), func(t *edge.Ticket) { t.Fired = noon.Add(2 * time.Minute) })},
			[]time.Duration{3 * time.Minute},
			1,
		},
		"a slip is not food": {
			[]edge.Ticket{with(left("t", edge.TicketStateDone, 5), func(t *edge.Ticket) { t.Kind = edge.TicketCancellation })}, nil, 0,
		},
		"another day": {
			[]edge.Ticket{with(left("t", edge.TicketStateDone, 5), func(t *edge.Ticket) { t.Day = "2026-05-03" })}, nil, 0,
		},
		"two, the one done first comes first": {
			[]edge.Ticket{left("t", edge.TicketStateDone, 5), left("u", edge.TicketStateDone, 4)},
			[]time.Duration{4 * time.Minute, 5 * time.Minute},
			2,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			both(t, func(tx edge.Tx) error {
				var errs []error
				for _, ticket := range test.puts {
					errs = append(errs, tx.PutTicket(ticket))
				}
				return errors.Join(errs...)
			}, func(t *testing.T, v edge.View) {
				times, err := v.TicketTimes("2026-05-04")
				var took []time.Duration
				for _, one := range there(t, "times", times, err) {
					took = append(took, one.Took())
				}
				same(t, "times", took, test.took)
				found, err := v.FindTickets("2026-05-04", "", 99)
				same(t, "found", len(there(t, "found", found, err)), test.find)
			})
		})
	}
}

func TestTicketTimesAreWhole(t *testing.T) {
	ticket := left("t", edge.TicketStateDone, 5)
	ticket.Seen, ticket.Started = noon.Add(time.Second), noon.Add(time.Minute)
	both(t, func(tx edge.Tx) error { return tx.PutTicket(ticket) }, func(t *testing.T, v edge.View) {
		times, err := v.TicketTimes(ticket.Day)
		want := []edge.TicketTime{{
			Station: "grill", Dining: edge.TakeAway, Expected: 5 * time.Minute, Since: noon, Seen: ticket.Seen,
			Started: ticket.Started, Done: ticket.Done,
		}}
		if diff := cmp.Diff(want, there(t, "times", times, err)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestFindTickets(t *testing.T) {
	other := left("u", edge.TicketStateServed, 3)
	other.Number, other.Table, other.Items = "7", "Bar 100%", []edge.TicketItem{{Name: "Pommes_rot", Quantity: 1}}
	yesterday := left("v", edge.TicketStateDone, 3)
	yesterday.Day = "2026-05-03"
	both(t, func(tx edge.Tx) error {
		return errors.Join(tx.PutTicket(left("t", edge.TicketStateDone, 5)), tx.PutTicket(other), tx.PutTicket(yesterday),
			tx.PutTicket(left("w", edge.TicketStateStarted, 0)))
	}, func(t *testing.T, v edge.View) {
		for _, test := range []struct {
			text  string
			limit int
			want  []edge.ID
		}{
			{"", 9, []edge.ID{"u", "t"}},
			{"", 1, []edge.ID{"u"}},
			{"42", 9, []edge.ID{"t"}},
			{"7", 9, []edge.ID{"u", "t"}}, // a number and a table
			{"TERRACE", 9, []edge.ID{"t"}},
			{"fish soup", 9, []edge.ID{"t"}},
			{"GROẞE", 9, []edge.ID{"t"}},
			{"große", 9, []edge.ID{"t"}},
			{"brot", 9, []edge.ID{"t"}},
			{"100%", 9, []edge.ID{"u"}},
			{"%", 9, []edge.ID{"u"}},
			{"_", 9, []edge.ID{"u"}},
			{"soup brot", 9, []edge.ID{}},
			{"' OR 1=1 --", 9, []edge.ID{}},
		} {
			found, err := v.FindTickets("2026-05-04", test.text, test.limit)
			same(t, "find "+test.text, ids(there(t, "found", found, err), func(t edge.Ticket) edge.ID { return t.ID }), test.want)
		}
	})
}

// TestFileOfTheFirstVersionFindsFromNowOn opens a file of before tickets were measured, with one that is done.
func TestFileOfTheFirstVersionFindsFromNowOn(t *testing.T) {
	statements, err := os.ReadFile(dumpOf(1))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "comanda.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	sqlOn(t, path, string(statements)+`
UPDATE ticket SET open = 0, done = 1777896300000, body = json_set(body, '$.state', 'done', '$.done', '2026-05-04T12:05:00Z')
WHERE id = (SELECT min(id) FROM ticket);`)
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var tickets []edge.Ticket
	find := func(text string) int {
		t.Helper()
		var found []edge.Ticket
		err := s.Read(t.Context(), func(v edge.View) (err error) { found, err = v.FindTickets(tickets[0].Day, text, 9); return err })
		return len(there(t, "found", found, err))
	}
	write(t, s, func(tx edge.Tx) error {
		orders, err := tx.OpenOrders()
		tickets, err = tx.TicketsOf(there(t, "orders", orders, err)[0].ID)
		return err
	})
	dish := strings.ToUpper(tickets[0].Items[0].Name)
	if tickets[0].State != edge.TicketStateDone || find(dish) != 0 {
		t.Fatalf("got a %s ticket, and found %d; want it done and, of before, not found", tickets[0].State, find(dish))
	}
	clock := func() edge.Moment { return edge.Moment{At: noon.Add(10 * time.Minute), Trusted: true} }
	kitchen := edge.NewKitchen(s, edge.Venue{Zone: time.UTC}, clock, newID)
	for i, ticket := range tickets {
		press := edge.Press{Key: string(newID()), Device: "screen", Ticket: ticket.ID}
		if i == 0 {
			_, err = kitchen.Collect(t.Context(), press)
		} else {
			_, err = kitchen.Bump(t.Context(), press)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	same(t, "touched or bumped since", find(dish)+find(tickets[1].Items[0].Name), 2)
}
