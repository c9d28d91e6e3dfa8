package type2

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// ErrNotGenuine means that a tag does not carry NXP's signature of its number.
var ErrNotGenuine = errors.New("the tag is not a genuine NXP chip")

// Genuine reports whether signature is NXP's for an NTAG21x with the given number (NXP AN11350; ECDSA over secp128r1 with the
// seven bytes in the place of the hash). A signature can be copied together with its number: it says that NXP once made this
// number, not that this tag bears it.
func Genuine(uid []byte, signature [32]byte) bool {
	return secp128r1().verify(nxpKey(), new(big.Int).SetBytes(uid), signature)
}

// nxpKey is the public key for the NTAG21x.
func nxpKey() point {
	return point{number("494E1A386D3D3CFE3DC10E5DE68A499B"), number("1C202DB5B132393E89ED19FE5BE8BC61")}
}

// genuine asks the tag for its signature (READ_SIG, data sheet §10.8). A tag that has none has been reset afterwards.
func (w *writer) genuine(ctx context.Context, uid []byte) (bool, error) {
	signature, err := w.route.Send(ctx, w.card, "ask the tag for its signature", []byte{0x3C, 0x00})
	switch {
	case err == nil:
		return len(signature) == 32 && Genuine(uid, [32]byte(signature)), nil
	case apdu.Refused(err) || errors.Is(err, apdu.ErrRaw):
		return false, w.card.Reset(ctx)
	default:
		return false, fmt.Errorf("check the maker: %w", err)
	}
}
