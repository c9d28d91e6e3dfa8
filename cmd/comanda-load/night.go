package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/cmd/internal/client/process"
)

// nightPlan is what the command line of `comanda-load night` asks for.
type nightPlan struct {
	plan
	seed        uint64
	factor      float64       // how many times faster the evening passes
	orders      int           // of the evening
	over        time.Duration // how long the evening is, uncompressed
	burstRate   int           // orders a second of the stadium, not compressed
	burstOver   time.Duration
	eightySixes int
	cuts        int
	kill        bool
	dark        time.Duration // how long the device stays away, not compressed
}

func parseNight(args []string, stderr io.Writer) (nightPlan, error) {
	p := nightPlan{}
	flags := flag.NewFlagSet("comanda-load night", flag.ContinueOnError)
	flags.SetOutput(stderr)
	p.common(flags)
	flags.Uint64Var(&p.seed, "seed", 1, "the same seed plans the same night")
	flags.Float64Var(&p.factor, "factor", 60, "how many times faster the evening passes, cooking included")
	flags.IntVar(&p.orders, "orders", 1620, "orders of the evening: nine a minute for three hours")
	flags.DurationVar(&p.over, "evening", 3*time.Hour, "how long the evening is before it is compressed")
	flags.IntVar(&p.burstRate, "burst", 18, "orders a second of the stadium's interval, not compressed; 0 for none")
	flags.DurationVar(&p.burstOver, "interval", time.Minute, "how long the interval is, not compressed")
	flags.IntVar(&p.eightySixes, "eighty-sixes", 12, "how often a dish runs out")
	flags.IntVar(&p.cuts, "cuts", 12, "how often one screen loses its line")
	flags.BoolVar(&p.kill, "kill", true, "kill the device in the middle of the evening")
	flags.DurationVar(&p.dark, "dark", 2*time.Second, "how long it stays away then, not compressed")
	if err := flags.Parse(args); err != nil {
		return nightPlan{}, err
	}
	if flags.NArg() > 0 || p.factor < 1 || p.orders < 1 || p.over < time.Minute || p.burstRate < 0 || p.burstOver < 0 || p.dark < 0 ||
		p.eightySixes < 0 || p.eightySixes > 1000 || p.cuts < 0 || p.orders+p.burstOrders() > nightOrdersMost {
		flags.Usage()
		return nightPlan{}, errUsage
	}
	p.limit = p.real(p.over) + p.burstOver + p.dark + 2*drainLimit + 5*time.Minute
	return p, nil
}

// nightOrdersMost bounds a night by the digits of an order's mark.
const nightOrdersMost = 1_000_000

// drainLimit is how long the kitchen has to finish what is left after the last order.
const drainLimit = 3 * time.Minute

func (p nightPlan) burstOrders() int { return int(p.burstOver.Seconds() * float64(p.burstRate)) }

// real is how long a time of the evening takes.
func (p nightPlan) real(d time.Duration) time.Duration { return time.Duration(float64(d) / p.factor) }

// friday and stadium are the plans of the two parts.
func (p nightPlan) friday() evening {
	return rush{
		seed: p.seed, orders: p.orders, over: p.over, dishes: allDishes(), eightySixes: p.eightySixes, cuts: p.cuts,
	}.plan()
}

func (p nightPlan) stadium() evening {
	return rush{
		seed: p.seed, orders: p.burstOrders(), over: time.Duration(float64(p.burstOver) * p.factor), dishes: quickDishes(),
		first: p.orders, firstGuest: p.guestsOf(p.orders),
	}.plan()
}

func (nightPlan) guestsOf(orders int) int { return (orders + ordersPerVisit - 1) / ordersPerVisit }

// night is a running one.
type night struct {
	nightPlan
	bench    *bench
	house    *house
	url      string
	config   string
	device   *process.Process // belongs to the goroutine of run
	phones   *client.Client
	owner    *hands
	clock    *clock
	weighing *weighing

	cooks   []*cook
	pass    *screen   // where orders are served: it shows everything
	servers []*screen // on which serving is pressed
	walls   []*screen // they only show everything
	shaky   *screen   // loses its line now and then
	sights  []*sights

	slips  *ledger
	guests sync.WaitGroup // orders on their way from the phone to the table
	crew   sync.WaitGroup // who ends with the night
	flying atomic.Int64   // orders that were sent and are not answered
	busy   atomic.Int64   // tickets and orders somebody has in their hands
	cutOff atomic.Int64   // how often the shaky screen lost its line
	cpu    cpuMeter
	outage outage
}

// outage is the kill in the middle, by the night's clock.
type outage struct {
	killed, ready time.Duration
	done          bool
}

// measureNight is `comanda-load night`.
func measureNight(ctx context.Context, p nightPlan, r *report) error {
	b, err := p.open(ctx, r, p.guestsOf(p.orders)+p.guestsOf(p.burstOrders()))
	if err != nil {
		return err
	}
	defer r.remove(b.dir)
	if err := b.head(ctx); err != nil {
		return err
	}
	n := &night{nightPlan: p, bench: b, house: b.house, slips: newLedger(), clock: newClock(p.orders + p.burstOrders())}
	if err := n.open(ctx); err != nil {
		return err
	}
	took, err := n.play(ctx)
	if stopErr := n.close(ctx); err != nil || stopErr != nil {
		return errors.Join(err, stopErr)
	}
	found, err := n.audit(ctx)
	if err != nil {
		return err
	}
	r.night(n, took, found)
	return found.check()
}

// open starts the device at an address that stays through the night.
func (n *night) open(ctx context.Context) error {
	port, err := quietPort(ctx)
	if err != nil {
		return err
	}
	n.url = "http://127.0.0.1:" + port
	n.config = filepath.Join(n.house.dir, "night.yaml")
	text := fmt.Sprintf("server: {listen: \"127.0.0.1:%s\", base_url: %q}\ndata: {directory: %q}\n"+
		"guests: {printed: straight_to_kitchen, max_open_orders: 1000, scan_lasts: 24h}\nreaders: {driver: none}\n", port, n.url, n.house.dir)
	if err := os.WriteFile(n.config, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	if n.phones, err = client.New(n.url, client.Options{}); err != nil {
		return err
	}
	n.owner = newHands(n.url, n.house.owner)
	if err := n.start(ctx, "start"); err != nil {
		return err
	}
	return nil
}

// quietPort is a free port below those that the system gives to clients: while the device is dead, a client that
// tries to reach it must not be given the device's own port.
func quietPort(ctx context.Context) (string, error) {
	for range 100 {
		port := fmt.Sprint(20000 + rand.IntN(10000))
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:"+port)
		if err == nil {
			return port, l.Close()
		}
	}
	return "", errors.New("find a free port: none of a hundred is")
}

// start starts the device, or starts it again.
func (n *night) start(ctx context.Context, phase string) error {
	p, err := process.Start(ctx, n.bench.binary, []string{"--config", n.config, "serve"}, nil)
	if err != nil {
		return err
	}
	n.device = p
	n.cpu.began(p.PID)
	if n.weighing == nil {
		n.weighing = newWeighing(p.PID, phase)
		return nil
	}
	n.weighing.follow(p.PID, phase)
	return nil
}

// close stops the device as a service manager would.
func (n *night) close(ctx context.Context) error {
	n.phones.Close()
	n.owner.close()
	n.weighing.follow(0, "")
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return n.device.Stop(end)
}

// inFlightWithin is how long the kill waits for an order that is on its way, to hit it.
const inFlightWithin = 2 * time.Second

// killAndStart ends the device as a pulled plug does, while an order is on its way, and starts it again.
func (n *night) killAndStart(ctx context.Context) error {
	for deadline := time.Now().Add(inFlightWithin); n.flying.Load() == 0 && time.Now().Before(deadline); {
		time.Sleep(100 * time.Microsecond)
	}
	n.weighing.follow(0, "")
	n.cpu.ended()
	n.outage.killed = time.Since(n.clock.begin)
	if err := n.device.Kill(); err != nil {
		return err
	}
	time.Sleep(n.dark)
	if err := n.start(ctx, phaseAgain); err != nil {
		return err
	}
	n.outage.ready, n.outage.done = time.Since(n.clock.begin), true
	return nil
}

// cpuMeter adds up the processor time of one device after the other.
type cpuMeter struct {
	pid    int
	before time.Duration // of those that have ended
	wrong  error
}

func (c *cpuMeter) began(pid int) { c.pid = pid }

func (c *cpuMeter) ended() {
	c.before = c.total()
	c.pid = 0
}

// total is the processor time of all until now.
func (c *cpuMeter) total() time.Duration {
	if c.pid == 0 {
		return c.before
	}
	worked, err := processorTime(c.pid)
	c.wrong = errors.Join(c.wrong, err)
	return c.before + worked
}
