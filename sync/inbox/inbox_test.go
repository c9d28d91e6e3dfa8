package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/inbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// post is a messenger whose updates hold one event per line.
type post struct{ name string }

func (p post) Name() string                            { return p.name }
func (post) Account() string                           { return "1" }
func (post) Capabilities() channel.Capabilities        { return channel.Capabilities{} }
func (post) EntryLinks(string) ([]channel.Link, error) { return nil, nil }

func (post) Send(context.Context, channel.ConversationID, channel.Message) (channel.Ref, error) {
	return "", nil
}

func (post) Decode(u channel.Update) []channel.Event {
	var events []channel.Event
	for line := range strings.Lines(string(u.Raw)) {
		events = append(events, channel.Event{ID: u.ID, Conversation: "c", Body: channel.Text{Text: strings.TrimSpace(line)}})
	}
	return events
}

// ears hears and fails as a test decides.
type ears struct {
	mu    sync.Mutex
	heard []string                           // guarded by mu
	fails func(text string, heard int) error // guarded by mu
}

func (e *ears) Hear(_ context.Context, name string, event channel.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	text := name + ":" + event.Body.(channel.Text).Text
	n := 0
	for _, h := range e.heard {
		if h == text {
			n++
		}
	}
	e.heard = append(e.heard, text)
	if e.fails != nil {
		return e.fails(text, n)
	}
	return nil
}

func (e *ears) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

type desk struct {
	t       *testing.T
	path    string
	store   *sqlite.Store
	in      *inbox.Inbox
	ears    *ears
	stop    context.CancelFunc
	running sync.WaitGroup
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, path: filepath.Join(t.TempDir(), "house.db"), ears: &ears{}}
	d.open()
	t.Cleanup(d.close)
	return d
}

func (d *desk) open() {
	d.t.Helper()
	store, err := sqlite.Open(context.Background(), d.path, sqlite.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	d.store = store
	d.in = inbox.New(store, map[string]channel.Channel{"a": post{"a"}, "b": post{"b"}}, d.ears, inbox.Options{})
	d.stop = func() {}
}

func (d *desk) serve() {
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.running.Go(func() { d.in.Serve(ctx) })
}

func (d *desk) close() {
	d.stop()
	d.running.Wait()
	if err := d.store.Close(); err != nil {
		d.t.Errorf("close store: %v", err)
	}
}

func (d *desk) commit(source, next string, updates ...channel.Update) {
	d.t.Helper()
	if err := d.in.Commit(context.Background(), source, updates, next); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) status() inbox.Status {
	d.t.Helper()
	s, err := d.in.Status(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func update(id, text string) channel.Update {
	return channel.Update{ID: id, Raw: []byte(text), ReceivedAt: time.Now()}
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestKeptOnceAndHeardInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t)
		d.commit("a:1", "3", update("1", "one\nand a half"), update("2", "two"))
		d.commit("a:1", "4", update("2", "two"), update("3", "three"))
		d.close()
		d.open()
		if cursor, err := d.in.Cursor(t.Context(), "a:1"); err != nil || cursor != "4" {
			t.Errorf("cursor after a restart is %q, %v, want 4", cursor, err)
		}
		if cursor, err := d.in.Cursor(t.Context(), "b:1"); err != nil || cursor != "" {
			t.Errorf("cursor of a source nobody used is %q, %v, want none", cursor, err)
		}
		d.serve()
		pass(time.Second)
		d.commit("a:1", "", update("4", "four"), update("3", "three"))
		pass(time.Second)
		want := []string{"a:one", "a:and a half", "a:two", "a:three", "a:four"}
		if diff := cmp.Diff(want, d.ears.all()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
		if cursor, err := d.in.Cursor(t.Context(), "a:1"); err != nil || cursor != "4" {
			t.Errorf("cursor after a commit without one is %q, %v, want 4 still", cursor, err)
		}
		if s := d.status(); s.Done != 4 || s.Backlog.Waiting != 0 {
			t.Errorf("status is %+v, want 4 done", s)
		}
	})
}

func TestTroubleIsTriedAgainThenGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t)
		d.ears.fails = func(text string, before int) error {
			switch {
			case text == "a:slow" && before < 3:
				return errors.New("not yet")
			case text == "a:poison":
				return errors.New("never")
			case text == "b:panic" && before == 0:
				panic("a mistake of ours")
			}
			return nil
		}
		d.serve()
		d.commit("a:1", "", update("1", "slow"), update("2", "poison"), update("3", "fine"))
		d.commit("b:1", "", update("1", "panic"), update("2", "b too"))
		pass(2 * time.Second)
		if got := d.ears.all(); !slices.Contains(got, "b:b too") {
			t.Errorf("heard %q, want the other source not to wait", got)
		}
		pass(10 * time.Second)
		counts := map[string]int{}
		for _, text := range d.ears.all() {
			counts[text]++
		}
		want := map[string]int{"a:slow": 4, "a:poison": 5, "a:fine": 1, "b:panic": 2, "b:b too": 1}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Errorf("tries (-want +got):\n%s", diff)
		}
		if s := d.status(); s.Dead != 1 || s.LastDead != "dead: never" || s.Done != 4 || s.LastDeadAt.IsZero() {
			t.Errorf("status is %+v, want one given up with its reason", s)
		}
	})
}

func TestTooLateAndUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t)
		late := update("1", "press")
		late.Expires = time.Now().Add(150 * time.Second)
		d.commit("a:1", "", late)
		d.commit("gone:9", "", update("1", "hello"))
		pass(200 * time.Second)
		d.serve()
		pass(time.Second)
		if got := d.ears.all(); len(got) != 0 {
			t.Errorf("heard %q, want nothing of what came too late", got)
		}
		if s := d.status(); s.Expired != 1 || s.Dead != 1 || !strings.Contains(s.LastDead, "not in use") {
			t.Errorf("status is %+v, want one expired and one of an unknown channel", s)
		}
	})
}

func TestReceiversClockDoesNotMatter(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"device ahead": 24 * time.Hour, "device behind": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := openDesk(t)
				now := func() time.Time { return time.Now().Add(ahead) }
				d.in = inbox.New(d.store, map[string]channel.Channel{"a": post{"a"}}, d.ears, inbox.Options{Now: now})
				press := func(id string) channel.Update {
					u := update(id, "press")
					u.Expires = u.ReceivedAt.Add(150 * time.Second)
					return u
				}
				d.commit("a:1", "", press("late"))
				pass(200 * time.Second)
				d.commit("a:1", "", press("in time"))
				if oldest := d.status().Backlog.Oldest; now().Sub(oldest) != 200*time.Second {
					t.Errorf("the oldest waits since %s at %s, want 200 s", oldest, now())
				}
				d.serve()
				pass(time.Second)
				if got := d.ears.all(); len(got) != 1 || d.status().Expired != 1 {
					t.Errorf("heard %q, %d expired; want one of each", got, d.status().Expired)
				}
			})
		})
	}
}

func TestFullDiskKeepsUpdatesPending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t)
		full := true
		d.ears.fails = func(string, int) error {
			if full {
				return fmt.Errorf("seat: %w", edge.Refuse(edge.KindUnavailable, "disk_full", "The disk is full."))
			}
			return nil
		}
		d.serve()
		d.commit("a:1", "", update("1", "one"), update("2", "two"))
		pass(time.Minute)
		if s := d.status(); s.Backlog.Waiting != 2 || s.Dead != 0 {
			t.Errorf("status is %+v, want both waiting and none given up", s)
		}
		if got := d.ears.all(); slices.Contains(got, "a:two") {
			t.Errorf("heard %q, want the second not to overtake the first", got)
		}
		d.ears.mu.Lock()
		full = false
		d.ears.mu.Unlock()
		pass(time.Minute)
		if s := d.status(); s.Backlog.Waiting != 0 || s.Done != 2 {
			t.Errorf("status is %+v, want both done", s)
		}
	})
}

func TestStopInTheMiddleHearsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t)
		d.ears.fails = func(_ string, before int) error {
			if before == 0 {
				return errors.New("not yet")
			}
			return nil
		}
		d.serve()
		d.commit("a:1", "", update("1", "one"))
		pass(100 * time.Millisecond)
		d.close()
		d.open()
		d.serve()
		pass(time.Second)
		if diff := cmp.Diff([]string{"a:one", "a:one"}, d.ears.all()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
	})
}

func TestAnyRepetitionIsKeptOnce(t *testing.T) {
	t.Parallel()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "house.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	number := 0
	rapid.Check(t, func(t *rapid.T) {
		number++
		source := fmt.Sprintf("a:%d", number)
		in := inbox.New(store, nil, &ears{}, inbox.Options{})
		var want []string
		for range rapid.IntRange(1, 10).Draw(t, "batches") {
			ids := rapid.SliceOfN(rapid.IntRange(1, 8), 1, 5).Draw(t, "ids")
			var updates []channel.Update
			for _, id := range ids {
				name := fmt.Sprint(id)
				updates = append(updates, update(name, name))
				if !slices.Contains(want, name) {
					want = append(want, name)
				}
			}
			if err := in.Commit(context.Background(), source, updates, "x"); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		if err := store.Read(context.Background(), func(view edge.View) error {
			pending, err := view.PendingUpdates(100_000)
			for _, u := range pending {
				if u.Source == source {
					got = append(got, u.ID)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("kept (-want +got):\n%s", diff)
		}
	})
}
