package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/cmd/internal/client/process"
	"github.com/comanda-pos/comanda/edge/api"
)

// measure makes the whole report.
func measure(ctx context.Context, p plan, r *report) error {
	b, err := p.open(ctx, r, guestsCrowded)
	if err != nil {
		return err
	}
	defer r.remove(b.dir)
	if b.usual, err = furnish(ctx, b.dir+"/usual", guestsUsual); err != nil {
		return err
	}
	if p.profile != "" {
		return b.profileOnce(ctx)
	}
	if err := b.head(ctx); err != nil {
		return err
	}
	b.floorHead()
	var parts []func(context.Context) error
	if p.throughput {
		parts = append(parts, b.throughputs, b.steady, b.rows, b.slowThroughputs)
	}
	if p.rest {
		parts = append(parts, b.memory, b.start, b.sizes)
	}
	for _, part := range parts {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// open makes a folder to work in, which the caller removes, and a house with as many guests in it.
func (p plan) open(ctx context.Context, r *report, guests int) (*bench, error) {
	dir, err := os.MkdirTemp(p.dir, "comanda-load-")
	if err != nil {
		return nil, fmt.Errorf("make a folder to work in: %w", err)
	}
	b := &bench{plan: p, report: r, dir: dir}
	b.self, err = os.Executable()
	if err == nil {
		b.house, err = furnish(ctx, dir+"/house", guests)
	}
	if err != nil {
		r.remove(dir)
		return nil, fmt.Errorf("make a house: %w", err)
	}
	return b, nil
}

func (b *bench) profileOnce(ctx context.Context) error {
	b.window, b.warm = 5*time.Second, 0
	r, err := b.once(ctx, b.profiled(), 64, 10, nil)
	if err == nil {
		b.line("%.0f orders/s with 64 clients and 10 screens, %s ms of processor time each; the profile is in %s",
			r.rate, ms(r.cpu/time.Duration(r.orders)), b.profile)
	}
	return err
}

// throughputs measures how many orders are taken when clients order as fast as they are answered.
func (b *bench) throughputs(ctx context.Context) error {
	b.throughputHead()
	for _, clients := range b.clients {
		for _, screens := range b.screens {
			l := load{clients: clients, screens: screens, warm: b.warm, window: b.window}
			floor, device, err := b.both(ctx, l, b.rounds)
			if err != nil {
				return err
			}
			b.throughputRow(clients, screens, floor, device)
		}
	}
	return nil
}

// steady measures how long things take when nobody has to queue: a pace that both keep up with.
func (b *bench) steady(ctx context.Context) error {
	b.steadyHead()
	const clients = 20
	for _, pace := range b.paces {
		for _, screens := range b.screens {
			l := load{
				clients: clients, screens: screens, warm: b.warm, window: max(2*b.window, 2*time.Second),
				pace: clients * time.Second / time.Duration(pace),
			}
			floor, device, err := b.both(ctx, l, 1)
			if err != nil {
				return err
			}
			b.steadyRow(pace, screens, floor, device)
		}
	}
	return nil
}

// both measures floor and device in turns, so that what else the machine does hits both.
func (b *bench) both(ctx context.Context, l load, rounds int) (floor, device series, err error) {
	for range rounds {
		for _, side := range []struct {
			server server
			into   *series
		}{{b.floor(), &floor}, {b.device(), &device}} {
			r, err := b.run(ctx, side.server, l, nil)
			if err != nil {
				return floor, device, err
			}
			side.into.add(r)
		}
	}
	return floor, device, nil
}

// rows shows how much of the distance to the floor is the rows alone that a device keeps of an order.
func (b *bench) rows(ctx context.Context) error {
	b.rowsHead()
	for _, rows := range []int{1, deviceRows} {
		var s series
		for range b.rounds {
			r, err := b.once(ctx, b.floor("-rows", strconv.Itoa(rows)), 64, 10, nil)
			if err != nil {
				return err
			}
			s.add(r)
		}
		b.rowsRow(rows, s)
	}
	return nil
}

// deviceRows is how many rows an order of two tickets writes on a device: order, tickets, their three events, the
// visit, the day's number, the answer to the key, the journal's head.
const deviceRows = 10

// syncDelay is what an SD card may take to make a commit durable.
const syncDelay = 10 * time.Millisecond

// slowThroughputs shows what sharing commits is good for when the disk is slow.
func (b *bench) slowThroughputs(ctx context.Context) error {
	environment, err := slowly(ctx, b.dir, syncDelay)
	if errors.Is(err, errNoCompiler) {
		b.line("\nA slow disk was not measured: %v.", err)
		return nil
	}
	if err != nil {
		return err
	}
	slow := *b
	slow.window = max(b.window, 2*time.Second)
	b.slowHead(syncDelay)
	single := 0.0
	for _, side := range []struct {
		what   string
		server server
	}{
		{"floor, a commit for every order", b.floor("-group=false")},
		{"floor, shared commits", b.floor()},
		{"comanda", b.device()},
	} {
		r, err := slow.once(ctx, side.server, 64, 10, environment)
		if err != nil {
			return err
		}
		if single == 0 {
			single = r.rate
		}
		b.slowRow(side.what, r, single)
	}
	return nil
}

// memory measures what the device has in RAM: alone, on a full day with all screens, and under load.
func (b *bench) memory(ctx context.Context) error {
	b.memoryHead()
	err := b.with(ctx, b.device(), b.usual, nil, func(p *process.Process, _ *house) error {
		return b.resident("after the start, nobody connected", p)
	})
	if err != nil {
		return err
	}
	busy, err := b.house.copyTo(b.dir + "/busy")
	if err != nil {
		return err
	}
	defer b.remove(busy.dir)
	if err := busy.history(ctx, b.day, true); err != nil {
		return err
	}
	return b.with(ctx, b.device(), busy, nil, func(p *process.Process, h *house) error {
		if err := b.resident(fmt.Sprintf("after the start, %d orders in the day", b.day), p); err != nil {
			return err
		}
		l := load{url: p.URL, pid: p.PID, house: h, clients: 1, screens: 50, window: time.Second}
		if _, err := l.run(ctx); err != nil {
			return err
		}
		if err := b.resident("the same, after a second with 50 screens and 1 client", p); err != nil {
			return err
		}
		l.clients, l.house = 64, h.without(len(h.guests)/4)
		if _, err := l.run(ctx); err != nil {
			return err
		}
		return b.resident("the same, after a second of load with 50 screens and 64 clients", p)
	})
}

func (b *bench) resident(when string, p *process.Process) error {
	time.Sleep(500 * time.Millisecond) // let it come to rest
	bytes, err := resident(p.PID)
	if err == nil {
		b.memoryRow(when, bytes)
	}
	return err
}

// start measures how long a house with a history is closed after a restart, and what people then wait for.
func (b *bench) start(ctx context.Context) error {
	old, err := b.usual.copyTo(b.dir + "/old")
	if err != nil {
		return err
	}
	defer b.remove(old.dir)
	begin := time.Now()
	if err := old.history(ctx, b.history, false); err != nil {
		return err
	}
	b.startHead(b.history, time.Since(begin), fileSize(old.dir+"/comanda.db"))
	return b.with(ctx, b.device(), old, nil, func(p *process.Process, h *house) error {
		c, err := client.New(p.URL, client.Options{})
		if err != nil {
			return err
		}
		defer c.Close()
		guest := c.Guest(h.guests[0])
		if _, _, err := guest.Place(ctx, api.OrderBody{Key: "first-order", MenuVersion: h.menu, Lines: lines()}); err != nil {
			return err
		}
		b.startRow("process started → first order acknowledged", time.Since(p.Started))
		b.startRow("of it until ready", p.Ready.Sub(p.Started))
		owner := c.Owner(h.owner)
		for _, q := range []struct {
			what string
			ask  func() error
		}{
			{"owner's state of the day", func() error { _, err := owner.State(ctx); return err }},
			{"owner's floor", func() error { _, err := owner.Floor(ctx); return err }},
			{"tables with their codes", func() error { _, err := owner.Tables(ctx); return err }},
			{"guest's view", func() error { _, err := guest.View(ctx); return err }},
		} {
			var took times
			for range 9 {
				begin := time.Now()
				if err := q.ask(); err != nil {
					return err
				}
				took = append(took, time.Since(begin))
			}
			b.startRow(q.what+", median of nine", took.at(0.5))
		}
		time.Sleep(restAfterStart)
		worked, err := processorTime(p.PID)
		b.startRow(fmt.Sprintf("processor time until now and %s of rest", restAfterStart), worked)
		return err
	})
}

// restAfterStart is long enough to show whether a start leaves work behind that goes on.
const restAfterStart = 5 * time.Second

// sizes measures what goes over the line to a guest, and the program.
func (b *bench) sizes(ctx context.Context) error {
	return b.with(ctx, b.device(), b.usual, nil, func(p *process.Process, h *house) error {
		weight, err := weigh(ctx, p.URL, h.token)
		if err != nil && !errors.Is(err, errNotBuilt) {
			return err
		}
		b.sizeRows(weight, err, fileSize(b.binary))
		return nil
	})
}
