package telegram

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// health remembers how both directions are doing.
type health struct {
	mu sync.Mutex // guards all below
	// in and out are the last word about receiving and sending.
	in, out channel.Status
	last    time.Time
}

// Status says how receiving is doing, or sending if only that has trouble.
func (c *Channel) Status() channel.Status {
	h := &c.health
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.in
	if s.Since.IsZero() || (s.Working && !h.out.Working && !h.out.Since.IsZero()) {
		s = h.out
	}
	s.LastReceived = h.last
	return s
}

func (h *health) received(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = at
}

// receiving notes how a round went and says whether that is news.
func (h *health) receiving(err error, address string) (channel.Status, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	news := change(&h.in, err, address)
	return h.in, news
}

// sending notes how a call went. What concerns one guest only says nothing about the channel, except that it works.
func (h *health) sending(err error, address string) {
	if errors.Is(err, context.Canceled) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.out, err, address)
}

func change(s *channel.Status, err error, address string) bool {
	problem, words := diagnose(err)
	words = strings.ReplaceAll(words, "{address}", address)
	news := s.Since.IsZero() || s.Problem != problem
	if news {
		s.Since = time.Now()
	}
	s.Problem, s.Words, s.Working, s.Platform = problem, words, problem == channel.NoProblem, ""
	if problem != channel.NoProblem {
		s.Platform = channel.Words(err)
	}
	return news
}

// diagnose says what an error means for the whole channel and what the owner should know.
func diagnose(err error) (channel.Problem, string) {
	e, _ := errors.AsType[*channel.Error](err)
	switch {
	case err == nil:
		return channel.NoProblem, ""
	case errors.Is(err, errKeep):
		return channel.CannotKeep, "Telegram's news cannot be stored on this device; Telegram keeps them for a day. Check the disk."
	case e == nil:
		return channel.PlatformTrouble, "Telegram could not be asked. It is tried again by itself."
	case e.Code == "409" && strings.Contains(e.Words, "webhook"):
		return channel.TakenElsewhere, "Another server receives this bot's messages by webhook. Remove that webhook, or use a bot of your own here."
	case e.Code == "409":
		return channel.TakenElsewhere, "Another device uses the same bot. Switch it off, or give each device a bot of its own."
	case e.Kind == channel.KindSettings && e.Code == "401":
		return channel.CredentialsRefused, "Telegram does not accept the bot's token. Ask BotFather for the present one and enter it."
	case e.Kind == channel.KindSettings:
		return channel.WrongAddress, "What answers at {address} is not Telegram. Check that setting, and whether this network asks for a sign-in."
	case e.Kind == channel.KindThrottled:
		return channel.Slowed, "Telegram asked us to slow down. Messages are late but none is lost."
	case e.Kind == channel.KindRetry, e.Kind == channel.KindUnknownOutcome:
		return outage(e)
	default:
		return channel.NoProblem, ""
	}
}

func outage(e *channel.Error) (channel.Problem, string) {
	if e.Code == "" {
		return channel.Offline, "Telegram cannot be reached. Check the internet connection; everything is caught up by itself."
	}
	return channel.PlatformTrouble, "Telegram has trouble of its own. It is tried again by itself."
}
