package edge

import (
	"regexp"
	"slices"
	"time"
)

// Badge is a card that stands for somebody who works here, or a key card of the hotel that stands for a room.
type Badge struct {
	UID    string    `json:"uid" doc:"Upper-case hex"`
	Kind   BadgeKind `json:"kind"`
	Person ID        `json:"person,omitempty"`
	Room   string    `json:"room,omitempty"`
	// Signed says that it answers challenges with the house's keys. One that does not is known by its number alone, which
	// anybody can copy.
	Signed bool `json:"signed,omitempty" doc:"It proves itself; otherwise its number is all there is, and can be copied"`
	// Approves lets a badge that does not prove itself approve what is guarded all the same.
	Approves bool       `json:"approves,omitempty" doc:"The owner lets it approve although it does not prove itself"`
	Chip     string     `json:"chip,omitempty" doc:"What it is made of"`
	State    BadgeState `json:"state"`
	// KeyVersion is of the keys that it was given; it outlives its use.
	KeyVersion byte      `json:"key_version,omitempty"`
	Enrolled   time.Time `json:"enrolled"`
	LastTap    time.Time `json:"last_tap,omitzero"`
	// Refused counts taps that came to nothing because the badge is out of use or did not prove itself; LastRefused is
	// when the journal was last told.
	Refused     int          `json:"refused,omitempty" doc:"Taps that were refused"`
	LastRefused time.Time    `json:"last_refused,omitzero"`
	History     []BadgeEntry `json:"history,omitempty" doc:"What became of it, the oldest first, the last thirty"`
}

// BadgeKind is what a badge stands for.
type BadgeKind string

// The kinds of badges.
const (
	BadgeStaff BadgeKind = "staff"
	BadgeRoom  BadgeKind = "room"
)

// BadgeState is whether a badge is in use.
type BadgeState string

// The states of a badge.
const (
	BadgeActive  BadgeState = "active"
	BadgeLost    BadgeState = "lost"
	BadgeRetired BadgeState = "retired"
)

// BadgeEntry is one line of a badge's history.
type BadgeEntry struct {
	At     time.Time `json:"at"`
	What   EventKind `json:"what"`
	Actor  Actor     `json:"actor"`
	Person ID        `json:"person,omitempty"`
	Room   string    `json:"room,omitempty"`
}

// What happens to badges.
const (
	BadgeEnrolled  EventKind = "badge.enrolled"
	BadgeChanged   EventKind = "badge.changed"
	BadgeLostNow   EventKind = "badge.lost"
	BadgeRetiredAt EventKind = "badge.retired"
	BadgeFound     EventKind = "badge.found"
	BadgeRefused   EventKind = "badge.refused"
)

// badgeHistory bounds what a badge remembers; the journal has all of it.
const badgeHistory = 30

// refusalsTold is how often the journal has the refused taps of one badge.
const refusalsTold = 5 * time.Minute

var roomName = regexp.MustCompile(`^[\pL\pN][\pL\pN ./-]{0,19}$`)

// mayApprove reports whether a tap of the badge by its person can allow what is guarded.
func (b *Badge) mayApprove(person Person) bool {
	return b.State == BadgeActive && b.Kind == BadgeStaff && !person.Removed && person.Role.Approves() && (b.Signed || b.Approves)
}

// putBadge keeps a badge with one more line of history, and the event that says the same.
func putBadge(tx Tx, kind EventKind, badge *Badge, actor Actor, now Moment) error {
	badge.History = append(slices.Clone(badge.History), BadgeEntry{At: now.At, What: kind, Actor: actor, Person: badge.Person, Room: badge.Room})
	badge.History = badge.History[max(0, len(badge.History)-badgeHistory):]
	if err := tx.PutBadge(*badge); err != nil {
		return err
	}
	return appendAll(tx, badgeEvent(kind, *badge, actor, now))
}

// badgeEvent leaves out of the journal what is only there to be looked up.
func badgeEvent(kind EventKind, badge Badge, actor Actor, now Moment) Event {
	body := badge
	body.History = nil
	return newEvent(kind, ID(badge.UID), actor, now, body, &badge)
}

// refuseBadge keeps that a badge was held to a reader which must not work.
func refuseBadge(tx Tx, badge Badge, now Moment) error {
	badge.Refused++
	told := now.At.Sub(badge.LastRefused) < refusalsTold
	if !told {
		badge.LastRefused = now.At
	}
	if err := tx.PutBadge(badge); err != nil || told {
		return err
	}
	return appendAll(tx, badgeEvent(BadgeRefused, badge, System, now))
}
