package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// press is on its way until the device has answered it.
type press struct {
	message any
	answer  chan error // room for one
}

// ticket presses start, bump or recall; item is the index of one of the ticket's items, nil for all of it.
func (s *screen) ticket(ctx context.Context, kind, key string, ticket edge.ID, item *int) error {
	return s.press(ctx, key, api.KitchenPress{Type: kind, Key: key, Ticket: ticket, Item: item})
}

// serveOrder notes that an order is on the table.
func (s *screen) serveOrder(ctx context.Context, key string, order edge.ID) error {
	return s.press(ctx, key, api.KitchenOrderPress{Type: "serve", Key: key, Order: order})
}

// pressedTooOften and cannotWrite are how long a screen waits before it repeats a press (kitchen-protocol.md, Doing).
const (
	pressedTooOften = time.Second
	cannotWrite     = 2 * time.Second
)

// press sends a message until it is answered for good, over as many lines as it takes, always under the same key. Its
// error is the device's refusal, or that ctx ended first.
func (s *screen) press(ctx context.Context, key string, message any) error {
	for {
		err := s.pressOnce(ctx, key, message)
		wait := time.Duration(0)
		switch client.CodeOf(err) {
		case "too_often":
			wait = pressedTooOften
		case "disk_full", "disk_error", "disk_read_only", "store_stopped", "store_closed", "timeout", "internal":
			wait = cannotWrite
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("press %s: %w", key, ctx.Err())
		case <-time.After(wait):
		}
	}
}

func (s *screen) pressOnce(ctx context.Context, key string, message any) error {
	p := &press{message: message, answer: make(chan error, 1)}
	s.mu.Lock()
	s.presses[key] = p
	if s.line != nil {
		// If this errs the line is broken, and the press goes out with the next one.
		_ = s.line.Send(message)
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.presses, key)
	}()
	select {
	case err := <-p.answer:
		return err
	case <-ctx.Done():
		return fmt.Errorf("press %s: %w", key, ctx.Err())
	}
}

// pressAgain sends what was not answered on the line before. s.mu is held.
func (s *screen) pressAgain() error {
	for _, p := range s.presses {
		if err := s.line.Send(p.message); err != nil {
			return fmt.Errorf("press again: %w", err)
		}
	}
	return nil
}

// answer hands the device's answer to whoever pressed. s.mu is held.
func (s *screen) answer(key string, err error) {
	p, waits := s.presses[key]
	if !waits {
		return
	}
	select {
	case p.answer <- err:
	default: // answered before: the press went out on two lines
	}
}

// refused reports whether err is the device's no, rather than a missing answer.
func refused(err error) bool {
	_, ok := errors.AsType[*client.Refusal](err)
	return ok
}
