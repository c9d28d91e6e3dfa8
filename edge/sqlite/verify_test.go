package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

// tampered fills a store, closes it, runs the statements on its file with the triggers gone, and gives the path.
func tampered(t *testing.T, statements string) string {
	t.Helper()
	path := t.TempDir() + "/comanda.db"
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		write(t, s, func(tx edge.Tx) error {
			_, err := tx.Append(edge.Event{
				Kind: edge.OrderPlaced, Subject: edge.ID(fmt.Sprint("o", i)), Session: "s", Actor: edge.System,
				At: noon, Trusted: true, Body: fmt.Appendf(nil, `{"n":%d}`, i),
			})
			return err
		})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	sqlOn(t, path, "DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_removed;"+statements)
	return path
}

// sqlOn runs statements on a file nobody has open, in whatever mode the file is.
func sqlOn(t *testing.T, path, statements string) {
	t.Helper()
	l, err := dial(t.Context(), path, "mode=rw")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.conn.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyNamesTheFirstBrokenRecord(t *testing.T) {
	for _, c := range []struct {
		name, statements string
		broken           int64
		fault            string
	}{
		{"untouched", "", 0, ""},
		{"kind", "UPDATE event SET kind = 'order.accepted' WHERE seq = 3", 3, "hash"},
		{"subject", "UPDATE event SET subject = 'x' WHERE seq = 3", 3, "hash"},
		{"session", "UPDATE event SET session = '' WHERE seq = 3", 3, "hash"},
		{"actor", "UPDATE event SET actor = 'staff:1' WHERE seq = 3", 3, "hash"},
		{"time", "UPDATE event SET at = at + 1 WHERE seq = 3", 3, "hash"},
		{"trusted", "UPDATE event SET trusted = 0 WHERE seq = 3", 3, "hash"},
		{"body", "UPDATE event SET body = '{\"n\":3}' WHERE seq = 3", 3, "hash"},
		{"bytes between fields", "UPDATE event SET actor = 'ssystem', session = '' WHERE seq = 3", 3, "hash"},
		{"hash", "UPDATE event SET hash = zeroblob(32) WHERE seq = 3", 3, "hash"},
		{"short hash", "UPDATE event SET hash = x'00' WHERE seq = 3", 3, "hash"},
		{"first record", "UPDATE event SET body = '' WHERE seq = 1", 1, "hash"},
		{"deletion", "DELETE FROM event WHERE seq = 3", 3, "record 3 is missing; the next one there is 4"},
		{"first deleted", "DELETE FROM event WHERE seq = 1", 1, "record 1 is missing"},
		{"last deleted", "DELETE FROM event WHERE seq = 5", 5, "records 5 to 5 are missing at the end"},
		{"end deleted", "DELETE FROM event WHERE seq >= 3", 3, "records 3 to 5 are missing at the end"},
		{"all deleted", "DELETE FROM event", 1, "records 1 to 5 are missing at the end"},
		{"swap", "UPDATE event SET seq = 100 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3;" +
			"UPDATE event SET seq = 3 WHERE seq = 100", 2, "hash"},
		{"deleted and renumbered", "DELETE FROM event WHERE seq = 2; UPDATE event SET seq = seq - 1 WHERE seq = 3;" +
			"UPDATE event SET seq = seq - 1 WHERE seq = 4; UPDATE event SET seq = seq - 1 WHERE seq = 5", 2, "hash"},
		{
			"slipped in", "INSERT INTO event SELECT 6, kind, subject, session, actor, at, trusted, body, hash FROM event WHERE seq = 5",
			6, "hash",
		},
		{"head moved back", "UPDATE journal_head SET seq = 4, hash = (SELECT hash FROM event WHERE seq = 4)", 5, "not the last"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := tampered(t, c.statements)
			r, err := OpenReadOnly(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			report, err := r.Verify(t.Context())
			if err != nil || report.Broken != c.broken || !strings.Contains(report.Fault, c.fault) {
				t.Errorf("verify: got %+v, %v; want broken at %d: %s", report, err, c.broken, c.fault)
			}
			if c.broken > 0 && report.Events != min(c.broken-1, 5) && c.name != "head moved back" {
				t.Errorf("good events: got %d, want %d", report.Events, c.broken-1)
			}
		})
	}
}

func TestCutJournalIsNotContinued(t *testing.T) {
	path := tampered(t, "DELETE FROM event WHERE seq = 5")
	s, err := Open(t.Context(), path, Options{})
	if !errors.Is(err, ErrCorrupt) {
		t.Fatalf("open with the last record missing: got %v, %v; want it refused", s, err)
	}
}

func TestJournalRefusesChanges(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error { return happened(tx, "one") })
	for _, statement := range []string{"UPDATE event SET body = 'x'", "DELETE FROM event"} {
		err := s.Write(t.Context(), func(t edge.Tx) error {
			_, err := t.(*tx).batch.link.conn.ExecContext(context.Background(), statement)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "journal") {
			t.Errorf("%s: got %v, want a refusal", statement, err)
		}
	}
	same(t, "journal", journal(t, s), []string{"one"})
}

func TestVerifyReadsMoreThanOnePage(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error {
		for i := range 2*verifyPage + 1 {
			if err := happened(tx, fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return nil
	})
	report, err := s.Verify(t.Context())
	if err != nil || report.Events != 2*verifyPage+1 || report.Broken != 0 {
		t.Errorf("verify: got %+v, %v", report, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("verify with a cancelled context: got %v", err)
	}
}
