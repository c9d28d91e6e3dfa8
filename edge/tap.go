package edge

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// Taps knows the tags of the house that sign their taps: every time such a tag is read, its address holds another
// message, which proves that the tag itself was there.
type Taps interface {
	// Check looks at a word a guest brought. signed says that it has the form of such a message; err then says what is
	// wrong with it, nil that it is genuine. Whether it was brought before is not its business.
	Check(word string) (tap SignedTap, signed bool, err error)
}

// SignedTap is a genuine message: whose it is, and how far the tag had counted.
type SignedTap struct {
	UID     string // upper-case hex
	Version byte   // of the tag's keys; new keys begin a new count
	Counter uint32 // grows with every reading of the tag
}

// after reports whether the message is newer than all that were accepted from the tag.
func (s SignedTap) after(t *Tag) bool {
	if s.Version != t.KeyVersion {
		return s.Version > t.KeyVersion
	}
	return s.Counter > t.Counter
}

// Prove gives the floor the tags that sign their taps. It is to be called before the floor is used; without it their
// messages are unknown words.
func (f *Floor) Prove(taps Taps) { f.taps = taps }

// Refusals of a signed tap. Whoever holds a phone to the tag again gets past all but the last two.
var (
	errTapInvalid  = Refuse(KindDenied, "tap_invalid", "This tap could not be confirmed. Please hold your phone to the tag again.")
	errTapReplayed = Refuse(KindClosed, "tap_replayed", "This tap was used before. Please hold your phone to the tag again.")
	errTagUnknown  = Refuse(KindNotFound, "tag_unknown", "This tag does not belong to a table here. Please ask the staff.")
	errTagRetired  = Refuse(KindNotFound, "tag_retired", "This tag is not in use any more. Please ask the staff.")
)

// signedTap is what a word says as a tap; it is looked at before the transaction.
type signedTap struct {
	SignedTap
	signed  bool
	refusal error
	attempt string
}

// tapped checks a word. The reason why a message is not genuine is not told to whoever made it up.
func (f *Floor) tapped(word, attempt string) signedTap {
	if f.taps == nil {
		return signedTap{}
	}
	tap, signed, err := f.taps.Check(word)
	t := signedTap{SignedTap: tap, signed: signed}
	if err != nil {
		t.refusal = errTapInvalid
	}
	if attempt != "" {
		digest := sha256.Sum256([]byte(attempt))
		t.attempt = hex.EncodeToString(digest[:])
	}
	return t
}

// sameTapFor is how long a phone whose answer was lost may bring its tap again.
const sameTapFor = 2 * time.Minute

// tagOf loads the tag of a genuine message, and its table.
func (t *signedTap) tagOf(view View) (Tag, Table, error) {
	if t.refusal != nil {
		return Tag{}, Table{}, t.refusal
	}
	tag, err := view.Tag(t.UID)
	if errors.Is(err, ErrNotFound) || (err == nil && (tag.Kind != TagTable || !tag.Signs)) {
		return Tag{}, Table{}, errTagUnknown
	}
	if err != nil {
		return Tag{}, Table{}, err
	}
	if tag.Retired {
		return Tag{}, Table{}, errTagRetired
	}
	table, err := tableInUse(view, tag.TableID)
	return tag, table, err
}

// accept counts the tap, once: the count is kept in the transaction that seats the guest. The guest who brought it is
// given when it is brought again by the same phone because the answer was lost.
func (t *signedTap) accept(tx Tx, tag *Tag, now Moment) (again ID, err error) {
	if !t.after(tag) {
		if t.attempt != "" && t.attempt == tag.LastAttempt && t.Version == tag.KeyVersion && t.Counter == tag.Counter &&
			now.At.Sub(tag.LastTap) <= sameTapFor {
			return tag.LastGuest, nil
		}
		return "", errTapReplayed
	}
	if t.Version == tag.KeyVersion && tag.Taps > 0 {
		tag.Missed += int(t.Counter - tag.Counter - 1)
	}
	tag.KeyVersion, tag.Counter, tag.LastTap, tag.LastAttempt, tag.LastGuest = t.Version, t.Counter, now.At, t.attempt, ""
	tag.Taps++
	return "", tx.PutTag(*tag)
}

// noteReplay keeps that an old tap was brought again, for the owner; the journal has it at most every few minutes.
func noteReplay(tx Tx, tag Tag, now Moment) error {
	tag.Replays++
	told := now.At.Sub(tag.LastReplay) < replaysTold
	if !told {
		tag.LastReplay = now.At
	}
	if err := tx.PutTag(tag); err != nil || told {
		return err
	}
	return appendAll(tx, tagEvent(TagReplayed, tag, System, now))
}

const replaysTold = 5 * time.Minute
