// Package telegramtest is a Telegram that runs on this machine: the Bot API on one address and the phones of simulated guests
// on another.
//
// It is stricter than the real one where that helps to find mistakes (unknown fields are refused) and copies the behaviour of
// the real one that costs people sleep: updates are repeated until confirmed, two pollers fight, pressed buttons expire, and
// nobody can be written to who did not press Start. It misbehaves on request. It knows nothing of the client it is used with,
// so that a mistake cannot be made twice. Tests use it, and `comanda demo` shows its phones to visitors.
package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config says what to simulate. The zero value works.
type Config struct {
	// APIAddr and PhoneAddr are where to listen; empty means a free port on 127.0.0.1.
	APIAddr, PhoneAddr string
	// Token and Username are the bot's. Empty means those of a made-up bot.
	Token, Username string
	// Title is the bot's display name, at the top of each chat.
	Title string
	// MiniApp is the page that startapp links open. See SetMiniApp.
	MiniApp string
	// Now is the clock of everything that expires; nil means the machine's.
	Now func() time.Time
	// MaxChats bounds the memory: the chat unused for longest is forgotten when one more is needed. 0 means 500.
	MaxChats int
	// Log receives what the HTTP servers complain about; nil means nothing is kept.
	Log *slog.Logger
}

// DefaultToken is the token of the made-up bot.
const DefaultToken = "7000000001:AAEdemoTokenOfABotThatDoesNotExist0"

func (c Config) withDefaults() Config {
	def := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	def(&c.APIAddr, "127.0.0.1:0")
	def(&c.PhoneAddr, "127.0.0.1:0")
	def(&c.Token, DefaultToken)
	def(&c.Username, "comanda_demo_bot")
	def(&c.Title, "Comanda")
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.MaxChats == 0 {
		c.MaxChats = 500
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Server is a running or an in-memory Telegram. All methods may be called at once from several goroutines.
type Server struct {
	cfg   Config
	phone http.Handler

	mu    sync.Mutex // guards state
	state state

	net network
}

// New prepares a Telegram without network. Its API and Phone can be served by any means; Start does it over TCP.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg.withDefaults(), state: newState()}
	s.state.miniApp = s.cfg.MiniApp
	s.phone = s.phoneHandler()
	return s
}

// network is the TCP side of a server.
type network struct {
	mu          sync.Mutex // guards all below, and is held while listeners are opened and closed
	api, phone  *listener
	apiAddr     string
	apiBase     string
	phoneBase   string
	stopWatcher func() bool
}

// listener is one HTTP server that can be waited for.
type listener struct {
	srv  *http.Server
	done chan struct{}
}

// Start listens on both addresses until ctx ends or Close is called.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	s := New(cfg)
	s.net.mu.Lock()
	defer s.net.mu.Unlock()
	var lc net.ListenConfig
	api, err := lc.Listen(ctx, "tcp", s.cfg.APIAddr)
	if err != nil {
		return nil, fmt.Errorf("listen for bots: %w", err)
	}
	phone, err := lc.Listen(ctx, "tcp", s.cfg.PhoneAddr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for phones: %w", err), api.Close())
	}
	s.net.apiAddr = api.Addr().String()
	s.net.apiBase, s.net.phoneBase = "http://"+s.net.apiAddr, "http://"+phone.Addr().String()
	s.net.api, s.net.phone = s.serve(api, s.API()), s.serve(phone, s.Phone())
	s.net.stopWatcher = context.AfterFunc(ctx, s.Close)
	return s, nil
}

func (s *Server) serve(on net.Listener, h http.Handler) *listener {
	l := &listener{
		srv: &http.Server{
			Handler:           h,
			ReadHeaderTimeout: 10 * time.Second,
			ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
		},
		done: make(chan struct{}),
	}
	go func() {
		defer close(l.done)
		if err := l.srv.Serve(on); !errors.Is(err, http.ErrServerClosed) {
			s.cfg.Log.Warn("simulated telegram stopped", slog.Any("err", err))
		}
	}()
	return l
}

func (l *listener) close() {
	if l == nil {
		return
	}
	// Only closing the listener can fail, and Serve reports that as well.
	_ = l.srv.Close()
	<-l.done
}

// Close stops listening and ends every connection. It may be called more than once.
func (s *Server) Close() {
	s.net.mu.Lock()
	defer s.net.mu.Unlock()
	s.net.api.close()
	s.net.phone.close()
	s.net.api, s.net.phone = nil, nil
	if s.net.stopWatcher != nil {
		s.net.stopWatcher()
	}
	s.update(func(st *state) { st.closed = true })
}

// APIURL is the base address for bots, PhoneURL the one for guests, in place of https://t.me.
func (s *Server) APIURL() string { return s.net.base(&s.net.apiBase) }

// PhoneURL is the base address of entry links and of the guests' phones.
func (s *Server) PhoneURL() string { return s.net.base(&s.net.phoneBase) }

func (n *network) base(which *string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return *which
}

// CutOff takes the bot's side off the network, so that connections are refused, or brings it back. Phones keep working and
// what guests do meanwhile waits.
func (s *Server) CutOff(off bool) error {
	s.update(func(st *state) { st.off = off })
	s.net.mu.Lock()
	defer s.net.mu.Unlock()
	switch {
	case s.net.phone == nil: // in memory only, or closed
		return nil
	case off:
		s.net.api.close()
		s.net.api = nil
	case s.net.api == nil:
		var lc net.ListenConfig
		on, err := lc.Listen(context.Background(), "tcp", s.net.apiAddr)
		if err != nil {
			return fmt.Errorf("listen for bots again: %w", err)
		}
		s.net.api = s.serve(on, s.API())
	}
	return nil
}

// SetMiniApp changes the page that startapp links open.
func (s *Server) SetMiniApp(url string) { s.update(func(st *state) { st.miniApp = url }) }

// Token and Username are the bot's.
func (s *Server) Token() string { return s.cfg.Token }

// Username is the bot's name without @.
func (s *Server) Username() string { return s.cfg.Username }

// API handles what bots send: /bot<token>/<method>.
func (s *Server) API() http.Handler { return http.HandlerFunc(s.serveAPI) }

// Phone handles entry links, the guests' phones and the control of faults.
func (s *Server) Phone() http.Handler { return s.phone }

func (s *Server) botID() string {
	id, _, _ := strings.Cut(s.cfg.Token, ":")
	return id
}

// drain leaves a connection reusable.
func drain(r *http.Request) ([]byte, error) { return io.ReadAll(io.LimitReader(r.Body, 1<<20)) }
