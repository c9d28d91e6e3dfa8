package appliance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

// Finding is one line of a diagnosis: what was looked at, how it is, and what to do about it.
type Finding struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	State FindingState `json:"state"`
	Text  string       `json:"text"`
	Do    string       `json:"do,omitempty"`
}

// FindingState says how much something matters.
type FindingState string

// The states of findings, from good to bad.
const (
	FindingOK   FindingState = "ok"
	FindingOff  FindingState = "off"  // not in use, which is fine
	FindingWarn FindingState = "warn" // works, but somebody should look
	FindingBad  FindingState = "bad"  // does not work
)

// Doctor looks at everything that can be wrong with a device, whether it runs or not. It changes nothing but for a file
// that it makes and removes to see whether the disk takes it.
type Doctor struct {
	Settings configs.Settings
	// State and People ask the running device; both are nil when none runs.
	State  func(context.Context) (api.OwnerState, error)
	People func(context.Context) (api.OwnerPeople, error)
	// Readers is asked for readers when the device does not run; nil leaves them out.
	Readers nfc.Backend
	// Root is where the system's files are; empty is "/".
	Root string
	Log  *slog.Logger
	Now  func() time.Time
}

// Examine looks at one thing after the other, each within a bounded time, and tells what it found in that order.
func (d Doctor) Examine(ctx context.Context) []Finding {
	if d.Root == "" {
		d.Root = "/"
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	running := d.device(ctx)
	var all []Finding
	for _, look := range []func(context.Context, *api.OwnerState) []Finding{
		d.process, d.folder, d.database, d.secrets, d.clock, d.network, d.readers, d.displays, d.messengers, d.staff,
	} {
		limited, cancel := context.WithTimeout(ctx, examineLimit)
		all = append(all, look(limited, running)...)
		cancel()
	}
	return all
}

// examineLimit bounds one look.
const examineLimit = 20 * time.Second

// device is the state of the running device, nil when none runs or answers.
func (d Doctor) device(ctx context.Context) *api.OwnerState {
	if d.State == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	state, err := d.State(ctx)
	if err != nil {
		d.Log.Debug("the device does not answer", "error", err)
		return nil
	}
	return &state
}

func (d Doctor) process(_ context.Context, running *api.OwnerState) []Finding {
	f := Finding{ID: "device", Name: "Device", State: FindingOK}
	switch {
	case running != nil:
		f.Text = fmt.Sprintf("Runs version %s since %s.", running.Version, running.Started.Local().Format(time.DateTime))
	case d.State != nil:
		f.State, f.Text = FindingBad, "Something listens at "+d.Settings.Server.Listen+" but does not answer as this device."
		f.Do = "Look whether another program uses the port, and restart comanda."
	default:
		f.State, f.Text = FindingWarn, "The device does not run, so only its files and surroundings are looked at."
		f.Do = "Start it: sudo systemctl start comanda, or comanda serve."
	}
	return []Finding{f}
}

func (d Doctor) database(ctx context.Context, _ *api.OwnerState) []Finding {
	f := Finding{ID: "database", Name: "Database", State: FindingOK}
	path := DatabasePath(d.Settings)
	reader, err := sqlite.OpenReadOnly(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.State, f.Text = FindingOff, "There is none yet; it is made at the first start."
		return []Finding{f}
	case errors.Is(err, fs.ErrPermission):
		f.State, f.Text = FindingBad, "This user may not read "+path+"."
		f.Do = "Run the doctor as the device's user: sudo -u comanda comanda doctor."
		return []Finding{f}
	case err != nil:
		f.State, f.Text = FindingBad, "It cannot be opened: "+err.Error()+"."
		f.Do = "Do not start the device with it. Restore the newest backup."
		return []Finding{f}
	}
	defer func() { _ = reader.Close() }() // nothing was written
	if err := reader.Check(ctx); errors.Is(err, context.DeadlineExceeded) {
		f.State, f.Text = FindingWarn, fmt.Sprintf("No damage was met within %s; the file is too large to be looked at wholly now.", examineLimit)
		f.Do = "comanda journal verify at a quiet hour looks at every record."
		return []Finding{f}
	} else if err != nil {
		f.State, f.Text = FindingBad, "It is damaged: "+err.Error()+"."
		f.Do = "Stop the device, keep the file, and restore the newest backup."
		return []Finding{f}
	}
	var seq int64
	if err := reader.Read(ctx, func(v edge.View) (err error) { seq, err = v.Seq(); return err }); err != nil {
		f.State, f.Text, f.Do = FindingBad, "It cannot be read: "+err.Error()+".", "Restore the newest backup."
		return []Finding{f}
	}
	f.Text = fmt.Sprintf("Sound, %d records in the journal. comanda journal verify proves that none is missing.", seq)
	return []Finding{f}
}

// Worst is the worst state among findings.
func Worst(findings []Finding) FindingState {
	order := []FindingState{FindingOK, FindingOff, FindingWarn, FindingBad}
	worst := 0
	for _, f := range findings {
		worst = max(worst, slices.Index(order, f.State))
	}
	return order[worst]
}
