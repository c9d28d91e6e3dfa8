package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// Hear acts on one thing that happened in a chat of the named channel. What the restaurant refuses is told to the
// guest and is no error; an error means that the restaurant could not take the event now and it should be heard
// again. Hearing an event again is safe: a guest is found again by address, an answer is queued once per event.
func (c *Conversation) Hear(ctx context.Context, channelName string, e channel.Event) error {
	ch, ok := c.channels[channelName]
	if !ok {
		return fmt.Errorf("hear a guest: channel %q is not in use", channelName)
	}
	if e.Conversation == "" {
		return nil
	}
	h := hearing{Conversation: c, channel: ch, event: e, lane: LaneOf(channelName, string(e.Conversation))}
	if err := h.act(ctx); err != nil {
		return fmt.Errorf("hear a guest: %w", err)
	}
	return nil
}

// hearing is one event while it is acted on.
type hearing struct {
	*Conversation
	channel channel.Channel
	event   channel.Event
	lane    string
}

func (h hearing) act(ctx context.Context) error {
	switch body := h.event.Body.(type) {
	case channel.Started, channel.Text, channel.ButtonPressed, channel.Unblocked, channel.WriteAllowed:
		if err := h.back(ctx); err != nil {
			return err
		}
		return h.answer(ctx)
	case channel.Blocked:
		return h.gone(ctx, h.lane)
	case channel.Delivery:
		if body.Result == channel.Failed && channel.KindOf(body.Err) == channel.KindGuestGone {
			return h.gone(ctx, h.lane)
		}
		return nil
	default:
		// Edited: what was ordered stays ordered. StaffSpoke, CartSent and Unknown have no meaning here.
		h.log.Debug("guest's message ignored", slog.String("channel", h.channel.Name()), slog.String("body", fmt.Sprintf("%T", body)))
		return nil
	}
}

// answer does what the guest wants and queues what to say to it.
func (h hearing) answer(ctx context.Context) error {
	switch body := h.event.Body.(type) {
	case channel.Started:
		if body.Token == "" {
			return h.status(ctx)
		}
		return h.start(ctx, body.Token)
	case channel.Text:
		return h.text(ctx, body.Text)
	case channel.ButtonPressed:
		return h.press(ctx, body)
	default:
		return nil
	}
}

// start seats the guest at the table the token names and welcomes them.
func (h hearing) start(ctx context.Context, token string) error {
	key, err := h.keyFor(ctx, token)
	if err != nil {
		return err
	}
	seated, err := h.floor.Seat(ctx, edge.SeatRequest{
		Token: token, Channel: h.channel.Name(), Address: string(h.event.Conversation), KeyHash: hashKey(key),
		Language: h.event.Guest.Language, Actor: edge.Actor("channel:" + h.channel.Name()),
	})
	if words, refused := seatRefusal(err); refused {
		return h.say(ctx, words)
	}
	if err != nil {
		return err
	}
	link := linkNote{Guest: seated.Guest.ID, Token: token, Key: key}
	return h.reply(ctx, intentWelcome, seated.Guest.ID, guestBody{Guest: seated.Guest.ID}, func(tx edge.Tx) error {
		return putLink(tx, h.lane, link)
	})
}

// keyFor is the key of the guest's next link: the one they have, while they still sit where it was made for, so that
// the page they have open stays signed in; else a new one.
func (h hearing) keyFor(ctx context.Context, token string) (string, error) {
	var key string
	err := h.store.Read(ctx, func(view edge.View) error {
		guest, _, seated, err := seatOf(view, h.lane)
		if err != nil || !seated {
			return err
		}
		link, err := readLink(view, h.lane)
		if err == nil && link.Token == token && link.Guest == guest.ID && hashKey(link.Key) == guest.KeyHash {
			key = link.Key
		}
		return err
	})
	if err == nil && key == "" {
		key = h.newKey()
	}
	return key, err
}

// hashKey is how a guest's key is known to the restaurant.
func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// seatRefusal gives the words for a refusal to seat a guest. A restaurant that cannot write now refuses nothing: the
// event is to be heard again.
func seatRefusal(err error) (words string, refused bool) {
	switch code := edge.CodeOf(err); {
	case err == nil, errors.Is(err, edge.ErrUnavailable):
		return "", false
	case code == "code_expired", code == "too_many_guests":
		return code, true
	case code == "tap_invalid", code == "tap_replayed":
		return "tap_again", true
	case code == "tag_retired", code == "tag_unknown":
		return "tag_unknown", true
	case code == "token_unknown", errors.Is(err, edge.ErrNotFound):
		return "token_unknown", true
	case code != "":
		return "not_possible", true
	default:
		return "", false
	}
}

// text answers what a guest wrote: a word for help is a wish, the word for it calls the next course, everything else is
// answered with where things stand.
func (h hearing) text(ctx context.Context, text string) error {
	text = strings.Trim(strings.TrimSpace(text), "!.?")
	for _, help := range helps() {
		if !h.words.isWord("word_"+string(help), text) {
			continue
		}
		words, err := h.ask(ctx, help)
		if err != nil {
			return err
		}
		return h.say(ctx, words)
	}
	if !h.venue.Coursing.Guests || !h.words.isWord("word_next", text) {
		return h.status(ctx)
	}
	words, err := h.callCourse(ctx, "")
	if err != nil {
		return err
	}
	return h.say(ctx, words)
}

// isWord reports whether text is the word of the key in any language.
func (w *Words) isWord(key, text string) bool {
	return slices.ContainsFunc(w.languages, func(name string) bool { return strings.EqualFold(text, w.in(name).say(key)) })
}

// status tells a guest who sits somewhere how their orders stand, with the way to the menu, and everybody else how to
// begin.
func (h hearing) status(ctx context.Context) error {
	var guest edge.Guest
	var seated bool
	err := h.store.Read(ctx, func(view edge.View) error {
		var err error
		guest, _, seated, err = seatOf(view, h.lane)
		return err
	})
	if err != nil {
		return err
	}
	if !seated {
		return h.say(ctx, "scan_first")
	}
	return h.reply(ctx, intentStatus, guest.ID+":status", guestBody{Guest: guest.ID}, nil)
}

// seatOf finds where the guest of a lane sits: of several open sessions the one they proved to be at last.
func seatOf(view edge.View, lane string) (edge.Guest, edge.Session, bool, error) {
	name, address := cutLane(lane)
	sessions, err := view.OpenSessions()
	if err != nil {
		return edge.Guest{}, edge.Session{}, false, err
	}
	var guest edge.Guest
	var at edge.Session
	found := false
	for _, session := range sessions {
		g, err := view.GuestByAddress(session.ID, name, address)
		if errors.Is(err, edge.ErrNotFound) {
			continue
		}
		if err != nil {
			return edge.Guest{}, edge.Session{}, false, err
		}
		if !found || g.PresenceAt.After(guest.PresenceAt) || (g.PresenceAt.Equal(guest.PresenceAt) && g.Joined.After(guest.Joined)) {
			guest, at, found = g, session, true
		}
	}
	return guest, at, found, nil
}
