package nfc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a supervisor at work inside a synctest bubble.
type bench struct {
	*nfc.Supervisor
	backend *sim.Backend
	log     *bytes.Buffer

	mu sync.Mutex
	// taps and statuses are guarded by mu.
	taps     []nfc.Tap
	statuses []nfc.Status
}

// serve runs a test with a supervisor and ends both together.
func serve(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	serveOn(t, func(b *sim.Backend) nfc.Backend { return b }, test)
}

// serveOn is serve with a back end that prepare puts in front of the simulated one.
func serveOn(t *testing.T, prepare func(*sim.Backend) nfc.Backend, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{backend: sim.New(), log: &bytes.Buffer{}}
		wrapped := prepare(b.backend)
		b.Supervisor = nfc.NewSupervisor(nfc.Options{
			Backend: wrapped,
			Log:     slog.New(slog.NewTextHandler(b.log, nil)),
			OnTap: func(_ context.Context, tap nfc.Tap) {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.taps = append(b.taps, tap)
			},
			OnStatus: func(s nfc.Status) {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.statuses = append(b.statuses, s)
			},
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Serve(ctx) }()
		test(t, b)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Serve returned %v, want %v", err, context.Canceled)
		}
		if n := b.backend.Overlaps(); n > 0 {
			t.Errorf("two goroutines waited at once, %d times", n)
		}
	})
}

// uris waits for everything to settle and returns what was tapped since the last call.
func (b *bench) uris(wait time.Duration) []string {
	time.Sleep(wait)
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, tap := range b.taps {
		out = append(out, tap.URI)
	}
	b.taps = nil
	return out
}

func (b *bench) state(wait time.Duration) nfc.State {
	time.Sleep(wait)
	synctest.Wait()
	return b.Status().State
}

func tagWith(t testing.TB, last byte, uri string) *virtual.NTAG {
	t.Helper()
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, last})
	if _, err := type2.WriteURI(context.Background(), tag, uri); err != nil {
		t.Fatal(err)
	}
	return tag
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("taps differ (-want +got):\n%s", diff)
	}
}

func TestTap(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		time.Sleep(time.Second)
		if err := reader.Tap(t.Context(), []byte{4, 1, 2, 3, 4, 5, 6}, "https://a.example/t/1"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(b.taps) != 1 {
			t.Fatalf("got %d taps, want 1", len(b.taps))
		}
		tap := b.taps[0]
		tap.Message = nil
		diff := cmp.Diff(nfc.Tap{
			Reader: "Counter", UID: []byte{4, 1, 2, 3, 4, 5, 6}, Kind: nfc.NTAG213, URI: "https://a.example/t/1", Seq: 1, At: tap.At,
		}, tap)
		if diff != "" {
			t.Errorf("tap differs (-want +got):\n%s", diff)
		}
		if since := time.Since(tap.At); since < 250*time.Millisecond || since > sim.Hold {
			t.Errorf("the tap was delivered %v before the tag left, want at once on its arrival", since)
		}
		if got := b.Status().LastTap; got == nil || got.Seq != 1 {
			t.Errorf("got last tap %+v", got)
		}
	})
}

func TestTheSameTagAgainIsTheSameTap(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		one, two := tagWith(t, 1, "https://one"), tagWith(t, 2, "https://two")
		b.uris(time.Second)
		for range 5 { // at the edge of the field
			reader.Put(one)
			time.Sleep(400 * time.Millisecond)
			reader.Take()
			time.Sleep(400 * time.Millisecond)
		}
		want(t, b.uris(0), "https://one")
		reader.Put(two)
		want(t, b.uris(100*time.Millisecond), "https://two")
		reader.Put(one)
		want(t, b.uris(10*time.Second))
		reader.Take()
		reader.Put(one) // it lay there for long; this is still the edge of the field
		want(t, b.uris(time.Second))
		reader.Take()
		b.uris(1600 * time.Millisecond)
		reader.Put(one)
		want(t, b.uris(time.Second), "https://one")
	})
}

func TestPhonesAreOneTapThoughTheirNumberChanges(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		time.Sleep(time.Second)
		for n := range byte(3) {
			if err := reader.Tap(t.Context(), []byte{8, 1, 2, n}, ""); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if len(b.taps) != 1 || b.taps[0].Kind != nfc.Phone || !b.taps[0].RandomUID || b.taps[0].Err != nil {
			t.Errorf("got taps %+v, want one of a phone", b.taps)
		}
	})
}

func TestServiceMissingThenThereThenGone(t *testing.T) {
	missing := func(b *sim.Backend) nfc.Backend {
		b.Break(fmt.Errorf("scard: %w", nfc.ErrNoService))
		return b
	}
	serveOn(t, missing, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		if got := b.state(time.Minute); got != nfc.StateNoService {
			t.Fatalf("got state %s", got)
		}
		if err := b.Status().Err; !errors.Is(err, nfc.ErrNoService) {
			t.Errorf("got error %v", err)
		}
		b.backend.Break(nil)
		if got := b.state(6 * time.Second); got != nfc.StateReady {
			t.Fatalf("got state %s six seconds after the service came", got)
		}
		reader.Put(tagWith(t, 1, "https://one"))
		want(t, b.uris(time.Second), "https://one")
		b.backend.Break(nfc.ErrServiceLost)
		if got := b.state(time.Minute); got != nfc.StateNoService {
			t.Fatalf("got state %s after the service was lost", got)
		}
		reader.Take()
		b.backend.Break(nil)
		b.state(6 * time.Second)
		reader.Put(tagWith(t, 2, "https://two"))
		want(t, b.uris(time.Second), "https://two")
		if n := strings.Count(b.log.String(), "tag readers changed"); n != 4 {
			t.Errorf("got %d lines about the state, want 4:\n%s", n, b.log)
		}
	})
}

// counting counts how often readers are listed.
type counting struct {
	nfc.Backend
	calls atomic.Int64
}

func (c *counting) Readers(ctx context.Context) ([]string, error) {
	c.calls.Add(1)
	return c.Backend.Readers(ctx)
}

func TestRetriesAreRare(t *testing.T) {
	for _, test := range []struct {
		err      error
		state    nfc.State
		min, max int64
	}{
		{nfc.ErrNotBuilt, nfc.StateNotBuilt, 1, 1},
		{nfc.ErrNoService, nfc.StateNoService, 12, 30},
		{nfc.ErrServiceVersion, nfc.StateServiceVersion, 12, 30},
		{nfc.ErrNotAllowed, nfc.StateNotAllowed, 12, 30},
		{nfc.ErrServiceHangs, nfc.StateServiceHangs, 12, 30},
		{errors.New("something else"), nfc.StateTrouble, 12, 30},
	} {
		t.Run(string(test.state), func(t *testing.T) {
			c := &counting{}
			front := func(backend *sim.Backend) nfc.Backend {
				backend.Break(test.err)
				c.Backend = backend
				return c
			}
			serveOn(t, front, func(t *testing.T, b *bench) {
				if got := b.state(time.Minute); got != test.state {
					t.Errorf("got state %s, want %s", got, test.state)
				}
				if n := c.calls.Load(); n < test.min || n > test.max {
					t.Errorf("got %d attempts in a minute, want %d to %d", n, test.min, test.max)
				}
				if got := b.Status(); got.Text == "" || got.Err == nil {
					t.Errorf("got a status that does not explain itself: %+v", got)
				}
				if n := len(b.statuses); n != 1 {
					t.Errorf("got %d status calls, want 1", n)
				}
			})
		})
	}
}

func TestReadersComeAndGo(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		if got := b.state(time.Second); got != nfc.StateNoReader {
			t.Fatalf("got state %s without readers", got)
		}
		for round := range 3 {
			reader := b.backend.Plug("Counter")
			if got := b.state(time.Millisecond); got != nfc.StateReady {
				t.Fatalf("got state %s with a reader", got)
			}
			uri := fmt.Sprintf("https://a/%d", round)
			reader.Put(tagWith(t, byte(round), uri))
			want(t, b.uris(time.Second), uri)
			reader.Unplug() // with the tag on it
			if got := b.state(100 * time.Millisecond); got != nfc.StateNoReader {
				t.Fatalf("got state %s after unplugging", got)
			}
		}
	})
}

func TestLostPlugEventHeals(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		b.state(time.Second)
		b.backend.Deaf(true)
		reader := b.backend.Plug("Counter")
		reader.Put(tagWith(t, 1, "https://one"))
		want(t, b.uris(2500*time.Millisecond), "https://one")
		reader.Unplug()
		if got := b.state(2500 * time.Millisecond); got != nfc.StateNoReader {
			t.Errorf("got state %s", got)
		}
	})
}

func TestTwoReadersDoNotWaitForEachOther(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		counter, bar := b.backend.Plug("Counter"), b.backend.Plug("Bar")
		b.state(time.Second)
		counter.Put(nfctest.Silent(tagWith(t, 1, "https://one")))
		bar.Put(tagWith(t, 2, "https://two"))
		want(t, b.uris(time.Second), "https://two")
		if got := b.Status().State; got != nfc.StateReady {
			t.Errorf("got state %s before the deadline", got)
		}
		if got := b.state(3 * time.Second); got != nfc.StateStuck {
			t.Errorf("got state %s after the deadline", got)
		}
		if got := b.Status().Readers[0]; got.StuckSince.IsZero() || got.Name != "Counter" {
			t.Errorf("got %+v, want it to be stuck", got)
		}
		bar.Take()
		bar.Put(tagWith(t, 3, "https://three"))
		want(t, b.uris(time.Second), "https://three")
		counter.Take()
		if got := b.state(time.Second); got != nfc.StateReady {
			t.Errorf("got state %s after the tag was taken away", got)
		}
		counter.Put(tagWith(t, 1, "https://one"))
		want(t, b.uris(time.Second), "https://one")
	})
}

func TestLateResultsAreDropped(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		b.state(time.Second)
		old := tagWith(t, 1, "https://old")
		reader.Put(nfctest.Faulty{Card: old, Exchange: func(ctx context.Context, cmd []byte) ([]byte, error) {
			<-ctx.Done()
			return old.Transmit(context.WithoutCancel(ctx), cmd) // the answer comes, too late
		}})
		b.state(500 * time.Millisecond)
		reader.Put(tagWith(t, 2, "https://new"))
		want(t, b.uris(10*time.Second), "https://new")
	})
}

func TestSwapWithoutAnEventGivesNoMixture(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		b.state(time.Second)
		one, two := tagWith(t, 1, "https://one"), tagWith(t, 2, "https://two")
		left := 2
		reader.Put(nfctest.Faulty{Card: one, Exchange: func(ctx context.Context, cmd []byte) ([]byte, error) {
			if left--; left == 0 {
				reader.Swap(two)
			}
			return one.Transmit(ctx, cmd)
		}})
		want(t, b.uris(time.Second), "https://two")
	})
}

func TestBadAnswers(t *testing.T) {
	for name, answer := range map[string][]byte{
		"nothing": {}, "one byte": {0x90}, "garbage": {1, 2, 3}, "refusal": {0x63, 0x00}, "endless": make([]byte, 70000),
	} {
		t.Run(name, func(t *testing.T) {
			serve(t, func(t *testing.T, b *bench) {
				reader := b.backend.Plug("Counter")
				b.state(time.Second)
				card := tagWith(t, 1, "https://one")
				reader.Put(nfctest.Faulty{Card: card, Exchange: func(context.Context, []byte) ([]byte, error) { return answer, nil }})
				want(t, b.uris(time.Second))
				if got := b.Status(); got.State != nfc.StateReady || got.Readers[0].Problem == "" {
					t.Errorf("got %+v, want a ready reader with a problem", got)
				}
				reader.Put(card)
				want(t, b.uris(time.Second), "https://one")
				if got := b.Status().Readers[0].Problem; got != "" {
					t.Errorf("got problem %q after a good tap", got)
				}
			})
		})
	}
}

func TestFlakyTagIsReadAgain(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		b.state(time.Second)
		card := tagWith(t, 1, "https://one")
		refusals := 2
		reader.Put(nfctest.Faulty{Card: card, Exchange: func(ctx context.Context, cmd []byte) ([]byte, error) {
			if cmd[1] == 0xB0 && refusals > 0 {
				refusals--
				cmd = []byte{0xFF, 0xB0, 0, 0xFF, 16} // refused, and the tag falls silent
			}
			return card.Transmit(ctx, cmd)
		}})
		want(t, b.uris(time.Second), "https://one")
	})
}

func TestDamagedContentIsATapWithATypedError(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		b.state(time.Second)
		card := tagWith(t, 1, "https://one")
		card.Put(5, []byte{0x34, 0x03, 0x04, 0xD1, 0xFF, 0xFF, 0xFF, 0xFF})
		reader.Put(card)
		b.state(time.Second)
		if len(b.taps) != 1 || !errors.Is(b.taps[0].Err, ndef.ErrMalformed) || len(b.taps[0].UID) != 7 {
			t.Errorf("got %+v, want one tap with a UID and a typed error", b.taps)
		}
	})
}

func TestServeCanBeCalledAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		backend := sim.New()
		reader := backend.Plug("Counter")
		var taps atomic.Int64
		s := nfc.NewSupervisor(nfc.Options{Backend: backend, OnTap: func(context.Context, nfc.Tap) { taps.Add(1) }})
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			time.AfterFunc(time.Second, func() { reader.Put(tagWith(t, 1, "https://one")) })
			if err := s.Serve(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			cancel()
			reader.Take()
		}
		if taps.Load() != 2 {
			t.Errorf("got %d taps, want 2", taps.Load())
		}
	})
}
