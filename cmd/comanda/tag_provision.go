package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/all"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

type tagProvision struct {
	Tables      string        `help:"The tables in order: names, ranges, patterns." required:"" placeholder:"1-40,Bar,Terrace*"`
	Again       bool          `help:"Also tables that have a tag; the new one takes its place."`
	Move        bool          `help:"Take tags from the tables they belong to without asking."`
	Unprotected bool          `help:"Accept tags that cannot be protected. Any guest can rewrite them."`
	Copies      bool          `help:"Accept chips that do not carry their maker's signature."`
	Reader      string        `help:"Use only the reader whose name begins so." placeholder:"NAME"`
	Wait        time.Duration `help:"End when no tag comes for so long." default:"10m"`
	JSON        bool          `name:"json" help:"Print one JSON object for each tag that is done, and one at the end."`

	keys io.Reader // nil is the terminal, if there is one
}

// Help is what kong adds to the command's own line.
func (tagProvision) Help() string {
	return `Walks from table to table: hold a tag to the reader, keep it still until it is written, checked and protected, go on
with the next. NTAG 424 DNA get keys of their own and sign every tap; NTAG213, 215 and 216 get the table's address behind a
password of their own. A tag that was taken away too early is simply held there again.

Tables that have a tag are left out, so the command can be ended and repeated at any time. In a terminal, type and Enter:
  s  skip this table      b  back to the table before      q  end
  y  yes, take the tag from the other table                n  no, leave it there

The device may run meanwhile; it takes no taps for guests as long as this runs. The keys are in tags.secret in the data
folder. Keep a copy of that file.

It ends with 0 when every table has its tag, with 1 when some are left, with 2 for a wrong command line.`
}

// Run implements the command.
func (c tagProvision) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	tables, total, err := c.choose(p.ctx, house)
	if err != nil {
		return err
	}
	if len(tables) == 0 {
		fmt.Fprintf(p.stderr, "All %d tables have a tag. --again sets them up anew.\n", total)
		return nil
	}
	release, err := appliance.HoldBench(house.settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return c.walk(p, house, tables)
}

// choose finds the tables that need a tag, and counts all that were named.
func (c tagProvision) choose(ctx context.Context, house *house) (tables []edge.Table, total int, err error) {
	known, err := house.Tables(ctx)
	if err != nil {
		return nil, 0, err
	}
	if len(known) == 0 {
		return nil, 0, errors.New("there are no tables yet; add them on the owner screen")
	}
	if tables, err = chosenTables(c.Tables, known); err != nil {
		return nil, 0, err
	}
	total = len(tables)
	if c.Again {
		return tables, total, nil
	}
	tagged := map[edge.ID]bool{}
	for _, t := range known {
		tagged[t.Table.ID] = slices.ContainsFunc(t.Tags, func(tag edge.Tag) bool { return tag.Kind == edge.TagTable })
	}
	return slices.DeleteFunc(tables, func(t edge.Table) bool { return tagged[t.ID] }), total, nil
}

// openReader starts to watch the readers. It fails when they cannot work; stop ends the watching.
func openReader(p *program, house *house, reader string) (s *nfc.Supervisor, stop func(), err error) {
	driver := house.settings.Readers.Driver
	if driver == "none" {
		driver = "pcsc"
	}
	backend, err := all.OpenReaders(driver, logger(house.settings.Log, p.stderr))
	if err != nil {
		return nil, nil, err
	}
	first, answered := make(chan error, 1), false // answered belongs to the supervisor's goroutine
	s = nfc.NewSupervisor(nfc.Options{Backend: backend, Reader: reader, OnStatus: func(status nfc.Status) {
		switch {
		case !answered:
			answered = true
			first <- status.Err
		case status.Err != nil: // the first answer decides; later trouble heals
			fmt.Fprintln(p.stderr, status.Text)
		}
	}})
	ctx, cancel := context.WithCancel(p.ctx)
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(ctx) })
	stop = func() { cancel(); serving.Wait() }
	select {
	case err = <-first:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return s, stop, nil
}

// walk sets up the tags of the tables.
func (c tagProvision) walk(p *program, house *house, tables []edge.Table) error {
	supervisor, stop, err := openReader(p, house, c.Reader)
	if err != nil {
		return err
	}
	defer stop()
	keys := c.keys
	if info, err := os.Stdin.Stat(); keys == nil && err == nil && info.Mode()&os.ModeCharDevice != 0 {
		keys = os.Stdin
	}
	teller := &walkTeller{out: p.stdout, notes: p.stderr, json: c.JSON, keys: keys != nil, wait: c.Wait}
	walk := appliance.NewTagWalk(appliance.WalkOptions{
		Work: appliance.TagWork{
			Desk: apiDesk{house.Owner},
			Keys: func() (*appliance.TagKeys, error) {
				return appliance.ReadTagKeys(appliance.TagSecretPath(house.settings))
			},
		},
		Order: api.ProvisionOrder{Again: c.Again, Unprotected: c.Unprotected, Copies: c.Copies}, Tables: tables,
		Next: func(ctx context.Context, after uint64, work func(context.Context, nfc.Card) error) (uint64, error) {
			return supervisor.DoNext(ctx, "", after, work)
		},
		Changed: teller.changed, Done: teller.done,
	})
	teller.begin(walk, c.Move)
	if keys != nil {
		go teller.listen(keys) // it ends with the program: nothing ends a read of a terminal
	}
	err = walk.Run(p.ctx)
	return errors.Join(err, teller.end())
}

// apiDesk enters tags through a device's API. Its refusals are those of the device's rules.
type apiDesk struct{ *client.Owner }

var _ appliance.TagDesk = apiDesk{}

// PlanTag implements [appliance.TagDesk].
func (d apiDesk) PlanTag(ctx context.Context, wish api.TagWish) (api.TagPlan, error) {
	plan, err := d.Owner.PlanTag(ctx, wish)
	return plan, asRule(err)
}

// TagDone implements [appliance.TagDesk].
func (d apiDesk) TagDone(ctx context.Context, done api.TagDone) (edge.Tag, error) {
	tag, err := d.Owner.TagDone(ctx, done)
	return tag, asRule(err)
}

// asRule makes a refusal that came over the API what it was in the device.
func asRule(err error) error {
	if refusal, ok := errors.AsType[*client.Refusal](err); ok && refusal.Code != "" {
		return errors.Join(edge.Refuse(edge.KindConflict, refusal.Code, "%s", refusal.Detail), err)
	}
	return err
}

// presses are the letters of the terminal.
func pressOf(line string) (api.ProvisionPress, bool) {
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "s", "skip":
		return api.PressSkip, true
	case "b", "back":
		return api.PressBack, true
	case "y", "yes":
		return api.PressYes, true
	case "n", "no":
		return api.PressNo, true
	case "q", "quit":
		return api.PressStop, true
	default:
		return "", false
	}
}

// listen turns lines into presses.
func (t *walkTeller) listen(keys io.Reader) {
	lines := bufio.NewScanner(keys)
	for lines.Scan() {
		press, ok := pressOf(lines.Text())
		if !ok {
			t.note("s skip, b back, y yes, n no, q end")
			continue
		}
		if err := t.walk.Press(press); err != nil {
			t.note(err.Error())
		}
	}
}
