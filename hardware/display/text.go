package display

import (
	"image"
	"slices"
	"strings"

	"golang.org/x/image/font"
)

// block is the text of one role, set in one size; each of its texts begins a line.
type block struct {
	role  role
	texts []string
}

// line is a set line: its baseline is y pixels below the top of its group.
type line struct {
	role role
	text string
	face typeface
	y    int
}

// group is a stack of lines, measured from the top of the first line's letters to
// the last baseline.
type group struct {
	lines  []line
	height int
	width  int
}

// setter sets blocks into a space, shrinking and at last shortening them.
type setter struct {
	cases *typecase
	// title and body are the sizes to begin with and least the smallest that may
	// be used, in pixels.
	title, body, least int
	// shrunk becomes true when smaller letters were needed, shortened when words
	// had to go.
	shrunk, shortened bool
}

// set returns one group for each stack with words, together no wider than width
// and, with a gap between groups, no higher than height. When even the smallest
// letters are too large it drops typed lines that are too wide, then the footer,
// then the caption, then all typed lines but the last, and in the end cuts lines.
func (s *setter) set(stacks [][]block, width, height int) ([]group, error) {
	slim, err := s.narrow(stacks, width)
	if err != nil {
		return nil, err
	}
	bare := without(slim, footer, caption)
	last := lastTyped(bare)
	for _, kept := range [][][]block{stacks, slim, without(slim, footer), bare, last} {
		groups, err := s.shrink(kept, width, height)
		if err != nil {
			return nil, err
		}
		if groups != nil {
			s.shortened = count(kept) < count(stacks)
			return groups, nil
		}
	}
	s.shrunk, s.shortened = true, true
	return s.cut(last, width, height)
}

// shrink sets the blocks in the largest letters that fit; nil if none do.
func (s *setter) shrink(stacks [][]block, width, height int) ([]group, error) {
	for step, last := s.full(), (sizes{}); step != last; step, last = s.smaller(step), step {
		groups, err := s.attempt(stacks, step, width, false)
		if err != nil {
			return nil, err
		}
		if fits(groups, width, height) {
			s.shrunk = step != s.full()
			return groups, nil
		}
	}
	return nil, nil
}

// sizes are a title's and the body's size in pixels.
type sizes struct{ title, body int }

// full is the sizes to begin with.
func (s *setter) full() sizes { return sizes{s.title, s.body} }

// smaller is a step down from z, or z itself when both sizes are the least.
func (s *setter) smaller(z sizes) sizes {
	body := max(s.least, min(z.body*15/16, z.body-1))
	return sizes{title: max(body, min(z.title*14/16, z.title-1)), body: body}
}

// cut sets at the smallest size, breaks long words and removes what is too much.
func (s *setter) cut(stacks [][]block, width, height int) ([]group, error) {
	groups, err := s.attempt(stacks, sizes{s.least, s.least}, width, true)
	for err == nil && len(groups) > 0 && !fits(groups, width, height) {
		groups = sacrifice(groups)
	}
	return groups, err
}

// narrow drops typed lines that are too wide if there is one that is not: half
// an address helps nobody, but the table's code does.
func (s *setter) narrow(stacks [][]block, width int) ([][]block, error) {
	var kept [][]block
	for _, blocks := range stacks {
		blocks = slices.Clone(blocks)
		for i, b := range blocks {
			face, err := s.cases.face(b.role, s.least, b.texts)
			if err != nil {
				return nil, err
			}
			slim := slices.DeleteFunc(slices.Clone(b.texts), func(text string) bool {
				_, whole := breakLines(face, text, width)
				return !whole
			})
			if b.role == typed && len(slim) > 0 {
				blocks[i].texts = slim
			}
		}
		kept = append(kept, blocks)
	}
	return kept, nil
}

// sacrifice removes the line that is missed least: one inside the highest group,
// whose first and last line (a name and a number, say) are kept longest.
func sacrifice(groups []group) []group {
	most := 0
	for i := range groups {
		if len(groups[i].lines) > len(groups[most].lines) {
			most = i
		}
	}
	g := group{}
	old := groups[most].lines
	victim := max(len(old)-2, min(len(old)-1, 1))
	for i, l := range old {
		if i != victim {
			g.add(l, 0)
		}
	}
	if len(g.lines) == 0 {
		return slices.Delete(groups, most, most+1)
	}
	g.measure()
	groups[most] = g
	return groups
}

// attempt sets the blocks at the given sizes; hard allows breaking words. Without
// an error the groups are not nil, though there may be none.
func (s *setter) attempt(stacks [][]block, z sizes, width int, hard bool) ([]group, error) {
	groups := []group{}
	for _, blocks := range stacks {
		g := group{}
		for _, b := range blocks {
			face, lines, err := s.wrap(b, z, width, hard)
			if err != nil {
				return nil, err
			}
			for i, text := range lines {
				gap := 0
				if i == 0 && len(g.lines) > 0 && g.lines[len(g.lines)-1].role != b.role {
					gap = face.lineHeight / 3
				}
				g.add(line{role: b.role, text: text, face: face}, gap)
			}
		}
		if len(g.lines) > 0 {
			g.measure()
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// add puts l below the last line.
func (g *group) add(l line, gap int) {
	l.y = l.face.top(l.text)
	if n := len(g.lines); n > 0 {
		l.y = g.lines[n-1].y + gap + l.face.lineHeight
	}
	g.lines = append(g.lines, l)
}

// measure brings height and width up to date.
func (g *group) measure() {
	g.height, g.width = 0, 0
	for _, l := range g.lines {
		g.height = l.y
		g.width = max(g.width, advance(l.face, l.text))
	}
}

// wrap chooses the block's size and its lines. A title is rather set smaller, as
// long as it stays as large as the body, than broken.
func (s *setter) wrap(b block, z sizes, width int, hard bool) (typeface, []string, error) {
	px := max(int(float64(z.body)*b.role.ratio()+0.5), s.least)
	if b.role == title {
		for small := max(z.title, px); small >= max(px, z.title/2); small-- {
			face, lines, whole, err := s.lines(b, small, width)
			if err != nil || whole && len(lines) == 1 {
				return face, lines, err
			}
		}
		px = max(px, z.title*3/4)
	}
	for {
		face, lines, whole, err := s.lines(b, px, width)
		switch {
		case err != nil || whole:
			return face, lines, err
		case px > s.least:
			px--
		case hard:
			return face, breakWords(face, b.texts, width), nil
		default:
			return face, lines, nil
		}
	}
}

// lines sets the block at px pixels; whole is false if a word is too wide.
func (s *setter) lines(b block, px, width int) (face typeface, lines []string, whole bool, err error) {
	face, err = s.cases.face(b.role, px, b.texts)
	if err != nil {
		return face, nil, false, err
	}
	whole = true
	for _, text := range b.texts {
		broken, ok := breakLines(face, text, width)
		lines, whole = append(lines, broken...), whole && ok
	}
	return face, lines, whole, nil
}

// breakLines fills lines with whole words; whole is false if a word is too wide.
func breakLines(face typeface, text string, width int) (lines []string, whole bool) {
	whole = true
	for word := range strings.FieldsSeq(text) {
		if n := len(lines); n > 0 && advance(face, lines[n-1]+" "+word) <= width {
			lines[n-1] += " " + word
			continue
		}
		whole = whole && advance(face, word) <= width
		lines = append(lines, word)
	}
	return lines, whole
}

// breakWords fills lines letter by letter.
func breakWords(face typeface, texts []string, width int) []string {
	var lines []string
	for _, text := range texts {
		current := ""
		for _, char := range text {
			if current != "" && advance(face, current+string(char)) > width {
				lines = append(lines, current)
				current = ""
			}
			if current != "" || char != ' ' {
				current += string(char)
			}
		}
		lines = append(lines, current)
	}
	return lines
}

// fits reports whether groups stay inside width and height.
func fits(groups []group, width, height int) bool {
	for _, g := range groups {
		if g.width > width {
			return false
		}
	}
	return stacked(groups) <= height
}

// stacked is the height of the groups one below the other.
func stacked(groups []group) int {
	total := 0
	for i, g := range groups {
		if i > 0 {
			total += groupGap(g)
		}
		total += g.height
	}
	return total
}

// groupGap is the least space above the capitals of next, when it follows another
// group: enough for that one's descenders and a little air.
func groupGap(next group) int {
	face := next.lines[0].face
	return max(face.lineHeight-face.capHeight+face.lineHeight/5, 4)
}

// advance is the text's width in pixels, rounded up.
func advance(face font.Face, text string) int { return font.MeasureString(face, text).Ceil() }

// without returns the stacks less the blocks of the given roles.
func without(stacks [][]block, roles ...role) [][]block {
	var kept [][]block
	for _, blocks := range stacks {
		kept = append(kept, slices.DeleteFunc(slices.Clone(blocks), func(b block) bool { return slices.Contains(roles, b.role) }))
	}
	return kept
}

// lastTyped returns the stacks with only the last of the typed lines, the code.
func lastTyped(stacks [][]block) [][]block {
	kept := without(stacks)
	for _, blocks := range kept {
		for i, b := range blocks {
			if b.role == typed {
				blocks[i].texts = b.texts[len(b.texts)-1:]
			}
		}
	}
	return kept
}

// count is the number of texts in all stacks.
func count(stacks [][]block) int {
	n := 0
	for _, blocks := range stacks {
		for _, b := range blocks {
			n += len(b.texts)
		}
	}
	return n
}

// centred is a rectangle of the given size in the middle of space.
func centred(space image.Rectangle, size image.Point) image.Rectangle {
	corner := space.Min.Add(space.Size().Sub(size).Div(2))
	return image.Rectangle{Min: corner, Max: corner.Add(size)}
}
