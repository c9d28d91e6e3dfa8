package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

const modelMenu = `
currency: EUR
languages: [en]
stations:
  - {id: grill, name: {en: Grill}}
  - {id: bar, name: {en: Bar}}
  - {id: cold, name: {en: Cold}}
taxes:
  - {id: food, name: {en: Food}, eat_in: "19"}
categories:
  - id: all
    name: {en: All}
    station: grill
    tax: food
    items:
      - {id: burger, name: {en: Burger}, price: 1290}
      - {id: beer, name: {en: Beer}, price: 400, stations: [bar]}
      - {id: platter, name: {en: Platter}, price: 2000, stations: [grill, cold], course: 2}
      - {id: salad, name: {en: Salad}, price: 900, stations: [cold]}
`

// modelPlan says who stands in the kitchen: the same device twice are two screens that share one pairing.
var modelPlan = []struct {
	device   string
	stations []string
	expo     bool
}{
	{"grill", []string{"grill"}, false},
	{"grill", []string{"grill"}, false},
	{"bar", []string{"bar"}, false},
	{"pass", nil, true},
	{"warm and cold", []string{"cold", "grill"}, false},
}

// template is a furnished house that every run of the model begins with a copy of.
type template struct {
	folder   string
	settings configs.Settings
	keys     map[string]string
	devices  map[string]edge.ID
	guests   []edge.ID // the first orders straight to the kitchen, the second waits for staff
}

func modelTemplate(t *testing.T) *template {
	t.Helper()
	settings, err := configs.Parse([]byte("venue: {languages: [en], kitchen_language: en}\nkitchen: {hold_courses: true}\nguests: {max_open_orders: 1000}\nreaders: {driver: none}\n"))
	if err != nil {
		t.Fatal(err)
	}
	settings.Data.Directory = filepath.Join(t.TempDir(), "template")
	if err := os.Mkdir(settings.Data.Directory, 0o700); err != nil {
		t.Fatal(err)
	}
	h := &template{folder: settings.Data.Directory, settings: settings, keys: map[string]string{}, devices: map[string]edge.ID{}}
	device, err := appliance.Open(t.Context(), settings, appliance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(h.furnish(t.Context(), device.Floor()), device.Close()); err != nil {
		t.Fatalf("furnish the house: %v", err)
	}
	return h
}

func (h *template) furnish(ctx context.Context, floor *edge.Floor) error {
	menu, problems := api.DecodeMenu([]byte(modelMenu), nil)
	if len(problems) > 0 {
		return fmt.Errorf("menu: %+v", problems)
	}
	if _, err := floor.Publish(ctx, edge.System, menu); err != nil {
		return err
	}
	tables, err := floor.AddTables(ctx, edge.System, []edge.Table{{Name: "1", Kind: edge.KindTable}, {Name: "2", Kind: edge.KindTable}})
	if err != nil {
		return err
	}
	for i, presence := range []edge.Presence{edge.PresenceProven, edge.PresencePrinted} {
		seated, err := floor.Seat(ctx, edge.SeatRequest{
			TableID: tables[i].ID, Presence: presence, KeyHash: access.Hash(access.NewKey()), Actor: edge.System,
		})
		if err != nil {
			return err
		}
		h.guests = append(h.guests, seated.Guest.ID)
	}
	for _, plan := range modelPlan {
		if _, paired := h.keys[plan.device]; paired {
			continue
		}
		key, id := access.NewKey(), edge.ID(uuid.Must(uuid.NewV7()).String())
		device := edge.Device{ID: id, Name: plan.device, Role: edge.RoleKitchen, KeyHash: access.Hash(key), Stations: plan.stations}
		if err := floor.PairDevice(ctx, edge.System, device); err != nil {
			return err
		}
		h.keys[plan.device], h.devices[plan.device] = key, id
	}
	return nil
}

// running is a device that runs in this process.
type running struct {
	*appliance.Device
	address string
	reader  *sqlite.Reader
	served  chan error
	stop    func() error // ends the device as a shutdown does, once; its file stays
}

func run(ctx context.Context, settings configs.Settings) (*running, error) {
	return runAt(ctx, settings, time.Now)
}

// runAt runs a device whose system clock is wall.
func runAt(ctx context.Context, settings configs.Settings, wall func() time.Time) (*running, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	device, err := appliance.Open(ctx, settings, appliance.Options{Listener: listener, Wall: wall})
	if err != nil {
		listener.Close()
		return nil, err
	}
	r := &running{Device: device, address: listener.Addr().String(), served: make(chan error, 1)}
	if r.reader, err = sqlite.OpenReadOnly(ctx, appliance.DatabasePath(settings)); err != nil {
		listener.Close()
		return nil, errors.Join(err, device.Close())
	}
	serving, cancel := context.WithCancel(ctx)
	go func() { r.served <- device.Serve(serving) }()
	r.stop = sync.OnceValue(func() error {
		cancel()
		return errors.Join(r.reader.Close(), <-r.served, r.Close())
	})
	return r, nil
}

// modelScreen is a real screen at the end of a cable, with a mirror beside it.
type modelScreen struct {
	*client.Screen
	name     string
	device   edge.ID
	stations []string
	cable    *cable
	mirror   *mirror
	client   *client.Client
	ended    chan error
}

func (h *template) screen(ctx context.Context, t failer, n int, address string) *modelScreen {
	plan := modelPlan[n]
	s := &modelScreen{
		name: fmt.Sprintf("%d (%s)", n, plan.device), device: h.devices[plan.device], stations: plan.stations,
		cable: newCable(t, address), mirror: &mirror{stations: plan.stations, expo: plan.expo}, ended: make(chan error, 1),
	}
	c, err := client.New(s.cable.url(), client.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatalf("screen %s: %v", s.name, err)
	}
	s.client = c
	s.Screen = c.Screen(h.keys[plan.device], plan.stations...)
	s.Expo = plan.expo
	s.Patience, s.Heard, s.Lost = 60*time.Millisecond, s.mirror.heard, s.mirror.lost
	go func() { s.ended <- s.Serve(ctx) }()
	return s
}

// shows reports whether a ticket belongs on the screen.
func (s *modelScreen) shows(t edge.Ticket) bool {
	return len(s.stations) == 0 || slices.Contains(s.stations, t.Station)
}
