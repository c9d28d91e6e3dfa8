//go:build !nopcsc && cgo

package pcsc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ebfe/scard"
)

const (
	// escapeCode is the control code by which the CCID driver passes a command to the reader itself (libccid SCARDCONTROL.md).
	escapeCode = 1
	// escapeLimit bounds a signal: it is of no use later.
	escapeLimit = 2 * time.Second
)

// escape sends a command to a reader itself, with or without a tag in its field.
func (b *Backend) escape(ctx context.Context, reader string, cmd []byte) ([]byte, error) {
	c := &card{backend: b, reader: reader}
	var answer []byte
	err := c.call(ctx, escapeLimit, "signal at the reader", func() (err error) {
		defer c.closeDirect()
		if c.service, err = scard.EstablishContext(); err != nil {
			return err
		}
		if c.card, err = c.service.Connect(reader, scard.ShareDirect, scard.ProtocolUndefined); err != nil {
			return err
		}
		answer, err = c.card.Control(scard.CtlCode(escapeCode), cmd)
		return err
	})
	// Drivers say either when they pass no such command on.
	if errors.Is(err, scard.ErrUnsupportedFeature) || errors.Is(err, scard.ErrNotTransacted) {
		return nil, fmt.Errorf("%w: %w", errNoEscape, err)
	}
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// closeDirect gives a connection to the reader itself back, which has no transaction to end.
func (c *card) closeDirect() {
	if c.card != nil {
		_ = c.card.Disconnect(scard.LeaveCard)
		c.card = nil
	}
	release(c.service)
	c.service = nil
}
