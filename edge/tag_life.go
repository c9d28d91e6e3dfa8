package edge

import (
	"context"
	"errors"
)

var (
	errTagRewrite = Refuse(KindConflict, "tag_rewrite",
		"This tag carries its table's address. Hold it to a reader and write it for the other table.")
	errTagErased = Refuse(KindConflict, "tag_erased", "This tag was erased. Set it up anew at a reader.")
)

// EnrolTag makes a puck, a card or a tag stand for a table. Enrolling it again moves it.
func (f *Floor) EnrolTag(ctx context.Context, actor Actor, tag Tag) error {
	return f.enrol(ctx, actor, TagEnrolled, tag)
}

// TagWritten notes that a table's token was written to a tag and read back.
func (f *Floor) TagWritten(ctx context.Context, actor Actor, tag Tag) error {
	return f.enrol(ctx, actor, TagWritten, tag)
}

// enrol keeps what is known of a tag but for what it stands for now. What it has counted is never forgotten.
func (f *Floor) enrol(ctx context.Context, actor Actor, kind EventKind, wish Tag) error {
	if err := checkUID(wish.UID); err != nil {
		return err
	}
	if wish.Kind != TagTable && wish.Kind != TagPuck && wish.Kind != TagCard {
		return invalid("kind", "kind_unknown", "A tag is a table's tag, a puck or a card.")
	}
	return f.store.Write(ctx, func(tx Tx) error {
		if err := notABadge(tx, wish.UID); err != nil {
			return err
		}
		tag, err := knownTag(tx, wish.UID)
		if err != nil {
			return err
		}
		now := f.now()
		if tag.Erased && tag.KeyVersion > 0 {
			// The keys it had are used up: if it is ever set up again it must not get them a second time.
			version, err := tag.nextVersion()
			if err != nil {
				return err
			}
			tag.KeyVersion, tag.Counter = version, 0
		}
		tag.TableID, tag.Kind, tag.Token, tag.Enrolled = wish.TableID, wish.Kind, wish.Token, now.At
		tag.alive()
		if kind == TagWritten {
			tag.Signs, tag.Protected = wish.Signs, wish.Protected
		}
		return putTag(tx, kind, &tag, "", actor, now)
	})
}

// alive takes back that the tag is out of use.
func (t *Tag) alive() { t.Retired, t.Lost, t.Replaced, t.Erased = false, false, "", false }

// MoveTag makes a tag stand for another table. A tag that carries its table's token has to be written anew instead.
func (f *Floor) MoveTag(ctx context.Context, actor Actor, uid string, table ID) (Tag, error) {
	return f.changeTag(ctx, uid, func(tx Tx, tag *Tag, now Moment) error {
		if tag.Retired {
			return errTagRetired
		}
		if tag.Token != "" {
			return errTagRewrite
		}
		to, err := tableInUse(tx, table)
		if err != nil {
			return err
		}
		from, err := tx.Table(tag.TableID)
		if err != nil || from.ID == to.ID {
			return err
		}
		tag.TableID = to.ID
		return putTag(tx, TagMoved, tag, from.Name, actor, now)
	})
}

// RetireTag makes a tag mean nothing any more, and the token it carries with it.
func (f *Floor) RetireTag(ctx context.Context, actor Actor, uid string) error {
	_, err := f.changeTag(ctx, uid, func(tx Tx, tag *Tag, now Moment) error {
		if tag.Retired {
			return nil
		}
		return discard(tx, TagRetired, tag, "", actor, now)
	})
	return err
}

// LoseTag retires a tag that is not where it should be. When it turns up, FindTag brings it back.
func (f *Floor) LoseTag(ctx context.Context, actor Actor, uid string) (Tag, error) {
	return f.changeTag(ctx, uid, func(tx Tx, tag *Tag, now Moment) error {
		if tag.Lost {
			return nil
		}
		tag.Lost = true
		return discard(tx, TagLost, tag, "", actor, now)
	})
}

// FindTag brings a tag back to its table that was lost, replaced or retired. One that was erased has to be set up anew.
func (f *Floor) FindTag(ctx context.Context, actor Actor, uid string) (Tag, error) {
	return f.changeTag(ctx, uid, func(tx Tx, tag *Tag, now Moment) error {
		if tag.Erased {
			return errTagErased
		}
		if !tag.Retired {
			return nil
		}
		if _, err := tableInUse(tx, tag.TableID); err != nil {
			return err
		}
		if err := reviveToken(tx, tag.Token, tag.TableID, actor, now); err != nil {
			return err
		}
		tag.alive()
		return putTag(tx, TagFound, tag, "", actor, now)
	})
}

// EraseTag notes that a tag's keys are about to be taken off it at a reader. From then on it means nothing, whether that
// succeeds or not, and when it is set up again it gets keys of a version above the given one.
func (f *Floor) EraseTag(ctx context.Context, actor Actor, uid string, version byte) (Tag, error) {
	return f.changeTag(ctx, uid, func(tx Tx, tag *Tag, now Moment) error {
		known := tag.Erased && version <= tag.KeyVersion
		if version > tag.KeyVersion {
			tag.KeyVersion, tag.Counter = version, 0
		}
		if known {
			return nil
		}
		tag.Erased = true
		return discard(tx, TagErased, tag, "", actor, now)
	})
}

func (f *Floor) changeTag(ctx context.Context, uid string, change func(Tx, *Tag, Moment) error) (Tag, error) {
	var tag Tag
	err := f.store.Write(ctx, func(tx Tx) (err error) {
		if tag, err = tx.Tag(uid); err != nil {
			return err
		}
		return change(tx, &tag, f.now())
	})
	return tag, err
}

// discard takes a tag out of use, together with its token unless another tag carries the same.
func discard(tx Tx, kind EventKind, tag *Tag, other string, actor Actor, now Moment) error {
	tag.Retired = true
	if err := putTag(tx, kind, tag, other, actor, now); err != nil || tag.Token == "" {
		return err
	}
	return dropToken(tx, tag.Token, actor, now)
}

// dropToken retires a token that no tag in use carries.
func dropToken(tx Tx, word string, actor Actor, now Moment) error {
	tags, err := tx.Tags()
	if err != nil {
		return err
	}
	for _, t := range tags {
		if t.Token == word && !t.Retired {
			return nil
		}
	}
	return setToken(tx, word, true, TokenRetired, actor, now)
}

// reviveToken makes the token of a tag valid again that comes back to its table.
func reviveToken(tx Tx, word string, table ID, actor Actor, now Moment) error {
	if word == "" {
		return nil
	}
	token, err := tx.Token(word)
	if err != nil {
		return err
	}
	if token.TableID != table {
		return errTagRewrite
	}
	return setToken(tx, word, false, TokenIssued, actor, now)
}

func setToken(tx Tx, word string, retired bool, kind EventKind, actor Actor, now Moment) error {
	token, err := tx.Token(word)
	if errors.Is(err, ErrNotFound) || (err == nil && token.Retired == retired) {
		return nil
	}
	if err != nil {
		return err
	}
	token.Retired = retired
	if err := tx.PutToken(token); err != nil {
		return err
	}
	return appendAll(tx, newEvent(kind, token.TableID, actor, now, tokenBody{Medium: token.Medium}, &token))
}
