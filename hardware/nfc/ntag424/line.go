package ntag424

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// line is a card that remembers that it went away: nothing more is asked of it then, because a reader takes its time to
// say so again.
type line struct {
	Card
	lost bool
}

// Transmit implements [Card]. An answer without a status word means that the card is gone, too.
func (l *line) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	answer, err := l.Card.Transmit(ctx, cmd)
	l.lost = err != nil || len(answer) < 2
	return answer, err
}

// Reset implements [Card].
func (l *line) Reset(ctx context.Context) error {
	err := l.Card.Reset(ctx)
	l.lost = err != nil
	return err
}

// finish leaves the tag without a session and words an error that stems from another tag having taken its place.
func (l *line) finish(ctx context.Context, uid sun.UID, err error) error {
	if l.lost {
		return err
	}
	if uid != (sun.UID{}) && (apdu.Refused(err) || errors.Is(err, ErrGarbled)) {
		if now, again := apdu.ReadUID(ctx, l); again == nil && !bytes.Equal(now, uid[:]) {
			err = fmt.Errorf("%w: %w", ErrSwapped, err)
		}
	}
	if reset := l.Reset(ctx); err == nil {
		return reset
	}
	return err
}
