package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// The waits between attempts.
const (
	firstWait    = time.Second
	longestWait  = 5 * time.Minute
	settingsWait = 3 * time.Minute
	longestProbe = time.Minute
)

// crashMark stands in an outcome for each crash in a row while the delivery was under way. A crash does not count as the
// one unknown outcome after which a delivery is given up: it says nothing about the platform.
const crashMark = "the device stopped while this was sent"

// maxCrashes bounds these crashes: a delivery that makes the device crash must not do so for ever.
const maxCrashes = 5

// unknownMark stands in an outcome once it was unknown whether an attempt arrived.
var unknownMark = channel.KindUnknownOutcome.String()

// backoff doubles the wait from failure to failure, up to longest, and spreads it by ±25 % so that lanes do not come
// back all at once.
func backoff(failures int, longest time.Duration, random float64) time.Duration {
	wait := longest
	if failures < 30 {
		wait = min(firstWait<<max(failures-1, 0), longest)
	}
	return time.Duration(float64(wait) * (0.75 + random/2))
}

func expired(d edge.Delivery, now time.Time) bool {
	return !d.Deadline.IsZero() && !now.Before(d.Deadline)
}

// throttled says whether a waiting delivery waits because the platform asked its lane to.
func throttled(d edge.Delivery) bool {
	return strings.HasPrefix(d.Outcome, channel.KindThrottled.String())
}

// settle is the delivery after an attempt that ended with err: over, or waiting for its next try.
func settle(d edge.Delivery, err error, now time.Time, random float64) edge.Delivery {
	before := strings.Contains(d.Outcome, unknownMark)
	kind := channel.KindOf(err)
	d.Outcome = ""
	if err != nil {
		d.Outcome = kind.String() + ": " + channel.Words(err)
	}
	if before && kind != channel.KindNone && kind != channel.KindUnknownOutcome {
		d.Outcome += " (" + unknownMark + " before)"
	}
	switch kind {
	case channel.KindNone:
		return over(d, edge.DeliverySent, now)
	case channel.KindGuestGone, channel.KindRejected, channel.KindTooLate:
		return over(d, edge.DeliveryRefused, now)
	case channel.KindUnknownOutcome:
		if before {
			// Once more was tried already. A third copy would help nobody.
			return over(d, edge.DeliveryRefused, now)
		}
		return again(d, now, backoff(d.Attempts, longestWait, random))
	case channel.KindThrottled:
		return again(d, now, max(channel.RetryAfter(err), firstWait))
	case channel.KindSettings:
		return again(d, now, 0) // the channel waits, see health
	default:
		return again(d, now, max(channel.RetryAfter(err), backoff(d.Attempts, longestWait, random)))
	}
}

func over(d edge.Delivery, state edge.DeliveryState, now time.Time) edge.Delivery {
	d.State, d.Ended, d.NextTry = state, now, time.Time{}
	return d
}

// again lets a delivery wait, but never past its deadline: then it is dropped at once instead of lingering.
func again(d edge.Delivery, now time.Time, wait time.Duration) edge.Delivery {
	d.State, d.NextTry = edge.DeliveryWaiting, now.Add(wait)
	if !d.Deadline.IsZero() && d.NextTry.After(d.Deadline) {
		d.NextTry = d.Deadline
	}
	return d
}

// settleAll writes down in one transaction how attempts went, and learns from them how the channels are.
func (r *run) settleAll(ctx context.Context) error {
	if len(r.unsettled) == 0 {
		return nil
	}
	now := r.opt.Now()
	settled := make([]edge.Delivery, len(r.unsettled))
	for i, got := range r.unsettled {
		settled[i] = settle(got.delivery, got.err, now, r.opt.Random())
	}
	revived := r.revivable()
	err := r.store.Write(ctx, func(tx edge.Tx) error {
		for _, d := range settled {
			if err := collapse(tx, d, now); err != nil {
				return err
			}
		}
		return revive(tx, revived, now)
	})
	if err != nil {
		return fmt.Errorf("settle %d deliveries: %w", len(settled), err)
	}
	for i, got := range r.unsettled {
		r.learn(settled[i], got.err, now)
	}
	r.unsettled = nil
	return nil
}

// collapse writes a settled delivery; one that would wait although a newer one about the same subject is there has
// been overtaken while it was under way.
func collapse(tx edge.Tx, d edge.Delivery, now time.Time) error {
	if d.State == edge.DeliveryWaiting {
		newer, err := tx.UnsentDelivery(d.Lane, d.Subject)
		switch {
		case err == nil && newer.Seq > d.Seq:
			if throttled(d) {
				newer.NextTry = d.NextTry
				if _, err := tx.PutDelivery(newer); err != nil {
					return err
				}
			}
			d = over(d, edge.DeliveryReplaced, now)
		case err != nil && !errors.Is(err, edge.ErrNotFound):
			return err
		}
	}
	_, err := tx.PutDelivery(d)
	return err
}

// allLanes is more lanes than a restaurant has, far is later than any next try.
const allLanes = 100_000

func far(now time.Time) time.Time { return now.AddDate(100, 0, 0) }

// recover takes up deliveries that were under way when an earlier run ended. Nobody knows whether they arrived.
func (r *run) recover(ctx context.Context) error {
	now := r.opt.Now()
	return r.store.Write(ctx, func(tx edge.Tx) error {
		heads, err := tx.DueDeliveries(far(now), allLanes)
		if err != nil {
			return err
		}
		for _, d := range heads {
			if d.State != edge.DeliverySending {
				continue
			}
			d = crashed(d, now)
			if err := collapse(tx, d, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// crashed is a delivery that was under way when the device stopped. What the attempts before came to stays in its
// outcome, because that decides about the next ones.
func crashed(d edge.Delivery, now time.Time) edge.Delivery {
	d.Outcome = strings.TrimPrefix(d.Outcome+"; "+crashMark, "; ")
	if strings.Count(d.Outcome, crashMark) >= maxCrashes {
		return over(d, edge.DeliveryRefused, now)
	}
	return again(d, now, 0)
}
