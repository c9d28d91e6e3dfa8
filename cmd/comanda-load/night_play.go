package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The phases of a night's memory.
const (
	phaseEvening = "at most in the evening, before the kill"
	phaseAgain   = "at most in the evening, after the kill"
	phaseStadium = "at most in the stadium's interval"
	phaseRest    = "at most while the kitchen finishes"
)

const (
	// cooksAStation are the screens of one station: a device takes at most 20 presses a second from each.
	cooksAStation = 4
	// serversAtPass press "served", walls only show everything.
	serversAtPass = 3
	wallsInHouse  = 4
)

// nightTook is how long the parts of a night took, and what the processors worked.
type nightTook struct {
	evening, stadium       time.Duration
	eveningCPU, stadiumCPU time.Duration
	memoryStart, memoryEnd int64 // at rest, in bytes
}

// play plays the whole night.
func (n *night) play(ctx context.Context) (took nightTook, err error) {
	live, leave := context.WithCancel(ctx)
	defer n.crew.Wait()
	defer leave()
	time.Sleep(500 * time.Millisecond)
	if took.memoryStart, err = resident(n.device.PID); err != nil {
		return took, err
	}
	n.weighing.enter(phaseEvening)
	n.crew.Go(func() { n.weighing.serve(live) })
	if err := n.staff(live); err != nil {
		return took, err
	}
	n.clock.begin = time.Now()
	if err := n.perform(live, n.friday(), n.kill); err != nil {
		return took, fmt.Errorf("evening: %w", err)
	}
	took.evening, took.eveningCPU = time.Since(n.clock.begin), n.cpu.total()
	if n.burstOrders() > 0 {
		n.weighing.enter(phaseStadium)
		begin := time.Now()
		if err := n.perform(live, n.stadium(), false); err != nil {
			return took, fmt.Errorf("stadium: %w", err)
		}
		took.stadium, took.stadiumCPU = time.Since(begin), n.cpu.total()-took.eveningCPU
	}
	n.weighing.enter(phaseRest)
	time.Sleep(500 * time.Millisecond)
	if took.memoryEnd, err = resident(n.device.PID); err != nil {
		return took, err
	}
	return took, errors.Join(n.cpu.wrong, n.weighing.wrong)
}

// staff opens all screens and lets cooks and waiters begin.
func (n *night) staff(ctx context.Context) error {
	open := func(stations ...string) (*screen, error) {
		s, err := newScreen(n.url, n.house.screen, stations...)
		if err == nil {
			n.crew.Go(func() { s.serve(ctx) })
		}
		return s, err
	}
	watching := func() (*screen, error) {
		s, err := newScreen(n.url, n.house.screen)
		if err == nil {
			sights := newSights(n.clock)
			s.heard, n.sights = sights.note, append(n.sights, sights)
			n.crew.Go(func() { s.serve(ctx) })
		}
		return s, err
	}
	var err error
	keep := func(s *screen, wrong error) *screen {
		err = errors.Join(err, wrong)
		return s
	}
	for _, station := range stationNames() {
		for i := range cooksAStation {
			c := &cook{night: n, station: station, index: i, screen: keep(open(station))}
			n.cooks = append(n.cooks, c)
		}
	}
	n.pass, n.shaky = keep(watching()), keep(open())
	for range serversAtPass {
		n.servers = append(n.servers, keep(open()))
	}
	for range wallsInHouse {
		n.walls = append(n.walls, keep(watching()))
	}
	if err != nil {
		return err
	}
	for _, c := range n.cooks {
		n.crew.Go(func() { c.serve(ctx) })
	}
	w := &waiter{night: n, going: map[string]bool{}}
	n.crew.Go(func() { w.serve(ctx) })
	return n.opened(ctx)
}

// opened waits until every screen has its start state.
func (n *night) opened(ctx context.Context) error {
	all := append([]*screen{n.pass, n.shaky}, append(n.servers, n.walls...)...)
	for _, c := range n.cooks {
		all = append(all, c.screen)
	}
	for deadline := time.Now().Add(backWithin); ; time.Sleep(10 * time.Millisecond) {
		open := 0
		for _, s := range all {
			if s.at() > 0 {
				open++
			}
		}
		if open == len(all) || ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("only %d of %d screens came in", open, len(all))
		}
	}
}

// perform plays one part of the night until nothing is left to do.
func (n *night) perform(ctx context.Context, e evening, kill bool) error {
	begin := time.Now()
	until := func(at time.Duration) bool {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(time.Until(begin.Add(n.real(at)))):
			return true
		}
	}
	n.slips.plan(e.orders)
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, o := range e.orders {
			if until(o.at) {
				n.guests.Go(func() { n.order(ctx, o) })
			}
		}
	})
	for _, s := range e.sold {
		wg.Go(func() {
			if until(s.from) {
				n.slips.fail(n.owner.stock(ctx, s.item, true))
			}
			if until(s.to) {
				n.slips.fail(n.owner.stock(ctx, s.item, false))
			}
		})
	}
	wg.Go(func() {
		for _, at := range e.cuts {
			if until(at) {
				n.shaky.cut()
				n.cutOff.Add(1)
			}
		}
	})
	var killed error
	if kill && until(n.over/2) {
		killed = n.killAndStart(ctx)
	}
	wg.Wait()
	n.guests.Wait()
	return errors.Join(killed, n.drain(ctx), ctx.Err())
}

// drain waits until the kitchen is empty.
func (n *night) drain(ctx context.Context) error {
	quiet := 0
	for deadline := time.Now().Add(drainLimit); quiet < 10; time.Sleep(50 * time.Millisecond) {
		open, ready := len(n.pass.open()), len(n.pass.ready())
		if open == 0 && ready == 0 && n.busy.Load() == 0 {
			quiet++
		} else {
			quiet = 0
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the kitchen does not finish: %d tickets are open, %d orders stand at the pass", open, ready)
		}
	}
	for _, s := range append([]*screen{n.shaky}, n.walls...) {
		for deadline := time.Now().Add(backWithin); s.at() < n.pass.at(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				return errors.New("a screen did not catch up")
			}
		}
	}
	return nil
}
