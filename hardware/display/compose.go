package display

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

const (
	light = 0xFF
	dark  = 0x00
	faint = 0x58 // the footer's ink on panels with grey: contrast 7 : 1
)

// Picture is a composed card, ready for Show.
type Picture struct {
	*image.Gray
	// Place says where the code is; its Code is nil without one.
	Place Placement
	// Missing are the characters the fonts lack, which were left out.
	Missing []rune
	// Shortened says that words were left out because there was no room.
	Shortened bool
}

// Compose draws card for a panel: the code in whole pixels a module, dark on
// light, with its quiet zone; the words beside it on wide panels and below it on
// others, their edges in line with the code's. The error is a *TooLongError if
// the code cannot be drawn large enough for phones to read.
func Compose(bounds image.Rectangle, card Card, traits Traits) (*Picture, error) {
	if bounds.Dx() < 8 || bounds.Dy() < 8 {
		return nil, fmt.Errorf("compose a card: a picture of %d×%d pixels is too small", bounds.Dx(), bounds.Dy())
	}
	c := &composer{card: card, picture: &Picture{Gray: image.NewGray(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))}}
	c.paper(card, traits)
	if card.Empty() {
		return c.picture, nil
	}
	cases, err := newTypecase(traits.Mono)
	if err != nil {
		return nil, fmt.Errorf("compose a card: %w", err)
	}
	c.cases = cases
	if err := c.compose(); err != nil {
		return nil, fmt.Errorf("compose a card: %w", err)
	}
	if traits.Mono {
		c.threshold()
	}
	return c.picture, nil
}

// composer draws one picture.
type composer struct {
	card    Card
	picture *Picture
	cases   *typecase
	// words is where letters may be: outside the code and its quiet zone.
	words image.Rectangle
}

// paper fills the ground: light, but dark for nothing on a panel that glows.
func (c *composer) paper(card Card, traits Traits) {
	ground := byte(light)
	if card.Empty() && traits.Emissive {
		ground = dark
	}
	for i := range c.picture.Pix {
		c.picture.Pix[i] = ground
	}
}

func (c *composer) compose() error {
	area := c.picture.Rect
	c.words = area
	if c.card.Code == "" {
		return c.say()
	}
	if !c.card.wordy() {
		return c.codeAlone(area)
	}
	if area.Dx()*4 >= area.Dy()*5 {
		return c.aside(area)
	}
	return c.beneath(area)
}

// codeAlone puts the code in the middle.
func (c *composer) codeAlone(area image.Rectangle) error {
	place, err := fit(c.card.Code, min(area.Dx(), area.Dy()))
	if err != nil {
		return err
	}
	c.draw(place.at(centred(area, image.Pt(place.box(), place.box())).Min))
	return nil
}

// roomy is the module size in pixels from which words may ask for more room.
const roomy = 4

// fitShared makes the code no larger than share pixels if it stays roomy there,
// else as large as side allows.
func fitShared(text string, share, side int) (Placement, error) {
	if share < side {
		place, err := fit(text, share)
		if err == nil && place.Module >= roomy {
			return place, nil
		}
		if err != nil && asTooLong(err) == nil {
			return Placement{}, err
		}
	}
	return fit(text, side)
}

// aside puts the code to the left and the words to its right. The white around
// the code is alike on its three free sides, and as wide right of the words.
func (c *composer) aside(area image.Rectangle) error {
	place, err := fitShared(c.card.Code, area.Dx()*62/100, area.Dy())
	if err != nil {
		return err
	}
	inset := (area.Dy() - place.box()) / 2
	left := min(inset, max(0, (area.Dx()*38/100-(area.Dx()-area.Dy()))/2), place.Module*2)
	if place.box() > area.Dx()*62/100 || inset < place.Module {
		left = min(inset, area.Dx()-place.box())
	}
	place = place.at(image.Pt(left, inset))
	c.draw(place)
	c.words.Min.X = place.Bounds.Max.X + place.Quiet*place.Module
	margin := min(place.Bounds.Min.X, max(3, min(area.Dx(), area.Dy())/20))
	column := image.Rect(c.words.Min.X, place.Bounds.Min.Y, area.Max.X-margin, place.Bounds.Max.Y)
	groups, s, err := c.set(column, besideCode())
	if err != nil {
		return err
	}
	if s.shrunk || s.shortened {
		column.Min.Y, column.Max.Y = area.Min.Y+margin, area.Max.Y-margin
		if groups, s, err = c.set(column, besideCode()); err != nil {
			return err
		}
	}
	c.picture.Shortened = s.shortened
	if len(groups) == 2 {
		c.print(groups[0], column, column.Min.Y, false)
		c.print(groups[1], column, column.Max.Y-groups[1].height, false)
		return nil
	}
	c.pile(groups, column, false)
	return nil
}

// beneath puts the code above and the words, centred, beneath it.
func (c *composer) beneath(area image.Rectangle) error {
	place, err := fitShared(c.card.Code, min(area.Dx(), area.Dy()*75/100), min(area.Dx(), area.Dy()))
	if err != nil {
		return err
	}
	corner := image.Pt((area.Dx()-place.box())/2, min((area.Dx()-place.box())/2, (area.Dy()-place.box())/8))
	place = place.at(corner)
	c.draw(place)
	c.words.Min.Y = place.Bounds.Max.Y + place.Quiet*place.Module
	margin := max(3, area.Dx()/20)
	column := image.Rect(area.Min.X+margin, c.words.Min.Y, area.Max.X-margin, area.Max.Y-margin)
	return c.centre(column, belowCode())
}

// proportions are the sizes to begin with, in hundredths of the space.
type proportions struct{ titleHeight, titleWidth, bodyHeight, bodyWidth int }

// besideCode, belowCode and alone are the proportions of words next to a code,
// under a code and without one.
func besideCode() proportions {
	return proportions{titleHeight: 34, titleWidth: 40, bodyHeight: 17, bodyWidth: 15}
}

func belowCode() proportions {
	return proportions{titleHeight: 38, titleWidth: 22, bodyHeight: 15, bodyWidth: 8}
}

func alone() proportions {
	return proportions{titleHeight: 38, titleWidth: 16, bodyHeight: 20, bodyWidth: 9}
}

// set sets the card's words for space.
func (c *composer) set(space image.Rectangle, p proportions) ([]group, *setter, error) {
	const leastPx = 13 // the height of the smallest bitmap face
	least := max(leastPx, min(c.picture.Rect.Dx(), c.picture.Rect.Dy())/32)
	w, h := space.Dx(), space.Dy()
	s := &setter{cases: c.cases, least: least, body: max(least, min(h*p.bodyHeight, w*p.bodyWidth)/100)}
	s.title = max(s.body*5/4, min(h*p.titleHeight, w*p.titleWidth)/100)
	groups, err := s.set(c.stacks(), w, h)
	return groups, s, err
}

// centre sets the words in the middle of space.
func (c *composer) centre(space image.Rectangle, p proportions) error {
	groups, s, err := c.set(space, p)
	if err != nil {
		return err
	}
	c.picture.Shortened = s.shortened
	c.pile(groups, space, true)
	return nil
}

// pile prints the groups one below the other at mid-height of space.
func (c *composer) pile(groups []group, space image.Rectangle, centre bool) {
	y := space.Min.Y + (space.Dy()-stacked(groups))/2
	for i, g := range groups {
		if i > 0 {
			y += groupGap(g)
		}
		c.print(g, space, y, centre)
		y += g.height
	}
}

// stacks sorts the card's words into an upper and a lower group.
func (c *composer) stacks() [][]block {
	c.picture.Missing = nil // it may be the second attempt
	upper := c.blocks(title, c.card.Title)
	upper = append(upper, c.blocks(caption, c.card.Caption)...)
	lower := c.blocks(typed, c.card.Typed...)
	lower = append(lower, c.blocks(footer, c.card.Footer)...)
	return [][]block{upper, lower}
}

// blocks makes the texts' legible parts into a block, if there are any, and notes
// what is missing.
func (c *composer) blocks(r role, texts ...string) []block {
	b := block{role: r}
	for _, text := range texts {
		kept, missing := c.cases.legible(r, text)
		c.picture.Missing = append(c.picture.Missing, missing...)
		if kept != "" {
			b.texts = append(b.texts, kept)
		}
	}
	if len(b.texts) == 0 {
		return nil
	}
	return []block{b}
}

// print draws a group with the top of its first capitals at y.
func (c *composer) print(g group, space image.Rectangle, y int, centre bool) {
	sheet := c.picture.SubImage(c.words).(*image.Gray)
	for _, l := range g.lines {
		ink := byte(dark)
		if l.role == footer {
			ink = faint
		}
		x := space.Min.X
		if centre {
			x += (space.Dx() - advance(l.face, l.text)) / 2
		}
		d := font.Drawer{Dst: sheet, Src: image.NewUniform(color.Gray{Y: ink}), Face: l.face, Dot: fixed.P(x, y+l.y)}
		d.DrawString(l.text)
	}
}

// draw puts the code's dark modules on the light ground.
func (c *composer) draw(place Placement) {
	c.picture.Place = place
	place.eachDark(func(cell image.Rectangle) {
		draw.Draw(c.picture.Gray, cell, image.NewUniform(color.Gray{Y: dark}), image.Point{}, draw.Src)
	})
}

// threshold makes every pixel dark or light, a little in favour of dark, because
// thin strokes otherwise break.
func (c *composer) threshold() {
	const border = 0x98
	for i, y := range c.picture.Pix {
		c.picture.Pix[i] = light
		if y < border {
			c.picture.Pix[i] = dark
		}
	}
}

// ComposeWords is Compose without the code: what remains of a card whose code
// does not fit, so that guests at least see the table and what to type.
func ComposeWords(bounds image.Rectangle, card Card, traits Traits) (*Picture, error) {
	if !card.wordy() {
		return nil, errors.New("compose a card: it has no words")
	}
	card.Code, card.Tone = "", Plain
	return Compose(bounds, card, traits)
}
