package conversation

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// helps are the kinds of help with a button, in the order of the buttons.
func helps() []edge.HelpKind { return []edge.HelpKind{edge.HelpStaff, edge.HelpWater, edge.HelpBill} }

// askData begins the data of a help button; the kind of help follows.
const askData = "ask:"

// ackTimeout bounds the answer to a press: the next guest waits for it.
const ackTimeout = 10 * time.Second

// press acts on a pressed button and answers the press, whatever it was: an unanswered button spins for a long time.
func (h hearing) press(ctx context.Context, pressed channel.ButtonPressed) error {
	words := "button_unknown"
	var err error
	if kind, ok := strings.CutPrefix(pressed.Data, askData); ok {
		words, err = h.ask(ctx, edge.HelpKind(kind))
	} else if order, ok := strings.CutPrefix(pressed.Data, courseData); ok && order != "" {
		words, err = h.callCourse(ctx, edge.ID(order))
	}
	if err != nil {
		return err
	}
	ack, ok := h.channel.(channel.Acknowledger)
	if !ok || pressed.Query == "" {
		return h.say(ctx, words)
	}
	voice, err := h.voice(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	if err := ack.Acknowledge(ctx, pressed.Query, voice.say(words)); err != nil {
		// The wish has been noted; a late answer would only surprise. It is not tried again.
		h.log.Debug("button not acknowledged", slog.String("channel", h.channel.Name()), slog.Any("err", err))
	}
	return nil
}

// ask passes a wish on to the staff and gives the words to answer with.
func (h hearing) ask(ctx context.Context, what edge.HelpKind) (words string, err error) {
	var guest edge.Guest
	var seated bool
	err = h.store.Read(ctx, func(view edge.View) error {
		guest, _, seated, err = seatOf(view, h.lane)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !seated:
		return "visit_over", nil
	}
	err = h.floor.Ask(ctx, guest.ID, what)
	switch code := edge.CodeOf(err); {
	case err == nil:
		return "asked_" + string(what), nil
	case errors.Is(err, edge.ErrUnavailable), code == "":
		return "", err
	case code == "session_closed":
		return "visit_over", nil
	case code == "help_unknown":
		return "button_unknown", nil
	default:
		return "not_possible", nil
	}
}

// voice is in the language the guest reads: the one they chose at the table, else the one of their app.
func (h hearing) voice(ctx context.Context) (speaker, error) {
	wish := h.event.Guest.Language
	err := h.store.Read(ctx, func(view edge.View) error {
		guest, _, seated, err := seatOf(view, h.lane)
		if seated {
			wish = guest.Language
		}
		return err
	})
	return h.words.in(h.words.Best(wish, h.venue.Languages)), err
}
