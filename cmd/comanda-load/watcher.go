package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge/api"
)

// clock is when each order was sent. Times are counted from begin.
type clock struct {
	begin time.Time
	sent  []atomic.Int64 // by order, in ns
}

func newClock(orders int) *clock {
	return &clock{begin: time.Now(), sent: make([]atomic.Int64, orders)}
}

func (c *clock) send(order int) { c.sent[order].Store(int64(time.Since(c.begin))) }

// sighting is an order that one screen has seen for the first time, and how long after it was sent.
type sighting struct {
	order int
	after time.Duration
}

// sights notes when one screen sees which order for the first time. It belongs to the goroutine that reads.
type sights struct {
	clock *clock
	known []bool
	seen  atomic.Int64
	list  []sighting
}

func newSights(c *clock) *sights { return &sights{clock: c, known: make([]bool, len(c.sent))} }

// note looks for orders in a message. It does not decode it: that would measure this program.
func (s *sights) note(message []byte) {
	now := time.Since(s.clock.begin)
	for {
		i := bytes.Index(message, []byte(mark))
		if i < 0 || len(message) < i+len(mark)+markDigits {
			return
		}
		message = message[i+len(mark):]
		order, err := strconv.Atoi(string(message[:markDigits]))
		if err != nil || order >= len(s.known) || s.known[order] {
			continue
		}
		s.known[order] = true
		s.list = append(s.list, sighting{order, now - time.Duration(s.clock.sent[order].Load())})
		s.seen.Add(1)
	}
}

// watcher is a screen that only reads, with as little work as can be.
type watcher struct {
	*sights
	line   *client.Line
	device *client.Client
	ended  atomic.Bool
}

// watch opens a watcher and waits for its start state.
func watch(ctx context.Context, url, key string, c *clock) (*watcher, error) {
	device, err := client.New(url, client.Options{})
	if err != nil {
		return nil, err
	}
	line, err := device.KitchenLine(ctx, api.KitchenHello{Token: key})
	if err != nil {
		return nil, err
	}
	w := &watcher{sights: newSights(c), line: line, device: device}
	if _, err := line.Next(); err != nil {
		w.end()
		return nil, fmt.Errorf("open screen: %w", err)
	}
	return w, nil
}

// read reads until end is called; anything else that ends the line is an error.
func (w *watcher) read() error {
	for {
		message, err := w.line.Next()
		if w.ended.Load() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("screen: %w", err)
		}
		w.note(message)
	}
}

func (w *watcher) end() {
	w.ended.Store(true)
	w.line.Close()
	w.device.Close()
}
