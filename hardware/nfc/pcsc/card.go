//go:build !nopcsc && cgo

package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ebfe/scard"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

// cardLimit bounds one call to a card whose caller has set no earlier deadline.
const cardLimit = time.Minute

// card is an open card. It has its own way to the service, so that a reader that does not answer holds up nobody else.
type card struct {
	backend *Backend
	reader  string
	service *scard.Context
	card    *scard.Card
	atr     []byte
	// abandoned says that a call did not return; that call then closes the card.
	abandoned atomic.Bool
}

// Connect implements [nfc.Backend]. The card is kept from other programs until it is closed.
func (b *Backend) Connect(ctx context.Context, reader string) (nfc.Connection, error) {
	c := &card{backend: b, reader: reader}
	if err := c.call(ctx, cardLimit, "open the tag", c.open); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *card) open() (err error) {
	if c.service, err = scard.EstablishContext(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if c.card, err = c.service.Connect(c.reader, scard.ShareShared, scard.ProtocolAny); err != nil {
		return err
	}
	if err := c.speaks(); err != nil {
		return err
	}
	if err := c.card.BeginTransaction(); err != nil {
		return err
	}
	status, err := c.card.Status()
	if err != nil {
		return err
	}
	c.atr = status.Atr
	return nil
}

// speaks refuses a connection on which the binding would panic.
func (c *card) speaks() error {
	if p := c.card.ActiveProtocol(); p != scard.ProtocolT0 && p != scard.ProtocolT1 {
		return fmt.Errorf("%w: protocol %d", nfc.ErrCardMute, p)
	}
	return nil
}

// call runs a call to the card, which may never return.
func (c *card) call(ctx context.Context, limit time.Duration, what string, f func() error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if c.abandoned.Load() || c.backend.isStuck(c.reader) {
		return fmt.Errorf("%s: %w", what, nfc.ErrStuck)
	}
	err := c.backend.exchanges.run(ctx, limit, f, func() {
		c.close()
		c.backend.markStuck(c.reader, -1)
	})
	if errors.Is(err, errAbandoned) {
		c.abandoned.Store(true)
		c.backend.markStuck(c.reader, 1)
		return fmt.Errorf("%s: %w: %w", what, nfc.ErrStuck, err)
	}
	return wrap(what, err)
}

func (b *Backend) isStuck(reader string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stuck[reader] > 0
}

func (b *Backend) markStuck(reader string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stuck[reader] += n; b.stuck[reader] == 0 {
		delete(b.stuck, reader)
	}
}

// ATR implements [nfc.Card].
func (c *card) ATR() []byte { return c.atr }

// Transmit implements [nfc.Card].
func (c *card) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	if len(cmd) == 0 {
		return nil, errors.New("send a command: it is empty")
	}
	var answer []byte
	err := c.call(ctx, cardLimit, "send a command", func() error {
		got, err := c.card.Transmit(cmd)
		answer = got
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(answer) == 0 { // how some drivers tell that the card has left
		return nil, fmt.Errorf("send a command: %w", nfc.ErrNoCard)
	}
	return answer, nil
}

// Reset implements [nfc.Card].
func (c *card) Reset(ctx context.Context) error {
	return c.call(ctx, cardLimit, "restart the tag", func() error {
		if err := c.card.Reconnect(scard.ShareShared, scard.ProtocolAny, scard.UnpowerCard); err != nil {
			return err
		}
		return c.speaks()
	})
}

// Close implements [nfc.Connection].
func (c *card) Close() error {
	if c.abandoned.Load() {
		return nil
	}
	return c.call(context.Background(), serviceLimit, "close the tag", func() error {
		c.close()
		return nil
	})
}

// close gives everything back. Errors mean that it is gone already.
func (c *card) close() {
	if c.card != nil {
		_ = c.card.EndTransaction(scard.LeaveCard)
		_ = c.card.Disconnect(scard.LeaveCard)
		c.card = nil
	}
	release(c.service)
	c.service = nil
}
