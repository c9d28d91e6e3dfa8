package appliance

import (
	"testing"
	"time"
)

func TestClockDoesNotJumpUntilItIsQuiet(t *testing.T) {
	now := time.Now()
	elapsed := time.Duration(0)
	c := newClock(func() time.Time { return now.Add(elapsed) }, time.Time{})
	elapsed = time.Minute
	if got := c.Now(); !got.Trusted || got.At.Sub(now).Round(time.Second) != time.Minute {
		t.Errorf("after a minute: got %s after start, trusted %t", got.At.Sub(now), got.Trusted)
	}
	if c.adopt() {
		t.Error("a clock that agrees was adopted anew")
	}
}

func TestClockNeverGoesBeforeTheJournal(t *testing.T) {
	now := time.Now()
	floor := now.Add(48 * time.Hour)
	c := newClock(func() time.Time { return now }, floor)
	if got := c.Now(); got.At.Before(floor.Truncate(time.Millisecond)) || got.Trusted {
		t.Errorf("got %s, trusted %t; want at least %s, not trusted", got.At, got.Trusted, floor)
	}
	if c.adopt() {
		t.Error("the clock went back before the journal")
	}
}

func TestClockAdoptsTheRightTime(t *testing.T) {
	// A boot time of last year, without a monotonic reading, so that wall and elapsed time are told apart by hand.
	boot := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	wall := boot
	c := newClock(func() time.Time { return wall }, time.Time{})
	if !c.Now().Trusted {
		t.Error("without anything to compare, the system's clock is believed")
	}
	c.base = boot.Add(-time.Hour) // as if the system had jumped an hour ahead since
	if got := c.Now(); got.Trusted || !got.At.Equal(boot.Add(-time.Hour)) {
		t.Errorf("after a jump: got %s, trusted %t; want the old time, not trusted", got.At, got.Trusted)
	}
	if !c.adopt() || !c.Now().At.Equal(boot) || !c.Now().Trusted {
		t.Errorf("adopted: got %+v, want the system's time, trusted", c.Now())
	}
}
