//go:build rig && !nopcsc && cgo

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// anotherTap is how long a card must be away until it counts as held there anew.
const anotherTap = 1800 * time.Millisecond

// twoReaders is a running house whose first reader is the staff's and whose second is the counter's.
type twoReaders struct {
	*nfctest.Rig
	owner *client.Owner
	url   string
	key   string
	anna  edge.Person
	house bench
}

func newTwoReaders(t *testing.T) *twoReaders {
	t.Helper()
	r := &twoReaders{Rig: nfctest.StartRig(t)}
	data, config := t.TempDir(), filepath.Join(t.TempDir(), "comanda.yaml")
	listen := freeAddress(t)
	settings := fmt.Sprintf(`data: {directory: %q}
server: {listen: %s, base_url: https://order.example.com}
readers:
  list:
    - {name: Door, match: %q, role: staff}
    - {name: Counter, match: %q, role: counter, screen: this machine}
staff: {approve: [cancel]}
log: {level: error}
`, data, listen, nfctest.RigReader0, nfctest.RigReader1)
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	r.house = bench{config, data}
	device := r.house.open(t)
	var err error
	if r.anna, err = device.Floor().AddPerson(t.Context(), edge.System, "Anna", edge.StaffManager); err != nil {
		t.Fatal(err)
	}
	serveUntilEnd(t, device)
	c, err := client.New("http://"+listen, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	r.url, r.key = "http://"+listen, device.LocalKey()
	r.owner = c.Owner(r.key)
	r.await(t, "both readers", func() bool { return len(r.connected(t)) == 2 })
	return r
}

func serveUntilEnd(t *testing.T, device *appliance.Device) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- device.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := device.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

// freeAddress is one of this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// ask speaks the owner's API where no command of the program does.
func (r *twoReaders) ask(t *testing.T, method, path string, body, into any) error {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.key)
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

func (r *twoReaders) await(t *testing.T, what string, good func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if good() {
			return
		}
	}
	t.Fatalf("%s did not happen within 20 s", what)
}

func (r *twoReaders) people(t *testing.T) api.OwnerPeople {
	t.Helper()
	people, err := r.owner.People(t.Context())
	if err != nil {
		return api.OwnerPeople{} // the device is starting
	}
	return people
}

func (r *twoReaders) connected(t *testing.T) []string {
	var names []string
	for _, reader := range r.people(t).Readers {
		if reader.Reader != "" && reader.State == "ok" {
			names = append(names, reader.Name)
		}
	}
	return names
}

func (r *twoReaders) in(t *testing.T) bool {
	people := r.people(t).People
	return len(people) == 1 && !people[0].In.IsZero()
}

// enrol makes a card Anna's badge at the counter.
func (r *twoReaders) enrol(t *testing.T, card nfc.Card) edge.Badge {
	t.Helper()
	const path = "/api/owner/badges/enrolment"
	var p api.BadgeProgress
	if err := r.ask(t, http.MethodPost, path, api.BadgeOrder{Person: r.anna.ID, Reader: nfctest.RigReader1}, &p); err != nil {
		t.Fatal(err)
	}
	r.Insert(1, card)
	r.await(t, "the badge", func() bool {
		err := r.ask(t, http.MethodGet, path, nil, &p)
		return err == nil && (p.Phase == api.BadgeDone || p.Phase == api.BadgeRefused)
	})
	r.Slot(1).Remove()
	if p.Phase != api.BadgeDone {
		t.Fatalf("enrolled: got %+v", p)
	}
	if err := r.ask(t, http.MethodDelete, path, nil, nil); err != nil {
		t.Fatal(err)
	}
	return *p.Badge
}

// TestTagReadersWithRoles holds one badge to two readers of a real service: at the staff's it clocks in, at the counter's it
// signs in, and a copy of its number does neither.
func TestTagReadersWithRoles(t *testing.T) {
	r := newTwoReaders(t)
	uid := [7]byte{4, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66}
	badge := virtual.NewDNA(uid, virtual.DNAOptions{})
	if got := r.enrol(t, badge); !got.Signed {
		t.Fatalf("enrolled: got %+v, want it to prove itself", got)
	}
	r.Insert(0, badge)
	r.await(t, "clocking in", func() bool { return r.in(t) })
	r.Slot(0).Remove()
	r.Insert(1, badge)
	r.await(t, "signing in", func() bool {
		var me api.OwnerMe
		return r.ask(t, http.MethodGet, "/api/owner/me", nil, &me) == nil && me.Person != nil
	})
	r.Slot(1).Remove()
	time.Sleep(anotherTap)
	r.Insert(1, virtual.NewDNA(uid, virtual.DNAOptions{}))
	r.await(t, "noticing the copy", func() bool { return r.people(t).People[0].Badges[0].Refused > 0 })
	r.Slot(1).Remove()
	code, out, errs := r.house.run(t, "doctor")
	if !strings.Contains(out, "Connected: "+nfctest.RigReader0) || !strings.Contains(out, "Approvals       Somebody has a badge") {
		t.Errorf("doctor: exit %d\n%s%s", code, out, errs)
	}
}

// TestTagServiceIsKilled ends the reader service again and again, with a badge held to a reader after each time. With
// COMANDA_LONG set it is a hundred times.
func TestTagServiceIsKilled(t *testing.T) {
	kills := 4
	if os.Getenv("COMANDA_LONG") != "" {
		kills = 100
	}
	r := newTwoReaders(t)
	badge := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	r.enrol(t, badge)
	before := runtime.NumGoroutine()
	used := time.Time{}
	for n := range kills {
		signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[n%2]
		if n%3 == 0 {
			r.Insert(0, badge) // it lies there when the service dies
		}
		r.Stop(signal)
		r.await(t, "noticing the kill", func() bool { return len(r.connected(t)) == 0 })
		r.Start()
		r.await(t, "both readers", func() bool { return len(r.connected(t)) == 2 })
		r.Insert(1, badge)
		r.await(t, "a tap after the kill", func() bool {
			people := r.people(t).People
			if len(people) == 0 || !people[0].Badges[0].LastTap.After(used) {
				return false
			}
			used = people[0].Badges[0].LastTap
			return true
		})
		r.Slot(0).Remove()
		r.Slot(1).Remove()
		time.Sleep(anotherTap)
	}
	r.await(t, "no goroutine to be left", func() bool { return runtime.NumGoroutine() <= before+8 })
}

// TestTagStormOfBadges puts a badge and a stranger in and out of two readers as fast as the service bears.
func TestTagStormOfBadges(t *testing.T) {
	r := newTwoReaders(t)
	badge := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	r.enrol(t, badge)
	stranger := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 9, 9, 9, 9, 9, 9})
	lasts := 5 * time.Second
	if os.Getenv("COMANDA_LONG") != "" {
		lasts = 30 * time.Second
	}
	before := runtime.NumGoroutine()
	for end := time.Now().Add(lasts); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		r.Insert(0, stranger)
		r.Insert(1, badge)
		r.Slot(0).Remove()
		r.Slot(0).Remove()
		r.Slot(1).Remove()
		time.Sleep(anotherTap)
	}
	r.await(t, "no goroutine to be left", func() bool { return runtime.NumGoroutine() <= before+8 })
	time.Sleep(anotherTap)
	was := r.in(t)
	r.Insert(0, badge)
	r.await(t, "the badge to work after the storm", func() bool { return r.in(t) != was })
}
