package nfc_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func writing(uri string) func(context.Context, nfc.Card) error {
	return func(ctx context.Context, card nfc.Card) error {
		_, err := type2.WriteURI(ctx, card, uri)
		return err
	}
}

func TestDoTakesTheNextCardInsteadOfATap(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		bar, counter := b.backend.Plug("Bar"), b.backend.Plug("Counter")
		b.state(time.Second)
		done := make(chan error, 1)
		go func() { done <- b.Do(t.Context(), "Counter", writing("https://new")) }()
		b.state(time.Second)
		bar.Put(tagWith(t, 1, "https://one")) // not the reader that was asked for
		want(t, b.uris(time.Second), "https://one")
		card := tagWith(t, 2, "https://old")
		counter.Put(card)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		want(t, b.uris(time.Second))
		counter.Take()
		b.uris(2 * time.Second)
		counter.Put(card)
		want(t, b.uris(time.Second), "https://new")
	})
}

func TestDoUsesTheCardThatLiesThere(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		card := tagWith(t, 1, "https://old")
		reader.Put(card)
		want(t, b.uris(time.Second), "https://old")
		if err := b.Do(t.Context(), "", writing("https://new")); err != nil {
			t.Fatal(err)
		}
		content, err := nfc.ReadTag(t.Context(), card)
		if err != nil || content.URI != "https://new" {
			t.Errorf("got %q, %v", content.URI, err)
		}
	})
}

func TestDoCanBeGivenUp(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.Do(ctx, "", writing("https://new")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		reader.Put(tagWith(t, 1, "https://old"))
		want(t, b.uris(time.Second), "https://old")
	})
}

func TestDoEndsWithItsContextThoughTheCardNeverAnswers(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		b.backend.Plug("Counter").Put(nfctest.Silent(tagWith(t, 1, "https://old")))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		if err := b.Do(ctx, "", writing("https://new")); !errors.Is(err, nfc.ErrStuck) {
			t.Errorf("got %v, want %v", err, nfc.ErrStuck)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestDoIsTurnedAwayWhenServeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := nfc.NewSupervisor(nfc.Options{Backend: sim.New()})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx) }()
		time.AfterFunc(time.Second, cancel)
		if err := s.Do(t.Context(), "", writing("https://new")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		<-ended
	})
}

func TestWithTag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		backend := sim.New()
		reader := backend.Plug("Counter")
		card := virtual.NewNTAG(virtual.NTAG215, [7]byte{4})
		time.AfterFunc(3*time.Second, func() { reader.Put(card) })
		var heard []nfc.State
		err := nfc.WithTag(t.Context(), nfc.Options{
			Backend: backend, OnStatus: func(s nfc.Status) { heard = append(heard, s.State) },
		}, writing("https://new"))
		if err != nil {
			t.Fatal(err)
		}
		if len(heard) == 0 || heard[0] != nfc.StateReady {
			t.Errorf("heard %v, want to hear that the reader is ready", heard)
		}
		content, err := nfc.ReadTag(t.Context(), card)
		if err != nil || content.URI != "https://new" {
			t.Errorf("got %q, %v", content.URI, err)
		}
	})
}

func TestWithTagFailsAtOnce(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*sim.Backend)
		reader  string
		want    error
	}{
		"no service":    {func(b *sim.Backend) { b.Break(nfc.ErrNoService) }, "", nfc.ErrNoService},
		"not built":     {func(b *sim.Backend) { b.Break(nfc.ErrNotBuilt) }, "", nfc.ErrNotBuilt},
		"no reader":     {func(*sim.Backend) {}, "", nfc.ErrNoReader},
		"not this one":  {func(b *sim.Backend) { b.Plug("Counter") }, "Bar", nfc.ErrNoReader},
		"reader pulled": {func(b *sim.Backend) { r := b.Plug("Counter"); time.AfterFunc(time.Second, r.Unplug) }, "", nfc.ErrNoReader},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				backend := sim.New()
				test.prepare(backend)
				start := time.Now()
				err := nfc.WithTag(t.Context(), nfc.Options{Backend: backend, Reader: test.reader}, writing("https://new"))
				if !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("it took %v to say so", took)
				}
			})
		})
	}
}

func TestWithTagTellsTheWorksError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		backend := sim.New()
		card := tagWith(t, 1, "https://old")
		card.TearAfter(6, false)
		backend.Plug("Counter").Put(card)
		err := nfc.WithTag(t.Context(), nfc.Options{Backend: backend}, writing("https://new"))
		if !errors.Is(err, nfc.ErrNoCard) {
			t.Errorf("got %v, want %v", err, nfc.ErrNoCard)
		}
	})
}

// TestDoWaitsForACardThatStays brushes the reader with a tag that has gone before it can be opened.
func TestDoWaitsForACardThatStays(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		b.state(time.Second)
		done := make(chan error, 1)
		go func() { done <- b.Do(t.Context(), "", writing("https://new")) }()
		gone := tagWith(t, 1, "https://one")
		gone.TearAfter(0, false)
		reader.Put(gone)
		b.state(5 * time.Second)
		reader.Take()
		b.state(time.Second)
		card := tagWith(t, 2, "https://old")
		reader.Put(card)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		content, err := nfc.ReadTag(t.Context(), card)
		if err != nil || content.URI != "https://new" {
			t.Errorf("got %q, %v", content.URI, err)
		}
	})
}

func TestDoGivenUpWhileACardCannotBeOpened(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		gone := tagWith(t, 1, "https://one")
		gone.TearAfter(0, false)
		b.backend.Plug("Counter").Put(gone)
		for n := range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second+time.Duration(n)*50*time.Millisecond)
			if err := b.Do(ctx, "", writing("https://new")); err == nil {
				t.Error("wrote to a card that is not there")
			}
			cancel()
		}
	})
}

func TestDoNextWaitsForAnotherCard(t *testing.T) {
	serve(t, func(t *testing.T, b *bench) {
		reader := b.backend.Plug("Counter")
		first, second := tagWith(t, 1, "https://one"), tagWith(t, 2, "https://two")
		reader.Put(first)
		arrival, err := b.DoNext(t.Context(), "", 0, writing("https://new"))
		if err != nil || arrival == 0 {
			t.Fatalf("the card that lies there: arrival %d, %v", arrival, err)
		}
		type outcome struct {
			arrival uint64
			err     error
		}
		done := make(chan outcome, 1)
		go func() {
			next, err := b.DoNext(t.Context(), "", arrival, writing("https://newer"))
			done <- outcome{next, err}
		}()
		b.uris(5 * time.Second)
		select {
		case o := <-done:
			t.Fatalf("the card that was worked on counted again: %+v", o)
		default:
		}
		reader.Put(second)
		if o := <-done; o.err != nil || o.arrival <= arrival {
			t.Fatalf("the next card: %+v, after %d", o, arrival)
		}
		for card, want := range map[nfc.Card]string{first: "https://new", second: "https://newer"} {
			if content, err := nfc.ReadTag(t.Context(), card); err != nil || content.URI != want {
				t.Errorf("got %q, %v; want %q", content.URI, err, want)
			}
		}
	})
}
