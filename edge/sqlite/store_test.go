package sqlite

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

// same fails unless what the store gave is what is wanted.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// there gives a value that must be there.
func there[T any](t testing.TB, what string, value T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return value
}

// missing fails unless err says that something is not there.
func missing(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, edge.ErrNotFound) {
		t.Errorf("%s: got error %v, want not found", what, err)
	}
}

// both runs check in the transaction that wrote and in a later read: they must see the same.
func both(t *testing.T, put func(edge.Tx) error, check func(*testing.T, edge.View)) {
	t.Helper()
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error {
		if err := put(tx); err != nil {
			return err
		}
		check(t, tx)
		return nil
	})
	if err := s.Read(t.Context(), func(v edge.View) error { check(t, v); return nil }); err != nil {
		t.Fatal(err)
	}
}

func table(id edge.ID, sort int) edge.Table {
	return edge.Table{ID: id, Name: "T" + string(id), Kind: edge.KindTable, Sort: sort}
}

func ids[T any](things []T, id func(T) edge.ID) []edge.ID {
	all := []edge.ID{}
	for _, thing := range things {
		all = append(all, id(thing))
	}
	return all
}

func TestTablesTokensTags(t *testing.T) {
	old := edge.Token{Token: "old", TableID: "a", Medium: edge.MediumQR, Issued: noon.Add(-time.Hour), Retired: true}
	current := edge.Token{Token: "new", TableID: "a", Medium: edge.MediumNFC, Issued: noon}
	tag := edge.Tag{UID: "04AABB", TableID: "a", Kind: edge.TagPuck, Enrolled: noon}
	both(t, func(tx edge.Tx) error {
		retired := table("b", 1)
		retired.Retired = true
		return errors.Join(
			tx.PutTable(table("a", 9)), tx.PutTable(retired), tx.PutTable(table("a", 2)), // the second Put wins
			tx.PutToken(current), tx.PutToken(old), tx.PutTag(tag),
		)
	}, func(t *testing.T, v edge.View) {
		tables, err := v.Tables()
		same(t, "tables", ids(there(t, "tables", tables, err), func(t edge.Table) edge.ID { return t.ID }), []edge.ID{"b", "a"})
		a, err := v.Table("a")
		same(t, "table", there(t, "table", a, err), table("a", 2))
		_, err = v.Table("z")
		missing(t, "table", err)
		token, err := v.Token("old")
		same(t, "token", there(t, "token", token, err), old)
		_, err = v.Token("nothing")
		missing(t, "token", err)
		tokens, err := v.Tokens("a")
		same(t, "tokens", there(t, "tokens", tokens, err), []edge.Token{old, current})
		found, err := v.Tag("04AABB")
		same(t, "tag", there(t, "tag", found, err), tag)
		_, err = v.Tag("00")
		missing(t, "tag", err)
		tags, err := v.Tags()
		same(t, "tags", there(t, "tags", tags, err), []edge.Tag{tag})
	})
}

func TestStock(t *testing.T) {
	gone := edge.Stock{Key: "soup", SoldOut: true, Until: noon}
	few := edge.Stock{Key: "pie/large", Left: new(3)}
	both(t, func(tx edge.Tx) error {
		return errors.Join(tx.PutStock(edge.Stock{Key: "soup"}), tx.PutStock(few), tx.PutStock(gone))
	}, func(t *testing.T, v edge.View) {
		stock, ok, err := v.Stock("soup")
		if same(t, "stock", there(t, "stock", stock, err), gone); !ok {
			t.Error("stock of soup: not there")
		}
		if stock, ok, err = v.Stock("tea"); ok || err != nil {
			t.Errorf("stock of tea: got %v, %v, %v; want nothing", stock, ok, err)
		}
		all, err := v.AllStock()
		same(t, "all stock", there(t, "all stock", all, err), []edge.Stock{few, gone})
	})
}

func TestSessions(t *testing.T) {
	session := func(id, table edge.ID, state edge.SessionState, minute int) edge.Session {
		return edge.Session{
			ID: id, TableID: table, State: state, Opened: noon.Add(time.Duration(minute) * time.Minute), Active: noon,
			Help: []edge.Help{{What: edge.HelpWater, Guest: "g", At: noon}},
			Paid: []edge.Tender{{ID: "p", Kind: edge.TenderCash, Amount: edge.Money{Minor: 5, Currency: "EUR"}, At: noon}},
		}
	}
	late := session("s3", "a", edge.SessionBill, 3)
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutTable(table("a", 0)), tx.PutTable(table("b", 1)),
			tx.PutSession(late), tx.PutSession(session("s1", "a", edge.SessionOpen, 1)),
			tx.PutSession(session("s2", "b", edge.SessionOpen, 2)), tx.PutSession(session("s4", "a", edge.SessionOpen, 4)),
			tx.PutSession(session("s4", "a", edge.SessionStateClosed, 4)), // it was open before
			tx.PutSession(session("s5", "b", edge.SessionAbandoned, 5)),
		)
	}, func(t *testing.T, v edge.View) {
		got, err := v.Session("s3")
		same(t, "session", there(t, "session", got, err), late)
		_, err = v.Session("s9")
		missing(t, "session", err)
		got, err = v.OpenSession("a")
		same(t, "open session", there(t, "open session", got, err), late)
		_, err = v.OpenSession("c")
		missing(t, "open session", err)
		open, err := v.OpenSessions()
		same(t, "open sessions", ids(there(t, "open sessions", open, err), func(s edge.Session) edge.ID { return s.ID }),
			[]edge.ID{"s1", "s2", "s3"})
	})
}

func TestGuests(t *testing.T) {
	first := edge.Guest{ID: "g1", Session: "s1", Number: 1, KeyHash: "k", Joined: noon}
	again := edge.Guest{ID: "g2", Session: "s2", Number: 1, KeyHash: "k", Joined: noon.Add(time.Hour)}
	chat := edge.Guest{ID: "g3", Session: "s1", Number: 2, Channel: "telegram", Address: "4711", Joined: noon}
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutTable(table("a", 0)), tx.PutSession(edge.Session{ID: "s1", TableID: "a"}),
			tx.PutSession(edge.Session{ID: "s2", TableID: "a"}),
			tx.PutGuest(chat), tx.PutGuest(again), tx.PutGuest(first),
		)
	}, func(t *testing.T, v edge.View) {
		guest, err := v.Guest("g1")
		same(t, "guest", there(t, "guest", guest, err), first)
		_, err = v.Guest("g9")
		missing(t, "guest", err)
		guest, err = v.GuestByKey("k")
		same(t, "guest by key", there(t, "guest by key", guest, err), again)
		_, err = v.GuestByKey("other")
		missing(t, "guest by another key", err)
		_, err = v.GuestByKey("") // a guest without a key is not found by none
		missing(t, "guest by no key", err)
		guest, err = v.GuestByAddress("s1", "telegram", "4711")
		same(t, "guest by address", there(t, "guest by address", guest, err), chat)
		_, err = v.GuestByAddress("s2", "telegram", "4711")
		missing(t, "guest by address in another session", err)
		guests, err := v.Guests("s1")
		same(t, "guests", there(t, "guests", guests, err), []edge.Guest{first, chat})
	})
}

func TestOrders(t *testing.T) {
	order := func(id, guest edge.ID, state edge.OrderState, minute int) edge.Order {
		return edge.Order{
			ID: id, Session: "s", Guest: guest, State: state, Placed: noon.Add(time.Duration(minute) * time.Minute),
			Lines: []edge.Line{{Item: "soup", Name: edge.Words{"de": "Suppe <&> „fein“"}, Quantity: 2, Stations: []string{"k"}}},
		}
	}
	soup := order("o2", "g", edge.OrderStateReceived, 2)
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutTable(table("a", 0)), tx.PutSession(edge.Session{ID: "s", TableID: "a"}), tx.PutOrder(soup),
			tx.PutOrder(order("o1", "g", edge.OrderStatePreparing, 1)), tx.PutOrder(order("o3", "h", edge.OrderStateReady, 3)),
			tx.PutOrder(order("o4", "g", edge.OrderStateAccepted, 0)), tx.PutOrder(order("o4", "g", edge.OrderStateCompleted, 0)),
			tx.PutOrder(order("o5", "g", edge.OrderStateRejected, 5)), tx.PutOrder(order("o6", "g", edge.OrderStateCancelled, 6)),
		)
	}, func(t *testing.T, v edge.View) {
		id := func(o edge.Order) edge.ID { return o.ID }
		got, err := v.Order("o2")
		same(t, "order", there(t, "order", got, err), soup)
		_, err = v.Order("o9")
		missing(t, "order", err)
		all, err := v.OrdersOf("s")
		same(t, "orders", ids(there(t, "orders", all, err), id), []edge.ID{"o4", "o1", "o2", "o3", "o5", "o6"})
		open, err := v.OpenOrders()
		same(t, "open orders", ids(there(t, "open orders", open, err), id), []edge.ID{"o1", "o2", "o3"})
		n, err := v.OpenOrdersOf("g")
		same(t, "open orders of guest", there(t, "open orders of guest", n, err), 2)
	})
}

func TestTickets(t *testing.T) {
	ticket := func(id edge.ID, state edge.TicketState, created, done int) edge.Ticket {
		ticket := edge.Ticket{
			ID: id, Order: "o", State: state, Created: noon.Add(time.Duration(created) * time.Minute),
			Items: []edge.TicketItem{{Name: "Suppe", Quantity: 2}},
		}
		if done > 0 {
			ticket.Done = noon.Add(time.Duration(done) * time.Minute)
		}
		return ticket
	}
	fresh := ticket("t2", edge.TicketStateNew, 2, 0)
	both(t, func(tx edge.Tx) error {
		return errors.Join(
			tx.PutTicket(fresh), tx.PutTicket(ticket("t1", edge.TicketStateStarted, 1, 0)),
			tx.PutTicket(ticket("t3", edge.TicketStateDone, 0, 10)), tx.PutTicket(ticket("t4", edge.TicketStateDone, 0, 12)),
			tx.PutTicket(ticket("t5", edge.TicketStateDone, 0, 11)), tx.PutTicket(ticket("t5", edge.TicketStateServed, 0, 11)),
			tx.PutTicket(ticket("t6", edge.TicketStateVoided, 3, 0)), tx.PutTicket(ticket("t7", edge.TicketStateDone, 0, 5)),
		)
	}, func(t *testing.T, v edge.View) {
		id := func(t edge.Ticket) edge.ID { return t.ID }
		got, err := v.Ticket("t2")
		same(t, "ticket", there(t, "ticket", got, err), fresh)
		_, err = v.Ticket("t9")
		missing(t, "ticket", err)
		all, err := v.TicketsOf("o")
		same(t, "tickets", ids(there(t, "tickets", all, err), id), []edge.ID{"t3", "t4", "t5", "t7", "t1", "t2", "t6"})
		open, err := v.OpenTickets()
		same(t, "open tickets", ids(there(t, "open", open, err), id), []edge.ID{"t1", "t2"})
		done, err := v.DoneTickets(noon.Add(10*time.Minute), 10)
		same(t, "done tickets", ids(there(t, "done", done, err), id), []edge.ID{"t4", "t3"})
		done, err = v.DoneTickets(noon, 1)
		same(t, "newest done ticket", ids(there(t, "done", done, err), id), []edge.ID{"t4"})
	})
}

func TestDevices(t *testing.T) {
	screen := edge.Device{ID: "d1", Name: "Grill", Role: edge.RoleKitchen, KeyHash: "k1", Paired: noon}
	gone := edge.Device{ID: "d2", Role: edge.RoleOwner, KeyHash: "k2", Paired: noon.Add(-time.Hour), Removed: true}
	both(t, func(tx edge.Tx) error { return errors.Join(tx.PutDevice(screen), tx.PutDevice(gone)) },
		func(t *testing.T, v edge.View) {
			devices, err := v.Devices()
			same(t, "devices", there(t, "devices", devices, err), []edge.Device{gone, screen})
			device, err := v.DeviceByKey("k1")
			same(t, "device", there(t, "device", device, err), screen)
			_, err = v.DeviceByKey("k3")
			missing(t, "device", err)
			_, err = v.DeviceByKey("")
			missing(t, "device by no key", err)
		})
}

func TestMenus(t *testing.T) {
	s := openTest(t, Options{})
	_ = s.Read(t.Context(), func(v edge.View) error {
		_, err := v.CurrentMenu()
		missing(t, "menu of an empty house", err)
		return nil
	})
	refused := errors.New("refused")
	put := func(items int, outcome error) {
		err := s.Write(t.Context(), func(tx edge.Tx) error {
			version, err := tx.PutMenu(carte(items))
			if err != nil {
				return err
			}
			menu, err := tx.CurrentMenu()
			if menu := there(t, "menu", menu, err); menu.Version != version || len(menu.Categories[0].Items) != items {
				t.Errorf("menu in its transaction: got version %d with %d items, want %d with %d",
					menu.Version, len(menu.Categories[0].Items), version, items)
			}
			return outcome
		})
		if !errors.Is(err, outcome) {
			t.Fatalf("put menu: got %v, want %v", err, outcome)
		}
	}
	put(1, nil)
	put(2, refused) // must leave nothing behind, also not in memory
	put(3, nil)
	for range 2 { // the second time from memory
		_ = s.Read(t.Context(), func(v edge.View) error {
			for version, items := range map[int64]int{1: 1, 2: 3} {
				menu, err := v.Menu(version)
				same(t, "items of the menu", len(there(t, "menu", menu, err).Categories[0].Items), items)
			}
			menu, err := v.CurrentMenu()
			same(t, "current menu", there(t, "menu", menu, err).Version, int64(2))
			_, err = v.Menu(3)
			missing(t, "menu", err)
			return nil
		})
	}
}

func TestOldMenusLeaveMemory(t *testing.T) {
	s := openTest(t, Options{})
	for range 2 * parsedMenus {
		write(t, s, func(tx edge.Tx) error { _, err := tx.PutMenu(carte(1)); return err })
		_ = s.Read(t.Context(), func(v edge.View) error { _, err := v.CurrentMenu(); return err })
	}
	same(t, "parsed menus", len(s.writer.menus.parsed), parsedMenus)
	_ = s.Read(t.Context(), func(v edge.View) error {
		menu, err := v.Menu(1)
		same(t, "oldest menu", there(t, "oldest menu", menu, err).Version, int64(1))
		return nil
	})
}

func TestNumbersRestartWithTheDay(t *testing.T) {
	s := openTest(t, Options{})
	var got []int
	for _, day := range []edge.BusinessDay{"2026-05-04", "2026-05-04", "2026-05-05", "2026-05-04"} {
		write(t, s, func(tx edge.Tx) error {
			n, err := tx.NextNumber(day)
			got = append(got, n)
			return err
		})
	}
	if want := []int{1, 2, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("numbers: got %v, want %v", got, want)
	}
}

func TestJournal(t *testing.T) {
	at := noon.Add(123456789 * time.Nanosecond).In(time.FixedZone("", 3600))
	first := edge.Event{
		Kind: edge.OrderPlaced, Subject: "o", Session: "s", Actor: "guest:g", At: at, Trusted: true,
		Body: json.RawMessage(`{"text": "ä \u0000 <"}`), Doc: &edge.Order{ID: "o"},
	}
	both(t, func(tx edge.Tx) error {
		for i, e := range []edge.Event{first, {Kind: edge.DeviceStarted, Subject: "d", At: at}} {
			seq, err := tx.Append(e)
			if err != nil || seq != int64(i+1) {
				t.Errorf("append: got seq %d, %v; want %d", seq, err, i+1)
			}
		}
		return nil
	}, func(t *testing.T, v edge.View) {
		seq, err := v.Seq()
		same(t, "seq", there(t, "seq", seq, err), int64(2))
		want := first
		want.Seq, want.At, want.Doc = 1, noon.Add(123*time.Millisecond), nil
		want.Hash = want.Chain([32]byte{})
		events, err := v.Events(0, 1)
		same(t, "first event", there(t, "events", events, err), []edge.Event{want})
		events, err = v.Events(1, 10)
		same(t, "second event's hash", there(t, "events", events, err)[0].Hash, events[0].Chain(want.Hash))
		events, err = v.Events(2, 10)
		same(t, "no event", there(t, "events", events, err), []edge.Event{})
	})
}
