package api

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// nothingMore reads a socket whose client has nothing to say after its hello.
func nothingMore([]byte) error { return &closing{closeBad, "nothing expected after hello"} }

// guestSocket speaks comanda.guest.v1: the whole view at the start and after every change, which is also how a
// client resumes.
func (h *Handler) guestSocket(ctx context.Context, l *line) error {
	var hello Hello
	if err := l.hello(&hello, &hello.Type); err != nil {
		return err
	}
	guest, err := h.keys.Guest(ctx, hello.Token)
	if errors.Is(err, edge.ErrNotFound) {
		return &closing{closeKey, "key not known"}
	}
	if err != nil {
		h.logger.ErrorContext(ctx, "look up guest", slog.Any("error", err))
		return &closing{websocket.CloseInternalServerErr, "try again"}
	}
	if err := l.seat.take(); err != nil {
		return err
	}
	watch := h.cfg.Hub.WatchSession(guest.Session)
	defer watch.Close()
	first := func() error { return h.sendView(ctx, l, guest.ID) }
	return l.run(
		func() error { return l.read(nothingMore) },
		func(stop <-chan struct{}) error {
			return h.watchWriter(l, watch, stop, first, func(topics live.Topics, seq int64) error {
				if topics&(live.Stocks|live.Menus) != 0 {
					if err := l.send(h.guestStock(seq)); err != nil {
						return err
					}
				}
				if topics&^live.Stocks != 0 {
					return h.sendView(ctx, l, guest.ID)
				}
				return nil
			})
		},
	)
}

// watchWriter is the one goroutine that writes to a socket that is told of changes in whole.
func (h *Handler) watchWriter(l *line, watch *live.Watch, stop <-chan struct{}, first func() error,
	tell func(live.Topics, int64) error,
) error {
	if err := first(); err != nil {
		return err
	}
	tick, ping := time.NewTicker(tickEvery), time.NewTicker(pingEvery)
	defer tick.Stop()
	defer ping.Stop()
	for {
		var err error
		select {
		case <-watch.Wake():
			if topics, seq := watch.Take(); topics != 0 {
				err = tell(topics, seq)
			}
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

func (h *Handler) sendView(ctx context.Context, l *line, id edge.ID) error {
	view, seq, err := h.viewAt(ctx, id)
	if err != nil {
		h.logger.ErrorContext(ctx, "make guest view", slog.Any("error", err))
		return &closing{websocket.CloseInternalServerErr, "try again"}
	}
	return l.send(GuestViewMessage{Type: "view", Seq: seq, View: view})
}

func (h *Handler) guestStock(seq int64) GuestStockMessage {
	out := GuestStockMessage{Type: "stock", Seq: seq, Stock: h.cfg.Hub.Stock()}
	if menu := h.cfg.Hub.Menu(); menu != nil {
		out.MenuVersion = menu.Version
	}
	return out
}
