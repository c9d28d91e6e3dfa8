//go:build !nopcsc && cgo

package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// errAbandoned means that a call into the library had not returned when its time was up.
var errAbandoned = errors.New("the call did not return")

// calls runs calls into the library, none of which can be interrupted, each in a goroutine of its own.
type calls struct {
	running sync.WaitGroup
	// lost counts the calls that nobody waits for any more.
	lost atomic.Int64
}

// run waits for call until limit has passed or ctx has ended, and then abandons it. Of an abandoned call, late is run
// when it returns after all.
func (c *calls) run(ctx context.Context, limit time.Duration, call func() error, late func()) error {
	done := make(chan error, 1)
	var settled atomic.Bool
	c.running.Go(func() {
		err := call()
		if settled.CompareAndSwap(false, true) {
			done <- err
			return
		}
		late()
		c.lost.Add(-1)
	})
	timer := time.NewTimer(limit)
	defer timer.Stop()
	err := errAbandoned
	select {
	case err := <-done:
		return err
	case <-timer.C:
	case <-ctx.Done():
		err = fmt.Errorf("%w: %w", errAbandoned, ctx.Err())
	}
	c.lost.Add(1)
	if settled.CompareAndSwap(false, true) {
		return err
	}
	c.lost.Add(-1)
	return <-done
}

// wait waits until every call has returned, but no longer than limit.
func (c *calls) wait(limit time.Duration) bool {
	deadline := time.Now().Add(limit)
	for c.lost.Load() > 0 {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(time.Millisecond)
	}
	c.running.Wait()
	return true
}
