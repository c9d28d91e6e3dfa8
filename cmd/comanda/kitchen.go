package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
)

type kitchenCommands struct {
	Tail kitchenTail `cmd:"" help:"Print tickets as they come, change and go."`
}

type kitchenTail struct {
	Stations []string `help:"Only tickets of these stations; of all when none is named." placeholder:"ID"`
	Expo     bool     `help:"As the pass sees it: also how every order stands at each station."`
	JSON     bool     `name:"json" help:"Print each message of the device as it is, one JSON object a line."`
	Once     bool     `help:"Print what there is now, and end."`
	Device   string   `help:"Address of another device, such as http://192.168.1.20:8080; without it, the device of this machine." placeholder:"URL"`
	KeyFile  string   `help:"File with the key of this program at that device." type:"path" placeholder:"FILE"`
	Pair     string   `help:"Six-digit code of that device (comanda pair): the key it gives goes into the key file, which must not be there yet." placeholder:"CODE"`
	Name     string   `help:"What the device lists this program as, with --pair." default:"kitchen tail"`
}

// Help is what kong adds to the command's own line.
func (kitchenTail) Help() string {
	return `Reads along with the kitchen's screens over comanda.kitchen.v1 until Ctrl-C. It only looks: no ticket counts as
seen because of it. When the device says nothing for 5 seconds it says so, and goes on where it was as soon as there is
a connection again. What guests write is printed without anything a terminal would obey.

  comanda kitchen tail --stations grill,bar
  comanda kitchen tail --device http://192.168.1.20:8080 --key-file kitchen.key --pair 123456
  comanda kitchen tail --device http://192.168.1.20:8080 --key-file kitchen.key --json

It ends with 0 at Ctrl-C, with 1 when the device cannot be reached at first or does not accept the key, with 2 for a
wrong command line.`
}

// Run implements the command.
func (c kitchenTail) Run(p *program) error {
	if err := c.check(); err != nil {
		return usage{err}
	}
	screen, end, err := c.screen(p)
	if err != nil {
		return err
	}
	defer end()
	screen.Expo, screen.Watch, screen.Patience = c.Expo, true, 5*time.Second
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	t := &tail{stations: c.Stations, once: c.Once, notices: p.stdout, steady: time.Now}
	if c.JSON {
		t.show, t.notices = (&raw{to: p.stdout}).show, p.stderr
	} else {
		t.show = newBoard(p.stdout, t.steady, c.Expo).show
	}
	err = t.follow(ctx, screen)
	if errors.Is(err, client.ErrKeyRefused) {
		return fmt.Errorf("%w\nPair again: comanda pair on the device, then --pair CODE here with a new --key-file", err)
	}
	return err
}

func (c kitchenTail) check() error {
	switch {
	case c.Device == "" && (c.KeyFile != "" || c.Pair != ""):
		return errors.New("--key-file and --pair are for another device: name it with --device")
	case c.Device != "" && c.KeyFile == "":
		return errors.New("--device needs --key-file")
	default:
		return nil
	}
}

// screen makes the screen; the caller calls end.
func (c kitchenTail) screen(p *program) (screen *client.Screen, end func(), err error) {
	if c.Device == "" {
		settings, err := p.settings()
		if err != nil {
			return nil, nil, err
		}
		house, err := daemon(settings)
		if errors.Is(err, errNoDaemon) {
			return nil, nil, fmt.Errorf("%w at %s; start it with: comanda serve", err, settings.Server.Listen)
		}
		if err != nil {
			return nil, nil, err
		}
		return house.Screen(c.Stations...), func() { _ = house.end() }, nil
	}
	device, err := client.New(c.Device, client.Options{})
	if err != nil {
		return nil, nil, usage{err}
	}
	key, err := c.key(p.ctx, device)
	if err != nil {
		device.Close()
		return nil, nil, err
	}
	return device.Screen(key, c.Stations...), device.Close, nil
}

// key reads the key file, or makes it from the pairing code.
func (c kitchenTail) key(ctx context.Context, device *client.Client) (string, error) {
	if c.Pair != "" {
		return pairInto(ctx, c.KeyFile, func() (string, error) {
			answer, err := device.Pair(ctx, c.Pair, c.Name)
			return answer.Key, err
		})
	}
	text, err := os.ReadFile(c.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no key in %s yet; get one with: comanda pair on the device, then --pair CODE here", c.KeyFile)
	}
	if err != nil {
		return "", fmt.Errorf("read the key: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// pairInto keeps a new key in a file that only its owner may read. The file is made first: a code works once, and would be
// lost with a key that has no place.
func pairInto(ctx context.Context, path string, pair func() (string, error)) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("%s is there already; leave --pair out to use the key in it, or name another file", path)
	}
	if err != nil {
		return "", fmt.Errorf("make the key file: %w", err)
	}
	key, err := pair()
	if err == nil {
		_, err = file.WriteString(key + "\n")
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("pair: %w", err), os.Remove(path))
	}
	return key, nil
}
