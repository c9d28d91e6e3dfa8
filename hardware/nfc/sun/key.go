package sun

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// KeySize is the number of bytes of a key.
const KeySize = 16

// hidden stands where a key would.
const hidden = "(a key)"

// A Key is an AES-128 key. It shows itself nowhere: not in logs, errors or any verb of fmt.
type Key [KeySize]byte

// String keeps the key out of texts.
func (Key) String() string { return hidden }

// Format keeps the key out of texts, whatever the verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue keeps the key out of logs.
func (Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText refuses, so that no encoding writes a key down unasked.
func (Key) MarshalText() ([]byte, error) { return nil, errors.New("a key is not written down") }
