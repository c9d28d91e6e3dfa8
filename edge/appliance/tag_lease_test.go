package appliance

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// leased is a device in this process whose walks are given up soon.
func leased(t *testing.T) (d *Device, reader *sim.Reader, stop func()) {
	t.Helper()
	settings, err := configs.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	settings.Data.Directory = t.TempDir()
	backend := sim.New()
	reader = backend.Plug("Reader")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if d, err = Open(t.Context(), settings, Options{Readers: backend, Listener: listener}); err != nil {
		t.Fatal(err)
	}
	d.jobs.lease = 300 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx) }()
	stop = func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	return d, reader, stop
}

// begin starts a walk to one table as soon as the reader is there.
func begin(t *testing.T, d *Device) {
	t.Helper()
	tables, err := d.floor.AddTables(t.Context(), edge.System, []edge.Table{{Name: "1"}})
	if err != nil {
		t.Fatal(err)
	}
	order := api.ProvisionOrder{Tables: []edge.ID{tables[0].ID}, Copies: true}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		err := d.jobs.StartProvision(t.Context(), edge.System, order)
		if err == nil {
			return
		}
		if edge.CodeOf(err) != "no_reader" || time.Now().After(end) {
			t.Fatalf("StartProvision: %v", err)
		}
	}
}

func TestReaderComesBackWhenNobodyLooks(t *testing.T) {
	d, _, stop := leased(t)
	defer stop()
	begin(t, d)
	for range 10 { // as long as somebody looks, the walk goes on
		time.Sleep(60 * time.Millisecond)
		if phase := d.jobs.Provision().Phase; phase != api.PhaseWaiting {
			t.Fatalf("while somebody looks: %s", phase)
		}
	}
	if !benchBusy(d.settings) {
		t.Error("taps count for guests during the walk")
	}
	for end := time.Now().Add(10 * time.Second); benchBusy(d.settings); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the reader was not given back")
		}
	}
	if phase := d.jobs.Provision().Phase; phase != api.PhaseEnded {
		t.Errorf("phase %s, want ended", phase)
	}
	if err := d.jobs.PressProvision(api.PressStop); err != nil {
		t.Errorf("the ended walk is dismissed: %v", err)
	}
	if phase := d.jobs.Provision().Phase; phase != api.PhaseIdle {
		t.Errorf("phase %s, want idle", phase)
	}
}

func TestDeviceStopsDuringAWalk(t *testing.T) {
	d, reader, stop := leased(t)
	begin(t, d)
	card := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	reader.Put(card)
	stop() // it returns, also while the tag is being written
	if benchBusy(d.settings) {
		t.Error("the reader was not given back")
	}
}

func TestWalkRefused(t *testing.T) {
	d, _, stop := leased(t)
	defer stop()
	begin(t, d)
	if err := d.jobs.StartProvision(t.Context(), edge.System, api.ProvisionOrder{Tables: []edge.ID{"nobody"}}); err == nil {
		t.Error("a walk to a table that is not there")
	}
	if err := d.jobs.PressProvision("dance"); edge.CodeOf(err) != "press_unknown" {
		t.Errorf("an unknown press: %v", err)
	}
	if err := d.jobs.PressProvision(api.PressStop); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); d.jobs.Provision().Phase != api.PhaseEnded; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the walk does not end")
		}
	}
	if err := d.jobs.PressProvision(api.PressSkip); edge.CodeOf(err) != "no_walk" {
		t.Errorf("a press without a walk: %v", err)
	}
}
