package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/pprof"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge/appliance"
)

// serveDevice is the process of a device under the profiler; what it runs is what `comanda serve` runs.
func serveDevice(ctx context.Context, args []string, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("device", flag.ContinueOnError)
	flags.SetOutput(stderr)
	config := flags.String("config", "", "settings file")
	profile := flags.String("cpuprofile", "", "where the profile goes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	settings, err := configs.Load(*config)
	if err != nil {
		return err
	}
	device, err := appliance.Open(ctx, settings, appliance.Options{Log: slog.New(slog.NewTextHandler(stderr, nil))})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, device.Close()) }()
	file, err := os.Create(*profile)
	if err != nil {
		return fmt.Errorf("make the profile: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return fmt.Errorf("start the profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return device.Serve(ctx)
}
