// Package ndef reads and writes NDEF messages, the content that phones understand on a contactless tag
// (NFC Forum, NFC Data Exchange Format 1.0).
package ndef

import (
	"encoding/binary"
	"fmt"
)

// Limits of what is decoded. A tag is foreign: nothing on it may cost more than its own size.
const (
	// MaxRecords is the number of records, chunks included, that one message may hold.
	MaxRecords = 64
	// MaxMessage is the size in bytes of the largest message that is decoded or encoded.
	MaxMessage = 1 << 16
)

// TNF is the type name format: it says how a record's type is to be read (NDEF 1.0 §3.2.6).
type TNF byte

// Type name formats.
const (
	Empty       TNF = 0
	WellKnown   TNF = 1
	MIME        TNF = 2
	AbsoluteURI TNF = 3
	External    TNF = 4
	Unknown     TNF = 5
	unchanged   TNF = 6
)

// Flags of a record's first byte (NDEF 1.0 §3.2).
const (
	flagBegin   = 0x80
	flagEnd     = 0x40
	flagChunk   = 0x20
	flagShort   = 0x10
	flagID      = 0x08
	maskTNF     = 0x07
	maxOneByte  = 0xFF
	shortHeader = 3
	longHeader  = 6
)

// A Record is one piece of a message. Payload is owned by the record.
type Record struct {
	TNF     TNF
	Type    string
	ID      string
	Payload []byte
}

// A Message is what a tag holds: records in order. An empty message is an empty tag.
type Message []Record

// Marshal encodes the message. It refuses records that break the format's rules or its own limits.
func (m Message) Marshal() ([]byte, error) {
	if len(m) > MaxRecords {
		return nil, fmt.Errorf("encode a message: %d records are more than %d", len(m), MaxRecords)
	}
	var out []byte
	for i, r := range m {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("encode record %d: %w", i+1, err)
		}
		out = r.append(out, i == 0, i == len(m)-1)
		if len(out) > MaxMessage {
			return nil, fmt.Errorf("encode a message: more than %d bytes", MaxMessage)
		}
	}
	return out, nil
}

func (r Record) check() error {
	switch {
	case len(r.Type) > maxOneByte || len(r.ID) > maxOneByte:
		return fmt.Errorf("type and id may take %d bytes", maxOneByte)
	case r.TNF > Unknown:
		return fmt.Errorf("type name format %d cannot be written", r.TNF)
	case r.TNF == Empty && len(r.Type)+len(r.ID)+len(r.Payload) > 0:
		return fmt.Errorf("an empty record holds nothing")
	case r.TNF == Unknown && r.Type != "":
		return fmt.Errorf("a record of unknown type has no type name")
	case r.TNF != Empty && r.TNF != Unknown && r.Type == "":
		return fmt.Errorf("the type name is missing")
	default:
		return nil
	}
}

func (r Record) append(out []byte, first, last bool) []byte {
	head := byte(r.TNF)
	if first {
		head |= flagBegin
	}
	if last {
		head |= flagEnd
	}
	if len(r.Payload) <= maxOneByte {
		head |= flagShort
	}
	if r.ID != "" {
		head |= flagID
	}
	out = append(out, head, byte(len(r.Type)))
	if head&flagShort != 0 {
		out = append(out, byte(len(r.Payload)))
	} else {
		out = binary.BigEndian.AppendUint32(out, uint32(len(r.Payload)))
	}
	if r.ID != "" {
		out = append(out, byte(len(r.ID)))
	}
	out = append(out, r.Type...)
	out = append(out, r.ID...)
	return append(out, r.Payload...)
}
