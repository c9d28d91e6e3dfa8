// Package displaytest checks that a display driver keeps the contract, and offers
// a scripted display for tests of what uses one.
package displaytest

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"testing"

	"github.com/comanda-pos/comanda/hardware/display"
)

// Run checks a driver against the contract of display.Display. open returns a
// newly opened display each time it is called; Run closes it.
func Run(t *testing.T, open func(t *testing.T) display.Display) {
	t.Helper()
	checks := map[string]func(t *testing.T, d display.Display){
		"says what it is":                  describesItself,
		"shows pictures":                   showsPictures,
		"takes any origin":                 takesAnyOrigin,
		"takes any colour model":           takesAnyModel,
		"leaves the picture alone":         leavesPicture,
		"refuses another size":             refusesSize,
		"respects an ended context":        respectsContext,
		"shows again after a refusal":      recoversFromRefusal,
		"closes twice":                     closesTwice,
		"shows nothing after it is closed": refusesWhenClosed,
	}
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			t.Cleanup(func() { _ = d.Close() })
			check(t, d)
		})
	}
}

// Pattern is a picture of the given size in which no two neighbouring rows or
// columns are alike, so that a shift or a swap shows.
func Pattern(size image.Point) *image.Gray {
	picture := image.NewGray(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			if (x*x+3*y+x*y)%7 < 3 {
				picture.SetGray(x, y, color.Gray{Y: 0xFF})
			}
		}
	}
	return picture
}

func describesItself(t *testing.T, d display.Display) {
	bounds := d.Bounds()
	if bounds.Min != (image.Point{}) || bounds.Dx() < 8 || bounds.Dy() < 8 {
		t.Errorf("Bounds: got %v, want a usable size with the origin at (0,0)", bounds)
	}
	if again := d.Bounds(); again != bounds {
		t.Errorf("Bounds changed from %v to %v", bounds, again)
	}
	if d.String() == "" {
		t.Error("String is empty, want a name people can find the display by")
	}
	traits := display.TraitsOf(d)
	if traits.MinInterval < 0 || traits.MaxInterval < 0 || traits.MaxInterval > 0 && traits.MaxInterval < traits.MinInterval {
		t.Errorf("Traits: intervals contradict each other: %+v", traits)
	}
}

func showsPictures(t *testing.T, d display.Display) {
	size := d.Bounds().Size()
	for _, picture := range []image.Image{Pattern(size), image.NewGray(d.Bounds()), Pattern(size), Pattern(size)} {
		if err := d.Show(t.Context(), picture); err != nil {
			t.Fatalf("Show: %v", err)
		}
	}
}

func takesAnyOrigin(t *testing.T, d display.Display) {
	picture := Pattern(d.Bounds().Size())
	picture.Rect = picture.Rect.Add(image.Pt(-17, 40))
	if err := d.Show(t.Context(), picture); err != nil {
		t.Errorf("Show of a picture at %v: %v", picture.Rect, err)
	}
}

func takesAnyModel(t *testing.T, d display.Display) {
	for _, picture := range []image.Image{
		image.NewNRGBA(d.Bounds()), image.NewPaletted(d.Bounds(), color.Palette{color.White, color.Black}), image.NewCMYK(d.Bounds()),
	} {
		if err := d.Show(t.Context(), picture); err != nil {
			t.Errorf("Show of a %T: %v", picture, err)
		}
	}
}

func leavesPicture(t *testing.T, d display.Display) {
	picture := Pattern(d.Bounds().Size())
	before := slices.Clone(picture.Pix)
	if err := d.Show(t.Context(), picture); err != nil {
		t.Fatalf("Show: %v", err)
	}
	if !slices.Equal(before, picture.Pix) {
		t.Error("Show changed the picture it was given")
	}
}

func refusesSize(t *testing.T, d display.Display) {
	for _, grow := range []image.Point{{X: 1}, {Y: 1}, {X: -1}, {Y: -1}} {
		if err := d.Show(t.Context(), Pattern(d.Bounds().Size().Add(grow))); !errors.Is(err, display.ErrSize) {
			t.Errorf("Show of a picture larger by %v: got %v, want %v", grow, err, display.ErrSize)
		}
	}
}

func respectsContext(t *testing.T, d display.Display) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Show(ctx, Pattern(d.Bounds().Size())); !errors.Is(err, context.Canceled) {
		t.Errorf("Show with an ended context: got %v, want %v", err, context.Canceled)
	}
}

func recoversFromRefusal(t *testing.T, d display.Display) {
	refusesSize(t, d)
	respectsContext(t, d)
	showsPictures(t, d)
}

func closesTwice(t *testing.T, d display.Display) {
	for range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

func refusesWhenClosed(t *testing.T, d display.Display) {
	if err := d.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := d.Show(t.Context(), Pattern(d.Bounds().Size())); !errors.Is(err, display.ErrClosed) {
		t.Errorf("Show after Close: got %v, want %v", err, display.ErrClosed)
	}
}
