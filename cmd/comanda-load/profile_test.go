package main

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func eveningOf(seed uint64) evening {
	return nightPlan{seed: seed, factor: 60, orders: 1620, over: 3 * time.Hour, eightySixes: 12, cuts: 12}.friday()
}

// TestLineSharesAreTheBusyProfile compares the distribution itself with what is known of a busy kitchen.
func TestLineSharesAreTheBusyProfile(t *testing.T) {
	sum, mean, few := 0.0, 0.0, 0.0
	shares := lineShares()
	for i, share := range shares {
		sum += share
		mean += float64(i+1) * share
		if i < 4 {
			few += share
		}
		if share <= 0 {
			t.Errorf("no order has %d lines", i+1)
		}
	}
	if len(shares) != 21 || math.Abs(sum-1) > 1e-9 {
		t.Errorf("%d shares come to %v, want 21 that come to 1", len(shares), sum)
	}
	if math.Abs(mean-2.3) > 0.05 || few < 0.95 || few > 0.96 {
		t.Errorf("mean %.3f lines, %.1f %% with at most four; want 2.3 and 95 %%", mean, 100*few)
	}
}

func TestEveningIsTheBusyProfile(t *testing.T) {
	e := eveningOf(1)
	lines, few, most, at := 0, 0, 0, map[string]int{}
	perMinute := map[time.Duration]int{}
	for i, o := range e.orders {
		n := len(o.dishes)
		lines, most = lines+n, max(most, n)
		if n <= 4 {
			few++
		}
		for _, d := range o.dishes {
			for _, s := range d.stations {
				at[s]++
			}
		}
		perMinute[o.at.Truncate(time.Minute)]++
		if o.number != i || o.at < 0 || o.at >= 3*time.Hour || (i > 0 && o.at < e.orders[i-1].at) {
			t.Errorf("order %d has number %d and comes at %s", i, o.number, o.at)
		}
	}
	mean, share := float64(lines)/float64(len(e.orders)), float64(few)/float64(len(e.orders))
	if math.Abs(mean-2.3) > 0.15 || math.Abs(share-0.955) > 0.02 || most != 21 {
		t.Errorf("mean %.2f lines, %.3f with at most four, most %d; want 2.3, 0.95, 21", mean, share, most)
	}
	for _, s := range stationNames() {
		if at[s] < len(e.orders)/10 {
			t.Errorf("the %s gets %d of %d lines", s, at[s], lines)
		}
	}
	// Nine a minute on average, as guests come who do not know of each other: the count of a minute varies as much as
	// its mean.
	spread := 0.0
	for m := range 180 {
		d := float64(perMinute[time.Duration(m)*time.Minute]) - 9
		spread += d * d / 180
	}
	if len(e.orders) != 1620 || spread < 5 || spread > 15 {
		t.Errorf("%d orders, variance %.1f a minute; want 1620 and about 9", len(e.orders), spread)
	}
}

func TestPlanIsDeterministic(t *testing.T) {
	same := cmp.AllowUnexported(evening{}, planned{}, sold{}, dish{})
	if diff := cmp.Diff(eveningOf(7), eveningOf(7), same); diff != "" {
		t.Errorf("the same seed gives another evening:\n%s", diff)
	}
	if cmp.Equal(eveningOf(7), eveningOf(8), same) {
		t.Error("another seed gives the same evening")
	}
}

func TestPlanHoldsForEverySeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := nightPlan{
			seed: rapid.Uint64().Draw(t, "seed"), factor: 60, orders: rapid.IntRange(1, 300).Draw(t, "orders"),
			over: 2 * time.Hour, burstRate: 5, burstOver: 10 * time.Second,
			eightySixes: rapid.IntRange(0, 30).Draw(t, "eighty-sixes"), cuts: 3,
		}
		guests := p.guestsOf(p.orders) + p.guestsOf(p.burstOrders())
		for i, o := range slices.Concat(p.friday().orders, p.stadium().orders) {
			if o.number != i || o.guest < 0 || o.guest >= guests {
				t.Fatalf("order %d has number %d and guest %d of %d", i, o.number, o.guest, guests)
			}
			if len(o.dishes) < 1 || len(o.dishes) > linesMost || o.haste <= 0 {
				t.Fatalf("order %d has %d lines and haste %v", i, len(o.dishes), o.haste)
			}
			for _, d := range o.instead().dishes {
				if d.scarce {
					t.Fatalf("order %d instead still has %s, which may run out", i, d.line.Item)
				}
			}
		}
		last := map[string]time.Duration{}
		for _, s := range p.friday().sold {
			if s.from < last[s.item] || s.to <= s.from {
				t.Fatalf("%s runs out at %s, while it is out until %s", s.item, s.from, last[s.item])
			}
			last[s.item] = s.to
		}
	})
}

func TestCookingTakesAsLongAsItsLongestDish(t *testing.T) {
	all := allDishes()
	find := func(item string) dish {
		i := slices.IndexFunc(all, func(d dish) bool { return d.line.Item == item })
		if i < 0 {
			t.Fatalf("no %s", item)
		}
		return all[i]
	}
	o := planned{haste: 0.5, dishes: []dish{find("water"), find("schnitzel"), find("risotto"), find("bruschetta")}}
	for station, want := range map[string]time.Duration{
		"grill": 510 * time.Second, "cold": 390 * time.Second, "bar": 15 * time.Second, "pizza": 0,
	} {
		if got := o.cooking(station); got != want {
			t.Errorf("%s: got %s, want %s", station, got, want)
		}
	}
}
