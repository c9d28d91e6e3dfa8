package outbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// maxDue is how many lanes are looked at at once.
const maxDue = 1000

// choice is what is to be done with the due deliveries.
type choice struct {
	expired, send []edge.Delivery
}

func (c choice) empty() bool { return len(c.expired) == 0 && len(c.send) == 0 }

// dispatch drops what is past its deadline and starts sending what is due, as far as senders are free.
func (r *run) dispatch(ctx context.Context) error {
	for {
		dropped, err := r.dispatchOnce(ctx)
		if err != nil || !dropped {
			return err
		}
		// What was dropped may have stood before something that is due.
	}
}

func (r *run) dispatchOnce(ctx context.Context) (dropped bool, err error) {
	now := r.opt.Now()
	var chosen choice
	pick := func(view edge.View) error {
		due, err := view.DueDeliveries(now, maxDue)
		chosen = r.choose(due, now)
		return err
	}
	if err := r.store.Read(ctx, pick); err != nil || chosen.empty() {
		return false, err
	}
	// Chosen again inside the transaction: an answer to a guest may have been put since.
	err = r.store.Write(ctx, func(tx edge.Tx) error {
		if err := pick(tx); err != nil {
			return err
		}
		for _, d := range chosen.expired {
			if _, err := tx.PutDelivery(over(d, edge.DeliveryExpired, now)); err != nil {
				return err
			}
		}
		for i := range chosen.send {
			d := &chosen.send[i]
			d.State = edge.DeliverySending
			d.Attempts++
			// Not due again while it is under way, whatever happens to this run.
			d.NextTry = now.Add(r.opt.Timeout + r.opt.Grace + time.Minute)
			if _, err := tx.PutDelivery(*d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("claim deliveries: %w", err)
	}
	for _, d := range chosen.expired {
		r.healthOf(channelOf(d.Lane)).counts.expired++
	}
	for _, d := range chosen.send {
		r.send(d)
	}
	return len(chosen.expired) > 0, nil
}

// choose sorts due deliveries, of which there is one per lane. Where a channel is out of reach one lane tries for all,
// the one that tried least so far: a lane with a trouble of its own must not stand for the others.
func (r *run) choose(due []edge.Delivery, now time.Time) choice {
	var c choice
	free := r.opt.Parallel - len(r.inflight)
	busy := map[string]int{}
	for _, name := range r.inflight {
		busy[name]++
	}
	slices.SortStableFunc(due, func(a, b edge.Delivery) int {
		return cmp.Compare(r.patience(a), r.patience(b))
	})
	for _, d := range due {
		if _, sending := r.inflight[d.Lane]; sending || d.State == edge.DeliverySending {
			continue
		}
		if expired(d, now) {
			c.expired = append(c.expired, d)
			continue
		}
		name := channelOf(d.Lane)
		h := r.healthOf(name)
		if free == 0 || now.Before(h.until) || (h.single() && busy[name] > 0) {
			continue
		}
		c.send = append(c.send, d)
		free--
		busy[name]++
	}
	return c
}

// patience orders lanes of a troubled channel by their attempts; healthy channels keep the order of the deliveries.
func (r *run) patience(d edge.Delivery) int {
	if r.healthOf(channelOf(d.Lane)).single() {
		return d.Attempts
	}
	return 0
}

// send starts one attempt.
func (r *run) send(d edge.Delivery) {
	r.inflight[d.Lane] = channelOf(d.Lane)
	r.senders.Go(func() {
		ctx, cancel := context.WithTimeout(r.attempts, r.opt.Timeout)
		defer cancel()
		r.results <- result{delivery: d, err: r.deliver(ctx, d)}
	})
}

// deliver turns a panic of the teller into an unknown outcome: one broken message must not silence all others.
func (r *run) deliver(ctx context.Context, d edge.Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &channel.Error{Kind: channel.KindUnknownOutcome, Words: "our own program broke", Err: fmt.Errorf("deliver: %v", p)}
		}
	}()
	return r.teller.Deliver(ctx, d)
}
