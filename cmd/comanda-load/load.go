package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge/api"
)

// load is clients who order and screens that look on.
type load struct {
	url              string
	pid              int
	house            *house
	clients, screens int
	warm, window     time.Duration
	// pace is how often each client orders; 0 is as soon as the last order was answered.
	pace time.Duration
	// again lets guests order again and again: the server does not bound them.
	again bool
}

// result is what a load came to.
type result struct {
	rate   float64       // orders acknowledged per second of the window
	answer times         // from sending an order to its acknowledgement
	frame  times         // from sending an order to its frame, once for every screen
	unseen int           // frames that did not come within a second of the end
	orders int           // acknowledged ones, those outside of the window too
	cpu    time.Duration // what the server's processors worked from the first order to the last frame
}

// most bounds the orders of one load.
const most = 1 << 17

// course is a running load. Times are counted from begin.
type course struct {
	load
	begin time.Time
	sent  []atomic.Int64 // by order: when it was sent, in ns
	next  atomic.Int64   // order
	guest atomic.Int64   // next one to take
	right sync.Mutex     // guards wrong
	wrong error          // the first that went wrong
}

// run starts screens and clients, and gives what they measured.
func (l load) run(ctx context.Context) (result, error) {
	c := &course{load: l, sent: make([]atomic.Int64, most)}
	looks, err := c.connect(ctx)
	if err != nil {
		return result{}, err
	}
	before, err := processorTime(l.pid)
	if err != nil {
		return result{}, err
	}
	c.begin = time.Now()
	var looking, ordering sync.WaitGroup
	for _, s := range looks {
		looking.Go(func() { c.fail(s.look(c)) })
	}
	phones := make([]phone, l.clients)
	for i := range phones {
		// Spread over the pace, so that clients do not all order at the same moment.
		first := l.pace * time.Duration(i) / time.Duration(l.clients)
		ordering.Go(func() { c.fail(phones[i].order(ctx, c, first)) })
	}
	ordering.Wait()
	r := result{}
	for i := range phones {
		r.answer = append(r.answer, phones[i].answers...)
		r.orders += phones[i].acknowledged
	}
	r.rate = float64(len(r.answer)) / l.window.Seconds()
	wanted := r.orders * l.screens
	r.unseen = wanted - awaitFrames(looks, wanted)
	worked, err := processorTime(l.pid)
	c.fail(err)
	r.cpu = worked - before
	for _, s := range looks {
		s.end()
	}
	looking.Wait()
	for _, s := range looks {
		r.frame = append(r.frame, s.frames...)
	}
	if err := ctx.Err(); err != nil {
		return result{}, err
	}
	return r, c.wrong
}

// fail keeps the first error.
func (c *course) fail(err error) {
	c.right.Lock()
	defer c.right.Unlock()
	if c.wrong == nil {
		c.wrong = err
	}
}

// counts reports whether something at an instant is within the window.
func (c *course) counts(at time.Duration) bool { return at >= c.warm && at < c.warm+c.window }

// phone is one client after the other: it orders, waits for the answer, orders again.
type phone struct {
	answers      []time.Duration
	acknowledged int // all, those outside of the window too
}

// order runs until the window is over, at its pace from the first instant on. Guests change after a few orders, the
// connection stays.
func (p *phone) order(ctx context.Context, c *course, first time.Duration) error {
	device, err := client.New(c.url, client.Options{})
	if err != nil {
		return err
	}
	defer device.Close()
	var guest *client.Guest
	for n := 0; ; n++ {
		if n%ordersPerGuest == 0 {
			i := int(c.guest.Add(1)) - 1
			if c.again {
				i %= len(c.house.guests)
			}
			if i >= len(c.house.guests) {
				return fmt.Errorf("all %d guests have ordered: the window is too long for this machine", i)
			}
			guest = device.Guest(c.house.guests[i])
		}
		if c.pace > 0 {
			time.Sleep(time.Until(c.begin.Add(first + time.Duration(n)*c.pace)))
		}
		start := time.Since(c.begin)
		if start >= c.warm+c.window || ctx.Err() != nil {
			return nil
		}
		number := c.next.Add(1) - 1
		if number >= most {
			return fmt.Errorf("more than %d orders: the window is too long for this machine", most)
		}
		c.sent[number].Store(int64(start))
		note := noteOf(number)
		if _, _, err := guest.Place(ctx, api.OrderBody{Key: note, MenuVersion: c.house.menu, Lines: lines(), Note: note}); err != nil {
			return err
		}
		p.acknowledged++
		if end := time.Since(c.begin); c.counts(end) {
			p.answers = append(p.answers, end-start)
		}
	}
}
