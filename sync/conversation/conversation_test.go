package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/sync/channel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plain is a messenger that can do nothing but text, and fails as a test decides.
type plain struct {
	mu    sync.Mutex
	can   channel.Capabilities
	sent  []channel.Message        // guarded by mu
	to    []channel.ConversationID // guarded by mu
	fails []error                  // guarded by mu: of the next calls
}

func (*plain) Name() string                              { return "plain" }
func (*plain) Account() string                           { return "1" }
func (p *plain) Capabilities() channel.Capabilities      { return p.can }
func (*plain) Decode(channel.Update) []channel.Event     { return nil }
func (*plain) EntryLinks(string) ([]channel.Link, error) { return nil, nil }

func (p *plain) Send(_ context.Context, to channel.ConversationID, m channel.Message) (channel.Ref, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.fails) > 0 {
		err := p.fails[0]
		p.fails = p.fails[1:]
		if err != nil {
			return "", err
		}
	}
	p.sent, p.to = append(p.sent, m), append(p.to, to)
	return "ref", nil
}

// stand is a restaurant with one table, one guest in a plain messenger, and one order.
type stand struct {
	t     *testing.T
	store *sqlite.Store
	floor *edge.Floor
	conv  *Conversation
	chat  *plain
	guest edge.Guest
	order edge.ID
}

type noCodes struct{}

func (noCodes) Resolve(string, time.Time) (edge.ID, edge.CodeState) { return "", edge.CodeUnknown }

func (noCodes) OpenPass(string, time.Time) (string, time.Time, bool) {
	return "", time.Time{}, false
}

func newID() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }

func openStand(t *testing.T, can channel.Capabilities) *stand {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "house.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	venue := edge.Venue{
		Name: "Löwen", Currency: "EUR", Zone: time.UTC, Languages: []string{"en"}, Kitchen: "en",
		Policy: edge.Policy{Proven: edge.MayOrder, MaxLines: 9, MaxQuantity: 9, MaxOpenOrders: 9, PresenceTTL: time.Hour},
	}
	now := func() edge.Moment { return edge.Moment{At: time.Now(), Trusted: true} }
	s := &stand{t: t, store: store, floor: edge.NewFloor(store, venue, noCodes{}, now, newID), chat: &plain{can: can}}
	s.conv, err = New(Config{
		Channels: map[string]channel.Channel{"plain": s.chat}, Store: store, Floor: s.floor,
		Link: Links("http://192.168.1.5:8080"), NewKey: func() string { return "k" },
	})
	s.must(err)
	tables, err := s.floor.AddTables(t.Context(), edge.System, []edge.Table{{Name: "7"}})
	s.must(err)
	_, err = s.floor.Publish(t.Context(), edge.System, edge.Menu{
		Currency: "EUR", Languages: []string{"en"}, Stations: []edge.Station{{ID: "hot", Name: edge.Words{"en": "Hot"}, WarnAfter: 1, LateAfter: 2}},
		Taxes: []edge.TaxClass{{ID: "food", Name: edge.Words{"en": "Food"}, EatIn: "19"}},
		Categories: []edge.Category{{
			ID: "mains", Name: edge.Words{"en": "Mains"}, Station: "hot", Tax: "food",
			Items: []edge.Item{{ID: "soup", Name: edge.Words{"en": "Soup"}, Price: 650}},
		}},
	})
	s.must(err)
	seated, err := s.floor.Seat(t.Context(), edge.SeatRequest{
		TableID: tables[0].ID, Presence: edge.PresenceProven, Channel: "plain", Address: "42", Language: "en", Actor: edge.System,
	})
	s.must(err)
	s.guest = seated.Guest
	receipt, err := s.floor.Place(t.Context(), edge.PlaceRequest{
		Key: "k", Guest: s.guest.ID, MenuVersion: 1, Lines: []edge.LineRequest{{Item: "soup", Quantity: 1}},
	})
	s.must(err)
	s.order = receipt.Order
	return s
}

func (s *stand) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) tell(intent string, subject edge.ID, body any) error {
	s.t.Helper()
	raw, err := json.Marshal(body)
	s.must(err)
	return s.conv.Deliver(s.t.Context(), edge.Delivery{
		Seq: 1, Lane: "plain:42", Subject: subject, Intent: intent, Body: raw, Deadline: time.Now().Add(time.Hour),
	})
}

func TestPlainMessengerGetsEverythingInWords(t *testing.T) {
	t.Parallel()
	s := openStand(t, channel.Capabilities{})
	s.must(s.tell(string(edge.OrderAccepted), s.order, guestBody{}))
	s.must(s.tell(string(edge.OrderPreparing), s.order, guestBody{}))
	if len(s.chat.sent) != 1 {
		t.Fatalf("guest got %d messages about one state, want 1", len(s.chat.sent))
	}
	s.must(s.floor.Serve(t.Context(), edge.System, s.order))
	s.must(s.tell(string(edge.OrderServed), s.order, guestBody{}))
	if len(s.chat.sent) != 2 {
		t.Fatalf("guest got %d messages about two states, want 2", len(s.chat.sent))
	}
	for _, m := range s.chat.sent {
		if len(m.Buttons) != 0 || !strings.Contains(m.Text, "staff, water or bill") {
			t.Errorf("message is %+v, want no buttons and the words to write instead", m)
		}
		if m.Key == "" || m.Intent == "" || m.Language != "en" || m.Expires.IsZero() {
			t.Errorf("message is %+v, want key, intent, language and deadline", m)
		}
	}
	again := telling{delivery: edge.Delivery{Lane: "plain:42", Seq: 1}}
	if got := s.chat.sent[0].Key; got != again.key("card") || got == again.key("alert") {
		t.Errorf("key is %q, want it the same at every attempt and another for the alert", got)
	}
}

func TestButtonsFitTheMessenger(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	c := content{link: "https://x.org/t/1", help: true}
	for _, tc := range []struct {
		name string
		can  channel.Capabilities
		link string
		want []channel.ButtonKind
	}{
		{"all", channel.Capabilities{WebButton: true, CallbackButton: true}, "https://x.org", []channel.ButtonKind{channel.WebApp, channel.Callback, channel.Callback, channel.Callback}},
		{"plain http opens a browser", channel.Capabilities{WebButton: true}, "http://x.org", []channel.ButtonKind{channel.URL}},
		{"two", channel.Capabilities{CallbackButton: true, MaxButtons: 2}, "https://x.org", []channel.ButtonKind{channel.URL, channel.Callback}},
		{"one", channel.Capabilities{CallbackButton: true, MaxButtons: 1}, "https://x.org", []channel.ButtonKind{channel.URL}},
		{"no link", channel.Capabilities{CallbackButton: true, MaxButtons: 2}, "", []channel.ButtonKind{channel.Callback, channel.Callback}},
	} {
		c.link = tc.link
		var got []channel.ButtonKind
		for _, row := range buttons(words.in("en"), tc.can, c) {
			for _, b := range row {
				got = append(got, b.Kind)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestNextCourseFitsTheMessenger(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	voice, order := words.in("en"), newID()
	c := content{link: "https://x.org/t/1", help: true, course: order, lines: []string{"Enjoy!"}}
	for _, tc := range []struct {
		name   string
		can    channel.Capabilities
		button bool
	}{
		{"buttons", channel.Capabilities{CallbackButton: true, MaxCallbackBytes: 64}, true},
		{"one button", channel.Capabilities{CallbackButton: true, MaxCallbackBytes: 64, MaxButtons: 1}, true},
		{"no room for the order", channel.Capabilities{CallbackButton: true, MaxCallbackBytes: 20}, false},
		{"no buttons", channel.Capabilities{}, false},
	} {
		chat := &plain{can: tc.can}
		m := telling{Conversation: &Conversation{words: words}, channel: chat}.render(voice, c)
		first := len(m.Buttons) > 0 && m.Buttons[0][0] == channel.Button{Kind: channel.Callback, Label: "Next course, please", Target: "course:" + string(order)}
		if hint := strings.Contains(m.Text, "Write: next"); first != tc.button || hint == tc.button {
			t.Errorf("%s: message is %+v, want the button first, or the word to write", tc.name, m)
		}
		count := 0
		for _, row := range m.Buttons {
			count += len(row)
		}
		if limit := tc.can.MaxButtons; limit > 0 && count > limit {
			t.Errorf("%s: %d buttons, want at most %d", tc.name, count, limit)
		}
	}
}

func TestMovedConversationIsFollowed(t *testing.T) {
	t.Parallel()
	s := openStand(t, channel.Capabilities{})
	s.chat.fails = []error{&channel.Error{Kind: channel.KindMoved, MovedTo: "-100"}}
	s.must(s.tell(string(edge.OrderAccepted), s.order, guestBody{}))
	s.must(s.floor.Serve(t.Context(), edge.System, s.order))
	s.must(s.tell(string(edge.OrderServed), s.order, guestBody{}))
	if diff := cmp.Diff([]channel.ConversationID{"-100", "-100"}, s.chat.to); diff != "" {
		t.Errorf("sent to (-want +got):\n%s", diff)
	}
	s.must(s.store.Read(t.Context(), func(view edge.View) error {
		guest, err := view.Guest(s.guest.ID)
		if guest.Address != "-100" {
			t.Errorf("the guest's address is %q, want the new one", guest.Address)
		}
		return err
	}))
}

func TestDeliverClassifiesEverything(t *testing.T) {
	t.Parallel()
	s := openStand(t, channel.Capabilities{})
	for _, tc := range []struct {
		name string
		d    edge.Delivery
		want channel.Kind
	}{
		{"no such messenger", edge.Delivery{Lane: "fax:1", Intent: intentSay}, channel.KindSettings},
		{"no such intent", edge.Delivery{Lane: "plain:42", Intent: "dance"}, channel.KindRejected},
		{"broken body", edge.Delivery{Lane: "plain:42", Intent: intentWelcome, Body: []byte("{")}, channel.KindRejected},
		{"order nobody knows", edge.Delivery{Lane: "plain:42", Intent: intentOrder, Subject: newID()}, channel.KindNone},
		{"guest nobody knows", edge.Delivery{Lane: "plain:42", Intent: intentStatus, Body: []byte(`{"guest":"x"}`)}, channel.KindNone},
	} {
		if got := channel.KindOf(s.conv.Deliver(t.Context(), tc.d)); got != tc.want {
			t.Errorf("%s: kind %v, want %v", tc.name, got, tc.want)
		}
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.conv.Deliver(cut, edge.Delivery{Lane: "plain:42", Intent: intentOrder, Subject: s.order})
	if channel.KindOf(err) != channel.KindRetry || len(s.chat.sent) != 0 {
		t.Errorf("a store that cannot be read gives %v after %d messages, want a retry and nothing sent", err, len(s.chat.sent))
	}
}

func TestGoneGuestIsNotedAndForgotten(t *testing.T) {
	t.Parallel()
	s := openStand(t, channel.Capabilities{})
	s.chat.fails = []error{&channel.Error{Kind: channel.KindGuestGone, Words: "blocked"}}
	for range 3 {
		if err := s.tell(string(edge.OrderAccepted), s.order, guestBody{}); channel.KindOf(err) != channel.KindGuestGone {
			t.Fatalf("got %v, want guest gone", err)
		}
	}
	if len(s.chat.fails) != 0 || len(s.chat.sent) != 0 {
		t.Errorf("%d refusals unused, %d messages: want the platform asked once", len(s.chat.fails), len(s.chat.sent))
	}
	event := channel.Event{ID: "1", Conversation: "42", Body: channel.Delivery{Result: channel.Read}}
	s.must(s.conv.Hear(t.Context(), "plain", event))
	event.Body = channel.Unblocked{}
	s.must(s.conv.Hear(t.Context(), "plain", event))
	s.must(s.tell(string(edge.OrderAccepted), s.order, guestBody{}))
	if len(s.chat.sent) != 1 {
		t.Errorf("%d messages after the guest is back, want 1", len(s.chat.sent))
	}
}

func TestHearRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := openStand(t, channel.Capabilities{})
	if err := s.conv.Hear(t.Context(), "fax", channel.Event{}); err == nil {
		t.Error("an event of a channel that is not in use is heard")
	}
	for _, body := range []channel.Body{nil, channel.Edited{}, channel.CartSent{}, channel.StaffSpoke{}, channel.Unknown{}} {
		s.must(s.conv.Hear(t.Context(), "plain", channel.Event{ID: "9", Conversation: "42", Body: body}))
	}
	s.must(s.conv.Hear(t.Context(), "plain", channel.Event{ID: "10", Body: channel.Text{Text: "hi"}}))
	s.must(s.store.Read(t.Context(), func(view edge.View) error {
		backlog, err := view.DeliveryBacklog("")
		if backlog.Waiting != 0 {
			t.Errorf("%d answers are queued, want none", backlog.Waiting)
		}
		return err
	}))
	if _, err := New(Config{}); err == nil {
		t.Error("a conversation without a store is opened")
	}
}

func TestNewsOfEvents(t *testing.T) {
	t.Parallel()
	s := openStand(t, channel.Capabilities{})
	at := time.Now()
	s.must(s.store.Read(t.Context(), func(view edge.View) error {
		for kind, life := range map[edge.EventKind]time.Duration{
			edge.OrderPlaced: passingLife, edge.OrderPreparing: passingLife, edge.OrderReady: urgentLife, edge.OrderCancelled: urgentLife,
			edge.OrderDelayed: passingLife, edge.OrderCourses: passingLife, edge.OrderPartServed: passingLife,
			edge.OrderEscalated: 0, edge.TicketDone: 0, edge.SessionPaid: 0, edge.MenuPublished: 0,
		} {
			got, err := s.conv.News(view, edge.Event{Seq: 5, Kind: kind, Subject: s.order, At: at})
			if err != nil {
				return err
			}
			var want []edge.Delivery
			if life > 0 {
				want = []edge.Delivery{{
					Lane: "plain:42", Subject: s.order, Intent: string(kind), Body: []byte(`{"guest":"` + string(s.guest.ID) + `"}`),
					Event: 5, State: edge.DeliveryWaiting, Created: at, Deadline: at.Add(life),
				}}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("news of %s (-want +got):\n%s", kind, diff)
			}
		}
		// A visit that is not over, or an order nobody knows, is no news.
		for _, e := range []edge.Event{{Kind: edge.SessionClosed, Subject: s.guest.Session}, {Kind: edge.OrderReady, Subject: newID()}} {
			if got, err := s.conv.News(view, e); err != nil || len(got) != 0 {
				t.Errorf("news of %+v are %+v, %v, want none", e, got, err)
			}
		}
		return nil
	}))
}

func TestLinks(t *testing.T) {
	t.Parallel()
	link := Links("https://example.org")
	if got, want := link("tok_en-1", "k+y"), "https://example.org/t/tok_en-1#g=k%2By"; got != want {
		t.Errorf("link is %q, want %q", got, want)
	}
	if got, want := link("a/b", ""), "https://example.org/t/a%2Fb"; got != want {
		t.Errorf("link is %q, want %q", got, want)
	}
}

func TestUnsureAndLater(t *testing.T) {
	t.Parallel()
	own := errors.New("disk")
	if got := channel.KindOf(later(own)); got != channel.KindRetry {
		t.Errorf("before sending: %v, want retry", got)
	}
	if got := channel.KindOf(unsure(own)); got != channel.KindUnknownOutcome {
		t.Errorf("after sending: %v, want unknown outcome", got)
	}
	if later(nil) != nil || unsure(nil) != nil {
		t.Error("no failure is classified as one")
	}
}
