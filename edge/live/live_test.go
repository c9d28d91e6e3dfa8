package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

var start = time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)

// world makes commits the way the store would and keeps a model of what screens must show.
type world struct {
	hub     *live.Hub
	seq     int64
	tickets map[edge.ID]edge.Ticket
	orders  map[edge.ID]edge.Order
	stock   map[string]edge.Stock
}

func newWorld(t interface{ Fatalf(string, ...any) }, dir string) *world {
	store, err := sqlite.Open(ctx, filepath.Join(dir, "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	defer store.Close()
	w := emptyWorld()
	if err := w.hub.Load(ctx, store); err != nil {
		t.Fatalf("load: %v", err)
	}
	return w
}

func emptyWorld() *world {
	return &world{
		hub:     live.New(func() time.Time { return start }, slog.New(slog.DiscardHandler)),
		tickets: map[edge.ID]edge.Ticket{}, orders: map[edge.ID]edge.Order{}, stock: map[string]edge.Stock{},
	}
}

func (w *world) event(kind edge.EventKind, doc any) edge.Event {
	w.seq++
	return edge.Event{Seq: w.seq, Kind: kind, Doc: doc}
}

// commit makes a random commit of one to four events.
func (w *world) commit(t *rapid.T) {
	var events []edge.Event
	for range rapid.IntRange(1, 4).Draw(t, "events") {
		events = append(events, w.change(t))
	}
	w.hub.Publish(events)
}

func (w *world) change(t *rapid.T) edge.Event {
	id := edge.ID(fmt.Sprintf("%02d", rapid.IntRange(0, 9).Draw(t, "id")))
	at := start.Add(time.Duration(len(w.tickets)) * time.Second)
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0, 1:
		ticket, ok := w.tickets[id]
		if !ok {
			ticket = edge.Ticket{ID: id, Kind: edge.TicketFood, Station: rapid.SampledFrom([]string{"grill", "bar"}).Draw(t, "station"), Created: at}
		}
		ticket.State = rapid.SampledFrom([]edge.TicketState{"new", "started", "done", "served", "voided"}).Draw(t, "state")
		ticket.Recalled++
		w.tickets[id] = ticket
		return w.event(edge.TicketProgress, &ticket)
	case 2:
		order := edge.Order{ID: id, Placed: start, State: rapid.SampledFrom([]edge.OrderState{
			"received", "accepted", "preparing", "ready", "completed", "rejected", "cancelled",
		}).Draw(t, "order")}
		w.orders[id] = order
		return w.event(edge.OrderAccepted, &order)
	default:
		stock := edge.Stock{Key: string(id), SoldOut: rapid.Bool().Draw(t, "sold out")}
		w.stock[stock.Key] = stock
		return w.event(edge.StockChanged, &stock)
	}
}

// screen is a client as the protocol describes it.
type screen struct {
	t        *rapid.T
	stations []string
	seq      int64
	epoch    string
	conn     *live.Screen
	tickets  map[edge.ID]edge.Ticket
	orders   map[edge.ID]live.KitchenOrder
	stock    map[string]edge.Stock
}

func (s *screen) connect(h *live.Hub) {
	conn, opening := h.Kitchen("device", live.OnlyStations(s.stations), s.seq, s.epoch)
	s.conn, s.epoch = conn, h.Epoch()
	if m := opening.Missed; m != nil {
		if m.From != s.seq {
			s.t.Fatalf("missed from %d, want %d", m.From, s.seq)
		}
		s.apply(m.Tickets, m.Orders, m.Stock)
		s.seq = m.Seq
		return
	}
	s.tickets, s.orders, s.stock = map[edge.ID]edge.Ticket{}, map[edge.ID]live.KitchenOrder{}, map[string]edge.Stock{}
	s.apply(slices.Concat(opening.Snapshot.Tickets, opening.Snapshot.Done), opening.Snapshot.Orders, opening.Snapshot.Stock)
	s.seq = opening.Snapshot.Seq
}

// read takes up to n changes.
func (s *screen) read(n int) {
	for range n {
		select {
		case b := <-s.conn.Batches():
			if b.Seq() <= s.seq {
				s.t.Fatalf("change %d after %d: doubled or out of order", b.Seq(), s.seq)
			}
			s.seq = b.Seq()
			frame := s.conn.Frame(b)
			if frame == nil {
				continue
			}
			var c live.KitchenChange
			if err := json.Unmarshal(frame, &c); err != nil {
				s.t.Fatalf("frame %s: %v", frame, err)
			}
			if c.Seq != b.Seq() || c.Type != "change" {
				s.t.Fatalf("frame %s, want change %d", frame, b.Seq())
			}
			s.apply(c.Tickets, c.Orders, c.Stock)
		default:
			return
		}
	}
}

func (s *screen) apply(tickets []edge.Ticket, orders []live.KitchenOrder, stock []edge.Stock) {
	for _, t := range tickets {
		if len(s.stations) > 0 && !slices.Contains(s.stations, t.Station) {
			s.t.Fatalf("ticket of %s on a screen of %v", t.Station, s.stations)
		}
		if delete(s.tickets, t.ID); t.State.Open() || t.State == edge.TicketStateDone {
			s.tickets[t.ID] = t
		}
	}
	for _, o := range orders {
		if delete(s.orders, o.ID); o.State == edge.OrderStateReceived || o.State == edge.OrderStateReady {
			s.orders[o.ID] = o
		}
	}
	for _, k := range stock {
		s.stock[k.Key] = k
	}
}

// agree compares what the screen shows with the model.
func (s *screen) agree(w *world) {
	want := map[edge.ID]edge.Ticket{}
	for id, t := range w.tickets {
		mine := len(s.stations) == 0 || slices.Contains(s.stations, t.Station)
		if mine && (t.State.Open() || t.State == edge.TicketStateDone) {
			want[id] = t
		}
	}
	if diff := cmp.Diff(want, s.tickets); diff != "" {
		s.t.Fatalf("tickets of %v (-want +got):\n%s", s.stations, diff)
	}
	orders := map[edge.ID]edge.OrderState{}
	for id, o := range w.orders {
		if o.State == edge.OrderStateReceived || o.State == edge.OrderStateReady {
			orders[id] = o.State
		}
	}
	got := map[edge.ID]edge.OrderState{}
	for id, o := range s.orders {
		got[id] = o.State
	}
	if diff := cmp.Diff(orders, got); diff != "" {
		s.t.Fatalf("orders (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(w.stock, s.stock); diff != "" {
		s.t.Fatalf("stock (-want +got):\n%s", diff)
	}
	if s.seq != w.seq {
		s.t.Fatalf("seq = %d, want %d", s.seq, w.seq)
	}
}

func TestScreensEndWithTheModelsState(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, dir)
		screens := []*screen{{t: t}, {t: t, stations: []string{"grill"}}, {t: t, stations: []string{"bar", "grill"}}}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			s := rapid.SampledFrom(screens).Draw(t, "screen")
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				if s.conn != nil {
					s.conn.Close() // what was queued and not read is lost with the line
					s.conn = nil
				}
			case 1:
				if s.conn == nil {
					s.connect(w.hub)
				}
			case 2:
				if s.conn != nil {
					s.read(rapid.IntRange(1, 5).Draw(t, "read"))
				}
			default:
				w.commit(t)
			}
		}
		for _, s := range screens {
			if s.conn == nil {
				s.connect(w.hub)
			}
			s.read(1000)
			s.agree(w)
			s.conn.Close()
		}
	})
}

func TestPublishedBeforeLoadIsNotLost(t *testing.T) {
	w := emptyWorld()
	ticket := edge.Ticket{ID: "a", State: edge.TicketStateNew, Kind: edge.TicketFood, Station: "grill"}
	w.hub.Publish([]edge.Event{w.event(edge.TicketCreated, &ticket)})
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := w.hub.Load(ctx, store); err != nil {
		t.Fatal(err)
	}
	s, opening := w.hub.Kitchen("d", live.OnlyStations(nil), 0, "")
	defer s.Close()
	if opening.Snapshot == nil || len(opening.Snapshot.Tickets) != 1 || opening.Snapshot.Seq != 1 {
		t.Errorf("opening = %+v, want the ticket published before Load", opening.Snapshot)
	}
	if post := w.hub.Posts()["grill"]; post.Open != 1 || post.Screens != 1 {
		t.Errorf("grill = %+v, want one ticket and one screen", post)
	}
}

func TestResumeIsRefusedWhenItWouldBeWrong(t *testing.T) {
	w := newWorld(t, t.TempDir())
	for range 5000 { // further than the ring reaches
		w.hub.Publish([]edge.Event{w.event(edge.StockChanged, &edge.Stock{Key: "x"})})
	}
	tests := []struct {
		name  string
		since int64
		epoch string
		whole bool
	}{
		{"nothing seen", 0, "", true},
		{"just now", w.seq, w.hub.Epoch(), false},
		{"a little while ago", w.seq - 10, w.hub.Epoch(), false},
		{"without an epoch", w.seq - 10, "", false},
		{"too long ago", 1, w.hub.Epoch(), true},
		{"in the future: another journal", w.seq + 1, w.hub.Epoch(), true},
		{"before the device started", w.seq - 10, "other", true},
	}
	for _, test := range tests {
		s, opening := w.hub.Kitchen("d", live.OnlyStations(nil), test.since, test.epoch)
		if got := opening.Snapshot != nil; got != test.whole {
			t.Errorf("%s: snapshot %t, want %t", test.name, got, test.whole)
		}
		s.Close()
	}
}

func TestSlowScreenIsCutOffAndDelaysNobody(t *testing.T) {
	w := newWorld(t, t.TempDir())
	slow, _ := w.hub.Kitchen("slow", live.OnlyStations(nil), 0, "")
	defer slow.Close()
	quick, _ := w.hub.Kitchen("quick", live.OnlyStations(nil), 0, "")
	defer quick.Close()
	for range 1000 {
		w.hub.Publish([]edge.Event{w.event(edge.StockChanged, &edge.Stock{Key: "x"})})
		if b := <-quick.Batches(); b.Seq() != w.seq {
			t.Fatalf("quick screen got %d, want %d", b.Seq(), w.seq)
		}
	}
	select {
	case <-slow.Done():
	default:
		t.Fatal("the slow screen is still there")
	}
	if slow.Reason() != live.Slow {
		t.Errorf("reason = %v, want slow", slow.Reason())
	}
}

func TestSlowScreenNeverHearsWhatComesAfterAGap(t *testing.T) {
	w := newWorld(t, t.TempDir())
	slow, opening := w.hub.Kitchen("slow", live.OnlyStations(nil), 0, "")
	defer slow.Close()
	publish := func() { w.hub.Publish([]edge.Event{w.event(edge.StockChanged, &edge.Stock{Key: "x"})}) }
	for len(slow.Batches()) < cap(slow.Batches()) {
		publish()
	}
	publish() // does not fit any more
	told := opening.Snapshot.Seq
	hear := func() {
		t.Helper()
		b := <-slow.Batches()
		if b.Seq() != told+1 {
			t.Fatalf("told of %d after %d: who resumes from there misses what is between", b.Seq(), told)
		}
		told = b.Seq()
	}
	hear() // now there would be room again
	publish()
	for len(slow.Batches()) > 0 {
		hear()
	}
	select {
	case <-slow.Done():
	default:
		t.Error("the slow screen is still there")
	}
}

func TestFramesAreSharedByScreensOfTheSameStations(t *testing.T) {
	w := newWorld(t, t.TempDir())
	a, _ := w.hub.Kitchen("a", live.OnlyStations([]string{"bar", "grill"}), 0, "")
	defer a.Close()
	b, _ := w.hub.Kitchen("b", live.OnlyStations([]string{"grill", "bar", "bar"}), 0, "")
	defer b.Close()
	c, _ := w.hub.Kitchen("c", live.OnlyStations([]string{"pass"}), 0, "")
	defer c.Close()
	ticket := edge.Ticket{ID: "a", State: edge.TicketStateNew, Station: "grill"}
	w.hub.Publish([]edge.Event{w.event(edge.TicketCreated, &ticket)})
	one, two := a.Frame(<-a.Batches()), b.Frame(<-b.Batches())
	if len(one) == 0 || &one[0] != &two[0] {
		t.Errorf("frames %q and %q were encoded apart", one, two)
	}
	if frame := c.Frame(<-c.Batches()); frame != nil {
		t.Errorf("a station with nothing to do got %q", frame)
	}
}

func TestDoneTicketsForRecall(t *testing.T) {
	w := newWorld(t, t.TempDir())
	for i := range 500 {
		ticket := edge.Ticket{ID: edge.ID(fmt.Sprint(i)), State: edge.TicketStateDone, Station: "grill"}
		w.hub.Publish([]edge.Event{w.event(edge.TicketDone, &ticket)})
	}
	s, opening := w.hub.Kitchen("d", live.OnlyStations([]string{"grill"}), 0, "")
	defer s.Close()
	if done := opening.Snapshot.Done; len(done) != 50 || done[0].ID != "499" {
		t.Errorf("done = %d tickets from %s, want 50 from 499", len(done), done[0].ID)
	}
}

func TestRemovedDeviceAndShutdown(t *testing.T) {
	w := newWorld(t, t.TempDir())
	removed, _ := w.hub.Kitchen("one", live.OnlyStations(nil), 0, "")
	defer removed.Close()
	other, _ := w.hub.Kitchen("two", live.OnlyStations(nil), 0, "")
	defer other.Close()
	watch := w.hub.WatchHouse("one")
	defer watch.Close()
	w.hub.Publish([]edge.Event{w.event(edge.DeviceRemoved, &edge.Device{ID: "one", Removed: true})})
	<-removed.Done()
	<-watch.Done()
	if removed.Reason() != live.Removed || watch.Reason() != live.Removed {
		t.Errorf("reasons = %v, %v, want removed", removed.Reason(), watch.Reason())
	}
	select {
	case <-other.Done():
		t.Error("another device was cut off")
	default:
	}
	w.hub.Close()
	<-other.Done()
	late, _ := w.hub.Kitchen("late", live.OnlyStations(nil), 0, "")
	defer late.Close()
	<-late.Done()
	if other.Reason() != live.Shutdown || late.Reason() != live.Shutdown {
		t.Errorf("reasons = %v, %v, want shutdown", other.Reason(), late.Reason())
	}
}

func TestWatchHearsWhatConcernsIt(t *testing.T) {
	w := newWorld(t, t.TempDir())
	guest, owner, display := w.hub.WatchSession("s1"), w.hub.WatchHouse("o"), w.hub.WatchTable("d", "t1")
	defer guest.Close()
	defer owner.Close()
	defer display.Close()
	tests := []struct {
		kind                  edge.EventKind
		subject, session      edge.ID
		guest, owner, display live.Topics
	}{
		{edge.OrderPlaced, "o1", "s1", live.Sessions, live.Sessions, 0},
		{edge.OrderPlaced, "o2", "s2", 0, live.Sessions, 0},
		{edge.StockChanged, "x", "", live.Stocks, live.Stocks, 0},
		{edge.MenuPublished, "menu", "", live.Menus, live.Menus, 0},
		{edge.TableChanged, "t1", "", live.Tables, live.Tables, live.Tables},
		{edge.TableChanged, "t2", "", live.Tables, live.Tables, 0},
		{edge.DevicePaired, "d9", "", 0, live.Devices, 0},
	}
	for _, test := range tests {
		w.seq++
		w.hub.Publish([]edge.Event{{Seq: w.seq, Kind: test.kind, Subject: test.subject, Session: test.session}})
		for name, at := range map[string]struct {
			watch *live.Watch
			want  live.Topics
		}{"guest": {guest, test.guest}, "owner": {owner, test.owner}, "display": {display, test.display}} {
			if got, _ := at.watch.Take(); got != at.want {
				t.Errorf("%s of %s: %s heard %b, want %b", test.kind, test.subject, name, got, at.want)
			}
		}
	}
}

func TestFlash(t *testing.T) {
	w := newWorld(t, t.TempDir())
	here, there := w.hub.WatchTable("d", "t1"), w.hub.WatchTable("d", "t2")
	defer here.Close()
	defer there.Close()
	w.hub.Flash(live.Flash{Kind: "ok", Until: start.Add(time.Second)}, "t1")
	<-here.Wake()
	if topics, _ := here.Take(); topics != live.Flashes {
		t.Errorf("topics = %b, want a flash", topics)
	}
	if topics, _ := there.Take(); topics != 0 {
		t.Errorf("another table's display heard %b", topics)
	}
	if f, ok := w.hub.FlashOf("t1", start); !ok || f.Kind != "ok" {
		t.Errorf("flash = %+v %t, want ok", f, ok)
	}
	if _, ok := w.hub.FlashOf("t1", start.Add(time.Second)); ok {
		t.Error("the flash does not end")
	}
}

func TestStateTouched(t *testing.T) {
	w := newWorld(t, t.TempDir())
	owner, guest := w.hub.WatchHouse("o"), w.hub.WatchSession("s")
	defer owner.Close()
	defer guest.Close()
	w.hub.Touch()
	if topics, _ := owner.Take(); topics != live.States {
		t.Errorf("owner heard %b, want the state", topics)
	}
	if topics, _ := guest.Take(); topics != 0 {
		t.Errorf("guest heard %b, want nothing", topics)
	}
}

func TestMissingEventsAreLogged(t *testing.T) {
	var log strings.Builder
	hub := live.New(time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := hub.Load(ctx, store); err != nil {
		t.Fatal(err)
	}
	hub.Publish([]edge.Event{{Seq: 1, Kind: edge.DeviceStarted}})
	hub.Publish([]edge.Event{{Seq: 7, Kind: edge.DeviceStarted}})
	if !strings.Contains(log.String(), "events are missing") {
		t.Errorf("log = %q, want a word about missing events", log.String())
	}
	s, opening := hub.Kitchen("d", live.OnlyStations(nil), 1, "")
	defer s.Close()
	if opening.Snapshot == nil {
		t.Error("a screen resumed over a gap")
	}
}

func BenchmarkPublishToFiftyScreens(b *testing.B) {
	w := emptyWorld()
	store, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if err := w.hub.Load(ctx, store); err != nil {
		b.Fatal(err)
	}
	var screens []*live.Screen
	for range 50 {
		s, _ := w.hub.Kitchen("d", live.OnlyStations(nil), 0, "")
		defer s.Close()
		screens = append(screens, s)
	}
	ticket := edge.Ticket{ID: "a", State: edge.TicketStateNew, Station: "grill", Items: make([]edge.TicketItem, 4)}
	for b.Loop() {
		w.hub.Publish([]edge.Event{w.event(edge.TicketProgress, &ticket)})
		for _, s := range screens {
			s.Frame(<-s.Batches())
		}
	}
}
