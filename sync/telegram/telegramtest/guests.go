package telegramtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// User is a simulated guest in a private chat with the bot.
type User struct {
	s  *Server
	id int64
}

// The reasons why a guest cannot do something.
var (
	ErrBlocked  = errors.New("the guest has blocked the bot")
	ErrNoButton = errors.New("there is no such button")
	ErrLong     = errors.New("the text is empty or too long")
	ErrToken    = errors.New("telegram does not carry this start parameter")
)

// User finds the guest with this number or invents one whose app speaks language.
func (s *Server) User(id int64, language string) *User {
	s.update(func(st *state) {
		c := s.chatOf(st, id)
		c.language = language
		c.name = "Guest " + strconv.FormatInt(id%1000, 10)
	})
	return &User{s: s, id: id}
}

// Group adds the bot to a group; the number must be negative.
func (s *Server) Group(id int64) {
	s.update(func(st *state) { s.chatOf(st, id).started = true })
}

// ID is the guest's number, which is also the number of the private chat.
func (u *User) ID() int64 { return u.id }

// Chat is the guest's number as text.
func (u *User) Chat() string { return strconv.FormatInt(u.id, 10) }

// Start presses Start, or follows a start link in a chat that exists. The token may be empty; the guest does not see it.
func (u *User) Start(token string) error {
	if len(token) > maxToken || strings.ContainsFunc(token, foreign) {
		return ErrToken
	}
	u.with(func(st *state, c *chat) {
		if c.blocked {
			u.member(c, false)
		}
		c.started = true
		body := u.s.messageOf(c, u.s.add(st, c, Message{Text: "/start", Runs: []Run{{Text: "/start"}}}))
		if token != "" {
			body["text"] = "/start " + token
		}
		u.s.push(st, "message", body)
	})
	return nil
}

const maxToken = 64

// foreign says whether a start parameter may not hold r.
func foreign(r rune) bool {
	return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", r)
}

// Text sends a message to the bot.
func (u *User) Text(text string) error {
	if text == "" || !utf8.ValidString(text) || units(text) > maxTextUnits {
		return ErrLong
	}
	var err error
	u.with(func(st *state, c *chat) {
		if c.blocked || !c.started {
			err = ErrBlocked
			return
		}
		m := u.s.add(st, c, Message{Text: text, Runs: []Run{{Text: text}}})
		u.s.push(st, "message", u.s.messageOf(c, m))
	})
	return err
}

// Rewrite changes a message the guest sent before.
func (u *User) Rewrite(message int64, text string) error {
	err := ErrNoButton
	u.with(func(st *state, c *chat) {
		m := c.message(message)
		if m == nil || m.FromBot {
			return
		}
		m.Text, m.Runs, err = text, []Run{{Text: text}}, nil
		m.Edits++
		c.revision++
		body := u.s.messageOf(c, m)
		body["edit_date"] = u.s.cfg.Now().Unix()
		u.s.push(st, "edited_message", body)
	})
	return err
}

// Press presses the callback button that holds data under a message.
func (u *User) Press(message int64, data string) error {
	err := fmt.Errorf("%w: %q under message %d", ErrNoButton, data, message)
	u.with(func(st *state, c *chat) {
		m := c.message(message)
		if m == nil || !m.has(data) || len(st.queries) >= maxQueries {
			return
		}
		id := strconv.FormatInt(4_000_000_000_000_000_000+st.nextQuery, 10)
		st.nextQuery++
		st.queries[id] = query{chat: c.id, at: u.s.cfg.Now()}
		u.s.push(st, "callback_query", map[string]any{
			"id": id, "from": c.user(), "message": u.s.messageOf(c, m), "chat_instance": c.instance(), "data": data,
		})
		err = nil
	})
	return err
}

func (m *Message) has(data string) bool {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Data == data && data != "" {
				return true
			}
		}
	}
	return false
}

// Toast is what the bot last answered to a press of the guest, "" when it said nothing.
func (u *User) Toast() string {
	var text string
	u.with(func(_ *state, c *chat) { text = c.toast })
	return text
}

// Block blocks the bot.
func (u *User) Block() { u.with(func(_ *state, c *chat) { u.member(c, true) }) }

// Unblock lets the bot write again.
func (u *User) Unblock() { u.with(func(_ *state, c *chat) { u.member(c, false) }) }

// Leave deletes the guest's account.
func (u *User) Leave() { u.with(func(_ *state, c *chat) { c.deleted = true }) }

// AllowWriting lets the bot write without Start, as the Mini App can ask for.
func (u *User) AllowWriting() {
	u.with(func(st *state, c *chat) {
		c.mayWrite = true
		m := u.s.messageOf(c, &Message{ID: st.nextMessage, Date: u.s.cfg.Now()})
		st.nextMessage++
		delete(m, "text")
		m["write_access_allowed"] = map[string]any{"from_request": true}
		u.s.push(st, "message", m)
	})
}

// member tells the bot that it was blocked or unblocked.
func (u *User) member(c *chat, blocked bool) {
	if c.blocked == blocked {
		return
	}
	words := map[bool]string{true: "kicked", false: "member"}
	c.blocked = blocked
	c.revision++
	u.s.push(&u.s.state, "my_chat_member", map[string]any{
		"chat": c.api(), "from": c.user(), "date": u.s.cfg.Now().Unix(),
		"old_chat_member": map[string]any{"user": u.s.self(), "status": words[!blocked]},
		"new_chat_member": map[string]any{"user": u.s.self(), "status": words[blocked], "until_date": 0},
	})
}

func (u *User) with(act func(*state, *chat)) {
	u.s.update(func(st *state) { act(st, u.s.chatOf(st, u.id)) })
}

func (c *chat) api() map[string]any {
	if c.id < 0 {
		return map[string]any{"id": c.id, "type": "group", "title": c.name}
	}
	return map[string]any{"id": c.id, "type": "private", "first_name": c.name}
}

func (c *chat) user() map[string]any {
	return map[string]any{"id": c.id, "is_bot": false, "first_name": c.name, "language_code": c.language}
}

// instance stands for the chat a link was opened from.
func (c *chat) instance() string { return strconv.FormatInt(-3_000_000_000_000_000_000-c.id, 10) }
