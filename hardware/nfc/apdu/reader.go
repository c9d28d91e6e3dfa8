package apdu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// PageSize is the number of bytes one Type 2 page holds.
const PageSize = 4

// ErrRaw is returned when a reader would not pass a raw command on, or the tag did not answer one.
var ErrRaw = errors.New("the raw command got no usable answer")

// Commands of class FF are answered by the reader, not by the card (PC/SC part 3 §3.2.2).

// UID asks the reader for the identifier of the tag in the field.
func UID() []byte { return []byte{0xFF, 0xCA, 0x00, 0x00, 0x00} }

// ReadPages asks for n bytes of a Type 2 tag from a page on; readers give at most 16 at a time.
func ReadPages(page byte, n byte) []byte { return []byte{0xFF, 0xB0, 0x00, page, n} }

// WritePage writes one page of a Type 2 tag.
func WritePage(page byte, data [PageSize]byte) []byte {
	return append([]byte{0xFF, 0xD6, 0x00, page, PageSize}, data[:]...)
}

// ReadUID returns the identifier of the tag in the field: 4, 7 or 10 bytes.
func ReadUID(ctx context.Context, t Transmitter) ([]byte, error) {
	uid, err := Send(ctx, t, "read the tag's number", UID())
	if err != nil {
		return nil, err
	}
	switch len(uid) {
	case 4, 7, 10:
		return bytes.Clone(uid), nil
	}
	return nil, fmt.Errorf("read the tag's number: %w", &LengthError{Got: len(uid), Want: "4, 7 or 10"})
}

// RandomUID reports whether uid is made up anew at each tap and so identifies nobody (ISO 14443-3 §6.4.4).
func RandomUID(uid []byte) bool { return len(uid) == 4 && uid[0] == 0x08 }

// A LengthError is an answer that is too short or too long to be what was asked for.
type LengthError struct {
	Got  int
	Want string
}

// Error names both lengths.
func (e *LengthError) Error() string {
	return fmt.Sprintf("the answer is %d bytes long instead of %s", e.Got, e.Want)
}

// A Route is a way in which a family of readers passes raw commands to a tag.
type Route struct {
	Name   string
	wrap   func(cmd []byte) []byte
	unwrap func(data []byte) ([]byte, bool)
}

// Routes lists the known ways, the harmless ones first: a PN53x frame that a reader passes on verbatim would be an
// unknown command to the tag, which then falls silent, whereas a PN53x drops a bare tag command by itself.
func Routes() []Route {
	return []Route{
		{Name: "direct", wrap: direct, unwrap: func(data []byte) ([]byte, bool) { return data, true }},
		{Name: "pn53x", wrap: pn53x, unwrap: unwrapPN53x},
	}
}

// Send passes cmd to the tag and returns the tag's answer.
func (r Route) Send(ctx context.Context, t Transmitter, what string, cmd []byte) ([]byte, error) {
	data, err := Send(ctx, t, what, r.wrap(cmd))
	if err != nil {
		return nil, err
	}
	answer, ok := r.unwrap(data)
	if !ok {
		return nil, fmt.Errorf("%s: %w", what, ErrRaw)
	}
	return answer, nil
}

// direct is the form of the ACR1252U family.
func direct(cmd []byte) []byte {
	return append([]byte{0xFF, 0x00, 0x00, 0x00, byte(len(cmd))}, cmd...)
}

// pn53x wraps cmd into InCommunicateThru (PN532 user manual §7.3.9), which the ACR122U passes to its chip.
func pn53x(cmd []byte) []byte {
	return append([]byte{0xFF, 0x00, 0x00, 0x00, byte(len(cmd) + 2), 0xD4, 0x42}, cmd...)
}

func unwrapPN53x(data []byte) ([]byte, bool) {
	if len(data) < 3 || data[0] != 0xD5 || data[1] != 0x43 || data[2]&0x3F != 0 {
		return nil, false
	}
	return data[3:], true
}
