package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed migrations/*.sql
var embedded embed.FS

const (
	// ours is the application_id of a restaurant's file: "cmda".
	ours = 0x636d6461
	// copies is how many files of before a migration are kept.
	copies = 3
	// stamp is the time in the names of copies; it sorts as text.
	stamp = "20060102T150405.000Z"
)

// steps are the migrations in order: step i takes a file of version i to i+1.
func steps(files fs.FS) ([]string, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	slices.Sort(names)
	texts := make([]string, len(names))
	for i, name := range names {
		if !strings.HasPrefix(filepath.Base(name), fmt.Sprintf("%04d_", i+1)) {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		texts[i] = string(text)
	}
	return texts, nil
}

func bringUpToDate(ctx context.Context, path string, options Options) error {
	texts, err := steps(embedded)
	if err != nil {
		return err
	}
	if _, err := versionOf(ctx, path, len(texts)); err != nil {
		return err
	}
	return migrate(ctx, path, texts, options)
}

// migrate runs the steps a file has not seen yet, each in a transaction of its own, after copying the file.
func migrate(ctx context.Context, path string, texts []string, options Options) error {
	l, err := dial(ctx, path, writing)
	if err != nil {
		return err
	}
	err = l.migrate(ctx, path, texts, options)
	return errors.Join(err, l.close())
}

func (l *link) migrate(ctx context.Context, path string, texts []string, options Options) error {
	version, err := l.version(ctx, len(texts))
	if err != nil {
		return err
	}
	if version > 0 && version < len(texts) {
		if err := copyBefore(ctx, path, version, options); err != nil {
			return fmt.Errorf("copy the file before changing it: %w", err)
		}
	}
	for ; version < len(texts); version++ {
		options.Logger.Info("migrate the store", "to", version+1)
		frame := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\n;PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
			texts[version], ours, version+1)
		if _, err := l.conn.ExecContext(background(), frame); err != nil {
			_, undo := l.conn.ExecContext(background(), "ROLLBACK")
			return errors.Join(fmt.Errorf("migrate store to version %d: %w", version+1, err), undo)
		}
	}
	return l.tryWriting(version)
}

// tryWriting proves that the file can be written, before anybody relies on it. BEGIN IMMEDIATE alone does not: on a
// read-only file it begins a read.
func (l *link) tryWriting(version int) error {
	try := fmt.Sprintf("BEGIN IMMEDIATE; PRAGMA user_version = %d", version)
	_, err := l.conn.ExecContext(background(), try)
	_, undo := l.conn.ExecContext(background(), "ROLLBACK")
	if err := errors.Join(err, undo); err != nil {
		return fmt.Errorf("try to write: %w", err)
	}
	return nil
}

// version reads the file's version and refuses files that are newer than known or not a restaurant's.
func (l *link) version(ctx context.Context, known int) (int, error) {
	var id, version, objects int
	row := l.conn.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), "+
		"(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)")
	if err := row.Scan(&id, &version, &objects); err != nil {
		return 0, fmt.Errorf("read version: %w", err)
	}
	if id != ours && (version != 0 || objects != 0) {
		return 0, fmt.Errorf("%w (it is a database of another program)", ErrCorrupt)
	}
	if version > known {
		return 0, fmt.Errorf("%w (its format is %d, this program knows %d)", ErrNewer, version, known)
	}
	return version, nil
}

// checkCurrent errs unless the file has exactly the version this program writes.
func checkCurrent(ctx context.Context, path string) error {
	texts, err := steps(embedded)
	if err != nil {
		return err
	}
	version, err := versionOf(ctx, path, len(texts))
	if err == nil && version < len(texts) {
		err = fmt.Errorf("the file has format %d; start the daemon once to bring it to %d", version, len(texts))
	}
	return err
}

// versionOf looks at a file without being able to change it: opening a file for writing makes it a WAL file.
func versionOf(ctx context.Context, path string, known int) (int, error) {
	l, err := dial(ctx, path, reading)
	if err != nil {
		return 0, err
	}
	version, err := l.version(ctx, known)
	return version, errors.Join(err, l.close())
}

// copyBefore keeps the file as it is now as <file>.before-<version>-<time>, and the newest three of such copies.
func copyBefore(ctx context.Context, path string, version int, options Options) error {
	if err := os.MkdirAll(options.BackupDir, 0o750); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	prefix := filepath.Join(options.BackupDir, filepath.Base(path)+".before-")
	// The version before the time keeps a wrong clock from making the newest copy the oldest.
	when := options.Now().UTC().Format(stamp)
	if err := backup(ctx, path, fmt.Sprintf("%s%04d-%s", prefix, version, when)); err != nil {
		return err
	}
	old, err := fs.Glob(os.DirFS(options.BackupDir), filepath.Base(prefix)+"*")
	if err != nil {
		return fmt.Errorf("list older copies: %w", err)
	}
	slices.Sort(old)
	for _, name := range old[:max(0, len(old)-copies)] {
		if err := os.Remove(filepath.Join(options.BackupDir, name)); err != nil {
			return fmt.Errorf("remove older copy: %w", err)
		}
	}
	return nil
}
