// Package client speaks with a device over its API, for programs of ours: the command line, the load tool, tests.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Dialer makes network connections, as net.Dialer.DialContext does.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Options change how a device is reached. The zero value is usable.
type Options struct {
	// Timeout bounds one request with its answer, and the opening of a socket; 0 is ten seconds.
	Timeout time.Duration
	// Dial replaces the ordinary dialer, for example to bind a source address.
	Dial Dialer
}

// Client reaches one device. It may be used from any goroutine; Close ends its idle connections.
type Client struct {
	base *url.URL
	http *http.Client
	ws   *websocket.Dialer
}

// answerLimit bounds what is read of an answer; a full menu is far smaller.
const answerLimit = 64 << 20

// New makes a client of the device at base, such as "http://127.0.0.1:8080".
func New(base string, options Options) (*Client, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%q is not the address of a device, such as http://127.0.0.1:8080", base)
	}
	if options.Timeout == 0 {
		options.Timeout = 10 * time.Second
	}
	if options.Dial == nil {
		options.Dial = (&net.Dialer{Timeout: options.Timeout}).DialContext
	}
	transport := &http.Transport{
		DialContext: options.Dial, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute, DisableCompression: true,
	}
	return &Client{
		base: u, http: &http.Client{Transport: transport, Timeout: options.Timeout},
		ws: &websocket.Dialer{NetDialContext: options.Dial, HandshakeTimeout: options.Timeout},
	}, nil
}

// Close ends idle connections; those in use end with their request.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is one question to the device.
type request struct {
	method, path, key string
	contentType       string // of body; empty for JSON
	body              []byte
}

// ask sends a request and decodes the answer into out, unless that is nil. It gives the status and header of an
// answer that is no refusal; a refusal is a [*Refusal]. After any other error it is unknown whether the device has
// carried out the request.
func (c *Client) ask(ctx context.Context, r request, out any) (int, http.Header, error) {
	status, header, raw, err := c.send(ctx, r)
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	if status >= http.StatusMultipleChoices {
		return 0, nil, fmt.Errorf("%s %s: %w", r.method, r.path, refusalOf(status, header, raw))
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			return 0, nil, fmt.Errorf("%s %s: read answer: %w", r.method, r.path, err)
		}
	}
	return status, header, nil
}

func (c *Client) send(ctx context.Context, r request) (int, http.Header, []byte, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.base.String()+r.path, body)
	if err != nil {
		return 0, nil, nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("read answer: %w", err)
	}
	if len(raw) > answerLimit {
		return 0, nil, nil, errors.New("the answer is too large")
	}
	return res.StatusCode, res.Header, raw, nil
}

// tell sends in as JSON and decodes the answer into out, unless that is nil.
func (c *Client) tell(ctx context.Context, method, path, key string, in, out any) error {
	r := request{method: method, path: path, key: key}
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("%s %s: encode: %w", method, path, err)
		}
		r.body = raw
	}
	_, _, err := c.ask(ctx, r, out)
	return err
}
