package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"github.com/comanda-pos/comanda/edge/api"
)

// floor is the smallest server that keeps the device's promise: an order is parsed, committed as one row, shown on
// every screen and then acknowledged. It knows no rules, prices, tickets, keys or journal.
type floor struct {
	db     *sql.DB
	insert *sql.Stmt
	queue  chan *taken
	group  bool // what waits shares a commit; without, every order has its own
	rows   int  // how often each order is written

	mu      sync.Mutex // guards screens
	screens map[chan []byte]struct{}
}

// taken is an order on its way.
type taken struct {
	raw  []byte
	id   int64
	done chan error // room for one
}

// serveFloor is the process of the floor.
func serveFloor(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("floor", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := flags.String("file", "", "the database")
	group := flags.Bool("group", true, "let orders share a commit")
	rows := flags.Int("rows", 1, "write each order as often")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// The device's own settings, so that both wait for the same disk.
	db, err := sql.Open("sqlite3", "file:"+*file+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_cache_size=-8000")
	if err != nil {
		return fmt.Errorf("open the floor's file: %w", err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1) // so that begin, insert and commit are on the same
	if _, err := db.ExecContext(ctx, `PRAGMA wal_autocheckpoint = 4000;
		CREATE TABLE placed_order (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT`); err != nil {
		return fmt.Errorf("make the floor's table: %w", err)
	}
	insert, err := db.PrepareContext(ctx, "INSERT INTO placed_order (body) VALUES (?)")
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	defer func() { _ = insert.Close() }()
	f := &floor{db: db, insert: insert, queue: make(chan *taken, 1024), group: *group, rows: *rows, screens: map[chan []byte]struct{}{}}
	var writer sync.WaitGroup
	writer.Go(f.write)
	err = f.listen(ctx, stderr)
	close(f.queue)
	writer.Wait()
	return err
}

func (f *floor) listen(ctx context.Context, stderr io.Writer) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/guest/orders", f.place)
	mux.HandleFunc("GET /api/kitchen/live", f.screen)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := api.Server("", mux)
	slog.New(slog.NewTextHandler(stderr, nil)).Info("ready", "url", "http://"+listener.Addr().String())
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	err = server.Shutdown(end)
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func (f *floor) place(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var order api.OrderBody
	if err == nil {
		err = json.Unmarshal(raw, &order)
	}
	if err != nil || len(order.Lines) == 0 {
		http.Error(w, "not an order", http.StatusBadRequest)
		return
	}
	t := &taken{raw: raw, done: make(chan error, 1)}
	f.queue <- t
	if err := <-t.done; err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	id := strconv.FormatInt(t.id, 10)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"order":"`+id+`","number":"`+id+`"}`)
}

// write commits what waits, one batch after the other.
func (f *floor) write() {
	for first := range f.queue {
		batch := []*taken{first}
		for f.group && len(batch) < 256 && len(f.queue) > 0 {
			batch = append(batch, <-f.queue)
		}
		err := f.commit(batch)
		if err == nil {
			f.show(batch)
		}
		for _, t := range batch {
			t.done <- err
		}
	}
}

func (f *floor) commit(batch []*taken) error {
	ctx := context.Background() // a commit is not cut off
	if _, err := f.db.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, t := range batch {
		for range f.rows {
			result, err := f.insert.ExecContext(ctx, string(t.raw))
			if err == nil {
				t.id, err = result.LastInsertId()
			}
			if err != nil {
				_, undo := f.db.ExecContext(ctx, "ROLLBACK")
				return errors.Join(err, undo)
			}
		}
	}
	_, err := f.db.ExecContext(ctx, "COMMIT")
	return err
}

// show hands one frame with the whole batch to every screen; a screen that is behind is dropped.
func (f *floor) show(batch []*taken) {
	frame := []byte(`{"type":"change","orders":[`)
	for i, t := range batch {
		if i > 0 {
			frame = append(frame, ',')
		}
		frame = append(frame, t.raw...)
	}
	frame = append(frame, "]}"...)
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.screens {
		select {
		case s <- frame:
		default:
			delete(f.screens, s)
			close(s)
		}
	}
}

// screen sends frames until the screen is behind or gone.
func (f *floor) screen(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{Subprotocols: []string{"comanda.kitchen.v1"}, WriteBufferSize: 4096}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = ws.Close() }()
	if _, _, err := ws.ReadMessage(); err != nil { // hello
		return
	}
	frames := make(chan []byte, 256)
	frames <- []byte(`{"type":"snapshot"}`)
	f.mu.Lock()
	f.screens[frames] = struct{}{}
	f.mu.Unlock()
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for err == nil {
		select {
		case frame, ok := <-frames:
			if !ok {
				return
			}
			err = ws.WriteMessage(websocket.TextMessage, frame)
		case <-tick.C:
			err = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"tick"}`))
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.screens, frames)
}
