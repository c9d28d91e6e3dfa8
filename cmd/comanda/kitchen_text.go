package main

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain is text from outside as a terminal may show it: what is not visible is written as an escape (a line break as
// \n), so that nobody's note moves the cursor, changes a colour or turns the writing around.
func plain(text string) string {
	var out strings.Builder
	for _, r := range text {
		if visible(r) {
			out.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		out.WriteString(quoted[1 : len(quoted)-1])
	}
	return out.String()
}

// visible reports whether a terminal shows the rune and does nothing else with it. Joiners are part of letters in some
// writings and of emoji.
func visible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r != utf8.RuneError && (unicode.IsPrint(r) || r == nonJoiner || r == joiner)
}

// plainJSON is a message of the device on one line. Within JSON whatever is not visible can only stand in a string,
// where it may as well be an escape (RFC 8259 §7), or between values, where a space will do.
func plainJSON(message []byte) string {
	var out strings.Builder
	for _, r := range string(message) {
		switch {
		case visible(r):
			out.WriteRune(r)
		case r == '\n' || r == '\r' || r == '\t':
			out.WriteByte(' ')
		case r > 0xffff:
			high, low := surrogates(r)
			out.WriteString(`\u` + hex4(high) + `\u` + hex4(low))
		default:
			out.WriteString(`\u` + hex4(r))
		}
	}
	return out.String()
}

func hex4(r rune) string {
	text := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", 4-len(text)) + text
}

func surrogates(r rune) (high, low rune) {
	const first, highs, lows = 0x10000, 0xd800, 0xdc00
	return highs + (r-first)>>10, lows + (r-first)&0x3ff
}
