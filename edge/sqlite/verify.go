package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// VerifyReport is what a walk along the journal found.
type VerifyReport struct {
	// Events is how many records were good, from the first on.
	Events int64
	// Head is the hash of the last good record. Kept elsewhere, it proves later that nothing before it was changed.
	Head [32]byte
	// Broken is the Seq of the first record that is not as it was written, 0 when all are. Fault says what is wrong
	// with it.
	Broken int64
	Fault  string
}

// verifyPage is how many records are in memory at a time.
const verifyPage = 1000

// Verify walks along the whole journal and proves that no record was changed, removed, exchanged or slipped in
// (design D1). A broken chain is no error: the report tells where it breaks. Orders go on meanwhile.
//
// Somebody who may write the file and knows the chain can make a consistent one of their own; against that, compare
// Head with a copy kept elsewhere.
func (s *Store) Verify(ctx context.Context) (VerifyReport, error) { return s.reader.Verify(ctx) }

// Verify is [Store.Verify].
func (r *Reader) Verify(ctx context.Context) (VerifyReport, error) {
	var report VerifyReport
	err := r.use(ctx, func(l *link) (err error) {
		report, err = verify(ctx, l.q)
		return err
	})
	if err != nil {
		return report, fmt.Errorf("verify journal: %w", explain(err))
	}
	return report, nil
}

func verify(ctx context.Context, q *query.Queries) (VerifyReport, error) {
	var good position
	for {
		if err := ctx.Err(); err != nil {
			return VerifyReport{Events: good.seq, Head: good.hash}, err
		}
		rows, err := q.Events(background(), query.EventsParams{Seq: good.seq, Limit: verifyPage})
		if err != nil {
			return VerifyReport{Events: good.seq, Head: good.hash}, fmt.Errorf("read after %d: %w", good.seq, err)
		}
		for _, row := range rows {
			next, fault := follows(good, row)
			if fault != "" {
				return VerifyReport{Events: good.seq, Head: good.hash, Broken: good.seq + 1, Fault: fault}, nil
			}
			good = next
		}
		if len(rows) < verifyPage {
			return ends(ctx, q, good)
		}
	}
}

// follows gives the position after the row, or says why the row is not what follows the position before.
func follows(before position, row query.Event) (position, string) {
	if row.Seq != before.seq+1 {
		return before, fmt.Sprintf("record %d is missing; the next one there is %d", before.seq+1, row.Seq)
	}
	e := record(row)
	want := position{seq: row.Seq, hash: e.Chain(before.hash)}
	if got, err := at(row.Seq, row.Hash); err != nil || got != want {
		return before, fmt.Sprintf("record %d does not have the hash of its content", row.Seq)
	}
	return want, ""
}

// ends compares where the journal ends with where it should.
func ends(ctx context.Context, q *query.Queries, good position) (VerifyReport, error) {
	report := VerifyReport{Events: good.seq, Head: good.hash}
	head, err := q.Head(ctx)
	if err != nil {
		return report, fmt.Errorf("read the journal's head: %w", err)
	}
	want, err := at(head.Seq, head.Hash)
	switch {
	case err == nil && want == good:
	case head.Seq > good.seq:
		report.Broken = good.seq + 1
		report.Fault = fmt.Sprintf("records %d to %d are missing at the end", good.seq+1, head.Seq)
	default:
		report.Broken = max(good.seq, 1)
		report.Fault = fmt.Sprintf("record %d was not the last one when it was written", good.seq)
	}
	return report, nil
}

// Check reads the whole file and looks for damage: pages, indexes, and references between tables. It takes a while
// on a large file and belongs to a quiet hour; orders go on meanwhile. Damage is [ErrCorrupt].
func (s *Store) Check(ctx context.Context) error { return s.reader.Check(ctx) }

// Check is [Store.Check].
func (r *Reader) Check(ctx context.Context) error {
	return r.use(ctx, func(l *link) error { return l.check(ctx) })
}

func (l *link) check(ctx context.Context) error {
	pages, err := l.faults(ctx, "PRAGMA integrity_check(10)", 1)
	if err != nil {
		return err
	}
	references, err := l.faults(ctx, "PRAGMA foreign_key_check", 4)
	if err != nil {
		return err
	}
	if faults := append(pages, references...); len(faults) > 0 {
		return fmt.Errorf("%w: %s", ErrCorrupt, strings.Join(faults, "; "))
	}
	return nil
}

// faults runs a pragma that gives a row of so many columns per fault, or one row "ok".
func (l *link) faults(ctx context.Context, pragma string, columns int) ([]string, error) {
	rows, err := l.conn.QueryContext(ctx, pragma)
	if err != nil {
		return nil, fmt.Errorf("check file: %w", explain(err))
	}
	defer func() { _ = rows.Close() }() // what can go wrong is in Err
	var faults []string
	texts, into := make([]sql.NullString, columns), make([]any, columns)
	for i := range texts {
		into[i] = &texts[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("check file: %w", err)
		}
		if texts[0].String == "ok" {
			continue
		}
		var words []string
		for _, text := range texts {
			words = append(words, text.String)
		}
		faults = append(faults, strings.Join(words, " "))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("check file: %w", explain(err))
	}
	return faults, nil
}
