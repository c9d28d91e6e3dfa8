// Package nfc reads and writes contactless tags at readers that come and go: it says what a reader and a card must be
// able to do, watches all readers of a back end, and turns every tag held to one of them into a [Tap].
//
// Nothing here needs cgo; package pcsc reaches real readers and package sim plays one.
package nfc

import (
	"context"
	"io"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// A Card is a tag or card in the field of a reader. It is used by one goroutine at a time.
type Card interface {
	// ATR is the answer-to-reset that the reader made up for the card. The caller must not change it.
	ATR() []byte
	// Transmit exchanges one command. It returns soon after ctx ends even when the reader never answers; the card is
	// then of no further use and says [ErrStuck]. The answer may be shorter than a status word.
	Transmit(ctx context.Context, cmd []byte) ([]byte, error)
	// Reset takes the card's power away and gives it back, so that it forgets everything but its memory.
	Reset(ctx context.Context) error
}

// A Connection is a card that this program has to itself until it closes it.
type Connection interface {
	Card
	io.Closer
}

// A Backend reaches readers. Readers and Wait are called by one goroutine at a time; Connect and the connections it
// returns may be used meanwhile. Errors match the sentinels of this package.
type Backend interface {
	// Readers lists the readers that are there now, in a stable order. It opens the way to the reader service when it
	// is not open. No readers are no error.
	Readers(ctx context.Context) ([]string, error)
	// Wait returns the states of the given readers as soon as one differs from what the caller passed, when the list
	// of readers may have changed, after max, or when ctx ends. [ErrUnknownReader] means that the list is out of date.
	Wait(ctx context.Context, states []ReaderState, max time.Duration) ([]ReaderState, error)
	// Connect opens the card in the field of a reader.
	Connect(ctx context.Context, reader string) (Connection, error)
	// Close gives everything back; a later Readers opens the way again. No other call may be running.
	Close() error
}

// ReaderState is what is known of one reader.
type ReaderState struct {
	Reader string
	// Card says that a card is in the field.
	Card bool
	// Mute says that the card in the field does not answer.
	Mute bool
	// Events counts cards that came and went, so that a swap between two looks is noticed. It wraps.
	Events uint16
	// ATR belongs to the card in the field and is empty without one.
	ATR []byte
	// Mark belongs to the back end; zero means that nobody has looked at this reader yet.
	Mark uint32
}

// TagKind says what was held to a reader, as far as can be told without harming it.
type TagKind string

// Kinds of tags and cards.
const (
	NTAG213    TagKind = "ntag213"
	NTAG215    TagKind = "ntag215"
	NTAG216    TagKind = "ntag216"
	NTAG424    TagKind = "ntag424"
	OtherType2 TagKind = "type2"
	OtherType4 TagKind = "type4"
	Classic    TagKind = "classic"
	Phone      TagKind = "phone"
	Other      TagKind = "other"
)

// A Tap is one tag held to one reader.
type Tap struct {
	Reader string
	// UID is the tag's number. It is neither secret nor proof of anything, and worthless when RandomUID is set.
	UID       []byte
	RandomUID bool
	Kind      TagKind
	// URI is the first address in Message, or empty. It is foreign: check scheme and host before using it.
	URI     string
	Message ndef.Message
	// Seq grows by one per arrival of a card at any reader.
	Seq uint64
	At  time.Time
	// Err says why the content could not be read although the tag is there, for example because it is damaged.
	Err error
}
