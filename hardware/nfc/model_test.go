package nfc_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
)

// step is one thing that happens to readers, and how long nothing happens after it.
type step struct {
	what, reader int
	pause        time.Duration
}

// TestAnyHistoryEndsWell lets anything happen in any order, then lets things be good for a while, and expects one good tag
// to be one tap, the status to be right, numbers of arrivals to grow, and never two goroutines to wait.
func TestAnyHistoryEndsWell(t *testing.T) {
	history := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			what:   rapid.IntRange(0, 8).Draw(t, "what"),
			reader: rapid.IntRange(0, 2).Draw(t, "reader"),
			pause:  time.Duration(rapid.SampledFrom([]int{0, 0, 1, 60, 700, 2500, 6000}).Draw(t, "pause")) * time.Millisecond,
		}
	}), 0, 40)
	for n := range 150 {
		steps := history.Example(n)
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { live(t, steps) })
		})
	}
}

func live(t *testing.T, steps []step) {
	backend := sim.New()
	var taps []nfc.Tap
	s := nfc.NewSupervisor(nfc.Options{Backend: backend, OnTap: func(_ context.Context, tap nfc.Tap) { taps = append(taps, tap) }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx) }()
	for i, st := range steps {
		happen(t, backend, st, byte(i))
		time.Sleep(st.pause)
	}
	backend.Break(nil)
	backend.Deaf(false)
	reader := backend.Plug("R0")
	reader.Take()
	time.Sleep(20 * time.Second)
	synctest.Wait()
	before := len(taps)
	reader.Put(tagWith(t, 0xFF, "https://last"))
	time.Sleep(time.Second)
	synctest.Wait()
	if got := taps[before:]; len(got) != 1 || got[0].URI != "https://last" || got[0].Reader != "R0" {
		t.Errorf("after %v: got taps %+v, want one of the last tag", steps, got)
	}
	for i := 1; i < len(taps); i++ {
		if taps[i].Reader == taps[i-1].Reader && taps[i].Seq <= taps[i-1].Seq {
			t.Errorf("after %v: tap %d follows tap %d at one reader", steps, taps[i].Seq, taps[i-1].Seq)
		}
	}
	names, _ := backend.Readers(ctx)
	if got := s.Status(); len(got.Readers) != len(names) || got.Err != nil {
		t.Errorf("after %v: got status %+v, want %d readers at work", steps, got, len(names))
	}
	if n := backend.Overlaps(); n > 0 {
		t.Errorf("after %v: two goroutines waited at once, %d times", steps, n)
	}
	cancel()
	<-ended
}

func happen(t *testing.T, backend *sim.Backend, st step, n byte) {
	reader := backend.Plug(fmt.Sprintf("R%d", st.reader))
	card := tagWith(t, n, fmt.Sprintf("https://a/%d", n))
	switch st.what {
	case 0:
		reader.Put(card)
	case 1:
		reader.Take()
	case 2:
		reader.Unplug()
	case 3:
		backend.Break(nfc.ErrServiceLost)
	case 4:
		backend.Break(nil)
	case 5:
		backend.Deaf(n%2 == 0)
	case 6:
		reader.Put(nfctest.Silent(card))
	case 7:
		card.TearAfter(int(n)%6, n%2 == 0)
		reader.Put(card)
	case 8:
		reader.Put(nfctest.Faulty{Card: card, Exchange: func(context.Context, []byte) ([]byte, error) { return []byte{n}, nil }})
	}
}
