package edge

import "time"

// Codes knows the rotating codes of the displays.
type Codes interface {
	// Resolve says which table a code stands for at an instant.
	Resolve(code string, at time.Time) (table ID, state CodeState)
	// OpenPass takes the token out of a pass: a token with a proof of when its bearer was at the table. proven is zero when
	// that is too long ago, ok false when it is no pass at all.
	OpenPass(word string, at time.Time) (token string, proven time.Time, ok bool)
}

// CodeState says what a display's code is worth.
type CodeState uint8

// The states of a code. An expired one was valid some hours ago; older ones are unknown.
const (
	CodeUnknown CodeState = iota
	CodeValid
	CodeExpired
)
