package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

// breakDisk makes every later write to the store's log an I/O error: the process's descriptors of it are exchanged
// for ones that cannot write. A connection that is opened anew has new descriptors and works.
func breakDisk(t *testing.T, s *Store) {
	t.Helper()
	log, err := os.Open(s.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	descriptors, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	exchanged := 0
	for _, d := range descriptors {
		target, err := os.Readlink(filepath.Join("/proc/self/fd", d.Name()))
		number, _ := strconv.Atoi(d.Name())
		if err != nil || target != s.path+"-wal" || number == int(log.Fd()) {
			continue
		}
		if err := syscall.Dup3(int(log.Fd()), number, syscall.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		exchanged++
	}
	if exchanged == 0 {
		t.Fatal("the store has no descriptor of its log; the test proves nothing")
	}
}

func TestInputOutputErrorIsSurvived(t *testing.T) {
	s := openTest(t, Options{})
	var heard []string
	s.OnCommit(func(events []edge.Event) {
		for _, e := range events {
			heard = append(heard, string(e.Subject))
		}
	})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "before") })
	breakDisk(t, s)
	errs := held(s,
		func(tx edge.Tx) error { return happened(tx, "one") },
		func(tx edge.Tx) error { return happened(tx, "two") },
		func(edge.Tx) error { return edge.ErrDenied }, // what it saw was never kept
	)
	for i, err := range errs {
		refused(t, fmt.Sprintf("change %d of the broken batch", i), err, "disk_error")
	}
	if h := s.Health(); h.Stopped != "I/O error" {
		t.Errorf("health: got %+v", h)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "after") })
	same(t, "journal", journal(t, s), []string{"before", "after"})
	same(t, "what the listener heard", heard, []string{"before", "after"})
	report, err := s.Verify(t.Context())
	if err != nil || report.Broken != 0 || s.Health().Stopped != "" {
		t.Errorf("verify: got %+v, %v, health %+v", report, err, s.Health())
	}
}

func TestStaysStoppedUntilTheFileCanBeOpened(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "before") })
	breakDisk(t, s)
	// The disk goes away and comes back, as a loose cable makes it.
	away := s.path + "-away"
	if err := os.Rename(s.path, away); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		refused(t, "write without a disk", s.Write(t.Context(), func(tx edge.Tx) error { return happened(tx, "x") }), "disk_error")
	}
	if err := os.Rename(away, s.path); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "after") })
	same(t, "journal", journal(t, s), []string{"before", "after"})
}

func TestBatchFoundOnTheDiskIsKept(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	var heard []edge.ID
	s.writer.listeners = append(s.writer.listeners, func(events []edge.Event) { heard = append(heard, events[0].Subject) })
	w := s.writer
	w.doubtful = &batch{tail: w.tail, wrote: true, events: []edge.Event{{Seq: 1, Subject: "found"}}}
	w.tail = position{}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "two") })
	same(t, "what the listener heard", heard, []edge.ID{"found", "two"})
	same(t, "journal", journal(t, s), []string{"one", "two"})
}

func TestLostAcknowledgedRecordsStopTheStore(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	w := s.writer
	w.tail = position{seq: 2, hash: [32]byte{1}} // acknowledged, but not on the disk
	w.doubtful = &batch{tail: position{seq: 3}}
	for range 2 {
		refused(t, "write after a loss", s.Write(t.Context(), func(tx edge.Tx) error { return happened(tx, "x") }), "store_stopped")
	}
	if h := s.Health(); !strings.Contains(h.Stopped, "missing") {
		t.Errorf("health: got %+v", h)
	}
	same(t, "journal", journal(t, s), []string{"one"})
}

func TestReadOnlyFileIsRefusedAtOpening(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "comanda.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		unprivileged(t, folder, path+".lock")
	}
	if s, err = Open(t.Context(), path, Options{}); err == nil {
		s.Close()
		t.Fatal("a read-only file was opened for writing")
	}
	if d := diagnose(err); d == nil || d.code != "disk_read_only" {
		t.Errorf("open a read-only file: got %v, want a read-only error", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("the refused file was changed (%v)", err)
	}
}

// unprivileged takes root's right to ignore permissions from this thread, and gives the folders to nobody.
func unprivileged(t *testing.T, paths ...string) {
	t.Helper()
	const nobody = 65534
	for _, path := range append(paths, filepath.Dir(paths[0])) {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Error(err)
		}
		runtime.UnlockOSThread()
	})
}
