package telegram

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// The types below are the parts we read of Bot API types of the same names.

type user struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name"`
	LanguageCode string `json:"language_code"`
	MayWrite     bool   `json:"allows_write_to_pm"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type message struct {
	ID           int64           `json:"message_id"`
	From         *user           `json:"from"`
	Chat         chat            `json:"chat"`
	Date         int64           `json:"date"`
	Text         *string         `json:"text"`
	WriteAllowed json.RawMessage `json:"write_access_allowed"`
}

type callbackQuery struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message"`
	Data    *string  `json:"data"`
}

type memberUpdate struct {
	Chat      chat  `json:"chat"`
	From      user  `json:"from"`
	Date      int64 `json:"date"`
	NewMember struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

type update struct {
	ID            *int64         `json:"update_id"`
	Message       *message       `json:"message"`
	EditedMessage *message       `json:"edited_message"`
	CallbackQuery *callbackQuery `json:"callback_query"`
	MyChatMember  *memberUpdate  `json:"my_chat_member"`
}

func (u user) guest() channel.Guest {
	name := u.FirstName
	if u.LastName != "" {
		name += " " + u.LastName
	}
	return channel.Guest{ID: strconv.FormatInt(u.ID, 10), Language: u.LanguageCode, Name: name}
}

func conversation(chat int64) channel.ConversationID {
	return channel.ConversationID(strconv.FormatInt(chat, 10))
}

// chatOf is the reverse of conversation.
func chatOf(id channel.ConversationID) (int64, error) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil || n == 0 {
		return 0, &channel.Error{Kind: channel.KindRejected, Words: "this is not a telegram conversation"}
	}
	return n, nil
}

// private says whether a chat is with one guest: groups have negative numbers.
func private(chat int64) bool { return chat > 0 }

func moment(unix int64, otherwise time.Time) time.Time {
	if unix <= 0 {
		return otherwise
	}
	return time.Unix(unix, 0).UTC()
}
