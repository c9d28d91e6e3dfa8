package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// screensSettle is how long screens may need to be back after the device is.
const screensSettle = time.Second

// sightings sorts the latencies of a night: of the evening, of the stadium, and of orders that were on their way while
// the device was dead.
func (n *night) sightings() (evening, stadium, outage times, unseen int) {
	for _, s := range n.sights {
		for _, g := range s.list {
			sent := time.Duration(n.clock.sent[g.order].Load())
			switch {
			case n.outage.done && sent < n.outage.ready+screensSettle && sent+g.after > n.outage.killed:
				outage = append(outage, g.after)
			case g.order < n.orders:
				evening = append(evening, g.after)
			default:
				stadium = append(stadium, g.after)
			}
		}
		unseen += len(n.slips.plans) - len(s.list)
	}
	return evening, stadium, outage, unseen
}

// night writes what a night came to.
func (r *report) night(n *night, took nightTook, f findings) {
	evening, stadium, outage, unseen := n.sightings()
	r.line("\n## A Friday night, %.0f times as fast\n", n.factor)
	r.line("%d orders in %s (%.1f a minute), then %d in %s (%d a second); seed %d. Cooking is compressed too. %d screens;",
		n.orders, n.over, float64(n.orders)/n.over.Minutes(), n.burstOrders(), n.burstOver, n.burstRate, n.seed,
		len(n.cooks)+len(n.servers)+len(n.walls)+2)
	r.line("guests hold sockets or poll until they are served; one screen lost its line %d times; dishes ran out %d times.\n",
		n.cutOff.Load(), n.eightySixes)
	r.line("| order → frame on %d screens, ms | frames | p50 | p95 | p99 | most |", len(n.sights))
	r.line("|---|--:|--:|--:|--:|--:|")
	r.nightTimes(fmt.Sprintf("evening, %.1f orders/s", float64(n.orders)/n.real(n.over).Seconds()), evening)
	r.nightTimes(fmt.Sprintf("stadium, %d orders/s", n.burstRate), stadium)
	r.nightTimes("on their way while the device was dead", outage)
	r.line("\n| orders | |")
	r.line("|---|--:|")
	r.count("planned", f.planned)
	r.count("acknowledged", f.acknowledged)
	r.count("lost: orders, tickets or presses", len(f.lost))
	r.count("doubled: orders, numbers, tickets or presses", len(f.doubled))
	r.count("different from what was ordered", len(f.mismatched))
	r.count("not seen on a screen", unseen)
	r.count("sent again because no answer came", f.again)
	r.count("that were there already: the answer was lost", f.repeated)
	r.count("changed because a dish had run out", f.changed)
	r.count("taken off again, whole or in part", f.cancelled)
	r.count("too late to be taken off", f.tooLate)
	r.count("whose guest saw their end on the phone", f.followed)
	r.kitchenRows(f)
	r.costRows(n, took, f)
}

func (r *report) nightTimes(what string, t times) {
	if len(t) > 0 {
		r.line("| %s | %d | %s | %s | %s | %s |", what, len(t), ms(t.at(0.5)), ms(t.at(0.95)), ms(t.at(0.99)), ms(t.at(1)))
	}
}

func (r *report) count(what string, n int) { r.line("| %s | %d |", what, n) }

func (r *report) kitchenRows(f findings) {
	r.line("\n| kitchen | |")
	r.line("|---|--:|")
	r.count("tickets", f.tickets)
	for _, kind := range slices.Sorted(maps.Keys(f.presses)) {
		r.count("presses acknowledged: "+kind, f.presses[kind])
	}
	for _, code := range slices.Sorted(maps.Keys(f.refused)) {
		r.count("presses refused: "+code, f.refused[code])
	}
	for _, station := range slices.Sorted(maps.Keys(f.mostOpen)) {
		r.count("most tickets open at once on a screen: "+station, f.mostOpen[station])
	}
	r.count("the screen with the bad line came back and was told what it missed", f.resumed)
	r.count("and was told everything", f.whole)
	r.count("states of screens compared", f.compared)
	r.count("of them different", f.different)
}

func (r *report) costRows(n *night, took nightTook, f findings) {
	r.line("\n| the device | |")
	r.line("|---|--:|")
	if n.outage.done {
		r.line("| killed, left dead for %s, and ready again after | %s ms |", n.dark, ms(n.outage.ready-n.outage.killed))
	}
	r.line("| evening took, the last tickets included | %s |", took.evening.Round(time.Millisecond))
	r.line("| processor time an order, cooking and phones included: evening | %s ms |", ms(took.eveningCPU/time.Duration(n.orders)))
	if burst := n.burstOrders(); burst > 0 {
		r.line("| stadium took | %s |", took.stadium.Round(time.Millisecond))
		r.line("| processor time an order: stadium | %s ms |", ms(took.stadiumCPU/time.Duration(burst)))
	}
	r.memoryLine("after the start", took.memoryStart)
	for _, phase := range []string{phaseEvening, phaseAgain, phaseStadium, phaseRest} {
		r.memoryLine(phase, n.weighing.peak(phase))
	}
	r.memoryLine("at the end", took.memoryEnd)
	r.line("| database | %.1f MB, %.1f KB an order |", float64(f.dbBytes)/1e6, float64(f.dbBytes)/1e3/float64(max(f.orders, 1)))
	r.line("| records in the journal | %d |", f.records)
	r.line("| `comanda journal verify` | %s |", strings.ReplaceAll(f.journal, "\n", " "))
}

func (r *report) memoryLine(when string, bytes int64) {
	if bytes > 0 {
		r.line("| memory %s | %.1f MB |", when, float64(bytes)/1e6)
	}
}
