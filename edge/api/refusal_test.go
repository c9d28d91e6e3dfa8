package api_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// unchanged checks that the journal did not grow while f ran.
func (h *house) unchanged(f func()) {
	h.t.Helper()
	before := h.seq()
	f()
	if after := h.seq(); after != before {
		h.t.Errorf("journal went from %d to %d, want nothing changed", before, after)
	}
}

func TestBadTokens(t *testing.T) {
	h := newHouse(t)
	old, _, _ := h.codes.Current(h.table.ID, h.now())
	ancient := old
	h.shift.Add(int64(10 * time.Minute))
	tests := []struct {
		name, token string
		status      int
		code        string
	}{
		{"unknown", "nobody-ever-made-this-token", 404, "token_unknown"},
		{"guessed code", "ABCDEFGH", 404, "token_unknown"},
		{"empty", "", 404, "token_unknown"},
		{"expired code", old, 410, "code_expired"},
		{"expired code in small letters", strings.ToLower(old), 410, "code_expired"},
		{"sql", "' OR 1=1 --", 404, "token_unknown"},
		{"too long", strings.Repeat("a", 65), 422, "invalid"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h.unchanged(func() {
				r := h.do("POST", "/api/guest/seat", "", api.SeatBody{Token: test.token})
				if r.status != test.status || r.code() != test.code {
					t.Errorf("seat(%q) = %d %s, want %d %s", test.token, r.status, r.body, test.status, test.code)
				}
			})
		})
	}
	h.shift.Add(int64(3 * 24 * time.Hour))
	h.unchanged(func() {
		r := h.do("POST", "/api/guest/seat", "", api.SeatBody{Token: ancient})
		if r.code() != "token_unknown" {
			t.Errorf("a code used from home days later = %s, want token_unknown", r.body)
		}
	})
}

func TestUnknownAndRetiredTokensAnswerAlike(t *testing.T) {
	h := newHouse(t)
	old := h.word
	h.want(http.StatusCreated, "POST", "/api/owner/tables/"+string(h.table.ID)+"/token", h.owner, `{"medium":"qr"}`)
	retired := h.do("POST", "/api/guest/seat", "", api.SeatBody{Token: old})
	unknown := h.do("POST", "/api/guest/seat", "", api.SeatBody{Token: "never-existed-0123456789"})
	if string(retired.body) != string(unknown.body) || retired.status != unknown.status {
		t.Errorf("retired = %s, unknown = %s, want the same answer", retired.body, unknown.body)
	}
}

func TestBadOrders(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	_, err := h.kitchen.SetStock(t.Context(), edge.System, edge.Stock{Key: "fries", SoldOut: true})
	h.must(err)
	kept := burger("kept-key", 1)
	h.want(http.StatusCreated, "POST", "/api/guest/orders", key, kept)
	order := func(line string) string {
		return fmt.Sprintf(`{"key":%q,"menu_version":1,"lines":[%s]}`, newKey(), line)
	}
	tests := []struct {
		name   string
		body   string
		status int
		code   string
	}{
		{"unknown item", order(`{"item":"unicorn","quantity":1}`), 422, "item_unknown"},
		{"hidden item", order(`{"item":"staff-meal","quantity":1}`), 422, "item_unknown"},
		{"negative quantity", order(`{"item":"burger","quantity":-1}`), 422, "quantity_invalid"},
		{"no quantity", order(`{"item":"burger"}`), 422, "quantity_invalid"},
		{"huge quantity", order(`{"item":"burger","quantity":1000000}`), 422, "quantity_invalid"},
		{"quantity beyond integers", order(`{"item":"burger","quantity":99999999999999999999}`), 422, "invalid"},
		{"quantity in half", order(`{"item":"burger","quantity":1.5}`), 422, "invalid"},
		{"quantity as text", order(`{"item":"burger","quantity":"1"}`), 422, "invalid"},
		{"sold out", order(`{"item":"fries","quantity":1}`), 409, "differences"},
		{"changed price", order(`{"item":"burger","quantity":1,"unit":100}`), 409, "differences"},
		{"not at this hour", order(`{"item":"eggs","quantity":1}`), 409, "differences"},
		{"no lines", order(``), 422, "order_empty"},
		{"lines null", `{"key":"key-12345678","menu_version":1,"lines":null}`, 422, "order_empty"},
		{"no key", `{"menu_version":1,"lines":[{"item":"burger","quantity":1}]}`, 422, "key_missing"},
		{"too many lines", order(strings.Repeat(`{"item":"burger","quantity":1},`, 10) + `{"item":"burger","quantity":1}`), 422, "too_many_lines"},
		{"unknown key in the body", `{"key":"key-12345678","menu_version":1,"guest":"x","lines":[]}`, 422, "invalid"},
		{"unknown key in a line", order(`{"item":"burger","quantity":1,"price":0}`), 422, "invalid"},
		{"unknown allergen", `{"key":"key-12345678","menu_version":1,"lines":[{"item":"burger","quantity":1}],"allergies":["love"]}`, 422, "allergen_unknown"},
		{"text of 60 kB", `{"key":"key-12345678","menu_version":1,"lines":[{"item":"burger","quantity":1}],"note":"` + strings.Repeat("x", 60_000) + `"}`, 422, "text_too_long"},
		{"text of 100 kB", `{"key":"key-12345678","menu_version":1,"lines":[{"item":"burger","quantity":1}],"note":"` + strings.Repeat("x", 100_000) + `"}`, 413, "too_large"},
		{"a used key with another body", `{"key":"kept-key","menu_version":1,"lines":[{"item":"burger","quantity":2}]}`, 409, "key_reused"},
		{"malformed", `{"key":`, 400, "malformed"},
		{"two values", order(`{"item":"burger","quantity":1}`) + `{}`, 400, "malformed"},
		{"an array", `[]`, 422, "invalid"},
		{"empty", ``, 400, "malformed"},
		{"deep nesting", strings.Repeat(`[`, 30_000), 400, "malformed"},
		{"deep nesting in a known key", `{"lines":` + strings.Repeat(`[`, 30_000) + `}`, 400, "malformed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h.shift.Add(int64(3 * time.Second)) // a turn of the rate limit
			h.unchanged(func() {
				r := h.do("POST", "/api/guest/orders", key, test.body)
				if r.status != test.status || r.code() != test.code {
					t.Errorf("= %d %s, want %d %s", r.status, r.body, test.status, test.code)
				}
				if got := r.header.Get("Content-Type"); got != "application/problem+json" {
					t.Errorf("Content-Type = %q, want application/problem+json", got)
				}
			})
		})
	}
}

func TestOrderAgainstAnOldMenu(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	dearer := strings.Replace(menuYAML, "price: 1290", "price: 1390", 1)
	h.want(http.StatusCreated, "POST", "/api/owner/menu", h.owner, dearer)
	h.unchanged(func() {
		r := h.do("POST", "/api/guest/orders", key, burger(newKey(), 1))
		var p api.Problem
		r.into(t, &p)
		if r.status != http.StatusConflict || len(p.Differences) != 1 || p.Differences[0].Now != 1390 {
			t.Errorf("order of version 1 = %d %s, want 409 with the new price", r.status, r.body)
		}
	})
	wrong := burger(newKey(), 1)
	wrong.MenuVersion = 99
	h.unchanged(func() {
		if r := h.do("POST", "/api/guest/orders", key, wrong); r.status < 400 || r.status >= 500 {
			t.Errorf("order of version 99 = %d %s, want a refusal", r.status, r.body)
		}
	})
}

func TestKeysAndRoles(t *testing.T) {
	h := newHouse(t)
	guest := h.sit()
	tests := []struct {
		name, method, path, key string
		status                  int
	}{
		{"guest without a key", "GET", "/api/guest/view", "", 401},
		{"guest with a wrong key", "GET", "/api/guest/view", "wrong", 401},
		{"guest with a device's key", "GET", "/api/guest/view", h.owner, 401},
		{"order without a key", "POST", "/api/guest/orders", "", 401},
		{"owner without a key", "GET", "/api/owner/state", "", 401},
		{"owner with a guest's key", "GET", "/api/owner/state", guest, 401},
		{"owner with a cook's key", "GET", "/api/owner/floor", h.cook, 403},
		{"owner with a display's key", "POST", "/api/owner/menu", h.display, 403},
		{"display with a cook's key", "GET", "/api/display/code", h.cook, 403},
		{"display with its own key", "GET", "/api/display/code", h.display, 200},
		{"display with the owner's key", "GET", "/api/display/code", h.owner, 200},
		{"nothing there", "GET", "/api/nothing", "", 404},
	}
	for _, test := range tests {
		t.Run(test.name, func(*testing.T) {
			h.unchanged(func() { h.want(test.status, test.method, test.path, test.key, nil) })
		})
	}
}

func TestEveryOwnerPathNeedsTheOwner(t *testing.T) {
	h := newHouse(t)
	for path, item := range api.Document().Paths {
		if !strings.HasPrefix(path, "/api/owner/") || strings.HasSuffix(path, "/live") {
			continue
		}
		for method, op := range map[string]any{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if fmt.Sprint(op) == "<nil>" {
				continue
			}
			at := strings.ReplaceAll(path, "{id}", "x")
			h.unchanged(func() {
				h.want(http.StatusUnauthorized, method, at, "", `{}`)
				h.want(http.StatusForbidden, method, at, h.cook, `{}`)
			})
		}
	}
}

func TestMedia(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	for _, path := range []string{"/api/guest/orders", "/api/guest/help"} {
		for _, kind := range []string{"text/plain", "application/xml", "multipart/form-data; boundary=x", "x/\x7f"} {
			h.unchanged(func() {
				req, _ := http.NewRequestWithContext(t.Context(), "POST", h.url+path, strings.NewReader(`{"what":"water"}`))
				req.Header["Content-Type"] = []string{strings.ReplaceAll(kind, "\x7f", "")}
				req.Header.Set("Authorization", "Bearer "+key)
				if r := h.send(req); r.status != http.StatusUnsupportedMediaType {
					t.Errorf("%s as %q = %d %s, want 415", path, kind, r.status, r.body)
				}
			})
		}
	}
}

func TestGiantBodies(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	big := `{"what":"` + strings.Repeat("x", 70<<10) + `"}`
	h.unchanged(func() {
		h.want(http.StatusRequestEntityTooLarge, "POST", "/api/guest/help", key, big)
		h.want(http.StatusRequestEntityTooLarge, "POST", "/api/guest/seat", "", big)
		h.want(http.StatusRequestEntityTooLarge, "POST", "/api/owner/menu", h.owner, strings.Repeat("#", 5<<20))
	})
}

func TestRestOfAGiantBodyIsNoRequest(t *testing.T) {
	h := newHouse(t)
	rest := "GET /api/guest/menu HTTP/1.1\r\nHost: localhost\r\n\r\n"
	body := strings.Repeat("#", 4<<20) + strings.Repeat(rest, 10_000)
	conn, err := net.Dial("tcp", h.host)
	h.must(err)
	defer conn.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		fmt.Fprintf(conn, "POST /api/owner/menu HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
			h.owner, len(body), body)
	}()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	answers, _ := io.ReadAll(conn)
	<-done
	if n := strings.Count(string(answers), "HTTP/1.1"); n != 1 || !strings.Contains(string(answers), " 413 ") {
		t.Errorf("%d answers: %.300s, want one 413", n, answers)
	}
}

func TestForeignHosts(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		host   string
		status int
	}{
		{h.host, 200},
		{"localhost:8080", 200},
		{"LOCALHOST", 200},
		{"table.example", 200},
		{"table.example.:443", 200},
		{"[::1]:80", 200},
		{"192.168.1.7", 200},
		{"evil.example", 421},
		{"table.example.evil.example", 421},
		{"127.0.0.1.evil.example", 421},
	}
	for _, test := range tests {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", h.url+"/api/guest/menu", nil)
		req.Host = test.host
		if r := h.send(req); r.status != test.status {
			t.Errorf("Host %q = %d, want %d", test.host, r.status, test.status)
		}
	}
}

func TestForeignOrigins(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	tests := []struct {
		origin string
		status int
	}{
		{"", 204},
		{"http://" + h.host, 204},
		{"https://table.example", 204},
		{"https://evil.example", 403},
		{"null", 403},
		{"http://localhost:9999", 403},
		{"http://" + h.host + ".evil.example", 403},
	}
	for _, test := range tests {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", h.url+"/api/guest/help", strings.NewReader(`{"what":"water"}`))
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("Content-Type", "application/json")
		if test.origin != "" {
			req.Header.Set("Origin", test.origin)
		}
		if r := h.send(req); r.status != test.status {
			t.Errorf("Origin %q = %d %s, want %d", test.origin, r.status, r.body, test.status)
		}
		dialer := websocket.Dialer{Subprotocols: []string{"comanda.kitchen.v1"}}
		header := http.Header{}
		if test.origin != "" {
			header.Set("Origin", test.origin)
		}
		ws, res, err := dialer.Dial("ws://"+h.host+"/api/kitchen/live", header)
		if (err == nil) != (test.status == 204) || (err != nil && res.StatusCode != http.StatusForbidden) {
			t.Errorf("socket from origin %q: %v", test.origin, err)
		}
		if err == nil {
			ws.Close()
		}
	}
}

func TestTooManyRequests(t *testing.T) {
	h := newHouse(t)
	key := h.sit()
	var r reply
	for range 30 {
		if r = h.do("POST", "/api/guest/orders", key, burger(newKey(), 1)); r.status == http.StatusTooManyRequests {
			break
		}
	}
	if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" {
		t.Errorf("30 orders at once = %d %v, want 429 with Retry-After", r.status, r.header)
	}
	for range 500 {
		if r = h.do("POST", "/api/guest/seat", "", api.SeatBody{Token: "guessing"}); r.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Errorf("500 guesses of tokens = %d, want 429", r.status)
}

func TestSlowClientsAreCutOff(t *testing.T) {
	h := newHouse(t)
	server := api.Server("127.0.0.1:0", h.api)
	server.ReadHeaderTimeout, server.ReadTimeout = 200*time.Millisecond, 300*time.Millisecond
	listener, err := net.Listen("tcp", server.Addr)
	h.must(err)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	defer func() { server.Close(); <-done }()
	for name, start := range map[string]string{
		"header": "POST /api/guest/orders HTTP/1.1\r\nHost: localhost\r\nX-Slow:",
		"body":   "POST /api/guest/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + h.sit() + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	} {
		h.unchanged(func() {
			conn, err := net.Dial("tcp", listener.Addr().String())
			h.must(err)
			defer conn.Close()
			fmt.Fprint(conn, start)
			_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			line, err := bufio.NewReader(conn).ReadString('\n')
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("slow %s: still open after 5 s", name)
			}
			if name == "body" && !strings.Contains(line, "408") {
				t.Errorf("slow body = %q, want 408", line)
			}
		})
	}
	if s := api.Server("x", h.api); s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("server without limits: %+v", s)
	}
}
