package main_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// checkFromOutside compares what the running device tells every guest with the guest's records.
func (h *killHouse) checkFromOutside(ctx context.Context) {
	h.Helper()
	for _, g := range h.guests {
		view, err := g.guest.View(ctx)
		if err != nil {
			h.Errorf("view of guest %d: %v", g.number, err)
			continue
		}
		shown := map[edge.ID]int{}
		for _, o := range view.Orders {
			if o.Mine {
				shown[o.ID]++
			}
		}
		for _, key := range g.keys {
			r := g.records[key]
			if r.receipt != nil && shown[r.receipt.Order] != 1 {
				h.Errorf("order %s is acknowledged as %s and shown %d times, want once", key, r.receipt.Order, shown[r.receipt.Order])
			}
			receipt, err := g.guest.Receipt(ctx, key)
			if errors.Is(err, edge.ErrTooMany) {
				break // asked too fast; the rest of this guest's records is compared with the file
			}
			if r.receipt != nil && (err != nil || receipt.Order != r.receipt.Order) {
				h.Errorf("receipt of %s: got %s, %v, want %s", key, receipt.Order, err, r.receipt.Order)
			}
		}
	}
}

// kept is what the device's file has.
type kept struct {
	orders  []edge.Order
	tickets map[edge.ID][]edge.Ticket // by order
	events  []edge.Event
}

// checkFile compares the device's file with the guests' and cooks' records.
func (h *killHouse) checkFile(ctx context.Context) {
	h.Helper()
	k := h.read(ctx)
	byKey, numbers := map[string][]edge.Order{}, map[string]edge.ID{}
	for _, o := range k.orders {
		byKey[o.Note] = append(byKey[o.Note], o) // a guest's note is the order's key
		number := string(o.Day) + " " + o.Number
		if other, taken := numbers[number]; taken {
			h.Errorf("orders %s and %s both have the number %s", other, o.ID, number)
		}
		numbers[number] = o.ID
		h.checkTickets(o, k.tickets[o.ID])
	}
	known := 0
	for _, g := range h.guests {
		for _, key := range g.keys {
			found, record := byKey[key], g.records[key]
			known += len(found)
			switch {
			case len(found) > 1:
				h.Errorf("order %s is there %d times", key, len(found))
			case len(found) == 0 && record.receipt != nil:
				h.Errorf("order %s is acknowledged as %s and not there", key, record.receipt.Order)
			case len(found) == 1:
				h.checkOrder(found[0], record)
			}
		}
	}
	if known != len(k.orders) {
		h.Errorf("%d orders are there, %d of them were sent", len(k.orders), known)
	}
	h.checkPresses(k)
	h.checkEvents(k)
}

// checkOrder compares an order with what was sent and acknowledged.
func (h *killHouse) checkOrder(o edge.Order, r *killRecord) {
	h.Helper()
	if len(o.Lines) != len(r.body.Lines) {
		h.Errorf("order %s has %d lines, sent were %d", o.Note, len(o.Lines), len(r.body.Lines))
		return
	}
	for i, line := range o.Lines {
		if sent := r.body.Lines[i]; line.Item != sent.Item || line.Quantity != sent.Quantity {
			h.Errorf("order %s line %d is %d %s, sent was %d %s", o.Note, i, line.Quantity, line.Item, sent.Quantity, sent.Item)
		}
	}
	if r.receipt != nil && (o.ID != r.receipt.Order || o.Number != r.receipt.Number || o.Totals.Gross != r.receipt.Totals.Gross) {
		h.Errorf("order %s is %s number %s of %d, acknowledged as %+v", o.Note, o.ID, o.Number, o.Totals.Gross, r.receipt)
	}
}

// checkTickets compares an order's tickets with its lines: every station once, with all of its items.
func (h *killHouse) checkTickets(o edge.Order, tickets []edge.Ticket) {
	h.Helper()
	want, got := map[string]int{}, map[string]int{}
	stations := map[string]bool{}
	for _, line := range o.Lines {
		for _, d := range killDishes {
			if d.line.Item == line.Item {
				for _, s := range d.stations {
					want[s+" "+line.Item] += line.Quantity
					stations[s] = true
				}
			}
		}
	}
	for _, t := range tickets {
		if t.Kind != edge.TicketFood || t.Number != o.Number {
			h.Errorf("order %s has a ticket of kind %s with number %s, want food with %s", o.Note, t.Kind, t.Number, o.Number)
		}
		for _, i := range t.Items {
			got[t.Station+" "+o.Lines[i.Line].Item] += i.Quantity
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(tickets) != len(stations) {
		h.Errorf("order %s has %d tickets for %d stations; quantities (-want +got):\n%s", o.Note, len(tickets), len(stations), diff)
	}
}

// checkPresses compares the tickets' states with what the cooks were told, and every order's with its tickets.
func (h *killHouse) checkPresses(k kept) {
	h.Helper()
	states := map[edge.ID]edge.TicketState{}
	for _, o := range k.orders {
		open := 0
		for _, t := range k.tickets[o.ID] {
			states[t.ID] = t.State
			if t.State.Open() {
				open++
			}
		}
		if (o.State == edge.OrderStateReady) != (open == 0) || o.Waiting != open {
			h.Errorf("order %s is %s and waits for %d tickets, but %d are open", o.Note, o.State, o.Waiting, open)
		}
	}
	for _, c := range h.cooks {
		for id, done := range c.done {
			if got := states[id]; (got == edge.TicketStateDone) != done {
				h.Errorf("ticket %s: acknowledged as done: %t, but it is %q", id, done, got)
			}
		}
	}
}

// checkEvents proves that every order and ticket was told of exactly once, and presses as often as they had effect.
func (h *killHouse) checkEvents(k kept) {
	h.Helper()
	count := map[edge.EventKind]map[edge.ID]int{}
	for i, e := range k.events {
		if e.Seq != int64(i)+1 {
			h.Fatalf("record %d of the journal has the number %d", i+1, e.Seq)
		}
		if count[e.Kind] == nil {
			count[e.Kind] = map[edge.ID]int{}
		}
		count[e.Kind][e.Subject]++
	}
	tickets := 0
	for _, o := range k.orders {
		if n := count[edge.OrderPlaced][o.ID]; n != 1 {
			h.Errorf("order %s was placed %d times in the journal", o.Note, n)
		}
		for _, t := range k.tickets[o.ID] {
			tickets++
			if n := count[edge.TicketCreated][t.ID]; n != 1 {
				h.Errorf("ticket %s was created %d times in the journal", t.ID, n)
			}
		}
	}
	bumps, recalls := 0, 0
	for _, c := range h.cooks {
		bumps, recalls = bumps+c.bumps, recalls+c.recalls
	}
	for what, n := range map[edge.EventKind]int{
		edge.OrderPlaced: len(k.orders), edge.TicketCreated: tickets, edge.TicketDone: bumps, edge.TicketRecalled: recalls,
	} {
		got := 0
		for _, times := range count[what] {
			got += times
		}
		if got != n {
			h.Errorf("the journal tells %d times of %s, want %d", got, what, n)
		}
	}
}

// read reads everything from the file of a device that has ended.
func (h *killHouse) read(ctx context.Context) kept {
	h.Helper()
	reader, err := sqlite.OpenReadOnly(ctx, filepath.Join(h.data, "comanda.db"))
	if err != nil {
		h.Fatal(err)
	}
	defer reader.Close()
	k := kept{tickets: map[edge.ID][]edge.Ticket{}}
	err = reader.Read(ctx, func(v edge.View) error {
		sessions, err := v.OpenSessions()
		if err != nil {
			return err
		}
		for _, s := range sessions {
			orders, err := v.OrdersOf(s.ID)
			if err != nil {
				return err
			}
			k.orders = append(k.orders, orders...)
		}
		for _, o := range k.orders {
			if k.tickets[o.ID], err = v.TicketsOf(o.ID); err != nil {
				return err
			}
		}
		k.events, err = v.Events(0, 1<<30)
		return err
	})
	if err != nil {
		h.Fatalf("read the file: %v", err)
	}
	return k
}

// checkJournal has the chain of hashes proven by the program itself and by the store.
func (h *killHouse) checkJournal(ctx context.Context) {
	h.Helper()
	verify := exec.CommandContext(ctx, h.binary, "--data", h.data, "journal", "verify")
	if out, err := verify.CombinedOutput(); err != nil {
		h.Errorf("comanda journal verify: %v\n%s", err, out)
	}
	reader, err := sqlite.OpenReadOnly(ctx, filepath.Join(h.data, "comanda.db"))
	if err != nil {
		h.Fatal(err)
	}
	defer reader.Close()
	report, err := reader.Verify(ctx)
	if err != nil || report.Broken != 0 || report.Events == 0 {
		h.Errorf("verify the journal: got %+v, %v, want it unbroken", report, err)
	}
	if err := reader.Check(ctx); err != nil {
		h.Errorf("check the file: %v", err)
	}
}

// tally says how much was tried.
func (h *killHouse) tally() string {
	sent, acknowledged, again, repeats, found, bumps, recalls := 0, 0, 0, 0, 0, 0, 0
	for _, g := range h.guests {
		repeats, found = repeats+g.repeats, found+g.found
		for _, r := range g.records {
			sent++
			if r.receipt != nil {
				acknowledged++
			}
			if r.sent > 1 {
				again++
			}
		}
	}
	for _, c := range h.cooks {
		bumps, recalls = bumps+c.bumps, recalls+c.recalls
	}
	return fmt.Sprintf("%d orders sent, %d acknowledged, %d sent again, %d answers repeated, %d of them because the first was lost; "+
		"%d bumps, %d recalls; ready again after %s on average",
		sent, acknowledged, again, repeats, found, bumps, recalls, (h.starting / time.Duration(h.starts)).Round(time.Millisecond))
}
