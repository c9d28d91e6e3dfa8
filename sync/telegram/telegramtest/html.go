package telegramtest

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Run is a piece of text of one style.
type Run struct {
	Text string `json:"text"`
	// Styles are names of HTML elements: b i u s code pre a blockquote tg-spoiler.
	Styles []string `json:"styles,omitempty"`
	// Href is the address if one of the styles is a.
	Href string `json:"href,omitempty"`
}

// canonical maps the tags of "HTML style" to the one shown.
var canonical = map[string]string{
	"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s",
	"code": "code", "pre": "pre", "a": "a", "blockquote": "blockquote", "tg-spoiler": "tg-spoiler",
}

// parser reads "HTML style" as the Bot API does: a small set of tags and five entities, everything else an error.
type parser struct {
	runs  []Run
	open  []tag
	plain strings.Builder
}

type tag struct {
	name, style, href string
}

// parseText turns the text parameter into runs.
func parseText(text, mode string) ([]Run, *refusal) {
	switch strings.ToLower(mode) {
	case "":
		return trimRuns([]Run{{Text: text}}), nil
	case "html":
	default:
		return nil, bad("unsupported parse_mode")
	}
	var p parser
	for at := 0; at < len(text); {
		next, refused := p.step(text, at)
		if refused != nil {
			return nil, refused
		}
		at = next
	}
	if len(p.open) > 0 {
		return nil, bad("can't parse entities: Can't find end tag corresponding to start tag %q", p.open[len(p.open)-1].name)
	}
	p.flush()
	return trimRuns(p.runs), nil
}

// step reads one tag, entity or stretch of text at position at, and returns the position behind it.
func (p *parser) step(text string, at int) (int, *refusal) {
	switch text[at] {
	case '<':
		return p.tag(text, at)
	case '&':
		if end := strings.IndexByte(text[at:], ';'); end > 0 && known(text[at:at+end+1]) {
			p.plain.WriteString(html.UnescapeString(text[at : at+end+1]))
			return at + end + 1, nil
		}
	}
	end := strings.IndexAny(text[at+1:], "<&")
	if end < 0 {
		end = len(text) - at - 1
	}
	p.plain.WriteString(text[at : at+1+end])
	return at + 1 + end, nil
}

func known(entity string) bool {
	if slices.Contains([]string{"&lt;", "&gt;", "&amp;", "&quot;"}, entity) {
		return true
	}
	digits, ok := strings.CutPrefix(entity, "&#")
	_, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSuffix(digits, ";"), "x"), 16, 32)
	return ok && err == nil
}

func (p *parser) tag(text string, at int) (int, *refusal) {
	end := strings.IndexByte(text[at:], '>')
	if end < 0 {
		return 0, bad("can't parse entities: Unclosed start tag at byte offset %d", at)
	}
	inner := text[at+1 : at+end]
	p.flush()
	if name, closing := strings.CutPrefix(inner, "/"); closing {
		return at + end + 1, p.close(strings.ToLower(strings.TrimSpace(name)), at)
	}
	name, attributes, _ := strings.Cut(inner, " ")
	name = strings.ToLower(name)
	style, ok := canonical[name]
	if !ok {
		return 0, bad("can't parse entities: Unsupported start tag %q at byte offset %d", name, at)
	}
	t := tag{name: name, style: style}
	if name == "a" {
		t.href = html.UnescapeString(strings.Trim(strings.TrimPrefix(strings.TrimSpace(attributes), "href="), `"'`))
	}
	p.open = append(p.open, t)
	return at + end + 1, nil
}

func (p *parser) close(name string, at int) *refusal {
	if len(p.open) == 0 {
		return bad("can't parse entities: Unexpected end tag at byte offset %d", at)
	}
	last := p.open[len(p.open)-1]
	if last.name != name {
		return bad("can't parse entities: Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", at, last.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	return nil
}

// flush ends the present run.
func (p *parser) flush() {
	if p.plain.Len() == 0 {
		return
	}
	r := Run{Text: p.plain.String()}
	for _, t := range p.open {
		r.Styles = append(r.Styles, t.style)
		r.Href = t.href
	}
	p.plain.Reset()
	p.runs = append(p.runs, r)
}

// trimRuns removes white space around the whole text, as the server does.
func trimRuns(runs []Run) []Run {
	const blank = " \t\r\n"
	for len(runs) > 0 {
		if runs[0].Text = strings.TrimLeft(runs[0].Text, blank); runs[0].Text != "" {
			break
		}
		runs = runs[1:]
	}
	for len(runs) > 0 {
		last := len(runs) - 1
		if runs[last].Text = strings.TrimRight(runs[last].Text, blank); runs[last].Text != "" {
			break
		}
		runs = runs[:last]
	}
	return runs
}

func plainOf(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
