package edge

import (
	"context"
	"strings"
)

// BadgeWish is a card that lies at a reader and shall stand for somebody, or for a room.
type BadgeWish struct {
	UID    string
	Person ID     // or
	Room   string // of the hotel
	// Move agrees that the card is taken from whom it belongs to now.
	Move bool
}

// BadgePlan is what is known of a card before anything is written to it.
type BadgePlan struct {
	Person Person // empty for a room
	Room   string
	// Version is the lowest version of keys that it may get; 0 leaves it open.
	Version byte
}

// PlanBadge decides whether a card may become the badge that is wished, before anything is written to it. Phones, cards
// of tables and badges of others are refused.
func (f *Floor) PlanBadge(ctx context.Context, wish BadgeWish) (BadgePlan, error) {
	var plan BadgePlan
	err := f.store.Read(ctx, func(view View) error {
		badge, err := f.wished(view, &wish)
		if err != nil {
			return err
		}
		plan = BadgePlan{Room: wish.Room, Version: badge.KeyVersion}
		tag, err := knownTag(view, wish.UID) // a table's once
		if err != nil {
			return err
		}
		version, err := tag.nextVersion()
		if err != nil {
			return err
		}
		plan.Version = max(plan.Version, version)
		if wish.Person != "" {
			plan.Person, err = workingPerson(view, wish.Person)
		}
		return err
	})
	return plan, err
}

// wished checks a wish and loads the card as it is known, empty when nobody has heard of it.
func (f *Floor) wished(view View, wish *BadgeWish) (Badge, error) {
	if err := checkUID(wish.UID); err != nil {
		return Badge{}, err
	}
	wish.Room = strings.TrimSpace(wish.Room)
	if (wish.Person == "") == (wish.Room == "") {
		return Badge{}, invalid("person_id", "badge_whose", "A badge belongs to a person or to a room, one of the two.")
	}
	if wish.Room != "" && !roomName.MatchString(wish.Room) {
		return Badge{}, invalid("room", "room_invalid", "A room is a short name or number, such as 204 or A-12.")
	}
	tag, err := view.Tag(wish.UID)
	if ok, err := found(err); err != nil {
		return Badge{}, err
	} else if ok && !tag.Retired {
		return Badge{}, Refuse(KindConflict, "badge_is_tag", "This is a tag or puck of a table, not a badge.")
	}
	badge, err := view.Badge(wish.UID)
	ok, err := found(err)
	if err != nil {
		return Badge{}, err
	}
	if !ok {
		return Badge{UID: wish.UID}, nil
	}
	return badge, badge.mayBecome(view, *wish)
}

// mayBecome refuses a card in use that belongs to somebody else.
func (b *Badge) mayBecome(view View, wish BadgeWish) error {
	if b.State != BadgeActive || wish.Move || (b.Person == wish.Person && b.Room == wish.Room) {
		return nil
	}
	if b.Kind == BadgeRoom {
		return Refuse(KindConflict, "badge_taken", "This is the key card of room %s.", b.Room)
	}
	person, err := view.Person(b.Person)
	if err != nil {
		return err
	}
	return Refuse(KindConflict, "badge_taken", "This badge belongs to %s.", person.Name)
}

// BadgeResult is what became of a card at a reader.
type BadgeResult struct {
	BadgeWish
	Signed     bool
	KeyVersion byte
	Chip       string
}

// EnrolBadge makes a card the badge of somebody, or of a room.
func (f *Floor) EnrolBadge(ctx context.Context, actor Actor, result BadgeResult) (Badge, error) {
	var badge Badge
	err := f.store.Write(ctx, func(tx Tx) (err error) {
		if badge, err = f.wished(tx, &result.BadgeWish); err != nil {
			return err
		}
		now := f.now()
		badge.Kind, badge.Person, badge.Room = BadgeStaff, result.Person, result.Room
		if result.Room != "" {
			badge.Kind = BadgeRoom
		} else if _, err := workingPerson(tx, result.Person); err != nil {
			return err
		}
		badge.Signed, badge.Chip, badge.Approves = result.Signed, result.Chip, false
		badge.KeyVersion = max(badge.KeyVersion, result.KeyVersion)
		badge.State, badge.Enrolled = BadgeActive, now.At
		return putBadge(tx, BadgeEnrolled, &badge, actor, now)
	})
	return badge, err
}

// BadgeChange says what is to be different; nil leaves it as it is.
type BadgeChange struct {
	State    *BadgeState `json:"state,omitempty" doc:"Lost and retired ones mean nothing until they are active again"`
	Approves *bool       `json:"approves,omitempty" doc:"Let a badge that does not prove itself approve all the same"`
}

// ChangeBadge takes a badge out of use, brings it back, or says whether it may approve.
func (f *Floor) ChangeBadge(ctx context.Context, actor Actor, uid string, change BadgeChange) (Badge, error) {
	var badge Badge
	err := f.store.Write(ctx, func(tx Tx) (err error) {
		if badge, err = tx.Badge(uid); err != nil {
			return err
		}
		now := f.now()
		if change.State != nil && *change.State != badge.State {
			kind, err := badge.turn(tx, *change.State)
			if err != nil {
				return err
			}
			if err := putBadge(tx, kind, &badge, actor, now); err != nil {
				return err
			}
		}
		if change.Approves == nil || *change.Approves == badge.Approves {
			return nil
		}
		badge.Approves = *change.Approves
		return putBadge(tx, BadgeChanged, &badge, actor, now)
	})
	return badge, err
}

func (b *Badge) turn(view View, to BadgeState) (EventKind, error) {
	kinds := map[BadgeState]EventKind{BadgeActive: BadgeFound, BadgeLost: BadgeLostNow, BadgeRetired: BadgeRetiredAt}
	kind, ok := kinds[to]
	if !ok {
		return "", invalid("state", "state_unknown", "A badge is active, lost or retired.")
	}
	if to == BadgeActive && b.Kind == BadgeStaff {
		if _, err := workingPerson(view, b.Person); err != nil {
			return "", err
		}
	}
	b.State = to
	return kind, nil
}

// notABadge refuses cards in use by people or for rooms as tags of tables.
func notABadge(view View, uid string) error {
	badge, err := view.Badge(uid)
	if ok, err := found(err); !ok || badge.State != BadgeActive {
		return err
	}
	return Refuse(KindConflict, "tag_is_badge", "This is a badge or a key card, not a tag for a table.")
}
