package edge

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Tag is a contactless thing known by its UID: a table's tag after it was written, a puck or a card that stands
// for a table. UIDs can be copied: a tag that does not sign its taps identifies, it never authorises beyond a seat at
// its table.
type Tag struct {
	UID      string    `json:"uid" doc:"Upper-case hex"`
	TableID  ID        `json:"table_id"`
	Kind     TagKind   `json:"kind"`
	Token    string    `json:"token,omitempty" doc:"The token written to it, if any"`
	Enrolled time.Time `json:"enrolled"`
	// Retired says that it means nothing any more; Lost, Replaced and Erased say why.
	Retired  bool   `json:"retired,omitempty"`
	Lost     bool   `json:"lost,omitempty"`
	Replaced string `json:"replaced,omitempty" doc:"The UID of the tag that took its place"`
	Erased   bool   `json:"erased,omitempty" doc:"Its keys were taken off it, or that was begun"`

	// Signs says that every tap of it proves itself (NTAG 424 DNA). KeyVersion and Counter are those of the newest tap
	// that was accepted. They outlive the tag's use: a tag that comes back gets keys that it never had.
	Signs      bool   `json:"signs,omitempty" doc:"Every tap of it proves itself"`
	KeyVersion byte   `json:"key_version,omitempty"`
	Counter    uint32 `json:"counter,omitempty" doc:"Of the newest tap that was accepted"`
	// Keys is a check value of the master key that the tag was set up with: not secret, and enough to tell another one.
	Keys string `json:"keys,omitempty"`
	// Chip is what it is made of ("ntag213"), Genuine that its maker signed its number, Protected that nobody without
	// the house's keys can change it.
	Chip      string    `json:"chip,omitempty"`
	Genuine   bool      `json:"genuine,omitempty" doc:"Its maker signed its number"`
	Protected bool      `json:"protected,omitempty" doc:"Nobody without the house's keys can change it"`
	Taps      int       `json:"taps,omitempty" doc:"How many taps were accepted"`
	Missed    int       `json:"missed,omitempty" doc:"How often it was read without anybody coming of it"`
	Replays   int       `json:"replays,omitempty" doc:"How often an old tap was brought again"`
	LastTap   time.Time `json:"last_tap,omitzero"`
	// LastReplay is when the owner was last told of an old tap.
	LastReplay time.Time `json:"last_replay,omitzero"`
	// LastAttempt and LastGuest are who brought the newest tap, so that a lost answer can be given again.
	LastAttempt string `json:"last_attempt,omitempty"`
	LastGuest   ID     `json:"last_guest,omitempty"`

	History []TagEntry `json:"history,omitempty" doc:"What became of it, the oldest first, the last thirty"`
}

// TagKind is what a tag is to the house.
type TagKind string

// The kinds of tags.
const (
	TagTable TagKind = "table"
	TagPuck  TagKind = "puck"
	TagCard  TagKind = "card"
)

// TagEntry is one line of a tag's history.
type TagEntry struct {
	At    time.Time `json:"at"`
	What  EventKind `json:"what"`
	Actor Actor     `json:"actor"`
	Table string    `json:"table,omitempty" doc:"The table's name at that time"`
	Other string    `json:"other,omitempty" doc:"Where it came from, or the UID of the tag that took its place"`
}

// tagHistory bounds what a tag remembers; the journal has all of it.
const tagHistory = 30

var tagUID = regexp.MustCompile(`^([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$`)

func checkUID(uid string) error {
	if !tagUID.MatchString(uid) {
		return invalid("uid", "uid_invalid", "A UID is 4, 7 or 10 bytes in upper-case hex.")
	}
	if len(uid) == 8 && strings.HasPrefix(uid, "08") {
		return invalid("uid", "uid_random", "This is a phone, or a card that changes its number at every tap: it cannot be enrolled.")
	}
	return nil
}

// knownTag loads a tag; one that nobody has heard of is empty.
func knownTag(view View, uid string) (Tag, error) {
	tag, err := view.Tag(uid)
	if errors.Is(err, ErrNotFound) {
		return Tag{UID: uid}, nil
	}
	return tag, err
}

// putTag keeps a tag with one more line of history, and the event that says the same.
func putTag(tx Tx, kind EventKind, tag *Tag, other string, actor Actor, now Moment) error {
	table, err := tx.Table(tag.TableID)
	if err != nil {
		return err
	}
	tag.History = append(slices.Clone(tag.History), TagEntry{At: now.At, What: kind, Actor: actor, Table: table.Name, Other: other})
	tag.History = tag.History[max(0, len(tag.History)-tagHistory):]
	if err := tx.PutTag(*tag); err != nil {
		return err
	}
	return appendAll(tx, tagEvent(kind, *tag, actor, now))
}

// tagEvent leaves the word on the tag out of the journal, as tokenBody does, and what is only there to be looked up.
func tagEvent(kind EventKind, tag Tag, actor Actor, now Moment) Event {
	body := tag
	body.Token, body.History, body.LastAttempt, body.LastGuest = "", nil, "", ""
	return newEvent(kind, ID(tag.UID), actor, now, body, &tag)
}
