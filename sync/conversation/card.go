package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// orderFacts is all that is known of an order when its card is written.
type orderFacts struct {
	order   edge.Order
	tickets []edge.Ticket // of an order with held courses
	guest   edge.Guest
	pickup  bool // the guest fetches it
	over    bool // the visit has ended
	link    linkNote
	ref     channel.Ref // of the living card, "" when there is none
	told    toldNote
}

// order brings the living card of an order up to date: rewritten where the messenger can, else sent anew. What calls
// for the guest makes the phone sound: a rewritten card is silent, so that a short message goes with it, once.
func (t telling) order(ctx context.Context) error {
	var facts orderFacts
	err := t.look(ctx, func(view edge.View) error {
		var err error
		facts, err = readOrder(view, t.delivery.Lane, t.delivery.Subject)
		return err
	})
	if errors.Is(err, edge.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	voice := t.words.in(facts.guest.Language)
	card := t.render(voice, t.orderContent(voice, facts))
	alert := alertOf(facts.order)
	now := facts.told
	now.Digest = digestOf(card)
	if now.Digest != facts.told.Digest {
		card.Silent = alert.silent() || facts.told.knows(alert)
		ref, fresh, err := t.show(ctx, facts.ref, card)
		if err != nil {
			return err
		}
		if fresh {
			now = now.with(alert)
		}
		if err := t.keep(ctx, ref, now); err != nil {
			return err
		}
	}
	if alert.mark == "" || now.knows(alert) {
		return nil
	}
	return t.alert(ctx, voice, facts.order, alert, now.with(alert))
}

func readOrder(view edge.View, lane string, id edge.ID) (orderFacts, error) {
	var f orderFacts
	var err error
	if f.order, err = view.Order(id); err != nil {
		return f, err
	}
	if f.guest, err = view.Guest(f.order.Guest); err != nil {
		return f, err
	}
	session, err := view.Session(f.order.Session)
	if err != nil {
		return f, err
	}
	table, err := view.Table(f.order.TableID)
	if err != nil {
		return f, err
	}
	if len(f.order.Held) > 0 {
		if f.tickets, err = view.TicketsOf(id); err != nil {
			return f, err
		}
	}
	f.over = session.State.Over()
	f.pickup = table.Kind == edge.KindCounter || f.order.Dining == edge.TakeAway
	if f.link, err = linkOf(view, lane, f.guest); err != nil {
		return f, err
	}
	if f.told, err = readTold(view, lane, id); err != nil {
		return f, err
	}
	ref, err := note(view, lane, id)
	f.ref = channel.Ref(ref)
	return f, err
}

// linkOf is the link a guest was given, without its key once that no longer signs them in.
func linkOf(view edge.View, lane string, guest edge.Guest) (linkNote, error) {
	link, err := readLink(view, lane)
	if err != nil || link.Guest != guest.ID {
		return linkNote{}, err
	}
	if hashKey(link.Key) != guest.KeyHash {
		link.Key = ""
	}
	return link, nil
}

// show puts the card before the guest's eyes; fresh says that it is a new message.
func (t telling) show(ctx context.Context, ref channel.Ref, card channel.Message) (shown channel.Ref, fresh bool, err error) {
	editor, ok := t.channel.(channel.Editor)
	if ok && ref != "" && t.channel.Capabilities().EditMessage {
		err := editor.Edit(ctx, t.to, ref, card)
		switch channel.KindOf(err) {
		case channel.KindNone:
			return ref, false, nil
		case channel.KindCardGone:
		case channel.KindUnknownOutcome:
			return "", false, &channel.Error{Kind: channel.KindRetry, Words: channel.Words(err), Err: err} // an edit may be repeated
		default:
			return "", false, err
		}
	}
	shown, err = t.send(ctx, "card", card)
	return shown, true, err
}

// keep notes the living card and what it says.
func (t telling) keep(ctx context.Context, ref channel.Ref, now toldNote) error {
	return unsure(t.store.Write(ctx, func(tx edge.Tx) error {
		if err := putNote(tx, t.delivery.Lane, t.delivery.Subject, string(ref)); err != nil {
			return err
		}
		return putTold(tx, t.delivery.Lane, t.delivery.Subject, now)
	}))
}

// digestOf tells messages that say the same from those that do not.
func digestOf(m channel.Message) string {
	text, err := json.Marshal([]any{m.Title, m.Text, m.Buttons})
	if err != nil {
		return "" // strings and buttons always encode; "" means: tell it
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
