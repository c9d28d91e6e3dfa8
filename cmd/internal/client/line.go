package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge/api"
)

// Line is one open socket of a kitchen screen. One goroutine may call Next, any Send and Close.
type Line struct {
	ws    *websocket.Conn
	heard bytes.Buffer // the message that Next gave

	mu sync.Mutex // guards writing to ws
}

const (
	// silence is how long a line may say nothing; a device sends something at least every two seconds
	// (kitchen-protocol.md, Following).
	silence    = 5 * time.Second
	writeLimit = 5 * time.Second
	// kitchenProtocol is the subprotocol of kitchen screens (design §4).
	kitchenProtocol = "comanda.kitchen.v1"
)

// KitchenLine opens a socket with comanda.kitchen.v1 and says hello. The caller closes the line.
func (c *Client) KitchenLine(ctx context.Context, hello api.KitchenHello) (*Line, error) {
	u := *c.base
	u.Scheme = map[string]string{"http": "ws", "https": "wss"}[u.Scheme]
	dialer := *c.ws
	dialer.Subprotocols = []string{kitchenProtocol}
	ws, res, err := dialer.DialContext(ctx, u.String()+"/api/kitchen/live", http.Header{})
	if err != nil {
		return nil, fmt.Errorf("open kitchen socket: %w", handshake(err, res))
	}
	l := &Line{ws: ws}
	hello.Type = "hello"
	if err := l.Send(hello); err != nil {
		l.Close()
		return nil, fmt.Errorf("say hello: %w", err)
	}
	return l, nil
}

// handshake gives the refusal behind a handshake that the device answered with one.
func handshake(err error, res *http.Response) error {
	if res == nil || !errors.Is(err, websocket.ErrBadHandshake) {
		return err
	}
	defer res.Body.Close()
	raw, readErr := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if readErr != nil {
		return err
	}
	return refusalOf(res.StatusCode, res.Header, raw)
}

// Next waits for the next message, which is good until Next is called again. A line that says nothing for five
// seconds is broken; the error of a line that the device closed has a *websocket.CloseError with the code.
func (l *Line) Next() ([]byte, error) {
	if err := l.ws.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return nil, err
	}
	_, message, err := l.ws.NextReader()
	if err != nil {
		return nil, err
	}
	l.heard.Reset()
	_, err = l.heard.ReadFrom(message)
	return l.heard.Bytes(), err
}

// Send writes one message as JSON.
func (l *Line) Send(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ws.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return l.ws.WriteMessage(websocket.TextMessage, raw)
}

// Close breaks the line at once; a Next that waits errs. There is nothing to do about a line that cannot be closed.
func (l *Line) Close() { _ = l.ws.Close() }
