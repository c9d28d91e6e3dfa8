package telegramtest

import (
	"maps"
	"slices"
	"time"
)

// The bounds of what is kept.
const (
	maxMessages = 300
	maxPending  = 10_000
	maxQueries  = 10_000
	maxFaults   = 100
)

// state is everything that changes. It is touched only with Server.mu held.
type state struct {
	chats       map[int64]*chat
	pending     []pending
	lastBatch   []pending
	nextUpdate  int64
	nextMessage int64
	nextQuery   int64
	queries     map[string]query
	poller      chan struct{}
	allowed     map[string]bool
	webhook     string
	faults      []*Fault
	calls       map[string]int
	miniApp     string
	off, closed bool
	changed     chan struct{}
}

func newState() state {
	return state{
		chats:       map[int64]*chat{},
		nextUpdate:  100_000_001,
		nextMessage: 1,
		nextQuery:   1,
		queries:     map[string]query{},
		calls:       map[string]int{},
		changed:     make(chan struct{}),
	}
}

// chat is one conversation with the bot; negative numbers are groups.
type chat struct {
	id                        int64
	name, language            string
	started, blocked, deleted bool
	mayWrite                  bool
	messages                  []*Message
	menu                      *Button
	toast                     string
	toastAt                   int
	revision                  int
	used                      time.Time
}

// pending is an update Telegram still holds.
type pending struct {
	id   int64
	kind string
	raw  []byte
	at   time.Time
}

// query is a pressed button that waits for an answer.
type query struct {
	chat int64
	at   time.Time
}

// Message is one message in a chat as the guest sees it.
type Message struct {
	ID      int64  `json:"id"`
	FromBot bool   `json:"fromBot"`
	Text    string `json:"text"`
	// Runs are Text cut where its style changes.
	Runs    []Run      `json:"runs"`
	Buttons [][]Button `json:"buttons"`
	Silent  bool       `json:"silent"`
	Date    time.Time  `json:"date"`
	// Edits counts how often the message was rewritten.
	Edits int `json:"edits"`
}

// Button is one button of a message. Exactly one of URL, WebApp and Data is set.
type Button struct {
	Text   string `json:"text"`
	URL    string `json:"url,omitempty"`
	WebApp string `json:"webApp,omitempty"`
	Data   string `json:"data,omitempty"`
}

// update changes the state and wakes everybody who waits for a change.
func (s *Server) update(change func(*state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state)
	s.state.wake()
}

func (st *state) wake() {
	close(st.changed)
	st.changed = make(chan struct{})
}

// chatOf finds a chat or makes it, forgetting the one unused for longest if there are too many.
func (s *Server) chatOf(st *state, id int64) *chat {
	c := st.chats[id]
	if c == nil {
		if len(st.chats) >= s.cfg.MaxChats {
			oldest := slices.MinFunc(slices.Collect(maps.Values(st.chats)), func(a, b *chat) int { return a.used.Compare(b.used) })
			delete(st.chats, oldest.id)
		}
		c = &chat{id: id, name: "Guest", language: "en"}
		st.chats[id] = c
	}
	c.used = s.cfg.Now()
	return c
}

// add appends a message to a chat and numbers it.
func (s *Server) add(st *state, c *chat, m Message) *Message {
	m.ID, m.Date = st.nextMessage, s.cfg.Now().UTC()
	st.nextMessage++
	c.messages = append(c.messages, &m)
	if extra := len(c.messages) - maxMessages; extra > 0 {
		c.messages = slices.Delete(c.messages, 0, extra)
	}
	c.revision++
	return &m
}

func (c *chat) message(id int64) *Message {
	for _, m := range c.messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (m *Message) copy() Message {
	out := *m
	out.Runs = slices.Clone(m.Runs)
	out.Buttons = slices.Clone(m.Buttons)
	return out
}

// Messages are the messages of a chat, oldest first, as copies.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	if c := s.state.chats[chat]; c != nil {
		for _, m := range c.messages {
			out = append(out, m.copy())
		}
	}
	return out
}

// FromBot are the messages of a chat that the bot sent, oldest first.
func (s *Server) FromBot(chat int64) []Message {
	return slices.DeleteFunc(s.Messages(chat), func(m Message) bool { return !m.FromBot })
}

// Calls says how often a method was called, including calls that were refused.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.calls[method]
}

// Menu is the button beside the input field of a chat, if the bot set one.
func (s *Server) Menu(chat int64) (Button, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.chats[chat]
	if c == nil || c.menu == nil {
		return Button{}, false
	}
	return *c.menu, true
}
