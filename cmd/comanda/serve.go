package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/appliance"
)

type serveCommand struct {
	PairingFile string `help:"Write first pairing codes for owner, kitchen and display to this file (mode 0600) once guests can order." type:"path" placeholder:"FILE"`
}

// Run implements the command.
func (s serveCommand) Run(p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	log := logger(settings.Log, p.stderr)
	device, err := appliance.Open(p.ctx, settings, appliance.Options{Log: log, Version: version})
	if err != nil {
		return err
	}
	if err := s.firstCodes(p, device); err != nil {
		return errors.Join(err, device.Close())
	}
	err = device.Serve(p.ctx)
	return errors.Join(err, device.Close())
}

// firstCodes makes the codes a new house needs. A house that already has an owner is not given codes on the terminal.
func (s serveCommand) firstCodes(p *program, device *appliance.Device) error {
	if s.PairingFile != "" {
		codes := map[edge.Role]string{}
		for _, role := range []edge.Role{edge.RoleOwner, edge.RoleKitchen, edge.RoleDisplay} {
			code, err := device.Pair(role, nil, "")
			if err != nil {
				return fmt.Errorf("make pairing code: %w", err)
			}
			codes[role] = code
		}
		text, err := json.Marshal(codes)
		if err != nil {
			return fmt.Errorf("write pairing codes: %w", err)
		}
		return os.WriteFile(s.PairingFile, append(text, '\n'), 0o600)
	}
	owned, err := device.Owned(p.ctx)
	if err != nil || owned {
		return err
	}
	code, err := device.Pair(edge.RoleOwner, nil, "")
	if err != nil {
		return fmt.Errorf("make pairing code: %w", err)
	}
	fmt.Fprintf(p.stdout, "Nobody owns this device yet. Open %s/owner and type %s within ten minutes.\n"+
		"Later codes: comanda pair --role owner\n", device.BaseURL(), code)
	return nil
}

func logger(settings configs.Log, to io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(settings.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if settings.Format == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// detached is a context that outlives the signal that ends the program, for what must be finished.
func detached(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
