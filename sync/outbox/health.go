package outbox

import (
	"log/slog"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// health is what the attempts tell about one channel.
type health struct {
	until   time.Time       // nothing is sent before
	kind    channel.Kind    // why, KindNone while all is well
	words   string          // the platform's own
	since   time.Time       // when kind last changed
	failing map[string]bool // lanes that failed to reach the platform since something last got through
	rounds  int             // how often in a row it was out of reach
	counts  counts
	last    time.Time // when something last got through
}

type counts struct{ sent, expired, refused int64 }

// unreachable reports whether the platform seems to be out of reach: two conversations failed and nothing got through
// in between. One conversation alone may have a trouble of its own, and waits alone.
func (h *health) unreachable() bool { return len(h.failing) > 1 }

// single reports whether only one lane may try at a time.
func (h *health) single() bool { return h.unreachable() || h.kind == channel.KindSettings }

// channelOf is the messenger a lane belongs to.
func channelOf(lane string) string {
	name, _, _ := strings.Cut(lane, ":")
	return name
}

func (r *run) healthOf(name string) *health {
	h := r.health[name]
	if h == nil {
		h = &health{failing: map[string]bool{}, since: r.opt.Now()}
		r.health[name] = h
	}
	return h
}

// learn draws from one attempt what it says about the channel.
func (r *run) learn(d edge.Delivery, err error, now time.Time) {
	name := channelOf(d.Lane)
	h := r.healthOf(name)
	switch d.State {
	case edge.DeliverySent:
		h.counts.sent++
	case edge.DeliveryRefused:
		h.counts.refused++
	default:
	}
	was := h.kind
	switch kind := channel.KindOf(err); kind {
	case channel.KindNone:
		h.last = now
		h.well(now)
	case channel.KindGuestGone, channel.KindRejected, channel.KindTooLate, channel.KindCardGone, channel.KindMoved:
		// This is about one guest or message. It may have been known without asking the platform, so that it says
		// nothing about the channel.
	case channel.KindSettings:
		h.stop(kind, err, now, settingsWait)
	case channel.KindThrottled:
		if channel.ScopeOf(err) == channel.ScopeAccount {
			h.stop(kind, err, now, max(channel.RetryAfter(err), firstWait))
		}
	default:
		h.failing[d.Lane] = true
		if h.unreachable() {
			h.rounds++
			h.stop(channel.KindRetry, err, now, backoff(h.rounds, longestProbe, r.opt.Random()))
		}
	}
	r.tell(name, was, h)
}

func (h *health) well(now time.Time) {
	if h.kind != channel.KindNone {
		h.since = now
	}
	h.kind, h.words, h.until, h.rounds = channel.KindNone, "", time.Time{}, 0
	clear(h.failing)
}

func (h *health) stop(kind channel.Kind, err error, now time.Time, wait time.Duration) {
	if h.kind != kind {
		h.since = now
	}
	h.kind, h.words = kind, channel.Words(err)
	if until := now.Add(wait); until.After(h.until) {
		h.until = until
	}
}

// tell logs a change of a channel's health once.
func (r *run) tell(name string, was channel.Kind, h *health) {
	if was == h.kind {
		return
	}
	attrs := []any{slog.String("channel", name), slog.String("kind", h.kind.String()), slog.String("platform", h.words)}
	switch h.kind {
	case channel.KindNone:
		r.opt.Logger.Info("channel delivers again", attrs...)
	case channel.KindSettings:
		r.opt.Logger.Error("channel stopped until its settings are right", attrs...)
	default:
		r.opt.Logger.Warn("channel pauses", attrs...)
	}
}

// revivable are the lanes whose long waits have become pointless because something got through again.
func (r *run) revivable() map[string]bool {
	lanes := map[string]bool{}
	for _, got := range r.unsettled {
		if got.err != nil {
			continue
		}
		for lane := range r.healthOf(channelOf(got.delivery.Lane)).failing {
			lanes[lane] = true
		}
	}
	return lanes
}

// revive makes the first deliveries of lanes due at once.
func revive(tx edge.Tx, lanes map[string]bool, now time.Time) error {
	if len(lanes) == 0 {
		return nil
	}
	heads, err := tx.DueDeliveries(far(now), allLanes)
	if err != nil {
		return err
	}
	for _, d := range heads {
		if !lanes[d.Lane] || d.State != edge.DeliveryWaiting || throttled(d) {
			continue
		}
		d.NextTry = time.Time{}
		if _, err := tx.PutDelivery(d); err != nil {
			return err
		}
	}
	return nil
}
