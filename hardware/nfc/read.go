package nfc

import (
	"bytes"
	"context"
	"errors"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/type4"
)

// TagContent is all that can be told of a tag without changing it.
type TagContent struct {
	UID       []byte
	RandomUID bool
	Kind      TagKind
	// NDEF says that the tag is prepared to hold content for phones.
	NDEF     bool
	ReadOnly bool
	// Capacity is the size in bytes of the longest message that fits.
	Capacity int
	Message  ndef.Message
	// URI is the first address in Message, or empty. It is foreign.
	URI string
}

// ReadTag reads a tag. A tag without content is no error. When the content is damaged the error matches
// [ndef.ErrMalformed] and everything else in the result is valid. Whenever the result has a UID, a tag was there.
func ReadTag(ctx context.Context, card Card) (TagContent, error) {
	uid, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return TagContent{}, err
	}
	content := TagContent{UID: uid, RandomUID: apdu.RandomUID(uid), Kind: Other}
	if err := content.read(ctx, card); err != nil {
		return content, err
	}
	// A tag that was exchanged between two polls of the reader raises no event.
	again, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return content, err
	}
	if !bytes.Equal(uid, again) {
		return TagContent{}, ErrCardSwapped
	}
	return content, nil
}

// read decides by the answer-to-reset where that is telling, and otherwise by trying.
func (c *TagContent) read(ctx context.Context, card Card) error {
	switch apdu.Classify(card.ATR()) {
	case apdu.FamilyType2:
		return c.readType2(ctx, card)
	case apdu.FamilyClassic:
		c.Kind = Classic
		return nil
	case apdu.FamilyStorage:
		return nil
	case apdu.FamilyProcessor, apdu.FamilyUnknown:
		return c.readType4(ctx, card)
	default:
		return nil
	}
}

func (c *TagContent) readType2(ctx context.Context, card Card) error {
	content, err := type2.Read(ctx, card)
	c.Kind = type2Kind(content.Chip)
	if errors.Is(err, type2.ErrNotFormatted) {
		return nil
	}
	c.NDEF, c.ReadOnly, c.Capacity = true, content.ReadOnly, content.Capacity
	c.take(content.Message)
	return err
}

func type2Kind(chip string) TagKind {
	switch chip {
	case "NTAG213":
		return NTAG213
	case "NTAG215":
		return NTAG215
	case "NTAG216":
		return NTAG216
	default:
		return OtherType2
	}
}

func (c *TagContent) readType4(ctx context.Context, card Card) error {
	content, err := type4.Read(ctx, card)
	if errors.Is(err, type4.ErrNoNDEF) {
		if c.RandomUID {
			c.Kind = Phone
		}
		return nil
	}
	c.NDEF, c.ReadOnly, c.Capacity = true, content.ReadOnly, content.Capacity
	c.take(content.Message)
	if err != nil && !errors.Is(err, ndef.ErrMalformed) {
		return err
	}
	kind, kindErr := c.type4Kind(ctx, card)
	c.Kind = kind
	return errors.Join(err, kindErr)
}

// type4Kind asks for the maker's version (data sheet NT4H2421Gx §10.5.2): vendor 04 is NXP, type 04 an NTAG.
func (c *TagContent) type4Kind(ctx context.Context, card Card) (TagKind, error) {
	version, status, err := apdu.Exchange(ctx, card, apdu.NativeVersion())
	// A tag that was not asked for the rest of its answer refuses the next command, maybe another program's.
	for n := 0; err == nil && status == moreToCome && n < moreFrames; n++ {
		_, status, err = apdu.Exchange(ctx, card, []byte{0x90, 0xAF, 0x00, 0x00, 0x00})
	}
	switch {
	case err != nil:
		return OtherType4, err
	case len(version) == 7 && version[0] == 0x04 && version[1] == 0x04:
		return NTAG424, nil
	case c.RandomUID:
		return Phone, nil
	default:
		return OtherType4, nil
	}
}

// moreToCome asks to ask for the rest of an answer.
const moreToCome apdu.Status = 0x91AF

// moreFrames follow the first frame of the answer to GetVersion (data sheet §10.5.2).
const moreFrames = 2

func (c *TagContent) take(message ndef.Message) {
	c.Message = message
	c.URI, _ = message.URI()
}
