package appliance_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
)

// quiet are settings of a device of which nothing outside this machine is asked.
func quiet(t *testing.T) configs.Settings {
	t.Helper()
	settings := defaults(t)
	settings.Server.BaseURL, settings.Server.Listen = "http://127.0.0.1:8080", "127.0.0.1:0"
	return settings
}

func find(t *testing.T, findings []appliance.Finding, id string) appliance.Finding {
	t.Helper()
	for _, f := range findings {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no finding %s in %+v", id, findings)
	return appliance.Finding{}
}

// want checks a finding's state and that its words name something.
func want(t *testing.T, f appliance.Finding, state appliance.FindingState, parts ...string) {
	t.Helper()
	if f.State != state {
		t.Errorf("%s: got %+v, want it %s", f.ID, f, state)
	}
	for _, part := range parts {
		if !strings.Contains(f.Text+"\n"+f.Do, part) {
			t.Errorf("%s: got %q → %q, want it to name %q", f.ID, f.Text, f.Do, part)
		}
	}
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorExplainsReaders(t *testing.T) {
	for name, test := range map[string]struct {
		fault error
		state appliance.FindingState
		want  string
	}{
		"no service":  {nfc.ErrNoService, appliance.FindingOff, "apt install pcscd"},
		"hangs":       {nfc.ErrServiceHangs, appliance.FindingBad, "systemctl restart pcscd"},
		"two ages":    {nfc.ErrServiceVersion, appliance.FindingBad, "libpcsclite1"},
		"polkit":      {nfc.ErrNotAllowed, appliance.FindingBad, "polkit-1/rules.d"},
		"not built":   {nfc.ErrNotBuilt, appliance.FindingOff, "without support"},
		"went away":   {nfc.ErrServiceLost, appliance.FindingOff, "comes back by itself"},
		"no reader":   {nil, appliance.FindingOff, "plug one in"},
		"other fault": {os.ErrClosed, appliance.FindingBad, "tried again"},
	} {
		t.Run(name, func(t *testing.T) {
			backend := sim.New()
			backend.Break(test.fault)
			doctor := appliance.Doctor{Settings: quiet(t), Readers: backend, Root: t.TempDir()}
			want(t, find(t, doctor.Examine(t.Context()), "readers"), test.state, test.want)
		})
	}
}

func TestDoctorFindsWhatTakesAReaderAway(t *testing.T) {
	root := t.TempDir()
	put(t, root, "proc/modules", "nfc 131072 1 pn533, Live 0x0\npn533_usb 16384 0 - Live 0x0\npn533 49152 1 pn533_usb, Live 0x0\nnfcsim_x 1 0 - Live\n")
	put(t, root, "sys/bus/usb/devices/1-1/idVendor", "072f\n")
	put(t, root, "sys/bus/usb/devices/1-1/idProduct", "2200\n")
	put(t, root, "sys/bus/usb/devices/1-2/idVendor", "1d6b\n")
	put(t, root, "sys/bus/usb/devices/1-2/idProduct", "0002\n")
	settings := quiet(t)
	settings.Readers.List = []configs.Reader{{Name: "Bar", Match: "ACS", Role: configs.ReaderBar}}
	findings := appliance.Doctor{Settings: settings, Readers: sim.New(), Root: root}.Examine(t.Context())
	want(t, find(t, findings, "kernel-nfc"), appliance.FindingBad, "pn533_usb, pn533, nfc", "modprobe -r pn533_usb pn533 nfc")
	want(t, find(t, findings, "usb-reader"), appliance.FindingBad, "ACR122U", "0x0004")
	want(t, find(t, findings, "reader:Bar"), appliance.FindingWarn, `"ACS"`)
	if got := appliance.Worst(findings); got != appliance.FindingBad {
		t.Errorf("worst: got %s", got)
	}
	// With a reader that works none of it matters.
	backend := sim.New()
	backend.Plug("ACS ACR122U 00 00")
	for _, f := range (appliance.Doctor{Settings: settings, Readers: backend, Root: root}).Examine(t.Context()) {
		if f.ID == "kernel-nfc" || f.ID == "usb-reader" || f.ID == "reader:Bar" {
			t.Errorf("although the reader works: %+v", f)
		}
	}
}

func TestDoctorLooksAtFilesAndTime(t *testing.T) {
	settings := quiet(t)
	settings.Readers.Driver = "none"
	device, err := appliance.Open(t.Context(), settings, appliance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := device.Floor().AddPerson(t.Context(), "system", "Anna", "manager"); err != nil {
		t.Fatal(err)
	}
	if err := device.Close(); err != nil {
		t.Fatal(err)
	}
	doctor := appliance.Doctor{Settings: settings, Root: t.TempDir()}
	findings := doctor.Examine(t.Context())
	for _, id := range []string{"disk", "database", "secrets"} {
		want(t, find(t, findings, id), appliance.FindingOK)
	}
	want(t, find(t, findings, "tag-keys"), appliance.FindingOff)
	want(t, find(t, findings, "device"), appliance.FindingWarn, "does not run")

	doctor.Now = func() time.Time { return time.Date(1970, 1, 1, 0, 1, 0, 0, time.UTC) }
	want(t, find(t, doctor.Examine(t.Context()), "clock"), appliance.FindingBad, "long ago", "set-ntp")
	doctor.Now = func() time.Time { return time.Now().Add(-2 * time.Hour) }
	want(t, find(t, doctor.Examine(t.Context()), "clock"), appliance.FindingBad, "newest record")

	put(t, settings.Data.Directory, "tags.secret", "1 00\n")
	want(t, find(t, doctor.Examine(t.Context()), "tag-keys"), appliance.FindingBad, "from your copy")
	for _, name := range []string{"local.key", "tags.secret"} {
		if err := os.Chmod(filepath.Join(settings.Data.Directory, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	findings = doctor.Examine(t.Context())
	want(t, find(t, findings, "secrets"), appliance.FindingBad, "chmod 600", "local.key")
	want(t, find(t, findings, "tag-keys"), appliance.FindingBad, "chmod 600")

	damage(t, appliance.DatabasePath(settings))
	want(t, find(t, doctor.Examine(t.Context()), "database"), appliance.FindingBad, "backup")
}

// damage overwrites the middle of a file.
func damage(t *testing.T, path string) {
	t.Helper()
	raw := read(t, path)
	for i := len(raw) / 4; i < len(raw); i++ {
		raw[i] = 0xA5
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorLooksAtTheNetwork(t *testing.T) {
	examine := func(base, listen string) []appliance.Finding {
		settings := quiet(t)
		settings.Readers.Driver = "none"
		settings.Server.BaseURL, settings.Server.Listen = base, listen
		return appliance.Doctor{Settings: settings, Root: t.TempDir()}.Examine(t.Context())
	}
	findings := examine("http://no-such-host.invalid", "0.0.0.0:8080")
	want(t, find(t, findings, "address"), appliance.FindingBad, "no-such-host.invalid", "router")
	want(t, find(t, findings, "port"), appliance.FindingOff)
	findings = examine("http://127.0.0.1:8080", "127.0.0.1:8080")
	want(t, find(t, findings, "address"), appliance.FindingWarn, "this machine itself")
	findings = examine("https://127.0.0.1:1", "127.0.0.1:8080")
	want(t, find(t, findings, "certificate"), appliance.FindingBad, "proxy")
	findings = examine("http://198.51.100.7", "127.0.0.1:8080")
	want(t, find(t, findings, "address"), appliance.FindingWarn, "198.51.100.7")
	want(t, find(t, findings, "port"), appliance.FindingWarn, "0.0.0.0:8080")
}

func TestDoctorAsksTheRunningDevice(t *testing.T) {
	c := startCrew(t)
	settings := c.settings
	settings.Server.BaseURL = "http://127.0.0.1"
	doctor := appliance.Doctor{
		Settings: settings, Root: t.TempDir(),
		State:  func(context.Context) (api.OwnerState, error) { return c.state(t), nil },
		People: func(context.Context) (api.OwnerPeople, error) { return c.people(t), nil },
	}
	findings := doctor.Examine(t.Context())
	want(t, find(t, findings, "device"), appliance.FindingOK)
	want(t, find(t, findings, "readers"), appliance.FindingOK, "Bar 00 00", "Door 00 00")
	want(t, find(t, findings, "approvals"), appliance.FindingBad, "cancel", "Enrol the badge")
	c.call(t, "PATCH", "/api/owner/people/"+string(c.anna.ID), `{"name":"Ann"}`, http.StatusOK, nil)
	doctor.State = func(context.Context) (api.OwnerState, error) { return api.OwnerState{}, os.ErrPermission }
	want(t, find(t, doctor.Examine(t.Context()), "device"), appliance.FindingBad, "does not answer")
}
