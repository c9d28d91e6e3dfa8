// Package type2 reads and writes NFC Forum Type 2 tags, above all NTAG213, NTAG215 and NTAG216, through the
// pseudo-commands of PC/SC readers (NFC Forum Type 2 Tag 1.2; NXP data sheet NTAG213/215/216). [Write] needs an open tag;
// [Protect] makes a table's tag that takes changes only with its own password, and [Unprotect] takes that back.
package type2

import (
	"context"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// A Card is a Type 2 tag at a reader.
type Card interface {
	apdu.Transmitter
	// Reset cycles the field. A tag that refused a command says nothing more until then.
	Reset(ctx context.Context) error
}

var (
	// ErrNotFormatted means that the tag carries no capability container, so it is not meant for NDEF.
	ErrNotFormatted = errors.New("the tag is not prepared for addresses (no NDEF capability container)")
	// ErrProtected is matched by every [*ProtectedError].
	ErrProtected = errors.New("the tag is write-protected")
	// ErrSwapped means that another tag is at the reader than the one that was there at the start.
	ErrSwapped = errors.New("the tag was exchanged for another one")
	// ErrMismatch means that the tag gives back something else than what was written to it.
	ErrMismatch = errors.New("the tag does not give back what was written to it")
	// ErrTooLong is matched by every [*CapacityError].
	ErrTooLong = errors.New("the tag is too small")
)

// A CapacityError says how much was to be written and how much fits.
type CapacityError struct {
	// Chip names the tag, or is empty.
	Chip string
	// Need and Fits are sizes of encoded messages in bytes.
	Need, Fits int
}

// Error names both sizes.
func (e *CapacityError) Error() string {
	name := e.Chip
	if name == "" {
		name = "this tag"
	}
	return fmt.Sprintf("%v: the content takes %d bytes, %s holds %d", ErrTooLong, e.Need, name, e.Fits)
}

// Is makes the error match [ErrTooLong].
func (e *CapacityError) Is(target error) bool { return target == ErrTooLong }

// A ProtectedError says what keeps a tag from being written.
type ProtectedError struct {
	// Page is the first page that may not be written.
	Page int
	// By names the protection.
	By string
}

// Error names the protection and the page.
func (e *ProtectedError) Error() string {
	return fmt.Sprintf("%v by %s (page %d)", ErrProtected, e.By, e.Page)
}

// Is makes the error match [ErrProtected].
func (e *ProtectedError) Is(target error) bool { return target == ErrProtected }

const (
	readSize  = 16
	firstPage = 4
	// ccMagic opens the capability container of a tag that holds NDEF (Type 2 Tag 1.2 §6.1).
	ccMagic = 0xE1
)

// head is the first four pages: number, lock bits and capability container. It is read from the tag itself, whereas a
// reader may answer the question for the number out of its memory.
type head [readSize]byte

func readHead(ctx context.Context, t apdu.Transmitter) (head, error) {
	data, err := readPages(ctx, t, 0)
	if err != nil {
		return head{}, err
	}
	return head(data), nil
}

func readPages(ctx context.Context, t apdu.Transmitter, page int) ([]byte, error) {
	what := fmt.Sprintf("read the tag from page %d", page)
	data, err := apdu.Send(ctx, t, what, apdu.ReadPages(byte(page), readSize))
	if err != nil {
		return nil, err
	}
	if len(data) != readSize {
		return nil, fmt.Errorf("%s: %w", what, &apdu.LengthError{Got: len(data), Want: "16"})
	}
	return data, nil
}

// sameTag compares the numbers in two heads.
func (h head) sameTag(other head) bool { return [9]byte(h[:9]) == [9]byte(other[:9]) }

// fits reports whether the number that the reader gave belongs to this head. Only numbers of seven bytes are stored in a
// known place (data sheet §8.5.1).
func (h head) fits(uid []byte) bool {
	return len(uid) != 7 || [3]byte(uid) == [3]byte(h[:3]) && [4]byte(uid[3:]) == [4]byte(h[4:8])
}

// area is the size in bytes of the data area behind the capability container.
func (h head) area() (int, error) {
	cc := h[12:]
	if cc[0] != ccMagic || cc[1]>>4 != 1 || cc[2] == 0 {
		return 0, ErrNotFormatted
	}
	return int(cc[2]) * 8, nil
}

func (h head) readOnly() bool { return h[15]&0x0F != 0 }

// locked reports whether static lock bits protect a page below 16.
func (h head) locked(page int) bool {
	bits := uint16(h[10]) | uint16(h[11])<<8
	return page >= firstPage && page < 16 && bits&(1<<page) != 0
}
