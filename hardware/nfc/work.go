package nfc

import (
	"context"
	"errors"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

const (
	// attempts bounds how often one arrival is tried when the tag answers badly. All together last longer than a reader
	// that asks every 400 ms takes to notice that a tag was exchanged.
	attempts = 6
	// retryPause lets another program finish, or a hand come closer.
	retryPause = 100 * time.Millisecond
)

// job is card work for one arrival. It runs in a goroutine of its own, one at a time per reader.
type job struct {
	reader string
	seq    uint64
	start  time.Time
	// claim is the caller of Do whose work this is; nil for reading a tap.
	claim *claim
}

// result is what came of a job.
type result struct {
	job
	content TagContent
	err     error
	// begun says that the caller of Do got its card.
	begun bool
}

// again reports whether the caller of Do should get the next card, because this one could not even be opened.
func (r result) again() bool { return r.claim != nil && !r.begun && worthRepeating(r.err) }

// run does the work. It returns soon after ctx ends because cards do.
func (j job) run(ctx context.Context, b Backend) result {
	r := result{job: j}
	if j.claim != nil {
		r.begun, r.err = j.serve(ctx, b)
		return r
	}
	for n := range attempts {
		r.content, r.err = j.read(ctx, b, n > 0)
		if !worthRepeating(r.err) || ctx.Err() != nil {
			break
		}
		sleep(ctx, retryPause)
	}
	return r
}

func worthRepeating(err error) bool {
	return errors.Is(err, ErrNoCard) || errors.Is(err, ErrBusy) || errors.Is(err, ErrCardReset) || errors.Is(err, ErrCardMute) ||
		errors.Is(err, ErrCardSwapped) || errors.Is(err, apdu.ErrShort) || apdu.Refused(err)
}

// read reads the tag once; again says that a refusal may have silenced it.
func (j job) read(ctx context.Context, b Backend, again bool) (TagContent, error) {
	card, err := b.Connect(ctx, j.reader)
	if err != nil {
		return TagContent{}, err
	}
	defer card.Close()
	if again {
		if err := card.Reset(ctx); err != nil {
			return TagContent{}, err
		}
	}
	return ReadTag(ctx, card)
}

// serve hands the card to a caller of Do. Only opening it is repeated: the caller's work is not ours to repeat.
func (j job) serve(ctx context.Context, b Backend) (begun bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(j.claim.ctx, cancel)
	defer stop()
	for range attempts {
		var card Connection
		if card, err = j.open(ctx, b); err == nil {
			defer card.Close()
			return true, j.claim.work(ctx, card)
		}
		if !worthRepeating(err) || ctx.Err() != nil {
			break
		}
		sleep(ctx, retryPause)
	}
	return false, err
}

// open returns a card that answers. A reader may still show one that has been exchanged or taken away.
func (j job) open(ctx context.Context, b Backend) (Connection, error) {
	card, err := b.Connect(ctx, j.reader)
	if err != nil {
		return nil, err
	}
	if _, err := apdu.ReadUID(ctx, card); err != nil {
		return nil, errors.Join(err, card.Close())
	}
	return card, nil
}
