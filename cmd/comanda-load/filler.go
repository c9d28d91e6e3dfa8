package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// Long orders fill the lines of screens that do not read, up to the last byte that both ends' kernels keep for them.
// Before that, a screen that is stuck looks like any other.
const (
	fillerLines = 40 // the most an order may have
	fillerNote  = edge.MaxLineNote
	// fillerFrame is what such an order takes in a frame, at least: its dish is made at two stations, and six bytes
	// stand for each "<" in JSON.
	fillerFrame = 2 * 6 * fillerLines * fillerNote
	// sendBufferUsual is Linux's own bound of what waits in a sender's kernel.
	sendBufferUsual = 4 << 20
	fillersAtOnce   = 8
)

// fillers is how many long orders fill a line.
func fillers() int {
	most := sendBufferUsual
	if raw, err := os.ReadFile("/proc/sys/net/ipv4/tcp_wmem"); err == nil {
		if f := strings.Fields(string(raw)); len(f) == 3 {
			if n, err := strconv.Atoi(f[2]); err == nil {
				most = n
			}
		}
	}
	return (most+4*unreadBytes)/fillerFrame + 1
}

func fillerOrder(menu int64, key string) api.OrderBody {
	body := api.OrderBody{Key: key, MenuVersion: menu}
	for range fillerLines {
		body.Lines = append(body.Lines, edge.LineRequest{
			Item: "schnitzel", Quantity: 1, Modifiers: []edge.ModifierRequest{{ID: "side-fries"}}, Note: strings.Repeat("<", fillerNote),
		})
	}
	return body
}

// fill places the long orders of a round, from the last guests of the house.
func (c *crowd) fill(ctx context.Context, round int) []edge.ID {
	placed := make([]edge.ID, fillers())
	var wg sync.WaitGroup
	turn := make(chan struct{}, fillersAtOnce)
	for i := range placed {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			guest := c.phones.Guest(c.house.guests[len(c.house.guests)-1-i%len(c.house.guests)])
			receipt, _, err := guest.Place(ctx, fillerOrder(c.house.menu, fmt.Sprintf("filler-%d-%d", round, i)))
			c.fail(err)
			placed[i] = receipt.Order
		})
	}
	wg.Wait()
	return placed
}

// clear serves the long orders of a round.
func (c *crowd) clear(ctx context.Context, round int, placed []edge.ID) {
	var wg sync.WaitGroup
	for i, s := range c.hands {
		wg.Go(func() {
			for n := i; n < len(placed); n += len(c.hands) {
				c.fail(s.serveOrder(ctx, fmt.Sprintf("filled-%d-%d", round, n), placed[n]))
			}
		})
	}
	wg.Wait()
}
