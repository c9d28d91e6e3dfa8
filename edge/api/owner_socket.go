package api

import (
	"context"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// ownerSocket speaks comanda.owner.v1: it tells what to fetch again, never what changed.
func (h *Handler) ownerSocket(ctx context.Context, l *line) error {
	var hello Hello
	if err := l.hello(&hello, &hello.Type); err != nil {
		return err
	}
	device, err := h.knownDevice(ctx, hello.Token, edge.RoleOwner)
	if err != nil {
		return err
	}
	if err := l.seat.take(); err != nil {
		return err
	}
	watch := h.cfg.Hub.WatchHouse(device.ID)
	defer watch.Close()
	tell := func(topics live.Topics, seq int64) error {
		return l.send(OwnerChanged{Type: "changed", Seq: seq, What: whatOf(topics)})
	}
	first := func() error {
		return tell(live.Sessions|live.Stocks|live.Tables|live.Menus|live.Devices|live.States|live.People, h.cfg.Hub.Seq())
	}
	return l.run(
		func() error { return l.read(nothingMore) },
		func(stop <-chan struct{}) error { return h.watchWriter(l, watch, stop, first, tell) },
	)
}

func whatOf(topics live.Topics) []string {
	names := []struct {
		topics live.Topics
		name   string
	}{
		{live.Sessions, "floor"},
		{live.Stocks, "stock"},
		{live.Tables, "tables"},
		{live.Menus, "menu"},
		{live.Devices, "devices"},
		{live.States, "state"},
		{live.People, "people"},
	}
	what := []string{}
	for _, n := range names {
		if topics&n.topics != 0 {
			what = append(what, n.name)
		}
	}
	return what
}
