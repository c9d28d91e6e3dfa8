//go:build rig && !nopcsc && cgo

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// spoken is what a command says while it runs.
type spoken struct {
	mu sync.Mutex
	// text is guarded by mu.
	text bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// await waits until the command has said something after what was awaited before, and returns the rest.
func (s *spoken) await(t *testing.T, from int, words string) (next int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text := s.String()
		if at := strings.Index(text[from:], words); at >= 0 {
			return from + at + len(words)
		}
	}
	t.Fatalf("the command did not say %q after:\n%s", words, s)
	return 0
}

// TestRoomAtRealReaders sets up a room at the two slots of a real reader service while the device runs: both chips, torn,
// swapped and wrong tags. What phones then read seats guests over HTTP, once.
func TestRoomAtRealReaders(t *testing.T) {
	rig := nfctest.StartRig(t)
	b := newBench(t)
	base := b.serve(t, "1", "2", "Bar")

	one := virtual.NewDNA([7]byte{4, 0x51, 0x8D, 0xFA, 0xA9, 0x61, 1}, virtual.DNAOptions{})
	two := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, 2})
	bar := virtual.NewDNA([7]byte{4, 0x51, 0x8D, 0xFA, 0xA9, 0x61, 3}, virtual.DNAOptions{})

	var out, notes spoken
	keys, press := io.Pipe()
	settings, err := configs.Load(b.config)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{ctx: t.Context(), stdout: &out, stderr: &notes, commands: &commands{Config: b.config}}
	ended := make(chan error, 1)
	go func() {
		ended <- tagProvision{Tables: "1-6,7,bar", Copies: true, Wait: time.Minute, keys: keys}.Run(p)
	}()

	at := notes.await(t, 0, "Hold the tag for table 1 to the reader (1 of 4)")
	if _, err := appliance.HoldBench(settings); err == nil {
		t.Error("a second program may write tags")
	}
	one.TearAfter(25, true)
	rig.Insert(0, one)
	at = notes.await(t, at, "taken away too early")
	take(t, rig, 0)
	one.Return()
	rig.Insert(1, one) // at the other reader this time
	out.await(t, 0, "table 1: written, verified, protected: ntag424 04518DFAA96101")
	at = notes.await(t, at, "table 2")
	take(t, rig, 1)
	rig.Insert(0, virtual.NewType4([]byte{4, 9, 9, 9, 9, 9, 9}, nil))
	at = notes.await(t, at, "of a kind that cannot be set up")
	take(t, rig, 0)
	rig.Insert(0, one)
	at = notes.await(t, at, "belongs to table 1")
	say(t, press, "n")
	take(t, rig, 0)
	rig.Insert(0, two)
	out.await(t, 0, "table 2: written, verified, protected: ntag213")
	at = notes.await(t, at, "table 7")
	say(t, press, "s")
	at = notes.await(t, at, "table Bar")
	take(t, rig, 0)
	rig.Insert(0, bar)
	notes.await(t, at, "3 done, 1 skipped, 0 left")
	if err := <-ended; err == nil {
		t.Error("with a table skipped the command should end with 1")
	}
	take(t, rig, 0)

	for card, table := range map[nfc.Card]string{one: "1", two: "2", bar: "Bar"} {
		url := readAsPhone(t, card)
		if got, code := seatOver(t, base, url, "page"); got != table {
			t.Errorf("%s: seated at %q, %s; want %s", url, got, code, table)
		}
		if _, code := seatOver(t, base, url, "another"); card != nfc.Card(two) && code != "tap_replayed" {
			t.Errorf("%s again: got %q, want tap_replayed", url, code)
		}
	}
	rig.Insert(0, one)
	code, text, errs := b.run(t, "tag", "verify")
	if code != 0 || !strings.Contains(text, "keys     yes") || !strings.Contains(text, "message  yes") {
		t.Errorf("tag verify: exit %d\n%s%s", code, text, errs)
	}
	if code, text, errs := b.run(t, "tag", "retire", "--erase"); code != 0 {
		t.Errorf("tag retire --erase: exit %d\n%s%s", code, text, errs)
	}
	if code, _, errs := b.run(t, "tag", "verify"); code != 1 || !strings.Contains(errs, "erased") {
		t.Errorf("verify an erased tag: exit %d, %s", code, errs)
	}
	take(t, rig, 0)
	if code, text, _ := b.run(t, "tag", "list", "--all"); code != 0 || !strings.Contains(text, "erased") || !strings.Contains(text, "in use, signs") {
		t.Errorf("tag list: exit %d\n%s", code, text)
	}
}

// take removes the card from a slot and waits until the service has noticed, as it does while a hand reaches for the next.
func take(t *testing.T, rig *nfctest.Rig, slot int) {
	t.Helper()
	rig.Slot(slot).Remove()
	backend := pcsc.New()
	defer backend.Close()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		names, err := backend.Readers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		states, err := backend.Wait(t.Context(), []nfc.ReaderState{{Reader: names[slot]}}, 0)
		if err == nil && !states[0].Card {
			return
		}
	}
	t.Fatal("the service does not notice that the card is gone")
}

func say(t *testing.T, to io.Writer, letter string) {
	t.Helper()
	if _, err := io.WriteString(to, letter+"\n"); err != nil {
		t.Fatal(err)
	}
}

// serve runs the bench's device, with more tables, at an address of its own; its readers stay those of the service.
func (b bench) serve(t *testing.T, names ...string) (base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	text, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("127.0.0.1:0"), []byte(`"`+address+`"`), 1)
	if err := os.WriteFile(b.config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := configs.Load(b.config)
	if err != nil {
		t.Fatal(err)
	}
	device, err := appliance.Open(t.Context(), settings, appliance.Options{Listener: listener})
	if err != nil {
		t.Fatal(err)
	}
	var tables []edge.Table
	for _, name := range names {
		tables = append(tables, edge.Table{Name: name})
	}
	if _, err := device.Floor().AddTables(t.Context(), edge.System, tables); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- device.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		http.DefaultClient.CloseIdleConnections()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := device.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return "http://" + address
}

func readAsPhone(t *testing.T, card nfc.Card) string {
	t.Helper()
	if err := card.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := nfc.ReadTag(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	return content.URI
}

// seatOver brings an address to the device and gives the table, or the refusal's code.
func seatOver(t *testing.T, base, url, attempt string) (table, code string) {
	t.Helper()
	body, err := json.Marshal(api.SeatBody{Token: url[strings.LastIndex(url, "/")+1:], Attempt: attempt})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(base+"/api/guest/seat", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var got struct {
		Code string        `json:"code"`
		View api.GuestView `json:"view"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got.View.Table.Name, got.Code
}
