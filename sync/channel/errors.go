package channel

import (
	"errors"
	"strings"
	"time"
)

// Kind is what a failure means to whoever asked. Channels only classify; the caller decides.
type Kind int

// The kinds of failures.
const (
	// KindNone is the kind of no error.
	KindNone Kind = iota
	// KindRetry: surely not delivered, and likely to work later.
	KindRetry
	// KindThrottled: we are too fast. Wait RetryAfter within ScopeOf.
	KindThrottled
	// KindGuestGone: this guest cannot be reached until they do something. Stop for the conversation.
	KindGuestGone
	// KindSettings: nothing will work until the owner changes something. Stop for the channel.
	KindSettings
	// KindRejected: the platform will never take this message. Do not try it again.
	KindRejected
	// KindUnknownOutcome: it may or may not have been delivered, for instance because the answer never came.
	KindUnknownOutcome
	// KindCardGone: the message to rewrite is gone. Send a new one, once.
	KindCardGone
	// KindTooLate: the answer came too late to matter. Forget it.
	KindTooLate
	// KindMoved: the conversation has a new name, MovedTo. Replace it and send again.
	KindMoved
)

// String is a short name for logs and the owner's screen.
func (k Kind) String() string {
	switch k {
	case KindNone:
		return "none"
	case KindRetry:
		return "retry"
	case KindThrottled:
		return "throttled"
	case KindGuestGone:
		return "guest gone"
	case KindSettings:
		return "settings wrong"
	case KindRejected:
		return "rejected"
	case KindUnknownOutcome:
		return "unknown outcome"
	case KindCardGone:
		return "card gone"
	case KindTooLate:
		return "too late"
	case KindMoved:
		return "moved"
	default:
		return "unnamed kind"
	}
}

// Scope says how much has to wait.
type Scope int

// The scopes of a wait.
const (
	// ScopeConversation: only this conversation.
	ScopeConversation Scope = iota
	// ScopeAccount: everything we send through this channel.
	ScopeAccount
)

// Error is a failure a channel has classified.
type Error struct {
	Kind Kind
	// Wait is how long the platform asked us to wait; 0 means it did not say.
	Wait time.Duration
	// Scope is what has to wait.
	Scope Scope
	// Code is the platform's code, such as "429", or empty.
	Code string
	// Words are the platform's own words, for the owner's screen. They hold no secret of ours.
	Words string
	// MovedTo is the conversation's new name if Kind is KindMoved.
	MovedTo ConversationID
	// Err is the cause below the platform's protocol, such as a network error, or nil.
	Err error
}

// Error says kind, code, words and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	for _, part := range []string{e.Code, e.Words} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func find(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return nil
}

// KindOf says what err means. An error no channel has classified counts as KindUnknownOutcome, the most careful reading.
func KindOf(err error) Kind {
	if err == nil {
		return KindNone
	}
	if e := find(err); e != nil {
		return e.Kind
	}
	return KindUnknownOutcome
}

// RetryAfter says how long the platform asked us to wait; 0 means that it did not say.
func RetryAfter(err error) time.Duration {
	if e := find(err); e != nil {
		return e.Wait
	}
	return 0
}

// ScopeOf says what has to wait after err.
func ScopeOf(err error) Scope {
	if e := find(err); e != nil {
		return e.Scope
	}
	return ScopeConversation
}

// Words gives the platform's own words about err, or our error's text where it said nothing.
func Words(err error) string {
	switch e := find(err); {
	case err == nil:
		return ""
	case e != nil && e.Words != "":
		return e.Words
	default:
		return err.Error()
	}
}

// MovedTo gives the new name of the conversation if err is of KindMoved.
func MovedTo(err error) (ConversationID, bool) {
	if e := find(err); e != nil && e.Kind == KindMoved {
		return e.MovedTo, true
	}
	return "", false
}
