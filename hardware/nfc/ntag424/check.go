package ntag424

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/type4"
)

// verify reads the tag twice as phones do and makes it prove its keys once more: the answer to the change of the master
// key was not signed.
func (p Plan) verify(ctx context.Context, card Card, uid sun.UID, report *Report) error {
	first, _, err := p.tap(ctx, card, uid)
	if err != nil {
		return err
	}
	second, url, err := p.tap(ctx, card, uid)
	if err != nil {
		return err
	}
	report.URL, report.Mark = url, second.Mark
	if second.Version != first.Version || second.Counter != first.Counter+1 {
		return fmt.Errorf("read back: %w: it counted from %d to %d", ErrMismatch, first.Counter, second.Counter)
	}
	return confirm(ctx, card, p.Keys, uid, second.Version)
}

// tap reads the tag as a phone does, after a power cycle, and checks its message.
func (p Plan) tap(ctx context.Context, card Card, uid sun.UID) (sun.Message, string, error) {
	url, err := fresh(ctx, card, uid)
	if err != nil {
		return sun.Message{}, "", err
	}
	word, ok := strings.CutPrefix(url, p.Prefix)
	if !ok {
		return sun.Message{}, "", fmt.Errorf("read back: %w: it gives the address %q", ErrMismatch, url)
	}
	message, err := p.Keys.Verify(word)
	if err != nil {
		return sun.Message{}, "", fmt.Errorf("read back: %w: %w", ErrMismatch, err)
	}
	if message.UID != uid {
		return sun.Message{}, "", fmt.Errorf("read back: %w: it gives the number %v", ErrMismatch, message.UID)
	}
	return message, url, nil
}

// fresh cycles the power and returns the address that the tag then gives, empty when it gives none.
func fresh(ctx context.Context, card Card, uid sun.UID) (string, error) {
	if err := card.Reset(ctx); err != nil {
		return "", fmt.Errorf("read back: %w", err)
	}
	now, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return "", fmt.Errorf("read back: %w", err)
	}
	if !bytes.Equal(now, uid[:]) {
		return "", fmt.Errorf("read back: %w", ErrSwapped)
	}
	read, err := type4.Read(ctx, card)
	if err != nil {
		return "", fmt.Errorf("read back: %w", err)
	}
	url, _ := read.Message.URI()
	return url, nil
}

// confirm makes the tag prove that all its keys have a version.
func confirm(ctx context.Context, card Card, ring *sun.Ring, uid sun.UID, version byte) error {
	if err := selectApplication(ctx, card); err != nil {
		return err
	}
	now, err := readVersions(ctx, card)
	if err != nil {
		return err
	}
	if !now.all(version) {
		return fmt.Errorf("read back: %w: its keys have the versions %v", ErrMismatch, now)
	}
	k, err := expect(ring, uid, now)
	if err != nil {
		return err
	}
	_, err = k.prove(ctx, card)
	return err
}
