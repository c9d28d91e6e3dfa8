package ssd1306

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2creg"
	"periph.io/x/host/v3"
)

// BusError says that an I²C bus could not be opened.
type BusError struct {
	// Name is the bus that was wanted; Known are the names of those there are.
	Name  string
	Known []string
	// Err is what the system said.
	Err error
}

// Error implements error and says what to do.
func (e *BusError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("open I²C bus %s: this computer shows none (on a Raspberry Pi: dtparam=i2c_arm=on in config.txt, module i2c-dev): %v", e.Name, e.Err)
	}
	return fmt.Sprintf("open I²C bus %s (there is %s; the user must be in group i2c): %v", e.Name, strings.Join(e.Known, ", "), e.Err)
}

// Unwrap returns what the system said.
func (e *BusError) Unwrap() error { return e.Err }

// openBus loads periph's drivers for this computer and opens a bus by its name.
// Drivers of other boards fail as a matter of course (on a Raspberry Pi 5 one
// does), so that is only noted.
func openBus(ctx context.Context, name string, log *slog.Logger) (bus i2c.BusCloser, err error) {
	defer func() {
		// Drivers map registers and parse what the system tells; a surprise there
		// must not end more than this display.
		if fault := recover(); fault != nil {
			bus, err = nil, &BusError{Name: name, Known: known(), Err: fmt.Errorf("driver failed: %v", fault)}
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	state, err := host.Init()
	if err != nil {
		return nil, &BusError{Name: name, Err: err}
	}
	for _, failed := range state.Failed {
		log.Debug("board driver not usable", slog.String("driver", failed.String()))
	}
	bus, err = i2creg.Open(name)
	if err != nil {
		return nil, &BusError{Name: name, Known: known(), Err: err}
	}
	return bus, nil
}

// known lists the names of all buses.
func known() []string {
	var names []string
	for _, ref := range i2creg.All() {
		names = append(names, ref.Name)
	}
	return names
}
