package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes the restaurant as it is now to a new file at dest, checks that copy by opening and reading all of
// it, and only then gives it its name. Orders go on meanwhile. It errs with [fs.ErrExist] when dest is there.
func (s *Store) Backup(ctx context.Context, dest string) error { return s.reader.Backup(ctx, dest) }

// Backup is [Store.Backup].
func (r *Reader) Backup(ctx context.Context, dest string) error {
	if err := backup(ctx, r.path, dest); err != nil {
		return fmt.Errorf("back up the store: %w", explain(err))
	}
	return nil
}

func backup(ctx context.Context, path, dest string) (err error) {
	if _, err := os.Stat(dest); err == nil {
		return fmt.Errorf("%s: %w", dest, fs.ErrExist)
	}
	part, err := os.CreateTemp(filepath.Dir(dest), filepath.Base(dest)+".part-*")
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	if err := part.Close(); err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	if err := copyInto(ctx, path, part.Name()); err != nil {
		return err
	}
	if err := checkCopy(ctx, part.Name()); err != nil {
		return err
	}
	if err := syncPath(part.Name()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), dest); err != nil {
		return fmt.Errorf("name the copy: %w", err)
	}
	return syncPath(filepath.Dir(dest))
}

// copyInto writes a compact copy into an empty file, on a connection of its own: it may take long.
func copyInto(ctx context.Context, path, part string) error {
	l, err := dial(ctx, path, "mode=ro&_busy_timeout=5000")
	if err != nil {
		return err
	}
	if _, err = l.conn.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		err = fmt.Errorf("copy: %w", err)
	}
	return errors.Join(err, l.close())
}

// checkCopy reads every page of the copy. The copy is not in WAL mode, so that opening it leaves no files beside it.
func checkCopy(ctx context.Context, part string) error {
	l, err := dial(ctx, part, "mode=ro")
	if err != nil {
		return err
	}
	if err = l.check(ctx); err != nil {
		err = fmt.Errorf("check the copy: %w", err)
	}
	return errors.Join(err, l.close())
}
