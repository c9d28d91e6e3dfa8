package edge

import (
	"context"
	"slices"
	"time"
)

// Pace is how fast orders of one channel may come in: the kitchen's brake.
type Pace struct {
	// Channel is where the orders come from: "web", "telegram"…; AllChannels is all of them together.
	Channel string    `json:"channel"`
	State   PaceState `json:"state"`
	Delay   int       `json:"delay_seconds,omitempty" doc:"With slow: how much later new orders are fired"`
	Until   time.Time `json:"until,omitzero" doc:"When it ends by itself; none is by hand"`
}

// AllChannels is the pace of every channel.
const AllChannels = "all"

// PaceState says what happens to new orders.
type PaceState string

// The states of a channel. Slow orders are taken, fired later, and guests are told a longer time.
const (
	PaceOpen   PaceState = "open"
	PaceSlow   PaceState = "slow"
	PacePaused PaceState = "paused"
)

// maxPaceDelay bounds how much later slow orders are fired.
const maxPaceDelay = 2 * 3600

// Effective is what counts for a channel at the moment at: the stricter of its own pace and that of all channels.
func Effective(paces []Pace, channel string, at time.Time) Pace {
	effective := Pace{Channel: channel, State: PaceOpen}
	for _, p := range paces {
		if (p.Channel != channel && p.Channel != AllChannels) || p.State == PaceOpen || (!p.Until.IsZero() && !at.Before(p.Until)) {
			continue
		}
		if p.stricter(effective) {
			effective.State, effective.Delay, effective.Until = p.State, p.Delay, p.Until
		}
	}
	return effective
}

// stricter reports whether p lets fewer orders in than q, or lets as few in for longer.
func (p Pace) stricter(q Pace) bool {
	switch {
	case p.State != q.State:
		return q.State == PaceOpen || p.State == PacePaused
	case p.Delay != q.Delay:
		return p.Delay > q.Delay
	default:
		return !q.Until.IsZero() && (p.Until.IsZero() || p.Until.After(q.Until))
	}
}

// SetPace slows a channel down, pauses or opens it. Channel must be one of channels, the ones the house has, or
// AllChannels.
func (k *Kitchen) SetPace(ctx context.Context, actor Actor, pace Pace, channels []string) (int64, error) {
	if pace.Channel != AllChannels && !slices.Contains(channels, pace.Channel) {
		return 0, invalid("channel", "channel_unknown", "There is no such channel.")
	}
	switch {
	case pace.State == PaceSlow && (pace.Delay < 60 || pace.Delay > maxPaceDelay):
		return 0, invalid("delay_seconds", "quantity_invalid", "Orders can be slowed down by 1 to %d minutes.", maxPaceDelay/60)
	case pace.State == PaceSlow:
	case pace.State == PacePaused, pace.State == PaceOpen:
		pace.Delay = 0
	default:
		return 0, invalid("state", "pace_unknown", "A channel is open, slow or paused.")
	}
	if pace.State == PaceOpen {
		pace.Until = time.Time{}
	}
	var seq int64
	err := k.store.Write(ctx, func(tx Tx) error {
		// A brake that is over already would take the place of one that counts.
		if !pace.Until.IsZero() && !pace.Until.After(k.now().At) {
			return errUntilPast
		}
		if err := tx.PutPace(pace); err != nil {
			return err
		}
		var err error
		seq, err = tx.Append(newEvent(ChannelPaced, ID(pace.Channel), actor, k.now(), pace, &pace))
		return err
	})
	return seq, err
}

var errUntilPast = invalid("until", "until_past", "This time is over already.")

// firedFrom is the instant before which nothing of a channel's order is to be fired.
func firedFrom(view View, channel string, at time.Time) (time.Time, error) {
	paces, err := view.Paces()
	if err != nil || len(paces) == 0 {
		return at, err
	}
	return at.Add(time.Duration(Effective(paces, channel, at).Delay) * time.Second), nil
}

// paced refuses an order of a paused channel, else it is firedFrom.
func paced(view View, channel string, at time.Time) (time.Time, error) {
	paces, err := view.Paces()
	if err != nil || len(paces) == 0 {
		return at, err
	}
	pace := Effective(paces, channel, at)
	if pace.State == PacePaused {
		return at, Refuse(KindClosed, "ordering_paused",
			"The kitchen takes a short break. Please try again in a few minutes or ask the staff.")
	}
	return at.Add(time.Duration(pace.Delay) * time.Second), nil
}
