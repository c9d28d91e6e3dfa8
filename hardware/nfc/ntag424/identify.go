package ntag424

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// Identity says what a tag is.
type Identity struct {
	UID sun.UID
	// Genuine says that NXP signed this number. The signature can be copied: it proves that a tag of this number was
	// made, not that this is it.
	Genuine bool
}

// Identify finds out whether the tag is an NTAG 424 DNA, without changing it, and leaves its application selected.
// Refusals match [ErrNotDNA], [ErrRandomID] or [ErrSwapped].
func Identify(ctx context.Context, card Card) (Identity, error) {
	uid, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return Identity{}, err
	}
	if err := selectApplication(ctx, card); err != nil {
		return Identity{}, err
	}
	inside, err := version(ctx, card)
	if err != nil {
		return Identity{}, err
	}
	id := Identity{UID: inside}
	switch {
	case apdu.RandomUID(uid):
		return id, ErrRandomID
	case string(uid) != string(inside[:]):
		return id, ErrSwapped
	}
	id.Genuine, err = signature(ctx, card, id.UID)
	return id, err
}

// busy means that a command of several frames was left unfinished (data sheet §10.9.1 table 86).
const busy apdu.Status = 0x6985

// selectApplication ends any session. The keys and files below are those of this application (data sheet §8.2.2).
func selectApplication(ctx context.Context, card Card) error {
	const what = "select the tag's application"
	name := []byte{0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01}
	_, err := apdu.Send(ctx, card, what, apdu.SelectName(name))
	if apdu.HasStatus(err, busy) {
		if err := card.Reset(ctx); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		_, err = apdu.Send(ctx, card, what, apdu.SelectName(name))
	}
	if apdu.Refused(err) {
		return fmt.Errorf("%w: %w", ErrNotDNA, err)
	}
	return err
}

// version reads the three frames of GetVersion (data sheet §10.5.2) and returns the number in the last one.
func version(ctx context.Context, card Card) (sun.UID, error) {
	const what = "read the tag's version"
	var frames [3][]byte
	cmd := apdu.NativeVersion()
	for i := range frames {
		answer, status, err := apdu.Exchange(ctx, card, cmd)
		if err != nil {
			return sun.UID{}, fmt.Errorf("%s: %w", what, err)
		}
		want := statusMore
		if i == len(frames)-1 {
			want = statusOK
		}
		if status != want {
			return sun.UID{}, fmt.Errorf("%w: %w", ErrNotDNA, refused(what, status))
		}
		frames[i], cmd = answer, native(insMore)
	}
	if !ours(frames[0]) || len(frames[2]) < sun.UIDLength {
		return sun.UID{}, ErrNotDNA
	}
	return sun.UID(frames[2]), nil
}

// ours looks for maker NXP, type NTAG and the major version of this family (data sheet §10.5.2 table 56): an NTAG 413
// DNA has another one, and a DESFire another type.
func ours(hardware []byte) bool {
	return len(hardware) == 7 && hardware[0] == 0x04 && hardware[1] == 0x04 && hardware[3] == 0x30
}

// signature asks for the maker's signature and checks it. A tag that has none is no error.
func signature(ctx context.Context, card Card, uid sun.UID) (genuine bool, err error) {
	const what = "read the maker's signature"
	answer, status, err := apdu.Exchange(ctx, card, native(insReadSignature, 0x00))
	if err != nil {
		return false, fmt.Errorf("%s: %w", what, err)
	}
	return (status == statusOK || status == statusSignature) && genuineSignature(uid, answer), nil
}

// originality is NXP's public key for this family on the curve secp224r1 (AN12196 §7.2).
const originality = "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA" +
	"209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410"

// genuineSignature checks a signature over a number, which takes the place of a hash.
func genuineSignature(uid sun.UID, signature []byte) bool {
	raw, err := hex.DecodeString(originality)
	if err != nil {
		panic(err)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P224(), raw)
	if err != nil {
		panic(err)
	}
	half := len(raw) / 2
	if len(signature) != 2*half {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])
	return ecdsa.Verify(key, uid[:], r, s)
}
