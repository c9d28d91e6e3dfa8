package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client/process"
)

// screensPlan is what the command line of `comanda-load screens` asks for.
type screensPlan struct {
	plan
	crowdPlan
}

func parseScreens(args []string, stderr io.Writer) (screensPlan, error) {
	p := screensPlan{}
	flags := flag.NewFlagSet("comanda-load screens", flag.ContinueOnError)
	flags.SetOutput(stderr)
	p.common(flags)
	flags.IntVar(&p.total, "screens", 200, "kitchen screens in all")
	flags.IntVar(&p.stalled, "stalled", 20, "how many of them stop reading in every other round")
	flags.IntVar(&p.pace, "pace", 60, "orders a second; each makes two changes, when it is placed and when it is served")
	flags.DurationVar(&p.round, "round", 9*time.Second, "how long a round takes")
	flags.IntVar(&p.pairs, "pairs", 4, "rounds with stalled screens, each between two without")
	if err := flags.Parse(args); err != nil {
		return screensPlan{}, err
	}
	if flags.NArg() > 0 || p.pairs < 1 || p.pace < 1 || p.perRound() < 1 || p.stalled < 0 || (p.stalled > 0 && p.round < roundLeast) ||
		p.total < p.stalled+crowdHands+1 || p.turns()*p.perRound() > 10_000_000 {
		flags.Usage()
		return screensPlan{}, errUsage
	}
	p.limit = time.Duration(p.turns()+1)*(p.round+2*backWithin) + 2*time.Minute
	return p, nil
}

// roundLeast is how long the device needs to give up on a line that takes nothing, and a little more.
const roundLeast = 6 * time.Second

// crowded is what a run of crowd came to.
type crowded struct {
	rounds    []crowdRound // the even ones without stalled screens
	unseen    int
	ends      []lineEnds // of each screen that slept
	behind    int        // rounds in which those that woke early were too far behind
	compared  int        // records at which a screen that slept was compared with one that did not
	different int
	memory    []weight
}

// crowdRound is one round: the latencies while all sleepers sleep and afterwards, and the most memory, in bytes.
type crowdRound struct {
	during, after times
	peak          int64
}

// weight is the memory of a device at some point, in bytes.
type weight struct {
	when  string
	bytes int64
}

// measureScreens is `comanda-load screens`.
func measureScreens(ctx context.Context, p screensPlan, r *report) error {
	b, err := p.open(ctx, r, guestsCrowded)
	if err != nil {
		return err
	}
	defer r.remove(b.dir)
	if err := b.head(ctx); err != nil {
		return err
	}
	var got crowded
	err = b.with(ctx, b.device(), b.house, nil, func(device *process.Process, h *house) error {
		got, err = p.run(ctx, device, h)
		return err
	})
	if err != nil {
		return err
	}
	r.crowd(p.crowdPlan, got)
	return got.check(p.crowdPlan)
}

// run runs all rounds against a device.
func (p crowdPlan) run(ctx context.Context, device *process.Process, h *house) (crowded, error) {
	var got crowded
	if err := got.weigh(device, "nobody connected"); err != nil {
		return got, err
	}
	c := &crowd{crowdPlan: p, house: h}
	live, leave := context.WithCancel(ctx)
	weighing := newWeighing(device.PID, "")
	c.background.Go(func() { weighing.serve(live) })
	err := c.gather(live, device)
	if err == nil {
		err = got.weigh(device, fmt.Sprintf("%d screens connected", p.total))
	}
	if err == nil {
		weighing.enter(phaseOf(0))
		c.order(live, 0) // to get warm, and for the memory without long orders
		c.settle(c.perRound())
		got.memory = append(got.memory, weight{"at most with the usual orders", weighing.peak(phaseOf(0))})
	}
	for round := 1; err == nil && round <= p.turns(); round++ {
		weighing.enter(phaseOf(round))
		err = c.play(live, round)
	}
	if err == nil {
		err = got.weigh(device, "after the last round")
	}
	leave()
	if err := errors.Join(err, c.leave(), weighing.wrong); err != nil {
		return got, err
	}
	got.collect(c, weighing)
	return got, got.weigh(device, "all screens gone")
}

func phaseOf(round int) string { return fmt.Sprint("round ", round) }

// play is one round; the even ones have sleepers.
func (c *crowd) play(ctx context.Context, round int) error {
	early, late := func() {}, func() {}
	if round%2 == 0 {
		early, late = c.doze()
	}
	long := c.fill(ctx, round)
	if round%2 == 0 {
		c.rouse(ctx, early)
	}
	c.order(ctx, round)
	c.settle((round + 1) * c.perRound())
	late()
	c.clear(ctx, round, long)
	return c.together(ctx)
}

// weigh notes the memory at rest.
func (g *crowded) weigh(device *process.Process, when string) error {
	time.Sleep(500 * time.Millisecond)
	bytes, err := resident(device.PID)
	g.memory = append(g.memory, weight{when, bytes})
	return err
}

// collect takes what the screens know after they ended.
func (g *crowded) collect(c *crowd, weighing *weighing) {
	for round := range c.turns() + 1 {
		during, after, unseen := c.times(round)
		g.unseen += unseen
		if round > 0 {
			g.rounds = append(g.rounds, crowdRound{during, after, weighing.peak(phaseOf(round))})
		}
	}
	g.behind = int(c.behind.Load())
	for _, s := range c.sleepy {
		g.ends = append(g.ends, s.lines())
		compared, different := s.agree(c.hands[0])
		g.compared, g.different = g.compared+compared, g.different+different
	}
}

// extraMost bounds what stalled screens may cost in memory: they share the frames they have not taken, of which each
// may have 256.
const extraMost = 24 << 20

// closedSlow is the close code of a screen that read too slowly (kitchen-protocol.md, Ending).
const closedSlow = 4008

// extra is what the most memory of rounds with stalled screens is above that of rounds without, in bytes.
func (g *crowded) extra() int64 {
	var peaks [2]int64
	for i, r := range g.rounds {
		peaks[i%2] = max(peaks[i%2], r.peak)
	}
	return peaks[1] - peaks[0]
}

// check says what does not hold.
func (g *crowded) check(p crowdPlan) error {
	var wrong []error
	if g.unseen > 0 {
		wrong = append(wrong, fmt.Errorf("%d frames were not seen", g.unseen))
	}
	if g.different > 0 || (p.stalled > 0 && g.compared == 0) {
		wrong = append(wrong, fmt.Errorf("screens that slept differ from one that did not at %d of %d records", g.different, g.compared))
	}
	if extra := g.extra(); extra > extraMost {
		wrong = append(wrong, fmt.Errorf("stalled screens cost %.1f MB of memory", float64(extra)/1e6))
	}
	if p.stalled > 0 && g.behind == 0 {
		wrong = append(wrong, errors.New("the machine is too slow: no screen was ever 256 changes behind before it woke"))
	}
	for i, e := range g.ends {
		least := p.pairs
		if i%2 == 0 {
			least = g.behind
		}
		if len(e.codes) < least || len(e.codes) > p.pairs {
			wrong = append(wrong, fmt.Errorf("screen %d was cut off %d times, want at least %d: %v", i, len(e.codes), least, e.codes))
		}
		for _, code := range e.codes {
			if i%2 == 0 && code != closedSlow {
				wrong = append(wrong, fmt.Errorf("screen %d woke in time and was closed with %d, want %d", i, code, closedSlow))
			}
		}
		if e.resumed+e.whole != len(e.codes)+1 {
			wrong = append(wrong, fmt.Errorf("screen %d was cut off %d times and came in %d times", i, len(e.codes), e.resumed+e.whole))
		}
	}
	return errors.Join(wrong...)
}
