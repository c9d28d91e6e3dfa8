package ndef

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrMalformed is matched by every error about bytes that are not a valid message.
var ErrMalformed = errors.New("the tag's content is damaged")

// A SyntaxError says where a message breaks which rule. It matches [ErrMalformed].
type SyntaxError struct {
	// Offset is the position in bytes of the record at fault.
	Offset int
	// Reason is the broken rule, worded for a person.
	Reason string
}

// Error names the rule and the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%v: %s (at byte %d)", ErrMalformed, e.Reason, e.Offset)
}

// Is makes every SyntaxError match [ErrMalformed].
func (e *SyntaxError) Is(target error) bool { return target == ErrMalformed }

// Parse decodes a whole message. Chunked records come back joined. No bytes at all are an empty message; anything that
// breaks the rules of NDEF 1.0 §3 is a [*SyntaxError]. The result does not alias b.
func Parse(b []byte) (Message, error) {
	if len(b) > MaxMessage {
		return nil, &SyntaxError{Reason: fmt.Sprintf("more than %d bytes", MaxMessage)}
	}
	p := parser{left: b}
	for count := 0; len(p.left) > 0; count++ {
		at := len(b) - len(p.left)
		if count == MaxRecords {
			return nil, &SyntaxError{Offset: at, Reason: fmt.Sprintf("more than %d records", MaxRecords)}
		}
		if reason := p.record(count == 0); reason != "" {
			return nil, &SyntaxError{Offset: at, Reason: reason}
		}
	}
	if len(b) > 0 && !p.ended {
		return nil, &SyntaxError{Offset: len(b), Reason: "the last record is missing"}
	}
	return p.message, nil
}

// parser consumes a message from its front.
type parser struct {
	left     []byte
	message  Message
	chunking bool
	ended    bool
}

// header is what stands before type, id and payload.
type header struct {
	flags                 byte
	typeLen, idLen        int
	payloadLen            uint64
	chunk, last, starting bool
}

func (p *parser) record(first bool) (reason string) {
	h, rest, reason := readHeader(p.left)
	if reason == "" {
		reason = p.order(h, first)
	}
	if reason == "" {
		reason = h.check(p.chunking)
	}
	if reason != "" {
		return reason
	}
	if need := uint64(h.typeLen) + uint64(h.idLen) + h.payloadLen; need > uint64(len(rest)) {
		return fmt.Sprintf("a record of %d bytes, but only %d are left", need, len(rest))
	}
	p.take(h, rest)
	return ""
}

// readHeader reads lengths only; that they fit is checked by the caller before anything is copied.
func readHeader(b []byte) (h header, rest []byte, reason string) {
	if len(b) < shortHeader {
		return h, nil, "a record is cut off"
	}
	h = header{flags: b[0], typeLen: int(b[1])}
	h.chunk, h.last, h.starting = b[0]&flagChunk != 0, b[0]&flagEnd != 0, b[0]&flagBegin != 0
	if b[0]&flagShort != 0 {
		h.payloadLen, rest = uint64(b[2]), b[shortHeader:]
	} else {
		if len(b) < longHeader {
			return h, nil, "a record is cut off"
		}
		h.payloadLen, rest = uint64(binary.BigEndian.Uint32(b[2:])), b[longHeader:]
	}
	if b[0]&flagID != 0 {
		if len(rest) < 1 {
			return h, nil, "a record is cut off"
		}
		h.idLen, rest = int(rest[0]), rest[1:]
	}
	return h, rest, ""
}

// order checks the place of a record in its message.
func (p *parser) order(h header, first bool) string {
	switch {
	case p.ended:
		return "a record follows the last one"
	case first != h.starting:
		return "the first record is not marked, or a later one is"
	case h.last && h.chunk:
		return "the last record is only a part"
	default:
		return ""
	}
}

// check applies the rules of the type name format (NDEF 1.0 §3.2.6).
func (h header) check(chunking bool) string {
	tnf := TNF(h.flags & maskTNF)
	switch {
	case chunking != (tnf == unchanged):
		return "a part of a record stands outside its record"
	case tnf == unchanged && (h.typeLen != 0 || h.idLen != 0 || h.flags&flagID != 0):
		return "a later part of a record has a type or an id of its own"
	case tnf > unchanged:
		return "a reserved type name format"
	case tnf == Empty && (h.typeLen != 0 || h.idLen != 0 || h.payloadLen != 0 || h.chunk):
		return "an empty record that holds something"
	case tnf == Unknown && h.typeLen != 0:
		return "a record of unknown type has a type name"
	case tnf >= WellKnown && tnf <= External && h.typeLen == 0:
		return "the type name is missing"
	default:
		return ""
	}
}

// take moves a checked record, or a part of one, into the message.
func (p *parser) take(h header, rest []byte) {
	typ, rest := rest[:h.typeLen], rest[h.typeLen:]
	id, rest := rest[:h.idLen], rest[h.idLen:]
	payload, rest := rest[:h.payloadLen], rest[h.payloadLen:]
	if p.chunking {
		joined := &p.message[len(p.message)-1]
		joined.Payload = append(joined.Payload, payload...)
	} else {
		p.message = append(p.message, Record{
			TNF: TNF(h.flags & maskTNF), Type: string(typ), ID: string(id), Payload: bytes.Clone(payload),
		})
	}
	p.left, p.chunking, p.ended = rest, h.chunk, h.last
}
