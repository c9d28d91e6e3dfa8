package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// The close codes of our own; kitchen-protocol.md says what to do on each.
const (
	closeSlow    = 4008 // the client read too slowly
	closeBad     = 4400 // the hello or a message was not understood
	closeKey     = 4401 // the key is not known
	closeRemoved = 4403 // the key was taken away, or may not do this
)

const (
	tickEvery   = 2 * time.Second
	pingEvery   = 10 * time.Second
	silentLimit = 30 * time.Second // without a pong or a message the client is gone
	writeLimit  = 5 * time.Second
	helloLimit  = 5 * time.Second
	maxMessage  = 64 << 10
)

func (h *Handler) socketRoutes(mux *http.ServeMux) {
	guests, house := new(maxGuestSockets), new(maxHouseSockets)
	places := newSeats()
	mux.HandleFunc("GET /api/guest/live", h.socket(guestProtocol, places, guests, h.guestSocket))
	mux.HandleFunc("GET /api/kitchen/live", h.socket(kitchenProtocol, places, house, h.kitchenSocket))
	mux.HandleFunc("GET /api/display/live", h.socket(displayProtocol, places, house, h.displaySocket))
	mux.HandleFunc("GET /api/owner/live", h.socket(ownerProtocol, places, house, h.ownerSocket))
}

var (
	errClosing = edge.Refuse(edge.KindUnavailable, "closing", "The device is shutting down.")
	errCrowded = edge.Refuse(edge.KindUnavailable, "too_many_sockets", "Too many connections wait to say who they are.")
)

// line is an open socket. One goroutine reads and one writes.
type line struct {
	ws      *websocket.Conn
	seat    *seat
	logger  *slog.Logger
	closing <-chan struct{} // of the handler
	over    atomic.Bool     // the writer has ended
}

// closing ends a socket with a code and words for the client.
type closing struct {
	code int
	text string
}

func (c *closing) Error() string { return c.text }

var errGoingAway = &closing{websocket.CloseGoingAway, "shutting down"}

// socket upgrades a request and runs serve, which ends with how to close. The key comes in the first message,
// never in the address, which proxies and logs keep.
func (h *Handler) socket(protocol string, places *seats, limit *int, serve func(context.Context, *line) error,
) http.HandlerFunc {
	upgrader := websocket.Upgrader{
		HandshakeTimeout: helloLimit, ReadBufferSize: 1024, WriteBufferSize: 4096, Subprotocols: []string{protocol},
		CheckOrigin: func(*http.Request) bool { return true }, // guard has checked it
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			writeProblem(w, problem(status, "no_websocket", "%v", reason))
		},
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(websocket.Subprotocols(r), protocol) {
			writeProblem(w, problem(http.StatusBadRequest, "subprotocol", "Please ask for the subprotocol %s.", protocol))
			return
		}
		if !h.enter() {
			writeProblem(w, h.refusal(r.Context(), errClosing))
			return
		}
		defer h.sockets.Done()
		place := places.come(addressOf(r.RemoteAddr), limit)
		if place == nil {
			writeProblem(w, h.refusal(r.Context(), errCrowded))
			return
		}
		defer place.leave()
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		ws.SetReadLimit(maxMessage)
		boundSendBuffer(ws)
		l := &line{ws: ws, seat: place, logger: h.logger, closing: h.closing}
		// The request's context ends with the handler only: the connection has left the server's care.
		l.close(serve(context.WithoutCancel(r.Context()), l))
	}
}

// sendBuffer is how much the system may keep for a line that takes nothing. Left to itself it keeps megabytes, which
// nobody accounts for, and a stuck screen is noticed late.
const sendBuffer = 64 << 10

func boundSendBuffer(ws *websocket.Conn) {
	if tcp, ok := ws.NetConn().(*net.TCPConn); ok {
		// A line without the bound works as well.
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
}

// close says why and lets the client answer for a moment.
func (l *line) close(err error) {
	how, ok := errors.AsType[*closing](err)
	if !ok {
		return
	}
	message := websocket.FormatCloseMessage(how.code, how.text)
	_ = l.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
}

// hello reads the first message into v, which has a type and a token.
func (l *line) hello(v any, typ *string) error {
	_ = l.ws.SetReadDeadline(time.Now().Add(helloLimit))
	kind, raw, err := l.ws.ReadMessage()
	if err != nil {
		return &closing{closeBad, "hello expected"}
	}
	if p := decodeBytes(raw, v); kind != websocket.TextMessage || p != nil || *typ != "hello" {
		return &closing{closeBad, "hello not understood"}
	}
	return nil
}

// reasonOf is how a socket is closed when the hub has ended it.
func reasonOf(r live.Reason) error {
	switch r {
	case live.Slow:
		return &closing{closeSlow, "slow"}
	case live.Removed:
		return &closing{closeRemoved, "removed"}
	case live.Shutdown:
		return errGoingAway
	default:
		return nil
	}
}

// read calls handle with every text message until the line breaks. Whatever the client sends, and every pong, says
// that it is alive.
func (l *line) read(handle func(raw []byte) error) error {
	alive := func(string) error {
		err := l.ws.SetReadDeadline(time.Now().Add(silentLimit))
		if l.over.Load() {
			err = l.ws.SetReadDeadline(time.Now().Add(farewell))
		}
		return err
	}
	l.ws.SetPongHandler(alive)
	for {
		_ = alive("")
		kind, raw, err := l.ws.ReadMessage()
		if err != nil {
			return err
		}
		if kind != websocket.TextMessage {
			return &closing{closeBad, "text frames only"}
		}
		if err := handle(raw); err != nil {
			return err
		}
	}
}

// send writes one message. It must be called by the writing goroutine only.
func (l *line) send(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return l.sendRaw(raw)
}

func (l *line) sendRaw(raw []byte) error {
	_ = l.ws.SetWriteDeadline(time.Now().Add(writeLimit))
	return l.ws.WriteMessage(websocket.TextMessage, raw)
}

func (l *line) ping() error {
	return l.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeLimit))
}

// run writes with write until it ends, while reading goes on beside it; the one that ends first ends the other.
// The writer says itself how it ended; what run gives is how reading ended.
func (l *line) run(read func() error, write func(stop <-chan struct{}) error) error {
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		err := write(stop)
		if err != nil {
			l.close(err)
			// Reading is waiting for the client, who may never say anything again. The reader looks at over after setting a
			// deadline of its own, so that this one stays.
			l.over.Store(true)
			_ = l.ws.SetReadDeadline(time.Now().Add(farewell))
		}
		if _, told := errors.AsType[*closing](err); err != nil && !told {
			_ = l.ws.Close()
		}
		close(ended)
	}()
	hurried := l.hurry(ended)
	readErr := read()
	close(stop)
	<-ended
	<-hurried
	return readErr
}

// farewell is how long a line that ends waits for the client.
const farewell = time.Second

// hurry cuts a write short that hangs while the device closes. What it gives is closed when it has ended, which it does
// when the writer has.
func (l *line) hurry(ended <-chan struct{}) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-l.closing:
			_ = l.ws.NetConn().SetWriteDeadline(time.Now().Add(farewell))
		case <-ended:
		}
	}()
	return done
}

// knownDevice finds the device of a hello, or says how to close.
func (h *Handler) knownDevice(ctx context.Context, key string, roles ...edge.Role) (edge.Device, error) {
	device, err := h.keys.Device(ctx, key)
	switch {
	case errors.Is(err, edge.ErrNotFound):
		return edge.Device{}, &closing{closeKey, "key not known"}
	case err != nil:
		h.logger.ErrorContext(ctx, "look up device", slog.Any("error", err))
		return edge.Device{}, &closing{websocket.CloseInternalServerErr, "try again"}
	case !slices.Contains(roles, device.Role):
		return edge.Device{}, &closing{closeRemoved, "not for this role"}
	}
	return device, nil
}

func (h *Handler) tick() Tick { return Tick{Type: "tick", Now: h.now(), Seq: h.cfg.Hub.Seq()} }
