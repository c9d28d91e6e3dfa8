package appliance

import (
	"context"
	"fmt"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

// The states of parts on the owner's screen.
const (
	partOK       = "ok"
	partDegraded = "degraded"
	partDown     = "down"
	partOff      = "off"
)

// parts tells the owner how every part is doing, in words.
func (d *Device) parts() []api.Part {
	parts := []api.Part{d.databasePart(), d.diskPart(), d.clockPart(), d.readers.part()}
	for _, s := range d.displays {
		parts = append(parts, s.part())
	}
	return append(parts, d.chats.parts()...)
}

func (d *Device) databasePart() api.Part {
	part := api.Part{ID: "database", Name: "Database", Kind: "database", State: partOK, Since: d.started}
	health := d.store.Health()
	if health.Stopped != "" {
		part.State, part.Text = partDown, health.Stopped
	}
	return part
}

// lowDisk is how little room is left before the owner is warned.
const lowDisk = 200 << 20

func (d *Device) diskPart() api.Part {
	part := api.Part{ID: "disk", Name: "Disk", Kind: "disk", State: partOK, Since: d.started}
	sizes, err := d.store.Sizes()
	switch {
	case err != nil:
		part.State, part.Text = partDegraded, "The disk cannot be measured: "+err.Error()
	case sizes.Free < lowDisk:
		part.State = partDegraded
		part.Text = fmt.Sprintf("Only %d MB are free. Orders stop when the disk is full: please free some room.", sizes.Free>>20)
	}
	return part
}

func (d *Device) clockPart() api.Part {
	part := api.Part{ID: "clock", Name: "Clock", Kind: "clock", State: partOK, Since: d.started}
	if !d.clock.Now().Trusted {
		part.State = partDegraded
		part.Text = "The time was wrong when the device started. It is corrected as soon as no order is open; ages on the screens stay right."
	}
	return part
}

func (r *readers) part() api.Part {
	part := api.Part{ID: "readers", Name: "Tag readers", Kind: "reader", State: partOff, Text: r.problem, Since: r.since}
	if r.supervisor == nil {
		return part
	}
	status := r.supervisor.Status()
	part.Text, part.Since = status.Text, status.Since
	switch status.State {
	case nfc.StateReady:
		part.State = partOK
	case nfc.StateNoReader, nfc.StateNotBuilt, nfc.StateStarting, nfc.StateNoService:
		part.State = partOff
	case nfc.StateStuck:
		part.State = partDegraded
	case nfc.StateServiceHangs, nfc.StateServiceVersion, nfc.StateNotAllowed, nfc.StateTrouble:
		part.State = partDown
	default:
		part.State = partDegraded
	}
	return part
}

func (s *screen) part() api.Part {
	part := api.Part{
		ID: "display:" + s.settings.Name, Name: s.settings.Name, Kind: "display", State: partOK, Since: s.d.started,
	}
	if s.keeper == nil {
		part.State, part.Text = partDown, s.problem.Error()
		return part
	}
	status := s.keeper.Status()
	part.Text, part.Since = status.String(), status.Since
	switch {
	case status.OK():
	case status.State == display.Working:
		part.State = partDegraded
	default:
		part.State = partDown
	}
	return part
}

// cursors tells how far the readers of the journal are behind.
func (d *Device) cursors(ctx context.Context) []api.Cursor {
	if len(d.chats.channels) == 0 {
		return nil
	}
	var behind int64
	err := d.store.Read(ctx, func(view edge.View) error {
		seq, err := view.Seq()
		behind = max(seq-d.chats.outbox.Position(), 0)
		return err
	})
	if err != nil {
		d.log.Warn("the journal's end could not be read", "error", err)
		return nil
	}
	return []api.Cursor{{Name: "outbox", Behind: behind}}
}
