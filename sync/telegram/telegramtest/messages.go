package telegramtest

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"
)

const maxTextUnits = 4096

// content is what sendMessage and editMessageText have in common.
type content struct {
	Chat      *chatID  `json:"chat_id"`
	Text      string   `json:"text"`
	ParseMode string   `json:"parse_mode"`
	Markup    *markup  `json:"reply_markup"`
	Preview   *preview `json:"link_preview_options"`
}

type preview struct {
	Disabled bool `json:"is_disabled"`
}

type markup struct {
	Keyboard [][]apiButton `json:"inline_keyboard"`
}

type apiButton struct {
	Text     string  `json:"text"`
	URL      *string `json:"url,omitempty"`
	WebApp   *webApp `json:"web_app,omitempty"`
	Callback *string `json:"callback_data,omitempty"`
}

type webApp struct {
	URL string `json:"url"`
}

// check validates the content and returns it as the guest will see it.
func (c content) check() ([]Run, [][]Button, *refusal) {
	if c.Chat == nil || *c.Chat == 0 {
		return nil, nil, bad("chat_id is empty")
	}
	if !utf8.ValidString(c.Text) {
		return nil, nil, bad("strings must be encoded in UTF-8")
	}
	runs, refused := parseText(c.Text, c.ParseMode)
	if refused != nil {
		return nil, nil, refused
	}
	switch text := plainOf(runs); {
	case text == "":
		return nil, nil, bad("message text is empty")
	case units(text) > maxTextUnits:
		return nil, nil, bad("message is too long")
	}
	buttons, refused := c.Markup.check(int64(*c.Chat) > 0)
	return runs, buttons, refused
}

func (m *markup) check(private bool) ([][]Button, *refusal) {
	if m == nil {
		return nil, nil
	}
	total := 0
	var rows [][]Button
	for _, row := range m.Keyboard {
		var out []Button
		for _, b := range row {
			checked, refused := b.check(private)
			if refused != nil {
				return nil, refused
			}
			out = append(out, checked)
			total++
		}
		if len(out) > 8 || total > 100 {
			return nil, bad("reply markup is too long")
		}
		if len(out) > 0 {
			rows = append(rows, out)
		}
	}
	return rows, nil
}

func (b apiButton) check(private bool) (Button, *refusal) {
	out := Button{Text: b.Text}
	kinds := 0
	for _, set := range []bool{b.URL != nil, b.WebApp != nil, b.Callback != nil} {
		if set {
			kinds++
		}
	}
	switch {
	case strings.TrimSpace(b.Text) == "":
		return out, bad("can't parse inline keyboard button: Text is empty")
	case kinds != 1:
		return out, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case b.Callback != nil && (len(*b.Callback) < 1 || len(*b.Callback) > 64):
		return out, bad("BUTTON_DATA_INVALID")
	case b.WebApp != nil && !private:
		return out, bad("BUTTON_TYPE_INVALID")
	case b.WebApp != nil && !secure(b.WebApp.URL):
		return out, bad("inline keyboard button Web App URL '%s' is invalid: Only HTTPS links are allowed", b.WebApp.URL)
	case b.URL != nil && !linkable(*b.URL):
		return out, bad("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", *b.URL)
	case b.Callback != nil:
		out.Data = *b.Callback
	case b.WebApp != nil:
		out.WebApp = b.WebApp.URL
	default:
		out.URL = *b.URL
	}
	return out, nil
}

// linkable is the server's rule for addresses: http, https or tg, and a dot in the host's name.
func linkable(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return u.Scheme == "tg" || ((u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Hostname(), "."))
}

func secure(address string) bool { return linkable(address) && strings.HasPrefix(address, "https://") }

// reachable finds the chat a bot may write to.
func (st *state) reachable(id int64) (*chat, *refusal) {
	c := st.chats[id]
	forbidden := func(why string) *refusal {
		return &refusal{code: http.StatusForbidden, description: "Forbidden: " + why}
	}
	switch {
	case c == nil:
		return nil, bad("chat not found")
	case c.deleted:
		return nil, forbidden("user is deactivated")
	case c.blocked:
		return nil, forbidden("bot was blocked by the user")
	case !c.started && !c.mayWrite:
		return nil, forbidden("bot can't initiate conversation with a user")
	default:
		return c, nil
	}
}

func (s *Server) sendMessage(_ *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		content
		Silent  bool `json:"disable_notification"`
		Protect bool `json:"protect_content"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	runs, buttons, refused := p.check()
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, refused := s.state.reachable(int64(*p.Chat))
	if refused != nil {
		return nil, refused
	}
	m := s.add(&s.state, c, Message{FromBot: true, Text: plainOf(runs), Runs: runs, Buttons: buttons, Silent: p.Silent})
	s.state.wake()
	return s.messageOf(c, m), nil
}

func (s *Server) editMessageText(_ *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		content
		Message int64 `json:"message_id"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	runs, buttons, refused := p.check()
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, refused := s.state.reachable(int64(*p.Chat))
	if refused != nil {
		return nil, refused
	}
	m := c.message(p.Message)
	switch {
	case m == nil:
		return nil, bad("message to edit not found")
	case !m.FromBot:
		return nil, bad("message can't be edited")
	case reflect.DeepEqual(m.Runs, runs) && reflect.DeepEqual(m.Buttons, buttons):
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.Text, m.Runs, m.Buttons = plainOf(runs), runs, buttons
	m.Edits++
	c.revision++
	s.state.wake()
	return s.messageOf(c, m), nil
}

// messageOf is a message as the Bot API returns it.
func (s *Server) messageOf(c *chat, m *Message) map[string]any {
	out := map[string]any{"message_id": m.ID, "chat": c.api(), "date": m.Date.Unix(), "text": m.Text}
	if m.FromBot {
		out["from"] = s.self()
	} else {
		out["from"] = c.user()
	}
	return out
}

func (s *Server) answerCallbackQuery(_ *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		Query string `json:"callback_query_id"`
		Text  string `json:"text"`
		Alert bool   `json:"show_alert"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	if units(p.Text) > 200 {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.expire(s.cfg.Now())
	q, ok := s.state.queries[p.Query]
	if !ok {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	delete(s.state.queries, p.Query)
	if c := s.state.chats[q.chat]; c != nil {
		c.revision++
		c.toast, c.toastAt = p.Text, c.revision
		s.state.wake()
	}
	return true, nil
}

func (s *Server) setChatMenuButton(_ *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		Chat *chatID `json:"chat_id"`
		Menu *struct {
			Type   string  `json:"type"`
			Text   string  `json:"text"`
			WebApp *webApp `json:"web_app"`
		} `json:"menu_button"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	var button *Button
	switch {
	case p.Menu == nil || p.Menu.Type == "default" || p.Menu.Type == "commands":
	case p.Menu.Type != "web_app" || p.Menu.Text == "" || p.Menu.WebApp == nil:
		return nil, bad("can't parse menu button: unsupported type or missing field")
	case !secure(p.Menu.WebApp.URL):
		return nil, bad("menu button Web App URL '%s' is invalid: Only HTTPS links are allowed", p.Menu.WebApp.URL)
	default:
		button = &Button{Text: p.Menu.Text, WebApp: p.Menu.WebApp.URL}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Chat == nil {
		return true, nil // the default for chats to come; nothing here depends on it
	}
	c := s.state.chats[int64(*p.Chat)]
	if c == nil {
		return nil, bad("chat not found")
	}
	c.menu = button
	c.revision++
	s.state.wake()
	return true, nil
}
