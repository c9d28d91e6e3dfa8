package display

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// say sets a card without a code: its mark and its words in the middle. The mark
// stands above the words, on low panels to their left; it goes before words do.
func (c *composer) say() error {
	area := c.picture.Rect
	space := area.Inset(max(2, min(area.Dx(), area.Dy())/12))
	if c.card.Tone == Plain {
		return c.centre(space, alone())
	}
	if area.Dy() < 180 && area.Dx() > area.Dy() {
		return c.sayAside(area, space)
	}
	edge := min(space.Dx(), space.Dy()) * 28 / 100
	gap := edge * 2 / 5
	words := space
	words.Min.Y += edge + gap
	groups, s, err := c.set(words, alone())
	if err != nil {
		return err
	}
	if s.shortened {
		return c.centre(space, alone())
	}
	height := edge + gap + stacked(groups)
	top := space.Min.Y + (space.Dy()-height)/2
	c.disc(centred(image.Rect(space.Min.X, top, space.Max.X, top+edge), image.Pt(edge, edge)))
	words.Min.Y, words.Max.Y = top+edge+gap, top+height
	c.pile(groups, words, true)
	return nil
}

// sayAside puts the mark to the left and the words, left-aligned, to its right.
func (c *composer) sayAside(area, unmarked image.Rectangle) error {
	margin := max(2, area.Dy()/10)
	edge := min(area.Dy()/2, area.Dx()/4)
	space := area.Inset(margin)
	space.Min.X += edge + max(4, edge/4)
	groups, s, err := c.set(space, alone())
	if err != nil {
		return err
	}
	if s.shortened {
		return c.centre(unmarked, alone())
	}
	corner := image.Pt(margin, (area.Dy()-edge)/2)
	c.disc(image.Rectangle{Min: corner, Max: corner.Add(image.Pt(edge, edge))})
	c.pile(groups, space, false)
	return nil
}

// disc draws a filled circle with the sign cut out of it.
func (c *composer) disc(box image.Rectangle) {
	ink := pen{size: float32(box.Dx())}
	ink.raster = vector.NewRasterizer(box.Dx(), box.Dy())
	ink.circle(0.5, 0.5, 0.5)
	ink.flush(c.picture.Gray, box, dark)
	if c.card.Tone == Good {
		ink.stroke(0.27, 0.53, 0.44, 0.69, 0.055)
		ink.stroke(0.44, 0.69, 0.74, 0.34, 0.055)
	} else {
		ink.stroke(0.5, 0.25, 0.5, 0.56, 0.06)
		ink.circle(0.5, 0.74, 0.07)
	}
	ink.flush(c.picture.Gray, box, light)
}

// pen draws shapes in a square; its lengths are fractions of the square's edge.
type pen struct {
	raster *vector.Rasterizer
	size   float32
}

// flush paints what was drawn so far and starts anew.
func (p *pen) flush(dst draw.Image, box image.Rectangle, ink byte) {
	p.raster.Draw(dst, box, image.NewUniform(color.Gray{Y: ink}), image.Point{})
	p.raster.Reset(box.Dx(), box.Dy())
}

// circle adds a disc around (x, y).
func (p *pen) circle(x, y, radius float32) {
	const corners = 64
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		p.to(i == 0, x+radius*float32(cos), y+radius*float32(sin))
	}
	p.raster.ClosePath()
}

// stroke adds a line with round ends; half is half its thickness.
func (p *pen) stroke(x0, y0, x1, y1, half float32) {
	length := float32(math.Hypot(float64(x1-x0), float64(y1-y0)))
	dx, dy := (x1-x0)/length*half, (y1-y0)/length*half
	p.to(true, x0-dy, y0+dx)
	p.to(false, x0+dy, y0-dx)
	p.to(false, x1+dy, y1-dx)
	p.to(false, x1-dy, y1+dx)
	p.raster.ClosePath()
	p.circle(x0, y0, half)
	p.circle(x1, y1, half)
}

// to moves or draws to a point.
func (p *pen) to(move bool, x, y float32) {
	if move {
		p.raster.MoveTo(x*p.size, y*p.size)
		return
	}
	p.raster.LineTo(x*p.size, y*p.size)
}
