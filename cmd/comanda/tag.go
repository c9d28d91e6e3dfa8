package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/all"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
)

type tagCommands struct {
	Provision tagProvision `cmd:"" help:"Set up the tags of tables, one after the other, so that nobody else can change them."`
	List      tagList      `cmd:"" help:"Print all tags, what they did and what became of them."`
	Verify    tagVerify    `cmd:"" help:"Check a tag: whose it is, whether it is genuine, and whether its message is valid."`
	Move      tagMove      `cmd:"" help:"Make a tag speak for another table."`
	Retire    tagRetire    `cmd:"" help:"Take a tag out of use: it was replaced, broken or lost."`
	Found     tagFound     `cmd:"" help:"Bring back a tag that was lost, replaced or retired."`
	Read      tagRead      `cmd:"" help:"Print what is on a tag."`
	Write     tagWrite     `cmd:"" help:"Write a table's address to a tag without protecting it."`
}

// tagReader is what both commands need to find a tag.
type tagReader struct {
	Reader string        `help:"Use only the reader whose name begins so." placeholder:"NAME"`
	Wait   time.Duration `help:"How long to wait for a tag." default:"30s"`
}

// withTag waits for a tag and hands it to work, while the daemon leaves the readers alone.
func (r tagReader) withTag(p *program, prompt string, work func(context.Context, nfc.Card) error) (err error) {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	if release, err := appliance.HoldBench(settings); err == nil {
		defer func() { err = errors.Join(err, release()) }()
	} else if !errors.Is(err, appliance.ErrNoDataFolder) {
		return err
	}
	driver := settings.Readers.Driver
	if driver == "none" {
		driver = "pcsc"
	}
	backend, err := all.OpenReaders(driver, logger(settings.Log, p.stderr))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(p.ctx, r.Wait)
	defer cancel()
	fmt.Fprintln(p.stderr, prompt)
	err = nfc.WithTag(ctx, nfc.Options{Backend: backend, Reader: r.Reader}, work)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no tag came within %s", r.Wait)
	}
	return err
}

type tagRead struct {
	tagReader
	JSON bool `help:"Print JSON." name:"json"`
}

// Run implements the command.
func (c tagRead) Run(p *program) error {
	var content nfc.TagContent
	err := c.withTag(p, "Hold a tag to the reader…", func(ctx context.Context, card nfc.Card) error {
		var err error
		content, err = nfc.ReadTag(ctx, card)
		return err
	})
	if err != nil && !errors.Is(err, ndef.ErrMalformed) {
		return err
	}
	return errors.Join(c.print(p, content), err)
}

func (c tagRead) print(p *program, content nfc.TagContent) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	_, ours := appliance.TokenIn(strings.TrimRight(settings.Server.BaseURL, "/"), content.URI)
	uid := strings.ToUpper(hex.EncodeToString(content.UID))
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(struct {
			UID      string      `json:"uid"`
			Random   bool        `json:"random_uid"`
			Kind     nfc.TagKind `json:"kind"`
			ReadOnly bool        `json:"read_only"`
			Capacity int         `json:"capacity"`
			URI      string      `json:"uri"`
			Ours     bool        `json:"ours"`
			Records  int         `json:"records"`
		}{uid, content.RandomUID, content.Kind, content.ReadOnly, content.Capacity, content.URI, ours, len(content.Message)})
	}
	fmt.Fprintf(p.stdout, "number    %s", uid)
	if content.RandomUID {
		fmt.Fprint(p.stdout, "  (changes at every tap: a phone, or a card that hides its own)")
	}
	fmt.Fprintf(p.stdout, "\nkind      %s\n", content.Kind)
	if !content.NDEF {
		fmt.Fprintln(p.stdout, "content   not prepared for phones")
		return nil
	}
	fmt.Fprintf(p.stdout, "room      %d bytes", content.Capacity)
	if content.ReadOnly {
		fmt.Fprint(p.stdout, ", cannot be changed")
	}
	fmt.Fprintln(p.stdout)
	if len(content.Message) == 0 {
		fmt.Fprintln(p.stdout, "content   empty")
	}
	for i, record := range content.Message {
		fmt.Fprintf(p.stdout, "record %d  %s\n", i+1, describe(record))
	}
	if content.URI != "" && !ours {
		fmt.Fprintf(p.stdout, "The address is not one of %s.\n", settings.Server.BaseURL)
	}
	return nil
}

// describe says in one line what a record holds. Foreign bytes are quoted, so that they cannot move the cursor.
func describe(record ndef.Record) string {
	if uri, err := record.URI(); err == nil {
		return "address " + uri
	}
	if poster, err := record.SmartPoster(); err == nil {
		return "poster with address " + poster.URI
	}
	if text, err := record.Text(); err == nil {
		return fmt.Sprintf("text in %s: %q", text.Language, text.Text)
	}
	const shown = 32
	payload := record.Payload[:min(len(record.Payload), shown)]
	return fmt.Sprintf("type %q, %d bytes: %x", record.Type, len(record.Payload), payload)
}

type tagWrite struct {
	tagReader
	Table string `help:"The table, by its name." required:"" placeholder:"NAME"`
}

// Run implements the command.
func (c tagWrite) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	table, err := house.table(p, c.Table)
	if err != nil {
		return err
	}
	token, err := house.tagToken(p.ctx, table)
	if err != nil {
		return err
	}
	var report type2.Report
	err = c.withTag(p, fmt.Sprintf("Hold the tag for table %s to the reader and keep it still…", table.Table.Name),
		func(ctx context.Context, card nfc.Card) error {
			report, err = type2.WriteURI(ctx, card, token.URL)
			return err
		})
	if err != nil {
		return fmt.Errorf("write the tag for table %s: %w", table.Table.Name, err)
	}
	uid := strings.ToUpper(hex.EncodeToString(report.UID))
	if err := house.EnrolTag(p.ctx, api.TagBody{UID: uid, TableID: table.Table.ID, Kind: edge.TagTable, Token: token.Token}); err != nil {
		return fmt.Errorf("the tag is written, but the device could not note it; hold it to the reader again: %w", err)
	}
	fmt.Fprintf(p.stdout, "table %s: %s holds %s (%d of %d bytes), read back after a power cycle\n", table.Table.Name, uid,
		report.URI, report.Size, report.Capacity)
	return nil
}

// tagToken is the token the table's tags hold; a table without one gets it.
func (h *house) tagToken(ctx context.Context, table api.OwnerTable) (api.OwnerToken, error) {
	for _, token := range table.Tokens {
		if token.Medium == edge.MediumNFC {
			return token, nil
		}
	}
	return h.IssueToken(ctx, table.Table.ID, edge.MediumNFC)
}
