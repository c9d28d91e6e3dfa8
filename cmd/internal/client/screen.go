package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// Screen is a kitchen screen that keeps up with the device: it connects again whenever the line breaks, resumes
// where it was, and sends presses until they are answered. Serve must run while the other methods are used.
type Screen struct {
	// Patience is the longest wait between two attempts to connect, 0 for two seconds. Set it, and what follows,
	// before Serve.
	Patience time.Duration
	// Expo asks for every order that is not over, as the pass needs it.
	Expo bool
	// Watch says that nobody looks: the device does not count it as a screen.
	Watch bool
	// Heard is given every message of the device as it came, in order, before the screen works it in. The bytes are
	// good until it returns, and nothing is read from the line until then. It must not call the screen.
	Heard func(message []byte)
	// Lost is told how each connection ended, or each attempt at one, but for those that the end of Serve's context
	// breaks off.
	Lost func(err error)

	client   *Client
	key      string
	stations []string

	mu      sync.Mutex // guards all below
	line    *Line      // nil while not connected
	epoch   string
	seq     int64
	tickets map[edge.ID]edge.Ticket // open and done ones
	presses map[string]*press       // not answered yet, by key
	resumed int
}

// press is on its way until answer has been given.
type press struct {
	message any
	answer  chan pressed // room for one
}

type pressed struct {
	seq int64
	err error
}

// Screen makes a screen of the stations, none for what the device was paired for.
func (c *Client) Screen(key string, stations ...string) *Screen {
	return &Screen{
		client: c, key: key, stations: stations, tickets: map[edge.ID]edge.Ticket{},
		presses: map[string]*press{},
	}
}

// The close codes after which connecting again is useless: the hello or a message was not understood, the key is
// not known, the key was taken away.
var hopeless = []int{closeBad, 4401, 4403}

const closeBad = 4400

// ErrKeyRefused says that the device does not know the key, has taken it away, or does not let its role do this:
// without a new pairing there is nothing to be had.
var ErrKeyRefused = errors.New("the device does not accept this key")

const (
	backOffFirst = 50 * time.Millisecond
	backOffMost  = 2 * time.Second
)

// Serve keeps the screen connected until ctx ends, then gives nil. It errs when the device will never let this
// screen in.
func (s *Screen) Serve(ctx context.Context) error {
	wait, most := backOffFirst, cmp.Or(s.Patience, backOffMost)
	for ctx.Err() == nil {
		opened, err := s.follow(ctx)
		if s.Lost != nil && ctx.Err() == nil {
			s.Lost(err)
		}
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok && slices.Contains(hopeless, closed.Code) {
			if closed.Code != closeBad {
				err = fmt.Errorf("%w: %w", ErrKeyRefused, err)
			}
			return fmt.Errorf("follow the kitchen: %w", err)
		}
		if opened {
			wait = backOffFirst
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait/2 + rand.N(wait/2)):
		}
		wait = min(2*wait, most)
	}
	return nil
}

// follow is one connection; opened says that the device let the screen in.
func (s *Screen) follow(ctx context.Context) (opened bool, err error) {
	s.mu.Lock()
	hello := api.KitchenHello{Token: s.key, Stations: s.stations, Expo: s.Expo, Watch: s.Watch, Since: s.seq, Epoch: s.epoch}
	s.mu.Unlock()
	line, err := s.client.KitchenLine(ctx, hello)
	if err != nil {
		return false, err
	}
	stop := context.AfterFunc(ctx, line.Close)
	defer stop()
	defer line.Close()
	defer s.lost()
	for {
		raw, err := line.Next()
		if err != nil {
			return opened, err
		}
		if s.Heard != nil {
			s.Heard(raw)
		}
		opens, err := s.take(raw)
		if err != nil {
			return opened, err
		}
		if opens && !opened {
			opened = true
			if err := s.resume(line); err != nil {
				return opened, err
			}
		}
	}
}

// resume makes the line the present one and sends again what was not answered.
func (s *Screen) resume(line *Line) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = line
	for _, p := range s.presses {
		if err := line.Send(p.message); err != nil {
			return err
		}
	}
	return nil
}

func (s *Screen) lost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = nil
}

// Press is work on a ticket: kind is start, bump or recall. It returns the device's answer, however often the line
// breaks before; the same key is never carried out twice. When ctx ends first, the outcome is unknown.
func (s *Screen) Press(ctx context.Context, kind, key string, ticket edge.ID) (int64, error) {
	return s.Send(ctx, key, api.KitchenPress{Type: kind, Key: key, Ticket: ticket})
}

// OrderPress is work on a whole order: kind is serve or accept.
func (s *Screen) OrderPress(ctx context.Context, kind, key string, order edge.ID) (int64, error) {
	return s.Send(ctx, key, api.KitchenOrderPress{Type: kind, Key: key, Order: order})
}

// Send is any message that does something, whose key is given once more; the answer is that of [Screen.Press].
func (s *Screen) Send(ctx context.Context, key string, message any) (int64, error) {
	p := &press{message: message, answer: make(chan pressed, 1)}
	s.mu.Lock()
	if _, twice := s.presses[key]; twice {
		s.mu.Unlock()
		return 0, fmt.Errorf("press %s: it is on its way already", key)
	}
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
	case a := <-p.answer:
		return a.seq, a.err
	case <-ctx.Done():
		return 0, fmt.Errorf("wait for the answer to press %s: %w", key, ctx.Err())
	}
}

// Tickets are the open ones the screen shows, oldest first.
func (s *Screen) Tickets() []edge.Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []edge.Ticket
	for _, t := range s.tickets {
		if t.State.Open() {
			open = append(open, t)
		}
	}
	slices.SortFunc(open, func(a, b edge.Ticket) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return open
}

// Seq is the newest record the screen has been told of, 0 before it was ever connected.
func (s *Screen) Seq() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}

// Resumed counts how often the screen went on where it was, without being told everything anew.
func (s *Screen) Resumed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resumed
}
