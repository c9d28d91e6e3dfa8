// Package all lists the drivers in this build: one line for each.
package all

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/file"
	"github.com/comanda-pos/comanda/hardware/display/ssd1306"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// Reader is a driver of contactless readers.
type Reader struct {
	Name string
	Open func(log *slog.Logger) nfc.Backend
}

// Readers lists the drivers of contactless readers.
func Readers() []Reader {
	return []Reader{
		{"pcsc", func(*slog.Logger) nfc.Backend { return pcsc.New() }},
	}
}

// Display is a driver of displays. Prepare checks its settings, the YAML of one section, and gives what opens it.
type Display struct {
	Name    string
	Prepare func(settings []byte, log *slog.Logger) (display.Opener, error)
}

// Displays lists the drivers of displays.
func Displays() []Display {
	return []Display{
		{"file", func(raw []byte, _ *slog.Logger) (display.Opener, error) {
			settings, err := decode[file.Settings](raw)
			return func(context.Context) (display.Display, error) { return file.Open(settings) }, err
		}},
		{"ssd1306", func(raw []byte, log *slog.Logger) (display.Opener, error) {
			settings, err := decode[ssd1306.Settings](raw)
			return func(ctx context.Context) (display.Display, error) { return ssd1306.Open(ctx, settings, log) }, err
		}},
	}
}

// OpenReaders opens the readers of the named driver.
func OpenReaders(name string, log *slog.Logger) (nfc.Backend, error) {
	var known []string
	for _, driver := range Readers() {
		if driver.Name == name {
			return driver.Open(log), nil
		}
		known = append(known, driver.Name)
	}
	return nil, fmt.Errorf("there is no reader driver %q; there are %s", name, strings.Join(known, ", "))
}

// PrepareDisplay checks the settings of a display of the named driver.
func PrepareDisplay(name string, settings []byte, log *slog.Logger) (display.Opener, error) {
	var known []string
	for _, driver := range Displays() {
		if driver.Name == name {
			return driver.Prepare(settings, log)
		}
		known = append(known, driver.Name)
	}
	return nil, fmt.Errorf("there is no display driver %q; there are %s", name, strings.Join(known, ", "))
}

// checked are settings that can say what is wrong with them.
type checked interface{ Check() error }

func decode[T checked](raw []byte) (T, error) {
	var settings T
	if len(raw) > 0 {
		if err := yaml.UnmarshalWithOptions(raw, &settings, yaml.Strict()); err != nil {
			return settings, fmt.Errorf("display settings: %s", yaml.FormatError(err, false, true))
		}
	}
	if err := settings.Check(); err != nil {
		return settings, fmt.Errorf("display settings: %w", err)
	}
	return settings, nil
}
