// Package type4 reads NFC Forum Type 4 tags: NTAG 424 DNA, DESFire with an NDEF application, and phones that play a tag
// (NFC Forum Type 4 Tag 1.2 and 2.0).
package type4

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// ErrNoNDEF means that the card has no NDEF application or keeps it from us: bank cards, phones, badges.
var ErrNoNDEF = errors.New("the card holds no content for phones (no NDEF application)")

const (
	ccFile = 0xE103
	// ccLength covers the fixed part and the first file control block.
	ccLength = 15
	// maxShort is the most that one short command reads.
	maxShort = 255
	// maxOffset is what ReadBinary can address without extended forms.
	maxOffset = 0x7FFF

	controlNDEF         = 0x04
	controlExtendedNDEF = 0x06
)

// Content is what a card holds.
type Content struct {
	// ReadOnly says that the card does not let strangers write.
	ReadOnly bool
	// Capacity is the size in bytes of the longest message that fits.
	Capacity int
	// Raw is the encoded message; empty when there is none.
	Raw     []byte
	Message ndef.Message
}

// Read selects the NDEF application and returns its message. An empty file is no error. With an error that matches
// [ndef.ErrMalformed] the rest of Content is valid as far as it was understood.
func Read(ctx context.Context, t apdu.Transmitter) (Content, error) {
	if err := selectApplication(ctx, t); err != nil {
		return Content{}, err
	}
	cc, err := readContainer(ctx, t)
	if err != nil {
		return Content{}, err
	}
	content := Content{ReadOnly: cc.readOnly, Capacity: cc.size - cc.lengthSize}
	if content.Raw, err = readFile(ctx, t, cc); err != nil {
		return content, err
	}
	if content.Message, err = ndef.Parse(content.Raw); err != nil {
		return content, fmt.Errorf("read what is on the card: %w", err)
	}
	return content, nil
}

// selectApplication knows the name of mapping version 2 and later (Type 4 Tag 2.0 §5.5.2).
func selectApplication(ctx context.Context, t apdu.Transmitter) error {
	name := []byte{0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01}
	_, err := apdu.Send(ctx, t, "look for content for phones", apdu.SelectName(name))
	if apdu.Refused(err) {
		return fmt.Errorf("%w: %w", ErrNoNDEF, err)
	}
	return err
}

// container is the capability container as far as reading needs it.
type container struct {
	maxRead  int
	file     uint16
	size     int
	readOnly bool
	// lengthSize is the width of the length in front of the message.
	lengthSize int
}

func readContainer(ctx context.Context, t apdu.Transmitter) (container, error) {
	if _, err := apdu.Send(ctx, t, "select the capability container", apdu.SelectFile(ccFile)); err != nil {
		return container{}, err
	}
	raw, err := apdu.Send(ctx, t, "read the capability container", apdu.ReadBinary(0, ccLength))
	if err != nil {
		return container{}, err
	}
	cc, extended, err := parseContainer(raw)
	if err != nil || !extended {
		return cc, err
	}
	more, err := apdu.Send(ctx, t, "read the capability container", apdu.ReadBinary(ccLength, 2))
	if err != nil {
		return container{}, err
	}
	return parseExtended(append(raw[:ccLength:ccLength], more...))
}

// parseContainer reads versions 1 to 3; extended says that a file control block with four-byte sizes follows, whose end
// must be fetched first (Type 4 Tag 2.0 §5.1).
func parseContainer(raw []byte) (cc container, extended bool, err error) {
	if len(raw) < ccLength {
		return cc, false, damaged("the capability container is cut off")
	}
	if version := raw[2] >> 4; version < 1 || version > 3 {
		return cc, false, damaged(fmt.Sprintf("capability container of version %d", version))
	}
	cc = container{
		maxRead:    min(int(binary.BigEndian.Uint16(raw[3:])), maxShort),
		file:       binary.BigEndian.Uint16(raw[9:]),
		size:       int(binary.BigEndian.Uint16(raw[11:])),
		readOnly:   raw[14] != 0,
		lengthSize: 2,
	}
	if raw[7] == controlExtendedNDEF && raw[8] == 8 {
		return cc, true, nil
	}
	if raw[7] != controlNDEF || raw[8] != 6 {
		return cc, false, damaged("the capability container names no file")
	}
	return cc, false, cc.check()
}

func parseExtended(raw []byte) (container, error) {
	if len(raw) < ccLength+2 {
		return container{}, damaged("the capability container is cut off")
	}
	cc := container{
		maxRead:    min(int(binary.BigEndian.Uint16(raw[3:])), maxShort),
		file:       binary.BigEndian.Uint16(raw[9:]),
		size:       int(min(binary.BigEndian.Uint32(raw[11:]), ndef.MaxMessage)),
		readOnly:   raw[16] != 0,
		lengthSize: 4,
	}
	return cc, cc.check()
}

func (cc container) check() error {
	if cc.maxRead < cc.lengthSize || cc.size < cc.lengthSize {
		return damaged("the capability container names an impossible size")
	}
	return nil
}

func damaged(reason string) error { return &ndef.SyntaxError{Reason: reason} }

func readFile(ctx context.Context, t apdu.Transmitter, cc container) ([]byte, error) {
	if _, err := apdu.Send(ctx, t, "select the content", apdu.SelectFile(cc.file)); err != nil {
		return nil, err
	}
	head, err := apdu.Send(ctx, t, "read the content's length", apdu.ReadBinary(0, byte(cc.lengthSize)))
	if err != nil {
		return nil, err
	}
	length, err := cc.length(head)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, length)
	for len(out) < length {
		n := min(cc.maxRead, length-len(out))
		part, err := apdu.Send(ctx, t, "read the content", apdu.ReadBinary(uint16(cc.lengthSize+len(out)), byte(n)))
		if err != nil {
			return nil, err
		}
		if len(part) == 0 || len(part) > n {
			return nil, fmt.Errorf("read the content: %w", &apdu.LengthError{Got: len(part), Want: fmt.Sprint(n)})
		}
		out = append(out, part...)
	}
	return out, nil
}

// length checks the number in front of the message before anything of that size is asked for.
func (cc container) length(head []byte) (int, error) {
	if len(head) != cc.lengthSize {
		return 0, fmt.Errorf("read the content's length: %w", &apdu.LengthError{Got: len(head), Want: fmt.Sprint(cc.lengthSize)})
	}
	var n uint64
	for _, b := range head {
		n = n<<8 | uint64(b)
	}
	if n > uint64(cc.size-cc.lengthSize) || n > maxOffset-uint64(cc.lengthSize) {
		return 0, damaged("the content is longer than its file")
	}
	return int(n), nil
}
