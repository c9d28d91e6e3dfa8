package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// dial makes a client of a handler.
func dial(t *testing.T, handler http.Handler, options client.Options) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := client.New(server.URL+"/", options)
	if err != nil {
		t.Fatalf("New(%s): %v", server.URL, err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestNewRefusesWhatIsNoAddress(t *testing.T) {
	for _, base := range []string{"", "device:8080", "ftp://device", "http://", "::"} {
		if _, err := client.New(base, client.Options{}); err == nil {
			t.Errorf("New(%q): got no error, want one", base)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, test := range []struct {
		name     string
		answer   http.HandlerFunc
		repeated bool
		want     error // nil: the receipt is 12
		code     string
		after    time.Duration
	}{
		{name: "new", answer: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			w.Write([]byte(`{"order":"o-12","number":"12"}`))
		}},
		{name: "repeated", repeated: true, answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Idempotent-Replay", "true")
			w.Write([]byte(`{"order":"o-12","number":"12"}`))
		}},
		{name: "differences", want: edge.ErrConflict, code: "differences", answer: problem(http.StatusConflict, "differences", "")},
		{name: "too often", want: edge.ErrTooMany, code: "too_often", after: 5 * time.Second, answer: problem(429, "too_often", "5")},
		{name: "disk full", want: edge.ErrUnavailable, code: "store_stopped", answer: problem(503, "store_stopped", "x")},
		{name: "visit over", want: edge.ErrClosed, code: "session_closed", answer: problem(410, "session_closed", "")},
		{name: "no key", want: edge.ErrDenied, code: "key_unknown", answer: problem(401, "key_unknown", "")},
		{name: "wrong", want: edge.ErrInvalid, code: "order_empty", answer: problem(422, "order_empty", "")},
		{name: "a proxy's", want: edge.ErrUnavailable, answer: func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<h1>no upstream</h1>", http.StatusServiceUnavailable)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var seen api.OrderBody
			c := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if got, want := r.Method+" "+r.URL.Path, "POST /api/guest/orders"; got != want {
					t.Errorf("asked %s, want %s", got, want)
				}
				if got := r.Header.Get("Authorization"); got != "Bearer secret" {
					t.Errorf("authorised by %q, want Bearer secret", got)
				}
				if err := json.NewDecoder(r.Body).Decode(&seen); err != nil {
					t.Errorf("body: %v", err)
				}
				test.answer(w, r)
			}), client.Options{})
			receipt, repeated, err := c.Guest("secret").Place(t.Context(), api.OrderBody{Key: "key-0001", MenuVersion: 3})
			if !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if seen.Key != "key-0001" || seen.MenuVersion != 3 {
				t.Errorf("sent %+v", seen)
			}
			if test.want == nil {
				if receipt.Number != "12" || receipt.Order != "o-12" || repeated != test.repeated {
					t.Errorf("got %+v repeated %t, want number 12 repeated %t", receipt, repeated, test.repeated)
				}
				return
			}
			refusal, ok := errors.AsType[*client.Refusal](err)
			if !ok || refusal.Code != test.code || client.CodeOf(err) != test.code || refusal.RetryAfter != test.after {
				t.Errorf("refusal %+v, want code %q after %s", refusal, test.code, test.after)
			}
		})
	}
}

func problem(status int, code, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(api.Problem{Code: code, Status: status, Detail: "Because."})
	}
}

// TestUnknownOutcomeIsNoRefusal: a broken or late answer says nothing about what the device did.
func TestUnknownOutcomeIsNoRefusal(t *testing.T) {
	release := make(chan struct{})
	for name, answer := range map[string]http.HandlerFunc{
		"cut off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"late":    func(http.ResponseWriter, *http.Request) { <-release },
		"torn": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte(`{"order":"o-12"`))
		},
		"nonsense": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`hello`)) },
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, answer, client.Options{Timeout: 200 * time.Millisecond})
			if name == "late" {
				t.Cleanup(func() { close(release) })
			}
			_, _, err := c.Guest("secret").Place(t.Context(), api.OrderBody{})
			if err == nil {
				t.Fatal("got no error, want one")
			}
			if refusal, ok := errors.AsType[*client.Refusal](err); ok {
				t.Errorf("got the refusal %v, want an error that is none", refusal)
			}
		})
	}
}

func TestContextEndsARequest(t *testing.T) {
	c := dial(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), client.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Owner("k").State(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
}
