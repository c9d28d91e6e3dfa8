package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/cmd/internal/client/process"
	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// TestKillAllowsNoReplay ends the real device with SIGKILL while phones bring taps. A tap that was answered is never good
// for a stranger, before or after a kill; one whose answer was lost is good for the phone that brought it or, if it was
// never counted, for one stranger, and not for both.
//
// That it can fail was tried with a copy of the program that counted the tap in a commit of its own, after the answer:
// strangers were seated by taps that had been answered.
func TestKillAllowsNoReplay(t *testing.T) {
	kills := 25
	if testing.Short() {
		kills = 8
	}
	h := openTapHouse(t)
	for range kills {
		ctx, cancel := context.WithCancel(t.Context())
		var phones sync.WaitGroup
		for _, p := range h.phones {
			phones.Go(func() { p.tap(ctx) })
		}
		time.Sleep(30*time.Millisecond + rand.N(120*time.Millisecond))
		if err := h.device.Kill(); err != nil {
			t.Fatalf("kill: %v", err)
		}
		cancel()
		phones.Wait()
		h.start()
		for _, p := range h.phones {
			p.check(t)
		}
	}
	if err := h.device.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
	answered, lost := 0, 0
	for _, p := range h.phones {
		answered, lost = answered+p.answered, lost+p.lost
	}
	if answered < kills || lost == 0 {
		t.Errorf("%d taps answered and %d lost in %d kills are too few to show anything", answered, lost, kills)
	}
	t.Logf("%d kills, %d taps answered, %d answers lost", kills, answered, lost)
}

type tapHouse struct {
	*testing.T
	binary, config, base string
	device               *process.Process
	phones               []*tapPhone
}

func openTapHouse(t *testing.T) *tapHouse {
	t.Helper()
	dir := t.TempDir()
	port := quietPort(t)
	h := &tapHouse{
		T: t, binary: filepath.Join(dir, "comanda"), config: filepath.Join(dir, "comanda.yaml"), base: "http://127.0.0.1:" + port,
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", h.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the device: %v\n%s", err, out)
	}
	text := fmt.Sprintf("server: {listen: \"127.0.0.1:%s\", base_url: %q}\ndata: {directory: %q}\nreaders: {driver: none}\n",
		port, h.base, filepath.Join(dir, "data"))
	if err := os.WriteFile(h.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h.start()
	t.Cleanup(func() {
		if t.Failed() {
			_ = h.device.Kill() // it may have ended long ago
		}
	})
	settings, err := configs.Load(h.config)
	if err != nil {
		t.Fatal(err)
	}
	h.furnish(settings)
	return h
}

func (h *tapHouse) start() {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 20*time.Second)
	defer cancel()
	p, err := process.Start(ctx, h.binary, []string{"--config", h.config, "serve"}, nil)
	if err != nil {
		h.Fatalf("start: %v", err)
	}
	h.device = p
}

// furnish sets up a tag for each of four counters, where everybody has a visit of their own, as the program's own command does.
func (h *tapHouse) furnish(settings configs.Settings) {
	h.Helper()
	key, err := os.ReadFile(appliance.LocalKeyPath(settings))
	if err != nil {
		h.Fatal(err)
	}
	c, err := client.New(h.base, client.Options{})
	if err != nil {
		h.Fatal(err)
	}
	defer c.Close()
	owner := c.Owner(strings.TrimSpace(string(key)))
	var wanted []api.NewTable
	for n := range 4 {
		wanted = append(wanted, api.NewTable{Name: fmt.Sprint(n + 1), Kind: edge.KindCounter})
	}
	tables, err := owner.AddTables(h.Context(), wanted)
	if err != nil {
		h.Fatal(err)
	}
	keys := func() (*appliance.TagKeys, error) { return appliance.ReadTagKeys(appliance.TagSecretPath(settings)) }
	for n, table := range tables {
		card := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, byte(n)}, virtual.DNAOptions{})
		work := appliance.TagWork{Desk: owner, Keys: keys, Table: table.Table.ID, Copies: true}
		if _, err := work.Do(h.Context(), card); err != nil {
			h.Fatalf("set up the tag of table %d: %v", n+1, err)
		}
		h.phones = append(h.phones, &tapPhone{card: card, base: h.base})
	}
}

// tapPhone taps one tag again and again and writes down which taps were answered.
type tapPhone struct {
	card *virtual.DNA
	base string

	good           []string // words that were answered
	open, page     string   // the word whose answer was lost, and the page that brought it
	answered, lost int
}

// tap brings new taps until the device does not answer.
func (p *tapPhone) tap(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		content, err := nfc.ReadTag(context.WithoutCancel(ctx), p.card)
		if err != nil {
			panic(err)
		}
		word := content.URI[strings.LastIndex(content.URI, "/")+1:]
		page := fmt.Sprintf("page-%d-%d", len(p.good), n)
		code, err := p.bring(word, page)
		if err != nil {
			p.open, p.page = word, page
			p.lost++
			return
		}
		if code == "" {
			p.answered++
			p.good = append(p.good, word)
		}
	}
}

// bring seats a guest who is nobody yet; an error means that no answer came.
func (p *tapPhone) bring(word, page string) (code string, err error) {
	body, err := json.Marshal(api.SeatBody{Token: word, Attempt: page})
	if err != nil {
		return "", err
	}
	answer, err := http.Post(p.base+"/api/guest/seat", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var problem struct {
		Code string `json:"code"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&problem); err != nil {
		return "", errors.Join(errors.New("half an answer"), err)
	}
	return problem.Code, nil
}

// stranger is a page that nobody has opened before.
func stranger() string { return fmt.Sprintf("stranger-%d", rand.Int64()) }

// check brings old taps to the device that was started again.
func (p *tapPhone) check(t *testing.T) {
	t.Helper()
	for _, word := range p.good[max(0, len(p.good)-3):] {
		if code, err := p.bring(word, stranger()); err != nil || code != "tap_replayed" {
			t.Errorf("a tap that was answered, brought by a stranger: got %q, %v; want tap_replayed", code, err)
		}
	}
	if p.open == "" {
		return
	}
	first, second := stranger(), p.page
	if rand.IntN(2) == 0 {
		first, second = second, first
	}
	one, err := p.bring(p.open, first)
	two, err2 := p.bring(p.open, second)
	if err := errors.Join(err, err2); err != nil {
		t.Errorf("the tap whose answer was lost: %v", err)
	}
	if one == "" && two == "" {
		t.Errorf("the tap whose answer was lost seated %q and %q", first, second)
	}
	if one == "" || two == "" {
		p.good = append(p.good, p.open)
	}
	p.open = ""
}
