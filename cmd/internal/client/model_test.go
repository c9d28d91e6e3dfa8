package client_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
)

// TestScreensAgreeWhateverHappensToTheirLines drives a real device with real screens at the end of real cables at
// random: orders, presses, cancellations, lines that are cut, stalled, slow, refused or half closed, restarts of the
// device, one press sent over two lines, two screens at one ticket. Whenever it is quiet again, every screen shows what
// the store has and what the journal tells.
//
// It runs few times by itself; more: go test -run Whatever ./cmd/internal/client -rapid.checks=500. What a seed repeats
// are the steps, not how the goroutines interleave.
func TestScreensAgreeWhateverHappensToTheirLines(t *testing.T) {
	few(t, 8, 60)
	house := modelTemplate(t)
	var tally tally
	rapid.Check(t, func(t *rapid.T) {
		k := openKitchen(t, house, &tally)
		defer k.close()
		for range 3 {
			k.order(t)
		}
		t.Repeat(map[string]func(*rapid.T){
			"order": k.order, "order more": k.order, "order again": k.order, "accept": k.orderPress("accept"), "reject": k.orderPress("reject"),
			"start": k.start, "bump": k.bump, "bump another": k.bump, "bump items": k.bumpItems, "recall": k.recall,
			"fire": k.orderPress("fire"), "hold": k.orderPress("hold"), "rush": k.orderPress("rush"), "collect": k.orderPress("collect"),
			"serve": k.orderPress("serve"), "serve a ticket": k.atTicket("serve"), "fire a ticket": k.atTicket("fire"),
			"hold a ticket": k.atTicket("hold"), "collect a ticket": k.atTicket("collect"), "remake": k.remake,
			"cancel": k.cancelSome, "stock": k.stock, "press twice": k.twice, "rivals": k.rivals,
			"repeat a press": k.repeat, "seen": k.seen,
			"cut": k.cut, "stall": k.mistreat(stalled), "slow": k.mistreat(slow), "refuse": k.mistreat(refusing),
			"half-close": k.half, "mend": k.mistreat(whole), "restart": k.restart, "be quiet": k.quiet, "": k.faultless,
		})
		k.quiet(t)
	})
	t.Log(&tally)
}

// few makes rapid run a property a few times only, and says the seed, unless the command line says otherwise.
func few(t *testing.T, checks, steps int) {
	t.Helper()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{
		"rapid.checks": strconv.Itoa(checks), "rapid.steps": strconv.Itoa(steps), "rapid.seed": strconv.FormatUint(rand.Uint64N(1<<62)+1, 10), "rapid.nofailfile": "true", "rapid.shrinktime": "10s",
	} {
		if given[name] {
			continue
		}
		f := flag.Lookup(name)
		before := f.Value.String()
		if err := f.Value.Set(value); err != nil {
			t.Fatalf("set %s: %v", name, err)
		}
		t.Cleanup(func() { _ = f.Value.Set(before) })
	}
	t.Logf("-rapid.checks=%s -rapid.seed=%s", flag.Lookup("rapid.checks").Value, flag.Lookup("rapid.seed").Value)
}

// tally is how much was tried in all runs.
type tally struct {
	orders, presses, repeats, cuts, restarts, quiet, snapshots, resumed atomic.Int64
}

func (n *tally) String() string {
	return fmt.Sprintf("%d orders, %d presses, %d of them repeated, %d mistreated cables, %d restarts; agreed %d times; %d snapshots, %d resumed",
		n.orders.Load(), n.presses.Load(), n.repeats.Load(), n.cuts.Load(), n.restarts.Load(), n.quiet.Load(), n.snapshots.Load(), n.resumed.Load())
}

// service is one run of the model.
type service struct {
	house   *template
	folder  string
	tally   *tally
	ctx     context.Context //nolint:containedctx // it is the run's
	cancel  context.CancelFunc
	device  *running
	screens []*modelScreen
	orders  []edge.ID
	presses []*modelPress
	pending sync.WaitGroup
	keys    int
}

// modelPress is one intention at one device, sent once or more.
type modelPress struct {
	device  edge.ID
	key     string
	message any
	kind    string
	ticket  edge.ID // "" for what concerns orders and stock

	mu      sync.Mutex // guards answers
	answers []modelAnswer
	sent    int
}

type modelAnswer struct {
	seq int64
	err error
}

func openKitchen(t *rapid.T, house *template, tally *tally) *service {
	folder, err := os.MkdirTemp("", "comanda-kitchen-*")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, os.DirFS(house.folder)); err != nil {
		t.Fatal(err)
	}
	k := &service{house: house, folder: folder, tally: tally}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	if k.device, err = run(k.ctx, k.settings()); err != nil {
		t.Fatal(err)
	}
	for n := range modelPlan {
		k.screens = append(k.screens, house.screen(k.ctx, t, n, k.device.address))
	}
	return k
}

func (k *service) settings() configs.Settings {
	settings := k.house.settings
	settings.Data.Directory = k.folder
	return settings
}

// close ends everything; presses that wait for an answer give up.
func (k *service) close() {
	k.cancel()
	k.pending.Wait()
	for _, s := range k.screens {
		<-s.ended
		s.client.Close()
		s.cable.close()
		s.mirror.mu.Lock()
		k.tally.snapshots.Add(int64(s.mirror.snapshots))
		k.tally.resumed.Add(int64(s.mirror.resumed))
		s.mirror.mu.Unlock()
	}
	_ = k.device.stop() // its context is over; how it ended was looked at by the steps
	_ = os.RemoveAll(k.folder)
}
