package display

import (
	"errors"
	"fmt"
	"image"
)

var (
	// ErrClosed is returned by Show after Close.
	ErrClosed = errors.New("display is closed")
	// ErrSize is returned by Show for a picture that is not as large as the panel.
	ErrSize = errors.New("picture and display differ in size")
	// ErrNoText is returned for a code without anything in it.
	ErrNoText = errors.New("a code needs a text")
)

// CheckSize returns ErrSize, with both sizes, unless picture is as large as
// bounds. Drivers call it first in Show.
func CheckSize(bounds image.Rectangle, picture image.Image) error {
	if got := picture.Bounds().Size(); got != bounds.Size() {
		return fmt.Errorf("%w: picture %d×%d, display %d×%d", ErrSize, got.X, got.Y, bounds.Dx(), bounds.Dy())
	}
	return nil
}

// TooLongError says that a text makes a code with more modules than the space
// can hold at a size that phones read.
type TooLongError struct {
	// Length is the text's length in bytes, as encoded.
	Length int
	// Fits is the longest text in bytes of any kind that would fit; zero means
	// that no code fits into this space.
	Fits int
	// FitsUpper is the same for text of digits, capital letters and
	// "space $%*+-./:", which QR codes pack more tightly.
	FitsUpper int
	// Side is the edge of the square in pixels that was available, or zero when
	// the limit is that of QR codes as such.
	Side int
}

// Error implements error.
func (e *TooLongError) Error() string {
	if e.Side == 0 {
		return fmt.Sprintf("a text of %d characters is too long for a QR code: at most %d fit", e.Length, e.Fits)
	}
	if e.Fits == 0 {
		return fmt.Sprintf("no readable QR code fits into %d pixels", e.Side)
	}
	return fmt.Sprintf("a text of %d characters is too long for a readable QR code in %d pixels: at most %d fit (%d in capitals)",
		e.Length, e.Side, e.Fits, e.FitsUpper)
}

// asTooLong returns the *TooLongError in err's chain, or nil.
func asTooLong(err error) *TooLongError {
	var long *TooLongError
	errors.As(err, &long)
	return long
}
