package ntag424

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

const (
	block = aes.BlockSize
	// patience is how long a tag that asks for time is asked again. It counts the time while it is powered.
	patience = 20 * time.Second
	// pause is added to the time that the tag itself takes to say that it wants more.
	pause = 20 * time.Millisecond
)

// errKey means that a tag does not have the key that it was asked to prove.
var errKey = errors.New("the tag has another key")

// authenticate opens a session with a key (AuthenticateEV2First, data sheet §9.1.5). A wrong key matches errKey and is
// counted by the tag: after 50 in a row it slows down, after 1,000 the key is lost. So no key is ever tried that the
// key's version does not promise.
func authenticate(ctx context.Context, card Card, number byte, key sun.Key) (*session, error) {
	what := fmt.Sprintf("prove key %d", number)
	challenge, err := begin(ctx, card, what, number)
	if err != nil {
		return nil, err
	}
	h := handshake{key: newCipher(key)}
	_, _ = rand.Read(h.ours[:]) // never fails
	answer, status, err := apdu.Exchange(ctx, card, native(insMore, h.reply(challenge)...))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", what, err)
	case status == statusAuthentication:
		return nil, fmt.Errorf("%w: %w", errKey, refused(what, status))
	case status != statusOK:
		return nil, refused(what, status)
	case len(answer) != 2*block:
		return nil, garbled(what, answer, "32")
	}
	ti, ok := h.accept([2 * block]byte(answer))
	if !ok {
		return nil, fmt.Errorf("%s: %w", what, errKey)
	}
	return newSession(card, key, h, ti), nil
}

// begin asks for the tag's challenge, and again while the tag asks for time.
func begin(ctx context.Context, card Card, what string, number byte) (challenge [block]byte, err error) {
	for end := time.Now().Add(patience); ; {
		answer, status, err := apdu.Exchange(ctx, card, native(insAuthenticate, number, 0x00))
		switch {
		case err != nil:
			return challenge, fmt.Errorf("%s: %w", what, err)
		case status == statusMore && len(answer) == block:
			return [block]byte(answer), nil
		case status == statusMore:
			return challenge, garbled(what, answer, "16")
		case status == statusPermission:
			return challenge, closed(ctx, card, what, number)
		case status != statusDelay:
			return challenge, refused(what, status)
		case !time.Now().Before(end):
			return challenge, fmt.Errorf("%w: %w", ErrDelay, refused(what, status))
		}
		if err := sleep(ctx, pause); err != nil {
			return challenge, fmt.Errorf("%s: %w: %w", what, ErrDelay, err)
		}
	}
}

// closed finds out why a key is not available: the tag wants LRP (data sheet §10.4.1 table 27), or the key is locked
// (§10.4.3 table 39). Asking with the LRP capability begins something that only a power cycle ends for sure.
func closed(ctx context.Context, card Card, what string, number byte) error {
	_, status, err := apdu.Exchange(ctx, card, native(insAuthenticate, number, 0x06, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00))
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	reason := ErrLocked
	if status == statusMore {
		reason = ErrLRP
	}
	return errors.Join(fmt.Errorf("%s: %w", what, reason), card.Reset(ctx))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// handshake is the exchange of two random numbers by which both sides show that they have a key.
type handshake struct {
	key          cipher.Block
	ours, theirs [block]byte
}

// reply decrypts the tag's challenge and answers with ours.
func (h *handshake) reply(challenge [block]byte) []byte {
	h.key.Decrypt(h.theirs[:], challenge[:])
	turned := rotate(h.theirs)
	out := append(h.ours[:len(h.ours):len(h.ours)], turned[:]...)
	cipher.NewCBCEncrypter(h.key, make([]byte, block)).CryptBlocks(out, out)
	return out
}

// accept checks that the tag answered our challenge, and returns the transaction's identifier. The capabilities that
// follow it say nothing in AES mode.
func (h *handshake) accept(answer [2 * block]byte) (ti [4]byte, ok bool) {
	cipher.NewCBCDecrypter(h.key, make([]byte, block)).CryptBlocks(answer[:], answer[:])
	turned := rotate(h.ours)
	return [4]byte(answer[:4]), subtle.ConstantTimeCompare(turned[:], answer[4:4+block]) == 1
}

// vectors are the inputs of the two session keys (data sheet §9.1.7). The sheet counts bytes from the right.
func (h *handshake) vectors() (enc, mac [2 * block]byte) {
	a, b := h.ours, h.theirs
	v := append([]byte{0xA5, 0x5A, 0x00, 0x01, 0x00, 0x80}, a[:2]...)
	for i := range 6 {
		v = append(v, a[2+i]^b[i])
	}
	v = append(append(v, b[6:]...), a[8:]...)
	enc, mac = [2 * block]byte(v), [2 * block]byte(v)
	mac[0], mac[1] = 0x5A, 0xA5
	return enc, mac
}

func rotate(b [block]byte) (out [block]byte) {
	copy(out[:], b[1:])
	out[block-1] = b[0]
	return out
}

// newCipher cannot fail: the key has the right length by its type.
func newCipher(key sun.Key) cipher.Block {
	c, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	return c
}
