package main

import (
	"errors"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
)

// ledger is what the people of a night wrote down for themselves, to be compared with what the device has.
type ledger struct {
	mu      sync.Mutex // guards all below
	plans   []planned  // by number
	slips   map[int]*slip
	done    map[edge.ID]bool // tickets whose last bump was acknowledged
	presses map[string]int   // acknowledged ones, by kind
	refused map[string]int   // by code
	wrong   []error          // the first few
}

// slip is what a guest knows of one order.
type slip struct {
	planned  planned // as it was ordered in the end
	receipt  edge.Receipt
	answered bool
	sent     int           // how often, the first time included
	repeated bool          // the answer was one that had been given, and was lost
	changed  bool          // something had run out
	after    time.Duration // from the first sending to the answer
	followed bool          // the guest's page showed the order's end
	cancel   string        // "taken" or "too late" when staff tried to take it off
}

func newLedger() *ledger {
	return &ledger{slips: map[int]*slip{}, done: map[edge.ID]bool{}, presses: map[string]int{}, refused: map[string]int{}}
}

// plan adds the orders of a part of the night, whose numbers go on where the last part's ended.
func (l *ledger) plan(orders []planned) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plans = append(l.plans, orders...)
}

// planned is the order with the note.
func (l *ledger) planned(note string) (planned, bool) {
	number, ok := numberOf(note)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok || number >= len(l.plans) {
		return planned{}, false
	}
	if s := l.slips[number]; s != nil {
		return s.planned, true
	}
	return l.plans[number], true
}

// note changes the slip of an order.
func (l *ledger) note(number int, change func(*slip)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.slips[number]
	if s == nil {
		s = &slip{planned: l.plans[number]}
		l.slips[number] = s
	}
	change(s)
}

// pressed notes how a press ended.
func (l *ledger) pressed(kind string, ticket edge.ID, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.presses[kind]++
		if kind == "bump" {
			l.done[ticket] = true
		}
	case refused(err):
		l.refused[client.CodeOf(err)]++
	}
}

// errorsKept bounds the errors that are told.
const errorsKept = 10

func (l *ledger) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil && len(l.wrong) < errorsKept {
		l.wrong = append(l.wrong, err)
	}
}

// failed is what went wrong outside of the device.
func (l *ledger) failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.wrong...)
}
