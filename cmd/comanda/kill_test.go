package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/cmd/internal/client/process"
	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// TestKill ends the real device with SIGKILL at random instants while guests order and a kitchen works, and then
// compares what the device has with what everybody outside wrote down for themselves: nothing acknowledged may be
// missing, nothing may be there twice.
//
// That it can fail was tried with changed copies of the program: one that answered before its commit lost orders and
// bumps; one that kept the answer to a key in a commit of its own doubled orders; one that made the tickets in a
// commit of their own lost tickets. SIGKILL leaves the system's cache alone, so a missing fsync is not found here but
// by a power cut only.
func TestKill(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 25
	}
	h := openKillHouse(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for _, g := range h.guests {
		wg.Go(func() { g.visit(ctx, stop) })
	}
	cooking, stopScreen := context.WithCancel(ctx)
	defer stopScreen()
	var screenEnded error
	screens := sync.WaitGroup{}
	screens.Go(func() { screenEnded = h.screen.Serve(cooking) })
	for _, c := range h.cooks {
		wg.Go(func() { c.cook(ctx, h.screen, stop) })
	}
	early := 0
	for n := range kills {
		time.Sleep(150*time.Millisecond + rand.N(250*time.Millisecond))
		if err := h.device.Kill(); err != nil {
			t.Fatalf("kill %d: %v", n+1, err)
		}
		if n%5 == 4 && h.killEarly(ctx) {
			early++
		}
		h.start(ctx)
	}
	close(stop)
	wg.Wait()
	stopScreen()
	screens.Wait()
	if screenEnded != nil {
		t.Errorf("the kitchen's screen gave up: %v", screenEnded)
	}
	h.checkFromOutside(ctx)
	if err := h.device.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
	h.checkFile(ctx)
	h.checkJournal(ctx)
	t.Logf("%d kills, %d of them while starting; %s", kills, early, h.tally())
}

// killHouse is a house with its guests and cooks, who keep records of their own.
type killHouse struct {
	*testing.T
	binary, config, data, base string

	device *process.Process
	client *client.Client
	screen *client.Screen
	guests []*killGuest
	cooks  []*killCook

	starts   int
	starting time.Duration // all starts together
}

const (
	killTables = 4
	killGuests = 16
	killCooks  = 6
)

func openKillHouse(t *testing.T) *killHouse {
	t.Helper()
	dir := t.TempDir()
	h := &killHouse{
		T: t, binary: filepath.Join(dir, "comanda"), config: filepath.Join(dir, "comanda.yaml"), data: filepath.Join(dir, "data"),
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", h.binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the device: %v\n%s", err, out)
	}
	port := quietPort(t)
	h.base = "http://127.0.0.1:" + port
	settings := fmt.Sprintf("server: {listen: \"127.0.0.1:%s\", base_url: %q}\ndata: {directory: %q}\n"+
		"guests: {printed: straight_to_kitchen, max_open_orders: 1000}\nreaders: {driver: none}\n", port, h.base, h.data)
	if err := os.WriteFile(h.config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	codes := filepath.Join(dir, "codes.json")
	h.start(t.Context(), "--pairing-file", codes)
	t.Cleanup(func() {
		if t.Failed() {
			_ = h.device.Kill() // it may have ended long ago
		}
	})
	c, err := client.New(h.base, client.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	h.client = c
	h.furnish(codes)
	return h
}

// quietPort finds a free port below those that the system gives to clients: while the device is dead, a client
// that tries to reach it must not be given the device's own port.
func quietPort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := fmt.Sprint(20000 + rand.IntN(10000))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return ""
}

// start runs the device until it is ready.
func (h *killHouse) start(ctx context.Context, arguments ...string) {
	h.Helper()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	p, err := process.Start(ctx, h.binary, append([]string{"--config", h.config, "serve"}, arguments...), nil)
	if err != nil {
		h.Fatalf("start: %v", err)
	}
	h.device = p
	h.starts++
	h.starting += p.Ready.Sub(p.Started)
}

// killEarly starts the device and kills it before, or just after, it is ready. It reports whether it was before.
func (h *killHouse) killEarly(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond+rand.N(60*time.Millisecond))
	defer cancel()
	p, err := process.Start(ctx, h.binary, []string{"--config", h.config, "serve"}, nil)
	if err != nil {
		return true // not ready in time: Start has killed it
	}
	if err := p.Kill(); err != nil {
		h.Fatal(err)
	}
	return false
}

// furnish pairs the owner and the kitchen, makes menu and tables, and seats the guests.
func (h *killHouse) furnish(file string) {
	h.Helper()
	ctx := h.Context()
	raw, err := os.ReadFile(file)
	if err != nil {
		h.Fatal(err)
	}
	codes := map[edge.Role]string{}
	if err := json.Unmarshal(raw, &codes); err != nil {
		h.Fatalf("pairing file %q: %v", raw, err)
	}
	paired, err := h.client.Pair(ctx, codes[edge.RoleOwner], "owner")
	if err != nil {
		h.Fatalf("pair the owner: %v", err)
	}
	owner := h.client.Owner(paired.Key)
	kitchen, err := h.client.Pair(ctx, codes[edge.RoleKitchen], "kitchen")
	if err != nil {
		h.Fatalf("pair the kitchen: %v", err)
	}
	h.screen = h.client.Screen(kitchen.Key)
	h.screen.Patience = 50 * time.Millisecond
	menu, err := owner.PublishMenu(ctx, configs.SampleMenu)
	if err != nil {
		h.Fatalf("publish the menu: %v", err)
	}
	var wanted []api.NewTable
	for n := range killTables {
		wanted = append(wanted, api.NewTable{Name: fmt.Sprint("K", n+1), Kind: edge.KindTable})
	}
	wanted = append(wanted, api.NewTable{Name: "Counter", Kind: edge.KindCounter})
	tables, err := owner.AddTables(ctx, wanted)
	if err != nil {
		h.Fatalf("add tables: %v", err)
	}
	for n := range killGuests {
		g := &killGuest{t: h.T, number: n, menu: menu, guest: h.client.Guest(""), records: map[string]*killRecord{}}
		if _, err := g.guest.Seat(ctx, tables[n%len(tables)].Tokens[0].Token, "en"); err != nil {
			h.Fatalf("seat guest %d: %v", n, err)
		}
		h.guests = append(h.guests, g)
	}
	for n := range killCooks {
		h.cooks = append(h.cooks, &killCook{t: h.T, number: n, done: map[edge.ID]bool{}})
	}
}
