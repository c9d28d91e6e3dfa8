package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

func FuzzOrderBody(f *testing.F) {
	f.Add(`{"key":"12345678","menu_version":1,"lines":[{"item":"burger","quantity":1,"modifiers":[{"id":"x"}],"unit":5}]}`)
	f.Add(`{"key":1}`)
	f.Add(`{"lines":[null]}`)
	f.Add(`{"key":"a","key":"b"}`)
	f.Add(`[[[[`)
	f.Add("{\"key\":\"\xff\"}")
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(text))
		r.Header.Set("Content-Type", jsonType)
		var body OrderBody
		p := decode(httptest.NewRecorder(), r, maxBody, &body)
		if p != nil {
			if p.Status < 400 || p.Status > 499 || p.Code == "" {
				t.Errorf("%q = %+v, want a refusal of the client", text, p)
			}
			return
		}
		if !json.Valid([]byte(text)) {
			t.Errorf("%q is not JSON and was taken as %+v", text, body)
		}
	})
}

func FuzzPress(f *testing.F) {
	for _, seed := range []string{
		`{"type":"bump","key":"k","ticket":"t","item":0}`, `{"type":"stock","key":"k","stock":{"key":"x","sold_out":true}}`,
		`{"type":"seen","tickets":[]}`, `{"type":"serve"}`, `{}`, `null`, `"x"`, `{"type":"reject","order":"o","reason":""}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := &presses{handler: fuzzHandler(), device: edge.Device{ID: "d"}, replies: make(chan any, 4)}
		err := p.handle(t.Context(), []byte(text))
		if err == nil && len(p.replies) != 1 {
			t.Errorf("%q got %d answers, want one", text, len(p.replies))
		}
		if err != nil && json.Valid([]byte(text)) && strings.HasPrefix(strings.TrimSpace(text), `{"type":"`) && len(p.replies) > 0 {
			t.Errorf("%q was answered and closed: %v", text, err)
		}
	})
}

// fuzzHandler has doors with nothing behind: whatever passes the decoding ends at a refusal.
func fuzzHandler() *Handler {
	return &Handler{logger: slog.New(slog.DiscardHandler), cfg: Config{
		Floor:   edge.NewFloor(noStore{}, edge.Venue{}, nil, func() edge.Moment { return edge.Moment{} }, nil),
		Kitchen: edge.NewKitchen(noStore{}, edge.Venue{}, func() edge.Moment { return edge.Moment{} }, nil),
		Hub:     live.New(time.Now, slog.New(slog.DiscardHandler)),
	}}
}

// noStore refuses everything.
type noStore struct{}

func (noStore) Write(context.Context, func(edge.Tx) error) error  { return edge.ErrUnavailable }
func (noStore) Read(context.Context, func(edge.View) error) error { return edge.ErrUnavailable }
