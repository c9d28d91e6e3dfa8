package api

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestScreensShareHowTheKitchenStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worked := 0
		work := func() KitchenLoad {
			worked++
			return KitchenLoad{Quote: GuestQuote{From: worked}}
		}
		var s standing
		for range 200 {
			if got := s.now(work); got.Quote.From != 1 {
				t.Fatalf("got the load of time %d, want the first", got.Quote.From)
			}
		}
		time.Sleep(tickEvery)
		if got := s.now(work); got.Quote.From != 2 || worked != 2 {
			t.Errorf("a tick later: got the load of time %d, worked out %d times; want the second of two", got.Quote.From, worked)
		}
	})
}
