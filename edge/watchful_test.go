package edge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestTicketNoScreenShowsIsToldOfOnce(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand})
	id := h.supper(t, "soup", "bread", "steak")
	soup, bread := h.at(t, id, "grill", 1), h.at(t, id, "bar", 1)
	if err := h.kitchen.Seen(ctx, "screen", []edge.ID{bread.ID}); err != nil {
		t.Fatalf("Seen: %v", err)
	}
	tend := func(after time.Duration) map[edge.EventKind]int {
		t.Helper()
		h.now = h.now.Add(after)
		before := h.seq(t)
		if err := h.kitchen.Tend(ctx); err != nil {
			t.Fatalf("Tend: %v", err)
		}
		return h.events(t, before)
	}
	tests := []struct {
		name  string
		after time.Duration
		want  map[edge.EventKind]int
	}{
		{"too early", 59 * time.Second, map[edge.EventKind]int{}},
		{"after a minute", time.Second, map[edge.EventKind]int{edge.TicketUnseen: 1}},
		{"once", time.Hour, map[edge.EventKind]int{}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, tend(test.after)); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", test.name, diff)
		}
	}
	if got := h.at(t, id, "grill", 1); got.Unseen.IsZero() || !got.Seen.IsZero() {
		t.Errorf("the soup: got unseen %s, seen %s", got.Unseen, got.Seen)
	}
	if err := h.kitchen.Seen(ctx, "screen", []edge.ID{soup.ID}); err != nil {
		t.Fatalf("Seen: %v", err)
	}
	if got := h.at(t, id, "grill", 1); got.Seen.IsZero() {
		t.Error("seen at last: it was not noted")
	}
	// The clock of a held course starts when it is fired.
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	if kinds := tend(59 * time.Second); len(kinds) != 0 {
		t.Errorf("the steak, just fired: got %v", kinds)
	}
	if kinds := tend(time.Second); kinds[edge.TicketUnseen] != 1 {
		t.Errorf("the steak, a minute after it was fired: got %v", kinds)
	}
	if kinds := tend(time.Minute); len(kinds) != 0 {
		t.Errorf("afterwards: got %v", kinds)
	}
}

func TestStartedTicketsNeedNoScreen(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.supper(t, "soup")
	h.do(t, func() (int64, error) { return h.kitchen.Start(ctx, h.press(h.at(t, id, "grill", 0).ID)) })
	h.quiet(t, func() { h.pass(t, time.Hour) })
}

func TestHouseThatDoesNotWatchScreens(t *testing.T) {
	h := newHouse(t)
	h.place(t, h.seat(t, recentCode, "a").Guest.ID, "k", burger)
	h.quiet(t, func() { h.pass(t, time.Hour) })
}

// steady is a forecast that says what it is told to.
type steady struct{ from, to time.Duration }

func (s *steady) Ticket(_ string, prep time.Duration) time.Duration { return prep }

func (s *steady) Range(_ string, expected time.Duration) (from, to time.Duration) {
	return expected + s.from, expected + s.to
}

func (h *house) foresee() {
	book := &steady{time.Minute, 3 * time.Minute}
	h.floor.Foresee(book)
	h.kitchen.Foresee(book)
}

// expect checks what the guest of an order is told, in times from the start of the evening.
func (h *house) expect(t *testing.T, what string, id edge.ID, from, to time.Duration) {
	t.Helper()
	order, _ := h.order(t, id)
	want := &edge.Expected{From: evening.Add(from), To: evening.Add(to)}
	if diff := cmp.Diff(want, order.Expected); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestGuestsAreToldWhatTakesLongest(t *testing.T) {
	h := newDinner(t, edge.Coursing{Hold: true, Next: edge.NextByHand, Together: true})
	h.foresee()
	id := h.supper(t, "soup", "olives", "steak")
	h.expect(t, "soup of 5 minutes", id, 6*time.Minute, 8*time.Minute)
	soup, olives, steak := h.at(t, id, "grill", 1), h.at(t, id, "bar", 1), h.at(t, id, "grill", 2)
	if soup.Expected != 300 || olives.Expected != 60 || steak.Expected != 0 {
		t.Errorf("expected seconds: got %d, %d, %d", soup.Expected, olives.Expected, steak.Expected)
	}
	if due := evening.Add(8 * time.Minute); !soup.Due.Equal(due) || !olives.Due.Equal(due) || !steak.Due.IsZero() {
		t.Errorf("due: got %s, %s, %s", soup.Due, olives.Due, steak.Due)
	}
	h.now = evening.Add(time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.press(olives.ID)) })
	h.expect(t, "the olives early, the soup as before", id, 6*time.Minute, 8*time.Minute)
	h.bump(t, soup.ID)
	h.bump(t, olives.ID)
	h.now = evening.Add(20 * time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	h.expect(t, "the steak", id, 36*time.Minute, 38*time.Minute)
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.onCourse(id, 2)) })
	if steak = h.at(t, id, "grill", 2); !steak.Due.IsZero() {
		t.Errorf("held again: it is still due at %s", steak.Due)
	}
}

func TestSlowOrdersAreExpectedLater(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	h.foresee()
	h.slow(t, "web", 600)
	h.expect(t, "slow", h.supper(t, "soup"), 16*time.Minute, 18*time.Minute)
}

func TestDelayIsToldOnce(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	h.foresee()
	id := h.supper(t, "soup", "olives")
	for _, station := range []string{"grill", "bar"} {
		if err := h.kitchen.Seen(ctx, "screen", []edge.ID{h.at(t, id, station, 0).ID}); err != nil {
			t.Fatalf("Seen: %v", err)
		}
	}
	h.bump(t, h.at(t, id, "bar", 0).ID)
	h.quiet(t, func() { h.pass(t, 8*time.Minute) })
	before := h.seq(t)
	h.pass(t, time.Hour)
	if diff := cmp.Diff(map[edge.EventKind]int{edge.OrderDelayed: 1}, h.events(t, before)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if order, _ := h.order(t, id); !order.Delayed.Equal(evening.Add(8*time.Minute + 30*time.Second)) {
		t.Errorf("told at %s, want with the first look after it was due", order.Delayed)
	}
	h.bump(t, h.at(t, id, "grill", 0).ID)
	h.do(t, func() (int64, error) { return h.remake(h.at(t, id, "grill", 0).ID, 0, 1) })
	if err := h.kitchen.Seen(ctx, "screen", []edge.ID{h.at(t, id, "grill", 0).ID}); err != nil {
		t.Fatalf("Seen: %v", err)
	}
	h.quiet(t, func() { h.pass(t, time.Hour) })
}

func TestRemakeOfAnOrderThatWasInTimeIsNoDelay(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	h.foresee()
	id := h.supper(t, "soup")
	soup := h.at(t, id, "grill", 0)
	h.bump(t, soup.ID)
	h.now = h.now.Add(30 * time.Minute)
	h.do(t, func() (int64, error) { return h.remake(soup.ID, 0, 1) })
	if err := h.kitchen.Seen(ctx, "screen", []edge.ID{h.at(t, id, "grill", 0).ID}); err != nil {
		t.Fatalf("Seen: %v", err)
	}
	h.quiet(t, func() { h.pass(t, time.Hour) })
}

func TestNextCourseIsExpectedAnew(t *testing.T) {
	h := newDinner(t, byHand)
	h.foresee()
	id := h.supper(t, "soup", "steak")
	h.pass(t, 10*time.Minute)
	if order, _ := h.order(t, id); order.Delayed.IsZero() {
		t.Fatal("the soup is late, and nobody was told")
	}
	h.bump(t, h.at(t, id, "grill", 1).ID)
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.onCourse(id)) })
	if order, _ := h.order(t, id); !order.Delayed.IsZero() {
		t.Errorf("the steak was just fired and is already delayed since %s", order.Delayed)
	}
	before := h.seq(t)
	h.pass(t, time.Hour)
	if kinds := h.events(t, before); kinds[edge.OrderDelayed] != 1 {
		t.Errorf("the steak is late too: got %v, want it told once", kinds)
	}
}

// TestTicketPutOffHasToBeSeenAgain: the screen that showed it may be gone when it is fired.
func TestTicketPutOffHasToBeSeenAgain(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.supper(t, "soup")
	soup := h.at(t, id, "grill", 0)
	if err := h.kitchen.Seen(ctx, "screen", []edge.ID{soup.ID}); err != nil {
		t.Fatalf("Seen: %v", err)
	}
	h.do(t, func() (int64, error) { return h.kitchen.Hold(ctx, h.press(soup.ID)) })
	h.do(t, func() (int64, error) { return h.kitchen.Fire(ctx, h.press(soup.ID)) })
	h.now = h.now.Add(time.Hour)
	if err := h.kitchen.Tend(ctx); err != nil {
		t.Fatalf("Tend: %v", err)
	}
	if got := h.at(t, id, "grill", 0); got.Unseen.IsZero() {
		t.Errorf("an hour after it was fired again: got seen %s, unseen %s", got.Seen, got.Unseen)
	}
}
