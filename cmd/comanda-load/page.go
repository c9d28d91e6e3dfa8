package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// page is what the guest's page loads before the first order is possible.
type page struct {
	files, bytes int
}

var errNotBuilt = errors.New("the screens are not in this program")

// What a page or one of its scripts loads by itself: not what it loads later on demand.
var (
	loadedByPage   = regexp.MustCompile(`(?:src|href)="(/[^"]+\.(?:js|css|json|woff2|svg|webmanifest))"`)
	loadedByScript = regexp.MustCompile(`(?:import|from)\s*"(\.[^"]+\.js)"`)
)

// weigh loads the guest's page at base with everything it needs and adds up the bytes that go over the line when
// the browser takes gzip.
func weigh(ctx context.Context, base, token string) (page, error) {
	var p page
	todo := []string{"/t/" + token, "/api/guest/menu"}
	for done := 0; done < len(todo); done++ {
		size, text, err := fetch(ctx, base+todo[done])
		if err != nil {
			return page{}, err
		}
		p.files++
		p.bytes += size
		found := loadedByPage.FindAllStringSubmatch(text, -1)
		script := strings.HasSuffix(todo[done], ".js")
		if script {
			found = loadedByScript.FindAllStringSubmatch(text, -1)
		}
		for _, m := range found {
			next := m[1]
			if script {
				next = path.Join(path.Dir(todo[done]), next)
			}
			if !slices.Contains(todo, next) {
				todo = append(todo, next)
			}
		}
	}
	return p, nil
}

// fetch gives the size of an answer on the line and its text.
func fetch(ctx context.Context, url string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Accept-Encoding", "gzip") // set by hand, so that nobody unpacks it unseen
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, "", fmt.Errorf("read %s: %w", url, err)
	}
	if res.StatusCode == http.StatusServiceUnavailable {
		return 0, "", errNotBuilt
	}
	if res.StatusCode != http.StatusOK {
		return 0, "", fmt.Errorf("read %s: answered %d", url, res.StatusCode)
	}
	if res.Header.Get("Content-Encoding") != "gzip" {
		return len(raw), string(raw), nil
	}
	unpacked, err := gzip.NewReader(strings.NewReader(string(raw)))
	if err != nil {
		return 0, "", fmt.Errorf("unpack %s: %w", url, err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		return 0, "", fmt.Errorf("unpack %s: %w", url, err)
	}
	return len(raw), string(text), nil
}
