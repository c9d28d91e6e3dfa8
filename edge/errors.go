package edge

import (
	"errors"
	"fmt"
)

// Kind sorts refusals by what the one who asked can do about them. Adapters map it once, for example to an HTTP
// status.
type Kind uint8

// The kinds of refusals.
const (
	// KindInvalid: the request itself is wrong and will never succeed as it is.
	KindInvalid Kind = iota + 1
	// KindNotFound: what was named does not exist, or the one who asks may not know that it does.
	KindNotFound
	// KindConflict: the request is sound but does not fit the present state.
	KindConflict
	// KindClosed: what was named existed and is over: an expired code, a closed session.
	KindClosed
	// KindDenied: the one who asks may not do this.
	KindDenied
	// KindUnavailable: the device cannot do this now; asking again later may succeed.
	KindUnavailable
	// KindTooMany: asked too often.
	KindTooMany
)

// Sentinels for errors.Is: every [Error] matches the one of its kind.
var (
	ErrInvalid     = errors.New("invalid")
	ErrNotFound    = errors.New("not found")
	ErrConflict    = errors.New("conflict")
	ErrClosed      = errors.New("closed")
	ErrDenied      = errors.New("denied")
	ErrUnavailable = errors.New("unavailable")
	ErrTooMany     = errors.New("too many")
)

// Error is a named refusal. Code is stable and for programs; Message is one English sentence for people; Field
// names the part of the request at fault ("lines[2].quantity"), if any; Differences is set for code
// "differences" only.
type Error struct {
	Kind        Kind
	Code        string
	Message     string
	Field       string
	Differences []Difference
}

// Error implements error.
func (e *Error) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s: %s (%s)", e.Code, e.Message, e.Field)
	}
	return e.Code + ": " + e.Message
}

// Is reports whether target is the sentinel of e's kind.
func (e *Error) Is(target error) bool {
	switch e.Kind {
	case KindInvalid:
		return target == ErrInvalid
	case KindNotFound:
		return target == ErrNotFound
	case KindConflict:
		return target == ErrConflict
	case KindClosed:
		return target == ErrClosed
	case KindDenied:
		return target == ErrDenied
	case KindUnavailable:
		return target == ErrUnavailable
	case KindTooMany:
		return target == ErrTooMany
	default:
		return false
	}
}

// Refuse makes a refusal.
func Refuse(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

func invalid(field, code, format string, args ...any) *Error {
	e := Refuse(KindInvalid, code, format, args...)
	e.Field = field
	return e
}

// CodeOf is the stable code of the refusal in err's chain, or "" when there is none.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// KindOf is the kind of the refusal in err's chain, or 0 when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}
