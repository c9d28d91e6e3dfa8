package main

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWeighFollowsWhatAPageLoads: everything once, packed, and nothing that is loaded on demand.
func TestWeighFollowsWhatAPageLoads(t *testing.T) {
	files := map[string]string{
		"/t/word": `<html><link rel="stylesheet" href="/assets/guest.css"><script type="module" src="/assets/guest.js"></script>` +
			`<link rel="modulepreload" href="/assets/lib.js"><a href="/privacy">x</a></html>`,
		"/api/guest/menu":   `{"menu":"` + strings.Repeat("soup ", 100) + `"}`,
		"/assets/guest.js":  `import{a}from"./lib.js";import"./deep/more.js";const b=()=>import("./later.js")`,
		"/assets/lib.js":    `export const a=1`,
		"/assets/guest.css": `body{}`,
		// Relative to where the script lies.
		"/assets/deep/more.js": `import"./../lib.js"`,
	}
	asked := map[string]int{}
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		text, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if !strings.HasSuffix(r.URL.Path, "guest.css") { // too small to pack
			w.Header().Set("Content-Encoding", "gzip")
			var packed strings.Builder
			z := gzip.NewWriter(&packed)
			_, _ = io.WriteString(z, text)
			_ = z.Close()
			text = packed.String()
		}
		sent += len(text)
		_, _ = io.WriteString(w, text)
	}))
	defer server.Close()
	got, err := weigh(t.Context(), server.URL, "word")
	if err != nil {
		t.Fatal(err)
	}
	if got.files != len(files) || got.bytes != sent {
		t.Errorf("got %+v, want %d files of %d bytes", got, len(files), sent)
	}
	for path, n := range asked {
		if n != 1 {
			t.Errorf("%s was loaded %d times", path, n)
		}
	}
	delete(files, "/assets/lib.js")
	if _, err := weigh(t.Context(), server.URL, "word"); err == nil {
		t.Error("a script that is not there: got no error")
	}
}

func TestWeighTellsOfMissingScreens(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "screens not built", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	if _, err := weigh(t.Context(), server.URL, "word"); !errors.Is(err, errNotBuilt) {
		t.Errorf("got %v, want %v", err, errNotBuilt)
	}
}
