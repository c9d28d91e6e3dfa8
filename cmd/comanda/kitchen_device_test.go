package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
)

// tailHouse is a real device that the command line reaches as it reaches any other.
type tailHouse struct {
	*appliance.Device
	settings    configs.Settings
	config, url string
	guest       edge.ID
	keys        int
}

func openTailHouse(t *testing.T) *tailHouse {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	h := &tailHouse{config: filepath.Join(folder, "comanda.yaml"), url: "http://" + listener.Addr().String()}
	text := fmt.Sprintf("server: {listen: %q}\ndata: {directory: %q}\nreaders: {driver: none}\n", listener.Addr().String(), folder)
	if err := os.WriteFile(h.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := configs.Load(h.config)
	if err != nil {
		t.Fatal(err)
	}
	h.settings = settings
	if h.Device, err = appliance.Open(t.Context(), settings, appliance.Options{Listener: listener}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		h.Close()
	})
	h.furnish(t)
	return h
}

func (h *tailHouse) furnish(t *testing.T) {
	t.Helper()
	menu, problems := api.DecodeMenu(configs.SampleMenu, nil)
	if len(problems) > 0 {
		t.Fatalf("menu: %+v", problems)
	}
	if _, err := h.Floor().Publish(t.Context(), edge.System, menu); err != nil {
		t.Fatal(err)
	}
	tables, err := h.Floor().AddTables(t.Context(), edge.System, []edge.Table{{Name: "7", Kind: edge.KindTable}})
	if err != nil {
		t.Fatal(err)
	}
	seated, err := h.Floor().Seat(t.Context(), edge.SeatRequest{TableID: tables[0].ID, Presence: edge.PresenceProven, KeyHash: "x", Actor: edge.System})
	if err != nil {
		t.Fatal(err)
	}
	h.guest = seated.Guest.ID
}

// deviceOf is the paired device with the key.
func (h *tailHouse) deviceOf(t *testing.T, key string) (id edge.ID) {
	t.Helper()
	err := readStore(t.Context(), h.settings, func(v edge.View) error {
		device, err := v.DeviceByKey(access.Hash(key))
		id = device.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (h *tailHouse) order(t *testing.T) edge.Receipt {
	t.Helper()
	h.keys++
	receipt, err := h.Floor().Place(t.Context(), edge.PlaceRequest{
		Key: fmt.Sprint("key-", h.keys), Guest: h.guest, MenuVersion: 1, Lines: []edge.LineRequest{{Item: "trout", Quantity: 2}},
		AllergyNote: "fish bones",
	})
	if err != nil {
		t.Fatalf("Place: %v", err)
	}
	return receipt
}

// tailing runs the command until the test stops it.
type tailing struct {
	lines *bufio.Scanner
	stop  func() int
	errs  *bytes.Buffer
}

func tailWith(t *testing.T, args ...string) *tailing {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	out, in := io.Pipe()
	c := &tailing{lines: bufio.NewScanner(out), errs: &bytes.Buffer{}}
	c.lines.Buffer(nil, 1<<20)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, in, c.errs)
		in.Close()
	}()
	c.stop = sync.OnceValue(func() int {
		cancel()
		for c.lines.Scan() { // what it still wants to say
		}
		return <-code
	})
	t.Cleanup(func() { c.stop() })
	return c
}

// end waits until it ends by itself.
func (c *tailing) end() int {
	for c.lines.Scan() { // it says nothing more that matters
	}
	return c.stop()
}

// until reads lines up to one with the text.
func (c *tailing) until(t *testing.T, text string) string {
	t.Helper()
	var read []string
	for c.lines.Scan() {
		read = append(read, c.lines.Text())
		if strings.Contains(c.lines.Text(), text) {
			return strings.Join(read, "\n")
		}
	}
	t.Fatalf("it never said %q, but:\n%s\n%s", text, strings.Join(read, "\n"), c.errs)
	return ""
}

func TestKitchenTailOfThisMachine(t *testing.T) {
	h := openTailHouse(t)
	c := tailWith(t, "--config", h.config, "kitchen", "tail", "--stations", "grill", "--expo")
	c.until(t, ": 0 open")
	receipt := h.order(t)
	if text := c.until(t, "ALLERGY"); !strings.Contains(text, "── "+receipt.Number+" · table 7 · grill") || !strings.Contains(text, "!! ALLERGY: fish bones") {
		t.Errorf("of the order it says\n%s", text)
	}
	if err := h.Floor().Serve(t.Context(), edge.System, receipt.Order); err != nil {
		t.Fatal(err)
	}
	c.until(t, receipt.Number+" grill served")
	if code := c.stop(); code != 0 {
		t.Errorf("at Ctrl-C it ends with %d: %s", code, c.errs)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"--config", h.config, "kitchen", "tail", "--stations", "laundry"}, &out, &errs); code != 2 || !strings.Contains(errs.String(), "there are grill") {
		t.Errorf("an unknown station: ends with %d and %q, want 2 and what there is", code, &errs)
	}
	out.Reset()
	code := run(t.Context(), []string{"--config", h.config, "kitchen", "tail", "--json", "--once"}, &out, &errs)
	var snapshot api.KitchenSnapshot
	if err := json.Unmarshal(out.Bytes(), &snapshot); err != nil || code != 0 || snapshot.Type != "snapshot" || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("--json --once: ends with %d, %v, and %s", code, err, &out)
	}
}

func TestKitchenTailOfAnotherDevice(t *testing.T) {
	h := openTailHouse(t)
	code, err := h.Pair(edge.RoleKitchen, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "key")
	base := []string{"kitchen", "tail", "--device", h.url, "--key-file", key}
	c := tailWith(t, append(base, "--pair", code)...)
	c.until(t, ": 0 open")
	if code := c.stop(); code != 0 {
		t.Errorf("at Ctrl-C it ends with %d: %s", code, c.errs)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v, %v, want it for its owner only", info, err)
	}
	again := tailWith(t, base...)
	again.until(t, ": 0 open")
	text, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Floor().RemoveDevice(t.Context(), edge.System, h.deviceOf(t, strings.TrimSpace(string(text)))); err != nil {
		t.Fatal(err)
	}
	if code := again.end(); code != 1 || !strings.Contains(again.errs.String(), "Pair again") {
		t.Errorf("after its key was taken away it ends with %d and %q, want 1 and what to do", code, again.errs)
	}
	gone := tailWith(t, base...)
	if code := gone.end(); code != 1 || !strings.Contains(gone.errs.String(), "Pair again") {
		t.Errorf("with a key that was taken away it ends with %d and %q, want 1 and what to do", code, gone.errs)
	}
}
