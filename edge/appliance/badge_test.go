package appliance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// lamps is a simulated reader service whose readers have a light: it keeps what they were told.
type lamps struct {
	*sim.Backend
	mu   sync.Mutex
	told []pcsc.Signal // guarded by mu
}

// Show implements the way to the lights.
func (l *lamps) Show(_ context.Context, _ string, _ apdu.Transmitter, signal pcsc.Signal) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, signal)
	return true
}

func (l *lamps) saw(signal pcsc.Signal) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Contains(l.told, signal)
}

// crew is a device with a reader at the door, one at the bar's screen, and one for setting up.
type crew struct {
	*rig
	lamps            *lamps
	door, bar, bench *sim.Reader
	anna             edge.Person
}

func startCrew(t *testing.T) *crew {
	t.Helper()
	settings := defaults(t)
	settings.Readers.List = []configs.Reader{
		{Name: "Door", Match: "Door", Role: configs.ReaderStaff},
		{Name: "Bench", Match: "Bench", Role: configs.ReaderProvisioning},
		{Name: "Bar", Match: "Bar", Role: configs.ReaderBar, Screen: "this machine"},
	}
	settings.Staff.Approve = []string{"cancel"}
	backend := &lamps{Backend: sim.New()}
	c := &crew{lamps: backend, door: backend.Plug("Door 00 00"), bar: backend.Plug("Bar 00 00"), bench: backend.Plug("Bench 00 00")}
	c.rig = serve(t, settings, backend)
	c.call(t, "POST", "/api/owner/people", `{"name":"Anna","role":"manager"}`, http.StatusCreated, &c.anna)
	await(t, "three readers", func() bool { return c.part(t, "readers").State == "ok" && len(c.people(t).Readers) == 3 })
	return c
}

// serve runs a device on a back end.
func serve(t *testing.T, settings configs.Settings, backend nfc.Backend) *rig {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	r := &rig{settings: settings, url: "http://" + listener.Addr().String()}
	if r.Device, err = appliance.Open(t.Context(), settings, appliance.Options{Readers: backend, Listener: listener}); err != nil {
		t.Fatalf("Open: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return r
}

// call asks the device as its owner.
func (r *rig) call(t *testing.T, method, path, body string, status int, into any) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.LocalKey())
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		t.Fatalf("%s %s: got %s %s, %v; want %d", method, path, answer.Status, raw, err, status)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return raw
}

func (r *rig) people(t *testing.T) (people api.OwnerPeople) {
	t.Helper()
	r.call(t, "GET", "/api/owner/people", "", http.StatusOK, &people)
	return people
}

// enrolled holds a card to the bench until it is a badge, or refused.
func (c *crew) enrolled(t *testing.T, order string, card nfc.Card) (progress api.BadgeProgress) {
	t.Helper()
	const path = "/api/owner/badges/enrolment"
	c.call(t, "POST", path, order, http.StatusAccepted, nil)
	c.bench.Put(card)
	await(t, "the end of the enrolment", func() bool {
		c.call(t, "GET", path, "", http.StatusOK, &progress)
		return progress.Phase != api.BadgeWaiting && progress.Phase != api.BadgeWorking
	})
	c.bench.Take()
	c.call(t, "DELETE", path, "", http.StatusNoContent, nil)
	return progress
}

func (c *crew) forAnna() string { return `{"person_id":"` + string(c.anna.ID) + `"}` }

func hold(reader *sim.Reader, card nfc.Card, until func() bool) bool {
	reader.Put(card)
	defer reader.Take()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if until() {
			return true
		}
	}
	return false
}

func (c *crew) in(t *testing.T) func() bool {
	return func() bool {
		people := c.people(t).People
		return len(people) > 0 && !people[0].In.IsZero()
	}
}

func TestABadgeThatProvesItself(t *testing.T) {
	c := startCrew(t)
	badge := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	progress := c.enrolled(t, c.forAnna(), badge)
	if progress.Phase != api.BadgeDone || progress.Badge == nil || !progress.Badge.Signed || progress.Badge.Chip != "ntag424" {
		t.Fatalf("enrolled: got %+v, want a badge that proves itself", progress)
	}
	entrance := access.NewKey()
	if err := c.Floor().PairDevice(t.Context(), edge.System, edge.Device{
		ID: "entrance", Name: "Entrance", Role: edge.RoleDisplay, KeyHash: access.Hash(entrance),
	}); err != nil {
		t.Fatal(err)
	}
	if !hold(c.door, badge, c.in(t)) {
		t.Fatal("the badge did not clock in")
	}
	var shown api.DisplayCode
	if raw := c.as(t, entrance, "GET", "/api/display/code", ""); json.Unmarshal([]byte(raw), &shown) != nil ||
		shown.Flash == nil || shown.Flash.Kind != "badge" || shown.Flash.Table != "" {
		t.Errorf("the display at the entrance shows %s, want that a badge was accepted", raw)
	}
	await(t, "the reader's green light", func() bool { return c.lamps.saw(pcsc.Good) })
	// A card that copies its number does nothing, and the owner hears of it.
	copied := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	refused := func() bool { return c.people(t).People[0].Badges[0].Refused > 0 }
	if !hold(c.bar, copied, refused) {
		t.Error("the copy was not noticed")
	}
	await(t, "the reader's red light", func() bool { return c.lamps.saw(pcsc.Bad) })
}

func TestABadgeSignsInWhereItsReaderBelongs(t *testing.T) {
	c := startCrew(t)
	badge := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 9, 9, 9, 9, 9, 9})
	progress := c.enrolled(t, c.forAnna(), badge)
	if progress.Phase != api.BadgeDone || progress.Badge.Signed {
		t.Fatalf("enrolled: got %+v, want a badge that is known by its number", progress)
	}
	signedIn := func() bool {
		var me api.OwnerMe
		c.call(t, "GET", "/api/owner/me", "", http.StatusOK, &me)
		return me.Person != nil && me.Person.Name == "Anna"
	}
	if !hold(c.bar, badge, signedIn) {
		t.Fatal("Anna is not signed in at the bar's screen")
	}
	if c.in(t)() {
		t.Error("signing in clocked her in")
	}
	hold(c.bench, badge, func() bool { time.Sleep(200 * time.Millisecond); return true })
	if !signedIn() || c.in(t)() {
		t.Error("the reader for setting up did something by itself")
	}
}

func TestWhatIsNoBadge(t *testing.T) {
	c := startCrew(t)
	phone := virtual.Phone{UID: [4]byte{8, 1, 2, 3}}
	if progress := c.enrolled(t, c.forAnna(), phone); progress.Phase != api.BadgeRefused || progress.Code != "uid_random" || progress.Text == "" {
		t.Errorf("a phone: got %+v, want it refused", progress)
	}
	table := c.table(t, "7")
	puck := edge.Tag{UID: "04010203040506", TableID: table.ID, Kind: edge.TagPuck}
	if err := c.Floor().EnrolTag(t.Context(), edge.System, puck); err != nil {
		t.Fatal(err)
	}
	card := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, 6})
	if progress := c.enrolled(t, c.forAnna(), card); progress.Code != "badge_is_tag" {
		t.Errorf("a table's puck: got %+v, want it refused", progress)
	}
	// At the staff's reader a guest's puck opens no table; at the bar's it does.
	hold(c.door, card, func() bool { time.Sleep(200 * time.Millisecond); return true })
	if sessions := c.sessions(t); len(sessions) != 0 {
		t.Errorf("the staff's reader opened %+v", sessions)
	}
	if !hold(c.bar, card, func() bool { return len(c.sessions(t)) == 1 }) {
		t.Error("the bar's reader opened no table")
	}
	for _, order := range []string{`{"person_id":"nobody"}`, `{}`, `{"room":"<b>"}`} {
		raw := c.callAny(t, "POST", "/api/owner/badges/enrolment", order)
		if !strings.Contains(raw, `"code"`) {
			t.Errorf("%s: got %s, want it refused at once", order, raw)
		}
	}
}

// callAny asks as the owner and gives whatever is answered.
func (r *rig) callAny(t *testing.T, method, path, body string) string {
	t.Helper()
	return r.as(t, r.LocalKey(), method, path, body)
}

// as asks with a key and gives whatever is answered.
func (r *rig) as(t *testing.T, key, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestAKeyCardOfARoom(t *testing.T) {
	c := startCrew(t)
	card := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 7, 7, 7, 7, 7, 7})
	progress := c.enrolled(t, `{"room":"204"}`, card)
	if progress.Phase != api.BadgeDone || progress.Badge.Room != "204" {
		t.Fatalf("enrolled: got %+v, want the key card of room 204", progress)
	}
	used := func() bool {
		rooms := c.people(t).Rooms
		return len(rooms) == 1 && !rooms[0].LastTap.IsZero()
	}
	if !hold(c.bar, card, used) {
		t.Error("the key card was not recognised")
	}
}

func TestOneBadgeIsEnrolledAtATime(t *testing.T) {
	c := startCrew(t)
	const path = "/api/owner/badges/enrolment"
	c.call(t, "POST", path, c.forAnna(), http.StatusAccepted, nil)
	c.call(t, "POST", path, c.forAnna(), http.StatusConflict, nil)
	if _, err := appliance.HoldBench(c.settings); err == nil {
		t.Error("a program may write tags while a badge is awaited")
	}
	c.call(t, "DELETE", path, "", http.StatusNoContent, nil)
	release, err := appliance.HoldBench(c.settings)
	if err != nil {
		t.Fatalf("the readers are not free after the wait was ended: %v", err)
	}
	c.call(t, "POST", path, c.forAnna(), http.StatusConflict, nil)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	c.call(t, "POST", path, c.forAnna(), http.StatusAccepted, nil) // and the device stops with it running
}

// TestAStormOfBadges puts cards in and out at two readers every 5 ms: the device goes on, and no goroutine stays.
func TestAStormOfBadges(t *testing.T) {
	c := startCrew(t)
	badge := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	if progress := c.enrolled(t, c.forAnna(), badge); progress.Phase != api.BadgeDone {
		t.Fatalf("enrolled: got %+v", progress)
	}
	plain := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 7, 7, 7, 7, 7, 7})
	before := runtime.NumGoroutine()
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); {
		for _, step := range []func(){func() { c.bar.Put(badge) }, func() { c.door.Put(plain) }, c.bar.Take, c.door.Take} {
			step()
			time.Sleep(5 * time.Millisecond)
		}
	}
	await(t, "the goroutines of the storm to end", func() bool { return runtime.NumGoroutine() <= before+10 })
	time.Sleep(2 * time.Second) // the same badge again is another tap
	if !hold(c.door, badge, c.in(t)) {
		t.Error("after the storm the badge did not clock in")
	}
}
