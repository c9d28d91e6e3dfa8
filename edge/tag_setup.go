package edge

import (
	"context"
	"fmt"
)

// TagWish is a tag that lies at a reader and shall speak for a table.
type TagWish struct {
	UID     string
	TableID ID
	// Signs says that its chip can sign its taps; then it needs no token.
	Signs bool
	// Move agrees that the tag is taken from the table it speaks for now.
	Move bool
	// Word is a new unguessable token, used when the table has none to spare.
	Word string
}

// TagPlan is what the tag is to become, decided before anything is written to it.
type TagPlan struct {
	Table Table
	// Word is the token to write; empty for a tag that signs.
	Word string
	// Version is the lowest version of keys that the tag may get; 0 leaves it open.
	Version byte
	// From names the table it is taken from, or is empty.
	From string
}

// PlanTag decides what becomes of a tag before it is written. A tag that speaks for another table is refused
// (tag_elsewhere) unless the wish agrees. The token of the plan is kept for the table at once, and given again when the
// writing was cut short: a written tag is never unknown.
func (f *Floor) PlanTag(ctx context.Context, actor Actor, wish TagWish) (TagPlan, error) {
	if err := checkUID(wish.UID); err != nil {
		return TagPlan{}, err
	}
	if !wish.Signs && !tokenWord.MatchString(wish.Word) {
		return TagPlan{}, invalid("token", "token_invalid", "A token is 16–64 of A–Z, a–z, 0–9, - and _.")
	}
	var plan TagPlan
	err := f.store.Write(ctx, func(tx Tx) error {
		plan = TagPlan{}
		if err := notABadge(tx, wish.UID); err != nil {
			return err
		}
		tag, err := knownTag(tx, wish.UID)
		if err != nil {
			return err
		}
		if plan.Table, err = tx.Table(wish.TableID); err != nil {
			return err
		}
		if plan.Table.Retired {
			return Refuse(KindConflict, "table_retired", "This table is not in use any more.")
		}
		if plan.From, err = f.comesFrom(tx, &tag, wish); err != nil {
			return err
		}
		if plan.Version, err = tag.nextVersion(); err != nil || wish.Signs {
			return err
		}
		plan.Word, err = spareToken(tx, &tag, wish, actor, f.now())
		return err
	})
	return plan, err
}

// comesFrom names the table that a tag in use speaks for, when it is another one than is wished.
func (f *Floor) comesFrom(view View, tag *Tag, wish TagWish) (string, error) {
	if tag.TableID == "" || tag.Retired {
		return "", nil
	}
	if tag.Kind != TagTable {
		return "", Refuse(KindConflict, "tag_other_kind", "This is a puck or a card of the house, not a table's tag.")
	}
	if tag.TableID == wish.TableID {
		return "", nil
	}
	table, err := view.Table(tag.TableID)
	if err != nil {
		return "", err
	}
	if !wish.Move && !table.Retired {
		return "", Refuse(KindConflict, "tag_elsewhere", "This tag belongs to table %s.", table.Name)
	}
	return table.Name, nil
}

// nextVersion is the lowest version of keys that a tag may get now.
func (t *Tag) nextVersion() (byte, error) {
	if !t.Erased {
		return t.KeyVersion, nil
	}
	if t.KeyVersion == 0xFF {
		return 0, Refuse(KindConflict, "tag_used_up", "This tag was set up so often that it has no new keys left. Take another one.")
	}
	return t.KeyVersion + 1, nil
}

// spareToken finds the token that the tag carries already, or one of the table that no tag carries, or makes one.
func spareToken(tx Tx, tag *Tag, wish TagWish, actor Actor, now Moment) (string, error) {
	tokens, err := tx.Tokens(wish.TableID)
	if err != nil {
		return "", err
	}
	tags, err := tx.Tags()
	if err != nil {
		return "", err
	}
	carried := map[string]bool{}
	for _, t := range tags {
		carried[t.Token] = t.UID != tag.UID || carried[t.Token]
	}
	spare := ""
	for _, t := range tokens {
		if t.Medium != MediumNFC || t.Retired || carried[t.Token] {
			continue
		}
		if spare = t.Token; spare == tag.Token {
			break
		}
	}
	if spare != "" {
		return spare, nil
	}
	token := Token{Token: wish.Word, TableID: wish.TableID, Medium: MediumNFC, Issued: now.At}
	if err := tx.PutToken(token); err != nil {
		return "", err
	}
	return token.Token, appendAll(tx, newEvent(TokenIssued, wish.TableID, actor, now, tokenBody{Medium: MediumNFC}, &token))
}

// TagResult is what became of a tag at a reader.
type TagResult struct {
	UID     string
	TableID ID
	// Word is the token that it carries; empty for a tag that signs.
	Word string
	// Chip, Genuine, Protected, Signs and Keys are as in Tag. Version and Counter are how far it has counted.
	Chip                      string
	Genuine, Protected, Signs bool
	Keys                      string
	Version                   byte
	Counter                   uint32
	// Replace retires the other tags of the table.
	Replace bool
}

// ProvisionTag notes that a tag was set up for a table and that what it gives was checked. Messages it gave before are
// void from now on.
func (f *Floor) ProvisionTag(ctx context.Context, actor Actor, result TagResult) (Tag, error) {
	if err := checkUID(result.UID); err != nil {
		return Tag{}, err
	}
	var tag Tag
	err := f.store.Write(ctx, func(tx Tx) (err error) {
		if tag, err = knownTag(tx, result.UID); err != nil {
			return err
		}
		if err := result.check(tx); err != nil {
			return err
		}
		return f.provision(tx, &tag, result, actor)
	})
	return tag, err
}

// check refuses a result whose token is not one of its table's.
func (r *TagResult) check(view View) error {
	if _, err := tableInUse(view, r.TableID); err != nil {
		return err
	}
	if r.Signs == (r.Word != "") {
		return invalid("token", "token_invalid", "A tag carries a token, or signs its taps.")
	}
	if r.Signs {
		return nil
	}
	token, err := view.Token(r.Word)
	if err != nil {
		return fmt.Errorf("look up the tag's token: %w", err)
	}
	if token.Retired || token.TableID != r.TableID {
		return Refuse(KindConflict, "token_other", "This code is not one of that table.")
	}
	return nil
}

func (f *Floor) provision(tx Tx, tag *Tag, r TagResult, actor Actor) error {
	now := f.now()
	kind, from, former := TagProvisioned, "", tag.Token
	if tag.TableID != "" && !tag.Retired && tag.TableID != r.TableID {
		table, err := tx.Table(tag.TableID)
		if err != nil {
			return err
		}
		kind, from = TagMoved, table.Name
	}
	tag.alive()
	tag.TableID, tag.Kind, tag.Token, tag.Enrolled = r.TableID, TagTable, r.Word, now.At
	tag.Chip, tag.Genuine, tag.Protected, tag.Signs, tag.Keys = r.Chip, r.Genuine, r.Protected, r.Signs, r.Keys
	tag.reach(SignedTap{Version: r.Version, Counter: r.Counter})
	if err := putTag(tx, kind, tag, from, actor, now); err != nil {
		return err
	}
	if former != "" && former != r.Word {
		if err := dropToken(tx, former, actor, now); err != nil {
			return err
		}
	}
	if !r.Replace {
		return nil
	}
	return replaceOthers(tx, tag, actor, now)
}

// reach raises how far a tag has counted, never lowers it.
func (t *Tag) reach(mark SignedTap) {
	if mark.after(t) {
		t.KeyVersion, t.Counter, t.LastAttempt, t.LastGuest = mark.Version, mark.Counter, "", ""
	}
}

func replaceOthers(tx Tx, by *Tag, actor Actor, now Moment) error {
	tags, err := tx.Tags()
	if err != nil {
		return err
	}
	for _, t := range tags {
		if t.TableID != by.TableID || t.UID == by.UID || t.Retired || t.Kind != TagTable {
			continue
		}
		t.Replaced = by.UID
		if err := discard(tx, TagReplaced, &t, by.UID, actor, now); err != nil {
			return err
		}
	}
	return nil
}

// TagReached notes how far a tag has counted although setting it up did not end well. A tag that nobody knows needs no
// note: its messages open nothing.
func (f *Floor) TagReached(ctx context.Context, mark SignedTap) error {
	return f.store.Write(ctx, func(tx Tx) error {
		tag, err := tx.Tag(mark.UID)
		if known, err := found(err); !known {
			return err
		}
		tag.reach(mark)
		return tx.PutTag(tag)
	})
}

// OpenByTap opens or joins the session of the table whose tag was held to the device's own reader and gave a word. The
// tap counts as a guest's does, and proves as much: a card that only pretends to be the tag knows no new word.
func (f *Floor) OpenByTap(ctx context.Context, word, uid string, actor Actor) (Table, error) {
	tap := f.tapped(word, "")
	if !tap.signed || tap.refusal != nil || tap.UID != uid {
		return Table{}, errTapInvalid
	}
	var (
		table   Table
		refused error
	)
	err := f.store.Write(ctx, func(tx Tx) error {
		refused = nil
		now := f.now()
		tag, t, err := tap.tagOf(tx)
		if err != nil {
			return err
		}
		table = t
		if _, err := tap.accept(tx, &tag, now); CodeOf(err) == "tap_replayed" {
			refused = err
			return noteReplay(tx, tag, now)
		} else if err != nil {
			return err
		}
		_, _, err = f.session(tx, table, PresenceProven, actor, now)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Table{}, err
	}
	return table, nil
}
