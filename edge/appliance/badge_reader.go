package appliance

import (
	"context"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

// post is a reader as the house uses it.
type post struct {
	configs.Reader
	device edge.ID // of the screen it belongs to, "" for none
}

// post finds out what a reader is for. One that the settings do not list is a counter's, under its own name.
func (b *badges) post(ctx context.Context, reader string) (post, error) {
	entry, ok := b.d.settings.Readers.Of(reader)
	if !ok {
		entry = configs.Reader{Name: reader, Role: configs.ReaderCounter}
	}
	p := post{Reader: entry}
	devices, err := b.devices(ctx)
	if err != nil {
		return post{}, err
	}
	p.device = deviceNamed(devices, entry.Screen)
	return p, nil
}

// clocks reports whether people come and go at the reader: at those for staff, and where there is nothing to sign in to.
func (p post) clocks() bool { return p.Role == configs.ReaderStaff || p.device == "" }

func (b *badges) devices(ctx context.Context) ([]edge.Device, error) {
	var devices []edge.Device
	err := b.d.store.Read(ctx, func(view edge.View) (err error) {
		devices, err = view.Devices()
		return err
	})
	return devices, err
}

// deviceNamed finds the screen of a name, the newest when several were connected under it.
func deviceNamed(devices []edge.Device, name string) edge.ID {
	var found edge.ID
	var paired time.Time
	for _, d := range devices {
		if name != "" && !d.Removed && strings.EqualFold(d.Name, name) && !d.Paired.Before(paired) {
			found, paired = d.ID, d.Paired
		}
	}
	return found
}

// served are the screens that have a reader of their own.
func (b *badges) served(devices []edge.Device) []edge.ID {
	var served []edge.ID
	for _, entry := range b.d.settings.Readers.List {
		if id := deviceNamed(devices, entry.Screen); id != "" {
			served = append(served, id)
		}
	}
	return served
}

// readers lists the readers that are connected and those that should be.
func (b *badges) readers(ctx context.Context) []api.OwnerReader {
	devices, err := b.devices(ctx)
	if err != nil {
		b.d.log.Warn("screens could not be read", "error", err)
	}
	var out []api.OwnerReader
	here := map[string]bool{}
	for _, status := range b.d.readers.connected() {
		entry, ok := b.d.settings.Readers.Of(status.Name)
		if !ok {
			entry = configs.Reader{Name: status.Name, Role: configs.ReaderCounter}
		}
		here[entry.Match] = ok || here[entry.Match]
		out = append(out, readerLine(entry, status, devices))
	}
	for _, entry := range b.d.settings.Readers.List {
		if !here[entry.Match] {
			out = append(out, api.OwnerReader{
				Name: entry.Name, Role: entry.Role, Screen: entry.Screen, State: partOff,
				Text: "Not connected. Its own name must begin with \"" + entry.Match + "\".",
			})
		}
	}
	return out
}

func readerLine(entry configs.Reader, status nfc.ReaderStatus, devices []edge.Device) api.OwnerReader {
	line := api.OwnerReader{Name: entry.Name, Reader: status.Name, Role: entry.Role, Screen: entry.Screen, State: partOK}
	switch {
	case !status.StuckSince.IsZero():
		line.State, line.Text = partDegraded, "It does not answer. Take away what lies on it, or unplug it and plug it in again."
	case status.Problem != "":
		line.State, line.Text = partDegraded, "The tag that lies on it cannot be read: "+status.Problem+"."
	case entry.Screen != "" && deviceNamed(devices, entry.Screen) == "":
		line.State = partDegraded
		line.Text = "No screen is connected under the name \"" + entry.Screen + "\". Connect one so, or change the settings."
	}
	return line
}

// connected lists the readers that are there now.
func (r *readers) connected() []nfc.ReaderStatus {
	if r.supervisor == nil {
		return nil
	}
	return r.supervisor.Status().Readers
}
