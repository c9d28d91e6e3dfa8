// Package sqlite keeps the restaurant in one SQLite file: the state as tables, what happened as a chained journal,
// both changed in the same durable transaction.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Store is a [edge.Store] in one file. One goroutine owns the only writing connection; readers have their own.
type Store struct {
	path   string
	lock   *os.File
	writer *writer
	reader *Reader
}

var _ edge.Store = (*Store)(nil)

// Options are what a store needs besides its file. The zero value is usable.
type Options struct {
	// Logger is told of troubles of the disk; nil keeps them silent.
	Logger *slog.Logger
	// Now stamps copies and cards; nil is the system's clock.
	Now func() time.Time
	// BackupDir is where the copy made before a migration goes; empty is beside the file.
	BackupDir string
	// Readers is how many reads can run at the same time; 0 is 4.
	Readers int
}

func (o Options) filled(path string) Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.BackupDir == "" {
		o.BackupDir = filepath.Dir(path)
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	return o
}

// Open opens the restaurant at path for writing, creates it if it is not there, and brings a file of an older
// version up to date after copying it. It errs with [ErrInUse] while another process has it open for writing,
// [ErrCorrupt] when the file is damaged or not ours, [ErrNewer] when a newer program wrote it; in all these cases
// the file is left as it is. The caller closes the store.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	options = options.filled(path)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	s, err := open(ctx, path, options)
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	s.lock = lock
	return s, nil
}

func open(ctx context.Context, path string, options Options) (*Store, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	if err := bringUpToDate(ctx, path, options); err != nil {
		return nil, explain(err)
	}
	w, err := newWriter(ctx, path, options)
	if err != nil {
		return nil, explain(err)
	}
	r, err := newReader(ctx, path, options.Readers, w.menus)
	if err != nil {
		return nil, explain(errors.Join(err, w.close()))
	}
	return &Store{path: path, writer: w, reader: r}, nil
}

// Close runs what was already asked for, refuses what comes later, and closes the file. It must be called once.
func (s *Store) Close() error {
	return errors.Join(s.reader.Close(), s.writer.close(), s.lock.Close())
}

// OnCommit registers a listener. It must be called before the first Write. Listeners are called on the writer's
// goroutine after the commit, with the events of one or more changes in the order of their Seq, before Write
// returns; until they return nothing else is written, so they must hand on and not work. They must neither change
// the events nor call the store.
func (s *Store) OnCommit(listener func([]edge.Event)) {
	s.writer.listeners = append(s.writer.listeners, listener)
}

// Write implements [edge.Store]. A change must not call Write: it would wait for itself. When ctx ends before change has started, change does not run and the error is
// ctx's; once started, a change runs to its end. When the disk does not take it, the error is
// [edge.ErrUnavailable] and nothing was kept.
func (s *Store) Write(ctx context.Context, change func(edge.Tx) error) error {
	return s.writer.write(ctx, change)
}

// Read implements [edge.Store]. ctx bounds the wait for a free connection.
func (s *Store) Read(ctx context.Context, look func(edge.View) error) error {
	return s.reader.Read(ctx, look)
}
