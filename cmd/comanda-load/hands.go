package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// hands are the staff with the owner's screen: they take orders off and mark what has run out.
type hands struct {
	url, key string
	http     *http.Client
}

func newHands(url, key string) *hands {
	return &hands{url: url, key: key, http: &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}}
}

func (h *hands) close() { h.http.CloseIdleConnections() }

// cancel takes an order off, or one of its line when that is not nil. done is false when the device refused: it was
// too late.
func (h *hands) cancel(ctx context.Context, key string, order edge.ID, line *int) (done bool, err error) {
	body := api.CancelBody{Key: key, Line: line, Reason: "guest changed their mind"}
	if line != nil {
		body.Quantity = 1
	}
	return h.do(ctx, http.MethodPost, "/api/owner/orders/"+string(order)+"/cancel", body)
}

// stock marks a dish as sold out, or as there again.
func (h *hands) stock(ctx context.Context, item string, soldOut bool) error {
	done, err := h.do(ctx, http.MethodPut, "/api/owner/stock", edge.Stock{Key: item, SoldOut: soldOut})
	if err == nil && !done {
		return fmt.Errorf("mark %s: the device refused", item)
	}
	return err
}

// tryAgain is how long staff and guests wait when the device does not answer.
const tryAgain = 100 * time.Millisecond

// do asks until the device has answered for good. Every request may be repeated: it has a key, or says how things are.
func (h *hands) do(ctx context.Context, method, path string, body any) (done bool, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return false, fmt.Errorf("encode request: %w", err)
	}
	for {
		status, err := h.once(ctx, method, path, raw)
		switch {
		case err == nil && status < http.StatusMultipleChoices:
			return true, nil
		case err == nil && status < http.StatusInternalServerError && status != http.StatusTooManyRequests:
			return false, nil
		}
		select {
		case <-ctx.Done():
			return false, fmt.Errorf("%s %s: %w", method, path, ctx.Err())
		case <-time.After(tryAgain):
		}
	}
}

func (h *hands) once(ctx context.Context, method, path string, raw []byte) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, method, h.url+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+h.key)
	res, err := h.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, err
	}
	return res.StatusCode, nil
}
