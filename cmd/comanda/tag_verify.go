package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

type tagVerify struct {
	tagReader
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is what kong adds to the command's own line.
func (tagVerify) Help() string {
	return `Reads a tag as a phone does, compares it with the register, and lets an NTAG 424 DNA prove its keys. Nothing on the tag and
nothing in the register changes; the tag itself counts the reading, so the owner's list may show one more missed tap.

It ends with 0 when the tag is in use and all right, with 1 otherwise.`
}

// tagVerdict is all that was found out about a tag. A question that does not apply to it is nil.
type tagVerdict struct {
	UID     string        `json:"uid"`
	Chip    nfc.TagKind   `json:"chip"`
	Table   string        `json:"table,omitempty"`
	State   string        `json:"state"`
	Ours    bool          `json:"ours"`              // the address is of this house
	Genuine *bool         `json:"genuine,omitempty"` // the maker signed the number
	Proved  *bool         `json:"proved,omitempty"`  // it answered a challenge with the house's keys
	Valid   *bool         `json:"valid,omitempty"`   // its message is genuine and new
	Counter *uint32       `json:"counter,omitempty"`
	Problem string        `json:"problem,omitempty"`
	tag     *api.OwnerTag // nil when nobody knows it
}

// Run implements the command.
func (c tagVerify) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	tags, err := house.Tags(p.ctx)
	if err != nil {
		return err
	}
	var v tagVerdict
	err = c.withTag(p, "Hold a tag to the reader…", func(ctx context.Context, card nfc.Card) error {
		v, err = c.look(ctx, card, house, tags)
		return err
	})
	if err != nil {
		return explained("verify the tag", err)
	}
	if c.JSON {
		err = json.NewEncoder(p.stdout).Encode(v)
	} else {
		v.print(p)
	}
	if err == nil && v.Problem != "" {
		err = errors.New(v.Problem)
	}
	return err
}

func (c tagVerify) look(ctx context.Context, card nfc.Card, house *house, tags []api.OwnerTag) (tagVerdict, error) {
	content, err := nfc.ReadTag(ctx, card)
	if err != nil && !errors.Is(err, ndef.ErrMalformed) {
		return tagVerdict{}, err
	}
	v := tagVerdict{UID: strings.ToUpper(hex.EncodeToString(content.UID)), Chip: content.Kind, State: "unknown"}
	for i, t := range tags {
		if t.Tag.UID == v.UID {
			v.tag, v.Table, v.State = &tags[i], t.Table.Name, tagState(t.Tag)
		}
	}
	word, ours := appliance.TokenIn(strings.TrimRight(house.settings.Server.BaseURL, "/"), content.URI)
	v.Ours = ours
	if content.Kind == nfc.NTAG424 {
		if err := v.prove(ctx, card, house, word); err != nil {
			return v, err
		}
	} else if v.tag != nil && v.tag.Tag.Chip != "" {
		v.Genuine = &v.tag.Tag.Genuine // as it was found when the tag was set up
	}
	v.judge(content)
	return v, nil
}

// prove asks the chip itself.
func (v *tagVerdict) prove(ctx context.Context, card nfc.Card, house *house, word string) error {
	id, err := ntag424.Identify(ctx, card)
	if err != nil {
		return err
	}
	v.Genuine = &id.Genuine
	keys, err := appliance.ReadTagKeys(appliance.TagSecretPath(house.settings))
	if errors.Is(err, appliance.ErrNoTagKeys) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = ntag424.Prove(ctx, card, keys.Ring)
	if err != nil && !errors.Is(err, ntag424.ErrForeign) && !errors.Is(err, ntag424.ErrNoKeys) {
		return err
	}
	v.Proved = new(err == nil)
	message, err := keys.Ring.Verify(word)
	valid := err == nil && message.UID == id.UID
	if valid {
		v.Counter = new(message.Counter)
		if v.tag != nil {
			valid = message.After(sun.Mark{Version: v.tag.Tag.KeyVersion, Counter: v.tag.Tag.Counter})
		}
	}
	v.Valid = &valid
	return nil
}

// judge names the first thing that is wrong.
func (v *tagVerdict) judge(content nfc.TagContent) {
	no := func(answer *bool) bool { return answer != nil && !*answer }
	switch {
	case content.RandomUID:
		v.Problem = "this is a phone, or a card that hides its number"
	case v.tag == nil:
		v.Problem = "this tag is not in the register"
	case v.tag.Tag.Retired:
		v.Problem = "this tag is not in use: " + v.State
	case v.tag.Tag.Kind != edge.TagTable:
		// A puck or card needs no content.
	case no(v.Proved):
		v.Problem = "this tag does not carry the house's keys"
	case no(v.Valid):
		v.Problem = "the tag's message is not valid"
	case v.tag.Tag.Signs && v.Chip != nfc.NTAG424:
		v.Problem = "this is not the chip that was set up"
	case !v.Ours:
		v.Problem = "the address on the tag is not one of this house"
	}
}

func (v *tagVerdict) print(p *program) {
	fmt.Fprintf(p.stdout, "number   %s\nchip     %s\ntable    %s\nstate    %s\n", v.UID, v.Chip, orDash(v.Table), v.State)
	answer := func(name string, a *bool) {
		if a != nil {
			fmt.Fprintf(p.stdout, "%-8s %s\n", name, map[bool]string{true: "yes", false: "NO"}[*a])
		}
	}
	answer("genuine", v.Genuine)
	answer("keys", v.Proved)
	answer("message", v.Valid)
	if v.Counter != nil {
		fmt.Fprintf(p.stdout, "counter  %d", *v.Counter)
		if v.tag != nil {
			fmt.Fprintf(p.stdout, ", %d was the last that counted", v.tag.Tag.Counter)
		}
		fmt.Fprintln(p.stdout)
	}
}
