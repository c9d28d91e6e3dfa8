package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/web"
)

func screens() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		".gitkeep":            file(""),
		".vite/manifest.json": file("{}"),
		"index.html":          file("index"),
		"guest.html":          file("guest"),
		"guest.html.br":       file("guest in brotli"),
		"guest.html.gz":       file("guest in gzip"),
		"kitchen.html":        file("kitchen"),
		"display.html":        file("display"),
		"owner.html":          file("owner"),
		"icon.svg":            file("<svg/>"),
		"assets/a-1234.js":    file("script"),
		"assets/a-1234.js.gz": file("script in gzip"),
		"assets/only.css.gz":  file("no plain form"),
	}
}

func ask(t *testing.T, h http.Handler, method, path string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://table.example"+path, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("read body: %v", err)
	}
	return string(text)
}

func open(t *testing.T) http.Handler {
	t.Helper()
	h, err := web.New(screens())
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return h
}

func TestPages(t *testing.T) {
	h := open(t)
	for path, want := range map[string]string{
		"/": "index", "/t/Abc_-9": "guest", "/T/ABC": "guest", "/t/": "guest", "/t": "guest", "/kitchen": "kitchen",
		"/Kitchen/": "kitchen", "/display": "display", "/owner": "owner",
	} {
		got := ask(t, h, "GET", path, nil)
		if text := body(t, got); got.StatusCode != http.StatusOK || text != want {
			t.Errorf("GET %s: got %d %q, want 200 %q", path, got.StatusCode, text, want)
		}
		if cache := got.Header.Get("Cache-Control"); cache != "no-cache" {
			t.Errorf("GET %s: Cache-Control %q, want no-cache", path, cache)
		}
	}
}

func TestNotThere(t *testing.T) {
	h := open(t)
	for _, path := range []string{
		"/t/a/b", "/assets/b.js", "/assets/only.css", "/.gitkeep", "/.vite/manifest.json", "/guest.html.br",
		"/assets/../.gitkeep", "/assets", "/KITCHENS",
	} {
		got := ask(t, h, "GET", path, nil)
		if got.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: got %d, want 404", path, got.StatusCode)
		}
		if strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("GET %s: a missing file must not be kept by browsers", path)
		}
	}
}

func TestAssetsAreKept(t *testing.T) {
	got := ask(t, open(t), "GET", "/assets/a-1234.js", nil)
	want := map[string]string{
		"Cache-Control": "public, max-age=31536000, immutable",
		"Content-Type":  "text/javascript; charset=utf-8",
		"Vary":          "Accept-Encoding",
	}
	for name, value := range want {
		if diff := cmp.Diff(value, got.Header.Get(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestForms(t *testing.T) {
	h := open(t)
	for accept, want := range map[string]struct{ coding, text string }{
		"":                            {"", "guest"},
		"gzip, deflate, br":           {"br", "guest in brotli"},
		"gzip":                        {"gzip", "guest in gzip"},
		"GZIP;q=0.5":                  {"gzip", "guest in gzip"},
		"br;q=0, gzip;q=1":            {"gzip", "guest in gzip"},
		"*":                           {"br", "guest in brotli"},
		"*;q=0":                       {"", "guest"},
		"br; q=nonsense, gzip; q=0.0": {"", "guest"},
		"identity":                    {"", "guest"},
	} {
		got := ask(t, h, "GET", "/t/x", map[string]string{"Accept-Encoding": accept})
		if text := body(t, got); text != want.text || got.Header.Get("Content-Encoding") != want.coding {
			t.Errorf("Accept-Encoding %q: got %q as %q, want %q as %q",
				accept, text, got.Header.Get("Content-Encoding"), want.text, want.coding)
		}
	}
}

func TestUnchanged(t *testing.T) {
	h := open(t)
	first := ask(t, h, "GET", "/t/x", map[string]string{"Accept-Encoding": "br"})
	tag := first.Header.Get("Etag")
	again := ask(t, h, "GET", "/t/x", map[string]string{"Accept-Encoding": "br", "If-None-Match": "W/" + tag})
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("held tag %s: got %d, want 304 without a body", tag, again.StatusCode)
	}
	other := ask(t, h, "GET", "/kitchen", map[string]string{"If-None-Match": tag})
	if other.StatusCode != http.StatusOK {
		t.Errorf("another page's tag: got %d, want 200", other.StatusCode)
	}
}

func TestMethods(t *testing.T) {
	h := open(t)
	if got := ask(t, h, "POST", "/kitchen", nil); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d, want 405", got.StatusCode)
	}
	head := ask(t, h, "HEAD", "/kitchen", nil)
	if text := body(t, head); text != "" || head.Header.Get("Content-Length") != "7" {
		t.Errorf("HEAD: got %q and length %s, want no body and length 7", text, head.Header.Get("Content-Length"))
	}
}

func TestPolicy(t *testing.T) {
	h := open(t)
	policy := ask(t, h, "GET", "/kitchen", nil).Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "wss://table.example",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q allows inline code", policy)
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/kitchen", nil)
	r.Host = "evil; script-src *"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if policy := w.Header().Get("Content-Security-Policy"); strings.Contains(policy, "evil") {
		t.Errorf("a crafted host got into the policy: %q", policy)
	}
}

func TestNotBuilt(t *testing.T) {
	h, err := web.New(fstest.MapFS{".gitkeep": {}})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	got := ask(t, h, "GET", "/owner", nil)
	if text := body(t, got); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text, "not built") {
		t.Errorf("got %d %q, want 503 and a page that says why", got.StatusCode, text)
	}
}

func TestBuiltIn(t *testing.T) {
	h, err := web.Handler()
	if err != nil {
		t.Fatalf("Handler: %v", err)
	}
	// Whether the screens were built depends on the machine; that the page answers does not.
	if got := ask(t, h, "GET", "/t/x", nil); got.StatusCode != http.StatusOK && got.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %d, want 200 or 503", got.StatusCode)
	}
}
