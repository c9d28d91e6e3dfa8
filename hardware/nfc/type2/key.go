package type2

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// minKey is the fewest bytes of which a key is made.
const minKey = 16

// Key is what a venue derives the passwords of its tags from. It never gets onto a tag, and printing it shows nothing.
type Key struct{ secret []byte }

// NewKey makes a key of at least 16 secret bytes, which it copies.
func NewKey(secret []byte) (Key, error) {
	if len(secret) < minKey {
		return Key{}, fmt.Errorf("make a key for tags: %d bytes are fewer than %d", len(secret), minKey)
	}
	return Key{secret: bytes.Clone(secret)}, nil
}

// String hides the key.
func (k Key) String() string { return "key" }

// GoString hides the key.
func (k Key) GoString() string { return "type2.Key" }

// Password is what an NTAG21x asks for, and what it answers to the right one (data sheet §8.8.1).
type Password struct {
	PWD  [4]byte
	PACK [2]byte
}

// String hides the password.
func (p Password) String() string { return "password" }

// GoString hides the password.
func (p Password) GoString() string { return "type2.Password" }

// factoryPassword is that of every new tag.
func factoryPassword() Password { return Password{PWD: [4]byte{0xFF, 0xFF, 0xFF, 0xFF}} }

// Password derives the password of the tag with the given number: HKDF with SHA-256, the number as its salt. The same key and
// number always give the same password, and it is never the factory's.
func (k Key) Password(uid []byte) (Password, error) {
	if len(k.secret) == 0 {
		return Password{}, errors.New("derive a tag's password: the key is empty")
	}
	for n := 1; ; n++ {
		out, err := hkdf.Key(sha256.New, k.secret, uid, fmt.Sprintf("comanda NTAG21x password %d", n), 6)
		if err != nil {
			return Password{}, fmt.Errorf("derive a tag's password: %w", err)
		}
		p := Password{PWD: [4]byte(out), PACK: [2]byte(out[4:])}
		if p.PWD != factoryPassword().PWD && p.PWD != [4]byte{} {
			return p, nil
		}
	}
}

// ErrForeign is matched by every [*ForeignError].
var ErrForeign = errors.New("the tag is protected with a password that is not ours")

// A ForeignError says that a tag is behind a password that is not the one it should have. It matches [ErrProtected], too.
type ForeignError struct {
	// Tried says that a password was given and refused. Otherwise none was given, because the tag does not look like ours and
	// locks itself after Limit wrong ones, or does not tell.
	Tried bool
	// Limit is how many wrong passwords the tag bears before it locks itself for good; 0 means any number.
	Limit int
}

// Error says what is known.
func (e *ForeignError) Error() string {
	switch {
	case e.Tried && e.Limit > 0:
		return fmt.Sprintf("%v (after %d wrong ones it locks itself for good: do not try again)", ErrForeign, e.Limit)
	case e.Tried:
		return ErrForeign.Error()
	case e.Limit > 0:
		return fmt.Sprintf("%v, it seems; none was tried, because after %d wrong ones it locks itself for good", ErrForeign, e.Limit)
	default:
		return fmt.Sprintf("%v, it seems; none was tried, because it may lock itself for good", ErrForeign)
	}
}

// Is makes the error match [ErrForeign] and [ErrProtected].
func (e *ForeignError) Is(target error) bool { return target == ErrForeign || target == ErrProtected }

// login gives the tag a password (PWD_AUTH, data sheet §10.7). A tag that refuses it, or accepts it with another answer than
// ours, has been reset afterwards and listens; ok is then false without an error.
func (w *writer) login(ctx context.Context, p Password) (ok bool, err error) {
	answer, err := w.route.Send(ctx, w.card, "give the tag its password", append([]byte{0x1B}, p.PWD[:]...))
	switch {
	case err == nil && subtle.ConstantTimeCompare(answer, p.PACK[:]) == 1:
		return true, nil
	case err != nil && !apdu.Refused(err) && !errors.Is(err, apdu.ErrRaw):
		return false, err
	}
	if err := w.card.Reset(ctx); err != nil {
		return false, err
	}
	// A tag that has left refuses as well.
	return false, w.still(ctx)
}
