package apdu

import (
	"errors"
	"fmt"
)

// Status is the status word at the end of an answer: SW1 in the high byte, SW2 in the low one (ISO 7816-4 §5.6).
type Status uint16

// Status words that readers and NDEF tags use.
const (
	OK              Status = 0x9000
	EndOfFile       Status = 0x6282
	Failed          Status = 0x6300
	WrongLength     Status = 0x6700
	NotPermitted    Status = 0x6982
	NotSupported    Status = 0x6A81
	FileNotFound    Status = 0x6A82
	WrongParameters Status = 0x6A86
	WrongOffset     Status = 0x6B00
	UnknownCommand  Status = 0x6D00
	UnknownClass    Status = 0x6E00
)

// String words the status for a person and keeps the number, which is what manuals list.
func (s Status) String() string {
	if text := s.text(); text != "" {
		return fmt.Sprintf("%s (status %04X)", text, uint16(s))
	}
	return fmt.Sprintf("status %04X", uint16(s))
}

func (s Status) text() string {
	switch s {
	case OK:
		return "done"
	case EndOfFile:
		return "fewer bytes than asked for"
	case Failed:
		return "the tag did not carry it out"
	case WrongLength:
		return "wrong length"
	case NotPermitted:
		return "not permitted"
	case NotSupported:
		return "not supported"
	case FileNotFound:
		return "not found on this card"
	case WrongParameters:
		return "wrong parameters"
	case WrongOffset:
		return "beyond the end"
	case UnknownCommand, UnknownClass:
		return "unknown command"
	default:
		return ""
	}
}

// A StatusError is a command that was answered, but refused.
type StatusError struct {
	Status Status
}

// Error words the status.
func (e *StatusError) Error() string { return e.Status.String() }

// HasStatus reports whether err stems from an answer with the given status word.
func HasStatus(err error, status Status) bool {
	var refused *StatusError
	return errors.As(err, &refused) && refused.Status == status
}

// Refused reports whether err stems from an answer with any status word, as opposed to a card or reader that is gone.
func Refused(err error) bool {
	var refused *StatusError
	return errors.As(err, &refused)
}
