package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

// oneOrder is a night with a single order that went well.
func oneOrder() (*ledger, kept) {
	l := newLedger()
	water := always()
	l.plan([]planned{{number: 0, dishes: []dish{water}, haste: 1, looks: looksSocket}})
	l.note(0, func(s *slip) {
		s.sent, s.answered, s.followed = 1, true, true
		s.receipt = edge.Receipt{Order: "o", Number: "1"}
	})
	l.done["t"] = true
	k := kept{
		orders: map[int][]edge.Order{0: {{
			ID: "o", Number: "1", Note: noteOf(0), State: edge.OrderStateCompleted,
			Lines: []edge.Line{{Item: "water", Variant: "large", Quantity: 1}},
		}}},
		tickets: map[edge.ID][]edge.Ticket{"o": {{
			ID: "t", Kind: edge.TicketFood, Station: "bar", State: edge.TicketStateServed, Items: []edge.TicketItem{{Line: 0, Quantity: 1}},
		}}},
		counts: map[edge.EventKind]map[edge.ID]int{
			edge.OrderPlaced: {"o": 1}, edge.TicketCreated: {"t": 1}, edge.TicketDone: {"t": 1}, edge.TicketRecalled: {}, edge.TicketVoided: {},
		},
	}
	return l, k
}

// TestAuditFinds changes one thing at a time in what the device has, and expects the audit to find just that.
func TestAuditFinds(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*ledger, *kept)
		want   string // in the error; empty for none
	}{
		{"nothing", func(*ledger, *kept) {}, ""},
		{"an order is gone", func(_ *ledger, k *kept) { delete(k.orders, 0) }, "not there"},
		{"no answer", func(l *ledger, _ *kept) { l.slips[0].answered, l.slips[0].followed = false, false }, "never acknowledged"},
		{"an order is there twice", func(_ *ledger, k *kept) { k.orders[0] = append(k.orders[0], k.orders[0][0]) }, "there 2 times"},
		{"an order is told twice", func(_ *ledger, k *kept) { k.counts[edge.OrderPlaced]["o"] = 2 }, "placed 2 times"},
		{"another number", func(l *ledger, _ *kept) { l.slips[0].receipt.Number = "2" }, "acknowledged as 2"},
		{"another dish", func(_ *ledger, k *kept) { k.orders[0][0].Lines[0].Variant = "small" }, "different"},
		{"an order nobody sent", func(_ *ledger, k *kept) { k.orders[5] = nil }, "never sent"},
		{"an order that does not end", func(_ *ledger, k *kept) { k.orders[0][0].State = edge.OrderStateReady }, "stayed ready"},
		{"a ticket is gone", func(_ *ledger, k *kept) { k.tickets["o"] = nil }, "tickets of order 0"},
		{"a ticket is told twice", func(_ *ledger, k *kept) { k.counts[edge.TicketCreated]["t"] = 2 }, "created 2 times"},
		{"a ticket stays open", func(_ *ledger, k *kept) { k.tickets["o"][0].State = edge.TicketStateStarted }, "stayed started"},
		{"a bump counts twice", func(_ *ledger, k *kept) { k.counts[edge.TicketDone]["t"] = 2 }, "done 2 times"},
		{"a bump is lost", func(_ *ledger, k *kept) { k.counts[edge.TicketDone]["t"] = 0 }, "not in the journal"},
		{"a guest is left waiting", func(l *ledger, _ *kept) { l.slips[0].followed = false }, "saw the end"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, k := oneOrder()
			test.change(l, &k)
			f := findings{planned: 1, compared: 1}
			f.slips(l, k)
			f.kitchen(l, k)
			err := f.check()
			if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestCheckTellsOfTheOtherFaults(t *testing.T) {
	for _, test := range []struct {
		f    findings
		want string
	}{
		{findings{}, "screens differ"},
		{findings{compared: 9, different: 1}, "1 of 9"},
		{findings{compared: 9, journalErr: errors.New("exit status 1"), journal: "broken at 3"}, "broken at 3"},
		{findings{compared: 9, people: errors.New("a waiter fell")}, "fell"},
	} {
		if err := test.f.check(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("check %+v: got %v, want %q", test.f, err, test.want)
		}
	}
}
