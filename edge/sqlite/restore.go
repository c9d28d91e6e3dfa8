package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Restore puts a backup in the place of the restaurant's file at path, while no daemon has it open. The backup is
// checked first, its journal included, and copied; it stays where it is. A file that is there already is not thrown
// away: it is renamed to <path>.before-restore-<time>, which is returned, "" when there was none. It errs with
// [ErrInUse] while the daemon runs, and like [Open] when the backup cannot be used; then nothing has changed.
func Restore(ctx context.Context, from, path string, options Options) (aside string, err error) {
	options = options.filled(path)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	defer lock.Close()
	if err := checkBackup(ctx, from); err != nil {
		return "", fmt.Errorf("restore from %s: %w", from, err)
	}
	fresh := path + ".restoring"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("restore: remove what an earlier try left: %w", err)
	}
	if err := backup(ctx, from, fresh); err != nil {
		return "", fmt.Errorf("restore: copy %s: %w", from, explain(err))
	}
	aside, err = moveAside(path, path+".before-restore-"+options.Now().UTC().Format(stamp))
	if err != nil {
		return aside, fmt.Errorf("restore: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return aside, fmt.Errorf("restore: put the copy in place: %w", err)
	}
	return aside, syncPath(filepath.Dir(path))
}

// checkBackup reads all of a backup, and proves its journal if this program wrote it; of an older one the tables may
// not be those that this program asks.
func checkBackup(ctx context.Context, from string) error {
	if err := checkHeader(from); err != nil {
		return err
	}
	texts, err := steps(embedded)
	if err != nil {
		return err
	}
	version, err := versionOf(ctx, from, len(texts))
	if err == nil && version == 0 {
		err = fmt.Errorf("%w (it is empty)", ErrCorrupt)
	}
	if err != nil {
		return explain(err)
	}
	if version < len(texts) {
		return checkCopy(ctx, from)
	}
	r, err := openReadOnly(ctx, from)
	if err != nil {
		return err
	}
	err = r.Check(ctx)
	if err == nil {
		var report VerifyReport
		if report, err = r.Verify(ctx); err == nil && report.Broken != 0 {
			err = fmt.Errorf("%w: its journal is broken: %s", ErrCorrupt, report.Fault)
		}
	}
	return errors.Join(err, r.Close())
}

// moveAside renames a file. Its log is folded in first, so that a power cut between two renames cannot part them;
// that of a damaged file may stay and is renamed too.
func moveAside(path, aside string) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if l, err := dial(background(), path, "mode=rw"); err == nil {
		_, _ = l.conn.ExecContext(background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		_ = l.close()
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("move the present file aside: %w", err)
		}
	}
	return aside, nil
}
