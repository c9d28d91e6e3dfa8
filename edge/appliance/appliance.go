// Package appliance assembles one device from its settings and runs it: the store, the rules, the screens, the readers,
// displays and messengers. It is the only package that knows all others.
package appliance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/forecast"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/edge/sqlite"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/web"
)

// Options are what a device needs besides its settings.
type Options struct {
	Log     *slog.Logger
	Version string
	// Readers replaces the reader driver of the settings.
	Readers nfc.Backend
	// Listener replaces the address of the settings; the device closes it.
	Listener net.Listener
	// Wall is the system's clock with its monotonic reading; nil is time.Now.
	Wall func() time.Time
}

// Device is one assembled device. Open makes it, Serve runs it, Close ends it.
type Device struct {
	settings configs.Settings
	options  Options
	log      *slog.Logger
	started  time.Time

	store   *sqlite.Store
	clock   *clock
	hub     *live.Hub
	codes   *access.Codes
	pairing *access.Pairing
	floor   *edge.Floor
	kitchen *edge.Kitchen
	book    *forecast.Book
	api     *api.Handler
	local   string // the key of programs on this machine

	readers  *readers
	tags     *tagVault
	jobs     *tagJobs
	badges   *badges
	displays []*screen
	chats    *chats
}

// Open assembles a device and brings its file up to date. Nothing runs yet but the store; Close must be called.
func Open(ctx context.Context, settings configs.Settings, options Options) (*Device, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Wall == nil {
		options.Wall = time.Now
	}
	d := &Device{settings: settings, options: options, log: options.Log, started: options.Wall()}
	store, err := sqlite.Open(ctx, DatabasePath(settings), sqlite.Options{Logger: d.log})
	if err != nil {
		return nil, err
	}
	d.store = store
	if err := d.assemble(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return d, nil
}

// DatabasePath is where the device with these settings keeps its file.
func DatabasePath(settings configs.Settings) string {
	return filepath.Join(settings.Data.Directory, "comanda.db")
}

func (d *Device) assemble(ctx context.Context) error {
	venue, err := venueOf(d.settings)
	if err != nil {
		return err
	}
	newest, err := newestRecord(ctx, d.store)
	if err != nil {
		return err
	}
	secret, err := secretFile(filepath.Join(d.settings.Data.Directory, "codes.secret"))
	if err != nil {
		return err
	}
	d.clock = newClock(d.options.Wall, newest)
	d.hub = live.New(d.clock.time, d.log)
	d.codes = access.NewCodes(secret, time.Duration(d.settings.Codes.ChangesEvery), d.tableIDs)
	d.pairing = access.NewPairing(d.clock.time)
	d.floor = edge.NewFloor(d.store, venue, d.codes, d.clock.Now, newID)
	d.kitchen = edge.NewKitchen(d.store, venue, d.clock.Now, newID)
	d.book = forecast.New()
	d.floor.Foresee(d.book)
	d.kitchen.Foresee(d.book)
	d.tags = newTagVault(d)
	d.floor.Prove(d.tags)
	if err := d.loadForecast(ctx, venue); err != nil {
		return fmt.Errorf("load the forecast: %w", err)
	}
	d.store.OnCommit(d.committed)
	if err := d.hub.Load(ctx, d.store); err != nil {
		return fmt.Errorf("load live state: %w", err)
	}
	if d.chats, err = newChats(d); err != nil {
		return err
	}
	d.badges = newBadges(d)
	d.readers = newReaders(d)
	d.jobs = newTagJobs(d, d.tags)
	d.displays = newScreens(d)
	if d.local, err = d.localKey(ctx); err != nil {
		return err
	}
	return d.openAPI()
}

// loadForecast begins the forecast with the tickets at work and what was measured today.
func (d *Device) loadForecast(ctx context.Context, venue edge.Venue) error {
	return d.store.Read(ctx, func(view edge.View) error {
		open, err := view.OpenTickets()
		if err != nil {
			return err
		}
		times, err := view.TicketTimes(venue.Day(d.clock.time()))
		if err != nil {
			return err
		}
		menu, err := view.CurrentMenu()
		if err != nil && !errors.Is(err, edge.ErrNotFound) {
			return err
		}
		d.book.Load(open, times, menu)
		return nil
	})
}

func (d *Device) openAPI() error {
	pages, err := web.Handler()
	if err != nil {
		return fmt.Errorf("open the screens: %w", err)
	}
	d.api = api.New(api.Config{
		Floor: d.floor, Kitchen: d.kitchen, Store: d.store, Hub: d.hub, Codes: d.codes, Pairing: d.pairing,
		Clock: d.clock.Now, IDs: newID, BaseURL: d.baseURL(), AllowedHosts: d.settings.Server.Names,
		Version: d.options.Version, Bench: d.jobs, Badger: d.badges, Readers: d.badges.readers, Channels: d.channels(), Forecast: d.book, Started: d.started, Parts: d.parts, Cursors: d.cursors, Verify: d.chats.verify,
		Links: d.chats.links, QR: qrPath, PNG: qrPNG, Pages: pages, Logger: d.log,
	})
	return nil
}

// newID makes a UUIDv7. It fails only when the system has no randomness, and then nothing can go on.
func newID() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }

func (d *Device) baseURL() string { return strings.TrimRight(d.settings.Server.BaseURL, "/") }

// committed hands the events of every commit to those who must know at once.
func (d *Device) committed(events []edge.Event) {
	d.book.Hear(events)
	d.hub.Publish(events)
	d.chats.wake()
}

// channels are where orders can come from.
func (d *Device) channels() []string { return append([]string{edge.WebChannel}, d.chats.order...) }

// Floor is the door to the rules, for programs that run a device in process.
func (d *Device) Floor() *edge.Floor { return d.floor }

// Handler answers HTTP requests of the device.
func (d *Device) Handler() http.Handler { return d.api }

// Pair makes a pairing code for a role.
func (d *Device) Pair(role edge.Role, stations []string, table edge.ID) (string, error) {
	code, _, err := d.pairing.Issue(access.Grant{Role: role, Stations: stations, TableID: table, By: edge.System})
	return code, err
}

// LocalKey is the key of programs on this machine.
func (d *Device) LocalKey() string { return d.local }

// BaseURL is how phones reach the house, without a slash at the end.
func (d *Device) BaseURL() string { return d.baseURL() }

// Owned reports whether a person has connected a browser as the owner's.
func (d *Device) Owned(ctx context.Context) (bool, error) {
	owned := false
	err := d.store.Read(ctx, func(view edge.View) error {
		devices, err := view.Devices()
		for _, device := range devices {
			owned = owned || (device.Role == edge.RoleOwner && !device.Removed && device.Name != localName)
		}
		return err
	})
	return owned, err
}

// Close ends what Open began. Serve must have returned.
func (d *Device) Close() error {
	d.hub.Close()
	return d.store.Close()
}

// Serve runs the device until ctx ends, then stops its parts in the reverse order of their start. It returns early
// only when the address cannot be listened at.
func (d *Device) Serve(ctx context.Context) error {
	listener := d.options.Listener
	if listener == nil {
		var err error
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", d.settings.Server.Listen); err != nil {
			return fmt.Errorf("listen at %s: %w", d.settings.Server.Listen, err)
		}
	}
	if err := d.noteStart(context.WithoutCancel(ctx)); err != nil {
		listener.Close()
		return err
	}
	parts, err := d.startParts(ctx)
	if err != nil {
		listener.Close()
		return err
	}
	d.log.Info("ready", "url", "http://"+listener.Addr().String())
	notifyReady()
	err = d.serveHTTP(ctx, listener)
	return errors.Join(err, parts.stop())
}

// supervised is a running supervisor.
type supervised struct {
	cancel context.CancelFunc
	done   <-chan error
}

// stop ends the supervisor and waits for its parts.
func (s supervised) stop() error {
	s.cancel()
	if err := <-s.done; err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stop the parts: %w", err)
	}
	return nil
}

// startParts starts everything that may fail without stopping orders, each under supervision.
func (d *Device) startParts(ctx context.Context) (supervised, error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	supervisor := suture.New("device", suture.Spec{
		EventHook: func(e suture.Event) { d.log.Warn("a part was restarted", "what", e.String()) },
		Timeout:   5 * time.Second, FailureBackoff: 5 * time.Second, FailureThreshold: 3,
	})
	for _, part := range d.services() {
		supervisor.Add(part)
	}
	return supervised{cancel, supervisor.ServeBackground(ctx)}, nil
}

// services lists the long-lived parts in the order of their start.
func (d *Device) services() []suture.Service {
	services := []suture.Service{&tending{d}, &expediting{d}, &clearing{d}, &upkeep{d}, &reporting{d}, &watchdog{d}}
	services = append(services, d.chats.services()...)
	for _, s := range d.displays {
		services = append(services, s.services()...)
	}
	services = append(services, d.readers.services()...)
	return append(services, d.jobs, d.badges)
}

func (d *Device) serveHTTP(ctx context.Context, listener net.Listener) error {
	server := api.Server(listener.Addr().String(), d.api)
	server.ErrorLog = slog.NewLogLogger(d.log.Handler(), slog.LevelDebug)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve at %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := d.api.Close(end)
	if late := server.Shutdown(end); late != nil {
		// A connection that never sent its request keeps nobody waiting: nothing was acknowledged on it.
		d.log.Debug("connections were cut", "reason", late)
		err = errors.Join(err, server.Close())
	}
	if serving := <-failed; !errors.Is(serving, http.ErrServerClosed) {
		err = errors.Join(err, serving)
	}
	return err
}
