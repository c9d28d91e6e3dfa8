package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// backedUp makes a store with some events, a backup of it, and more events after that; it is closed.
func backedUp(t *testing.T) (path, copied string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "comanda.db")
	copied = path + ".backup"
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "before") })
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error { return happened(tx, "after") })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path, copied
}

// contents gives the journal of a file nobody has open.
func contents(t *testing.T, path string) []string {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return journal(t, s)
}

func TestRestore(t *testing.T) {
	path, copied := backedUp(t)
	if err := os.WriteFile(path+".restoring", []byte("left by a try that was cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	aside, err := Restore(t.Context(), copied, path, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "place of the old file", aside, path+".before-restore-20260504T120000.000Z")
	same(t, "restored", contents(t, path), []string{"before"})
	same(t, "moved aside", contents(t, aside), []string{"before", "after"})
	same(t, "the backup", contents(t, copied), []string{"before"})

	elsewhere := filepath.Join(t.TempDir(), "new folder", "spare.db")
	if aside, err = Restore(t.Context(), copied, elsewhere, Options{}); err != nil || aside != "" {
		t.Fatalf("restore on a spare device: got %q, %v", aside, err)
	}
	same(t, "restored on a spare device", contents(t, elsewhere), []string{"before"})
}

func TestRestoreRefusesWhatWouldLoseMore(t *testing.T) {
	path, copied := backedUp(t)
	check := func(what string, want error) {
		t.Helper()
		if _, err := Restore(t.Context(), copied, path, Options{}); !errors.Is(err, want) {
			t.Errorf("restore %s: got %v, want %v", what, err, want)
		}
		same(t, "after restoring "+what, contents(t, path), []string{"before", "after"})
	}
	sqlOn(t, copied, "DROP TRIGGER event_is_never_changed; UPDATE event SET body = 'x'")
	check("a backup with a broken journal", ErrCorrupt)
	corrupt(t, copied, "event")
	check("a damaged backup", ErrCorrupt)
	if err := os.WriteFile(copied, []byte("not a database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	check("a text", ErrCorrupt)
	if err := os.WriteFile(copied, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	check("an empty file", ErrCorrupt)
	if err := os.Remove(copied); err != nil {
		t.Fatal(err)
	}
	check("a backup that is not there", os.ErrNotExist)

	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := Restore(t.Context(), copied, path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("restore under a running daemon: got %v, want in use", err)
	}
}
