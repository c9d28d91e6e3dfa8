package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// refusal is an answer with ok false.
type refusal struct {
	code        int
	description string
	retryAfter  int
	migrateTo   int64
}

func bad(format string, args ...any) *refusal {
	return &refusal{code: http.StatusBadRequest, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

// methods are those of the Bot API that are simulated. A method gets the JSON body and returns the result.
func (s *Server) methods() map[string]func(*http.Request, []byte) (any, *refusal) {
	return map[string]func(*http.Request, []byte) (any, *refusal){
		"getMe":               s.getMe,
		"getUpdates":          s.getUpdates,
		"sendMessage":         s.sendMessage,
		"editMessageText":     s.editMessageText,
		"answerCallbackQuery": s.answerCallbackQuery,
		"setChatMenuButton":   s.setChatMenuButton,
		"setMyCommands":       s.setMyCommands,
		"setWebhook":          s.setWebhook,
		"deleteWebhook":       s.deleteWebhook,
	}
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	handle := s.methods()[method]
	switch {
	case s.isOff():
		panic(http.ErrAbortHandler)
	case !ok || !strings.HasPrefix(r.URL.Path, "/bot"):
		refuse(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	case token != s.cfg.Token:
		refuse(w, &refusal{code: http.StatusUnauthorized, description: "Unauthorized"})
		return
	case handle == nil:
		refuse(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	body, err := drain(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := s.take(method, body)
	if fault.before(w, r) {
		return
	}
	result, refused := handle(r, body)
	if fault.after(r) || s.isOff() {
		panic(http.ErrAbortHandler)
	}
	if refused != nil {
		refuse(w, refused)
		return
	}
	respond(w, http.StatusOK, map[string]any{"ok": true, "result": result})
}

func (s *Server) isOff() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.off || s.state.closed
}

func refuse(w http.ResponseWriter, e *refusal) {
	body := map[string]any{"ok": false, "error_code": e.code, "description": e.description}
	parameters := map[string]any{}
	if e.retryAfter > 0 {
		parameters["retry_after"] = e.retryAfter
	}
	if e.migrateTo != 0 {
		parameters["migrate_to_chat_id"] = e.migrateTo
	}
	if len(parameters) > 0 {
		body["parameters"] = parameters
	}
	respond(w, e.code, body)
}

func respond(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	// The client may be gone; there is nobody else to tell.
	_ = json.NewEncoder(w).Encode(body)
}

// decode reads parameters strictly: a field the method does not have is a mistake of ours.
func decode[T any](body []byte) (T, *refusal) {
	var params T
	if len(bytes.TrimSpace(body)) == 0 {
		return params, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&params); err != nil {
		return params, bad("can't parse parameters: %v", err)
	}
	return params, nil
}

// chatID accepts a number or a number as text.
type chatID int64

// UnmarshalJSON reads both forms.
func (c *chatID) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("chat_id %s is not a number", raw)
	}
	*c = chatID(n)
	return nil
}

func (s *Server) getMe(*http.Request, []byte) (any, *refusal) { return s.self(), nil }

func (s *Server) self() map[string]any {
	id, err := strconv.ParseInt(s.botID(), 10, 64)
	if err != nil {
		id = 1
	}
	return map[string]any{"id": id, "is_bot": true, "first_name": s.cfg.Title, "username": s.cfg.Username}
}

func (s *Server) setMyCommands(_ *http.Request, body []byte) (any, *refusal) {
	type command struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	p, refused := decode[struct {
		Commands     []command       `json:"commands"`
		Scope        json.RawMessage `json:"scope"`
		LanguageCode string          `json:"language_code"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	for _, c := range p.Commands {
		if c.Command == "" || len(c.Command) > 32 || strings.ToLower(c.Command) != c.Command || c.Description == "" {
			return nil, bad("BOT_COMMAND_INVALID")
		}
	}
	return true, nil
}

func (s *Server) setWebhook(_ *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		URL         string   `json:"url"`
		SecretToken string   `json:"secret_token"`
		Allowed     []string `json:"allowed_updates"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	if p.URL != "" && !strings.HasPrefix(p.URL, "https://") {
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	s.update(func(st *state) { st.webhook = p.URL })
	return true, nil
}

func (s *Server) deleteWebhook(_ *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		Drop bool `json:"drop_pending_updates"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	s.update(func(st *state) {
		st.webhook = ""
		if p.Drop {
			st.pending = nil
		}
	})
	return true, nil
}
