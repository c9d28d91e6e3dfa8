//go:build rig && !nopcsc && cgo

// These tests hold virtual tags to a real pcscd; see nfctest.Rig for what the machine needs.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// bench is a house with table 7 whose commands run in this process.
type bench struct {
	config string
	data   string
}

func newBench(t *testing.T) bench {
	t.Helper()
	data := t.TempDir()
	b := bench{filepath.Join(t.TempDir(), "comanda.yaml"), data}
	settings := fmt.Sprintf("data: {directory: %q}\nserver: {listen: 127.0.0.1:0, base_url: https://order.example.com}\n", data)
	if err := os.WriteFile(b.config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	device := b.open(t)
	if _, err := device.Floor().AddTables(t.Context(), edge.System, []edge.Table{{Name: "7"}}); err != nil {
		t.Fatalf("AddTables: %v", err)
	}
	if err := device.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	return b
}

func (b bench) open(t *testing.T) *appliance.Device {
	t.Helper()
	settings, err := configs.Load(b.config)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	device, err := appliance.Open(t.Context(), settings, appliance.Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return device
}

func (b bench) run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append([]string{"--config", b.config}, args...), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestTagIsWrittenReadAndTapped(t *testing.T) {
	rig := nfctest.StartRig(t)
	b := newBench(t)
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6})
	rig.Insert(0, tag)

	code, out, errs := b.run(t, "tag", "write", "--table", "7")
	if code != 0 || !strings.Contains(out, "04A1B2C3D4E5F6 holds https://order.example.com/t/") {
		t.Fatalf("tag write: exit %d\n%s%s", code, out, errs)
	}
	code, out, errs = b.run(t, "tag", "read")
	if code != 0 || !strings.Contains(out, "ntag213") || !strings.Contains(out, "address https://order.example.com/t/") {
		t.Fatalf("tag read: exit %d\n%s%s", code, out, errs)
	}
	if code, out, _ := b.run(t, "tag", "read", "--json"); code != 0 || !strings.Contains(out, `"ours":true`) {
		t.Errorf("tag read --json: exit %d, %s", code, out)
	}
	rig.Slot(0).Remove()
	b.tapOpensTheTable(t, rig, tag)
}

// tapOpensTheTable holds the written tag to the running device's reader.
func (b bench) tapOpensTheTable(t *testing.T, rig *nfctest.Rig, tag *virtual.NTAG) {
	t.Helper()
	device := b.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- device.Serve(ctx) }()
	rig.Insert(0, tag)
	var session edge.Session
	deadline := time.Now().Add(15 * time.Second)
	for session.ID == "" && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
		sessions, err := device.OpenSessions(ctx)
		if err != nil {
			t.Fatalf("OpenSessions: %v", err)
		}
		if len(sessions) > 0 {
			session = sessions[0]
		}
	}
	if session.Table != "7" || session.Presence != edge.PresenceProven {
		t.Errorf("the tap opened %+v, want table 7, proven", session)
	}
	cancel()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if err := device.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestTagCommandsWithoutReaderService(t *testing.T) {
	nfctest.NewRig(t) // nobody else's service runs meanwhile, and none of ours is started
	b := newBench(t)
	code, _, errs := b.run(t, "tag", "read")
	if code != 1 || !strings.Contains(errs, "pcscd) is not running") {
		t.Errorf("tag read without pcscd: exit %d, %s", code, errs)
	}
}

func TestNoTagComes(t *testing.T) {
	nfctest.StartRig(t)
	b := newBench(t)
	code, _, errs := b.run(t, "tag", "read", "--wait", "300ms")
	if code != 1 || !strings.Contains(errs, "no tag came within 300ms") {
		t.Errorf("tag read without a tag: exit %d, %s", code, errs)
	}
}
