package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// position is a place in the journal: a record and the hash that stands for all records up to it.
type position struct {
	seq  int64
	hash [32]byte
}

func at(seq int64, hash []byte) (position, error) {
	p := position{seq: seq}
	if len(hash) != len(p.hash) {
		return p, fmt.Errorf("%w: record %d has a hash of %d bytes", ErrCorrupt, seq, len(hash))
	}
	copy(p.hash[:], hash)
	return p, nil
}

// end gives the journal's end, which must be where the head says.
func end(ctx context.Context, q *query.Queries) (position, error) {
	head, err := q.Head(ctx)
	if err != nil {
		return position{}, fmt.Errorf("read the journal's head: %w", err)
	}
	want, err := at(head.Seq, head.Hash)
	if err != nil {
		return position{}, err
	}
	last, err := q.LastEvent(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		last, err = query.LastEventRow{Hash: make([]byte, len(want.hash))}, nil
	}
	if err != nil {
		return position{}, fmt.Errorf("read the journal's end: %w", err)
	}
	got, err := at(last.Seq, last.Hash)
	if err == nil && got != want {
		err = fmt.Errorf("%w: the journal ends at record %d, its head says %d", ErrCorrupt, got.seq, want.seq)
	}
	return got, err
}

// Seq implements [edge.View].
func (v *view) Seq() (int64, error) {
	last, err := v.q.LastEvent(background())
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, v.failed(err, "journal's", "end")
	}
	return last.Seq, nil
}

// Events implements [edge.View].
func (v *view) Events(after int64, limit int) ([]edge.Event, error) {
	rows, err := v.q.Events(background(), query.EventsParams{Seq: after, Limit: int64(limit)})
	if err != nil {
		return nil, v.failed(err, "events after", after)
	}
	events := make([]edge.Event, len(rows))
	for i, row := range rows {
		p, err := at(row.Seq, row.Hash)
		if err != nil {
			return nil, fmt.Errorf("read events after %d: %w", after, err)
		}
		events[i] = record(row)
		events[i].Hash = p.hash
	}
	return events, nil
}

// record is the event of a row, without its hash.
func record(row query.Event) edge.Event {
	e := edge.Event{
		Seq: row.Seq, Kind: edge.EventKind(row.Kind), Subject: edge.ID(row.Subject), Session: edge.ID(row.Session),
		Actor: edge.Actor(row.Actor), At: instant(row.At), Trusted: row.Trusted != 0,
	}
	if row.Body != "" {
		e.Body = json.RawMessage(row.Body)
	}
	return e
}

// Append implements [edge.Tx]. The time is kept to the millisecond, in what is stored and in what listeners see.
func (t *tx) Append(e edge.Event) (int64, error) {
	b := t.batch
	e.Seq, e.At = b.tail.seq+1, instant(e.At.UnixMilli())
	e.Hash = e.Chain(b.tail.hash)
	err := t.do("event", e.Kind, func() error {
		return t.q.AppendEvent(background(), query.AppendEventParams{
			Seq: e.Seq, Kind: string(e.Kind), Subject: string(e.Subject), Session: string(e.Session),
			Actor: string(e.Actor), At: e.At.UnixMilli(), Trusted: bit(e.Trusted), Body: string(e.Body),
			Hash: e.Hash[:],
		})
	})
	if err != nil {
		return 0, err
	}
	b.tail = position{seq: e.Seq, hash: e.Hash}
	b.events = append(b.events, e)
	return e.Seq, nil
}
