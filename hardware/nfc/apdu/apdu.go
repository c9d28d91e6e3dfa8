// Package apdu builds the commands that contactless readers and tags understand, and turns their status words into errors.
package apdu

import (
	"context"
	"errors"
	"fmt"
)

// ErrShort is returned for an answer without a status word. PC/SC drivers produce it when a card leaves the field in
// the middle of a command, so it means "gone", not "broken".
var ErrShort = errors.New("the answer has no status word")

// A Transmitter exchanges one command for one answer, status word included.
type Transmitter interface {
	Transmit(ctx context.Context, cmd []byte) ([]byte, error)
}

// Send exchanges cmd and returns the data of the answer without its status word. What says, for errors, what the
// command is for. An answer other than 9000 comes back as a [*StatusError]; 6Cxx is repeated once with the length the
// reader asked for.
func Send(ctx context.Context, t Transmitter, what string, cmd []byte) ([]byte, error) {
	data, status, err := Exchange(ctx, t, cmd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if status>>8 == 0x6C && len(cmd) >= 5 {
		again := append([]byte(nil), cmd...)
		again[len(again)-1] = byte(status)
		if data, status, err = Exchange(ctx, t, again); err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
	}
	if status != OK {
		return nil, fmt.Errorf("%s: %w", what, &StatusError{Status: status})
	}
	return data, nil
}

// Exchange sends cmd and splits the answer, whatever its status word says.
func Exchange(ctx context.Context, t Transmitter, cmd []byte) ([]byte, Status, error) {
	answer, err := t.Transmit(ctx, cmd)
	if err != nil {
		return nil, 0, err
	}
	return Split(answer)
}

// Split cuts the status word off an answer. The data aliases answer.
func Split(answer []byte) ([]byte, Status, error) {
	n := len(answer) - 2
	if n < 0 {
		return nil, 0, ErrShort
	}
	return answer[:n:n], Status(answer[n])<<8 | Status(answer[n+1]), nil
}
