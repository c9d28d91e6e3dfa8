package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/cmd/internal/client/process"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// TestMain lets the test binary be the floor and the device, as the tool starts itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "floor" || os.Args[1] == "device") {
		main()
		return
	}
	if actsAsDevice(os.Args) {
		return
	}
	os.Exit(m.Run())
}

// rig is a bench with a furnished house whose floor is this test binary.
func rig(t *testing.T) *bench {
	t.Helper()
	dir := t.TempDir()
	h, err := furnish(t.Context(), filepath.Join(dir, "house"), guestsUsual)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := plan{warm: 50 * time.Millisecond, window: 200 * time.Millisecond, profile: filepath.Join(dir, "cpu.pprof")}
	return &bench{plan: p, report: &report{out: &bytes.Buffer{}, log: &bytes.Buffer{}}, dir: dir, self: self, house: h}
}

// TestBothServersAreMeasured runs a short load against the floor, alone and one by one, and against a real device.
func TestBothServersAreMeasured(t *testing.T) {
	b := rig(t)
	for _, s := range []server{b.floor(), b.floor("-group=false", "-rows", "3"), b.profiled()} {
		r, err := b.once(t.Context(), s, 4, 3, nil)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if r.rate <= 0 || len(r.answer) == 0 || r.orders < len(r.answer) || r.unseen != 0 {
			t.Errorf("%s: %.0f orders/s, %d answers of %d orders, %d frames unseen", s.name, r.rate, len(r.answer), r.orders, r.unseen)
		}
		// Every order of the window is seen by all three screens; orders at its edges count for one and not the other.
		if got, want := len(r.frame), 3*len(r.answer); got < want-3*8 || got > want+3*8 {
			t.Errorf("%s: %d frames for %d answers and 3 screens", s.name, got, len(r.answer))
		}
		if r.answer.at(0.5) <= 0 || r.frame.at(0.99) <= 0 || r.frame.at(0.99) > time.Minute {
			t.Errorf("%s: answers %s, frames %s", s.name, pair(r.answer), pair(r.frame))
		}
	}
	if info, err := os.Stat(b.profile); err != nil || info.Size() == 0 {
		t.Errorf("profile: %v", err)
	}
}

// TestSlowDisk proves that the library slows every commit: one client cannot be faster than the disk.
func TestSlowDisk(t *testing.T) {
	b := rig(t)
	environment, err := slowly(t.Context(), b.dir, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.once(t.Context(), b.floor(), 1, 1, environment)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.answer.at(0); got < 20*time.Millisecond {
		t.Errorf("the fastest answer took %s, want at least the 20ms of the disk", got)
	}
}

// TestHistoryIsByTheRules compares the history with what was ordered, and has the store prove it.
func TestHistoryIsByTheRules(t *testing.T) {
	b := rig(t)
	const orders = 100 // one more visit than 99 orders need
	if err := b.house.history(t.Context(), orders, true); err != nil {
		t.Fatal(err)
	}
	reader, err := sqlite.OpenReadOnly(t.Context(), filepath.Join(b.house.dir, "comanda.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if report, err := reader.Verify(t.Context()); err != nil || report.Broken != 0 {
		t.Errorf("journal: %+v, %v", report, err)
	}
	kinds := map[edge.EventKind]int{}
	var open []edge.Order
	err = reader.Read(t.Context(), func(v edge.View) error {
		events, err := v.Events(0, 1<<20)
		for _, e := range events {
			kinds[e.Kind]++
			if e.At.After(time.Now()) {
				t.Fatalf("record %d is of the future: %s", e.Seq, e.At)
			}
		}
		if err == nil {
			open, err = v.OpenOrders()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	visits := 34
	got := map[edge.EventKind]int{}
	for _, kind := range []edge.EventKind{edge.OrderPlaced, edge.TicketCreated, edge.OrderServed, edge.SessionClosed} {
		got[kind] = kinds[kind]
	}
	want := map[edge.EventKind]int{
		edge.OrderPlaced: 3 * visits, edge.TicketCreated: 6 * visits,
		edge.OrderServed: 3 * (visits - visitsRunning), edge.SessionClosed: visits - visitsRunning,
	}
	if diff := cmp.Diff(want, got); diff != "" || len(open) != 3*visitsRunning {
		t.Errorf("%d orders are open, want %d; events (-want +got):\n%s", len(open), 3*visitsRunning, diff)
	}
}

func TestTimes(t *testing.T) {
	var hundred times
	for n := range 100 {
		hundred = append(hundred, time.Duration(100-n))
	}
	for _, test := range []struct {
		times times
		share float64
		want  time.Duration
	}{
		{nil, 0.5, 0},
		{times{7}, 0.99, 7},
		{times{2, 1}, 0.5, 1},
		{times{3, 1, 2}, 0.5, 2},
		{hundred, 0.5, 50},
		{hundred, 0.99, 99},
		{hundred, 1, 100},
		{hundred, 0, 1},
	} {
		if got := test.times.at(test.share); got != test.want {
			t.Errorf("%d times at %.2f: got %d, want %d", len(test.times), test.share, got, test.want)
		}
	}
	for _, test := range []struct {
		numbers []float64
		want    float64
	}{{nil, 0}, {[]float64{4}, 4}, {[]float64{9, 1}, 5}, {[]float64{9, 1, 2}, 2}} {
		if got := median(test.numbers); got != test.want {
			t.Errorf("median of %v: got %v, want %v", test.numbers, got, test.want)
		}
	}
}

func TestMachineIsTold(t *testing.T) {
	text := machine(t.TempDir())
	for _, unknown := range []string{"unknown", "  "} {
		if strings.Contains(text, unknown) {
			t.Errorf("machine: got %q, want everything known", text)
		}
	}
	bytes, err := resident(os.Getpid())
	if err != nil || bytes < 1<<20 || bytes > 1<<34 {
		t.Errorf("resident: got %d, %v", bytes, err)
	}
	begin, err := processorTime(os.Getpid())
	sum := 0
	for end := time.Now().Add(100 * time.Millisecond); time.Now().Before(end); {
		sum++
	}
	worked, secondErr := processorTime(os.Getpid())
	if err != nil || secondErr != nil || worked <= begin || sum == 0 {
		t.Errorf("processor time: from %s to %s, %v, %v, want it to grow", begin, worked, err, secondErr)
	}
	if _, err := resident(-1); err == nil {
		t.Error("resident of no process: got no error")
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string // in the error; empty for none
	}{
		{[]string{"-binary", "x", "-quick"}, ""},
		{[]string{"-only", "rest"}, ""},
		{[]string{"-only", "throughput"}, ""},
		{[]string{"-only", "everything"}, "wrong"},
		{[]string{"-rounds", "0"}, "wrong"},
		{[]string{"-history", "0"}, "wrong"},
		{[]string{"more"}, "wrong"},
		{[]string{"-nothing"}, "not defined"},
	} {
		_, err := parse(test.args, &bytes.Buffer{})
		if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
			t.Errorf("parse %v: got %v, want %q", test.args, err, test.want)
		}
	}
	if p, err := parse(nil, &bytes.Buffer{}); err != nil || !p.throughput || !p.rest || len(p.clients)*len(p.screens) != 9 {
		t.Errorf("parse nothing: got %+v, %v, want everything", p, err)
	}
}

// TestNobodyIsLeftBehind: a server that is stopped has ended.
func TestNobodyIsLeftBehind(t *testing.T) {
	b := rig(t)
	var running *process.Process
	err := b.with(t.Context(), b.floor(), b.house, nil, func(p *process.Process, _ *house) error {
		running = p
		return context.Canceled
	})
	if err == nil {
		t.Error("the error of the work is lost")
	}
	if _, err := resident(running.PID); err == nil {
		t.Errorf("process %d is still there", running.PID)
	}
}
