package sun

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// The keys of a tag by their numbers (data sheet §8.2.3.2 gives the numbers, the roles are ours).
const (
	// KeyMaster changes settings, content and all keys.
	KeyMaster = 0
	// KeyFile makes the MAC of messages.
	KeyFile = 1
	// KeyMeta encrypts the PICC data. All tags of a house share it, because only it tells whose message it is.
	KeyMeta = 2
	// KeyProof answers challenges at a reader of the house.
	KeyProof = 3
	// KeySpare has no use yet.
	KeySpare = 4
	// KeyCount is the number of keys on a tag.
	KeyCount = 5
)

// Factory is the version of keys as delivered: all bytes zero (data sheet §8.2.3).
const Factory byte = 0

// system is the label that keeps our keys apart from those of other uses of the same master key. With it the input of
// every diversification has 16 bytes.
const system = "comanda"

// ErrMasters means that a [Ring] cannot be made of the given masters.
var ErrMasters = errors.New("the master keys are not usable")

// A Master is a secret of the house from which all keys of its tags follow.
type Master struct {
	// Since is the first key version that follows from it; at least 1.
	Since byte
	Key   Key
}

// A Ring knows the keys of all tags of a house, for all versions. It may be used by several goroutines at once.
type Ring struct {
	// masters have the highest version first.
	masters []preparedMaster
}

type preparedMaster struct {
	since byte
	mac   *CMAC
}

// NewRing makes a ring of the house's masters, in any order: usually one, since version 1. A later master replaces an
// earlier one from its version on; tags that still carry older versions go on to work while the older one is given.
func NewRing(masters ...Master) (*Ring, error) {
	r := &Ring{}
	for _, m := range masters {
		if m.Since == Factory {
			return nil, fmt.Errorf("%w: versions begin with 1", ErrMasters)
		}
		if m.Key == (Key{}) {
			return nil, fmt.Errorf("%w: the one since version %d is all zero", ErrMasters, m.Since)
		}
		r.masters = append(r.masters, preparedMaster{m.Since, NewCMAC(m.Key)})
	}
	if len(r.masters) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrMasters)
	}
	slices.SortFunc(r.masters, func(a, b preparedMaster) int { return cmp.Compare(b.since, a.since) })
	for i, m := range r.masters[1:] {
		if m.since == r.masters[i].since {
			return nil, fmt.Errorf("%w: there are two since version %d", ErrMasters, m.since)
		}
	}
	return r, nil
}

// Newest is the first version of the newest master: new tags carry this version or a higher one.
func (r *Ring) Newest() byte { return r.masters[0].since }

// Key is the key with a number from 0 to 4 that a tag carries in a version; zero bytes for version [Factory]. A version
// that no master covers is refused with [ErrVersion].
//
// It is Diversify(master, UID ‖ number ‖ version ‖ "comanda"); for [KeyMeta] the UID is all zero.
func (r *Ring) Key(uid UID, number, version byte) (Key, error) {
	if version == Factory {
		return Key{}, nil
	}
	for _, m := range r.masters {
		if version >= m.since {
			return m.key(uid, number, version), nil
		}
	}
	return Key{}, fmt.Errorf("look up key version %d: %w", version, ErrVersion)
}

func (m preparedMaster) key(uid UID, number, version byte) Key {
	if number == KeyMeta {
		uid = UID{}
	}
	var input [UIDLength + 2 + len(system)]byte
	copy(input[:], uid[:])
	input[UIDLength], input[UIDLength+1] = number, version
	copy(input[UIDLength+2:], system)
	return diversify(m.mac, input[:])
}
