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

// look is one kitchen screen that notes when it sees which order for the first time.
type look struct {
	line   *client.Line
	device *client.Client
	ended  atomic.Bool
	seen   atomic.Int64 // how many orders
	frames []time.Duration
}

// mark begins the number by which an order is known again in a frame. It stands in the order's note, which both
// servers show on screens.
const (
	mark       = "load-order-"
	markDigits = 7
)

func noteOf(number int64) string { return fmt.Sprintf("%s%0*d", mark, markDigits, number) }

// connect opens all screens and waits until each has its start state.
func (c *course) connect(ctx context.Context) ([]*look, error) {
	var looks []*look
	for range c.screens {
		device, err := client.New(c.url, client.Options{})
		if err != nil {
			return nil, err
		}
		line, err := device.KitchenLine(ctx, api.KitchenHello{Token: c.house.screen})
		if err != nil {
			return nil, err
		}
		looks = append(looks, &look{line: line, device: device})
		if _, err := line.Next(); err != nil {
			return nil, fmt.Errorf("open screen: %w", err)
		}
	}
	return looks, nil
}

// look reads frames until the line is closed. It does not decode them: that would measure this program.
func (s *look) look(c *course) error {
	known := make([]bool, most)
	for {
		frame, err := s.line.Next()
		if s.ended.Load() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("screen: %w", err)
		}
		now := time.Since(c.begin)
		for {
			i := bytes.Index(frame, []byte(mark))
			if i < 0 || len(frame) < i+len(mark)+markDigits {
				break
			}
			frame = frame[i+len(mark):]
			number, err := strconv.ParseInt(string(frame[:markDigits]), 10, 64)
			if err != nil || number >= most || known[number] {
				continue
			}
			known[number] = true
			s.seen.Add(1)
			if sent := time.Duration(c.sent[number].Load()); c.counts(sent) {
				s.frames = append(s.frames, now-sent)
			}
		}
	}
}

func (s *look) end() {
	s.ended.Store(true)
	s.line.Close()
	s.device.Close()
}

// awaitFrames waits up to a second until the screens have seen as many orders together, and gives how many they
// have.
func awaitFrames(looks []*look, wanted int) int {
	for deadline := time.Now().Add(time.Second); ; time.Sleep(5 * time.Millisecond) {
		seen := 0
		for _, s := range looks {
			seen += int(s.seen.Load())
		}
		if seen >= wanted || time.Now().After(deadline) {
			return min(seen, wanted)
		}
	}
}
