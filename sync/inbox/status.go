package inbox

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Status is how taking in goes, for the owner's screen. Counts are since the start.
type Status struct {
	// Backlog is what came in and was not worked on yet; it counts up to 1000.
	Backlog edge.Backlog
	// Done were worked on, Expired came to be worked on too late to make sense, Dead were given up. Dead ones stay in
	// the store with their reason.
	Done, Expired, Dead int64
	// LastDead is the reason of the newest one given up, at LastDeadAt.
	LastDead   string
	LastDeadAt time.Time
}

// maxBacklog bounds how many pending updates are counted.
const maxBacklog = 1000

// Status tells how taking in goes.
func (in *Inbox) Status(ctx context.Context) (Status, error) {
	pending, err := in.pending(ctx, maxBacklog)
	if err != nil {
		return Status{}, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	s := in.status
	if s.Backlog.Waiting = len(pending); len(pending) > 0 {
		s.Backlog.Oldest = pending[0].Received
	}
	return s, nil
}

// count notes what came of an update.
func (in *Inbox) count(u edge.Update, outcome string) {
	dead := strings.HasPrefix(outcome, outcomeDead)
	if dead {
		in.opt.Logger.Error("guest's message given up",
			slog.String("source", u.Source), slog.String("update", u.ID), slog.String("outcome", outcome))
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case dead:
		in.status.Dead++
		in.status.LastDead, in.status.LastDeadAt = outcome, in.opt.Now()
	case outcome == outcomeExpired:
		in.status.Expired++
	default:
		in.status.Done++
	}
}
