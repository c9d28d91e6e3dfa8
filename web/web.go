// Package web holds the screens (guest, kitchen, display, owner) as they were built, and serves them.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var built embed.FS

const guestPage = "guest.html"

// Handler serves the screens built into this binary. Pages are always asked for again, assets carry a hash in
// their names and are kept for good. If the screens were not built, every page answers 503 and says so.
func Handler() (http.Handler, error) {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		return nil, fmt.Errorf("open built screens: %w", err)
	}
	return New(dist)
}

// New serves the screens in dist, a folder as the build leaves it. It reads all files at once and keeps them.
func New(dist fs.FS) (http.Handler, error) {
	files, err := load(dist)
	if err != nil {
		return nil, fmt.Errorf("read built screens: %w", err)
	}
	return &site{files: files}, nil
}

// file is one built file with its compressed forms; their names are the content codings.
type file struct {
	kind  string
	forms map[string][]byte
	etag  string
}

type site struct{ files map[string]*file }

// load reads every file that may be served. Names that start with a dot are the build's own.
func load(dist fs.FS) (map[string]*file, error) {
	files := map[string]*file{}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		plain, coding := strings.TrimSuffix(name, ".gz"), "gzip"
		if plain == name {
			plain, coding = strings.TrimSuffix(name, ".br"), "br"
		}
		if plain == name {
			coding = identity
		}
		f := files[plain]
		if f == nil {
			f = &file{kind: contentType(plain), forms: map[string][]byte{}}
			files[plain] = f
		}
		f.forms[coding] = content
		if coding == identity {
			sum := sha256.Sum256(content)
			f.etag = `"` + hex.EncodeToString(sum[:12]) + `"`
		}
		return nil
	})
	return files, err
}

// contentType is fixed here because the operating system's table of types differs from machine to machine.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webmanifest":
		return "application/manifest+json"
	case ".json":
		return "application/json"
	default:
		return "application/octet-stream"
	}
}

// ServeHTTP implements http.Handler.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This address can only be read.", http.StatusMethodNotAllowed)
		return
	}
	name, page := place(r.URL.Path)
	if page {
		w.Header().Set("Cache-Control", "no-cache")
	} else if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	f := s.files[name]
	switch {
	case f != nil && f.forms[identity] != nil:
		serve(w, r, f)
	case page:
		notice(w, http.StatusServiceUnavailable, "The screens were not built",
			"This device runs, but its screens are missing from the program. Build them with “make web”, "+
				"or install a release.")
	default:
		w.Header().Set("Cache-Control", "no-store")
		notice(w, http.StatusNotFound, "There is nothing here", "Check the address, or scan the code on your table again.")
	}
}

// place finds the file for a path and says whether it is a page. Phones' cameras and keyboards change the case of
// what they read, so pages are found in any.
func place(urlPath string) (name string, page bool) {
	lower := strings.ToLower(urlPath)
	if strings.HasPrefix(lower, "/t/") && strings.Count(lower, "/") == 2 {
		return guestPage, true
	}
	switch strings.TrimSuffix(lower, "/") {
	case "":
		return "index.html", true
	case "/t":
		return guestPage, true
	case "/kitchen", "/display", "/owner":
		return strings.Trim(lower, "/") + ".html", true
	default:
		return strings.TrimPrefix(urlPath, "/"), false
	}
}

func serve(w http.ResponseWriter, r *http.Request, f *file) {
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Set("Vary", "Accept-Encoding")
	coding := choose(r.Header.Get("Accept-Encoding"), f.forms)
	etag := f.etag
	if coding != identity {
		header.Set("Content-Encoding", coding)
		etag = strings.TrimSuffix(etag, `"`) + "-" + coding + `"`
	}
	header.Set("Etag", etag)
	if unchanged(r.Header.Get("If-None-Match"), f.etag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.forms[coding]
	header.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // The reader may be gone; there is nobody left to tell.
}

// unchanged compares the tags a browser holds with the file's; every form of a file says the same.
func unchanged(held, etag string) bool {
	bare := strings.Trim(etag, `"`)
	for tag := range strings.SplitSeq(held, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		if tag == bare || strings.HasPrefix(tag, bare+"-") {
			return true
		}
	}
	return false
}
