package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

type journalCommands struct {
	Verify journalVerify `cmd:"" help:"Prove that no record was changed, removed or slipped in."`
	Tail   journalTail   `cmd:"" help:"Print the newest records, one JSON object a line."`
}

type journalVerify struct{}

// Run implements the command.
func (journalVerify) Run(p *program) (err error) {
	reader, err := p.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	report, err := reader.Verify(p.ctx)
	if err != nil {
		return err
	}
	if report.Broken != 0 {
		return fmt.Errorf("the journal is broken at record %d: %s", report.Broken, report.Fault)
	}
	fmt.Fprintf(p.stdout, "%d records, unbroken; the last one's hash is %s\n", report.Events, hex.EncodeToString(report.Head[:]))
	return nil
}

type journalTail struct {
	Count  int  `help:"How many of the newest records." short:"n" default:"20"`
	Follow bool `help:"Go on printing what is added." short:"f"`
}

// Run implements the command.
func (t journalTail) Run(p *program) (err error) {
	if t.Count < 0 {
		return usage{errors.New("count cannot be negative")}
	}
	reader, err := p.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	after := int64(-1)
	for {
		err := reader.Read(p.ctx, func(view edge.View) error {
			if after < 0 {
				newest, err := view.Seq()
				if err != nil {
					return err
				}
				after = max(newest-int64(t.Count), 0)
			}
			return t.print(p, view, &after)
		})
		if err != nil || !t.Follow {
			return err
		}
		select {
		case <-p.ctx.Done():
			return nil
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func (journalTail) print(p *program, view edge.View, after *int64) error {
	const batch = 500
	encoder := json.NewEncoder(p.stdout)
	for {
		events, err := view.Events(*after, batch)
		if err != nil {
			return err
		}
		for _, event := range events {
			if err := encoder.Encode(event); err != nil {
				return err
			}
			*after = event.Seq
		}
		if len(events) < batch {
			return nil
		}
	}
}

type backupCommand struct {
	File string `arg:"" help:"Where the copy goes; it must not be there yet." type:"path"`
}

// Run implements the command.
func (c backupCommand) Run(p *program) (err error) {
	reader, err := p.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	if err := reader.Backup(p.ctx, c.File); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "written and checked:", c.File)
	return c.tagKeys(p)
}

// tagKeys copies the keys of tags beside the database, which never has them: without them the tags are worthless.
func (c backupCommand) tagKeys(p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	dest := c.File + ".tags.secret"
	copied, err := appliance.CopyTagKeys(settings, dest)
	if err == nil && copied {
		fmt.Fprintln(p.stdout, "the keys of the tags, to be kept apart and safe:", dest)
	}
	return err
}

// reader opens the device's file for looking, also while the device runs.
func (p *program) reader() (*sqlite.Reader, error) {
	settings, err := p.settings()
	if err != nil {
		return nil, err
	}
	return sqlite.OpenReadOnly(p.ctx, appliance.DatabasePath(settings))
}

func readStore(ctx context.Context, settings configs.Settings, look func(edge.View) error) (err error) {
	reader, err := sqlite.OpenReadOnly(ctx, appliance.DatabasePath(settings))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	return reader.Read(ctx, look)
}
