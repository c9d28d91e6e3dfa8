package outbox_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/conversation"
	"github.com/comanda-pos/comanda/sync/outbox"
)

// severable is a store whose writes fail once the power is out.
type severable struct {
	edge.Store
	out *atomic.Bool
}

func (s severable) Write(ctx context.Context, change func(edge.Tx) error) error {
	if s.out.Load() {
		return edge.Refuse(edge.KindUnavailable, "power", "The power is out.")
	}
	return s.Store.Write(ctx, func(tx edge.Tx) error {
		if s.out.Load() {
			return edge.Refuse(edge.KindUnavailable, "power", "The power is out.")
		}
		return change(tx)
	})
}

type noCodes struct{}

func (noCodes) Resolve(string, time.Time) (edge.ID, edge.CodeState) { return "", edge.CodeUnknown }

func (noCodes) OpenPass(string, time.Time) (string, time.Time, bool) {
	return "", time.Time{}, false
}

func newID() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }

// model is a restaurant in which two guests order by messenger, and what really happened in it.
type model struct {
	t        *rapid.T
	path     string
	parallel int
	store    *sqlite.Store
	power    atomic.Bool // true: out
	floor    *edge.Floor
	kitchen  *edge.Kitchen
	chat     *messenger
	guests   []edge.Guest
	orders   []edge.ID
	history  map[edge.ID][]edge.OrderState
	crashes  int
	presses  int
	stop     context.CancelFunc
	running  sync.WaitGroup
}

func venue() edge.Venue {
	return edge.Venue{
		Name: "Test", Currency: "EUR", Zone: time.UTC, Languages: []string{"en"}, Kitchen: "en",
		Policy: edge.Policy{
			Printed: edge.MayAsk, Recent: edge.MayOrder, Proven: edge.MayOrder, PresenceTTL: 10 * time.Hour,
			MaxLines: 20, MaxQuantity: 20, MaxOpenOrders: 100,
		},
	}
}

func (m *model) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// open starts the device over its file.
func (m *model) open() {
	m.t.Helper()
	store, err := sqlite.Open(context.Background(), m.path, sqlite.Options{})
	m.must(err)
	now := func() edge.Moment { return edge.Moment{At: time.Now(), Trusted: true} }
	m.store = store
	m.floor = edge.NewFloor(store, venue(), noCodes{}, now, newID)
	m.kitchen = edge.NewKitchen(store, venue(), now, newID)
	m.power.Store(false)
	m.chat.crashed = false
	m.chat.crash = func() { m.power.Store(true) }
	line := severable{store, &m.power}
	conv, err := conversation.New(conversation.Config{
		Channels: map[string]channel.Channel{"tg": m.chat}, Store: line,
		Floor: edge.NewFloor(line, venue(), noCodes{}, now, newID),
		Link:  conversation.Links("https://example.org"), NewKey: func() string { return "k" },
	})
	m.must(err)
	out := outbox.New(line, conv, outbox.Options{Parallel: m.parallel})
	store.OnCommit(func(events []edge.Event) {
		if len(events) > 0 {
			out.Wake()
		}
	})
	ctx, stop := context.WithCancel(context.Background())
	m.stop = stop
	m.running.Go(func() { out.Serve(ctx) })
}

func (m *model) close() {
	m.stop()
	m.running.Wait()
	m.must(m.store.Close())
}

func (m *model) setUp() {
	ctx := context.Background()
	tables, err := m.floor.AddTables(ctx, edge.System, []edge.Table{{Name: "7"}})
	m.must(err)
	_, err = m.floor.Publish(ctx, edge.System, edge.Menu{
		Currency: "EUR", Languages: []string{"en"}, Stations: []edge.Station{{ID: "hot", Name: edge.Words{"en": "Hot"}, WarnAfter: 300, LateAfter: 600}},
		Taxes: []edge.TaxClass{{ID: "food", Name: edge.Words{"en": "Food"}, EatIn: "19"}},
		Categories: []edge.Category{{
			ID: "mains", Name: edge.Words{"en": "Mains"}, Station: "hot", Tax: "food",
			Items: []edge.Item{{ID: "soup", Name: edge.Words{"en": "Soup"}, Price: 650}},
		}},
	})
	m.must(err)
	for _, presence := range []edge.Presence{edge.PresencePrinted, edge.PresenceProven} {
		seated, err := m.floor.Seat(ctx, edge.SeatRequest{
			TableID: tables[0].ID, Presence: presence, Channel: "tg", Address: string(presence), Language: "en", Actor: edge.System,
		})
		m.must(err)
		m.guests = append(m.guests, seated.Guest)
	}
}

// refusedIsFine lets the restaurant refuse what does not fit the moment.
func (m *model) refusedIsFine(err error) {
	m.t.Helper()
	if err != nil && edge.CodeOf(err) == "" {
		m.t.Fatal(err)
	}
}

// act does one random thing in the restaurant.
func (m *model) act() {
	ctx := context.Background()
	if len(m.orders) == 0 || rapid.IntRange(0, 4).Draw(m.t, "place") == 0 {
		guest := rapid.SampledFrom(m.guests).Draw(m.t, "guest")
		receipt, err := m.floor.Place(ctx, edge.PlaceRequest{
			Key: string(newID()), Guest: guest.ID, MenuVersion: 1, Lines: []edge.LineRequest{{Item: "soup", Quantity: 3}},
		})
		m.refusedIsFine(err)
		if err == nil {
			m.orders = append(m.orders, receipt.Order)
		}
		return
	}
	order := rapid.SampledFrom(m.orders).Draw(m.t, "order")
	switch rapid.SampledFrom([]string{"accept", "start", "bump", "recall", "serve", "reject", "cancel", "reduce"}).Draw(m.t, "act") {
	case "accept":
		m.refusedIsFine(m.floor.Accept(ctx, edge.System, order))
	case "serve":
		m.refusedIsFine(m.floor.Serve(ctx, edge.System, order))
	case "reject":
		m.refusedIsFine(m.floor.Reject(ctx, edge.System, order, "closed"))
	case "cancel":
		m.refusedIsFine(m.floor.Cancel(ctx, edge.System, edge.CancelRequest{Key: string(newID()), Order: order, Reason: "burnt"}))
	case "reduce":
		m.refusedIsFine(m.floor.Cancel(ctx, edge.System, edge.CancelRequest{Key: string(newID()), Order: order, Line: new(0), Quantity: 1, Reason: "few"}))
	case "start":
		m.press(order, m.kitchen.Start)
	case "bump":
		m.press(order, m.kitchen.Bump)
	case "recall":
		m.press(order, m.kitchen.Recall)
	}
}

func (m *model) press(order edge.ID, act func(context.Context, edge.Press) (int64, error)) {
	var tickets []edge.Ticket
	m.must(m.store.Read(context.Background(), func(view edge.View) error {
		var err error
		tickets, err = view.TicketsOf(order)
		return err
	}))
	for _, ticket := range tickets {
		m.presses++
		_, err := act(context.Background(), edge.Press{Key: fmt.Sprintf("p%d", m.presses), Device: "d", Ticket: ticket.ID})
		m.refusedIsFine(err)
	}
}

// note writes down how every order stands now.
func (m *model) note() {
	m.must(m.store.Read(context.Background(), func(view edge.View) error {
		for _, id := range m.orders {
			order, err := view.Order(id)
			if err != nil {
				return err
			}
			if states := m.history[id]; len(states) == 0 || states[len(states)-1] != order.State {
				m.history[id] = append(states, order.State)
			}
		}
		return nil
	}))
}

// live lets time pass, and brings the power back if it failed.
func (m *model) live(d time.Duration) {
	pass(d)
	if m.power.Load() {
		m.crashes++
		m.close()
		m.open()
	}
}

// says are the words a card has for a state.
func says(state edge.OrderState) string {
	return map[edge.OrderState]string{
		edge.OrderStateReceived: "Waiting for the staff", edge.OrderStateAccepted: "Accepted", edge.OrderStatePreparing: "Being prepared",
		edge.OrderStateReady: "Ready!", edge.OrderStateCompleted: "Served", edge.OrderStateRejected: "cannot take", edge.OrderStateCancelled: "was cancelled",
	}[state]
}

// check compares what guests saw with what happened.
func (m *model) check() {
	numbers := map[edge.ID]string{}
	m.must(m.store.Read(context.Background(), func(view edge.View) error {
		for _, id := range m.orders {
			order, err := view.Order(id)
			if err != nil {
				return err
			}
			numbers[id] = order.Number
		}
		backlog, err := view.DeliveryBacklog("tg:")
		if err == nil && backlog.Waiting != 0 {
			m.t.Errorf("%d deliveries still wait", backlog.Waiting)
		}
		return err
	}))
	for _, id := range m.orders {
		m.checkOrder(id, numbers[id])
	}
}

func (m *model) checkOrder(id edge.ID, number string) {
	states := m.history[id]
	var seen []string
	at := 0
	for _, s := range m.chat.history {
		if s.order != number {
			continue
		}
		seen = append(seen, strings.SplitN(s.text, "\n", 2)[0])
		for at < len(states) && !strings.Contains(s.text, says(states[at])) {
			at++
		}
		if at == len(states) {
			m.t.Fatalf("order %s went through %v, the guest saw %q: an older state after a newer one", number, states, seen)
		}
	}
	if newest := states[len(states)-1]; len(seen) == 0 || !strings.Contains(seen[len(seen)-1], says(newest)) {
		m.t.Fatalf("order %s is %s, the guest saw %q", number, newest, seen)
	}
	cards := 0
	for _, messages := range m.chat.chats {
		for _, s := range messages {
			if s.order == number {
				cards++
			}
		}
	}
	allowed := 1 + m.chat.extra[number]
	if m.parallel > 1 {
		allowed += m.crashes // a card of another lane may have been under way when the power failed
	}
	if cards > allowed {
		m.t.Fatalf("order %s has %d cards, want at most %d", number, cards, allowed)
	}
}

// timeless hides the test's deadline, which may not be asked for where time is simulated.
type timeless struct{ testing.TB }

// TestGuestsEndUpWithTheTruth drives a restaurant, a messenger that fails in every way it can, and power cuts. Guests
// never see an older state after a newer one, end up with the newest, and get no card twice but for the repeats that
// an unknown outcome calls for.
func TestGuestsEndUpWithTheTruth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(timeless{t}, func(t *rapid.T) {
			dir, err := os.MkdirTemp("", "outbox")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			fates := []fate{works, works, works, unreachable, throttles, arrivesUnsure, lostUnsure, gone, crashAfter, crashBefore}
			m := &model{
				t: t, path: filepath.Join(dir, "house.db"), history: map[edge.ID][]edge.OrderState{},
				parallel: rapid.SampledFrom([]int{1, 3}).Draw(t, "parallel"),
				chat:     newMessenger(rapid.SliceOfN(rapid.SampledFrom(fates), 0, 30).Draw(t, "script")),
			}
			m.open()
			defer m.close()
			m.setUp()
			for range rapid.IntRange(1, 16).Draw(t, "acts") {
				m.act()
				m.note()
				m.live(time.Duration(rapid.SampledFrom([]int{0, 20, 60, 200, 2000, 20_000}).Draw(t, "ms")) * time.Millisecond)
			}
			m.chat.mu.Lock()
			m.chat.script = nil
			m.chat.mu.Unlock()
			m.live(time.Second)
			m.live(6 * time.Minute)
			m.check()
		})
	})
}
