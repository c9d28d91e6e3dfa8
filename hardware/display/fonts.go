package display

import (
	"fmt"
	"image"
	"image/draw"
	"math"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/inconsolata"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// role is what a line is for; it decides its face, size and ink.
type role int

const (
	title role = iota
	caption
	typed
	footer
)

// ratio is the role's size relative to the body's.
func (r role) ratio() float64 {
	return [...]float64{title: 1, caption: 1, typed: 1, footer: 0.75}[r]
}

// typecase holds the faces one picture is set in. It is used by one goroutine.
type typecase struct {
	fonts map[role]*sfnt.Font
	buf   sfnt.Buffer
	mono  bool
	faces map[faceKey]typeface
}

type faceKey struct {
	role   role
	px     int
	bitmap bool
}

// typeface is a face with the measures that setting lines needs, in pixels.
type typeface struct {
	font.Face
	capHeight, lineHeight int
	// cells says that glyphs report their cell rather than their ink.
	cells bool
}

// top is how far the text's letters rise above the baseline: Ä more than A.
func (f typeface) top(text string) int {
	if f.cells {
		return f.capHeight
	}
	bounds, _ := font.BoundString(f, text)
	return max(f.capHeight, -bounds.Min.Y.Floor())
}

// newTypecase reads the Go fonts; mono prefers hand-drawn bitmaps at sizes where
// outlines without grey turn to crumbs.
func newTypecase(mono bool) (*typecase, error) {
	c := &typecase{fonts: map[role]*sfnt.Font{}, mono: mono, faces: map[faceKey]typeface{}}
	for r, data := range map[role][]byte{title: gobold.TTF, caption: gomedium.TTF, typed: gomonobold.TTF} {
		parsed, err := opentype.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read built-in font: %w", err)
		}
		c.fonts[r] = parsed
	}
	c.fonts[footer] = c.fonts[caption]
	return c, nil
}

// legible removes what the font of r cannot draw and returns the removed runes.
func (c *typecase) legible(r role, text string) (string, []rune) {
	var missing []rune
	kept := strings.Map(func(char rune) rune {
		if char == '\n' || char == '\t' {
			return ' '
		}
		if glyph, err := c.fonts[r].GlyphIndex(&c.buf, char); err != nil || glyph == 0 {
			missing = append(missing, char)
			return -1
		}
		return char
	}, text)
	return strings.Join(strings.Fields(kept), " "), missing
}

// face returns the face for texts in role r at about px pixels.
func (c *typecase) face(r role, px int, texts []string) (typeface, error) {
	bitmap := c.bitmap(r, px, strings.Join(texts, ""))
	key := faceKey{r, px, bitmap != nil}
	if known, ok := c.faces[key]; ok && bitmap == nil {
		return known, nil
	}
	if bitmap != nil {
		var drawn font.Face = bitmap
		if r == title && bitmap == basicfont.Face7x13 {
			drawn = bolder{bitmap}
		}
		return typeface{Face: drawn, capHeight: bitmap.Ascent - 2, lineHeight: bitmap.Height, cells: true}, nil
	}
	made, err := opentype.NewFace(c.fonts[r], &opentype.FaceOptions{Size: float64(px), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return typeface{}, fmt.Errorf("make face of %d pixels: %w", px, err)
	}
	c.faces[key] = typeface{
		Face:       made,
		capHeight:  made.Metrics().CapHeight.Round(),
		lineHeight: int(math.Ceil(float64(px) * 1.2)),
	}
	return c.faces[key], nil
}

// bitmap returns the hand-drawn face for a small line on a one-bit panel, or nil
// where outlines look better or the bitmaps lack a letter.
func (c *typecase) bitmap(r role, px int, text string) *basicfont.Face {
	face := basicfont.Face7x13
	switch {
	case !c.mono || px > 17:
		return nil
	case px >= 16 && r == title:
		face = inconsolata.Bold8x16
	case px >= 16:
		face = inconsolata.Regular8x16
	}
	for _, char := range text {
		if !covers(face, char) {
			return nil
		}
	}
	return face
}

// bolder is a bitmap face drawn twice, one pixel apart. The face's letters leave
// two pixels between them, so they do not touch.
type bolder struct{ *basicfont.Face }

// Glyph implements font.Face.
func (b bolder) Glyph(dot fixed.Point26_6, char rune) (image.Rectangle, image.Image, image.Point, fixed.Int26_6, bool) {
	at, mask, from, width, ok := b.Face.Glyph(dot, char)
	if !ok {
		return at, mask, from, width, ok
	}
	size := at.Size()
	twice := image.NewAlpha(image.Rect(0, 0, size.X+1, size.Y))
	for _, shift := range []int{0, 1} {
		draw.Draw(twice, image.Rectangle{Max: size}.Add(image.Pt(shift, 0)), mask, from, draw.Over)
	}
	at.Max.X++
	return at, twice, image.Point{}, width, true
}

// covers reports whether a bitmap face has the letter itself, not its stand-in.
func covers(face *basicfont.Face, char rune) bool {
	for _, r := range face.Ranges {
		if r.Low <= char && char < r.High {
			return true
		}
	}
	return false
}
