package appliance_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// notices is a socket of the device whose messages are told as they come.
func notices(b *testing.B, r *rig, path, protocol, key string) <-chan string {
	b.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{protocol}}
	ws, answer, err := dialer.DialContext(b.Context(), "ws"+strings.TrimPrefix(r.url, "http")+path, nil)
	if err != nil {
		b.Fatalf("dial %s: %v", path, err)
	}
	answer.Body.Close()
	b.Cleanup(func() { ws.Close() })
	if err := ws.WriteJSON(api.Hello{Type: "hello", Token: key}); err != nil {
		b.Fatal(err)
	}
	told := make(chan string, 100)
	go func() {
		defer close(told)
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			told <- string(raw)
		}
	}()
	<-told // what is shown at the start
	return told
}

func (r *rig) pairDisplay(b *testing.B, table edge.ID) string {
	b.Helper()
	code, err := r.Pair(edge.RoleDisplay, nil, table)
	if err != nil {
		b.Fatal(err)
	}
	answer, err := http.Post(r.url+"/api/pair", "application/json", strings.NewReader(fmt.Sprintf(`{"code":%q,"name":"D"}`, code)))
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var paired api.PairAnswer
	if err := json.NewDecoder(answer.Body).Decode(&paired); err != nil {
		b.Fatal(err)
	}
	return paired.Key
}

// BenchmarkTapToNotices is from a puck at the reader to the greeting on a display and to the notice on the floor
// screen, in milliseconds. The reader is played: a real one adds the time of its card's answers.
func BenchmarkTapToNotices(b *testing.B) {
	r := start(b, defaults(b))
	var display, floor []time.Duration
	const taps = 30
	tables, err := r.Floor().AddTables(b.Context(), edge.System, tablesNamed(taps))
	if err != nil {
		b.Fatal(err)
	}
	owner := notices(b, r, "/api/owner/live", "comanda.owner.v1", r.LocalKey())
	shown := notices(b, r, "/api/display/live", "comanda.display.v1", r.pairDisplay(b, tables[0].ID))
	for b.Loop() {
		for n, table := range tables {
			uid := fmt.Sprintf("04%012X", n+1)
			puck := edge.Tag{UID: uid, TableID: table.ID, Kind: edge.TagPuck}
			if err := r.Floor().EnrolTag(b.Context(), edge.System, puck); err != nil {
				b.Fatal(err)
			}
			for len(owner) > 0 {
				<-owner
			}
			began := time.Now()
			tapped := make(chan error, 1)
			go func() { tapped <- r.holdPuck(b, uid) }()
			until(b, owner, `"floor"`)
			floor = append(floor, time.Since(began))
			until(b, shown, `"table":"`+table.Name+`"`)
			display = append(display, time.Since(began))
			if err := <-tapped; err != nil {
				b.Fatal(err)
			}
		}
	}
	for name, times := range map[string][]time.Duration{"floor": floor, "display": display} {
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, name+"-p50-ms")
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, name+"-p99-ms")
	}
}

// holdPuck holds a puck to the reader for a moment.
func (r *rig) holdPuck(b *testing.B, uid string) error {
	raw, err := hex.DecodeString(uid)
	if err != nil {
		return err
	}
	return r.reader.Tap(b.Context(), raw, "")
}

func tablesNamed(n int) []edge.Table {
	tables := make([]edge.Table, n)
	for i := range tables {
		tables[i].Name = fmt.Sprint("T", i)
	}
	return tables
}

func until(b *testing.B, told <-chan string, part string) {
	b.Helper()
	for deadline := time.After(10 * time.Second); ; {
		select {
		case message := <-told:
			if strings.Contains(message, part) {
				return
			}
		case <-deadline:
			b.Fatalf("nothing with %s came", part)
		}
	}
}
