package telegram

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// notModified begins the answer to an edit that changes nothing.
const notModified = "message is not modified"

// badRequests says what a 400 means by its description, the only thing that tells them apart.
func badRequest(description string) channel.Kind {
	for _, known := range []struct {
		words string
		kind  channel.Kind
	}{
		{"chat not found", channel.KindGuestGone},
		{"user not found", channel.KindGuestGone},
		{"PEER_ID_INVALID", channel.KindGuestGone},
		{"message to edit not found", channel.KindCardGone},
		{"message can't be edited", channel.KindCardGone},
		{"MESSAGE_ID_INVALID", channel.KindCardGone},
		{"query is too old", channel.KindTooLate},
		{"query ID is invalid", channel.KindTooLate},
	} {
		if strings.Contains(description, known.words) {
			return known.kind
		}
	}
	return channel.KindRejected
}

// classify says what a refusal means.
func classify(status int, a answer, repeatable bool) *channel.Error {
	code := a.ErrorCode
	if code == 0 {
		code = status
	}
	e := &channel.Error{Code: strconv.Itoa(code), Words: a.Description}
	switch {
	case a.Parameters.MigrateToChatID != 0:
		e.Kind = channel.KindMoved
		e.MovedTo = conversation(a.Parameters.MigrateToChatID)
	case code == http.StatusTooManyRequests:
		// Telegram does not say whether the chat or the whole bot is too fast, so the bot waits.
		e.Kind, e.Scope = channel.KindThrottled, channel.ScopeAccount
		e.Wait = time.Duration(max(a.Parameters.RetryAfter, 1)) * time.Second
	case code == http.StatusBadRequest:
		e.Kind = badRequest(a.Description)
	default:
		e.Kind = statusKind(code, repeatable)
	}
	return e
}

// statusKind says what a status means when the body adds nothing.
func statusKind(code int, repeatable bool) channel.Kind {
	switch {
	case code == http.StatusForbidden:
		return channel.KindGuestGone
	case code == http.StatusUnauthorized, code == http.StatusNotFound, code >= 300 && code < 400:
		return channel.KindSettings
	case code == http.StatusConflict:
		return channel.KindRetry
	case code == http.StatusGatewayTimeout && !repeatable:
		return channel.KindUnknownOutcome
	case code >= 500:
		return channel.KindRetry
	default:
		return channel.KindRejected
	}
}

// foreignAnswer is one that Telegram's own server never gives: a proxy, a gateway in between or a wrong address spoke.
func foreignAnswer(status int, repeatable bool) *channel.Error {
	e := &channel.Error{Code: strconv.Itoa(status), Words: "the answer is not from the Bot API"}
	switch {
	case status < 300 && !repeatable:
		e.Kind = channel.KindUnknownOutcome
	case status < 300:
		e.Kind = channel.KindRetry
	case status == http.StatusForbidden:
		e.Kind = channel.KindSettings
	case status == http.StatusTooManyRequests:
		e.Kind, e.Scope, e.Wait = channel.KindThrottled, channel.ScopeAccount, time.Second
	default:
		e.Kind = statusKind(status, repeatable)
	}
	return e
}
