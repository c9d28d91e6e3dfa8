package nfc

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
)

// claim is a caller of Do who waits for a card.
type claim struct {
	// ctx is the caller's. It travels with the request because the work runs elsewhere.
	ctx    context.Context
	reader string
	// after is the arrival that a card must have come later than.
	after uint64
	work  func(context.Context, Card) error
	done  chan error
	// arrival is that of the card that the work got. The loop sets it before the work begins.
	arrival uint64
	// settled is set once: by the caller who gives up, or by the loop that begins the work.
	settled atomic.Bool
}

// settle reports whether nobody settled the claim before.
func (c *claim) settle() bool { return c.settled.CompareAndSwap(false, true) }

// fits reports whether a card that came to a reader as the given arrival is one the caller waits for.
func (c *claim) fits(reader string, arrival uint64) bool {
	return strings.HasPrefix(reader, c.reader) && arrival > c.after
}

// claims are the callers that wait, in order of their coming.
type claims []*claim

// take returns the first claim that fits a card and marks it as begun; nil when there is none.
func (cs *claims) take(reader string, arrival uint64) *claim {
	for i, c := range *cs {
		if c.fits(reader, arrival) && c.settle() {
			c.arrival = arrival
			*cs = slices.Delete(*cs, i, i+1)
			return c
		}
	}
	*cs = slices.DeleteFunc(*cs, func(c *claim) bool { return c.settled.Load() })
	return nil
}

// back puts a claim that take returned into the first place again.
func (cs *claims) back(c *claim) {
	*cs = slices.Insert(*cs, 0, c)
	c.settled.Store(false)
	if c.ctx.Err() != nil && c.settle() {
		c.done <- c.ctx.Err() // the caller may have found it settled and wait for an answer
	}
}

// wanted reports whether somebody waits for a card.
func (cs *claims) wanted(reader string, arrival uint64) bool {
	return slices.ContainsFunc(*cs, func(c *claim) bool { return c.fits(reader, arrival) && !c.settled.Load() })
}

// refuse turns everybody away.
func (cs *claims) refuse(err error) {
	for _, c := range *cs {
		if c.settle() {
			c.done <- err
		}
	}
	*cs = nil
}
