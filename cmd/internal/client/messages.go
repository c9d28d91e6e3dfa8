package client

import (
	"encoding/json"
	"fmt"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// take works one message of the device in. opens says that it was the first of a connection: the whole state, or
// what was missed.
func (s *Screen) take(raw []byte) (opens bool, err error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return false, fmt.Errorf("read message: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch head.Type {
	case "snapshot":
		return true, with(raw, s.snapshot)
	case "changes":
		return true, with(raw, s.missed)
	case "change":
		return false, with(raw, func(m live.KitchenChange) { s.change(m.Seq, m.Tickets) })
	case "tick":
		return false, with(raw, func(m api.Tick) { s.seq = max(s.seq, m.Seq) })
	case "done":
		return false, with(raw, func(m api.KitchenDone) {
			// The changes up to an answer's seq have come before it (kitchen-protocol.md, Doing).
			s.seq = max(s.seq, m.Seq)
			s.answer(m.Key, pressed{seq: m.Seq})
		})
	case "refused":
		return false, with(raw, func(m api.KitchenRefused) {
			s.answer(m.Key, pressed{err: &Refusal{Problem: api.Problem{Code: m.Code, Detail: m.Message}}})
		})
	default:
		return false, nil // a newer device may say more
	}
}

// with decodes a message and works it in.
func with[T any](raw []byte, work func(T)) error {
	var message T
	if err := json.Unmarshal(raw, &message); err != nil {
		return fmt.Errorf("read message %T: %w", message, err)
	}
	work(message)
	return nil
}

// snapshot replaces everything. s.mu is held, here and below.
func (s *Screen) snapshot(m api.KitchenSnapshot) {
	s.seq, s.epoch = m.Seq, m.Epoch
	s.tickets = map[edge.ID]edge.Ticket{}
	s.put(m.Tickets)
	s.put(m.Done)
}

func (s *Screen) missed(m api.KitchenChanges) {
	s.resumed++
	s.epoch = m.Epoch
	s.change(m.Seq, m.Tickets)
}

func (s *Screen) change(seq int64, tickets []edge.Ticket) {
	s.seq = max(s.seq, seq)
	s.put(tickets)
}

func (s *Screen) put(tickets []edge.Ticket) {
	for _, t := range tickets {
		if t.State.Open() || t.State == edge.TicketStateDone {
			s.tickets[t.ID] = t
		} else {
			delete(s.tickets, t.ID)
		}
	}
}

// answer hands the device's answer to whoever waits for it.
func (s *Screen) answer(key string, a pressed) {
	p, waiting := s.presses[key]
	if !waiting {
		return
	}
	select {
	case p.answer <- a:
	default: // answered before: the press was sent on two lines
	}
}
