package display_test

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errCable = errors.New("remote I/O error")

// rig is a keeper at work on a scripted screen.
type rig struct {
	*display.Keeper
	screen *displaytest.Screen
	stop   func() error
	start  time.Time
}

// keep starts a keeper in the test's bubble; stop ends it and returns its error.
func keep(t *testing.T, screen *displaytest.Screen, open display.Opener) *rig {
	t.Helper()
	keeper := display.NewKeeper("bar", open, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- keeper.Serve(ctx) }()
	stop := func() error {
		cancel()
		return <-ended
	}
	return &rig{Keeper: keeper, screen: screen, stop: stop, start: time.Now()}
}

// finish ends the keeper and checks that it left nothing behind.
func (r *rig) finish(t *testing.T) {
	t.Helper()
	if err := r.stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Serve: got %v, want %v", err, context.Canceled)
	}
	if r.screen.Opened() > 0 && !r.screen.Closed() {
		t.Error("the display is open after Serve, want it closed")
	}
	if got := r.Status(); got.State != display.Stopped {
		t.Errorf("Status after Serve: got %v", got)
	}
}

// expect fails unless the screen took exactly these cards, at these times after
// the start.
func (r *rig) expect(t *testing.T, want ...shot) {
	t.Helper()
	synctest.Wait()
	got := r.screen.Shots()
	if len(got) != len(want) {
		t.Fatalf("the screen took %d pictures, want %d", len(got), len(want))
	}
	for i, w := range want {
		if after := got[i].At.Sub(r.start); after != w.after {
			t.Errorf("picture %d came after %v, want %v", i, after, w.after)
		}
		if !shows(t, r.screen, got[i].Picture, w.title) {
			t.Errorf("picture %d is not %q", i, w.title)
		}
	}
}

type shot struct {
	after time.Duration
	title string
}

// shows reports whether got is the card with this title.
func shows(t *testing.T, d display.Display, got *image.RGBA, title string) bool {
	t.Helper()
	want, err := display.Compose(d.Bounds(), titled(title), display.TraitsOf(d))
	if err != nil {
		t.Fatal(err)
	}
	return differing(want.Gray, got) == 0
}

func titled(title string) display.Card { return display.Card{Title: title} }

func TestKeeperShowsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{})
		screen.Slow(time.Second)
		r := keep(t, screen, screen.Open)
		synctest.Wait()
		for _, title := range []string{"1", "2", "3", "4"} {
			r.Set(titled(title))
		}
		time.Sleep(5 * time.Second)
		r.Set(titled("4")) // nothing new: nothing drawn
		time.Sleep(time.Hour)
		r.expect(t, shot{0, ""}, shot{time.Second, "4"})
		r.finish(t)
	})
}

func TestKeeperFlashes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{})
		r := keep(t, screen, screen.Open)
		r.Set(titled("code"))
		time.Sleep(time.Second)
		r.Flash(titled("welcome"), 5*time.Second)
		time.Sleep(time.Second)
		r.Set(titled("next")) // waits behind the message
		time.Sleep(10 * time.Second)
		r.Flash(titled("one"), 5*time.Second)
		time.Sleep(2 * time.Second)
		r.Flash(titled("two"), 5*time.Second)
		time.Sleep(time.Minute)
		r.expect(t, shot{0, "code"}, shot{time.Second, "welcome"}, shot{6 * time.Second, "next"},
			shot{12 * time.Second, "one"}, shot{14 * time.Second, "two"}, shot{19 * time.Second, "next"})
		r.finish(t)
	})
}

func TestKeeperSparesPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{Mono: true, MinInterval: 3 * time.Minute, MaxInterval: 24 * time.Hour})
		r := keep(t, screen, screen.Open)
		r.Set(titled("1"))
		time.Sleep(time.Second)
		r.Set(titled("2"))
		r.Flash(titled("welcome"), 5*time.Second) // too short for the panel
		time.Sleep(time.Minute)
		r.Set(titled("3"))
		time.Sleep(10 * time.Minute)
		r.Flash(titled("closed"), 5*time.Minute) // long enough, shown to its end
		time.Sleep(4 * time.Minute)
		r.Set(titled("4")) // waits behind the message, although that ends soon
		time.Sleep(30 * time.Minute)
		closed := time.Second + 11*time.Minute
		r.expect(t, shot{0, "1"}, shot{3 * time.Minute, "3"}, shot{closed, "closed"}, shot{closed + 5*time.Minute, "4"})
		time.Sleep(24 * time.Hour)
		if got := len(screen.Shots()); got != 5 {
			t.Errorf("%d pictures after a day, want a fifth for the panel's health", got)
		}
		r.finish(t)
	})
}

func TestKeeperSparesPaperAcrossFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{MinInterval: 3 * time.Minute})
		screen.FailShow(nil, errCable)
		r := keep(t, screen, screen.Open)
		r.Set(titled("1"))
		time.Sleep(time.Second)
		r.Set(titled("2"))
		time.Sleep(10 * time.Minute)
		r.expect(t, shot{0, "1"}, shot{3*time.Minute + time.Second, "2"})
		r.finish(t)
	})
}

func TestKeeperOpensAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{})
		screen.FailOpen(errCable, errCable, errCable)
		r := keep(t, screen, screen.Open)
		r.Set(titled("code"))
		time.Sleep(2 * time.Second)
		got := r.Status()
		if got.State != display.Failing || !errors.Is(got.Err, errCable) || got.OK() {
			t.Errorf("Status: got %+v, want failing for the cable", got)
		}
		if text := got.String(); !strings.Contains(text, `"bar" does not work`) || !strings.Contains(text, errCable.Error()) || !strings.Contains(text, "tried again at") {
			t.Errorf("Status reads %q", text)
		}
		time.Sleep(6 * time.Second)
		r.expect(t, shot{7 * time.Second, "code"}) // 1 s, 2 s, 4 s

		screen.FailShow(errCable)
		r.Set(titled("next")) // fails, and is drawn on a display opened anew
		time.Sleep(2 * time.Second)
		r.expect(t, shot{7 * time.Second, "code"}, shot{9 * time.Second, "next"})
		if got := screen.Opened(); got != 2 {
			t.Errorf("opened %d times, want 2", got)
		}
		if got := r.Status(); !got.OK() || got.Err != nil || got.Device != screen.String() {
			t.Errorf("Status: got %+v, want all well", got)
		}
		r.finish(t)
	})
}

func TestKeeperWaitsNoLongerThanHalfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		r := keep(t, displaytest.NewScreen(128, 64, display.Traits{}), func(context.Context) (display.Display, error) {
			tries = append(tries, time.Now())
			return nil, errCable
		})
		time.Sleep(5 * time.Minute)
		r.finish(t)
		for i := 1; i < len(tries); i++ {
			if gap := tries[i].Sub(tries[i-1]); gap > 30*time.Second || i > 6 && gap != 30*time.Second {
				t.Errorf("attempt %d came %v after the last", i, gap)
			}
		}
	})
}

func TestKeeperSurvivesAPanickingDriver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{})
		first := true
		r := keep(t, screen, func(ctx context.Context) (display.Display, error) {
			if first {
				first = false
				panic("nil map")
			}
			return screen.Open(ctx)
		})
		time.Sleep(time.Minute)
		r.expect(t, shot{time.Second, ""})
		r.finish(t)
	})
}

func TestKeeperRedrawsWhatStandsTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{MaxInterval: 30 * time.Second})
		r := keep(t, screen, screen.Open)
		r.Set(titled("code"))
		time.Sleep(70 * time.Second)
		r.expect(t, shot{0, "code"}, shot{30 * time.Second, "code"}, shot{60 * time.Second, "code"})
		r.finish(t)
	})
}

func TestKeeperGivesUpOnAStuckPanel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{})
		screen.Slow(time.Hour)
		r := keep(t, screen, screen.Open)
		time.Sleep(30500 * time.Millisecond)
		if got := r.Status(); got.State != display.Failing || !errors.Is(got.Err, context.DeadlineExceeded) {
			t.Errorf("Status: got %+v, want failing for the deadline", got)
		}
		r.finish(t)
	})
}

func TestKeeperShowsWordsWhenTheCodeDoesNotFit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := displaytest.NewScreen(128, 64, display.Traits{})
		r := keep(t, screen, screen.Open)
		r.Set(display.Card{Code: longLink, Title: "Table 7"})
		r.expect(t, shot{0, "Table 7"})
		got := r.Status()
		var long *display.TooLongError
		if got.OK() || !errors.As(got.Problem, &long) || !strings.Contains(got.String(), "cannot show the code") {
			t.Errorf("Status: got %v, want a *TooLongError", got)
		}
		r.Set(display.Card{Code: longLink})
		r.expect(t, shot{0, "Table 7"}, shot{0, ""})
		r.finish(t)
	})
}

func TestStatusSpeaks(t *testing.T) {
	now := time.Date(2026, 5, 1, 18, 42, 7, 0, time.UTC)
	tests := map[string]display.Status{
		`The display "bar" is switched off.`:                                                          {Name: "bar"},
		`The display "bar" is being opened.`:                                                          {Name: "bar", State: display.Opening},
		`The display "bar" works and is empty since 18:42:07.`:                                        {Name: "bar", State: display.Working, ShownAt: now},
		`The display "bar" works; its last picture is from 18:42:07.`:                                 {Name: "bar", State: display.Working, ShownAt: now, Shown: titled("7")},
		`The display "bar" does not work: remote I/O error. It is tried again at 18:42:07.`:           {Name: "bar", State: display.Failing, Err: errCable, Again: now},
		`The display "bar" works, but cannot show the code: no readable QR code fits into 32 pixels.`: {Name: "bar", State: display.Working, ShownAt: now, Problem: &display.TooLongError{Length: 40, Side: 32}},
	}
	for want, status := range tests {
		if got := status.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
