package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Health is how the store does, for the owner's screen.
type Health struct {
	// Seq is of the newest record that is safe on the disk.
	Seq int64
	// LastCommit is how long the disk took for the newest commit, Committed when that was; zero before the first.
	LastCommit time.Duration
	Committed  time.Time
	// Waiting is how many changes are queued.
	Waiting int
	// Stopped says in words why nothing can be stored now, "" when all is well.
	Stopped string
	// Damaged says that a damaged part of the file was met, "" when not; what does not need that part goes on.
	Damaged string
}

type health struct {
	mu      sync.Mutex // guards all below
	seq     int64
	took    time.Duration
	at      time.Time
	stopped string
	damage  string
}

// committed notes a commit and gives the reason of the stop that it ended, if there was one.
func (h *health) committed(seq int64, took time.Duration, at time.Time) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.stopped
	h.seq, h.took, h.at, h.stopped = seq, took, at, ""
	return was
}

// stop notes why nothing can be stored and reports whether that is new.
func (h *health) stop(reason string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	isNew := h.stopped != reason
	h.stopped = reason
	return isNew
}

func (h *health) damaged(t *trouble) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.damage = t.words
}

// Health tells how the store does. It never waits for the disk.
func (s *Store) Health() Health {
	h := &s.writer.health
	h.mu.Lock()
	defer h.mu.Unlock()
	return Health{
		Seq: h.seq, LastCommit: h.took, Committed: h.at, Waiting: len(s.writer.queue), Stopped: h.stopped,
		Damaged: h.damage,
	}
}

// Sizes are in bytes.
type Sizes struct {
	File int64 // the database
	Log  int64 // what was committed and not yet folded into it
	Free int64 // what the disk still takes
}

// Sizes measures the file and its disk.
func (s *Store) Sizes() (Sizes, error) { return s.reader.Sizes() }

// Sizes measures the file and its disk.
func (r *Reader) Sizes() (Sizes, error) {
	var sizes Sizes
	for name, into := range map[string]*int64{r.path: &sizes.File, r.path + "-wal": &sizes.Log} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Sizes{}, fmt.Errorf("measure store: %w", err)
		}
		*into = info.Size()
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(r.path), &disk); err != nil {
		return Sizes{}, fmt.Errorf("measure the store's disk: %w", err)
	}
	sizes.Free = int64(disk.Bavail) * int64(disk.Bsize)
	return sizes, nil
}
