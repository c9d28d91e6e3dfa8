package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/cmd/internal/client/process"
)

// bench has what all measurements need.
type bench struct {
	plan
	*report
	dir   string // for data folders
	self  string // this program
	house *house // crowded, for throughputs; those that are measured are copies of it
	usual *house // for everything else
}

// server is something that takes orders.
type server struct {
	name  string
	start func(ctx context.Context, h *house, environment []string) (*process.Process, error)
	keyed bool // it knows guests by their keys
}

func (b *bench) floor(arguments ...string) server {
	return server{name: "floor", start: func(ctx context.Context, h *house, environment []string) (*process.Process, error) {
		file := filepath.Join(h.dir, "floor.db")
		return process.Start(ctx, b.self, append([]string{"floor", "-file", file}, arguments...), environment)
	}}
}

func (b *bench) device() server {
	return server{name: "comanda", keyed: true, start: func(ctx context.Context, h *house, environment []string) (*process.Process, error) {
		config, err := b.config(h)
		if err != nil {
			return nil, err
		}
		return process.Start(ctx, b.binary, []string{"--config", config, "serve"}, environment)
	}}
}

// profiled is a device in a process of this tool that writes its profile.
func (b *bench) profiled() server {
	return server{name: "comanda", keyed: true, start: func(ctx context.Context, h *house, environment []string) (*process.Process, error) {
		config, err := b.config(h)
		if err != nil {
			return nil, err
		}
		return process.Start(ctx, b.self, []string{"device", "-config", config, "-cpuprofile", b.profile}, environment)
	}}
}

func (b *bench) config(h *house) (string, error) {
	path := filepath.Join(h.dir, "comanda.yaml")
	if err := os.WriteFile(path, []byte(settings(h.dir)), 0o600); err != nil {
		return "", fmt.Errorf("write settings: %w", err)
	}
	return path, nil
}

// with runs a server on a copy of a house while work goes on, then stops it and removes the copy.
func (b *bench) with(ctx context.Context, s server, from *house, environment []string, work func(*process.Process, *house) error) error {
	dir, err := os.MkdirTemp(b.dir, s.name+"-")
	if err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	defer b.remove(dir)
	h, err := from.copyTo(dir)
	if err != nil {
		return err
	}
	p, err := s.start(ctx, h, environment)
	if err != nil {
		return err
	}
	err = work(p, h)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := errors.Join(err, p.Stop(end)); err != nil {
		return fmt.Errorf("%s: %w\n%s", s.name, err, p.Words())
	}
	return nil
}

// once measures one throughput of a fresh server.
func (b *bench) once(ctx context.Context, s server, clients, screens int, environment []string) (r result, err error) {
	return b.run(ctx, s, load{clients: clients, screens: screens, warm: b.warm, window: b.window}, environment)
}

// run runs a load against a fresh server.
func (b *bench) run(ctx context.Context, s server, l load, environment []string) (r result, err error) {
	err = b.with(ctx, s, b.house, environment, func(p *process.Process, h *house) error {
		if s.keyed {
			if err := greet(ctx, p.URL, h.guests[:min(len(h.guests), l.clients*50)]); err != nil {
				return err
			}
		}
		l.url, l.pid, l.house, l.again = p.URL, p.PID, h, !s.keyed
		r, err = l.run(ctx)
		return err
	})
	return r, err
}

// greet has every guest look at their page once, as everybody does before they order.
func greet(ctx context.Context, url string, keys []string) error {
	c, err := client.New(url, client.Options{})
	if err != nil {
		return err
	}
	defer c.Close()
	var next atomic.Int64
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(keys) && errs[w] == nil; n = int(next.Add(1)) - 1 {
				_, errs[w] = c.Guest(keys[n]).View(ctx)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
