package sim_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
)

func TestTapHoldsAndTakesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := sim.New()
		r := b.Plug("Counter")
		done := make(chan error)
		go func() { done <- r.Tap(t.Context(), []byte{4, 1, 2, 3, 4, 5, 6}, "https://a.example") }()
		time.Sleep(sim.Hold / 2)
		card, err := b.Connect(t.Context(), "Counter")
		if err != nil {
			t.Fatal(err)
		}
		content, err := nfc.ReadTag(t.Context(), card)
		if err != nil || content.URI != "https://a.example" || content.Kind != nfc.NTAG213 {
			t.Errorf("got %+v, %v", content, err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if _, err := card.Transmit(t.Context(), []byte{0xFF, 0xCA, 0, 0, 0}); !errors.Is(err, nfc.ErrNoCard) {
			t.Errorf("after the tag left: got %v", err)
		}
		if _, err := b.Connect(t.Context(), "Counter"); !errors.Is(err, nfc.ErrNoCard) {
			t.Errorf("connect without a tag: got %v", err)
		}
	})
}

func TestTapTakesTheTagThatIsLargeEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := sim.New()
		r := b.Plug("Counter")
		for length, want := range map[int]nfc.TagKind{20: nfc.NTAG213, 300: nfc.NTAG215, 700: nfc.NTAG216} {
			done := make(chan error)
			go func() { done <- r.Tap(t.Context(), make([]byte, 7), "https://"+strings.Repeat("a", length)) }()
			time.Sleep(time.Millisecond)
			card, err := b.Connect(t.Context(), "Counter")
			if err != nil {
				t.Fatal(err)
			}
			if content, err := nfc.ReadTag(t.Context(), card); err != nil || content.Kind != want {
				t.Errorf("%d characters: got %s, %v, want %s", length, content.Kind, err, want)
			}
			<-done
		}
		if err := r.Tap(t.Context(), make([]byte, 7), "https://"+strings.Repeat("a", 900)); !errors.Is(err, type2.ErrTooLong) {
			t.Errorf("got %v, want %v", err, type2.ErrTooLong)
		}
		if err := r.Tap(t.Context(), make([]byte, 5), ""); err == nil {
			t.Error("a number of five bytes was taken")
		}
	})
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := sim.New()
		r := b.Plug("Counter")
		states, err := b.Wait(t.Context(), []nfc.ReaderState{{Reader: "Counter"}}, time.Hour)
		if err != nil || states[0].Card || states[0].Mark == 0 {
			t.Fatalf("first look: got %+v, %v", states, err)
		}
		start := time.Now()
		if _, err := b.Wait(t.Context(), states, time.Minute); err != nil || time.Since(start) != time.Minute {
			t.Errorf("nothing happened: got %v after %v", err, time.Since(start))
		}
		time.AfterFunc(time.Second, func() { r.Tap(t.Context(), make([]byte, 7), "") })
		if states, err = b.Wait(t.Context(), states, time.Hour); err != nil || !states[0].Card || len(states[0].ATR) == 0 {
			t.Errorf("tag came: got %+v, %v", states, err)
		}
		if states, err = b.Wait(t.Context(), states, time.Hour); err != nil || states[0].Card || states[0].Events != 2 {
			t.Errorf("tag left: got %+v, %v", states, err)
		}
		r.Unplug()
		if _, err := b.Wait(t.Context(), states, time.Hour); !errors.Is(err, nfc.ErrUnknownReader) {
			t.Errorf("reader unplugged: got %v", err)
		}
		b.Break(nfc.ErrServiceLost)
		if _, err := b.Wait(t.Context(), nil, time.Hour); !errors.Is(err, nfc.ErrServiceLost) {
			t.Errorf("service broken: got %v", err)
		}
	})
}
