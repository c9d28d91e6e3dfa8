package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// The intents of answers to a guest. Those of news are the kinds of the events they tell of.
const (
	intentWelcome = "welcome"
	intentStatus  = "status"
	intentSay     = "say"
)

// replyLife is how long an answer makes sense: later the guest has long asked a waiter.
const replyLife = 15 * time.Minute

// guestBody is the content of a welcome or a status: everything else is read when it is sent.
type guestBody struct {
	Guest edge.ID `json:"guest"`
}

// sayBody is the content of one plain sentence, by the key of its words.
type sayBody struct {
	Words    string `json:"words"`
	Language string `json:"language"`
}

// say queues one sentence in the guest's language.
func (h hearing) say(ctx context.Context, words string) error {
	voice, err := h.voice(ctx)
	if err != nil {
		return err
	}
	return h.reply(ctx, intentSay, intentSay, sayBody{Words: words, Language: voice.language}, nil)
}

// reply queues an answer, together with also, in one transaction and once per event. An answer about the same subject
// that waits unsent is overwritten: a guest who writes ten times while the line is down is answered once.
func (h hearing) reply(ctx context.Context, intent string, subject edge.ID, content any, also func(edge.Tx) error) error {
	body, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	now := h.now()
	return h.store.Write(ctx, func(tx edge.Tx) error {
		first, err := h.first(tx, now)
		if err != nil || !first {
			return err
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return queue(tx, edge.Delivery{
			Lane: h.lane, Subject: subject, Intent: intent, Body: body, State: edge.DeliveryWaiting,
			Created: now, Deadline: now.Add(replyLife),
		})
	})
}

// first notes that the event is being answered and reports whether it is for the first time.
func (h hearing) first(tx edge.Tx, now time.Time) (bool, error) {
	scope := "conversation:" + h.channel.Name() + ":" + h.channel.Account()
	_, known, err := tx.Answer(scope, h.event.ID)
	if err != nil || known {
		return false, err
	}
	return true, tx.KeepAnswer(edge.Answer{Scope: scope, Key: h.event.ID, Body: []byte("{}"), At: now})
}

// queue puts a delivery into its lane, in place of one about the same subject that waits there unsent.
func queue(tx edge.Tx, d edge.Delivery) error {
	switch waiting, err := tx.UnsentDelivery(d.Lane, d.Subject); {
	case err == nil:
		d.Seq, d.Created = waiting.Seq, waiting.Created
	case !errors.Is(err, edge.ErrNotFound):
		return err
	}
	_, err := tx.PutDelivery(d)
	return err
}

// gone notes that a guest cannot be reached.
func (c *Conversation) gone(ctx context.Context, lane string) error {
	since := c.now().UTC().Format(time.RFC3339)
	return c.store.Write(ctx, func(tx edge.Tx) error { return putNote(tx, lane, noteGone, since) })
}

// back notes that a guest can be reached again, and queues what they missed of the visit they are on.
func (h hearing) back(ctx context.Context) error {
	var gone string
	err := h.store.Read(ctx, func(view edge.View) error {
		var err error
		gone, err = note(view, h.lane, noteGone)
		return err
	})
	if err != nil || gone == "" {
		return err
	}
	return h.store.Write(ctx, func(tx edge.Tx) error {
		if err := putNote(tx, h.lane, noteGone, ""); err != nil {
			return err
		}
		return h.catchUp(tx)
	})
}

func (h hearing) catchUp(tx edge.Tx) error {
	guest, session, seated, err := seatOf(tx, h.lane)
	if err != nil || !seated {
		return err
	}
	orders, err := tx.OrdersOf(session.ID)
	if err != nil {
		return err
	}
	for _, order := range orders {
		if order.Guest != guest.ID {
			continue
		}
		now := h.now()
		if err := queue(tx, edge.Delivery{
			Lane: h.lane, Subject: order.ID, Intent: intentOrder, Body: json.RawMessage("{}"),
			State: edge.DeliveryWaiting, Created: now, Deadline: now.Add(urgentLife),
		}); err != nil {
			return err
		}
	}
	return nil
}

// reachable gives the platform's refusal, without asking the platform, for a lane whose guest is known to be gone.
func reachable(view edge.View, lane string) error {
	since, err := note(view, lane, noteGone)
	if err != nil || since == "" {
		return err
	}
	return &channel.Error{Kind: channel.KindGuestGone, Words: "the guest cannot be reached since " + since, Err: errKnownGone}
}

// errKnownGone marks a refusal that the platform was not asked for.
var errKnownGone = errors.New("not asked again")
