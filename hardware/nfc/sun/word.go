package sun

import (
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	// wordLetter opens every word.
	wordLetter = "S"
	// piccLength is the number of bytes of encrypted PICC data in AES mode (data sheet §9.3.4).
	piccLength = 16
	// lrpLength is the same in LRP mode.
	lrpLength = 24

	versionAt = len(wordLetter)
	// PICCDataAt is where the encrypted PICC data stand in a word.
	PICCDataAt = versionAt + 2
	// MACAt is where the MAC stands in a word.
	MACAt = PICCDataAt + 2*piccLength
	// WordLength is the number of characters of a word.
	WordLength = MACAt + 2*MACLength

	lrpWordLength = WordLength + 2*(lrpLength-piccLength)
)

// Blank is the word before a tag fills it in: zeros in all places but that of the version.
func Blank(version byte) string {
	return fmt.Sprintf("%s%02X%s", wordLetter, version, strings.Repeat("0", WordLength-PICCDataAt))
}

// IsWord reports whether a text has the form of a word, so that it is worth verifying. Tokens and codes have not.
func IsWord(text string) bool {
	_, err := parse(text)
	return err == nil
}

// word is a message as it is read, not verified.
type word struct {
	version byte
	picc    [piccLength]byte
	mac     [MACLength]byte
}

// parse accepts one spelling only, so that no two texts are the same message.
func parse(text string) (w word, err error) {
	if len(text) != WordLength {
		if len(text) == lrpWordLength && formed(text) {
			return word{}, fmt.Errorf("read the message of a tag in LRP mode: %w", ErrWrongTag)
		}
		return word{}, fmt.Errorf("read a text of %d characters: %w", len(text), ErrMalformed)
	}
	if !formed(text) {
		return word{}, fmt.Errorf("read a text of other characters: %w", ErrMalformed)
	}
	var raw [1 + piccLength + MACLength]byte
	if _, err := hex.Decode(raw[:], []byte(text[versionAt:])); err != nil {
		return word{}, fmt.Errorf("read a text: %w: %w", ErrMalformed, err)
	}
	w.version = raw[0]
	copy(w.picc[:], raw[1:])
	copy(w.mac[:], raw[1+piccLength:])
	return w, nil
}

// formed reports whether a text is the letter and capital hex digits.
func formed(text string) bool {
	digits, ok := strings.CutPrefix(text, wordLetter)
	return ok && strings.Trim(digits, "0123456789ABCDEF") == ""
}

// blank reports whether the word is a placeholder.
func (w word) blank() bool { return w.picc == [piccLength]byte{} && w.mac == [MACLength]byte{} }

// VersionOf is the version that a word or a blank names, without verifying anything.
func VersionOf(text string) (version byte, ok bool) {
	w, err := parse(text)
	return w.version, err == nil
}
