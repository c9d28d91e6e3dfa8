package type2

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// Mirror is what the tag itself puts into its address on every reading (data sheet §8.9). It tells taps apart and proves
// nothing: anybody can write the same address by hand.
type Mirror int

// Mirrors, by the bits of MIRROR_CONF.
const (
	MirrorNone Mirror = 0
	// MirrorUID is the tag's number, 14 hexadecimal digits.
	MirrorUID Mirror = 1
	// MirrorCounter is how often the tag has been powered up and read, six hexadecimal digits.
	MirrorCounter Mirror = 2
	// MirrorBoth is number, the letter x, and counter.
	MirrorBoth Mirror = 3
)

// Placeholder stands in a plan's address where the mirror is to be.
const Placeholder = "{tap}"

// ErrMirror means that an address and its mirror do not fit each other or the tag.
var ErrMirror = errors.New("the tag's number cannot be put into this address")

// length is that of the mirrored text.
func (m Mirror) length() int {
	switch m {
	case MirrorUID:
		return 14
	case MirrorCounter:
		return 6
	case MirrorBoth:
		return 21
	default:
		return 0
	}
}

// fill puts the stored text for the mirror, zeros, into an address.
func (m Mirror) fill(address string) (string, error) {
	if n := strings.Count(address, Placeholder); m.length() == 0 && n > 0 || m.length() > 0 && n != 1 {
		return "", fmt.Errorf("%w: %d places for it in %q", ErrMirror, n, address)
	}
	return strings.Replace(address, Placeholder, m.stored(), 1), nil
}

func (m Mirror) stored() string { return strings.Repeat("0", m.length()) }

// window is where a mirror stands: at is its place in the encoded message, address in the tag's memory.
type window struct {
	mirror      Mirror
	at, address int
}

// windowOf finds the place in the tag's memory. positions are those of the block's bytes in the data area.
func (m Mirror) windowOf(prefix, head int, positions []int) (window, error) {
	n := m.length()
	if n == 0 {
		return window{}, nil
	}
	from, to := head+prefix, head+prefix+n-1
	if to >= len(positions) || positions[to]-positions[from] != n-1 {
		return window{}, fmt.Errorf("%w: bytes of the tag's own lie in between", ErrMirror)
	}
	return window{mirror: m, at: prefix, address: firstPage*apdu.PageSize + positions[from]}, nil
}

// cfg0 is the first configuration page with this mirror.
func (w window) cfg0(first int) page {
	if w.mirror == MirrorNone {
		return page{strongSignal, 0, 0, byte(first)}
	}
	inPage := byte(w.address % apdu.PageSize)
	return page{byte(w.mirror)<<6 | inPage<<4 | strongSignal, 0, byte(w.address / apdu.PageSize), byte(first)}
}

// matches reports whether read is raw, with what the tag with the given number puts into the window.
func (w window) matches(read, raw, uid []byte) bool {
	n := w.mirror.length()
	if len(read) != len(raw) || !bytes.Equal(read[:w.at], raw[:w.at]) || !bytes.Equal(read[w.at+n:], raw[w.at+n:]) {
		return false
	}
	text := string(read[w.at : w.at+n])
	number := strings.ToUpper(hex.EncodeToString(uid))
	switch w.mirror {
	case MirrorUID:
		return text == number
	case MirrorCounter:
		return isCount(text)
	case MirrorBoth:
		rest, ok := strings.CutPrefix(text, number+"x")
		return ok && isCount(rest)
	default:
		return true
	}
}

func isCount(text string) bool { return strings.Trim(text, "0123456789ABCDEF") == "" }
