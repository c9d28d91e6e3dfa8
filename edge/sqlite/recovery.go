package sqlite

import (
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/edge"
)

// fail answers a batch that the disk did not take. A full disk may get room, and damage may be elsewhere the next
// time, so the next batch just tries. After anything that leaves the content of the disk in doubt, nothing is written before the file was opened again and
// compared with what was acknowledged: Linux forgets what a failed fsync did not write, and the next fsync then
// succeeds without it.
func (w *writer) fail(b *batch, t *trouble, commands []*command) {
	w.stop(t.words, t.cause)
	if t.damage {
		w.damaged = true
		w.health.damaged(t)
	}
	_ = run(w.link.rollback) // SQLite may have done it already, which is an error here
	if t.doubt {
		w.doubtful = b
		if kept, err := w.reopen(); err == nil && kept {
			answer(commands, nil)
			return
		}
	}
	for _, c := range commands {
		c.err = t.refusal()
	}
	answer(commands, nil)
}

// settle makes sure that the writer knows what is on the disk before it writes again.
func (w *writer) settle() error {
	if w.lost != nil {
		return w.lost
	}
	if w.doubtful == nil {
		return nil
	}
	if _, err := w.reopen(); err != nil {
		return err
	}
	return nil
}

// reopen opens the file again, forces what it holds to the disk, and compares the journal's end with what was
// acknowledged. It reports whether the doubtful batch turned out to be kept. An error means that nothing can be
// written yet, or, if w.lost is set, ever.
func (w *writer) reopen() (kept bool, err error) {
	if w.link != nil {
		err := w.link.close()
		w.link = nil
		if err != nil {
			w.log.Warn("close the connection in doubt", "error", err)
		}
	}
	l, err := connect(background(), w.path, writing)
	if err != nil {
		return false, must(err).refusal()
	}
	found, err := forced(l)
	if err != nil {
		return false, errors.Join(must(err).refusal(), l.close())
	}
	b := w.doubtful
	switch found {
	case w.tail:
		w.link, w.doubtful = l, nil
		w.log.Warn("the file was opened again; the last changes were not in it and were refused", "seq", found.seq)
		return false, nil
	case b.tail:
		w.link, w.doubtful = l, nil
		w.log.Warn("the file was opened again; the last changes are in it", "seq", found.seq)
		w.committed(b)
		return true, nil
	}
	w.stop("acknowledged records are missing from the disk",
		fmt.Errorf("the journal ends at record %d, but record %d was acknowledged", found.seq, w.tail.seq))
	w.lost = edge.Refuse(edge.KindUnavailable, "store_stopped",
		"Nothing can be stored: acknowledged records are missing from the disk.")
	w.link = l
	return false, w.lost
}

// forced writes the log back into the file with a sync of its own and gives the journal's end.
func forced(l *link) (position, error) {
	var busy, frames, moved int
	row := l.conn.QueryRowContext(background(), "PRAGMA wal_checkpoint(FULL)")
	if err := row.Scan(&busy, &frames, &moved); err != nil {
		return position{}, fmt.Errorf("write the log back: %w", err)
	}
	if busy != 0 {
		return position{}, errors.New("write the log back: a reader holds it")
	}
	return end(background(), l.q)
}

// stop notes for the owner's screen why nothing is written.
func (w *writer) stop(reason string, cause error) {
	if w.health.stop(reason) {
		w.log.Error("the store takes no orders", "reason", reason, "error", cause)
	}
}
