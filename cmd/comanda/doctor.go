package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/all"
)

type doctorCommand struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// errUnwell ends the program with 1 when something does not work.
var errUnwell = errors.New("something does not work; the lines above say what to do")

// Run implements the command. It works whether the device runs or not, and also when its settings cannot be read.
func (c doctorCommand) Run(p *program) error {
	settings, err := p.settings()
	if err != nil {
		finding := appliance.Finding{
			ID: "settings", Name: "Settings", State: appliance.FindingBad, Text: strings.TrimSpace(err.Error()),
			Do: "Correct the file; every key is explained in configs/comanda.yaml.",
		}
		return c.tell(p, []appliance.Finding{finding})
	}
	doctor := appliance.Doctor{Settings: settings, Log: logger(configs.Log{Level: "error", Format: "text"}, p.stderr)}
	house, err := daemon(settings)
	switch {
	case err == nil:
		defer func() { _ = house.end() }() // it only closes connections
		doctor.State, doctor.People = house.State, house.People
	case !errors.Is(err, errNoDaemon):
		// Something listens there, but this user may not ask it: what it would say is missing, the rest is looked at.
		doctor.State = func(context.Context) (api.OwnerState, error) { return api.OwnerState{}, err }
	}
	if doctor.State == nil && settings.Readers.Driver != "none" {
		backend, err := all.OpenReaders(settings.Readers.Driver, doctor.Log)
		if err != nil {
			return err
		}
		doctor.Readers = backend
	}
	findings := []appliance.Finding{settingsFinding(p)}
	return c.tell(p, append(findings, doctor.Examine(p.ctx)...))
}

func settingsFinding(p *program) appliance.Finding {
	f := appliance.Finding{ID: "settings", Name: "Settings", State: appliance.FindingOK, Text: "Read from " + p.commands.Config + "."}
	if p.commands.Config == "" {
		f.State, f.Text = appliance.FindingWarn, "No settings file is named, so the defaults are looked at."
		f.Do = "Name the file: comanda --config /etc/comanda/comanda.yaml doctor"
	}
	return f
}

// tell prints the findings and errs when one of them is bad.
func (c doctorCommand) tell(p *program, findings []appliance.Finding) error {
	worst := appliance.Worst(findings)
	if c.JSON {
		encoder := json.NewEncoder(p.stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err := encoder.Encode(struct {
			Worst    appliance.FindingState `json:"worst"`
			Findings []appliance.Finding    `json:"findings"`
		}{worst, findings})
		if err != nil {
			return err
		}
	} else {
		printFindings(p.stdout, findings)
	}
	if worst == appliance.FindingBad {
		return errUnwell
	}
	return nil
}

func printFindings(w io.Writer, findings []appliance.Finding) {
	marks := map[appliance.FindingState]string{
		appliance.FindingOK: "ok", appliance.FindingOff: "--", appliance.FindingWarn: "look", appliance.FindingBad: "BAD",
	}
	for _, f := range findings {
		fmt.Fprintf(w, "%-4s  %-14s  %s\n", marks[f.State], f.Name, indent(f.Text))
		if f.Do != "" {
			fmt.Fprintf(w, "%22s  → %s\n", "", indent(f.Do))
		}
	}
}

// indent keeps further lines of a text under its first.
func indent(text string) string {
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 24))
}
