package outbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

const (
	// cursorName is the outbox's place in the journal.
	cursorName = "outbox"
	// unwritten is how many events without news are read before the cursor is written all the same: a house whose
	// guests all use the web page must not read its whole journal at every start.
	unwritten = 500
	// batch is how many events are read at once.
	batch = 500
)

// fill turns new events into deliveries. The deliveries of a batch and the cursor behind it are one write; batches
// without news cost one only now and then, so that after a crash a few events are read again that had nothing to tell.
func (r *run) fill(ctx context.Context) error {
	if err := r.locate(ctx); err != nil {
		return err
	}
	for {
		more, err := r.fillBatch(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// locate finds the place in the journal where an earlier run stopped.
func (r *run) locate(ctx context.Context) error {
	if r.known {
		return nil
	}
	err := r.store.Read(ctx, func(view edge.View) error {
		text, err := view.Cursor(cursorName)
		if err != nil || text == "" {
			return err
		}
		r.position, err = strconv.ParseInt(text, 10, 64)
		return err
	})
	if err != nil {
		return fmt.Errorf("read place in the journal: %w", err)
	}
	r.known, r.written = true, r.position
	r.reach(r.position)
	return nil
}

// reach moves the place in the journal up to which all is read, for this run and for those who ask.
func (r *run) reach(position int64) {
	r.position = position
	r.read.Store(position)
}

func (r *run) fillBatch(ctx context.Context) (more bool, err error) {
	var news []edge.Delivery
	position := r.position
	count := 0
	now := r.opt.Now()
	err = r.store.Read(ctx, func(view edge.View) error {
		news, position = nil, r.position
		events, err := view.Events(r.position, batch)
		if err != nil {
			return err
		}
		count = len(events)
		for _, e := range events {
			told, err := r.teller.News(view, e)
			if err != nil {
				return fmt.Errorf("find the news in event %d: %w", e.Seq, err)
			}
			news, position = append(news, redated(told, e, now)...), e.Seq
		}
		return nil
	})
	if err != nil || count == 0 {
		return false, err
	}
	news = newest(news)
	if len(news) > 0 || position-r.written >= unwritten {
		if err := r.store.Write(ctx, func(tx edge.Tx) error {
			for _, d := range news {
				if err := r.put(tx, d); err != nil {
					return err
				}
			}
			return tx.SetCursor(cursorName, strconv.FormatInt(position, 10))
		}); err != nil {
			return false, fmt.Errorf("queue %d deliveries: %w", len(news), err)
		}
		r.written = position
	}
	r.reach(position)
	return count == batch, nil
}

// redated moves the deadlines of an event that happened while the clock was wrong: it counts as happening now, better late
// than never.
func redated(told []edge.Delivery, e edge.Event, now time.Time) []edge.Delivery {
	for i := range told {
		if !e.Trusted && !told[i].Deadline.IsZero() {
			told[i].Deadline = told[i].Deadline.Add(now.Sub(e.At))
		}
	}
	return told
}

// newest drops what the same batch overtakes: of every lane and subject only the last delivery is kept, in its place.
func newest(all []edge.Delivery) []edge.Delivery {
	type about struct {
		lane    string
		subject edge.ID
	}
	last := map[about]int{}
	for i, d := range all {
		last[about{d.Lane, d.Subject}] = i
	}
	var kept []edge.Delivery
	for i, d := range all {
		if last[about{d.Lane, d.Subject}] == i {
			kept = append(kept, d)
		}
	}
	return kept
}

// put appends a delivery to its lane in place of one about the same subject that still waits. News from too long ago
// are not even queued. A lane that was told to wait keeps waiting.
func (r *run) put(tx edge.Tx, d edge.Delivery) error {
	now := r.opt.Now()
	waiting, err := tx.UnsentDelivery(d.Lane, d.Subject)
	replaces := err == nil
	if err != nil && !errors.Is(err, edge.ErrNotFound) {
		return err
	}
	if expired(d, now) {
		return nil
	}
	d.Seq, d.State, d.Attempts, d.Created = 0, edge.DeliveryWaiting, 0, now
	if replaces {
		if throttled(waiting) {
			d.NextTry = waiting.NextTry
		}
		waiting.State, waiting.Ended = edge.DeliveryReplaced, now
		if _, err := tx.PutDelivery(waiting); err != nil {
			return err
		}
	}
	_, err = tx.PutDelivery(d)
	return err
}
