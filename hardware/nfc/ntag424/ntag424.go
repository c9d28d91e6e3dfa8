// Package ntag424 sets up NTAG 424 DNA tags (NXP NT4H2421Gx) so that every tap gives an address which proves the tap,
// takes them back to how they were delivered, and makes them prove at a reader that they carry the house's keys.
//
// What a tap's address says is checked by package sun, without any hardware.
package ntag424

import (
	"context"
	"errors"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// A Card is a tag at a reader.
type Card interface {
	apdu.Transmitter
	// Reset cycles the field, so that the tag forgets everything but its memory.
	Reset(ctx context.Context) error
}

// What can be wrong with a tag. Unless the text of a function says otherwise nothing was changed on the tag when one of
// these comes back.
var (
	// ErrNotDNA means that the tag is something else.
	ErrNotDNA = errors.New("the tag is not an NTAG 424 DNA")
	// ErrCopy means that the tag cannot show its maker's signature, so it may be an imitation.
	ErrCopy = errors.New("the tag does not carry its maker's signature")
	// ErrRandomID means that the tag hides its number. That cannot be undone.
	ErrRandomID = errors.New("the tag is set to hide its number, which cannot be undone; take another tag")
	// ErrLRP means that the tag was switched to LRP mode. That cannot be undone.
	ErrLRP = errors.New("the tag is in LRP mode, which is not supported and cannot be undone; take another tag")
	// ErrForeign means that the tag carries keys that do not follow from the master key.
	ErrForeign = errors.New("the tag carries other keys: it belongs to another house, or was set up with another master key")
	// ErrNoKeys means that the tag carries no house's keys.
	ErrNoKeys = errors.New("the tag is not set up")
	// ErrLocked means that one of the tag's keys refuses to be used, after 1,000 wrong tries or for good.
	ErrLocked = errors.New("the tag does not allow one of its keys to be used any more; take another tag")
	// ErrDelay means that the tag asks for time because somebody tried wrong keys.
	ErrDelay = errors.New("the tag takes a pause because wrong keys were tried; leave it on the reader and try again")
	// ErrSettings means that the settings of the tag's content are out of reach of its keys, which we never do.
	ErrSettings = errors.New("the tag's settings do not let its keys change it; take another tag")
	// ErrUsedUp means that a tag had keys of the last version there is.
	ErrUsedUp = errors.New("the tag had all 255 versions of keys; take another tag")
	// ErrTooLong means that the address does not fit.
	ErrTooLong = errors.New("the address is too long for the tag")
	// ErrSwapped means that another tag is at the reader than at the start.
	ErrSwapped = errors.New("the tag was exchanged for another one")
	// ErrGarbled means that an answer is not one the tag could have given.
	ErrGarbled = errors.New("the tag's answer makes no sense")
	// ErrMismatch means that the tag does not give back what was written to it. It was changed.
	ErrMismatch = errors.New("the tag does not give back what was written to it")
)
