package display

import (
	"fmt"
	"net/url"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// Level is how much damage a code survives (ISO/IEC 18004, 6.5.1). The levels Q
// and H are for paper that gets dirty; screens use M and, for room, L.
type Level int

// The levels, from the least to the most robust.
const (
	LevelL Level = Level(qrcode.Low)
	LevelM Level = Level(qrcode.Medium)
	LevelQ Level = Level(qrcode.High)
	LevelH Level = Level(qrcode.Highest)
)

// String is the level's letter.
func (l Level) String() string {
	if l < LevelL || l > LevelH {
		return fmt.Sprintf("Level(%d)", int(l))
	}
	return "LMQH"[l : l+1]
}

// Code is a QR code: a square of dark and light modules without a quiet zone.
// It never changes and may be used by many goroutines.
type Code struct {
	text  string
	level Level
	rows  [][]bool
}

// Encode makes the smallest code that holds text at the given level. In a web
// address, characters outside ASCII are percent-encoded first: codes carry no
// mark of their character set, and scanners guess differently. The error is a
// *TooLongError when no QR code holds that much.
func Encode(text string, level Level) (code *Code, err error) {
	defer func() {
		// The encoder reports its internal faults with log.Panic.
		if fault := recover(); fault != nil {
			code, err = nil, fmt.Errorf("make QR code of %d characters: %v", len(text), fault)
		}
	}()
	q, text, err := version(text, level)
	if err != nil {
		return nil, err
	}
	q.DisableBorder = true // ignored once Bitmap has been called
	return &Code{text: text, level: level, rows: q.Bitmap()}, nil
}

// version prepares text and chooses the code's size without drawing it.
func version(text string, level Level) (*qrcode.QRCode, string, error) {
	if text == "" {
		return nil, "", ErrNoText
	}
	text = escape(text)
	q, err := qrcode.New(text, qrcode.RecoveryLevel(level))
	if err != nil {
		return nil, "", &TooLongError{Length: len(text), Fits: capacity(maxVersion, level, "a"), FitsUpper: capacity(maxVersion, level, "A")}
	}
	return q, text, nil
}

// Text is what a scanner reads.
func (c *Code) Text() string { return c.text }

// Level is the level the code was made with.
func (c *Code) Level() Level { return c.level }

// Size is the number of modules along one edge.
func (c *Code) Size() int { return len(c.rows) }

// Dark reports whether the module in column x of row y is dark. Outside the
// code everything is light.
func (c *Code) Dark(x, y int) bool {
	if x < 0 || y < 0 || x >= len(c.rows) || y >= len(c.rows) {
		return false
	}
	return c.rows[y][x]
}

// Tighten returns an address with the same meaning that needs fewer modules:
// scheme and host in capitals (equal by RFC 3986, 3.1 and 3.2.2), which QR codes
// pack into 5.5 instead of 8 bits a letter. The path is left alone because its
// case may matter; a server that ignores case is best given capitals throughout.
// What is not a web address comes back unchanged.
func Tighten(address string) string {
	if !isWeb(address) {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return address
	}
	head := len(u.Scheme) + len("://") + len(u.Host)
	if head > len(address) {
		return address
	}
	return strings.ToUpper(address[:head]) + address[head:]
}

// isWeb reports whether text is an http or https address.
func isWeb(text string) bool {
	scheme, _, found := strings.Cut(text, "://")
	return found && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http"))
}

// escape percent-encodes what is not ASCII in a web address. Payment texts are
// left alone: their schemes prescribe raw UTF-8.
func escape(text string) string {
	if !isWeb(text) {
		return text
	}
	var out strings.Builder
	for _, b := range []byte(text) {
		if b > ' ' && b < 0x7F {
			out.WriteByte(b)
			continue
		}
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}
