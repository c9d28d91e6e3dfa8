package appliance

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
)

// TagDesk is where tags are planned and entered: the rules of this device, or a running device's API.
type TagDesk interface {
	PlanTag(ctx context.Context, wish api.TagWish) (api.TagPlan, error)
	TagDone(ctx context.Context, done api.TagDone) (edge.Tag, error)
	TagReached(ctx context.Context, mark api.TagMark) error
}

// TagWork is what is to be done with one tag.
type TagWork struct {
	Desk  TagDesk
	Keys  func() (*TagKeys, error)
	Table edge.ID
	// Replace retires the other tags of the table; Move agrees that the tag is taken from another one.
	Replace, Move bool
	// Unprotected accepts tags without a password, Copies chips without their maker's signature.
	Unprotected, Copies bool
}

// TagOutcome is a tag that was set up, read back as a phone does, and entered.
type TagOutcome struct {
	Tag edge.Tag
	// From names the table it was taken from, or is empty.
	From string
	// Table is the table's name.
	Table string
	// URL is what a phone was given last. Of a tag that signs it is used up.
	URL string
}

// tagUID is a tag's number as the register has it.
func tagUID(uid []byte) string { return strings.ToUpper(hex.EncodeToString(uid)) }

// Do sets the tag at a reader up for a table. It may be repeated, with the same tag, after any error.
func (w TagWork) Do(ctx context.Context, card nfc.Card) (TagOutcome, error) {
	uid, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return TagOutcome{}, err
	}
	if apdu.RandomUID(uid) {
		return TagOutcome{}, errPhone
	}
	switch apdu.Classify(card.ATR()) {
	case apdu.FamilyType2:
		return w.address(ctx, card, uid)
	case apdu.FamilyProcessor, apdu.FamilyUnknown:
		return w.signing(ctx, card, uid)
	case apdu.FamilyClassic, apdu.FamilyStorage:
		return TagOutcome{}, errUnsupported
	default:
		return TagOutcome{}, errUnsupported
	}
}

// plan asks the desk, and makes sure that it means the same keys.
func (w TagWork) plan(ctx context.Context, uid []byte, signs bool) (api.TagPlan, *TagKeys, error) {
	plan, err := w.Desk.PlanTag(ctx, api.TagWish{UID: tagUID(uid), TableID: w.Table, Signs: signs, Move: w.Move})
	if err != nil {
		return plan, nil, err
	}
	keys, err := w.Keys()
	if err == nil && keys.Check() != plan.Keys {
		err = errOtherKeys
	}
	return plan, keys, err
}

// signing sets up an NTAG 424 DNA. Whatever happens, how far it has counted is kept.
func (w TagWork) signing(ctx context.Context, card nfc.Card, uid []byte) (TagOutcome, error) {
	if _, err := ntag424.Identify(ctx, card); err != nil {
		return TagOutcome{}, err
	}
	plan, keys, err := w.plan(ctx, uid, true)
	if err != nil {
		return TagOutcome{}, err
	}
	report, err := ntag424.Provision(ctx, card, ntag424.Plan{
		Prefix: plan.Prefix, Keys: keys.Ring, Version: max(plan.Version, keys.Ring.Newest()), Copies: w.Copies,
	})
	if err != nil {
		return TagOutcome{}, errors.Join(err, w.reached(ctx, report))
	}
	done := api.TagDone{
		UID: report.UID.String(), TableID: w.Table, Chip: string(nfc.NTAG424), Genuine: report.Genuine, Protected: true, Signs: true,
		Keys: keys.Check(), Version: report.Mark.Version, Counter: report.Mark.Counter, Replace: w.Replace,
	}
	return w.enter(ctx, done, plan, report.URL)
}

// desk bounds what must be noted even though the tag, or the person, has left.
const deskLimit = 5 * time.Second

func (w TagWork) reached(ctx context.Context, report ntag424.Report) error {
	if report.Mark == (sun.Mark{}) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deskLimit)
	defer cancel()
	mark := api.TagMark{UID: report.UID.String(), Version: report.Mark.Version, Counter: report.Mark.Counter}
	if err := w.Desk.TagReached(ctx, mark); err != nil {
		return fmt.Errorf("note how far the tag has counted: %w", err)
	}
	return nil
}

// address sets up an NTAG21x: it carries a token and is behind a password of its own.
func (w TagWork) address(ctx context.Context, card nfc.Card, uid []byte) (TagOutcome, error) {
	plan, keys, err := w.plan(ctx, uid, false)
	if err != nil {
		return TagOutcome{}, err
	}
	url := plan.Prefix + plan.Word
	report, err := type2.Protect(ctx, card, type2.Plan{URI: url, Key: keys.Password, Former: keys.Former})
	if w.Unprotected && errors.Is(err, type2.ErrNoPassword) {
		report, err = type2.WriteURI(ctx, card, url)
	}
	if err != nil {
		return TagOutcome{}, err
	}
	done := api.TagDone{
		UID: tagUID(report.UID), TableID: w.Table, Word: plan.Word, Chip: strings.ToLower(report.Chip), Genuine: report.Genuine,
		Protected: report.Protected, Replace: w.Replace,
	}
	if report.Protected {
		done.Keys = keys.Check()
	}
	return w.enter(ctx, done, plan, report.URI)
}

// enter notes what was done. The tag may be gone by now, and whoever waits may be, too.
func (w TagWork) enter(ctx context.Context, done api.TagDone, plan api.TagPlan, url string) (TagOutcome, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deskLimit)
	defer cancel()
	tag, err := w.Desk.TagDone(ctx, done)
	if err != nil {
		return TagOutcome{}, fmt.Errorf("the tag is written but the device could not note it: %w", err)
	}
	return TagOutcome{Tag: tag, From: plan.From, Table: plan.Table.Name, URL: url}, nil
}
