package api

import (
	"context"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// displaySocket speaks comanda.display.v1: what to show at the start, at every rotation, at every tap, and when
// what a tap showed is over.
func (h *Handler) displaySocket(ctx context.Context, l *line) error {
	var hello Hello
	if err := l.hello(&hello, &hello.Type); err != nil {
		return err
	}
	device, err := h.knownDevice(ctx, hello.Token, edge.RoleDisplay, edge.RoleOwner)
	if err != nil {
		return err
	}
	if err := l.seat.take(); err != nil {
		return err
	}
	watch := h.cfg.Hub.WatchTable(device.ID, device.TableID)
	defer watch.Close()
	return l.run(
		func() error { return l.read(nothingMore) },
		func(stop <-chan struct{}) error { return h.displayWriter(ctx, l, watch, device.TableID, stop) },
	)
}

func (h *Handler) displayWriter(ctx context.Context, l *line, watch *live.Watch, table edge.ID,
	stop <-chan struct{},
) error {
	tick, ping := time.NewTicker(tickEvery), time.NewTicker(pingEvery)
	defer tick.Stop()
	defer ping.Stop()
	again := time.NewTimer(0)
	defer again.Stop()
	for {
		var err error
		select {
		case <-again.C:
			err = h.show(ctx, l, table, again)
		case <-watch.Wake():
			watch.Take()
			err = h.show(ctx, l, table, again)
		case <-tick.C:
			err = l.send(h.tick())
		case <-ping.C:
			err = l.ping()
		case <-watch.Done():
			return reasonOf(watch.Reason())
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

// show sends what the display shows now and sets again to when that will be something else.
func (h *Handler) show(ctx context.Context, l *line, table edge.ID, again *time.Timer) error {
	code, err := h.codeFor(ctx, table)
	if err != nil {
		h.logger.ErrorContext(ctx, "make display code", slog.Any("error", err))
		return &closing{websocket.CloseInternalServerErr, "try again"}
	}
	until := code.Next
	if code.Flash != nil && code.Flash.Until.Before(until) {
		until = code.Flash.Until
	}
	// The wall clock may jump; asking a little too often is harmless, never again is not.
	again.Reset(min(max(until.Sub(code.Now), 50*time.Millisecond), time.Minute))
	return l.send(DisplayShow{Type: "show", Seq: h.cfg.Hub.Seq(), DisplayCode: code})
}
