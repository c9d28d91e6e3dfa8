package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// screen is a kitchen screen that keeps what it shows, connects again whenever the line breaks, and can be made to
// misbehave: to stop reading, or to lose its line. It notes how every line ended.
type screen struct {
	device   *client.Client
	key      string
	stations []string
	// heard is told of every message as it comes; nil for nobody.
	heard func(message []byte)

	mu      sync.Mutex // guards all below
	line    *client.Line
	epoch   string
	presses map[string]*press // not answered yet, by key
	asleep  chan struct{}     // closed when it reads again; nil while it does
	ends    []int             // close codes, in order; 1006 for a line that just broke
	resumed int               // how often it was told what it missed
	whole   int               // how often it was told everything
	board
}

// newScreen makes a screen of the stations, none for all. What its kernel keeps unread is bounded, for it would grow
// to megabytes with what once came in fast.
func newScreen(url, key string, stations ...string) (*screen, error) {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: narrow}
	device, err := client.New(url, client.Options{Dial: dialer.DialContext})
	if err != nil {
		return nil, err
	}
	return &screen{device: device, key: key, stations: stations, presses: map[string]*press{}, board: newBoard()}, nil
}

// unreadBytes is what a screen's kernel may keep unread.
const unreadBytes = 64 << 10

func narrow(_, _ string, raw syscall.RawConn) error {
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, unreadBytes)
	})
	return errors.Join(err, failed)
}

// backOff is how long a screen waits before it connects again.
const backOff = 250 * time.Millisecond

// serve keeps the screen connected until ctx ends.
func (s *screen) serve(ctx context.Context) {
	defer s.device.Close()
	for ctx.Err() == nil {
		if code, opened := s.follow(ctx); opened && ctx.Err() == nil {
			s.mu.Lock()
			s.ends = append(s.ends, code)
			s.mu.Unlock()
		}
		select {
		case <-ctx.Done():
		case <-time.After(backOff):
		}
	}
}

// follow is one line from hello to its end; opened says whether the device let the screen in.
func (s *screen) follow(ctx context.Context) (code int, opened bool) {
	s.mu.Lock()
	hello := api.KitchenHello{Token: s.key, Stations: s.stations, Since: s.seq, Epoch: s.epoch}
	s.mu.Unlock()
	line, err := s.device.KitchenLine(ctx, hello)
	if err != nil {
		return 0, false
	}
	stop := context.AfterFunc(ctx, line.Close)
	defer stop()
	defer line.Close()
	defer s.lost()
	for {
		s.rest(ctx)
		raw, err := line.Next()
		if err == nil {
			err = s.take(line, raw, &opened)
		}
		if err != nil {
			return closeCode(err), opened
		}
	}
}

// closeCode is how a line ended; 1006 stands for an end without a code (RFC 6455, 7.4.1).
func closeCode(err error) int {
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		return closed.Code
	}
	return websocket.CloseAbnormalClosure
}

// rest waits while the screen sleeps.
func (s *screen) rest(ctx context.Context) {
	s.mu.Lock()
	asleep := s.asleep
	s.mu.Unlock()
	if asleep == nil {
		return
	}
	select {
	case <-asleep:
	case <-ctx.Done():
	}
}

// sleep makes the screen stop reading until wake is called. What it is reading at the moment it still takes.
func (s *screen) sleep() (wake func()) {
	asleep := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asleep = asleep
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asleep = nil
		close(asleep)
	})
}

// cut breaks the screen's line, if it has one; it comes back by itself.
func (s *screen) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line != nil {
		s.line.Close()
	}
}

func (s *screen) lost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = nil
}

// take works a message in.
func (s *screen) take(line *client.Line, raw []byte, opened *bool) error {
	if s.heard != nil {
		s.heard(raw)
	}
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m.Type {
	case "snapshot", "changes":
		if m.Type == "snapshot" {
			s.whole++
			s.clear()
		} else {
			s.resumed++
		}
		s.epoch, *opened, s.line = m.Epoch, true, line
		s.put(m)
		return s.pressAgain()
	case "change":
		s.put(m)
	case "tick":
		s.seq = max(s.seq, m.Seq)
	case "done":
		s.answer(m.Key, nil)
	case "refused":
		s.answer(m.Key, &client.Refusal{Problem: api.Problem{Code: m.Code, Detail: m.Message}})
	default: // a newer device may say more
	}
	return nil
}

// message is any of the device's messages, as far as a screen needs it.
type message struct {
	Type    string              `json:"type"`
	Seq     int64               `json:"seq"`
	Epoch   string              `json:"epoch"`
	Tickets []edge.Ticket       `json:"tickets"`
	Orders  []live.KitchenOrder `json:"orders"`
	Key     string              `json:"key"`
	Code    string              `json:"code"`
	Message string              `json:"message"`
}

// lineEnds is what became of a screen's lines so far.
type lineEnds struct {
	codes          []int
	resumed, whole int
}

func (s *screen) lines() lineEnds {
	s.mu.Lock()
	defer s.mu.Unlock()
	return lineEnds{codes: append([]int(nil), s.ends...), resumed: s.resumed, whole: s.whole}
}

// at is the newest record the screen has been told of.
func (s *screen) at() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}
