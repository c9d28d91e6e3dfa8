package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestWhatWasWrittenIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "odd ?#% name.db")
	for i := range 3 {
		s, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "events so far", len(journal(t, s)), i)
		write(t, s, func(tx edge.Tx) error { return happened(tx, fmt.Sprint(i)) })
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file: got mode %v, %v; want one for its owner only", info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 2 {
		t.Errorf("after closing: got %v, %v; want the file and its lock", left, err)
	}
}

func TestDurabilitySettings(t *testing.T) {
	s := openTest(t, Options{})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "application_id": fmt.Sprint(ours),
	} {
		var got string
		write(t, s, func(tt edge.Tx) error {
			return tt.(*tx).batch.link.conn.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(&got)
		})
		same(t, pragma, got, want)
	}
	err := s.reader.use(t.Context(), func(l *link) error {
		_, err := l.conn.ExecContext(t.Context(), "INSERT INTO reader_cursor VALUES ('x', 'y')")
		return err
	})
	if d := diagnose(err); d == nil || d.code != "disk_read_only" {
		t.Errorf("write on a reading connection: got %v, want it refused", err)
	}
}

func TestSecondOpenerIsRefused(t *testing.T) {
	s := openTest(t, Options{})
	if _, err := Open(t.Context(), s.path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("second open: got %v, want in use", err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "still here") })
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	database := func(statements string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			sqlOn(t, path, statements)
		}
	}
	text := func(content string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name  string
		make  func(*testing.T, string)
		want  error
		words string
	}{
		{"text", text("a shopping list that is longer than a header"), ErrCorrupt, "not a database"},
		{"short", text("x"), ErrCorrupt, "not a database"},
		{"only a header", text(magic + strings.Repeat("\xff", 5000)), ErrCorrupt, "damaged"},
		{"another program's", database("CREATE TABLE mail (x)"), ErrCorrupt, "another program"},
		{"another program's, marked", database("CREATE TABLE mail (x); PRAGMA application_id = 7; PRAGMA user_version = 1"), ErrCorrupt, "another program"},
		{"newer", database(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 99", ours)), ErrNewer, "its format is 99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "comanda.db")
			c.make(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, open := range []func() error{
				func() error { _, err := Open(t.Context(), path, Options{}); return err },
				func() error { _, err := OpenReadOnly(t.Context(), path); return err },
			} {
				if err := open(); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.words) {
					t.Errorf("open: got %v, want %v with %q", err, c.want, c.words)
				}
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the refused file was changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestEmptyFileIsANewStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "comanda.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
}

func TestReadOnlyBesideTheDaemon(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	r, err := OpenReadOnly(t.Context(), s.path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "two") })
	err = r.Read(t.Context(), func(v edge.View) error {
		seq, err := v.Seq()
		same(t, "seq", seq, int64(2))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Errorf("close, twice: %v", err)
	}
	err = r.Read(t.Context(), func(edge.View) error { return nil })
	if !errors.Is(err, edge.ErrUnavailable) {
		t.Errorf("read after the close: got %v, want unavailable", err)
	}
	if _, err := OpenReadOnly(t.Context(), s.path+".missing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("open a file that is not there: got %v", err)
	}
}

func TestReadOnlyAfterACleanStop(t *testing.T) {
	path := filepath.Join(t.TempDir(), "comanda.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	report, err := r.Verify(t.Context())
	if err != nil || report.Events != 1 || report.Broken != 0 {
		t.Errorf("verify: got %+v, %v", report, err)
	}
}

func TestPanickingReaderGivesItsConnectionBack(t *testing.T) {
	s := openTest(t, Options{Readers: 1})
	func() {
		defer func() { _ = recover() }()
		_ = s.Read(t.Context(), func(edge.View) error { panic("look") })
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Read(ctx, func(v edge.View) error { _, err := v.Seq(); return err }); err != nil {
		t.Errorf("read after a panic: %v", err)
	}
}

func TestBackup(t *testing.T) {
	s := openTest(t, Options{})
	h := openHouse(t, s, 2)
	guest := h.guest(t, 0)
	if _, err := h.floor.Place(t.Context(), fourLines(guest.ID, "k")); err != nil {
		t.Fatal(err)
	}
	dest := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), dest); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "later") })
	if err := s.Backup(t.Context(), dest); !errors.Is(err, os.ErrExist) {
		t.Errorf("second backup to the same place: got %v, want it refused", err)
	}
	info, err := os.Stat(dest)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("backup: got mode %v, %v; want one for its owner only", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(dest)); err != nil || len(left) != 1 {
		t.Errorf("beside the backup: got %v, %v", left, err)
	}
	// Restoring is opening it: everything goes on from there.
	restored, err := Open(t.Context(), dest, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	all := journal(t, s)
	same(t, "restored journal", journal(t, restored), all[:len(all)-1])
	report, err := restored.Verify(t.Context())
	if err != nil || report.Broken != 0 {
		t.Errorf("verify the restored journal: got %+v, %v", report, err)
	}
	write(t, restored, func(tx edge.Tx) error { return happened(tx, "goes on") })
}
