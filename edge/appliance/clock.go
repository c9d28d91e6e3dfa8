package appliance

import (
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// clock is the device's time (design D13). A Pi has no clock battery: after a power cut the system's clock may be
// months off and then jump. So time runs on from the start by the monotonic clock, never before the newest record in
// the journal, and a jump of the system's clock is taken over only while no order is open; until then moments are
// marked as not to be trusted.
type clock struct {
	wall func() time.Time // with a monotonic reading

	mu sync.Mutex
	// start and base belong together: base is the device's time at the monotonic instant start.
	start, base time.Time
}

// drift is how far the system's clock may be from ours before it counts as a jump.
const drift = 2 * time.Second

// newClock starts the clock; floor is the time of the newest record.
func newClock(wall func() time.Time, floor time.Time) *clock {
	now := wall()
	base := now.Round(0)
	if base.Before(floor) {
		base = floor
	}
	return &clock{wall: wall, start: now, base: base}
}

// Now reads the clock.
func (c *clock) Now() edge.Moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.wall()
	at := c.base.Add(now.Sub(c.start))
	return edge.Moment{At: at.UTC().Truncate(time.Millisecond), Trusted: within(at, now.Round(0))}
}

func (c *clock) time() time.Time { return c.Now().At }

// adopt takes the system's time over if it is ahead; going back is never adopted, because records exist already. It
// reports whether it changed anything.
func (c *clock) adopt() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.wall()
	at, system := c.base.Add(now.Sub(c.start)), now.Round(0)
	if within(at, system) || system.Before(at) {
		return false
	}
	c.start, c.base = now, system
	return true
}

func within(a, b time.Time) bool { return a.Sub(b).Abs() <= drift }
