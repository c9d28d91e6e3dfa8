package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

// on runs a statement on the writer's connection, as only the writer may.
func on(t *testing.T, s *Store, statement string) {
	t.Helper()
	write(t, s, func(tt edge.Tx) error {
		_, err := tt.(*tx).batch.link.conn.ExecContext(context.Background(), statement)
		return err
	})
}

// refused fails unless err is a refusal that the device cannot store now.
func refused(t *testing.T, what string, err error, code string) {
	t.Helper()
	if !errors.Is(err, edge.ErrUnavailable) || edge.CodeOf(err) != code {
		t.Errorf("%s: got %v, want unavailable with code %s", what, err, code)
	}
}

func TestDiskFull(t *testing.T) {
	s := openTest(t, Options{})
	var heard int
	s.OnCommit(func(events []edge.Event) { heard += len(events) })
	write(t, s, func(tx edge.Tx) error { return happened(tx, "before") })
	on(t, s, "PRAGMA max_page_count = 1") // SQLite makes it the present size
	large := strings.Repeat("x", 100_000)
	errs := held(s,
		func(tx edge.Tx) error { return happened(tx, "one") },
		func(tx edge.Tx) error {
			_ = tx.SetCursor("large", large) // a change that does not look at errors must not slip through
			return happened(tx, "two")
		},
		func(tx edge.Tx) error { return happened(tx, "three") },
	)
	for i, err := range errs {
		refused(t, fmt.Sprintf("change %d of the batch that filled the disk", i), err, "disk_full")
	}
	if h := s.Health(); h.Stopped != "disk full" {
		t.Errorf("health: got %+v, want it stopped by a full disk", h)
	}
	same(t, "journal", journal(t, s), []string{"before"}) // reading goes on
	refused(t, "change alone", s.Write(t.Context(), func(tx edge.Tx) error { return tx.SetCursor("l", large) }), "disk_full")
	if err := s.Write(t.Context(), func(edge.Tx) error { return nil }); err != nil || s.Health().Stopped == "" {
		t.Errorf("a change that writes nothing: got %v, health %+v; want it to prove nothing", err, s.Health())
	}
	on(t, s, "PRAGMA max_page_count = 1000000")
	write(t, s, func(tx edge.Tx) error { return happened(tx, "after") })
	if h := s.Health(); h.Stopped != "" || h.Seq != 2 {
		t.Errorf("health with room again: got %+v", h)
	}
	same(t, "journal", journal(t, s), []string{"before", "after"})
	same(t, "events the listener heard", heard, 2)
	report, err := s.Verify(t.Context())
	if err != nil || report.Broken != 0 || report.Events != 2 {
		t.Errorf("verify: got %+v, %v", report, err)
	}
}

func TestFileLockedByAnotherProgram(t *testing.T) {
	s := openTest(t, Options{})
	on(t, s, "PRAGMA busy_timeout = 1")
	l, err := dial(t.Context(), s.path, writing)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	refused(t, "write while the file is locked", s.Write(t.Context(), func(tx edge.Tx) error { return happened(tx, "x") }), "file_locked")
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "y") })
	same(t, "journal", journal(t, s), []string{"y"})
}

// corrupt overwrites the pages of a table's tree in the file.
func corrupt(t *testing.T, path, table string) {
	t.Helper()
	l, err := dial(t.Context(), path, writing)
	if err != nil {
		t.Fatal(err)
	}
	var root, size int64
	row := l.conn.QueryRowContext(t.Context(),
		"SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?", table)
	if err := row.Scan(&root, &size); err != nil {
		t.Fatal(err)
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xaa", int(size))), (root-1)*size); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedPageStopsOnlyWhatNeedsIt(t *testing.T) {
	path := t.TempDir() + "/comanda.db"
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return tx.PutStock(edge.Stock{Key: "soup"}) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	corrupt(t, path, "stock")
	if s, err = Open(t.Context(), path, Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	good := func(tx edge.Tx) error { return happened(tx, "good") }
	bad := func(tx edge.Tx) error { _, _ = tx.AllStock(); return happened(tx, "bad") }
	// The first time nobody knows, and SQLite gives up the whole transaction; later nobody shares one.
	for i, err := range held(s, good, bad, good) {
		refused(t, fmt.Sprintf("change %d of the batch that met the damage", i), err, "file_damaged")
	}
	errs := held(s, good, bad, good)
	if errs[0] != nil || errs[2] != nil {
		t.Errorf("changes elsewhere: got %v and %v, want none", errs[0], errs[2])
	}
	refused(t, "change that needs the damaged page", errs[1], "file_damaged")
	err = s.Read(t.Context(), func(v edge.View) error { _, err := v.AllStock(); return err })
	refused(t, "read of the damaged page", err, "file_damaged")
	same(t, "journal", journal(t, s), []string{"good", "good"})
	if h := s.Health(); h.Damaged == "" || h.Stopped != "" {
		t.Errorf("health: got %+v, want damage and no stop", h)
	}
	if err := s.Check(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("check: got %v, want damage", err)
	}
	if err := s.Backup(t.Context(), path+".copy"); !errors.Is(err, ErrCorrupt) {
		t.Errorf("backup: got %v, want damage", err)
	}
	if left, err := filepath.Glob(path + ".copy*"); err != nil || len(left) != 0 {
		t.Errorf("the failed backup left %v behind, %v", left, err)
	}
}

func TestDamageInTheJournalIsNoticedAtOpening(t *testing.T) {
	path := t.TempDir() + "/comanda.db"
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	corrupt(t, path, "event")
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("open: got %v, want damage", err)
	}
}

func TestHealthySoundsHealthy(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	sizes, err := s.Sizes()
	if err != nil || sizes.File <= 0 || sizes.Log <= 0 || sizes.Free <= 0 {
		t.Errorf("sizes: got %+v, %v; want all above 0", sizes, err)
	}
}
