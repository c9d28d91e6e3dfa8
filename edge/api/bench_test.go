package api_test

import (
	"database/sql"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

const benchScreens = 10

// frames counts every message that carries something on a screen, until the socket is closed.
func frames(ws *websocket.Conn) <-chan struct{} {
	out := make(chan struct{}, 1024)
	go func() {
		defer close(out)
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			if len(raw) > 150 { // a tick is shorter
				out <- struct{}{}
			}
		}
	}()
	return out
}

// report gives the distribution of the times.
func report(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	at := func(q float64) float64 { return float64(times[int(q*float64(len(times)-1))].Microseconds()) }
	b.ReportMetric(at(0.5), "p50-µs")
	b.ReportMetric(at(0.99), "p99-µs")
}

// BenchmarkOrderToTenScreens measures from sending an order to its frame on the last of ten screens. Compare it with
// BenchmarkFloorToTenScreens in the same run: absolute figures say nothing on a shared machine.
func BenchmarkOrderToTenScreens(b *testing.B) {
	h := newHouse(b)
	var screens []<-chan struct{}
	for range benchScreens {
		w, _ := h.kitchenScreen(api.KitchenHello{})
		screens = append(screens, frames(w.ws))
	}
	guest := h.sit()
	var times []time.Duration
	for b.Loop() {
		h.shift.Add(int64(3 * time.Second))
		if len(times)%1000 == 999 {
			guest = h.sit()
		}
		began := time.Now()
		receipt := h.order(guest, 2)
		for _, s := range screens {
			<-s
		}
		times = append(times, time.Since(began))
		h.must(h.floor.Serve(b.Context(), edge.System, receipt.Order))
		for _, s := range screens {
			<-s
		}
	}
	report(b, times)
}

// BenchmarkFloorToTenScreens is the smallest server with the same promise: parse, one durable commit, one frame to
// each screen.
func BenchmarkFloorToTenScreens(b *testing.B) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE o (id INTEGER PRIMARY KEY, body TEXT) STRICT`); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare(`INSERT INTO o (body) VALUES (?)`)
	if err != nil {
		b.Fatal(err)
	}
	var conns []*websocket.Conn
	upgrader := websocket.Upgrader{}
	mux := http.NewServeMux()
	joined := make(chan *websocket.Conn, benchScreens)
	mux.HandleFunc("/live", func(w http.ResponseWriter, r *http.Request) {
		if ws, err := upgrader.Upgrade(w, r, nil); err == nil {
			joined <- ws
		}
	})
	mux.HandleFunc("/order", func(w http.ResponseWriter, r *http.Request) {
		var body api.OrderBody
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		raw, _ := json.Marshal(struct {
			api.OrderBody
			Padding string
		}{body, string(make([]byte, 40))})
		if _, err := insert.Exec(string(raw)); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		for _, ws := range conns {
			_ = ws.WriteMessage(websocket.TextMessage, raw)
		}
		_, _ = w.Write([]byte(`{}`))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(listener) }()
	defer func() { server.Close(); <-served }()
	var screens []<-chan struct{}
	for range benchScreens {
		ws, _, err := websocket.DefaultDialer.Dial("ws://"+listener.Addr().String()+"/live", nil)
		if err != nil {
			b.Fatal(err)
		}
		conns = append(conns, <-joined)
		screens = append(screens, frames(ws))
		defer ws.Close()
	}
	h := &house{t: b, url: "http://" + listener.Addr().String(), client: &http.Client{}}
	defer h.client.CloseIdleConnections()
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		h.want(http.StatusOK, "POST", "/order", "", burger(newKey(), 2))
		for _, s := range screens {
			<-s
		}
		times = append(times, time.Since(began))
	}
	report(b, times)
	for _, ws := range conns {
		ws.Close()
	}
}
