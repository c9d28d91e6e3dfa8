package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// magic begins every SQLite file (https://www.sqlite.org/fileformat2.html, section 1.3).
const magic = "SQLite format 3\x00"

// create makes an empty file that only its owner may read, for guests' addresses are in it; SQLite gives its log
// the same mode. A file that is there must be empty or begin like a database.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return checkHeader(path)
	}
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	return syncPath(filepath.Dir(path))
}

// checkHeader errs with [ErrCorrupt] when the file is neither empty nor a database. It keeps SQLite from ever
// touching such a file.
func checkHeader(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("look at file: %w", err)
	}
	defer f.Close()
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("look at file: %w", err)
	}
	if !bytes.Equal(head[:n], []byte(magic)) {
		return fmt.Errorf("%w (it is not a database)", ErrCorrupt)
	}
	return nil
}

// syncPath forces a file or a folder to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
