package outbox_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// teller is a messenger whose answers a test decides. Events of the journal are news for the lane that is their actor.
type teller struct {
	mu      sync.Mutex
	answer  func(d edge.Delivery) error // guarded by mu; nil means that all goes well
	told    []string                    // guarded by mu: lane/subject/intent of what was delivered
	tries   map[string]int              // guarded by mu, by lane
	sending map[string]bool             // guarded by mu, by lane
	most    int                         // guarded by mu: how many were sent at the same time
	broken  error                       // guarded by mu: two at once in one lane
	takes   time.Duration
	life    time.Duration
}

func newTeller() *teller {
	return &teller{tries: map[string]int{}, sending: map[string]bool{}, takes: 100 * time.Millisecond, life: time.Hour}
}

func (f *teller) News(_ edge.View, e edge.Event) ([]edge.Delivery, error) {
	if !strings.HasPrefix(string(e.Kind), "order.") {
		return nil, nil
	}
	return []edge.Delivery{{
		Lane: string(e.Actor), Subject: e.Subject, Intent: string(e.Kind), Body: []byte("{}"), Event: e.Seq,
		State: edge.DeliveryWaiting, Deadline: e.At.Add(f.life),
	}}, nil
}

func (f *teller) Deliver(ctx context.Context, d edge.Delivery) error {
	f.mu.Lock()
	if f.sending[d.Lane] {
		f.broken = fmt.Errorf("two deliveries at once in lane %s", d.Lane)
	}
	f.sending[d.Lane] = true
	f.tries[d.Lane]++
	f.most = max(f.most, len(f.sending))
	answer := f.answer
	f.mu.Unlock()
	timer := time.NewTimer(f.takes)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		answer = func(edge.Delivery) error { return &channel.Error{Kind: channel.KindUnknownOutcome, Err: ctx.Err()} }
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sending, d.Lane)
	if answer != nil {
		if err := answer(d); err != nil {
			return err
		}
	}
	f.told = append(f.told, fmt.Sprintf("%s/%s/%s", d.Lane, d.Subject, strings.TrimPrefix(d.Intent, "order.")))
	return nil
}

func (f *teller) say(answer func(edge.Delivery) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

func (f *teller) heard() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.told, " ")
}

func (f *teller) triesOf(lane string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tries[lane]
}

// desk is an outbox over a real store. It must be opened inside a synctest bubble.
type desk struct {
	t       *testing.T
	store   *sqlite.Store
	teller  *teller
	out     *outbox.Outbox
	stop    context.CancelFunc
	running sync.WaitGroup
}

func openDesk(t *testing.T, options outbox.Options) *desk {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "house.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	options.Random = func() float64 { return 0.5 }
	d := &desk{t: t, store: store, teller: newTeller()}
	d.out = outbox.New(store, d.teller, options)
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.running.Go(func() { d.out.Serve(ctx) })
	t.Cleanup(func() {
		stop()
		d.running.Wait()
		if err := store.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
		if d.teller.broken != nil {
			t.Error(d.teller.broken)
		}
	})
	return d
}

// happen appends events "lane/subject/kind" to the journal.
func (d *desk) happen(events ...string) {
	d.t.Helper()
	if err := d.store.Write(context.Background(), func(tx edge.Tx) error {
		for _, text := range events {
			part := strings.Split(text, "/")
			if _, err := tx.Append(edge.Event{
				Kind: edge.EventKind("order." + part[2]), Subject: edge.ID(part[1]), Actor: edge.Actor(part[0]),
				At: time.Now().Truncate(time.Millisecond), Trusted: true, Body: []byte("{}"),
			}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	d.out.Wake()
}

func (d *desk) status() outbox.ChannelStatus {
	d.t.Helper()
	all, err := d.out.Status(context.Background(), "tg")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range all {
		if s.Channel == "tg" {
			return s
		}
	}
	d.t.Fatal("there is no status of the channel asked for")
	return outbox.ChannelStatus{}
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestLanesInOrderSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{Parallel: 3})
		d.happen("tg:1/a/placed", "tg:2/b/placed", "tg:1/c/placed", "tg:3/d/placed", "tg:4/e/placed")
		pass(155 * time.Millisecond)
		if got, want := d.teller.heard(), "tg:1/a/placed tg:2/b/placed tg:3/d/placed"; len(got) != len(want) {
			t.Errorf("after one turn guests heard %q, want %q in any order", got, want)
		}
		pass(time.Second)
		got := d.teller.heard()
		if strings.Index(got, "tg:1/a") > strings.Index(got, "tg:1/c") || !strings.Contains(got, "tg:4/e") {
			t.Errorf("guests heard %q, want everything, lane 1 in order", got)
		}
		if d.teller.most != 3 {
			t.Errorf("%d were sent at the same time, want 3", d.teller.most)
		}
	})
}

func TestOvertakenWhileSendingFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{})
		d.teller.say(func(edge.Delivery) error { return &channel.Error{Kind: channel.KindRetry, Words: "busy"} })
		d.happen("tg:1/a/placed")
		pass(100 * time.Millisecond) // under way
		d.happen("tg:1/a/accepted")
		d.happen("tg:1/a/ready")
		pass(100 * time.Millisecond)
		d.teller.say(nil)
		pass(5 * time.Second)
		if got := d.teller.heard(); got != "tg:1/a/ready" {
			t.Errorf("guest heard %q, want only the newest", got)
		}
		if s := d.status(); s.Backlog.Waiting != 0 || s.Sent != 1 {
			t.Errorf("status is %+v, want one sent and nothing left", s)
		}
	})
}

func TestOutOfReachIsProbedByOneLane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{})
		down := true
		d.teller.say(func(e edge.Delivery) error {
			if down && strings.HasPrefix(e.Lane, "tg:") {
				return &channel.Error{Kind: channel.KindRetry, Words: "no route to host"}
			}
			return nil
		})
		var events []string
		for i := range 40 {
			events = append(events, fmt.Sprintf("tg:%d/o%d/ready", i, i))
		}
		d.happen(events...)
		pass(10 * time.Minute)
		d.happen("other:1/x/ready")
		pass(3 * time.Second)
		if got := d.teller.heard(); got != "other:1/x/ready" {
			t.Errorf("guests heard %q, want the other messenger untouched", got)
		}
		tries := 0
		for i := range 40 {
			tries += d.teller.triesOf(fmt.Sprintf("tg:%d", i))
		}
		if tries < 15 || tries > 40 {
			t.Errorf("%d tries in ten minutes without a line, want about one a minute", tries)
		}
		s := d.status()
		if s.Kind != channel.KindRetry || s.Words != "no route to host" || s.Backlog.Waiting != 40 || s.Until.IsZero() {
			t.Errorf("status is %+v, want the platform's words, 40 waiting and the next try", s)
		}
		d.teller.mu.Lock()
		down = false
		d.teller.mu.Unlock()
		pass(80 * time.Second)
		if s := d.status(); s.Sent != 40 || s.Backlog.Waiting != 0 || s.Kind != channel.KindNone {
			t.Errorf("80 s after the line is back the status is %+v, want all 40 sent", s)
		}
	})
}

func TestOneLanesTroubleIsItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{})
		d.teller.say(func(e edge.Delivery) error {
			if e.Lane == "tg:bad" {
				return &channel.Error{Kind: channel.KindRetry, Words: "odd"}
			}
			return nil
		})
		d.happen("tg:bad/a/ready")
		pass(20 * time.Minute)
		d.happen("tg:good/b/ready")
		pass(time.Second)
		if got := d.teller.heard(); got != "tg:good/b/ready" {
			t.Errorf("guests heard %q, want the good lane at once", got)
		}
		if got := d.teller.triesOf("tg:bad"); got < 8 || got > 14 {
			t.Errorf("the bad lane was tried %d times in 20 minutes, want 1, 2, 4 … 300 s apart", got)
		}
		pass(time.Hour)
		if s := d.status(); s.Expired != 1 || s.Backlog.Waiting != 0 {
			t.Errorf("status is %+v, want the bad lane's news dropped at its deadline", s)
		}
	})
}

func TestThrottledLaneKeepsWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{})
		d.teller.say(func(e edge.Delivery) error {
			if e.Lane == "tg:1" {
				return &channel.Error{Kind: channel.KindThrottled, Wait: time.Minute}
			}
			return nil
		})
		d.happen("tg:1/a/placed")
		pass(time.Second)
		d.teller.say(nil)
		d.happen("tg:1/a/ready", "tg:2/b/ready")
		pass(50 * time.Second)
		if got := d.teller.heard(); got != "tg:2/b/ready" {
			t.Errorf("guests heard %q, want the throttled lane to wait although its news was replaced", got)
		}
		pass(15 * time.Second)
		if got := d.teller.heard(); got != "tg:2/b/ready tg:1/a/ready" {
			t.Errorf("guests heard %q, want the newest after the wait", got)
		}
	})
}

func TestStopLetsAttemptsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{Grace: 2 * time.Second})
		d.happen("tg:1/a/ready")
		pass(100 * time.Millisecond)
		start := time.Now()
		d.stop()
		d.running.Wait()
		if took := time.Since(start); took > 100*time.Millisecond || d.teller.heard() != "tg:1/a/ready" {
			t.Errorf("stop took %v and guests heard %q, want the attempt under way to end well", took, d.teller.heard())
		}
		if s := d.status(); s.Backlog.Waiting != 0 {
			t.Errorf("status is %+v, want the delivery settled", s)
		}
	})
}

func TestStopCutsHangingAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{Grace: 2 * time.Second})
		d.teller.takes = time.Hour
		d.happen("tg:1/a/ready")
		pass(100 * time.Millisecond)
		start := time.Now()
		d.stop()
		d.running.Wait()
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("stop took %v, want the grace", took)
		}
	})
}

func TestPanicIsOneMessagesTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{})
		d.teller.takes = 0
		broken := &breaking{teller: d.teller}
		out := outbox.New(d.store, broken, outbox.Options{})
		d.stop()
		d.running.Wait()
		ctx, stop := context.WithCancel(context.Background())
		d.running.Go(func() { out.Serve(ctx) })
		d.happen("tg:1/a/ready", "tg:2/b/ready")
		out.Wake()
		pass(20 * time.Second)
		stop()
		if got := d.teller.heard(); got != "tg:2/b/ready" {
			t.Errorf("guests heard %q, want the other lane untouched", got)
		}
	})
}

func TestDeadlinesAndTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, outbox.Options{})
		if err := d.store.Write(t.Context(), func(tx edge.Tx) error {
			for _, e := range []edge.Event{{Subject: "stale", Trusted: true}, {Subject: "clockless"}} {
				e.Kind, e.Actor, e.At, e.Body = edge.OrderReady, "tg:1", time.Now().Add(-30*time.Hour), []byte("{}")
				if _, err := tx.Append(e); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		pass(20 * time.Second) // nobody wakes it: the tick finds them
		if got := d.teller.heard(); got != "tg:1/clockless/ready" {
			t.Errorf("guests heard %q, want only what a clock without trust calls old", got)
		}
	})
}

type breaking struct{ *teller }

func (b *breaking) Deliver(ctx context.Context, d edge.Delivery) error {
	if d.Lane == "tg:1" {
		panic("a mistake of ours")
	}
	return b.teller.Deliver(ctx, d)
}
