package appliance

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/all"
	"github.com/comanda-pos/comanda/hardware/nfc"
	messengers "github.com/comanda-pos/comanda/sync/all"
)

// readers looks at the readers, and at what keeps them from being found.
func (d Doctor) readers(ctx context.Context, running *api.OwnerState) []Finding {
	f := Finding{ID: "readers", Name: "Tag readers", State: FindingOK}
	if d.Settings.Readers.Driver == "none" {
		f.State, f.Text = FindingOff, "Switched off in the settings."
		return []Finding{f}
	}
	var names []string
	if running != nil {
		f, names = d.runningReaders(ctx, running)
	} else {
		f, names = d.foundReaders(ctx)
	}
	findings := []Finding{f}
	if f.State != FindingOK {
		findings = append(findings, d.hindrances()...)
	}
	return append(findings, d.listed(names)...)
}

// runningReaders is how the running device sees its readers.
func (d Doctor) runningReaders(ctx context.Context, running *api.OwnerState) (Finding, []string) {
	f := Finding{ID: "readers", Name: "Tag readers"}
	for _, part := range running.Parts {
		if part.ID == "readers" {
			f.State, f.Text = stateOf(part.State), part.Text
		}
	}
	var names []string
	if d.People != nil {
		people, err := d.People(ctx)
		if err != nil {
			d.Log.Debug("the device does not tell its readers", "error", err)
		}
		for _, r := range people.Readers {
			if r.Reader != "" {
				names = append(names, r.Reader)
			}
		}
	}
	if len(names) > 0 {
		f.Text += " Connected: " + strings.Join(names, ", ") + "."
	}
	return f, names
}

func stateOf(part string) FindingState {
	switch part {
	case partOK:
		return FindingOK
	case partOff:
		return FindingOff
	case partDegraded:
		return FindingWarn
	default:
		return FindingBad
	}
}

// lookFor is how long readers are looked for: the first look of a service that is started by it takes a moment.
const lookFor = 3 * time.Second

// foundReaders asks the reader service itself.
func (d Doctor) foundReaders(ctx context.Context) (Finding, []string) {
	f := Finding{ID: "readers", Name: "Tag readers", State: FindingOff, Text: "They were not looked at."}
	if d.Readers == nil {
		return f, nil
	}
	status := watchReaders(ctx, d.Readers)
	var names []string
	for _, r := range status.Readers {
		names = append(names, r.Name)
	}
	f.Text = status.Text
	switch status.State {
	case nfc.StateReady:
		f.State, f.Text = FindingOK, status.Text+" Connected: "+strings.Join(names, ", ")+"."
	case nfc.StateNoReader, nfc.StateNoService, nfc.StateNotBuilt, nfc.StateStarting:
		f.State = FindingOff
	case nfc.StateStuck:
		f.State = FindingWarn
	case nfc.StateServiceHangs, nfc.StateServiceVersion, nfc.StateNotAllowed, nfc.StateTrouble:
		f.State = FindingBad
	default:
		f.State = FindingBad
	}
	f.Do = readerAdvice(status.State)
	return f, names
}

func readerAdvice(state nfc.State) string {
	switch state {
	case nfc.StateNoService:
		return "If you use a reader: sudo apt install pcscd libccid, then sudo systemctl enable --now pcscd.socket"
	case nfc.StateServiceHangs:
		return "sudo systemctl restart pcscd"
	case nfc.StateServiceVersion:
		return "sudo apt update && sudo apt install --only-upgrade pcscd libpcsclite1; in a container use the same release as the host."
	case nfc.StateNotAllowed:
		return "Let the device's user in: put the rule of hardware/nfc/README.md into /etc/polkit-1/rules.d/49-comanda-pcsc.rules"
	default:
		return ""
	}
}

// watchReaders watches the readers until it is known how they are.
func watchReaders(ctx context.Context, backend nfc.Backend) nfc.Status {
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	supervisor := nfc.NewSupervisor(nfc.Options{Backend: backend, OnStatus: func(s nfc.Status) {
		if s.State != nfc.StateStarting {
			cancel()
		}
	}})
	var serving sync.WaitGroup
	serving.Go(func() { _ = supervisor.Serve(ctx) }) // it ends with ctx alone
	serving.Wait()
	return supervisor.Status()
}

// hindrances looks for what takes a reader away or keeps its service from using it.
func (d Doctor) hindrances() []Finding {
	var findings []Finding
	if taken := d.kernelDrivers(); len(taken) > 0 {
		findings = append(findings, Finding{
			ID: "kernel-nfc", Name: "Kernel", State: FindingBad,
			Text: "The kernel's own driver takes the reader away: " + strings.Join(taken, ", ") + ".",
			Do: `printf 'blacklist nfc\nblacklist pn533\nblacklist pn533_usb\n' | sudo tee /etc/modprobe.d/comanda-nfc.conf; ` +
				"sudo modprobe -r " + strings.Join(taken, " "),
		})
	}
	for _, reader := range d.plugged() {
		f := Finding{
			ID: "usb-reader", Name: "USB", State: FindingBad, Text: "A " + reader.name + " is plugged in, but the reader service does not list it.",
			Do: "sudo systemctl restart pcscd; if that does not help, unplug it and plug it in again.",
		}
		if reader.id == acr122 {
			f.Do = "Its firmware may be one that the driver refuses: in /etc/libccid_Info.plist add 0x0004 to ifdDriverOptions, then sudo systemctl restart pcscd."
		}
		findings = append(findings, f)
	}
	return findings
}

// kernelDrivers lists the loaded modules that take PN53x readers away, in the order in which they can be unloaded.
func (d Doctor) kernelDrivers() []string {
	text, err := os.ReadFile(filepath.Join(d.Root, "proc/modules"))
	if err != nil {
		return nil
	}
	var taken []string
	for _, module := range []string{"pn533_usb", "pn533", "nfc"} {
		if strings.HasPrefix(string(text), module+" ") || strings.Contains(string(text), "\n"+module+" ") {
			taken = append(taken, module)
		}
	}
	return taken
}

// acr122 is the ACR122U by its USB number.
const acr122 = "072f:2200"

type usbReader struct{ id, name string }

// plugged lists the readers that are on the USB, by the numbers of common ones.
func (d Doctor) plugged() []usbReader {
	known := []usbReader{
		{acr122, "ACS ACR122U"},
		{"072f:223b", "ACS ACR1252U"},
		{"072f:223e", "ACS ACR1252U"},
		{"072f:223f", "ACS ACR1255U"},
		{"072f:2301", "ACS ACR1581U"},
		{"072f:2303", "ACS ACR1552U"},
		{"072f:2308", "ACS ACR1552U"},
		{"076b:5022", "HID OMNIKEY 5022"},
		{"076b:5023", "HID OMNIKEY 5023"},
		{"04e6:5790", "Identiv uTrust 3700 F"},
		{"04e6:5791", "Identiv uTrust 3701 F"},
	}
	vendors, err := filepath.Glob(filepath.Join(d.Root, "sys/bus/usb/devices/*/idVendor"))
	if err != nil {
		return nil
	}
	var found []usbReader
	for _, path := range vendors {
		id := word(path) + ":" + word(filepath.Join(filepath.Dir(path), "idProduct"))
		if i := slices.IndexFunc(known, func(r usbReader) bool { return r.id == strings.ToLower(id) }); i >= 0 {
			found = append(found, known[i])
		}
	}
	return found
}

func word(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// listed looks whether the readers that the settings name are there.
func (d Doctor) listed(names []string) []Finding {
	var findings []Finding
	for _, entry := range d.Settings.Readers.List {
		there := slices.ContainsFunc(names, func(name string) bool {
			found, ok := d.Settings.Readers.Of(name)
			return ok && found.Name == entry.Name
		})
		if !there {
			findings = append(findings, Finding{
				ID: "reader:" + entry.Name, Name: "Reader " + entry.Name, State: FindingWarn,
				Text: "No reader is connected whose own name begins with \"" + entry.Match + "\".",
				Do:   "Plug it in, or correct readers.list in the settings.",
			})
		}
	}
	return findings
}

// displays looks at the displays: the running device knows how they are, otherwise only their settings are checked.
func (d Doctor) displays(_ context.Context, running *api.OwnerState) []Finding {
	if running != nil {
		return partsOf(running, "display", "Check the display's cable and its settings.")
	}
	var findings []Finding
	for _, s := range d.Settings.Displays {
		f := Finding{ID: "display:" + s.Name, Name: "Display " + s.Name, State: FindingOff, Text: "Its settings are sound. Whether it works shows when the device runs."}
		if _, err := all.PrepareDisplay(s.Driver, s.Settings, d.Log); err != nil {
			f.State, f.Text, f.Do = FindingBad, err.Error(), "Correct displays in the settings."
		}
		findings = append(findings, f)
	}
	return findings
}

func partsOf(running *api.OwnerState, kind, advice string) []Finding {
	var findings []Finding
	for _, part := range running.Parts {
		if part.Kind != kind {
			continue
		}
		f := Finding{ID: part.ID, Name: part.Name, State: stateOf(part.State), Text: part.Text}
		if f.State == FindingWarn || f.State == FindingBad {
			f.Do = advice
		}
		if f.Text == "" {
			f.Text = "Works."
		}
		findings = append(findings, f)
	}
	return findings
}

// messengers looks at the messengers: the running device knows how they are, otherwise only their settings are checked.
func (d Doctor) messengers(_ context.Context, running *api.OwnerState) []Finding {
	if running != nil {
		return partsOf(running, "channel", "Look at the messenger's settings and at the internet connection.")
	}
	var findings []Finding
	for _, definition := range messengers.Messengers() {
		section, on := d.Settings.Channels[definition.Name]
		if !on {
			continue
		}
		f := Finding{ID: "channel:" + definition.Name, Name: labelOf(definition.Name), State: FindingOff, Text: "Its settings are sound. Whether it works shows when the device runs."}
		if _, err := definition.Open(section, d.Log); err != nil {
			f.State, f.Text, f.Do = FindingBad, err.Error(), "Correct channels."+definition.Name+" in the settings."
		}
		findings = append(findings, f)
	}
	return findings
}

// staff looks whether what needs a badge can be approved at all.
func (d Doctor) staff(ctx context.Context, running *api.OwnerState) []Finding {
	if len(d.Settings.Staff.Approve) == 0 || running == nil || d.People == nil {
		return nil
	}
	f := Finding{ID: "approvals", Name: "Approvals", State: FindingOK, Text: "Somebody has a badge that may approve."}
	people, err := d.People(ctx)
	if err != nil {
		return nil
	}
	for _, p := range people.People {
		for _, b := range p.Badges {
			if !p.Removed && p.Role.Approves() && b.State == edge.BadgeActive && (b.Signed || b.Approves) {
				return []Finding{f}
			}
		}
	}
	f.State, f.Text = FindingBad, "The settings want a badge for "+strings.Join(d.Settings.Staff.Approve, ", ")+", but nobody has one that may approve."
	f.Do = "Enrol the badge of an owner or manager on the owner's page, or take staff.approve out of the settings."
	return []Finding{f}
}
