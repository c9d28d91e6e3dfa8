// Command comanda is the device of one restaurant: guests tap or scan, order in the messenger they use, and the kitchen
// sees the ticket at once.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/comanda-pos/comanda/configs"
)

// version is set when the program is built for release.
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands is the command line.
type commands struct {
	Config string `help:"Settings file." type:"path" placeholder:"FILE" env:"COMANDA_CONFIG"`
	Data   string `help:"Folder of the database, in place of the one in the settings." type:"path" placeholder:"DIR"`

	Serve   serveCommand    `cmd:"" help:"Run the device."`
	Demo    demoCommand     `cmd:"" help:"Run a whole sample restaurant on this machine, with simulated reader, display and messenger."`
	Pair    pairCommand     `cmd:"" help:"Make a code that connects a kitchen screen, a display or the owner's browser."`
	Kitchen kitchenCommands `cmd:"" help:"Watch the kitchen's tickets in a terminal."`
	Tag     tagCommands     `cmd:"" help:"Read and write the tags of tables."`
	Menu    menuCommands    `cmd:"" help:"Check, publish and export the menu."`
	Journal journalCommands `cmd:"" help:"Read the journal and prove that it is complete."`
	Doctor  doctorCommand   `cmd:"" help:"Look at everything that can be wrong with this device, and say what to do."`
	Backup  backupCommand   `cmd:"" help:"Write a checked copy of the database while the device runs."`
	Version versionCommand  `cmd:"" help:"Print the version."`
}

// program is what every command gets: where to write and which settings hold.
type program struct {
	ctx            context.Context //nolint:containedctx // it lives as long as the one command
	stdout, stderr io.Writer
	commands       *commands
}

// settings reads the settings file, if one is named, and what the command line changes of it.
func (p *program) settings() (configs.Settings, error) {
	var settings configs.Settings
	var err error
	if p.commands.Config == "" {
		settings, err = configs.Parse(nil)
	} else {
		settings, err = configs.Load(p.commands.Config)
	}
	if err == nil && p.commands.Data != "" {
		settings.Data.Directory = p.commands.Data
	}
	return settings, err
}

// usage is an error of the command line itself; it ends the program with 2.
type usage struct{ error }

// run is the whole program: it returns the exit code, 0 for success, 1 for failure, 2 for a wrong command line.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	var c commands
	p := &program{ctx: ctx, stdout: stdout, stderr: stderr, commands: &c}
	exited := errors.New("exited")
	parser, err := kong.New(&c,
		kong.Name("comanda"), kong.Description("The restaurant appliance: guests tap, the kitchen cooks."),
		kong.Writers(stdout, stderr), kong.UsageOnError(), kong.Exit(func(n int) { code = n; panic(exited) }),
	)
	if err != nil {
		fmt.Fprintln(stderr, "comanda:", err)
		return 1
	}
	defer func() {
		// Help and version end the parser in the middle; kong calls Exit for that.
		if r := recover(); r != nil && r != any(exited) {
			panic(r)
		}
	}()
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "comanda:", err)
		fmt.Fprintln(stderr, "Run comanda --help to see what there is.")
		return 2
	}
	if err := parsed.Run(p); err != nil {
		fmt.Fprintln(stderr, "comanda:", err)
		if _, ok := errors.AsType[usage](err); ok {
			return 2
		}
		return 1
	}
	return 0
}

type versionCommand struct{}

// Run implements the command.
func (versionCommand) Run(p *program) error {
	fmt.Fprintln(p.stdout, "comanda", version)
	return nil
}
