package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// house is the device of the settings as a program on this machine reaches it: the running daemon, or, when none
// runs, its file opened here.
type house struct {
	*client.Owner
	settings configs.Settings
	running  bool
	end      func() error
}

// reach finds the device. The caller calls end.
func (p *program) reach() (*house, error) {
	settings, err := p.settings()
	if err != nil {
		return nil, err
	}
	if h, err := daemon(settings); err == nil || !errors.Is(err, errNoDaemon) {
		return h, err
	}
	return p.open(settings)
}

var errNoDaemon = errors.New("the device is not running")

// daemon speaks with the running device by the key in its data folder.
func daemon(settings configs.Settings) (*house, error) {
	address := loopback(settings.Server.Listen)
	conn, err := net.DialTimeout("tcp", address, time.Second) //nolint:noctx // one second is bound enough
	if err != nil {
		return nil, errNoDaemon
	}
	conn.Close()
	key, err := os.ReadFile(appliance.LocalKeyPath(settings))
	if errors.Is(err, os.ErrNotExist) {
		return nil, errNoDaemon
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of this machine (are you the device's user?): %w", err)
	}
	c, err := client.New("http://"+address, client.Options{})
	if err != nil {
		return nil, err
	}
	owner := c.Owner(strings.TrimSpace(string(key)))
	return &house{owner, settings, true, func() error { c.Close(); return nil }}, nil
}

// loopback is the address at which this machine reaches a listener.
func loopback(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// open opens the device's file and answers its API on a free port of this machine, for as long as the command runs.
func (p *program) open(settings configs.Settings) (*house, error) {
	settings.Readers.Driver, settings.Displays, settings.Channels = "none", nil, nil
	device, err := appliance.Open(p.ctx, settings, appliance.Options{Version: version})
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("the device is running, but not at %s: is this its settings file? %w", settings.Server.Listen, err)
	}
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(p.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, device.Close())
	}
	server := api.Server("", device.Handler())
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	end := func() error {
		ctx, cancel := context.WithTimeout(detached(p.ctx), 5*time.Second)
		defer cancel()
		err := server.Shutdown(ctx)
		<-done
		return errors.Join(err, device.Close())
	}
	c, err := client.New("http://"+listener.Addr().String(), client.Options{})
	if err != nil {
		return nil, errors.Join(err, end())
	}
	return &house{c.Owner(device.LocalKey()), settings, false, func() error { c.Close(); return end() }}, nil
}
