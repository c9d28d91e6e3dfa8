package edge

import "time"

// Codes knows the rotating codes of the displays.
type Codes interface {
	// Resolve says which table a code stands for at an instant.
	Resolve(code string, at time.Time) (table ID, state CodeState)
}

// CodeState says what a display's code is worth.
type CodeState uint8

// The states of a code. An expired one was valid some hours ago; older ones are unknown.
const (
	CodeUnknown CodeState = iota
	CodeValid
	CodeExpired
)
