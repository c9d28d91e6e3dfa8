package channeltest

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/comanda-pos/comanda/sync/channel"
)

// ErrFull is what an Inbox answers while it is told to refuse.
var ErrFull = errors.New("the disk is full")

// Inbox keeps updates in memory the way the real one does in a database. The zero value is empty and works.
type Inbox struct {
	mu      sync.Mutex // guards all below
	cursors map[string]string
	known   map[string]bool
	updates []channel.Update
	offered int
	refuse  int
	changed chan struct{}
}

var _ channel.Inbox = (*Inbox)(nil)

// Cursor returns the last committed cursor of source.
func (i *Inbox) Cursor(_ context.Context, source string) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.cursors[source], nil
}

// Commit keeps the new ones of updates together with the cursor.
func (i *Inbox) Commit(_ context.Context, source string, updates []channel.Update, next string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.offered += len(updates)
	defer i.wake()
	if i.refuse > 0 {
		i.refuse--
		return ErrFull
	}
	if i.cursors == nil {
		i.cursors, i.known = map[string]string{}, map[string]bool{}
	}
	i.cursors[source] = next
	for _, u := range updates {
		if key := source + " " + u.ID; !i.known[key] {
			i.known[key] = true
			i.updates = append(i.updates, u)
		}
	}
	return nil
}

func (i *Inbox) wake() {
	if i.changed != nil {
		close(i.changed)
	}
	i.changed = make(chan struct{})
}

// Refuse lets the next times commits fail.
func (i *Inbox) Refuse(times int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.refuse = times
}

// Updates are those kept so far, each once, in order of arrival. Offered counts repetitions and refused ones too.
func (i *Inbox) Updates() (kept []channel.Update, offered int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.updates), i.offered
}

// Wait returns the updates once enough says so, or false when ctx ends first.
func (i *Inbox) Wait(ctx context.Context, enough func(kept []channel.Update, offered int) bool) ([]channel.Update, bool) {
	for {
		i.mu.Lock()
		if i.changed == nil {
			i.changed = make(chan struct{})
		}
		kept, offered, changed := slices.Clone(i.updates), i.offered, i.changed
		i.mu.Unlock()
		if enough(kept, offered) {
			return kept, true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return kept, false
		}
	}
}
