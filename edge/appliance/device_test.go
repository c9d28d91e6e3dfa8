package appliance_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is one whole device in this process with a simulated reader and a display that draws into a file.
type rig struct {
	*appliance.Device
	settings configs.Settings
	reader   *sim.Reader
	url      string
	picture  string
	stop     func()
}

func defaults(t testing.TB) configs.Settings {
	t.Helper()
	settings, err := configs.Parse(nil)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	settings.Data.Directory = t.TempDir()
	settings.Server.BaseURL = "http://order.example.com"
	return settings
}

func start(t testing.TB, settings configs.Settings) *rig {
	t.Helper()
	r := &rig{settings: settings, picture: filepath.Join(settings.Data.Directory, "display.png")}
	backend := sim.New()
	r.reader = backend.Plug("Reader")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	r.url = "http://" + listener.Addr().String()
	r.Device, err = appliance.Open(t.Context(), settings, appliance.Options{Readers: backend, Listener: listener, Version: "test"})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx) }()
	stopped := false
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	t.Cleanup(r.stop)
	return r
}

func (r *rig) table(t *testing.T, name string) edge.Table {
	t.Helper()
	tables, err := r.Floor().AddTables(t.Context(), edge.System, []edge.Table{{Name: name}})
	if err != nil {
		t.Fatalf("AddTables: %v", err)
	}
	return tables[0]
}

func (r *rig) tap(t *testing.T, uid, address string) {
	t.Helper()
	raw, err := hex.DecodeString(uid)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.reader.Tap(t.Context(), raw, address); err != nil {
		t.Fatalf("Tap: %v", err)
	}
}

// await looks again until good.
func await(t *testing.T, what string, good func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if good() {
			return
		}
	}
	t.Fatalf("%s did not happen within 10 s", what)
}

func (r *rig) sessions(t *testing.T) []edge.Session {
	t.Helper()
	sessions, err := r.OpenSessions(t.Context())
	if err != nil {
		t.Fatalf("OpenSessions: %v", err)
	}
	return sessions
}

func (r *rig) state(t *testing.T) api.OwnerState {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/api/owner/state", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.LocalKey())
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("state: %v", err)
	}
	defer answer.Body.Close()
	var state api.OwnerState
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("state: %s, %v", answer.Status, err)
	}
	return state
}

func (r *rig) part(t *testing.T, id string) api.Part {
	t.Helper()
	for _, part := range r.state(t).Parts {
		if part.ID == id {
			return part
		}
	}
	t.Fatalf("there is no part %s", id)
	return api.Part{}
}

func TestTapOpensTheTableAndShowsIt(t *testing.T) {
	settings := defaults(t)
	settings.Displays = []configs.Display{{
		Name: "counter", Table: "7", Driver: "file",
		Settings: fmt.Appendf(nil, "path: %q\nwidth: 400\nheight: 300\n", filepath.Join(settings.Data.Directory, "display.png")),
	}}
	r := start(t, settings)
	seven, eight := r.table(t, "7"), r.table(t, "8")
	nfcWord, qrWord := access.NewWord(), access.NewWord()
	for word, medium := range map[string]edge.Medium{nfcWord: edge.MediumNFC, qrWord: edge.MediumQR} {
		if _, err := r.Floor().IssueToken(t.Context(), edge.System, seven.ID, medium, word); err != nil {
			t.Fatalf("IssueToken: %v", err)
		}
	}
	puck := edge.Tag{UID: "04AABBCCDDEEFF", TableID: eight.ID, Kind: edge.TagPuck}
	if err := r.Floor().EnrolTag(t.Context(), edge.System, puck); err != nil {
		t.Fatalf("EnrolTag: %v", err)
	}
	await(t, "table 7's code on the display", func() bool { return exists(r.picture) })
	before := read(t, r.picture)

	r.tap(t, "04010203040506", "http://ORDER.example.com/t/"+nfcWord)
	await(t, "a session at table 7", func() bool { return len(r.sessions(t)) == 1 })
	if got := r.sessions(t)[0]; got.Table != "7" || got.Presence != edge.PresenceProven {
		t.Errorf("got %+v, want table 7, proven", got)
	}
	r.tap(t, puck.UID, "")
	await(t, "a session at table 8", func() bool { return len(r.sessions(t)) == 2 })
	await(t, "table 8 on the display", func() bool { return !bytes.Equal(before, read(t, r.picture)) })
}

func TestTapsThatOpenNothing(t *testing.T) {
	r := start(t, defaults(t))
	table := r.table(t, "7")
	old, word := access.NewWord(), access.NewWord()
	for _, w := range []string{old, word} {
		if _, err := r.Floor().IssueToken(t.Context(), edge.System, table.ID, edge.MediumNFC, w); err != nil {
			t.Fatalf("IssueToken: %v", err)
		}
	}
	disowned := edge.Tag{UID: "04777777777777", TableID: table.ID, Kind: edge.TagTable, Token: old}
	if err := r.Floor().TagWritten(t.Context(), edge.System, disowned); err != nil {
		t.Fatalf("TagWritten: %v", err)
	}
	for name, tap := range map[string][2]string{
		"another house":      {"04010203040501", "http://elsewhere.example/t/" + word},
		"guessed token":      {"04010203040502", "http://order.example.com/t/guessed-guessed-guessed"},
		"no content":         {"04010203040503", ""},
		"a phone":            {"08010203", ""},
		"a retired token":    {"04010203040504", "http://order.example.com/t/" + old},
		"a disowned tag":     {disowned.UID, "http://order.example.com/t/" + old},
		"a dangerous scheme": {"04010203040505", "javascript:alert(1)"},
	} {
		r.tap(t, tap[0], tap[1])
		time.Sleep(100 * time.Millisecond) // the tap is over; nothing may come of it
		if sessions := r.sessions(t); len(sessions) != 0 {
			t.Fatalf("%s opened %+v", name, sessions)
		}
	}
	// The reader still works: the same house's valid tag opens the table.
	r.tap(t, "04010203040509", "http://order.example.com/t/"+word)
	await(t, "a session", func() bool { return len(r.sessions(t)) == 1 })
}

func TestTapsWaitWhileTagsAreWritten(t *testing.T) {
	r := start(t, defaults(t))
	table := r.table(t, "7")
	word := access.NewWord()
	if _, err := r.Floor().IssueToken(t.Context(), edge.System, table.ID, edge.MediumNFC, word); err != nil {
		t.Fatalf("IssueToken: %v", err)
	}
	release, err := appliance.HoldBench(r.settings)
	if err != nil {
		t.Fatalf("HoldBench: %v", err)
	}
	if _, err := appliance.HoldBench(r.settings); err == nil {
		t.Error("two programs hold the bench")
	}
	r.tap(t, "04010203040501", "http://order.example.com/t/"+word)
	time.Sleep(200 * time.Millisecond) // the tap is over; nothing may come of it
	if sessions := r.sessions(t); len(sessions) != 0 {
		t.Errorf("a tag that was being written opened %+v", sessions)
	}
	if err := release(); err != nil {
		t.Fatalf("release: %v", err)
	}
	r.tap(t, "04010203040502", "http://order.example.com/t/"+word)
	await(t, "a session", func() bool { return len(r.sessions(t)) == 1 })
}

func TestBrokenPartsAreLinesNotFailures(t *testing.T) {
	settings := defaults(t)
	settings.Channels = map[string]configs.Section{
		"telegram": []byte("usernme: Typo\n"), "pigeon": []byte("{}"),
	}
	settings.Displays = []configs.Display{{Name: "wall", Table: "7", Driver: "hologram"}}
	r := start(t, settings)
	for id, want := range map[string]string{
		"channel:telegram": "usernme", "channel:pigeon": "no messenger", "display:wall": "hologram",
	} {
		if part := r.part(t, id); part.State != "down" || !strings.Contains(part.Text, want) {
			t.Errorf("%s: got %+v, want it down and to name %q", id, part, want)
		}
	}
	for _, id := range []string{"database", "disk", "clock", "readers"} {
		if part := r.part(t, id); part.State != "ok" {
			t.Errorf("%s: got %+v, want ok", id, part)
		}
	}
}

func TestRestartKeepsKeysAndCodes(t *testing.T) {
	settings := defaults(t)
	r := start(t, settings)
	table := r.table(t, "7")
	word, key := access.NewWord(), r.LocalKey()
	if _, err := r.Floor().IssueToken(t.Context(), edge.System, table.ID, edge.MediumQR, word); err != nil {
		t.Fatalf("IssueToken: %v", err)
	}
	r.stop()
	again := start(t, settings)
	if again.LocalKey() != key {
		t.Error("the key of this machine changed")
	}
	if found, err := again.Floor().TableOf(t.Context(), word); err != nil || found.ID != table.ID {
		t.Errorf("TableOf after a restart: got %+v, %v", found, err)
	}
	if info, err := os.Stat(appliance.LocalKeyPath(settings)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the local key's file: %v, %v; want mode 0600", info.Mode(), err)
	}
	if owned, err := again.Owned(t.Context()); err != nil || owned {
		t.Errorf("Owned: got %t, %v; want a house nobody owns yet", owned, err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTokenIn(t *testing.T) {
	const base = "https://order.example.com"
	tests := map[string]struct {
		address string
		token   string
		ok      bool
	}{
		"ours":           {"https://order.example.com/t/Abc_-9", "Abc_-9", true},
		"capitals":       {"HTTPS://ORDER.EXAMPLE.COM/T/ABCD2345", "ABCD2345", true},
		"with a mirror":  {"https://order.example.com/t/abc?e=00&c=11", "abc", true},
		"another host":   {"https://order.example.com.evil.example/t/abc", "", false},
		"user in front":  {"https://order.example.com@evil.example/t/abc", "", false},
		"user of ours":   {"https://x@order.example.com/t/abc", "", false},
		"another scheme": {"http://order.example.com/t/abc", "", false},
		"another path":   {"https://order.example.com/x/abc", "", false},
		"no token":       {"https://order.example.com/t/", "", false},
		"more path":      {"https://order.example.com/t/abc/def", "", false},
		"script":         {"javascript:alert(1)", "", false},
		"nothing":        {"", "", false},
		"not an address": {"https://%zz", "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			token, ok := appliance.TokenIn(base, test.address)
			if ok != test.ok || (ok && token != test.token) {
				t.Errorf("TokenIn(%q): got %q, %t; want %q, %t", test.address, token, ok, test.token, test.ok)
			}
		})
	}
}

func FuzzTokenIn(f *testing.F) {
	f.Add("https://order.example.com/t/abc")
	f.Add("HTTPS://ORDER.EXAMPLE.COM/T/%41")
	f.Fuzz(func(t *testing.T, address string) {
		if token, ok := appliance.TokenIn("https://order.example.com", address); ok && (token == "" || strings.Contains(token, "/")) {
			t.Errorf("TokenIn(%q): got %q", address, token)
		}
	})
}
