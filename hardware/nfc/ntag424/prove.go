package ntag424

import (
	"context"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// Prove makes a tag at a reader of the house prove that it carries the house's keys, by a challenge that nobody can
// answer twice, and says which tag it is. It changes nothing and costs the tag no count. It is what a badge is held to a
// reader for.
//
// Refusals match [ErrForeign], [ErrNoKeys] for a tag that was never set up, or what [Identify] returns.
func Prove(ctx context.Context, card Card, ring *sun.Ring) (sun.UID, error) {
	at := &line{Card: card}
	id, err := Identify(ctx, at)
	if err == nil {
		err = proveOne(ctx, at, ring, id.UID)
	}
	if err = at.finish(ctx, id.UID, err); err != nil {
		return sun.UID{}, fmt.Errorf("check the badge: %w", err)
	}
	return id.UID, nil
}

func proveOne(ctx context.Context, card Card, ring *sun.Ring, uid sun.UID) error {
	now, err := readVersions(ctx, card)
	if err != nil {
		return err
	}
	if now[sun.KeyProof] == sun.Factory {
		return ErrNoKeys
	}
	k, err := expect(ring, uid, now)
	if err != nil {
		return err
	}
	_, err = authenticate(ctx, card, sun.KeyProof, k[sun.KeyProof])
	if errors.Is(err, errKey) {
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	return err
}
