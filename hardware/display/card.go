package display

import "strings"

// Tone says which mark stands with a message.
type Tone int

// The tones of a message.
const (
	// Plain has no mark.
	Plain Tone = iota
	// Good is a check mark: "Table 7 · Welcome".
	Good
	// Trouble is an exclamation mark: "Tag not known".
	Trouble
)

// Card is what a display should say. With a Code it is a table's card: the code
// and, where there is room, the words beside or below it. Without one it is a
// message, set large in the middle. The zero Card is an empty screen.
//
// Words are shown in the Go fonts, which know Latin, Greek and Cyrillic letters;
// characters they lack are left out and listed in Picture.Missing.
type Card struct {
	// Code is the text of the QR code, mostly a web address. Characters of a web
	// address that are not ASCII are percent-encoded, everything else stays as it is.
	Code string
	// Title is the largest line, for example "Table 7".
	Title string
	// Caption says what to do, for example "Scan to order".
	Caption string
	// Typed are lines for people who type rather than scan, for example the
	// short address and the table's code. They are set in a typewriter
	// face; where room is short, the last is kept longest.
	Typed []string
	// Footer is the least important line, for example the time.
	Footer string
	// Tone chooses the mark of a message; it is ignored with a Code.
	Tone Tone
}

// Empty reports whether there is nothing to show.
func (c Card) Empty() bool { return c.Code == "" && !c.wordy() }

// wordy reports whether the card has any words.
func (c Card) wordy() bool {
	return strings.TrimSpace(c.Title+c.Caption+c.Footer+strings.Join(c.Typed, "")) != ""
}

// equal reports whether both cards say the same.
func (c Card) equal(d Card) bool {
	return c.Code == d.Code && c.Title == d.Title && c.Caption == d.Caption && c.Footer == d.Footer &&
		c.Tone == d.Tone && strings.Join(c.Typed, "\n") == strings.Join(d.Typed, "\n")
}
