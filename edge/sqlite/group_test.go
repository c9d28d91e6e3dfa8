package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// happened appends an event with the subject.
func happened(tx edge.Tx, subject string) error {
	_, err := tx.Append(edge.Event{Kind: edge.OrderPlaced, Subject: edge.ID(subject), At: noon})
	return err
}

// journal gives the subjects of all events.
func journal(t testing.TB, s edge.Store) []string {
	t.Helper()
	subjects := []string{}
	err := s.Read(t.Context(), func(v edge.View) error {
		events, err := v.Events(0, 1<<30)
		for _, e := range events {
			subjects = append(subjects, string(e.Subject))
		}
		return err
	})
	return there(t, "journal", subjects, err)
}

// held runs one change that holds the writer until the others are queued, so that these share the next commit.
func held(s *Store, changes ...func(edge.Tx) error) []error {
	errs := make([]error, len(changes))
	var wg sync.WaitGroup
	free := make(chan struct{})
	entered := make(chan struct{})
	wg.Go(func() {
		_ = s.Write(context.Background(), func(edge.Tx) error { close(entered); <-free; return nil })
	})
	<-entered
	for i, change := range changes {
		wg.Go(func() { errs[i] = s.Write(context.Background(), change) })
		for len(s.writer.queue) != i+1 {
			runtime.Gosched()
		}
	}
	close(free)
	wg.Wait()
	return errs
}

func TestFailingChangeTakesNoneWithIt(t *testing.T) {
	refused := errors.New("refused")
	good := func(subject string) func(edge.Tx) error {
		return func(tx edge.Tx) error { return happened(tx, subject) }
	}
	for _, c := range []struct {
		name string
		bad  func(edge.Tx) error
		want string
	}{
		{"error", func(tx edge.Tx) error { return errors.Join(happened(tx, "bad"), refused) }, "refused"},
		{"panic", func(tx edge.Tx) error { _ = happened(tx, "bad"); panic("plate dropped") }, "change panicked: plate dropped"},
		{"constraint", func(tx edge.Tx) error {
			return errors.Join(happened(tx, "bad"), tx.PutToken(edge.Token{Token: "t", TableID: "nowhere"}))
		}, "FOREIGN KEY"},
		{"not JSON", func(tx edge.Tx) error {
			return errors.Join(happened(tx, "bad"), tx.PutTable(edge.Table{}),
				tx.PutSession(edge.Session{Opened: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)}))
		}, "encode session"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openTest(t, Options{})
			var commits [][]edge.Event
			s.OnCommit(func(events []edge.Event) { commits = append(commits, slices.Clone(events)) })
			errs := held(s, good("one"), c.bad, good("two"))
			if errs[0] != nil || errs[2] != nil {
				t.Errorf("good changes: got %v and %v, want none", errs[0], errs[2])
			}
			if errs[1] == nil || !strings.Contains(errs[1].Error(), c.want) {
				t.Errorf("bad change: got %v, want %q", errs[1], c.want)
			}
			same(t, "journal", journal(t, s), []string{"one", "two"})
			if len(commits) != 1 || len(commits[0]) != 2 {
				t.Errorf("commits: got %v, want one of two events", commits)
			}
			if err := s.Write(t.Context(), c.bad); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("bad change alone: got %v, want %q", err, c.want)
			}
			write(t, s, good("three"))
			same(t, "journal", journal(t, s), []string{"one", "two", "three"})
			report, err := s.Verify(t.Context())
			if err != nil || report.Broken != 0 || report.Events != 3 {
				t.Errorf("verify: got %+v, %v", report, err)
			}
		})
	}
}

func TestChangeThatEndsItsGoroutine(t *testing.T) {
	s := openTest(t, Options{})
	errs := held(s,
		func(tx edge.Tx) error { return happened(tx, "one") },
		func(edge.Tx) error { runtime.Goexit(); return nil },
	)
	for _, err := range errs {
		if !errors.Is(err, edge.ErrUnavailable) {
			t.Errorf("change in a batch that ended: got %v, want unavailable", err)
		}
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "two") })
	same(t, "journal", journal(t, s), []string{"two"})
}

func TestChangesRunInTheOrderTheyCame(t *testing.T) {
	s := openTest(t, Options{})
	var want []string
	var changes []func(edge.Tx) error
	for i := range 100 {
		want = append(want, fmt.Sprint(i))
		changes = append(changes, func(tx edge.Tx) error { return happened(tx, fmt.Sprint(i)) })
	}
	for _, err := range held(s, changes...) {
		if err != nil {
			t.Error(err)
		}
	}
	same(t, "journal", journal(t, s), want)
}

func TestCancelledChangeNeverRuns(t *testing.T) {
	s := openTest(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ran := func(edge.Tx) error { t.Error("a cancelled change ran"); return nil }
	if err := s.Write(ctx, ran); !errors.Is(err, context.Canceled) {
		t.Errorf("write with a cancelled context: got %v", err)
	}
	if err := s.Read(ctx, func(edge.View) error { t.Error("a cancelled look ran"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("read with a cancelled context: got %v", err)
	}
	// Cancelled while it waits: the answer comes before the writer is free.
	ctx, cancel = context.WithCancel(t.Context())
	free := make(chan struct{})
	entered := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Write(context.Background(), func(edge.Tx) error { close(entered); <-free; return nil })
	})
	<-entered
	wg.Go(func() {
		if err := s.Write(ctx, ran); !errors.Is(err, context.Canceled) {
			t.Errorf("write cancelled in the queue: got %v", err)
		}
		close(free)
	})
	for len(s.writer.queue) == 0 {
		runtime.Gosched()
	}
	cancel()
	wg.Wait()
	write(t, s, func(tx edge.Tx) error { return happened(tx, "later") })
}

func TestStartedChangeIsNotCutOff(t *testing.T) {
	s := openTest(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, func(tx edge.Tx) error { cancel(); return happened(tx, "kept") })
	if err != nil {
		t.Errorf("change that was cancelled in the middle: got %v, want none", err)
	}
	same(t, "journal", journal(t, s), []string{"kept"})
}

func TestManyWriters(t *testing.T) {
	s := openTest(t, Options{})
	var told atomic.Int64
	var last int64 // of the listener
	s.OnCommit(func(events []edge.Event) {
		for _, e := range events {
			if e.Seq != last+1 || e.Doc != "doc of "+e.Subject {
				t.Errorf("listener: got event %d with %v after %d", e.Seq, e.Doc, last)
			}
			last = e.Seq
		}
		told.Store(last)
	})
	var wg sync.WaitGroup
	for writer := range 64 {
		wg.Go(func() {
			for n := range 20 {
				var seq int64
				err := s.Write(t.Context(), func(tx edge.Tx) (err error) {
					subject := edge.ID(fmt.Sprint(writer, n))
					seq, err = tx.Append(edge.Event{Kind: edge.OrderPlaced, Subject: subject, At: noon, Doc: "doc of " + subject})
					return err
				})
				if err != nil || told.Load() < seq {
					t.Errorf("write returned %v before listeners knew of event %d (they know %d)", err, seq, told.Load())
				}
				err = s.Read(t.Context(), func(v edge.View) error {
					seen, err := v.Seq()
					if seen < seq {
						t.Errorf("read after write: got seq %d, want at least %d", seen, seq)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	report, err := s.Verify(t.Context())
	if err != nil || report.Broken != 0 || report.Events != 64*20 {
		t.Errorf("verify: got %+v, %v; want %d good events", report, err, 64*20)
	}
	if h := s.Health(); h.Seq != 64*20 || h.LastCommit <= 0 || h.Committed.IsZero() || h.Stopped != "" || h.Damaged != "" {
		t.Errorf("health: got %+v", h)
	}
}

func TestReadSeesOneState(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	err := s.Read(t.Context(), func(v edge.View) error {
		before, err := v.Seq()
		if err != nil {
			return err
		}
		write(t, s, func(tx edge.Tx) error { return happened(tx, "two") })
		after, err := v.Seq()
		if before != 1 || after != 1 {
			t.Errorf("seq within one read: got %d, then %d; want 1", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPanickingListenerStopsNothing(t *testing.T) {
	s := openTest(t, Options{})
	s.OnCommit(func([]edge.Event) { panic("listener") })
	heard := 0
	s.OnCommit(func(events []edge.Event) { heard += len(events) })
	for range 2 {
		write(t, s, func(tx edge.Tx) error { return happened(tx, "x") })
	}
	same(t, "events the second listener heard", heard, 2)
}

func TestTxIsUselessAfterItsChange(t *testing.T) {
	s := openTest(t, Options{})
	var kept edge.Tx
	write(t, s, func(tx edge.Tx) error { kept = tx; return nil })
	if err := kept.SetCursor("x", "1"); err == nil {
		t.Error("a write after the change was over succeeded")
	}
}

func TestCloseFinishesWhatIsQueued(t *testing.T) {
	s := openTest(t, Options{})
	var wg sync.WaitGroup
	free := make(chan struct{})
	entered := make(chan struct{})
	wg.Go(func() { _ = s.Write(context.Background(), func(edge.Tx) error { close(entered); <-free; return nil }) })
	<-entered
	var err error
	wg.Go(func() { err = s.Write(context.Background(), func(tx edge.Tx) error { return happened(tx, "queued") }) })
	for len(s.writer.queue) == 0 {
		runtime.Gosched()
	}
	wg.Go(func() { _ = s.writer.close() })
	close(free)
	wg.Wait()
	if err != nil {
		t.Errorf("change queued before the close: got %v", err)
	}
	same(t, "journal", journal(t, s), []string{"queued"})
	if err := s.Write(t.Context(), func(edge.Tx) error { return nil }); !errors.Is(err, edge.ErrUnavailable) {
		t.Errorf("write after the close: got %v, want unavailable", err)
	}
}
