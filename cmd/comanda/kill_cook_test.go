package main_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
)

// killCook bumps and recalls the tickets that are theirs, one press after the other, and writes down what the
// device has acknowledged.
type killCook struct {
	t      *testing.T
	number int

	// What follows belongs to cook until it returns.
	done           map[edge.ID]bool // by the last acknowledged press
	bumps, recalls int
}

// cook works until stop. The screen sends a press again until it is answered, so a press is never in doubt.
func (c *killCook) cook(ctx context.Context, screen *client.Screen, stop <-chan struct{}) {
	for presses := 0; !stopped(stop) && ctx.Err() == nil; {
		ticket, ok := c.choose(screen.Tickets())
		if !ok {
			time.Sleep(5 * time.Millisecond) // nothing to do yet: orders come when guests like
			continue
		}
		presses++
		if c.press(ctx, screen, "bump", presses, ticket) {
			c.done[ticket] = true
			c.bumps++
		}
		if rand.IntN(5) == 0 {
			presses++
			if c.press(ctx, screen, "recall", presses, ticket) {
				c.done[ticket] = false
				c.recalls++
			}
		}
	}
}

// choose takes any of the cook's own tickets, so that two cooks never press on the same.
func (c *killCook) choose(tickets []edge.Ticket) (edge.ID, bool) {
	var mine []edge.ID
	for _, t := range tickets {
		hash := fnv.New32a()
		hash.Write([]byte(t.ID))
		if int(hash.Sum32()%killCooks) == c.number && !c.done[t.ID] {
			mine = append(mine, t.ID)
		}
	}
	if len(mine) == 0 {
		return "", false
	}
	return mine[rand.IntN(len(mine))], true
}

// press presses until the device has carried it out.
func (c *killCook) press(ctx context.Context, screen *client.Screen, kind string, n int, ticket edge.ID) bool {
	key := fmt.Sprintf("cook-%d-%05d", c.number, n)
	for ctx.Err() == nil {
		_, err := screen.Press(ctx, kind, key, ticket)
		switch {
		case err == nil:
			return true
		case client.CodeOf(err) == "too_often":
			time.Sleep(50 * time.Millisecond) // as the device asks
		default:
			c.t.Errorf("%s of ticket %s: %v", kind, ticket, err)
			return false
		}
	}
	return false
}
