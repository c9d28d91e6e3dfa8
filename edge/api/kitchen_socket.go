package api

import (
	"context"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// repliesKept bounds the answers that wait for a screen to read them; a screen that presses on without reading is
// slow.
const repliesKept = 64

// kitchenSocket speaks comanda.kitchen.v1.
func (h *Handler) kitchenSocket(ctx context.Context, l *line) error {
	var hello KitchenHello
	if err := l.hello(&hello, &hello.Type); err != nil {
		return err
	}
	device, err := h.knownDevice(ctx, hello.Token, edge.RoleKitchen, edge.RoleOwner)
	if err != nil {
		return err
	}
	if err := l.seat.take(); err != nil {
		return err
	}
	ids := hello.Stations
	if len(ids) == 0 {
		ids = device.Stations
	}
	stations := live.OnlyStations(ids)
	if hello.Expo {
		stations = stations.Expo()
	}
	if hello.Watch {
		stations = stations.Unattended()
	}
	screen, opening := h.cfg.Hub.Kitchen(device.ID, stations, hello.Since, hello.Epoch)
	defer screen.Close()
	presses := &presses{handler: h, device: device, replies: make(chan any, repliesKept), watch: hello.Watch}
	// A screen that was ended presses nothing more, even if it does not hang up.
	press := func(raw []byte) error {
		select {
		case <-screen.Done():
			return reasonOf(screen.Reason())
		case <-h.closing:
			return errGoingAway
		default:
			return presses.handle(ctx, raw)
		}
	}
	return l.run(
		func() error { return l.read(press) },
		func(stop <-chan struct{}) error {
			return h.kitchenWriter(l, screen, device, opening, presses.replies, stop)
		},
	)
}

// kitchenWriter is the one goroutine that writes to a screen.
func (h *Handler) kitchenWriter(l *line, screen *live.Screen, device edge.Device, opening live.Opening,
	replies <-chan any, stop <-chan struct{},
) error {
	if err := h.open(l, device, opening); err != nil {
		return err
	}
	tick, ping := time.NewTicker(tickEvery), time.NewTicker(pingEvery)
	defer tick.Stop()
	defer ping.Stop()
	seq := openingSeq(opening)
	load := &loadTeller{}
	for {
		var err error
		select {
		case batch := <-screen.Batches():
			seq = batch.Seq()
			err = h.change(l, screen, batch)
		case reply := <-replies:
			// What the reply speaks of is in the queue already. It goes first: a screen resumes by any seq it has seen.
			if seq, err = h.catchUp(l, screen, seq); err == nil {
				err = l.send(reply)
			}
		case <-tick.C:
			// The seq of a tick is what this screen has been told, not what the hub knows: a screen resumes by it.
			if err = l.send(Tick{Type: "tick", Now: h.now(), Seq: seq}); err == nil {
				err = load.tell(h, l)
			}
		case <-ping.C:
			err = l.ping()
		case <-screen.Done():
			return reasonOf(screen.Reason())
		case <-h.closing:
			return errGoingAway
		case <-stop:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// catchUp sends the changes that wait and gives the newest record the screen then knows. It errs when the screen was
// ended, for then some may never have been queued.
func (h *Handler) catchUp(l *line, screen *live.Screen, seq int64) (int64, error) {
	for {
		select {
		case batch := <-screen.Batches():
			seq = batch.Seq()
			if err := h.change(l, screen, batch); err != nil {
				return seq, err
			}
		case <-screen.Done():
			return seq, reasonOf(screen.Reason())
		default:
			return seq, nil
		}
	}
}

func openingSeq(o live.Opening) int64 {
	if o.Missed != nil {
		return o.Missed.Seq
	}
	return o.Snapshot.Seq
}

func (h *Handler) change(l *line, screen *live.Screen, batch *live.Batch) error {
	if frame := screen.Frame(batch); frame != nil {
		if err := l.sendRaw(frame); err != nil {
			return err
		}
	}
	if batch.Menu() {
		return l.send(h.kitchenMenu(batch.Seq()))
	}
	return nil
}

// open sends the snapshot, or what the screen missed.
func (h *Handler) open(l *line, device edge.Device, opening live.Opening) error {
	if m := opening.Missed; m != nil {
		err := l.send(KitchenChanges{
			Type: "changes", From: m.From, Seq: m.Seq, Epoch: h.cfg.Hub.Epoch(), Now: h.now(), Tickets: m.Tickets,
			Orders: m.Orders, Stock: m.Stock, Paces: m.Paces, Menu: m.Menu,
		})
		if err != nil || !m.Menu {
			return err
		}
		return l.send(h.kitchenMenu(m.Seq))
	}
	s := opening.Snapshot
	menu := h.kitchenMenu(s.Seq)
	return l.send(KitchenSnapshot{
		Type: "snapshot", Seq: s.Seq, Epoch: h.cfg.Hub.Epoch(), Now: h.now(), Device: device,
		Venue: KitchenVenue{
			Name: h.venue.Name, Language: h.venue.Kitchen, Currency: h.venue.Currency, Courses: h.venue.Coursing.Hold,
			DayEnds: h.venue.DayEnds(h.now()),
		},
		Channels: append([]string{}, h.cfg.Channels...), Paces: s.Paces,
		Stations: menu.Stations, Items: menu.Items, Tickets: s.Tickets, Done: s.Done, Orders: s.Orders, Stock: s.Stock,
	})
}

// kitchenMenu is what screens need of the current menu.
func (h *Handler) kitchenMenu(seq int64) KitchenMenu {
	out := KitchenMenu{Type: "menu", Seq: seq, Stations: []edge.Station{}, Items: []KitchenItem{}}
	menu := h.cfg.Hub.Menu()
	if menu == nil {
		return out
	}
	out.Stations = append(out.Stations, menu.Stations...)
	languages := append([]string{h.venue.Kitchen}, menu.Languages...)
	for i := range menu.Categories {
		category := &menu.Categories[i]
		for j := range category.Items {
			out.Items = append(out.Items, kitchenItem(category, &category.Items[j], languages))
		}
	}
	return out
}

func kitchenItem(category *edge.Category, item *edge.Item, languages []string) KitchenItem {
	out := KitchenItem{ID: item.ID, Name: item.KitchenName, Category: category.Name.In(languages...)}
	if out.Name == "" {
		out.Name = item.Name.In(languages...)
	}
	for _, v := range item.Variants {
		out.Variants = append(out.Variants, KitchenVariant{ID: v.ID, Name: v.Name.In(languages...)})
	}
	return out
}
