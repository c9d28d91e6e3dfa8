// Package access knows who may do what: the keys of guests and devices, the rotating codes of displays, pairing
// codes, and how often anybody may ask.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// NewKey makes the key of a guest or device: 32 random bytes in base64url, 43 characters. It is shown to its
// owner once and stored as [Hash] only.
func NewKey() string { return random(32) }

// NewWord makes the word of a tag or printed code: 128 random bits in base64url, 22 characters of [A-Za-z0-9_-].
func NewWord() string { return random(16) }

func random(n int) string {
	buf := make([]byte, n)
	// rand.Read never errs; without randomness it ends the program.
	_, _ = rand.Read(buf)
	return base64.RawURLEncoding.EncodeToString(buf)
}

// Hash is what is stored of a key: its SHA-256 in hex. Keys are random, so a slow hash would add nothing.
func Hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
