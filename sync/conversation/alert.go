package conversation

import (
	"context"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// alert is what about an order is said in a message of its own, because a rewritten card may go unnoticed.
type alert struct {
	// mark is "" for nothing to say. It differs each time it happens anew: an order that was brought back and is ready
	// again calls again.
	mark string
	// delay: the guest has only to know, not to do anything. It is said without a sound.
	delay bool
}

func (a alert) silent() bool { return a.mark == "" || a.delay }

// alertOf is what the order calls for now. What is ready is late no more.
func alertOf(o edge.Order) alert {
	mark := func(at time.Time) alert { return alert{mark: fmt.Sprintf("%s@%d", o.State, at.UnixMilli())} }
	switch {
	case o.State == edge.OrderStateReady:
		return mark(o.Ready)
	case o.State == edge.OrderStateRejected:
		return mark(o.Ended)
	case o.State == edge.OrderStateCancelled && o.Reason != reasonWithdrawn:
		return mark(o.Ended)
	case delayed(o):
		return alert{mark: fmt.Sprintf("delayed@%d", o.Delayed.UnixMilli()), delay: true}
	default:
		return alert{}
	}
}

// delayed reports whether the order takes longer than the guest was told. A course that was fired since has a time of
// its own.
func delayed(o edge.Order) bool {
	cooking := o.State == edge.OrderStateAccepted || o.State == edge.OrderStatePreparing
	return cooking && !o.Delayed.IsZero() && (o.Expected == nil || !o.Delayed.Before(o.Expected.To))
}

// alert says it, and keeps that it was said.
func (t telling) alert(ctx context.Context, voice speaker, o edge.Order, a alert, after toldNote) error {
	intent, words := "order_alert", "alert_"+string(o.State)
	if a.delay {
		intent, words = "order_delayed", "alert_delayed"
	}
	m := channel.Message{
		Intent: intent, Params: map[string]string{"order": o.Number, "state": string(o.State)},
		Text: voice.say(words, values{"Number": o.Number}), Silent: a.delay, Language: voice.language,
	}
	if _, err := t.send(ctx, "alert", m); err != nil {
		return err
	}
	return unsure(t.store.Write(ctx, func(tx edge.Tx) error {
		return putTold(tx, t.delivery.Lane, t.delivery.Subject, after)
	}))
}
