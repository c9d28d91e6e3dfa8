package ndef

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	typeText     = "T"
	textUTF16    = 0x80
	textLanguage = 0x3F
)

// Text is the content of a text record: words and the IANA tag of their language.
type Text struct {
	Language string
	Text     string
}

// TextRecord makes a UTF-8 text record (NFC Forum Text RTD 1.0 §3).
func TextRecord(t Text) (Record, error) {
	switch {
	case len(t.Language) == 0 || len(t.Language) > textLanguage:
		return Record{}, fmt.Errorf("make a text record: the language takes 1 to %d bytes, not %d", textLanguage, len(t.Language))
	case !utf8.ValidString(t.Text) || !ascii(t.Language):
		return Record{}, fmt.Errorf("make a text record: text or language are not encoded as they must be")
	}
	payload := append([]byte{byte(len(t.Language))}, t.Language...)
	return Record{TNF: WellKnown, Type: typeText, Payload: append(payload, t.Text...)}, nil
}

// Text returns the content of a text record.
func (r Record) Text() (Text, error) {
	if r.TNF != WellKnown || r.Type != typeText {
		return Text{}, ErrNotThis
	}
	if len(r.Payload) == 0 {
		return Text{}, &SyntaxError{Reason: "a text without its first byte"}
	}
	head, rest := r.Payload[0], r.Payload[1:]
	n := int(head & textLanguage)
	if n > len(rest) || !ascii(string(rest[:n])) {
		return Text{}, &SyntaxError{Reason: "a text whose language is cut off or not plain"}
	}
	words, ok := decodeText(rest[n:], head&textUTF16 != 0)
	if !ok {
		return Text{}, &SyntaxError{Reason: "a text that is not Unicode"}
	}
	return Text{Language: string(rest[:n]), Text: words}, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

// decodeText reads UTF-8 or UTF-16. Without a byte order mark UTF-16 is big endian (Text RTD 1.0 §3.4).
func decodeText(b []byte, wide bool) (string, bool) {
	if !wide {
		return string(b), utf8.Valid(b)
	}
	if len(b)%2 != 0 {
		return "", false
	}
	var order binary.ByteOrder = binary.BigEndian
	if len(b) >= 2 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF) {
		if b[0] == 0xFF {
			order = binary.LittleEndian
		}
		b = b[2:]
	}
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) > 0; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return string(utf16.Decode(units)), true
}
