// Package sun checks the messages that an NTAG 424 DNA puts into its address at every tap: which tag it was, that the tag
// was really there, and that the message is newer than the last one. It needs no hardware and nothing but the standard
// library. (SUN is NXP's "secure unique NFC": Secure Dynamic Messaging of data sheet NT4H2421Gx §9.3.)
//
// The part of an address that a tag fills in is a word of 51 characters, for example
//
//	S01EF963FF7828658A599F3041510671E8894EED9EE65337086
//
// made of the letter S, the version of the tag's keys (2 hex digits), the encrypted PICC data (32) and the MAC (16), all
// capitals. The word needs no separators, so it is a path segment and a messenger's start parameter alike. Tokens of 22
// and codes of 8 characters cannot be mistaken for one.
package sun

import (
	"errors"
	"fmt"
)

// Why a word is refused. Each refusal matches exactly one of these.
var (
	// ErrMalformed means that the text is not a word of a tag at all, perhaps because it was cut off.
	ErrMalformed = errors.New("this is not a message of a tag")
	// ErrBlank means that the word is the placeholder that a tag holds before its keys and settings are complete.
	ErrBlank = errors.New("the tag is not set up completely")
	// ErrWrongTag means that the message comes from a tag that is set up differently: in LRP mode, or without number or
	// counter.
	ErrWrongTag = errors.New("the tag is of a kind, or set up in a way, that is not supported")
	// ErrForeign means that the message was not made with this house's keys, or that its encrypted part was changed.
	ErrForeign = errors.New("the message does not come from a tag of this house")
	// ErrTampered means that the message names a tag but its MAC is not that tag's.
	ErrTampered = errors.New("the message was tampered with")
	// ErrVersion means that no key is known for the version the message or the tag names.
	ErrVersion = errors.New("no keys of this version are known")
)

// UIDLength is the number of bytes of a tag's number.
const UIDLength = 7

// UID is a tag's number. It is public.
type UID [UIDLength]byte

// String is the number in capital hex digits, as readers and registers show it.
func (u UID) String() string { return fmt.Sprintf("%X", u[:]) }

// A Mark says how far a tag has counted: by version of its keys, and within a version by taps. The counter starts again
// whenever keys are replaced.
type Mark struct {
	Version byte
	// Counter has 24 bits.
	Counter uint32
}

// After reports whether a message marked m is newer than one marked old. A message is accepted when its mark is after
// the highest that was ever accepted from its tag, and only then.
func (m Mark) After(old Mark) bool {
	if m.Version != old.Version {
		return m.Version > old.Version
	}
	return m.Counter > old.Counter
}

// A Message is what a verified word says.
type Message struct {
	UID UID
	Mark
}
