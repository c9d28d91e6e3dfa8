package telegramtest

import (
	"embed"
	"encoding/json"
	"html/template"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

//go:embed phone.html phone.css phone.js
var assets embed.FS

// cookie remembers which guest a browser is.
const cookie = "telegram_guest"

// phoneHandler routes what a guest's phone does. Other sites cannot press its buttons.
func (s *Server) phoneHandler() http.Handler {
	page := template.Must(template.ParseFS(assets, "phone.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{bot}", s.link)
	mux.HandleFunc("GET /{bot}/{app}", s.link)
	mux.HandleFunc("GET /assets/{name}", asset)
	mux.HandleFunc("GET /chat/{user}", func(w http.ResponseWriter, r *http.Request) { s.chatPage(w, r, page) })
	mux.HandleFunc("GET /chat/{user}/state", s.chatState)
	mux.HandleFunc("GET /chat/{user}/open", s.openWebApp)
	mux.HandleFunc("POST /chat/{user}/{act}", s.act)
	mux.HandleFunc("POST /control/{act}", s.control)
	guard := http.NewCrossOriginProtection()
	return guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	}))
}

func asset(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, assets, "phone."+strings.TrimPrefix(r.PathValue("name"), "phone."))
}

// link does what t.me links do on a phone with Telegram: open the chat or the Mini App.
func (s *Server) link(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.PathValue("bot"), s.cfg.Username) {
		http.NotFound(w, r)
		return
	}
	u := s.visitor(w, r)
	q := r.URL.Query()
	if q.Has("startapp") {
		s.mu.Lock()
		page := s.state.miniApp
		s.mu.Unlock()
		if page == "" {
			http.Error(w, "This bot has no Mini App.", http.StatusNotFound)
			return
		}
		token := q.Get("startapp")
		http.Redirect(w, r, launch(page, s.InitData(u, token), token), http.StatusFound)
		return
	}
	to := "/chat/" + u.Chat()
	if q.Has("start") {
		to += "?start=" + url.QueryEscape(q.Get("start"))
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// visitor tells browsers apart, so that two windows of one demo are two guests only if their cookies differ. The parameter user
// overrides it.
func (s *Server) visitor(w http.ResponseWriter, r *http.Request) *User {
	q := r.URL.Query()
	text := q.Get("user")
	if c, err := r.Cookie(cookie); err == nil && text == "" {
		text = c.Value
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		id = 5_000_000_000 + rand.Int64N(1_000_000_000)
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: strconv.FormatInt(id, 10), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return s.guest(id, language(r))
}

// guest is User for a browser: it keeps what an existing guest already is.
func (s *Server) guest(id int64, language string) *User {
	s.mu.Lock()
	known := s.state.chats[id] != nil
	s.mu.Unlock()
	if known {
		return &User{s: s, id: id}
	}
	return s.User(id, language)
}

func language(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); l != "" {
		return l
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(first, ";")
	if first = strings.TrimSpace(first); first == "" || len(first) > 35 {
		return "en"
	}
	return first
}

// user finds the guest named in the path.
func (s *Server) user(w http.ResponseWriter, r *http.Request) (*User, bool) {
	id, err := strconv.ParseInt(r.PathValue("user"), 10, 64)
	if err != nil || id <= 0 {
		http.NotFound(w, r)
		return nil, false
	}
	return s.guest(id, language(r)), true
}

func (s *Server) chatPage(w http.ResponseWriter, r *http.Request, page *template.Template) {
	u, ok := s.user(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	data := struct{ Title, Chat, Token string }{s.cfg.Title, u.Chat(), r.URL.Query().Get("start")}
	if err := page.Execute(w, data); err != nil {
		s.cfg.Log.Debug("phone page not delivered", "err", err)
	}
}

// view is a chat as the page draws it.
type view struct {
	Revision int       `json:"revision"`
	Started  bool      `json:"started"`
	Blocked  bool      `json:"blocked"`
	Messages []Message `json:"messages"`
	Menu     *Button   `json:"menu,omitempty"`
	// Toast is the answer to a press, and ToastAt tells one answer from the next.
	Toast   string `json:"toast,omitempty"`
	ToastAt int    `json:"toastAt"`
}

// chatState returns the chat once it is newer than the revision the page has, or after a while.
func (s *Server) chatState(w http.ResponseWriter, r *http.Request) {
	u, ok := s.user(w, r)
	if !ok {
		return
	}
	since, err := strconv.Atoi(r.URL.Query().Get("since"))
	if err != nil {
		since = -1
	}
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	for {
		v, changed, closed := s.view(u.id)
		if v.Revision != since || closed {
			respond(w, http.StatusOK, v)
			return
		}
		select {
		case <-changed:
		case <-timer.C:
			since = -1
		case <-r.Context().Done():
			return
		}
	}
}

func (s *Server) view(id int64) (v view, changed chan struct{}, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chatOf(&s.state, id)
	v = view{Revision: c.revision, Started: c.started, Blocked: c.blocked, Menu: c.menu, Toast: c.toast, ToastAt: c.toastAt, Messages: []Message{}}
	for _, m := range c.messages {
		v.Messages = append(v.Messages, m.copy())
	}
	return v, s.state.changed, s.state.closed
}

// openWebApp opens the page behind a web_app button the way Telegram does. Only addresses the bot put into this chat are opened.
func (s *Server) openWebApp(w http.ResponseWriter, r *http.Request) {
	u, ok := s.user(w, r)
	if !ok {
		return
	}
	wanted := r.URL.Query().Get("url")
	v, _, _ := s.view(u.id)
	found := v.Menu != nil && v.Menu.WebApp == wanted
	for _, m := range v.Messages {
		for _, row := range m.Buttons {
			for _, b := range row {
				found = found || (b.WebApp == wanted && wanted != "")
			}
		}
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	http.Redirect(w, r, launch(wanted, s.InitData(u, ""), ""), http.StatusFound)
}

// act is one touch of the guest.
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	u, ok := s.user(w, r)
	if !ok {
		return
	}
	var in struct {
		Token   string `json:"token"`
		Text    string `json:"text"`
		Message int64  `json:"message"`
		Data    string `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&in); err != nil {
		http.Error(w, "This is not JSON.", http.StatusBadRequest)
		return
	}
	var err error
	switch r.PathValue("act") {
	case "start":
		err = u.Start(in.Token)
	case "text":
		err = u.Text(in.Text)
	case "press":
		err = u.Press(in.Message, in.Data)
	case "block":
		u.Block()
	case "unblock":
		u.Unblock()
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
