package appliance

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// badgeJob is the wait for a card that becomes a badge. Everything but running is guarded by the mutex of badges.
type badgeJob struct {
	state   api.BadgeProgress
	end     context.CancelFunc // of the job that runs, else nil
	running sync.WaitGroup
}

var _ api.Badger = (*badges)(nil)

// enrolWait is how long a card is waited for.
const enrolWait = 90 * time.Second

// Badge implements [api.Badger].
func (b *badges) Badge() api.BadgeProgress {
	b.mu.Lock()
	state := b.job.state
	b.mu.Unlock()
	if state.Phase == "" {
		state.Phase = api.BadgeIdle
	}
	state.Ready, state.Reader = b.d.readers.usable()
	return state
}

// StartBadge implements [api.Badger].
func (b *badges) StartBadge(ctx context.Context, actor edge.Actor, order api.BadgeOrder) error {
	if ready, text := b.d.readers.usable(); !ready {
		return edge.Refuse(edge.KindUnavailable, "no_reader", "%s", text)
	}
	if err := b.mayBegin(ctx, order); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.base == nil:
		return edge.Refuse(edge.KindUnavailable, "no_reader", "The device is starting or stopping.")
	case b.job.end != nil:
		return edge.Refuse(edge.KindConflict, "badge_runs", "A badge is being enrolled already.")
	}
	// The same hold as for writing tags: one program, and one job, has the readers at a time.
	release, err := HoldBench(b.d.settings)
	if err != nil {
		return edge.Refuse(edge.KindConflict, "bench_busy", "Tags are being written at this device.")
	}
	after := b.lying()
	ctx, end := context.WithTimeout(b.base, enrolWait)
	b.job.end, b.job.state = end, api.BadgeProgress{Phase: api.BadgeWaiting, Order: order}
	b.job.running.Go(func() {
		b.enrol(ctx, actor, order, after)
		end()
		if err := release(); err != nil {
			b.d.log.Warn("the readers were not given back", "error", err)
		}
		b.mu.Lock()
		b.job.end = nil
		b.mu.Unlock()
		b.d.hub.Touch()
	})
	return nil
}

// mayBegin refuses orders that no card could fulfil.
func (b *badges) mayBegin(ctx context.Context, order api.BadgeOrder) error {
	// The number is not known yet; any other one tells as much of the rest of the wish.
	_, err := b.d.floor.PlanBadge(ctx, edge.BadgeWish{UID: "00000000000000", Person: order.Person, Room: order.Room})
	return err
}

// StopBadge implements [api.Badger].
func (b *badges) StopBadge() {
	b.mu.Lock()
	end := b.job.end
	b.mu.Unlock()
	if end != nil {
		end()
		b.job.running.Wait()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.job.end == nil {
		b.job.state = api.BadgeProgress{}
	}
}

// enrol waits for a card that comes after an arrival, and makes it a badge.
func (b *badges) enrol(ctx context.Context, actor edge.Actor, order api.BadgeOrder, after uint64) {
	reader := order.Reader
	if reader == "" {
		reader = b.enrolReader()
	}
	var badge edge.Badge
	var weak error
	_, err := b.d.readers.supervisor.DoNext(ctx, reader, after, func(ctx context.Context, card nfc.Card) error {
		b.progress(func(s *api.BadgeProgress) { s.Phase = api.BadgeWorking })
		b.d.readers.feedback.with(ctx, card, reader, pcsc.Working)
		var err error
		badge, weak, err = b.make(ctx, actor, order, card)
		return err
	})
	b.progress(func(s *api.BadgeProgress) {
		switch {
		case err == nil:
			s.Phase, s.Badge = api.BadgeDone, &badge
			s.Code, s.Text = reasonOf(weak)
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
			s.Phase = api.BadgeOver
		case errors.Is(err, context.Canceled):
			*s = api.BadgeProgress{}
		default:
			s.Phase = api.BadgeRefused
			s.Code, s.Text = reasonOf(err)
		}
	})
	if err != nil && ctx.Err() == nil {
		b.d.log.Info("a badge could not be enrolled", "error", err)
	}
}

// enrolReader is where badges are enrolled unless the owner says otherwise: the one for setting up, if the house has
// named one and it is connected; else any.
func (b *badges) enrolReader() string {
	for _, status := range b.d.readers.connected() {
		if entry, ok := b.d.settings.Readers.Of(status.Name); ok && entry.Role == configs.ReaderProvisioning {
			return status.Name
		}
	}
	return ""
}

// lying is the newest arrival before the wait began. What lies on a reader already may have been forgotten there, and is
// not made a badge.
func (b *badges) lying() uint64 {
	if tap := b.d.readers.supervisor.Status().LastTap; tap != nil {
		return tap.Seq
	}
	return 0
}

func (b *badges) progress(change func(*api.BadgeProgress)) {
	b.mu.Lock()
	change(&b.job.state)
	b.mu.Unlock()
	b.d.hub.Touch()
}

// make gives a card the house's keys, if it takes them, and keeps whose it is. weak is why it has none.
func (b *badges) make(ctx context.Context, actor edge.Actor, order api.BadgeOrder, card nfc.Card) (badge edge.Badge, weak, err error) {
	content, err := nfc.ReadTag(ctx, card)
	if err != nil && len(content.UID) == 0 {
		return edge.Badge{}, nil, err
	}
	if content.RandomUID {
		return edge.Badge{}, nil, errIsPhone
	}
	wish := edge.BadgeWish{UID: tagUID(content.UID), Person: order.Person, Room: order.Room, Move: order.Move}
	plan, err := b.d.floor.PlanBadge(ctx, wish)
	if err != nil {
		return edge.Badge{}, nil, err
	}
	result := edge.BadgeResult{BadgeWish: wish, Chip: string(content.Kind)}
	if content.Kind == nfc.NTAG424 && order.Room == "" {
		weak = b.sign(ctx, card, plan, &result)
		if hopeful(weak) {
			return edge.Badge{}, nil, weak
		}
	}
	// The card may be gone by now, and whoever waits may be, too; what was written to it is to be known all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deskLimit)
	defer cancel()
	badge, err = b.d.floor.EnrolBadge(ctx, actor, result)
	return badge, weak, err
}

// sign makes a card prove itself from now on.
func (b *badges) sign(ctx context.Context, card nfc.Card, plan edge.BadgePlan, result *edge.BadgeResult) error {
	keys, err := b.d.tags.need(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errKeysMissing, err)
	}
	// An imitation of the chip proves as much as the chip: it is the house's keys that count.
	report, err := ntag424.Provision(ctx, card, ntag424.Plan{
		Prefix: b.d.baseURL() + "/t/", Keys: keys.Ring, Version: max(plan.Version, keys.Ring.Newest()), Copies: true,
	})
	if err != nil {
		return err
	}
	result.Signed, result.KeyVersion = true, report.Mark.Version
	return nil
}

var errKeysMissing = errors.New("the house's keys cannot be used")

// hopeful reports whether the same card, held to the reader again, would take the keys: it left too early.
func hopeful(err error) bool {
	for _, passing := range []error{
		nfc.ErrNoCard, nfc.ErrCardSwapped, nfc.ErrCardMute, nfc.ErrCardReset, nfc.ErrBusy, nfc.ErrStuck, nfc.ErrServiceLost,
		nfc.ErrUnknownReader, ntag424.ErrSwapped, ntag424.ErrMismatch, ntag424.ErrGarbled, ntag424.ErrDelay,
		context.DeadlineExceeded, context.Canceled,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// reasonOf words why a card did not become what it should.
func reasonOf(err error) (code, text string) {
	if err == nil {
		return "", ""
	}
	if refusal, ok := errors.AsType[*edge.Error](err); ok {
		return refusal.Code, refusal.Message
	}
	if errors.Is(err, errKeysMissing) {
		return "tag_keys", err.Error()
	}
	trouble := ExplainTag(err)
	return trouble.Code, trouble.Text
}
