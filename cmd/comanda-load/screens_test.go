package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/cmd/internal/client/process"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// TestStalledScreens runs one round with sleepers against a real device: the one that wakes in time is told why it was
// cut off, the other's line just ends; both come back and show what the others do.
func TestStalledScreens(t *testing.T) {
	b := rig(t)
	p := crowdPlan{total: 10, stalled: 2, pace: 60, round: 6500 * time.Millisecond, pairs: 1}
	got := crowded{}
	err := b.with(t.Context(), b.profiled(), b.house, nil, func(device *process.Process, h *house) error {
		c := &crowd{crowdPlan: p, house: h}
		live, leave := context.WithCancel(t.Context())
		if err := c.gather(live, device); err != nil {
			leave()
			return err
		}
		err := c.play(live, 2)
		leave()
		if err := c.leave(); err != nil {
			return err
		}
		got.behind = int(c.behind.Load())
		for _, s := range c.sleepy {
			got.ends = append(got.ends, s.lines())
			compared, different := s.agree(c.hands[0])
			got.compared, got.different = got.compared+compared, got.different+different
		}
		during, after, unseen := c.times(2)
		got.unseen = unseen
		if len(during) != 3*60*8 || len(after) != 390*8-3*60*8 {
			t.Errorf("%d and %d frames of 390 orders on 8 screens", len(during), len(after))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if slow := got.behind == 0 || slices.Contains(got.ends[0].codes, 1006); slow {
		// On a busy machine the first screen is not far enough behind when it wakes, or its line was mute for too long by
		// then. What else is promised holds all the same.
		t.Logf("the machine is busy: the early screen's line ended with %v", got.ends[0].codes)
		for i, e := range got.ends {
			if e.resumed+e.whole != len(e.codes)+1 {
				t.Errorf("screen %d: %+v, want it back after every end", i, e)
			}
		}
		if got.unseen > 0 || got.different > 0 {
			t.Errorf("%d frames unseen, %d states different", got.unseen, got.different)
		}
		return
	}
	if err := got.check(p); err != nil {
		t.Error(err)
	}
	want := []lineEnds{{codes: []int{4008}, resumed: 1, whole: 1}, {codes: []int{1006}, resumed: 1, whole: 1}}
	if diff := cmp.Diff(want, got.ends, cmp.AllowUnexported(lineEnds{})); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestCrowdedCheckFinds(t *testing.T) {
	p := crowdPlan{total: 10, stalled: 2, pairs: 1}
	good := func() crowded {
		return crowded{compared: 5, behind: 1, ends: []lineEnds{{[]int{4008}, 1, 1}, {[]int{1006}, 0, 2}}}
	}
	for _, test := range []struct {
		name   string
		change func(*crowded)
		want   string // in the error; empty for none
	}{
		{"nothing", func(*crowded) {}, ""},
		{"frames", func(g *crowded) { g.unseen = 3 }, "3 frames"},
		{"states", func(g *crowded) { g.different = 1 }, "1 of 5"},
		{"nothing compared", func(g *crowded) { g.compared = 0 }, "0 of 0"},
		{"never behind", func(g *crowded) { g.behind = 0 }, "too slow"},
		{"not cut off", func(g *crowded) { g.ends[1].codes = nil }, "cut off 0 times"},
		{"another code", func(g *crowded) { g.ends[0].codes[0] = 1006 }, "closed with 1006"},
		{"not back", func(g *crowded) { g.ends[0].resumed = 0 }, "came in 1 times"},
		{"memory", func(g *crowded) { g.rounds = []crowdRound{{peak: 1}, {peak: extraMost + 2}} }, "MB of memory"},
	} {
		g := good()
		test.change(&g)
		err := g.check(p)
		if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

func TestRatiosAndNoise(t *testing.T) {
	round := func(ms int) crowdRound { return crowdRound{during: times{time.Duration(ms) * time.Millisecond}} }
	g := crowded{rounds: []crowdRound{round(2), round(6), round(4), round(4), round(4)}}
	during := func(r crowdRound) times { return r.during }
	if diff := cmp.Diff([]float64{2, 1}, g.ratios(during, 0.5)); diff != "" {
		t.Errorf("ratios (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{2, 1}, g.noise(during, 0.5)); diff != "" {
		t.Errorf("noise (-want +got):\n%s", diff)
	}
	if got := g.bands(during, g.ratios); got != "1.00 … 2.00 | 1.00 … 2.00" {
		t.Errorf("bands: got %q", got)
	}
}

// TestBoardDigest: the digest says what is shown, however it came to be.
func TestBoardDigest(t *testing.T) {
	ticket := func(id edge.ID, state edge.TicketState, done int) edge.Ticket {
		return edge.Ticket{ID: id, State: state, Items: []edge.TicketItem{{Name: "X", Quantity: 3, Done: done}}}
	}
	order := func(state edge.OrderState) live.KitchenOrder { return live.KitchenOrder{ID: "o", State: state} }
	step, whole := newBoard(), newBoard()
	for _, m := range []message{
		{Seq: 1, Tickets: []edge.Ticket{ticket("a", edge.TicketStateNew, 0), ticket("b", edge.TicketStateNew, 0)}},
		{Seq: 2, Tickets: []edge.Ticket{ticket("a", edge.TicketStateStarted, 1)}},
		{Seq: 3, Tickets: []edge.Ticket{ticket("b", edge.TicketStateDone, 3)}, Orders: []live.KitchenOrder{order(edge.OrderStateReady)}},
		{Seq: 4, Tickets: []edge.Ticket{ticket("a", edge.TicketStateStarted, 2)}},
	} {
		step.put(m)
	}
	whole.put(message{Seq: 4, Tickets: []edge.Ticket{ticket("a", edge.TicketStateStarted, 2)}, Orders: []live.KitchenOrder{order(edge.OrderStateReady)}})
	if step.digests[4] != whole.digests[4] {
		t.Error("the same state has another digest when it came in steps")
	}
	seen := map[uint64]int64{}
	for seq, sum := range step.digests {
		if other, twice := seen[sum]; twice {
			t.Errorf("records %d and %d have the same digest and other states", other, seq)
		}
		seen[sum] = seq
	}
	if step.most != 2 || len(step.tickets) != 1 {
		t.Errorf("most %d, now %d tickets, want 2 and 1", step.most, len(step.tickets))
	}
	step.put(message{Seq: 5, Tickets: []edge.Ticket{ticket("a", edge.TicketStateServed, 3)}, Orders: []live.KitchenOrder{order(edge.OrderStateCompleted)}})
	if step.digests[5] != 0 || len(step.orders) != 0 {
		t.Errorf("an empty board has digest %d and %d orders", step.digests[5], len(step.orders))
	}
}
