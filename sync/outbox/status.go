package outbox

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// ChannelStatus is how sending through one channel goes, for the owner's screen. Counts are since the start.
type ChannelStatus struct {
	Channel string
	// Backlog is what waits to be sent.
	Backlog edge.Backlog
	// Kind is why nothing is sent, KindNone while all is well; Words are the platform's own about it.
	Kind  channel.Kind
	Words string
	// Since is when Kind last changed, Until when the next attempt comes; Until is zero while all is well.
	Since, Until time.Time
	// LastSent is when something last got through; zero if nothing did since the start.
	LastSent time.Time
	// Sent arrived, Expired came too late to make sense, Refused were not wanted by the guest or the platform.
	Sent, Expired, Refused int64
}

// NeedsOwner says whether sending will stay as it is until a person acts.
func (s ChannelStatus) NeedsOwner() bool { return s.Kind == channel.KindSettings }

// publish lets Status see what this round has changed.
func (r *run) publish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, h := range r.health {
		r.channels[name] = ChannelStatus{
			Channel: name, Kind: h.kind, Words: h.words, Since: h.since, Until: h.until, LastSent: h.last,
			Sent: h.counts.sent, Expired: h.counts.expired, Refused: h.counts.refused,
		}
	}
}

// Status tells how sending goes through the named channels and all others that something was sent through, by name.
func (o *Outbox) Status(ctx context.Context, names ...string) ([]ChannelStatus, error) {
	o.mu.Lock()
	known := maps.Clone(o.channels)
	o.mu.Unlock()
	for _, name := range names {
		if _, ok := known[name]; !ok {
			known[name] = ChannelStatus{Channel: name}
		}
	}
	var all []ChannelStatus
	err := o.store.Read(ctx, func(view edge.View) error {
		all = nil
		for _, name := range slices.Sorted(maps.Keys(known)) {
			s := known[name]
			var err error
			if s.Backlog, err = view.DeliveryBacklog(name + ":"); err != nil {
				return err
			}
			all = append(all, s)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read backlog: %w", err)
	}
	return all, nil
}
