package api

import (
	"net/http"
	"time"
)

// Server is an HTTP server for the handler whose time-outs and limits slow or endless clients run into. Sockets
// leave its care; their own limits hold for them.
func Server(addr string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}
