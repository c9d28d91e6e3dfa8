// Package nfctest helps to test what talks to contactless readers: cards that misbehave, and real reader services with
// virtual readers to put virtual tags on.
package nfctest

import (
	"context"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

// Faulty is a card whose every exchange goes through a function, which may ask the card behind it, or not.
type Faulty struct {
	nfc.Card
	// Exchange answers cmd in place of Card.
	Exchange func(ctx context.Context, cmd []byte) ([]byte, error)
}

// Transmit calls Exchange.
func (f Faulty) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	return f.Exchange(ctx, cmd)
}

// Silent returns card made never to answer; a command ends with its context.
func Silent(card nfc.Card) Faulty {
	return Faulty{Card: card, Exchange: func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
}
