package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
)

// explained says what went wrong with a tag and what to do.
func explained(what string, err error) error {
	trouble := appliance.ExplainTag(asRule(err))
	if trouble.Code == "other" {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %s %s", what, trouble.Text, trouble.Advice)
}

// tagChoice is a tag: by its number, or the one that is held to the reader.
type tagChoice struct {
	tagReader
	UID string `name:"uid" help:"The tag's number, as comanda tag list shows it; without it, hold the tag to the reader." placeholder:"HEX"`
}

// number gives the chosen tag's number.
func (c tagChoice) number(p *program) (string, error) {
	if c.UID != "" {
		return strings.ToUpper(strings.NewReplacer(":", "", " ", "").Replace(c.UID)), nil
	}
	var uid []byte
	err := c.withTag(p, "Hold the tag to the reader…", func(ctx context.Context, card nfc.Card) (err error) {
		uid, err = apdu.ReadUID(ctx, card)
		return err
	})
	return strings.ToUpper(hex.EncodeToString(uid)), err
}

// known finds a tag in the register.
func (h *house) known(ctx context.Context, uid string) (api.OwnerTag, error) {
	tags, err := h.Tags(ctx)
	for _, t := range tags {
		if t.Tag.UID == uid {
			return t, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("nobody knows a tag %s; comanda tag list --all shows those that are known", uid)
	}
	return api.OwnerTag{}, err
}

type tagMove struct {
	Table string `arg:"" help:"Where the tag goes, by the table's name."`
	tagChoice
}

// Help is what kong adds to the command's own line.
func (tagMove) Help() string {
	return `An NTAG 424 DNA does not carry its table: moving it is a note in the register, for which --uid is enough. Other tags carry
the address of their table and are written anew at the reader.`
}

// Run implements the command.
func (c tagMove) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	table, err := house.table(p, c.Table)
	if err != nil {
		return err
	}
	uid, err := c.number(p)
	if err != nil {
		return explained("move the tag", err)
	}
	tag, err := house.known(p.ctx, uid)
	if err != nil {
		return err
	}
	_, err = house.MoveTag(p.ctx, uid, table.Table.ID)
	if asRule(err) != nil && edge.CodeOf(asRule(err)) == "tag_rewrite" && c.UID == "" {
		err = c.rewrite(p, house, uid, table.Table)
	}
	if err != nil {
		return explained("move the tag", err)
	}
	fmt.Fprintf(p.stdout, "%s: from table %s to table %s\n", uid, tag.Table.Name, table.Table.Name)
	return nil
}

// rewrite writes the other table's address to the tag that is still at the reader.
func (c tagMove) rewrite(p *program, house *house, uid string, table edge.Table) error {
	return c.withTag(p, "Keep the tag at the reader…", func(ctx context.Context, card nfc.Card) error {
		if now, err := apdu.ReadUID(ctx, card); err != nil || strings.ToUpper(hex.EncodeToString(now)) != uid {
			return errors.Join(nfc.ErrCardSwapped, err)
		}
		work := appliance.TagWork{
			Desk: apiDesk{house.Owner}, Table: table.ID, Move: true,
			Keys: func() (*appliance.TagKeys, error) {
				return appliance.ReadTagKeys(appliance.TagSecretPath(house.settings))
			},
		}
		_, err := work.Do(ctx, card)
		return err
	})
}

type tagRetire struct {
	tagChoice
	Lost  bool `help:"It is not where it should be; comanda tag found brings it back." xor:"how"`
	Erase bool `help:"Also take keys, password and protection off the tag at the reader, so that it can be used elsewhere." xor:"how"`
}

// Run implements the command.
func (c tagRetire) Run(p *program) (err error) {
	if c.Erase && c.UID != "" {
		return usage{errors.New("to be erased, a tag has to be held to the reader: leave --uid out")}
	}
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	uid, err := c.number(p)
	if err != nil {
		return explained("retire the tag", err)
	}
	tag, err := house.known(p.ctx, uid)
	if err != nil {
		return err
	}
	did := "retired"
	switch {
	case c.Lost:
		did = "lost"
		_, err = house.LoseTag(p.ctx, uid)
	case c.Erase:
		did = "erased"
		err = c.erase(p, house, tag.Tag)
	default:
		err = house.RetireTag(p.ctx, uid)
	}
	if err != nil {
		return explained("retire the tag", err)
	}
	fmt.Fprintf(p.stdout, "%s of table %s: %s\n", uid, tag.Table.Name, did)
	return nil
}

// erase takes a tag back to how it was delivered. It means nothing from before the first command on, however far that comes.
func (c tagRetire) erase(p *program, house *house, tag edge.Tag) error {
	keys, err := appliance.ReadTagKeys(appliance.TagSecretPath(house.settings))
	if err != nil {
		return err
	}
	if _, err := house.EraseTag(p.ctx, tag.UID, tag.KeyVersion); err != nil {
		return err
	}
	return c.withTag(p, "Keep the tag at the reader…", func(ctx context.Context, card nfc.Card) error {
		if now, err := apdu.ReadUID(ctx, card); err != nil || strings.ToUpper(hex.EncodeToString(now)) != tag.UID {
			return errors.Join(nfc.ErrCardSwapped, err)
		}
		if apdu.Classify(card.ATR()) == apdu.FamilyType2 {
			_, err := type2.Unprotect(ctx, card, type2.Plan{Key: keys.Password, Former: keys.Former})
			return err
		}
		report, err := ntag424.Retire(ctx, card, keys.Ring)
		_, noted := house.EraseTag(detached(ctx), tag.UID, report.Mark.Version)
		return errors.Join(err, noted)
	})
}

type tagFound struct{ tagChoice }

// Run implements the command.
func (c tagFound) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	uid, err := c.number(p)
	if err != nil {
		return explained("bring the tag back", err)
	}
	tag, err := house.known(p.ctx, uid)
	if err != nil {
		return err
	}
	if _, err := house.FindTag(p.ctx, uid); err != nil {
		return explained("bring the tag back", err)
	}
	fmt.Fprintf(p.stdout, "%s speaks for table %s again\n", uid, tag.Table.Name)
	return nil
}
