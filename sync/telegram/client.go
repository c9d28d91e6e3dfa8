package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// maxAnswer bounds what is read of an answer: getUpdates is cut at about 4 MB by the server.
const maxAnswer = 8 << 20

// client speaks the Bot API ("Making requests"): JSON in, JSON out, the token in the path.
type client struct {
	base  string
	token Secret
	http  *http.Client
}

// call is one request. A repeatable one may be sent twice without harm, so its failures are never of unknown outcome.
type call struct {
	method     string
	params     any
	result     any
	repeatable bool
}

type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter      int   `json:"retry_after"`
		MigrateToChatID int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// transport notices within half a minute that a connection is dead; a device's uplink changes its address without a word.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 20 * time.Second, PingTimeout: 10 * time.Second}
	t.ForceAttemptHTTP2 = true
	return t
}

// do makes one request. Every error it returns is a *channel.Error without the token in it.
func (c client) do(ctx context.Context, r call) error {
	body, err := json.Marshal(orEmpty(r.params))
	if err != nil {
		return &channel.Error{Kind: channel.KindRejected, Err: fmt.Errorf("encode %s: %w", r.method, err)}
	}
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	ctx = httptrace.WithClientTrace(ctx, trace)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/bot"+string(c.token)+"/"+r.method, bytes.NewReader(body))
	if err != nil {
		return &channel.Error{Kind: channel.KindSettings, Err: c.scrub(err)}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return c.lost(err, sent.Load() && !r.repeatable)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return c.lost(err, !r.repeatable)
	}
	return c.read(r, resp.StatusCode, raw)
}

func orEmpty(params any) any {
	if params == nil {
		return struct{}{}
	}
	return params
}

// read turns an answer into a result or an error.
func (c client) read(r call, status int, raw []byte) error {
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return foreignAnswer(status, r.repeatable)
	}
	if !a.OK {
		e := classify(status, a, r.repeatable)
		e.Words = c.hide(e.Words)
		return e
	}
	if r.result == nil {
		return nil
	}
	if err := json.Unmarshal(a.Result, r.result); err != nil {
		return c.lost(fmt.Errorf("read the result of %s: %w", r.method, err), !r.repeatable)
	}
	return nil
}

// lost is an exchange that broke. If the request may have reached Telegram, what became of it is unknown.
func (c client) lost(err error, perhapsDone bool) error {
	kind := channel.KindRetry
	if perhapsDone {
		kind = channel.KindUnknownOutcome
	}
	return &channel.Error{Kind: kind, Err: c.scrub(err)}
}

// scrub removes the token: *url.Error quotes the whole address, so only its cause is kept.
func (c client) scrub(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if text := err.Error(); c.hide(text) != text {
		return errors.New(c.hide(text))
	}
	return err
}

func (c client) hide(text string) string {
	_, secret, _ := strings.Cut(string(c.token), ":")
	return strings.ReplaceAll(text, secret, "(token)")
}
