package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

var evening = time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)

// paper is a board with everything it printed since it was last looked at.
type paper struct {
	*board
	text strings.Builder
	here time.Time // the steady clock
}

func newPaper(expo bool) *paper {
	// A wrong wall clock, years behind: ages come from the device's time only.
	p := &paper{here: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)}
	p.board = newBoard(&p.text, func() time.Time { return p.here }, expo)
	return p
}

func (p *paper) printed() string {
	text := p.text.String()
	p.text.Reset()
	return text
}

// said checks what was printed since the last look.
func (p *paper) said(t *testing.T, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), p.printed()); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
}

func (p *paper) hears(t *testing.T, message any) {
	t.Helper()
	raw, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var head struct{ Type string }
	if err := errors.Join(json.Unmarshal(raw, &head), p.show(head.Type, raw)); err != nil {
		t.Fatalf("show %s: %v", raw, err)
	}
}

func fullTicket() edge.Ticket {
	return edge.Ticket{
		ID: "t1", Kind: edge.TicketFood, Order: "o1", Station: "grill", Number: "12", Table: "7", Round: 2, Dining: edge.EatIn,
		State: edge.TicketStateNew, Created: evening.Add(-3 * time.Minute), Note: "no\x1b[2J hurry", AlsoAt: []string{"bar"},
		Allergies: []edge.Allergen{"nuts"}, AllergyNote: "severe",
		Items: []edge.TicketItem{
			{Name: "BURGER", Variant: "large", Quantity: 2, Modifiers: []edge.TicketModifier{
				{Name: "ONION", Quantity: 1, Removal: true}, {Name: "+ CHEESE", Quantity: 2},
			}, Note: "well done\r\nCANCELLED"},
			{Name: "FRIES", Quantity: 3, Done: 1, Cancelled: 1},
			{Name: "SOUP", Quantity: 1, Cancelled: 1},
		},
	}
}

func TestChit(t *testing.T) {
	ticket := fullTicket()
	want := `
── 12 · table 7 · grill · eat in · 3 min · ADDITION 2 ──
   !! ALLERGY: nuts, severe
   2  BURGER, large
        WITHOUT: ONION
        + 2 × CHEESE
        note: well done\r\nCANCELLED
   2  FRIES  (1 done, 1 more CANCELLED)
   1  SOUP  (CANCELLED)
   note: no\x1b[2J hurry
   also at bar
`
	if diff := cmp.Diff(want[1:], chit(&ticket, 3*time.Minute, "")); diff != "" {
		t.Errorf("chit (-want +got):\n%s", diff)
	}
	slip := edge.Ticket{
		Kind: edge.TicketCancellation, Number: "12", Table: "7", Station: "grill", Dining: edge.TakeAway,
		Items: []edge.TicketItem{{Name: "SOUP", Quantity: 1}},
	}
	want = "── CANCELLED · 12 · table 7 · grill · TAKE AWAY · 1 h 59 min ──\n   1  SOUP  (NOT to be cooked any more)\n"
	if diff := cmp.Diff(strings.Replace(want, "1 h 59", "119", 1), chit(&slip, 119*time.Minute, "")); diff != "" {
		t.Errorf("slip (-want +got):\n%s", diff)
	}
}

func TestChitOfAHeldTicket(t *testing.T) {
	tests := map[string]func(*edge.Ticket){
		"HELD":                 func(*edge.Ticket) {},
		"HELD by hand":         func(t *edge.Ticket) { t.ByHand = true },
		"HELD, fires in 7 min": func(t *edge.Ticket) { t.FireAt = evening.Add(10 * time.Minute) },
	}
	for want, change := range tests {
		ticket := simple("a", "1", edge.TicketStateHeld)
		change(&ticket)
		if got := chit(&ticket, 3*time.Minute, ""); !strings.Contains(got, "· "+want+" ──\n") {
			t.Errorf("got %q, want %s in it", got, want)
		}
	}
}

func snapshotOf(tickets ...edge.Ticket) api.KitchenSnapshot {
	return api.KitchenSnapshot{
		Type: "snapshot", Seq: 1, Epoch: "e", Now: evening, Venue: api.KitchenVenue{Name: "Linde"},
		Stations: []edge.Station{{ID: "grill", WarnAfter: 300, LateAfter: 600, TakeAway: &edge.Ages{LateAfter: 60}}, {ID: "bar"}},
		Items:    []api.KitchenItem{{ID: "soup", Name: "Soup"}}, Tickets: tickets,
	}
}

func simple(id edge.ID, number string, state edge.TicketState) edge.Ticket {
	return edge.Ticket{
		ID: id, Kind: edge.TicketFood, Order: "o" + id, Station: "grill", Number: number, Table: "7", Round: 1, Dining: edge.EatIn,
		State: state, Created: evening, Items: []edge.TicketItem{{Name: "BURGER", Quantity: 2}},
	}
}

// TestBoard follows tickets through a service, one message after the other.
func TestBoard(t *testing.T) {
	p := newPaper(false)
	ticket := simple("a", "12", edge.TicketStateNew)
	p.hears(t, snapshotOf(ticket))
	p.said(t, "Linde: 1 open\n── 12 · table 7 · grill · eat in · 0 s ──\n   2  BURGER\n")
	changed := func(change func(*edge.Ticket)) live.KitchenChange {
		ticket.Items = append([]edge.TicketItem{}, ticket.Items...)
		change(&ticket)
		return live.KitchenChange{Type: "change", Now: evening, Tickets: []edge.Ticket{ticket}}
	}
	for _, step := range []struct {
		change func(*edge.Ticket)
		want   string
	}{
		{func(t *edge.Ticket) { t.State = edge.TicketStateStarted }, "12 grill started\n"},
		{func(t *edge.Ticket) { t.Items[0].Done = 1 }, "12 grill: 1 of 2 BURGER done\n"},
		{func(t *edge.Ticket) { t.Seen = evening }, ""},
		{func(t *edge.Ticket) { t.Rush = evening }, "12 grill RUSH: before the others\n"},
		{func(t *edge.Ticket) { t.Items[0].Cancelled = 1 }, "12 grill: 1 × BURGER CANCELLED\n"},
		{func(t *edge.Ticket) { t.Table = "9" }, "── 12 · table 9 · grill · eat in · 0 s · RUSH · CHANGED ──\n   1  BURGER  (1 done, 1 more CANCELLED)\n"},
		{func(t *edge.Ticket) { t.State = edge.TicketStateDone }, "12 grill done\n"},
		{func(t *edge.Ticket) { t.Collected = evening }, "12 grill is at the pass\n"},
		{func(t *edge.Ticket) { t.State = edge.TicketStateStarted }, "12 grill is BACK: recalled\n"},
		{func(t *edge.Ticket) { t.State = edge.TicketStateNew }, "12 grill is not begun after all\n"},
		{func(t *edge.Ticket) { t.State = edge.TicketStateHeld }, "12 grill is put off until it is fired\n"},
		{func(t *edge.Ticket) { t.State = edge.TicketStateNew }, "12 grill FIRED: cook it now\n"},
		{func(t *edge.Ticket) { t.State = "\x1b[H" }, "12 grill \\x1b[H\n"},
		{func(t *edge.Ticket) { t.State = edge.TicketStateVoided }, "12 grill CANCELLED\n"},
	} {
		p.hears(t, changed(step.change))
		p.said(t, step.want)
	}
	left := 3
	p.hears(t, live.KitchenChange{Type: "change", Now: evening, Orders: []live.KitchenOrder{
		{ID: "o", Number: "13", Table: "2", State: edge.OrderStateReceived, Lines: []live.KitchenLine{{Quantity: 1, Name: "SOUP"}}, Note: "please"},
	}, Stock: []edge.Stock{{Key: "soup", SoldOut: true}, {Key: "x"}, {Key: "soup", Left: &left}}})
	p.said(t, "order 13, table 2 WAITS FOR STAFF: 1 SOUP, note: please\nSOLD OUT: Soup\nthere again: x\nSoup: 3 left\n")
	for _, state := range []edge.OrderState{edge.OrderStateReady, edge.OrderStateCompleted} {
		p.hears(t, live.KitchenChange{Type: "change", Now: evening, Orders: []live.KitchenOrder{{ID: "o", Number: "13", Table: "2", State: state}}})
	}
	p.said(t, "order 13, table 2 is READY\norder 13, table 2 is completed\n")
	p.hears(t, map[string]string{"type": "something new"})
	p.hears(t, api.KitchenMenu{Type: "menu"})
	p.said(t, "a new menu is out\n")
}

// TestBoardAfterARestart: what is still there is not printed again, what went is told.
func TestBoardAfterARestart(t *testing.T) {
	p := newPaper(false)
	a, b, c := simple("a", "1", edge.TicketStateNew), simple("b", "2", edge.TicketStateNew), simple("c", "3", edge.TicketStateNew)
	p.hears(t, snapshotOf(a, b, c))
	p.printed()
	b.State = edge.TicketStateDone
	again := snapshotOf(a, simple("d", "4", edge.TicketStateNew))
	again.Done = []edge.Ticket{b}
	p.hears(t, again)
	p.said(t, "3 grill is gone: served or cancelled meanwhile\n── 4 · table 7 · grill · eat in · 0 s ──\n   2  BURGER\n2 grill done\n")
	p.hears(t, api.KitchenChanges{Type: "changes", Now: evening, Tickets: []edge.Ticket{simple("a", "1", edge.TicketStateServed)}})
	p.said(t, "1 grill served\n")
}

// TestBoardKeepsTheDevicesTime: between messages by the steady clock, whatever the wall says; a message that was long on
// its way does not turn it back, a new start of the device does.
func TestBoardKeepsTheDevicesTime(t *testing.T) {
	p := newPaper(false)
	ticket := simple("a", "12", edge.TicketStateNew)
	p.hears(t, snapshotOf(ticket))
	p.printed()
	for _, step := range []struct {
		steady time.Duration // since the message before
		now    time.Duration // of the message, since the snapshot
		want   string
	}{
		{4 * time.Minute, 4 * time.Minute, ""},
		{61 * time.Second, 61 * time.Second, "12 grill waits: 5 min\n"}, // a tick that was late by four minutes
		{5 * time.Minute, 10*time.Minute + time.Second, "12 grill is LATE: 10 min\n"},
		{time.Minute, 11 * time.Minute, ""},
	} {
		p.here = p.here.Add(step.steady)
		p.hears(t, api.Tick{Type: "tick", Now: evening.Add(step.now)})
		p.said(t, step.want)
	}
	early := snapshotOf(ticket)
	early.Now = evening.Add(time.Second)
	p.hears(t, early)
	if age := p.age(&ticket); age != time.Second {
		t.Errorf("after a new start with an earlier clock the ticket is %s old, want 1s", age)
	}
	away := simple("b", "13", edge.TicketStateNew)
	away.Dining = edge.TakeAway
	away.Created = evening.Add(-time.Minute)
	p.hears(t, live.KitchenChange{Type: "change", Now: evening.Add(time.Second), Tickets: []edge.Ticket{away}})
	p.said(t, "── 13 · table 7 · grill · TAKE AWAY · 1 min · LATE ──\n   2  BURGER\n")
}

func TestBoardAtThePass(t *testing.T) {
	p := newPaper(true)
	grill, bar := simple("a", "12", edge.TicketStateStarted), simple("b", "12", edge.TicketStateDone)
	grill.Items[0].Done, bar.Station = 1, "bar"
	p.hears(t, snapshotOf())
	p.hears(t, live.KitchenChange{Type: "change", Now: evening, Tickets: []edge.Ticket{grill, bar}})
	p.printed()
	p.hears(t, live.KitchenChange{Type: "change", Now: evening, Orders: []live.KitchenOrder{
		{ID: "o", Number: "12", Table: "7", State: edge.OrderStatePreparing, Tickets: []edge.ID{"a", "b"}, Waiting: 1},
	}})
	p.said(t, "order 12, table 7: bar done, grill 1 of 2\n")
}

func FuzzPlain(f *testing.F) {
	for _, text := range []string{"", "Käse 🧀 1 × 2", "\x1b[2J\x07", "a\r\nb\tc", "\u202egnihsram", "\u009b31m", "\xff\xfe", "می\u200cخواهم", "👩\u200d🍳", "\U000e0041"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := plain(text)
		if at := strings.IndexFunc(got, func(r rune) bool { return !visible(r) || unicode.IsControl(r) }); at >= 0 {
			t.Errorf("plain(%q) = %q, which is not plain at %d", text, got, at)
		}
		if again := plain(got); again != got {
			t.Errorf("plain twice: %q, then %q", got, again)
		}
		message, err := json.Marshal(map[string]string{"note": text})
		if err != nil {
			t.Fatal(err)
		}
		var before, after map[string]string
		line := plainJSON(message)
		if strings.ContainsFunc(line, func(r rune) bool { return !visible(r) }) {
			t.Errorf("plainJSON(%q) = %q, which is not plain", message, line)
		}
		if err := errors.Join(json.Unmarshal(message, &before), json.Unmarshal([]byte(line), &after)); err != nil || before["note"] != after["note"] {
			t.Errorf("plainJSON(%q) = %q, which means %q, %v", message, line, after["note"], err)
		}
	})
}

type toChannel chan<- string

func (c toChannel) Write(text []byte) (int, error) { c <- string(text); return len(text), nil }

func TestTailSaysWhenTheLineIsDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notices := make(chan string, 10)
		tail := &tail{show: func(string, []byte) error { return nil }, notices: toChannel(notices), steady: time.Now}
		n := news{make(chan []byte), make(chan error), make(chan error, 1)}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- tail.listen(ctx, n) }()
		n.messages <- []byte(`{"type":"snapshot"}`)
		time.Sleep(4 * time.Second)
		n.messages <- []byte(`{"type":"tick"}`)
		n.lost <- errors.New("cut")
		time.Sleep(4900 * time.Millisecond)
		synctest.Wait()
		if len(notices) > 0 {
			t.Errorf("after 4.9 s: %q, want nothing", <-notices)
		}
		time.Sleep(2100 * time.Millisecond)
		n.lost <- errors.New("still cut")
		n.messages <- []byte(`{"type":"tick"}`)
		synctest.Wait()
		for _, want := range []string{
			"*** NO WORD FROM THE DEVICE for 5 s: what is above may be out of date ***\n", "*** THE LINE IS BACK after 7 s ***\n",
		} {
			if got := <-notices; got != want {
				t.Errorf("notice: got %q, want %q", got, want)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("at the end: %v", err)
		}
	})
}

func TestPairIntoAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	asked := 0
	pair := func() (string, error) { asked++; return "secret", nil }
	if _, err := pairInto(t.Context(), path, func() (string, error) { return "", errors.New("wrong code") }); err == nil {
		t.Error("a refused code: got no error")
	}
	if key, err := pairInto(t.Context(), path, pair); key != "secret" || err != nil {
		t.Fatalf("got %q, %v, want the key", key, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v, %v, want it for its owner only", info, err)
	}
	if _, err := pairInto(t.Context(), path, pair); err == nil || asked != 1 {
		t.Errorf("over a file that is there: %v, asked %d times, want an error and the code unused", err, asked)
	}
}
