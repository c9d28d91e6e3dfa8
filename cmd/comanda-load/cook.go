package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// cook works on some of the tickets of one station, on a screen of their own.
type cook struct {
	*night
	station string
	index   int // of those at the station
	screen  *screen
}

const (
	// lookEvery is how often cooks and waiters look at their screen.
	lookEvery = 20 * time.Millisecond
	// startsAfter, readsSlip, recallsAfter and repairs are times of the evening.
	startsAfter  = 15 * time.Second
	readsSlip    = 10 * time.Second
	recallsAfter = 10 * time.Second
	repairs      = time.Minute
)

// serve begins every ticket that appears and is theirs.
func (c *cook) serve(ctx context.Context) {
	begun := map[edge.ID]bool{}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, t := range c.screen.open() {
			if begun[t.ID] || c.turn(t.ID) != c.index {
				continue
			}
			begun[t.ID] = true
			c.busy.Add(1)
			c.crew.Go(func() {
				defer c.busy.Add(-1)
				if err := c.work(ctx, t); err != nil && ctx.Err() == nil {
					c.slips.fail(fmt.Errorf("%s: %w", c.station, err))
				}
			})
		}
	}
}

// turn says which cook of the station takes a ticket.
func (c *cook) turn(ticket edge.ID) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(ticket))
	return int(h.Sum32() % cooksAStation)
}

// work is everything done on one ticket.
func (c *cook) work(ctx context.Context, t edge.Ticket) error {
	if t.Kind == edge.TicketCancellation {
		c.pause(ctx, readsSlip)
		return c.press(ctx, "bump", "slip", t.ID, nil)
	}
	o, ok := c.slips.planned(t.Note)
	if !ok {
		return fmt.Errorf("a ticket of an unknown order: %q", t.Note)
	}
	c.pause(ctx, time.Duration(float64(startsAfter)*o.haste))
	if err := c.press(ctx, "start", "start", t.ID, nil); err != nil {
		return err
	}
	share := o.cooking(c.station) / time.Duration(len(t.Items))
	for i := range t.Items {
		c.pause(ctx, share)
		if i == len(t.Items)-1 {
			break // the last one is ticked with the whole ticket
		}
		if err := c.press(ctx, "bump", "item"+strconv.Itoa(i), t.ID, &i); err != nil {
			return err
		}
	}
	if err := c.press(ctx, "bump", "bump", t.ID, nil); err != nil {
		return err
	}
	if !o.recalled || c.station != o.dishes[0].stations[0] {
		return nil
	}
	c.pause(ctx, recallsAfter)
	if err := c.press(ctx, "recall", "recall", t.ID, nil); err != nil {
		return err
	}
	c.pause(ctx, repairs)
	return c.press(ctx, "bump", "again", t.ID, nil)
}

// press presses under a key of its own. That the device refuses because of what others did meanwhile is no error.
func (c *cook) press(ctx context.Context, kind, key string, ticket edge.ID, item *int) error {
	err := c.screen.ticket(ctx, kind, key+"-"+string(ticket), ticket, item)
	c.slips.pressed(kind, ticket, err)
	if refused(err) {
		return nil
	}
	return err
}

// pause waits for a time of the evening.
func (n *night) pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(n.real(d)):
	}
}

// waiter carries what is ready to the tables.
type waiter struct {
	*night
	going map[string]bool // orders that somebody is about to carry, by note; slips.mu guards it
}

// serve carries every order that gets ready, a while later.
func (w *waiter) serve(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for turn := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, ready := range w.pass.ready() {
			if !w.take(ready.Note) {
				continue
			}
			turn++
			on := w.servers[turn%len(w.servers)]
			w.busy.Add(1)
			w.crew.Go(func() {
				defer w.busy.Add(-1)
				if err := w.carry(ctx, on, ready.ID, ready.Note); err != nil && ctx.Err() == nil {
					w.slips.fail(fmt.Errorf("serve: %w", err))
				}
			})
		}
	}
}

// carry serves one order, unless it went back to the kitchen meanwhile.
func (w *waiter) carry(ctx context.Context, on *screen, order edge.ID, note string) error {
	o, ok := w.slips.planned(note)
	if !ok {
		return fmt.Errorf("an unknown order is ready: %q", note)
	}
	w.pause(ctx, o.servedAfter)
	defer w.leave(ctx, order, note)
	if !w.pass.isReady(order) {
		return nil
	}
	err := on.serveOrder(ctx, "serve-"+string(order), order)
	w.slips.pressed("serve", order, err)
	if refused(err) {
		return nil
	}
	return err
}

func (w *waiter) take(note string) bool {
	w.slips.mu.Lock()
	defer w.slips.mu.Unlock()
	if w.going[note] {
		return false
	}
	w.going[note] = true
	return true
}

// leave lets the order be carried again if it gets ready again. The answer to a press may overtake the pass's own
// screen, so it waits until that one has seen the order go.
func (w *waiter) leave(ctx context.Context, order edge.ID, note string) {
	for deadline := time.Now().Add(backWithin); w.pass.isReady(order) && ctx.Err() == nil && time.Now().Before(deadline); {
		time.Sleep(lookEvery)
	}
	w.slips.mu.Lock()
	defer w.slips.mu.Unlock()
	delete(w.going, note)
}

// numberOf is the number in an order's note.
func numberOf(note string) (int, bool) {
	digits, ok := strings.CutPrefix(note, mark)
	number, err := strconv.Atoi(digits)
	return number, ok && err == nil && number >= 0
}
