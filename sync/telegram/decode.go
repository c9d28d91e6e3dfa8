package telegram

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/comanda-pos/comanda/sync/channel"
)

// Decode says what happened in one update (Bot API "Update"). Each update is one event.
func (c *Channel) Decode(u channel.Update) []channel.Event {
	e := channel.Event{ID: u.ID, At: u.ReceivedAt.UTC(), Expires: u.Expires}
	var in update
	if err := json.Unmarshal(u.Raw, &in); err != nil {
		e.Body = channel.Unknown{Raw: u.Raw}
		return []channel.Event{e}
	}
	switch {
	case in.Message != nil:
		in.Message.open(&e)
		e.Body = in.Message.says()
	case in.EditedMessage != nil:
		in.EditedMessage.open(&e)
		e.Body = channel.Edited{Message: in.EditedMessage.ref()}
	case in.CallbackQuery != nil:
		in.CallbackQuery.open(&e)
		e.Body = in.CallbackQuery.says()
	case in.MyChatMember != nil:
		in.MyChatMember.open(&e)
		e.Body = in.MyChatMember.says()
	}
	if e.Body == nil {
		e.Body = channel.Unknown{Kind: kindOf(u.Raw), Raw: u.Raw}
	}
	return []channel.Event{e}
}

func (m *message) open(e *channel.Event) {
	e.At = moment(m.Date, e.At)
	e.Conversation = conversation(m.Chat.ID)
	if m.From != nil {
		e.Guest = m.From.guest()
	}
}

func (m *message) ref() channel.Ref { return channel.Ref(strconv.FormatInt(m.ID, 10)) }

// says reads a new message; nil is one without words.
func (m *message) says() channel.Body {
	switch {
	case m.Text != nil:
		if token, ok := startToken(*m.Text); ok {
			return channel.Started{Token: token}
		}
		return channel.Text{Text: *m.Text}
	case m.WriteAllowed != nil:
		return channel.WriteAllowed{}
	default:
		return nil
	}
}

// startToken reads "/start", "/start <token>" and, as in groups, "/start@bot <token>". It does not rely on entities, which
// may be absent.
func startToken(text string) (string, bool) {
	command, token, _ := strings.Cut(text, " ")
	command, _, _ = strings.Cut(command, "@")
	return strings.TrimSpace(token), command == "/start"
}

// open handles that the message may be missing or, when it is old, reduced to its number and date 0.
func (q *callbackQuery) open(e *channel.Event) {
	e.Guest = q.From.guest()
	e.Conversation = conversation(q.From.ID)
	if q.Message != nil {
		e.Conversation = conversation(q.Message.Chat.ID)
	}
}

func (q *callbackQuery) says() channel.Body {
	if q.Data == nil {
		return nil
	}
	pressed := channel.ButtonPressed{Data: *q.Data, Query: q.ID}
	if q.Message != nil {
		pressed.Card = q.Message.ref()
	}
	return pressed
}

func (m *memberUpdate) open(e *channel.Event) {
	e.At = moment(m.Date, e.At)
	e.Conversation = conversation(m.Chat.ID)
	e.Guest = m.From.guest()
}

// says reads a change of our own membership, which in a private chat means that the guest blocked or unblocked the bot.
func (m *memberUpdate) says() channel.Body {
	switch {
	case !private(m.Chat.ID):
		return nil
	case m.NewMember.Status == "kicked":
		return channel.Blocked{}
	case m.NewMember.Status == "member":
		return channel.Unblocked{}
	default:
		return nil
	}
}

// kindOf names an update by its first field that is not its number.
func kindOf(raw []byte) string {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return ""
	}
	delete(fields, "update_id")
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		return name
	}
	return ""
}
