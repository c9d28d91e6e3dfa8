package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
)

// silence is how long a device may say nothing before its line counts as dead (kitchen-protocol.md, Following).
const silence = 5 * time.Second

// tail follows a kitchen and shows each message, and how the line stands.
type tail struct {
	stations []string
	once     bool
	show     func(kind string, message []byte) error
	notices  io.Writer // where the line's news go
	steady   func() time.Time

	heard time.Time // when the last message came, zero before the first
	dead  bool
}

// news is what comes of a screen.
type news struct {
	messages chan []byte
	lost     chan error
	ended    chan error
}

// follow runs the screen until ctx ends, or there is nothing to be had.
func (t *tail) follow(ctx context.Context, screen *client.Screen) error {
	ctx, cancel := context.WithCancel(ctx)
	n := news{make(chan []byte), make(chan error), make(chan error, 1)}
	screen.Heard = func(message []byte) { pass(ctx, n.messages, bytes.Clone(message)) }
	screen.Lost = func(err error) { pass(ctx, n.lost, err) }
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.ended <- screen.Serve(ctx)
	}()
	err := t.listen(ctx, n)
	cancel()
	<-done
	return err
}

func pass[T any](ctx context.Context, to chan<- T, v T) {
	select {
	case to <- v:
	case <-ctx.Done():
	}
}

var errOnce = errors.New("seen once")

func (t *tail) listen(ctx context.Context, n news) error {
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case message := <-n.messages:
			quiet.Reset(silence)
			if err := t.message(message); err != nil {
				if errors.Is(err, errOnce) {
					return nil
				}
				return err
			}
		case err := <-n.lost:
			if t.heard.IsZero() && !errors.Is(err, context.Canceled) {
				return t.refused(err, n.ended)
			}
		case <-quiet.C:
			t.silent()
		case err := <-n.ended:
			return err
		}
	}
}

// refused is why nothing ever came. When the screen gives up by itself, it knows better.
func (t *tail) refused(err error, ended <-chan error) error {
	select {
	case gaveUp := <-ended:
		return gaveUp
	case <-time.After(200 * time.Millisecond): // the screen has had the time to say that it gives up
		return fmt.Errorf("reach the device: %w", err)
	}
}

func (t *tail) message(message []byte) error {
	var head struct {
		Type     string         `json:"type"`
		Stations []edge.Station `json:"stations"`
	}
	if err := json.Unmarshal(message, &head); err != nil {
		return fmt.Errorf("read what the device says: %w", err)
	}
	if t.dead {
		fmt.Fprintf(t.notices, "*** THE LINE IS BACK after %s ***\n", ago(t.steady().Sub(t.heard)))
	}
	t.heard, t.dead = t.steady(), false
	if head.Type == "snapshot" {
		if err := t.known(head.Stations); err != nil {
			return err
		}
	}
	if err := t.show(head.Type, message); err != nil {
		return err
	}
	if t.once {
		return errOnce
	}
	return nil
}

// known checks that the stations that are asked for are there: of others nothing would ever come.
func (t *tail) known(stations []edge.Station) error {
	var ids []string
	for _, s := range stations {
		ids = append(ids, plain(s.ID))
	}
	for _, id := range t.stations {
		if !slices.Contains(ids, id) {
			return usage{fmt.Errorf("there is no station %q; there are %s", id, strings.Join(ids, ", "))}
		}
	}
	return nil
}

// silent says, once, that what is above may be old.
func (t *tail) silent() {
	if t.dead || t.heard.IsZero() {
		return
	}
	t.dead = true
	fmt.Fprintf(t.notices, "*** NO WORD FROM THE DEVICE for %s: what is above may be out of date ***\n", ago(t.steady().Sub(t.heard)))
}

// raw shows messages as they are.
type raw struct{ to io.Writer }

func (r *raw) show(_ string, message []byte) error {
	_, err := fmt.Fprintln(r.to, plainJSON(message))
	return err
}

// show works a message in; what it does not know it ignores, as the protocol asks.
func (b *board) show(kind string, message []byte) error {
	switch kind {
	case "snapshot":
		return with(message, func(m *api.KitchenSnapshot) { b.snapshot(m) })
	case "changes":
		return with(message, func(m *api.KitchenChanges) {
			b.tell(m.Now, false)
			b.change(m.Tickets, m.Orders, m.Stock)
		})
	case "change":
		return with(message, func(m *live.KitchenChange) {
			b.tell(m.Now, false)
			b.change(m.Tickets, m.Orders, m.Stock)
		})
	case "tick":
		return with(message, func(m *api.Tick) {
			b.tell(m.Now, false)
			b.clock()
		})
	case "menu":
		return with(message, func(m *api.KitchenMenu) {
			b.menu(m.Stations, m.Items)
			b.printf("a new menu is out\n")
		})
	default:
		return nil
	}
}

func with[T any](message []byte, work func(*T)) error {
	var m T
	if err := json.Unmarshal(message, &m); err != nil {
		return fmt.Errorf("read what the device says: %w", err)
	}
	work(&m)
	return nil
}
