// Package display puts a table's code and short messages on small screens: it
// holds the contract every display driver fulfils, composes pictures from a
// Card, and keeps one display showing the newest content.
package display

import (
	"context"
	"fmt"
	"image"
	"time"
)

// Display is one screen a driver has opened. It is used by one goroutine at a
// time; whoever opened it closes it.
type Display interface {
	// Show replaces the whole picture and returns when the panel has it. The
	// picture must be as large as Bounds (its origin does not matter), else the
	// error is ErrSize; it is only read, and not kept after Show returns. A
	// context that has already ended is returned as its error. After any other
	// error the same Show may be tried again and draws everything anew.
	Show(ctx context.Context, picture image.Image) error
	// Bounds is the panel's size in pixels, with its origin at (0, 0). It never
	// changes.
	Bounds() image.Rectangle
	// Close releases the panel; a second call does nothing. Show then returns
	// ErrClosed.
	Close() error
	// String names the display in words that help to find it, for example
	// "SSD1306 128×64 on I2C1".
	fmt.Stringer
}

// Traits is what composing and keeping need to know about a kind of panel. The
// zero value describes an ordinary colour screen.
type Traits struct {
	// Mono says that a pixel is either dark or light, nothing between.
	Mono bool
	// Emissive says that light pixels glow and age (OLED), so that nothing to
	// show means dark.
	Emissive bool
	// MinInterval is the shortest time between two pictures the panel bears;
	// e-paper wants three minutes.
	MinInterval time.Duration
	// MaxInterval is the longest time a picture may stand before it is drawn
	// again, be it for the panel's health or to notice that it was unplugged.
	// Zero means never.
	MaxInterval time.Duration
}

// Describer is implemented by displays whose traits differ from the zero value.
type Describer interface {
	// Traits never changes while the display is open.
	Traits() Traits
}

// TraitsOf returns what d says about itself, or the zero value.
func TraitsOf(d Display) Traits {
	if describer, ok := d.(Describer); ok {
		return describer.Traits()
	}
	return Traits{}
}
