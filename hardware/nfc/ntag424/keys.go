package ntag424

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// versions are those of a tag's keys, by number. They can be read by everybody, and change together with the key.
type versions [sun.KeyCount]byte

func readVersions(ctx context.Context, card Card) (versions, error) {
	var out versions
	for number := range out {
		what := fmt.Sprintf("read the version of key %d", number)
		answer, err := ask(ctx, card, what, insGetKeyVersion, byte(number))
		if err != nil {
			return out, err
		}
		if len(answer) != 1 {
			return out, garbled(what, answer, "1")
		}
		out[number] = answer[0]
	}
	return out, nil
}

// all reports whether all keys have one version.
func (v versions) all(version byte) bool {
	return v == versions{version, version, version, version, version}
}

// keys are what a tag should carry according to its versions.
type keys [sun.KeyCount]sun.Key

// expect looks the keys up. Versions that nobody has keys for belong to somebody else.
func expect(ring *sun.Ring, uid sun.UID, v versions) (out keys, err error) {
	for number := range out {
		if out[number], err = ring.Key(uid, byte(number), v[number]); err != nil {
			return keys{}, fmt.Errorf("%w: %w", ErrForeign, err)
		}
	}
	return out, nil
}

// prove makes the tag prove all its keys and returns a session with the master key. The master key comes last, so that
// wrong tries count against a key that matters less.
func (k keys) prove(ctx context.Context, card Card) (s *session, err error) {
	for number := len(k) - 1; number >= 0; number-- {
		s, err = authenticate(ctx, card, byte(number), k[number])
		if errors.Is(err, errKey) {
			return nil, fmt.Errorf("%w: %w", ErrForeign, err)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// changeKey replaces a key by number (data sheet §10.6.1). Replacing the master key ends the session, with an answer
// that is not signed.
func (s *session) changeKey(ctx context.Context, number byte, from, to sun.Key, version byte) error {
	what, header := fmt.Sprintf("change key %d", number), []byte{number}
	if number != sun.KeyMaster {
		_, err := s.send(ctx, what, sealed, insChangeKey, header, otherKey(from, to, version))
		return err
	}
	_, err := ask(ctx, s.card, what, insChangeKey, s.wrap(sealed, insChangeKey, header, append(to[:], version))...)
	return err
}

// otherKey is the data that replace a key other than the one that was proved: the tag refuses them unless the old key is
// right. The checksum is CRC-32 without its final inversion (data sheet §10.6.1 table 63, AN12196 table 26).
func otherKey(from, to sun.Key, version byte) []byte {
	out := make([]byte, sun.KeySize)
	for i := range out {
		out[i] = from[i] ^ to[i]
	}
	return binary.LittleEndian.AppendUint32(append(out, version), ^crc32.ChecksumIEEE(to[:]))
}
