// Package demo runs a whole sample restaurant on one machine: the real device with a simulated reader, a display that
// draws into a file, and a Telegram with simulated phones.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc/sim"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

// Options are how the restaurant is opened.
type Options struct {
	// Listen is the device's address; DeskListen the one of the page that plays guests' hands, Phones the one of the
	// simulated phones.
	Listen, DeskListen, Phones string
	// Folder keeps the restaurant; it must exist. A restaurant that is already there goes on.
	Folder string
	// Kitchen is how the kitchen gets its tickets; nil is as the demo likes it.
	Kitchen *configs.Kitchen
	// Staff is what the house asks of its people; nil is the default.
	Staff   *configs.Staff
	Version string
	Log     *slog.Logger
}

// Restaurant is the running sample restaurant.
type Restaurant struct {
	// URL is the device, DeskURL the page that plays guests' hands, TelegramURL the simulated phones.
	URL, DeskURL, TelegramURL string
	// Codes connect the screens.
	Codes map[edge.Role]string
	// Tables are those of the house with their printed address.
	Tables []Table

	device   *appliance.Device
	telegram *telegramtest.Server
	backend  *sim.Backend
	plugged  sync.Mutex
	reader   *sim.Reader // guarded by plugged
	desk     *http.Server
	listener net.Listener
	folder   string
	courses  bool // guests call their next course
}

// Table is a table with the address of its printed code and the tag that lies on it.
type Table struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	UID  string `json:"uid"`
	id   edge.ID
}

const displayFile = "display.png"

// Open furnishes the restaurant and binds its addresses; Serve runs it. The caller closes it.
func Open(ctx context.Context, options Options) (*Restaurant, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", options.Listen)
	if err != nil {
		return nil, fmt.Errorf("open the demo restaurant (choose another address with --listen): %w", err)
	}
	desk, err := (&net.ListenConfig{}).Listen(ctx, "tcp", options.DeskListen)
	if err != nil {
		listener.Close()
		return nil, fmt.Errorf("open the demo's desk: %w", err)
	}
	r := &Restaurant{
		URL: "http://" + reachable(listener.Addr()), DeskURL: "http://" + reachable(desk.Addr()), listener: desk,
		folder: options.Folder,
	}
	if err := r.open(ctx, options, listener); err != nil {
		listener.Close()
		desk.Close()
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Restaurant) open(ctx context.Context, options Options, listener net.Listener) error {
	settings, err := r.settings(ctx, options)
	if err != nil {
		return err
	}
	r.backend = sim.New()
	r.plug()
	r.device, err = appliance.Open(ctx, settings, appliance.Options{
		Log: options.Log, Version: options.Version, Readers: r.backend, Listener: listener,
	})
	if err != nil {
		return err
	}
	if err := r.furnish(ctx); err != nil {
		return err
	}
	return r.pair()
}

// settings are the documented defaults, changed where a demo differs from a restaurant.
func (r *Restaurant) settings(ctx context.Context, options Options) (configs.Settings, error) {
	settings, err := configs.Parse(nil)
	if err != nil {
		return settings, err
	}
	r.telegram, err = telegramtest.Start(context.WithoutCancel(ctx), telegramtest.Config{
		Title: "Gasthaus Comanda", MiniApp: r.URL + "/t/telegram", PhoneAddr: options.Phones, Log: options.Log,
	})
	if err != nil {
		return settings, fmt.Errorf("open the simulated Telegram: %w", err)
	}
	r.TelegramURL = r.telegram.PhoneURL()
	token := filepath.Join(options.Folder, "telegram.token")
	if err := os.WriteFile(token, []byte(r.telegram.Token()), 0o600); err != nil {
		return settings, fmt.Errorf("write the demo's token: %w", err)
	}
	settings.Venue.Name = "Gasthaus Comanda"
	settings.Server.BaseURL = r.URL
	settings.Data.Directory = options.Folder
	// Courses can be seen: the first is cooked, guests and the pass call the next.
	settings.Kitchen.HoldCourses, settings.Kitchen.GuestsCallNext = true, true
	if options.Kitchen != nil {
		settings.Kitchen = *options.Kitchen
	}
	if options.Staff != nil {
		settings.Staff = *options.Staff
	}
	r.courses = settings.Kitchen.HoldCourses && settings.Kitchen.GuestsCallNext
	settings.Displays = []configs.Display{{
		Name: "counter", Table: "Counter", Driver: "file",
		Settings: fmt.Appendf(nil, "path: %q\nwidth: 400\nheight: 300\nscale: 2\n", filepath.Join(options.Folder, displayFile)),
	}}
	settings.Channels = map[string]configs.Section{"telegram": fmt.Appendf(nil,
		"username: %s\ntoken_file: %q\napi_url: %s\nlink_url: %s\n", r.telegram.Username(), token, r.telegram.APIURL(), r.TelegramURL)}
	return settings, nil
}

// plug connects the reader; one that is connected stays.
func (r *Restaurant) plug() {
	r.plugged.Lock()
	defer r.plugged.Unlock()
	r.reader = r.backend.Plug("Demo reader")
}

func (r *Restaurant) current() *sim.Reader {
	r.plugged.Lock()
	defer r.plugged.Unlock()
	return r.reader
}

func (r *Restaurant) pair() error {
	r.Codes = map[edge.Role]string{}
	for role, table := range map[edge.Role]edge.ID{
		edge.RoleOwner: "", edge.RoleKitchen: "", edge.RoleDisplay: r.counter(),
	} {
		code, err := r.device.Pair(role, nil, table)
		if err != nil {
			return fmt.Errorf("make pairing code: %w", err)
		}
		r.Codes[role] = code
	}
	return nil
}

func (r *Restaurant) counter() edge.ID {
	for _, t := range r.Tables {
		if t.Name == counterName {
			return t.id
		}
	}
	return ""
}

// Serve runs the restaurant until ctx ends.
func (r *Restaurant) Serve(ctx context.Context) error {
	r.desk = api.Server("", r.deskHandler())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.device.Serve(ctx) })
	group.Go(func() error {
		if err := r.desk.Serve(r.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the demo's desk: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := r.desk.Shutdown(end); err != nil {
			return r.desk.Close()
		}
		return nil
	})
	return group.Wait()
}

// Close ends what Open began. Serve must have returned.
func (r *Restaurant) Close() error {
	if r.telegram != nil {
		r.telegram.Close()
	}
	if r.device == nil {
		return nil
	}
	return r.device.Close()
}

// reachable is an address at which phones reach a listener: its own, or for one on all addresses the first of this
// machine in the local network.
func reachable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return address.String()
	}
	host := "127.0.0.1"
	if addresses, err := net.InterfaceAddrs(); err == nil {
		for _, a := range addresses {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() && !ip.IP.IsLinkLocalUnicast() {
				host = ip.IP.String()
				break
			}
		}
	}
	return net.JoinHostPort(host, fmt.Sprint(tcp.Port))
}
