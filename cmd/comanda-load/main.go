// Command comanda-load measures a device under load, beside the smallest possible server with the same durability:
// what such a server does on the same machine, with the same clients, is the floor under what any device can do.
// `comanda-load screens` measures a house full of screens of which some stop reading, `comanda-load night` plays a
// Friday night and a stadium's interval; both exit with 1 when something is lost, doubled or wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp), errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "comanda-load:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong command line")

// run measures, or is one of the servers that a measurement starts.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "floor":
			return serveFloor(ctx, args[1:], stderr)
		case "device":
			return serveDevice(ctx, args[1:], stderr)
		}
	}
	p, measure, err := chosen(args, stderr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	out := stdout
	if p.out != "" {
		file, err := os.Create(p.out)
		if err != nil {
			return fmt.Errorf("make the report: %w", err)
		}
		defer file.Close()
		out = io.MultiWriter(stdout, file)
	}
	return measure(ctx, &report{out: out, log: stderr})
}

// chosen is the measurement that the command line asks for.
func chosen(args []string, stderr io.Writer) (plan, func(context.Context, *report) error, error) {
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "screens":
		p, err := parseScreens(args[1:], stderr)
		return p.plan, func(ctx context.Context, r *report) error { return measureScreens(ctx, p, r) }, err
	case "night":
		p, err := parseNight(args[1:], stderr)
		return p.plan, func(ctx context.Context, r *report) error { return measureNight(ctx, p, r) }, err
	default:
		p, err := parse(args, stderr)
		return p, func(ctx context.Context, r *report) error { return measure(ctx, p, r) }, err
	}
}

// plan is what is measured and for how long.
type plan struct {
	binary, out, profile string
	dir                  string // where data folders are made; empty is the system's folder for such
	clients, screens     []int
	paces                []int         // orders per second of a steady load
	rounds               int           // how often each throughput is measured; the median counts
	warm, window         time.Duration // of one throughput: what is thrown away, what counts
	history, day         int           // orders before the start, and of the present day
	limit                time.Duration // of everything
	throughput, rest     bool
}

// common are the flags of every measurement.
func (p *plan) common(flags *flag.FlagSet) {
	flags.StringVar(&p.binary, "binary", "bin/comanda", "the device's program")
	flags.StringVar(&p.out, "out", "", "write the report to this file too")
	flags.StringVar(&p.dir, "dir", "", "make data folders here instead of in the system's temporary folder: on the disk to be measured")
}

// historyTakes is how long one order of the history may take to make on a slow machine.
const historyTakes = 5 * time.Millisecond

func parse(args []string, stderr io.Writer) (plan, error) {
	p := plan{
		clients: []int{1, 16, 64}, screens: []int{1, 10, 50}, paces: []int{20, 200}, rounds: 3, warm: 300 * time.Millisecond,
		window: time.Second, day: 10_000,
	}
	flags := flag.NewFlagSet("comanda-load", flag.ContinueOnError)
	flags.SetOutput(stderr)
	p.common(flags)
	flags.StringVar(&p.profile, "cpuprofile", "",
		"instead of measuring the program, run a device in a process of this tool under load and write its CPU profile here")
	flags.IntVar(&p.history, "history", 100_000, "orders in the file when the start is measured")
	flags.IntVar(&p.rounds, "rounds", p.rounds, "how often each throughput is measured")
	only := flags.String("only", "", "measure only the throughput, or only the rest")
	quick := flags.Bool("quick", false, "less of everything: within a minute")
	if err := flags.Parse(args); err != nil {
		return plan{}, err
	}
	p.throughput, p.rest = *only != "rest", *only != "throughput"
	if flags.NArg() > 0 || p.rounds < 1 || p.history < 1 || (*only != "" && p.throughput && p.rest) {
		flags.Usage()
		return plan{}, errUsage
	}
	if *quick {
		p.clients, p.screens, p.rounds = []int{1, 64}, []int{10}, 1
		p.paces = []int{20}
		p.history, p.day = min(p.history, 5000), 1000
	}
	p.limit = 10*time.Minute + time.Duration(p.history)*historyTakes
	return p, nil
}
