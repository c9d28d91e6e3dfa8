package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// crowd writes what a house full of screens came to.
func (r *report) crowd(p crowdPlan, g crowded) {
	r.line("\n## %d screens, %d of them stalled\n", p.total, p.stalled)
	r.line("%d orders/s for %s a round, each served %s later; in every other round %d screens stop reading. Every", p.pace, p.round, servedAfter, p.stalled)
	r.line("round begins with %d long orders, %d KB a frame, that fill the lines of those who do not read. Times in ms,", fillers(), fillerFrame/1000)
	r.line("from sending an order to its frame at each of the %d screens that always read. What the others catch up on,", p.total-p.stalled)
	r.line("megabytes each, is read by this program on the same processors.\n")
	r.line("| round | stalled | frames | p50 | p99 | until all are back: p50 | p99 | most memory, MB |")
	r.line("|--:|--:|--:|--:|--:|--:|--:|--:|")
	for i, round := range g.rounds {
		r.line("| %d | %d | %d | %s | %s | %s | %s | %.1f |", i+1, i%2*p.stalled, len(round.during)+len(round.after),
			ms(round.during.at(0.5)), ms(round.during.at(0.99)), ms(round.after.at(0.5)), ms(round.after.at(0.99)), float64(round.peak)/1e6)
	}
	during, after := func(r crowdRound) times { return r.during }, func(r crowdRound) times { return r.after }
	r.line("\n| with stalled screens over without (the mean of the rounds around it) | p50 | p99 | until all are back: p50 | p99 |")
	r.line("|---|--:|--:|--:|--:|")
	r.line("| ratio, median of %d | %s | %s |", p.pairs, g.medians(during), g.medians(after))
	r.line("| its band | %s | %s |", g.bands(during, g.ratios), g.bands(after, g.ratios))
	r.line("| noise: a round without over the one before | %s | %s |", g.bands(during, g.noise), g.bands(after, g.noise))
	r.line("\n| the device's resident memory | MB |")
	r.line("|---|--:|")
	for _, w := range g.memory {
		r.memoryRow(w.when, w.bytes)
	}
	r.crowdEnds(p, g)
}

func (r *report) crowdEnds(p crowdPlan, g crowded) {
	if p.stalled == 0 {
		return
	}
	woke, slept := map[int]int{}, map[int]int{}
	resumed, whole := 0, 0
	for i, e := range g.ends {
		codes := slept
		if i%2 == 0 {
			codes = woke
		}
		for _, code := range e.codes {
			codes[code]++
		}
		// The first opening is no return.
		resumed, whole = resumed+e.resumed, whole+e.whole-1
	}
	r.line("\n| stalled screens | |")
	r.line("|---|--:|")
	r.line("| rounds in which those that woke early were more than %d changes behind | %d |", lagMost, g.behind)
	r.line("| that read again before the device gave up on their line, closed with | %s |", counts(woke))
	r.line("| that did not, closed with (1006: no code fits into a line that takes nothing) | %s |", counts(slept))
	r.line("| came back and were told what they had missed | %d |", resumed)
	r.line("| came back and were told everything | %d |", whole)
	r.line("| states compared with a screen that never stalled | %d |", g.compared)
	r.line("| of them different | %d |", g.different)
}

func counts(n map[int]int) string {
	var out []string
	for _, code := range slices.Sorted(maps.Keys(n)) {
		out = append(out, fmt.Sprintf("%d: %d ×", code, n[code]))
	}
	return strings.Join(out, ", ")
}

// ratios are, for each round with stalled screens, its time over the mean of the rounds before and after.
func (g crowded) ratios(part func(crowdRound) times, share float64) []float64 {
	var out []float64
	for i := 1; i < len(g.rounds); i += 2 {
		around := (part(g.rounds[i-1]).at(share) + part(g.rounds[i+1]).at(share)) / 2
		out = append(out, float64(part(g.rounds[i]).at(share))/float64(max(around, time.Nanosecond)))
	}
	return out
}

// noise are the times of rounds without stalled screens over those of the ones before.
func (g crowded) noise(part func(crowdRound) times, share float64) []float64 {
	var out []float64
	for i := 2; i < len(g.rounds); i += 2 {
		before := part(g.rounds[i-2]).at(share)
		out = append(out, float64(part(g.rounds[i]).at(share))/float64(max(before, time.Nanosecond)))
	}
	return out
}

func (g crowded) medians(part func(crowdRound) times) string {
	return fmt.Sprintf("%.2f | %.2f", median(g.ratios(part, 0.5)), median(g.ratios(part, 0.99)))
}

func (g crowded) bands(part func(crowdRound) times, of func(func(crowdRound) times, float64) []float64) string {
	return band(of(part, 0.5)) + " | " + band(of(part, 0.99))
}

func band(numbers []float64) string {
	if len(numbers) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f … %.2f", slices.Min(numbers), slices.Max(numbers))
}
