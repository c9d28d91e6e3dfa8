package sqlite

import (
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"github.com/comanda-pos/comanda/edge"
)

// What can be wrong with a file, for errors.Is.
var (
	// ErrInUse: another process has the file open for writing.
	ErrInUse = errors.New("another program has the restaurant's file open")
	// ErrCorrupt: the file is damaged or was never one of ours. Nothing was changed in it.
	ErrCorrupt = errors.New("the restaurant's file is damaged or not one of comanda's; " +
		"it was left untouched: move it aside and restore the newest backup")
	// ErrNewer: a newer version of the program has written the file.
	ErrNewer = errors.New("the restaurant's file was written by a newer version of comanda; " +
		"install that version, or restore the copy made before the update")
)

// trouble is a fault of the disk or the file, not of a change.
type trouble struct {
	code  string // of the refusal
	words string // for people
	// doubt says that nobody knows what is on the disk until the file was opened again.
	doubt bool
	// damage says that a part of the file is not what SQLite wrote there.
	damage bool
	cause  error
}

// diagnose finds the trouble in an error; nil when it is an ordinary one, of a statement or a constraint.
func diagnose(err error) *trouble {
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return nil
	}
	t := &trouble{cause: err}
	switch e.Code {
	case sqlite3.ErrConstraint, sqlite3.ErrMismatch, sqlite3.ErrTooBig, sqlite3.ErrError, sqlite3.ErrRange:
		return nil
	case sqlite3.ErrFull:
		t.code, t.words = "disk_full", "disk full"
	case sqlite3.ErrReadonly:
		t.code, t.words = "disk_read_only", "the disk or the file is read-only"
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		t.code, t.words = "file_locked", "another program holds the restaurant's file"
	case sqlite3.ErrNomem:
		t.code, t.words = "out_of_memory", "out of memory"
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		t.code, t.words, t.damage = "file_damaged", "the restaurant's file is damaged", true
	case sqlite3.ErrIoErr:
		t.code, t.words, t.doubt = "disk_error", "I/O error", true
	default:
		t.code, t.words, t.doubt = "disk_error", "the restaurant's file cannot be used", true
	}
	return t
}

// refusal is what those who asked are told.
func (t *trouble) refusal() error {
	return fmt.Errorf("%w: %w", edge.Refuse(edge.KindUnavailable, t.code, "Nothing can be stored now: %s.", t.words),
		t.cause)
}

// explain gives errors of opening their sentinel.
func explain(err error) error {
	if t := diagnose(err); t != nil && t.damage {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}

func errClosed() error {
	return edge.Refuse(edge.KindUnavailable, "store_closed", "The device is shutting down.")
}
