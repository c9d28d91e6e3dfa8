package web

import (
	"fmt"
	"html"
	"net/http"
	"strings"
)

// secure sets what a browser must know before it shows a page: scripts, styles and pictures come from here alone,
// nothing is inline, and nobody frames a screen, except Telegram's own web client the guest's page.
func secure(header http.Header, r *http.Request) {
	ancestors := "'none'"
	if name, _ := place(r.URL.Path); name == guestPage {
		ancestors = "https://web.telegram.org"
	}
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; manifest-src 'self'; " +
		"connect-src 'self'" + sockets(r.Host) + "; base-uri 'none'; form-action 'none'; frame-ancestors " + ancestors
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
}

// sockets names the host's WebSocket addresses: older Safari does not count them as 'self'. A host that could
// write anything else into the policy is left out.
func sockets(host string) string {
	if host == "" || strings.Trim(host, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-[]") != "" {
		return ""
	}
	return " ws://" + host + " wss://" + host
}

// notice is a page made without any built file, so it can say that there is none.
func notice(w http.ResponseWriter, status int, title, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>%[1]s</title></head>
<body><main><h1>%[1]s</h1><p>%[2]s</p></main></body></html>
`, html.EscapeString(title), html.EscapeString(text)) // The reader may be gone; there is nobody left to tell.
}
