package client_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// faultless checks after every step that no screen was told what it must not be told.
func (k *service) faultless(t *rapid.T) {
	for _, s := range k.screens {
		if trouble := s.mirror.trouble(); trouble != "" {
			t.Fatalf("screen %s: %s", s.name, trouble)
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			t.Fatalf("screen %s gave up: %v", s.name, err)
		default:
		}
	}
}

// patience is how long everything may take once all cables are whole.
const patience = 20 * time.Second

// quiet mends all cables, waits until every press is answered and every screen has heard of it, and compares.
func (k *service) quiet(t *rapid.T) {
	for _, s := range k.screens {
		s.cable.put(whole)
	}
	ctx, cancel := context.WithTimeout(k.ctx, patience)
	defer cancel()
	answered := make(chan struct{})
	go func() { k.pending.Wait(); close(answered) }()
	select {
	case <-answered:
	case <-ctx.Done():
		for _, p := range k.presses {
			if !p.over() {
				t.Errorf("%s %s of %s waits for an answer", p.kind, p.key, p.device)
			}
		}
		t.FailNow()
	}
	for before := int64(-1); ; {
		var l ledger
		k.look(t, func(v edge.View) (err error) {
			l, err = readLedger(v)
			return err
		})
		if l.seq == before {
			k.faultless(t)
			k.compare(t, l)
			k.tally.quiet.Add(1)
			return
		}
		before = l.seq // the device does things by itself too: until nothing happened while the screens were asked
		k.ask(ctx, t)
	}
}

// ask waits until every screen has heard of everything: an answer comes after the changes before it, so that a press at
// nothing asks.
func (k *service) ask(ctx context.Context, t *rapid.T) {
	for _, s := range k.screens {
		key := k.newKey()
		nothing := &modelPress{key: key, message: api.KitchenPress{Type: "bump", Key: key, Ticket: "nobody"}}
		if a := pressUntilCarriedOut(ctx, s, nothing); client.CodeOf(a.err) != "not_found" {
			t.Fatalf("screen %s presses at nothing: got %v, want not_found", s.name, a.err)
		}
	}
}

// ledger is what the store and its journal have.
type ledger struct {
	seq    int64
	orders []edge.Order // that are not over
	picture
	replayed []replayed
	events   []edge.Event
}

func (k *service) compare(t *rapid.T, l ledger) {
	same := cmp.Options{cmpopts.EquateEmpty()}
	for _, s := range k.screens {
		want := picture{Orders: map[edge.ID]edge.OrderState{}, Stock: l.Stock}
		for _, o := range l.orders {
			if listed(o.State, s.Expo) {
				want.Orders[o.ID] = o.State
			}
		}
		for _, ticket := range l.Open {
			if s.shows(ticket) {
				want.Open = append(want.Open, ticket)
			}
		}
		for _, ticket := range l.Done {
			if s.shows(ticket) {
				want.Done = append(want.Done, ticket)
			}
		}
		if diff := cmp.Diff(want, s.mirror.picture(), same); diff != "" {
			t.Fatalf("screen %s against the store (-store +screen):\n%s", s.name, diff)
		}
		if diff := cmp.Diff(want.Open, s.Tickets(), same); diff != "" {
			t.Fatalf("tickets of screen %s against the store (-store +screen):\n%s", s.name, diff)
		}
	}
	checkReplay(t, l)
	k.checkPresses(t, l.events)
}

func readLedger(v edge.View) (ledger, error) {
	l := ledger{picture: picture{Stock: map[string]edge.Stock{}}}
	var err error
	if l.seq, err = v.Seq(); err != nil {
		return l, err
	}
	if l.Open, err = v.OpenTickets(); err != nil {
		return l, err
	}
	if l.Done, err = v.DoneTickets(time.Time{}, math.MaxInt32); err != nil {
		return l, err
	}
	slices.SortFunc(l.Done, oldestFirst)
	if l.orders, err = v.OpenOrders(); err != nil {
		return l, err
	}
	stock, err := v.AllStock()
	if err != nil {
		return l, err
	}
	for _, s := range stock {
		l.Stock[s.Key] = s
	}
	if l.events, err = v.Events(0, math.MaxInt32); err != nil {
		return l, err
	}
	l.replayed, err = replay(l.events)
	return l, err
}

// replayed is a ticket as the journal alone tells it.
type replayed struct {
	ID      edge.ID
	Kind    edge.TicketKind
	Station string
	State   edge.TicketState
	Counts  []int // of each item
	Done    []int
}

// replay follows every ticket through the journal, in the order in which they were made.
func replay(events []edge.Event) ([]replayed, error) {
	var tickets []replayed
	index := map[edge.ID]int{}
	for _, e := range events {
		var body struct {
			Kind    edge.TicketKind
			Station string
			State   edge.TicketState
			Done    []int
			Items   []struct{ Line, Quantity int }
		}
		if !strings.HasPrefix(string(e.Kind), "ticket.") {
			continue
		}
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return nil, err
		}
		if e.Kind == edge.TicketCreated {
			made := replayed{ID: e.Subject, Kind: body.Kind, Station: body.Station, State: edge.TicketStateNew, Done: make([]int, len(body.Items))}
			for _, item := range body.Items {
				made.Counts = append(made.Counts, item.Quantity)
			}
			index[e.Subject] = len(tickets)
			tickets = append(tickets, made)
			continue
		}
		ticket := &tickets[index[e.Subject]]
		if body.State != "" {
			ticket.State = body.State
		}
		if body.Done != nil {
			ticket.Done = body.Done
		}
	}
	return tickets, nil
}

// checkReplay compares the store's tickets, which every screen shows, with the journal's.
func checkReplay(t *rapid.T, l ledger) {
	for name, side := range map[string]struct {
		tickets []edge.Ticket
		fits    func(edge.TicketState) bool
	}{
		"open": {l.Open, edge.TicketState.Open},
		"done": {l.Done, func(s edge.TicketState) bool { return s == edge.TicketStateDone }},
	} {
		var want, got []replayed
		for _, r := range l.replayed {
			if side.fits(r.State) {
				want = append(want, r)
			}
		}
		for _, ticket := range side.tickets {
			r := replayed{ID: ticket.ID, Kind: ticket.Kind, Station: ticket.Station, State: ticket.State}
			for _, item := range ticket.Items {
				r.Counts, r.Done = append(r.Counts, item.Quantity), append(r.Done, item.Done)
			}
			got = append(got, r)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s tickets, in their order (-journal +store):\n%s", name, diff)
		}
	}
}

// checkPresses proves that every press was answered the same however often it was sent, and that whatever a screen did
// according to the journal belongs to exactly one press.
func (k *service) checkPresses(t *rapid.T, events []edge.Event) {
	done := map[edge.Actor]map[int64]bool{} // the answers' seqs
	for _, p := range k.presses {
		var first int64
		for _, a := range p.answers {
			if a.err != nil && client.CodeOf(a.err) == "" {
				t.Fatalf("%s %s: %v", p.kind, p.key, a.err)
			}
			if a.err != nil {
				continue
			}
			if first == 0 {
				first = a.seq
			}
			if a.seq != first && p.ticket != "" {
				t.Fatalf("%s %s was answered with %d and with %d", p.kind, p.key, first, a.seq)
			}
		}
		if first > 0 {
			actor := edge.DeviceActor(p.device)
			if done[actor] == nil {
				done[actor] = map[int64]bool{}
			}
			done[actor][first] = true
		}
	}
	for i, e := range events {
		switch e.Kind {
		case edge.TicketStarted, edge.TicketProgress, edge.TicketDone, edge.TicketRecalled, edge.TicketServed:
		default:
			continue
		}
		if e.Actor == edge.System {
			continue // cancelled by the model itself
		}
		if !pressed(events[i:], done[e.Actor]) {
			t.Fatalf("record %d, %s of %s by %s, belongs to no press", e.Seq, e.Kind, e.Subject, e.Actor)
		}
	}
}

// pressed reports whether the records from the first on are those of a press: all by the same actor, up to the one that
// was given as the answer.
func pressed(events []edge.Event, answers map[int64]bool) bool {
	for _, e := range events {
		if e.Actor != events[0].Actor {
			return false
		}
		if answers[e.Seq] {
			return true
		}
	}
	return false
}
