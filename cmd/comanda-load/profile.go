package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// planned is one order of an evening, with everything that will become of it. Times are those of the evening, not of
// its compressed replay.
type planned struct {
	number int
	at     time.Duration
	guest  int // index of who orders
	dishes []dish
	// looks says how the guest follows the order.
	looks looks
	// cancelAfter is when staff take it off again, counted from the order; 0 is never. Only its first line goes when
	// partly is set.
	cancelAfter time.Duration
	partly      bool
	// servedAfter is how long it stands at the pass, recalled whether one of its tickets comes back once.
	servedAfter time.Duration
	recalled    bool
	// haste is what the cooks' times are multiplied with; each ticket's share lies around it.
	haste float64
}

// looks is how a guest follows an order.
type looks uint8

const (
	looksNot    looks = iota // the phone is in the pocket again
	looksSocket              // the page is open and holds a socket
	looksPolls               // the page asks now and then
)

// sold is a time in which a dish cannot be had.
type sold struct {
	item     string
	from, to time.Duration
}

// evening is a whole plan.
type evening struct {
	orders []planned // by time
	sold   []sold
	cuts   []time.Duration // when a screen loses its line
}

// rush is what a plan is made from.
type rush struct {
	seed   uint64
	orders int
	over   time.Duration
	dishes []dish // that are ordered
	// eightySixes is how often a dish runs out, cuts how often the screen with the bad line loses it.
	eightySixes, cuts int
	first             int // number of its first order
	firstGuest        int
}

// What the busy profile says of lines per order: a mean of 2.3, 95 % with at most 4, up to 21.
const (
	linesMost = 21
	// tailShrinks is how much rarer an order of one more line is, from five lines on.
	tailShrinks = 0.745
)

// How guests and staff behave, in shares of all orders and times of the evening.
const (
	shareSocket, sharePolls         = 0.5, 0.3
	shareCancelled, sharePartly     = 0.015, 0.5
	shareRecalled                   = 0.02
	serveFirst, serveLast           = 20 * time.Second, 90 * time.Second
	cancelFirst, cancelLast         = 20 * time.Second, 6 * time.Minute
	soldOutShortest, soldOutLongest = 5 * time.Minute, 15 * time.Minute
	hasteLeast, hasteMost           = 0.7, 1.4
)

// lineShares are the shares of orders with 1, 2, … 21 lines.
func lineShares() []float64 {
	shares := []float64{0.36, 0.30, 0.19, 0.105}
	rest := 1.0
	for _, share := range shares {
		rest -= share
	}
	weight, sum := 1.0, 0.0
	for range linesMost - len(shares) {
		sum += weight
		weight *= tailShrinks
	}
	weight = 1.0
	for len(shares) < linesMost {
		shares = append(shares, rest*weight/sum)
		weight *= tailShrinks
	}
	return shares
}

// plan makes the evening. The same rush gives the same evening.
func (r rush) plan() evening {
	dice := rand.New(rand.NewPCG(r.seed, uint64(r.first)+1))
	shares := lineShares()
	arrivals := make([]time.Duration, r.orders)
	for i := range arrivals {
		// So many orders at independent instants: as bursty as guests who do not know of each other.
		arrivals[i] = time.Duration(dice.Int64N(int64(r.over)))
	}
	slices.Sort(arrivals)
	party := dice.IntN(r.orders)
	e := evening{orders: make([]planned, r.orders)}
	for i, at := range arrivals {
		lines := draw(dice, shares) + 1
		if i == party {
			lines = linesMost
		}
		e.orders[i] = r.order(dice, i, at, lines)
	}
	e.sold = r.soldOut(dice)
	for range r.cuts {
		e.cuts = append(e.cuts, time.Duration(dice.Int64N(int64(r.over))))
	}
	slices.Sort(e.cuts)
	return e
}

func (r rush) order(dice *rand.Rand, i int, at time.Duration, lines int) planned {
	o := planned{
		number: r.first + i, at: at, guest: r.firstGuest + i/ordersPerVisit, servedAfter: between(dice, serveFirst, serveLast),
		recalled: dice.Float64() < shareRecalled, haste: hasteLeast + dice.Float64()*(hasteMost-hasteLeast),
	}
	for range lines {
		o.dishes = append(o.dishes, r.dishes[dice.IntN(len(r.dishes))])
	}
	switch look := dice.Float64(); {
	case look < shareSocket:
		o.looks = looksSocket
	case look < shareSocket+sharePolls:
		o.looks = looksPolls
	default:
	}
	if dice.Float64() < shareCancelled {
		o.cancelAfter, o.partly = between(dice, cancelFirst, cancelLast), dice.Float64() < sharePartly
	}
	return o
}

// soldOut lets dishes run out, each for a while, never the same one twice at once.
func (r rush) soldOut(dice *rand.Rand) []sold {
	var scarce []string
	for _, d := range r.dishes {
		if d.scarce {
			scarce = append(scarce, d.line.Item)
		}
	}
	var out []sold
	for len(scarce) > 0 && len(out) < r.eightySixes {
		s := sold{item: scarce[len(out)%len(scarce)]}
		// Each time has its own part of the evening; a dish is there again before its next one.
		part := r.over / time.Duration(r.eightySixes)
		s.from = part*time.Duration(len(out)) + between(dice, 0, part/2)
		s.to = min(s.from+between(dice, soldOutShortest, soldOutLongest), part*time.Duration(len(out)+len(scarce)))
		out = append(out, s)
	}
	return out
}

func between(dice *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(dice.Int64N(int64(most-least)))
}

// draw gives an index by its share.
func draw(dice *rand.Rand, shares []float64) int {
	at := dice.Float64()
	for i, share := range shares {
		if at -= share; at < 0 {
			return i
		}
	}
	return len(shares) - 1
}

// body is the order's lines as they are sent.
func (o planned) body() []edge.LineRequest {
	out := make([]edge.LineRequest, 0, len(o.dishes))
	for _, d := range o.dishes {
		out = append(out, d.line)
	}
	return out
}

// instead is the order when everything that may have run out is exchanged for something that never does.
func (o planned) instead() planned {
	o.dishes = slices.Clone(o.dishes)
	for i, d := range o.dishes {
		if d.scarce {
			o.dishes[i] = always()
		}
	}
	return o
}

// cooking is how long a station works on an order: the longest of its dishes, which are made side by side, a little
// faster or slower each time.
func (o planned) cooking(station string) time.Duration {
	longest := time.Duration(0)
	for _, d := range o.dishes {
		if slices.Contains(d.stations, station) {
			longest = max(longest, d.prep)
		}
	}
	return time.Duration(math.Round(float64(longest) * o.haste))
}

func (o planned) note() string { return noteOf(int64(o.number)) }
func (o planned) key(try int) string {
	return fmt.Sprintf("evening-%07d-%d", o.number, try)
}
