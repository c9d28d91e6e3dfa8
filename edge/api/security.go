package api

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// guard stands before everything: it refuses foreign hosts and origins and sets the headers that
// keep browsers strict. A panic ends one request, not the device. It must not put another Body into the request:
// net/http then no longer sees that a handler left some of it unread, and takes the rest for the next request.
func (h *Handler) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer h.survive(w, r)
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !h.hostAllowed(r.Host) {
			// A page of somewhere else that had its name point at this device (DNS rebinding) comes with its own name.
			writeProblem(w, problem(http.StatusMisdirectedRequest, "host", "This device does not answer to that name."))
			return
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			header.Set("Cache-Control", "no-store")
			header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
			if !h.originAllowed(r) {
				writeProblem(w, problem(http.StatusForbidden, "origin", "Requests from other sites are not allowed."))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// survive answers for a handler that panicked.
func (h *Handler) survive(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	h.logger.ErrorContext(r.Context(), "request panicked", slog.String("path", r.Pattern), slog.Any("panic", cause))
	writeProblem(w, problem(http.StatusInternalServerError, "internal", "Something went wrong on our side. Please try again."))
}

// allowedHosts are the names the device answers to besides IP addresses and localhost, in lower case.
func allowedHosts(baseURL string, names []string) map[string]bool {
	hosts := map[string]bool{"localhost": true}
	if u, err := url.Parse(baseURL); err == nil && u.Hostname() != "" {
		hosts[strings.ToLower(u.Hostname())] = true
	}
	for _, name := range names {
		hosts[strings.ToLower(name)] = true
	}
	return hosts
}

// hostAllowed checks a Host header. An IP address is always right: no foreign name can make a browser send one.
func (h *Handler) hostAllowed(host string) bool {
	name := host
	if only, _, err := net.SplitHostPort(host); err == nil {
		name = only
	}
	name = strings.TrimSuffix(strings.ToLower(strings.Trim(name, "[]")), ".")
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return h.hosts[name]
}

// originAllowed checks the Origin of what a browser sends across sites: sockets, and whatever changes something.
// No Origin means no browser, or the same site.
func (h *Handler) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	if origin == "" || (safe && r.Header.Get("Upgrade") == "") {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	// The same host and port that was asked, or one of the device's own names (a proxy in front may change Host).
	return strings.EqualFold(u.Host, r.Host) || h.ownName(u.Hostname())
}

// ownName reports whether a name was given to the device; addresses are not names of its own.
func (h *Handler) ownName(name string) bool {
	return name != "localhost" && h.hosts[strings.ToLower(name)]
}
