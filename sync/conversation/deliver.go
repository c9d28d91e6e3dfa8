package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// Deliver tries once to tell what a delivery asks for, as it stands at this moment: a card that comes late shows the
// newest truth. Where there is nothing left to tell it does nothing. Every error has a [channel.Kind]; after
// [channel.KindUnknownOutcome] a repeat may show the guest a second message, after every other kind it does not.
// Two deliveries of one lane must not be delivered at the same time.
func (c *Conversation) Deliver(ctx context.Context, d edge.Delivery) error {
	name, address := cutLane(d.Lane)
	ch, ok := c.channels[name]
	if !ok {
		return &channel.Error{Kind: channel.KindSettings, Words: "the messenger " + name + " is not set up"}
	}
	t := telling{Conversation: c, channel: ch, to: channel.ConversationID(address), delivery: d}
	err := t.tell(ctx)
	if channel.KindOf(err) == channel.KindGuestGone && !errors.Is(err, errKnownGone) {
		err = errors.Join(err, c.gone(ctx, d.Lane))
	}
	if err != nil {
		return fmt.Errorf("tell a guest of %s: %w", d.Intent, err)
	}
	return nil
}

// telling is one delivery while it is told.
type telling struct {
	*Conversation
	channel  channel.Channel
	to       channel.ConversationID
	delivery edge.Delivery
}

func (t telling) tell(ctx context.Context) error {
	if err := t.look(ctx, func(view edge.View) error {
		moved, err := note(view, t.delivery.Lane, noteMoved)
		if moved != "" {
			t.to = channel.ConversationID(moved)
		}
		if err != nil {
			return err
		}
		return reachable(view, t.delivery.Lane)
	}); err != nil {
		return err
	}
	switch intent := t.delivery.Intent; {
	case intent == intentWelcome:
		return t.welcome(ctx)
	case intent == intentStatus:
		return t.status(ctx)
	case intent == intentSay:
		return t.say(ctx)
	case intent == string(edge.SessionClosed):
		return t.thanks(ctx)
	case intent == intentOrder:
		return t.order(ctx)
	default:
		if _, ok := newsLife(edge.EventKind(intent)); ok {
			return t.order(ctx)
		}
		return &channel.Error{Kind: channel.KindRejected, Words: "nobody knows how to tell " + intent}
	}
}

// look reads the restaurant. When that does not work nothing was sent, and later it may work.
func (t telling) look(ctx context.Context, look func(edge.View) error) error {
	return later(t.store.Read(ctx, look))
}

// later classifies a failure on our side before anything was sent.
func later(err error) error {
	if _, classified := errors.AsType[*channel.Error](err); err == nil || classified {
		return err
	}
	return &channel.Error{Kind: channel.KindRetry, Err: err}
}

// unsure classifies a failure on our side after something was sent: a repeat may send it twice.
func unsure(err error) error {
	if err == nil {
		return nil
	}
	return &channel.Error{Kind: channel.KindUnknownOutcome, Err: fmt.Errorf("keep what was told: %w", err)}
}

func (t telling) body(into any) error {
	if err := json.Unmarshal(t.delivery.Body, into); err != nil {
		return &channel.Error{Kind: channel.KindRejected, Err: fmt.Errorf("read delivery: %w", err)}
	}
	return nil
}

// send sends a new message. A conversation that has a new name is written to under that, and the name is kept.
func (t telling) send(ctx context.Context, part string, m channel.Message) (channel.Ref, error) {
	m.Key = t.key(part)
	m.Expires = t.delivery.Deadline
	ref, err := t.channel.Send(ctx, t.to, m)
	to, moved := channel.MovedTo(err)
	if !moved {
		return ref, err
	}
	if err := t.moved(ctx, to); err != nil {
		return "", later(err)
	}
	return t.channel.Send(ctx, to, m)
}

// key names a message of this delivery, the same at every attempt.
func (t telling) key(part string) string {
	name := fmt.Sprintf("comanda/%s/%d/%d/%s", t.delivery.Lane, t.delivery.Seq, t.delivery.Created.UnixMilli(), part)
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String()
}

// moved keeps a conversation's new name, for this lane and for the guest's record, so that their next words are known
// to be theirs.
func (t telling) moved(ctx context.Context, to channel.ConversationID) error {
	return t.store.Write(ctx, func(tx edge.Tx) error {
		guest, _, seated, err := seatOf(tx, t.delivery.Lane)
		if err != nil {
			return err
		}
		if seated {
			guest.Address = string(to)
			if err := tx.PutGuest(guest); err != nil {
				return err
			}
		}
		return putNote(tx, t.delivery.Lane, noteMoved, string(to))
	})
}
