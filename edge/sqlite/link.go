package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// link is one connection to the file with its statements ready. It is used by one goroutine at a time.
type link struct {
	db   *sql.DB
	conn *sql.Conn
	q    *query.Queries
	ready
}

// ready are the statements that frame transactions.
type ready struct {
	begin, commit, rollback, savepoint, release, undo *sql.Stmt
}

const (
	writing = "mode=rw&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate&_busy_timeout=5000" +
		"&_cache_size=-8000"
	reading = "mode=ro&_query_only=on&_busy_timeout=5000"
)

// tune is set on the writing connection. Savepoints' undo pages stay in memory. The log is folded into the file
// every 4,000 pages (16 MB): rarely enough that pages changed by every order are written once for many of them.
const tune = `PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432;`

// dial opens one connection; statements are not prepared yet.
func dial(ctx context.Context, path, parameters string) (*link, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: absolute}).EscapedPath()+"?"+parameters)
	if err != nil {
		return nil, fmt.Errorf("open connection: %w", err)
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open connection: %w", err), db.Close())
	}
	return &link{db: db, conn: conn}, nil
}

// connect opens one connection with all its statements.
func connect(ctx context.Context, path, parameters string) (*link, error) {
	l, err := dial(ctx, path, parameters)
	if err != nil {
		return nil, err
	}
	begin := "BEGIN"
	if parameters == writing {
		begin = "BEGIN IMMEDIATE"
		if _, err := l.conn.ExecContext(ctx, tune); err != nil {
			return nil, errors.Join(fmt.Errorf("tune connection: %w", err), l.close())
		}
	}
	if err := l.prepare(ctx, begin); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare statements: %w", err), l.close())
	}
	return l, nil
}

func (l *link) prepare(ctx context.Context, begin string) error {
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&l.begin, begin},
		{&l.commit, "COMMIT"},
		{&l.rollback, "ROLLBACK"},
		{&l.savepoint, "SAVEPOINT change"},
		{&l.release, "RELEASE change"},
		{&l.undo, "ROLLBACK TO change"},
	} {
		stmt, err := l.conn.PrepareContext(ctx, s.text) //nolint:sqlclosecheck // the link closes it
		if err != nil {
			return fmt.Errorf("prepare %s: %w", s.text, err)
		}
		*s.into = stmt
	}
	q, err := query.Prepare(ctx, l.conn)
	l.q = q
	return err
}

// close ends the connection; statements that belong to it end with it.
func (l *link) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{l.begin, l.commit, l.rollback, l.savepoint, l.release, l.undo} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	if l.q != nil {
		errs = append(errs, l.q.Close())
	}
	return errors.Join(append(errs, l.conn.Close(), l.db.Close())...)
}

// run executes a statement of the frame. It cannot be cut off: the state of the transaction must stay known.
func run(stmt *sql.Stmt) error {
	_, err := stmt.ExecContext(background())
	return err
}

// background is what statements run under: each is short, and one that is cut off in the middle would leave its
// transaction in doubt. It also spares the driver a goroutine per statement.
func background() context.Context { return context.Background() }
