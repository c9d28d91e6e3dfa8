package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// kept is what the device's file has.
type kept struct {
	orders  map[int][]edge.Order // by number
	tickets map[edge.ID][]edge.Ticket
	counts  map[edge.EventKind]map[edge.ID]int // records of the journal, by subject
	records int64
}

// findings are what a comparison of the file with the people's own records found.
type findings struct {
	planned, acknowledged, again, repeated, changed int
	followed, watching                              int
	cancelled, tooLate                              int
	presses, refused                                map[string]int

	records    int64
	orders     int
	tickets    int
	lost       []string // acknowledged or shown, and not in the file
	doubled    []string // in the file twice
	mismatched []string // in the file, and different
	journal    string   // what `comanda journal verify` says
	journalErr error
	people     error // what went wrong for guests and staff
	compared   int   // records at which screens were compared
	different  int
	dbBytes    int64
	mostOpen   map[string]int // tickets at once on a screen, by station
	resumed    int            // how often the screen with the bad line came back and was told what it missed
	whole      int            // and how often it was told everything
}

// audit compares the file of the device, which has ended, with what everybody wrote down.
func (n *night) audit(ctx context.Context) (findings, error) {
	f := findings{people: n.slips.failed(), planned: len(n.slips.plans), mostOpen: map[string]int{}}
	out, err := exec.CommandContext(ctx, n.bench.binary, "--data", n.house.dir, "journal", "verify").CombinedOutput()
	f.journal, f.journalErr = strings.TrimSpace(string(out)), err
	k, err := readHouse(ctx, n.house.dir)
	if err != nil {
		return f, err
	}
	f.records = k.records
	f.slips(n.slips, k)
	f.kitchen(n.slips, k)
	f.screens(n)
	f.dbBytes = fileSize(filepath.Join(n.house.dir, "comanda.db")) + fileSize(filepath.Join(n.house.dir, "comanda.db-wal"))
	return f, nil
}

// readHouse reads the file and proves its journal, apart from the program's own proof.
func readHouse(ctx context.Context, dir string) (k kept, err error) {
	reader, err := sqlite.OpenReadOnly(ctx, filepath.Join(dir, "comanda.db"))
	if err != nil {
		return k, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	report, err := reader.Verify(ctx)
	if err != nil {
		return k, err
	}
	if report.Broken != 0 {
		return k, fmt.Errorf("the journal is broken at record %d: %s", report.Broken, report.Fault)
	}
	k = kept{orders: map[int][]edge.Order{}, tickets: map[edge.ID][]edge.Ticket{}, counts: map[edge.EventKind]map[edge.ID]int{}, records: report.Events}
	return k, reader.Read(ctx, k.read)
}

// eventsAtOnce bounds the records in memory.
const eventsAtOnce = 5000

func (k *kept) read(v edge.View) error {
	for after := int64(0); ; {
		events, err := v.Events(after, eventsAtOnce)
		if err != nil {
			return err
		}
		for _, e := range events {
			after = e.Seq
			if k.counts[e.Kind] == nil {
				k.counts[e.Kind] = map[edge.ID]int{}
			}
			k.counts[e.Kind][e.Subject]++
		}
		if len(events) < eventsAtOnce {
			break
		}
	}
	for id := range k.counts[edge.OrderPlaced] {
		o, err := v.Order(id)
		if err != nil {
			return fmt.Errorf("order %s of the journal: %w", id, err)
		}
		number, ok := numberOf(o.Note)
		if !ok {
			return fmt.Errorf("order %s was sent by nobody: %q", id, o.Note)
		}
		k.orders[number] = append(k.orders[number], o)
		if k.tickets[id], err = v.TicketsOf(id); err != nil {
			return err
		}
	}
	return nil
}

// slips compares every guest's record with the file.
func (f *findings) slips(l *ledger, k kept) {
	numbers := map[string]int{}
	for number := range f.planned {
		s, found := l.slips[number], k.orders[number]
		f.orders += len(found)
		if len(found) > 1 {
			f.doubled = append(f.doubled, fmt.Sprintf("order %d is there %d times", number, len(found)))
		}
		if s == nil || !s.answered {
			f.lost = append(f.lost, fmt.Sprintf("order %d was never acknowledged", number))
			continue
		}
		f.tally(s)
		if len(found) == 0 {
			f.lost = append(f.lost, fmt.Sprintf("order %d is acknowledged as %s and not there", number, s.receipt.Number))
			continue
		}
		o := found[0]
		called := string(o.Day) + " " + o.Number
		if other, taken := numbers[called]; taken {
			f.doubled = append(f.doubled, fmt.Sprintf("orders %d and %d are both number %s", other, number, called))
		}
		numbers[called] = number
		if o.ID != s.receipt.Order || o.Number != s.receipt.Number || !sameLines(o.Lines, s.planned) {
			f.mismatched = append(f.mismatched, fmt.Sprintf("order %d is %s with %d lines, acknowledged as %s with %d",
				number, o.Number, len(o.Lines), s.receipt.Number, len(s.planned.dishes)))
		}
	}
	for number := range k.orders {
		if number >= f.planned {
			f.mismatched = append(f.mismatched, fmt.Sprintf("order %d was never sent", number))
		}
	}
}

func (f *findings) tally(s *slip) {
	f.acknowledged++
	count := func(to *int, yes bool) {
		if yes {
			*to++
		}
	}
	count(&f.again, s.sent > 1 && !s.changed)
	count(&f.repeated, s.repeated)
	count(&f.changed, s.changed)
	count(&f.watching, s.planned.looks != looksNot)
	count(&f.followed, s.followed)
	count(&f.cancelled, s.cancel == "taken")
	count(&f.tooLate, s.cancel == "too late")
}

func sameLines(lines []edge.Line, o planned) bool {
	return slices.EqualFunc(lines, o.dishes, func(l edge.Line, d dish) bool {
		return l.Item == d.line.Item && l.Variant == d.line.Variant && l.Quantity == d.line.Quantity
	})
}

// kitchen compares every order's tickets with what was ordered and with what the cooks did.
func (f *findings) kitchen(l *ledger, k kept) {
	f.presses, f.refused = l.presses, l.refused
	for number, orders := range k.orders {
		s := l.slips[number]
		for _, o := range orders {
			if times := k.counts[edge.OrderPlaced][o.ID]; times != 1 {
				f.doubled = append(f.doubled, fmt.Sprintf("order %d was placed %d times in the journal", number, times))
			}
			if !o.State.Over() {
				f.lost = append(f.lost, fmt.Sprintf("order %d stayed %s", number, o.State))
			}
			if s != nil {
				f.ticketsOf(o, s.planned, k)
			}
		}
	}
	for id := range l.done {
		if k.counts[edge.TicketDone][id] == 0 && k.counts[edge.TicketVoided][id] == 0 {
			f.lost = append(f.lost, fmt.Sprintf("ticket %s was acknowledged as done and is not in the journal", id))
		}
	}
}

func (f *findings) ticketsOf(o edge.Order, p planned, k kept) {
	want, got := map[string]int{}, map[string]int{}
	for _, d := range p.dishes {
		for _, station := range d.stations {
			want[station+" "+d.line.Item] += d.line.Quantity
		}
	}
	for _, t := range k.tickets[o.ID] {
		f.tickets++
		if times := k.counts[edge.TicketCreated][t.ID]; times != 1 {
			f.doubled = append(f.doubled, fmt.Sprintf("ticket %s was created %d times in the journal", t.ID, times))
		}
		if done, back := k.counts[edge.TicketDone][t.ID], k.counts[edge.TicketRecalled][t.ID]; done > back+1 {
			f.doubled = append(f.doubled, fmt.Sprintf("ticket %s was done %d times and recalled %d times", t.ID, done, back))
		}
		if t.State.Open() {
			f.lost = append(f.lost, fmt.Sprintf("a ticket of order %d stayed %s at the %s", p.number, t.State, t.Station))
		}
		if t.Kind != edge.TicketFood {
			continue
		}
		for _, i := range t.Items {
			got[t.Station+" "+o.Lines[i.Line].Item] += i.Quantity
		}
	}
	if !maps.Equal(want, got) {
		f.mismatched = append(f.mismatched, fmt.Sprintf("tickets of order %d: got %v, want %v", p.number, got, want))
	}
}

// screens compares what the screens showed with each other.
func (f *findings) screens(n *night) {
	for _, s := range append([]*screen{n.shaky}, n.walls...) {
		compared, different := s.agree(n.pass)
		f.compared, f.different = f.compared+compared, f.different+different
	}
	lines := n.shaky.lines()
	f.resumed, f.whole = lines.resumed, lines.whole-1 // the first opening is no return
	for _, c := range n.cooks {
		f.mostOpen[c.station] = max(f.mostOpen[c.station], c.screen.queue())
	}
	f.mostOpen["all stations"] = n.pass.queue()
}

// faultsTold bounds how many faults of a kind are told.
const faultsTold = 5

// check says what does not hold.
func (f findings) check() error {
	wrong := []error{f.people}
	for what, faults := range map[string][]string{"lost": f.lost, "doubled": f.doubled, "different": f.mismatched} {
		if len(faults) > 0 {
			wrong = append(wrong, fmt.Errorf("%d %s: %s", len(faults), what, strings.Join(faults[:min(len(faults), faultsTold)], "; ")))
		}
	}
	if f.journalErr != nil {
		wrong = append(wrong, fmt.Errorf("journal verify: %w: %s", f.journalErr, f.journal))
	}
	if f.different > 0 || f.compared == 0 {
		wrong = append(wrong, fmt.Errorf("screens differ at %d of %d records", f.different, f.compared))
	}
	if f.followed != f.watching {
		wrong = append(wrong, fmt.Errorf("%d of %d guests saw the end of their order", f.followed, f.watching))
	}
	return errors.Join(wrong...)
}
