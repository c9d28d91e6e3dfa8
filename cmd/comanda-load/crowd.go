package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/cmd/internal/client/process"
	"github.com/comanda-pos/comanda/edge/api"
)

// crowd is a house full of screens, of which some stop reading now and then.
type crowd struct {
	crowdPlan
	house    *house
	clock    *clock
	phones   *client.Client
	watchers []*watcher
	sleepy   []*screen // those that stop reading
	hands    []*screen // those on which orders are served
	seen     []*sights // of all screens that never sleep

	behind     atomic.Int64 // rounds in which the screens that woke early were too far behind by then
	background sync.WaitGroup
	mu         sync.Mutex // guards wrong
	wrong      error      // all that went wrong in the background
}

// crowdPlan is how many screens there are and what they are shown.
type crowdPlan struct {
	total, stalled int
	pace           int           // orders a second
	round          time.Duration // of each kind
	pairs          int           // rounds with sleepers, each between two without
}

const (
	// crowdHands serve the orders: a device takes at most 20 presses a second from one screen.
	crowdHands = 5
	// stalledTime is how long all sleepers of a round are asleep while it has its usual orders, at least.
	stalledTime = 3 * time.Second
	// servedAfter is how long an order is on the screens.
	servedAfter = 500 * time.Millisecond
	// dozeChanges is how many changes a screen misses, once its line is full, that wakes in time to be told why it is
	// cut off: more than the lagMost it may be behind. dozeTime bounds that: after 5 seconds the device gives up on a
	// line that takes nothing.
	dozeChanges, lagMost = 350, 256
	dozeTime             = 4 * time.Second
	// backWithin is how long screens have to be back after their sleep.
	backWithin = 10 * time.Second
)

func (p crowdPlan) turns() int    { return 2*p.pairs + 1 }
func (p crowdPlan) perRound() int { return int(p.round.Seconds() * float64(p.pace)) }

// gather connects all screens.
func (c *crowd) gather(ctx context.Context, p *process.Process) error {
	c.clock = newClock((c.turns() + 1) * c.perRound())
	var err error
	if c.phones, err = client.New(p.URL, client.Options{}); err != nil {
		return err
	}
	for i := range c.stalled + crowdHands {
		s, err := newScreen(p.URL, c.house.screen)
		if err != nil {
			return err
		}
		if i < c.stalled {
			c.sleepy = append(c.sleepy, s)
		} else {
			sights := newSights(c.clock)
			s.heard = sights.note
			c.hands, c.seen = append(c.hands, s), append(c.seen, sights)
		}
		c.background.Go(func() { s.serve(ctx) })
	}
	for range c.total - len(c.sleepy) - len(c.hands) {
		w, err := watch(ctx, p.URL, c.house.screen, c.clock)
		if err != nil {
			return err
		}
		c.watchers, c.seen = append(c.watchers, w), append(c.seen, w.sights)
		c.background.Go(func() { c.fail(w.read()) })
	}
	return c.together(ctx)
}

// fail keeps an error.
func (c *crowd) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = errors.Join(c.wrong, err)
}

// leave ends all screens; ctx of gather has ended.
func (c *crowd) leave() error {
	for _, w := range c.watchers {
		w.end()
	}
	c.background.Wait()
	c.phones.Close()
	return c.wrong
}

// together waits until every tracked screen has been told of the same newest record.
func (c *crowd) together(ctx context.Context) error {
	all := slices.Concat(c.sleepy, c.hands)
	for deadline := time.Now().Add(backWithin); ; time.Sleep(20 * time.Millisecond) {
		first, same := all[0].at(), true
		for _, s := range all {
			same = same && s.at() == first && first > 0
		}
		if same || ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("after %s not all screens are at the same record", backWithin)
		}
	}
}

// order runs one round: orders at their pace, each served a while later.
func (c *crowd) order(ctx context.Context, round int) {
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range c.perRound() {
		time.Sleep(time.Until(begin.Add(time.Duration(i) * time.Second / time.Duration(c.pace))))
		number := round*c.perRound() + i
		wg.Go(func() { c.fail(c.one(ctx, number)) })
	}
	wg.Wait()
}

// one is an order from the phone to the table.
func (c *crowd) one(ctx context.Context, number int) error {
	guest := c.phones.Guest(c.house.guests[number%len(c.house.guests)])
	note := noteOf(int64(number))
	c.clock.send(number)
	receipt, _, err := guest.Place(ctx, api.OrderBody{Key: note, MenuVersion: c.house.menu, Lines: lines(), Note: note})
	if err != nil {
		return err
	}
	time.Sleep(servedAfter)
	return c.hands[number%len(c.hands)].serveOrder(ctx, "serve-"+strconv.Itoa(number), receipt.Order)
}

// doze puts the sleepy screens to sleep. Half of them are to be woken early, the others when the round is over.
func (c *crowd) doze() (early, late func()) {
	var wakes [2][]func()
	for i, s := range c.sleepy {
		wakes[i%2] = append(wakes[i%2], s.sleep())
	}
	all := func(wakes []func()) func() {
		return func() {
			for _, wake := range wakes {
				wake()
			}
		}
	}
	return all(wakes[0]), all(wakes[1])
}

// rouse wakes screens as soon as they are far enough behind, or it is time, or ctx ends.
func (c *crowd) rouse(ctx context.Context, wake func()) {
	awake := c.hands[0]
	from := awake.changed()
	c.background.Go(func() {
		for begin := time.Now(); awake.changed()-from < dozeChanges && time.Since(begin) < dozeTime && ctx.Err() == nil; {
			time.Sleep(5 * time.Millisecond)
		}
		if awake.changed()-from > lagMost {
			c.behind.Add(1)
		}
		wake()
	})
}

// times are the latencies of a round on all screens that never slept: of what was sent while all sleepers slept, and of
// the rest of the round, in which they come back; and how many frames were not seen.
func (c *crowd) times(round int) (during, after times, unseen int) {
	from, to := round*c.perRound(), (round+1)*c.perRound()
	back := from + min(c.perRound(), int(stalledTime.Seconds()*float64(c.pace)))
	for _, s := range c.seen {
		for _, g := range s.list {
			switch {
			case g.order < from || g.order >= to:
			case g.order < back:
				during = append(during, g.after)
			default:
				after = append(after, g.after)
			}
		}
	}
	return during, after, (to-from)*len(c.seen) - len(during) - len(after)
}

// settle waits up to a moment until every screen that reads has seen as many orders.
func (c *crowd) settle(orders int) {
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if !slices.ContainsFunc(c.seen, func(s *sights) bool { return int(s.seen.Load()) < orders }) {
			return
		}
	}
}
