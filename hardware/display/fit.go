package display

import (
	"image"
	"sort"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

const (
	// fullQuiet is the light border ISO/IEC 18004, 6.3.8 asks for, in modules.
	fullQuiet = 4
	// leastQuiet is what common scanners still read against a black bezel.
	leastQuiet = 2
	// goodModule is the module size in pixels below which a thinner border or a
	// weaker level is taken if it makes the modules larger.
	goodModule = 3
	// leastModule is the smallest module in pixels: on usual panels one pixel is
	// so fine that a phone would have to come nearer than it can focus.
	leastModule = 2
	// maxVersion is the largest kind of QR code, 177 modules wide.
	maxVersion = 40
)

// Placement says where on a picture a code is.
type Placement struct {
	// Code is what was drawn; nil when the picture has no code.
	Code *Code
	// Bounds encloses the code's modules, without the quiet zone.
	Bounds image.Rectangle
	// Module is the edge of one module in pixels.
	Module int
	// Quiet is the width of the light border in modules. There may be more light
	// around it, never less.
	Quiet int
}

// box is the edge of the code with its quiet zone, in pixels.
func (p Placement) box() int { return (p.Code.Size() + 2*p.Quiet) * p.Module }

// at moves the placement so that its quiet zone begins at corner.
func (p Placement) at(corner image.Point) Placement {
	inset := p.Quiet * p.Module
	edge := p.Code.Size() * p.Module
	p.Bounds = image.Rect(0, 0, edge, edge).Add(corner).Add(image.Pt(inset, inset))
	return p
}

// scale chooses pixels a module and quiet zone for a code of size modules in a
// square of side pixels: the full border if that leaves good modules, else the
// widest that makes them largest. Module 0 means that it does not fit.
func scale(size, side int) (module, quiet int) {
	module, quiet = side/(size+2*fullQuiet), fullQuiet
	if module >= goodModule {
		return module, quiet
	}
	for q := fullQuiet - 1; q >= leastQuiet; q-- {
		if m := side / (size + 2*q); m > module {
			module, quiet = m, q
		}
	}
	return module, quiet
}

// fit makes the code for a square of side pixels. The first of these that gives
// good modules is taken: level M, level L, both with the full border; then
// whichever has the largest modules, level M first.
func fit(text string, side int) (Placement, error) {
	best := Placement{}
	for _, level := range []Level{LevelM, LevelL} {
		code, err := Encode(text, level)
		if asTooLong(err) != nil {
			continue
		}
		if err != nil {
			return Placement{}, err
		}
		module, quiet := scale(code.Size(), side)
		good := module >= goodModule && quiet == fullQuiet
		if module > best.Module || good {
			best = Placement{Code: code, Module: module, Quiet: quiet}
		}
		if good {
			break
		}
	}
	if best.Module < leastModule {
		return Placement{}, tooLong(escape(text), side)
	}
	return best, nil
}

// tooLong describes what would fit into side pixels.
func tooLong(text string, side int) *TooLongError {
	largest := 0
	for v := 1; v <= maxVersion; v++ {
		if module, _ := scale(modules(v), side); module >= leastModule {
			largest = v
		}
	}
	e := &TooLongError{Length: len(text), Side: side}
	if largest > 0 {
		e.Fits, e.FitsUpper = capacity(largest, LevelL, "a"), capacity(largest, LevelL, "A")
	}
	return e
}

// modules is the edge of a code of the given version (ISO/IEC 18004, 5.3.1).
func modules(version int) int { return 17 + 4*version }

// capacity is how often letter fits into a code of the given version. The
// encoder itself is asked, so the answer cannot disagree with it.
func capacity(version int, level Level, letter string) int {
	const most = 7089 // digits at version 40-L, ISO/IEC 18004, table 7
	return sort.Search(most, func(n int) bool {
		q, err := qrcode.New(strings.Repeat(letter, n+1), qrcode.RecoveryLevel(level))
		return err != nil || q.VersionNumber > version
	})
}

// eachDark calls draw with the square of every dark module.
func (p Placement) eachDark(draw func(cell image.Rectangle)) {
	for y := range p.Code.Size() {
		for x := range p.Code.Size() {
			if !p.Code.Dark(x, y) {
				continue
			}
			cell := image.Rect(0, 0, p.Module, p.Module).Add(image.Pt(x*p.Module, y*p.Module))
			draw(cell.Add(p.Bounds.Min))
		}
	}
}
