package telegram

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/comanda-pos/comanda/sync/channel"
)

// call makes one request that does not wait for news, bounded by the request timeout, and notes how it went.
func (c *Channel) call(ctx context.Context, r call) error {
	ctx, cancel := context.WithTimeout(ctx, c.settings.requestTimeout())
	defer cancel()
	err := c.api.do(ctx, r)
	c.health.sending(err, c.settings.APIURL)
	return err
}

// Send sends a message with sendMessage. Telegram knows no idempotency key: after an unknown outcome a second attempt may
// show the guest the message twice.
func (c *Channel) Send(ctx context.Context, to channel.ConversationID, m channel.Message) (channel.Ref, error) {
	chat, err := chatOf(to)
	if err != nil {
		return "", err
	}
	p, err := render(m, chat)
	if err != nil {
		return "", err
	}
	params := struct {
		Chat   int64 `json:"chat_id"`
		Silent bool  `json:"disable_notification,omitempty"`
		payload
	}{chat, m.Silent, p}
	var sent message
	if err := c.call(ctx, call{method: "sendMessage", params: params, result: &sent}); err != nil {
		return "", fmt.Errorf("send telegram message: %w", err)
	}
	return sent.ref(), nil
}

// Edit rewrites a message with editMessageText. Repeating it does no harm, so no failure is of unknown outcome.
func (c *Channel) Edit(ctx context.Context, in channel.ConversationID, ref channel.Ref, m channel.Message) error {
	chat, err := chatOf(in)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(string(ref), 10, 64)
	if err != nil {
		return &channel.Error{Kind: channel.KindCardGone, Words: "this is not a telegram message"}
	}
	p, err := render(m, chat)
	if err != nil {
		return err
	}
	params := struct {
		Chat    int64 `json:"chat_id"`
		Message int64 `json:"message_id"`
		payload
	}{chat, id, p}
	err = c.call(ctx, call{method: "editMessageText", params: params, repeatable: true})
	if err != nil && !strings.Contains(channel.Words(err), notModified) {
		return fmt.Errorf("edit telegram message: %w", err)
	}
	return nil
}

// Acknowledge answers a pressed button with answerCallbackQuery, which ends the button's spinner.
func (c *Channel) Acknowledge(ctx context.Context, query, text string) error {
	params := struct {
		Query string `json:"callback_query_id"`
		Text  string `json:"text,omitempty"`
	}{query, channel.Limit{Max: 200, Unit: channel.UTF16}.Cut(text)}
	if err := c.call(ctx, call{method: "answerCallbackQuery", params: params, repeatable: true}); err != nil {
		return fmt.Errorf("answer telegram button: %w", err)
	}
	return nil
}

// KeepMenu puts a button beside the input field with setChatMenuButton. Telegram accepts only https pages there.
func (c *Channel) KeepMenu(ctx context.Context, in channel.ConversationID, label, url string) error {
	chat, err := chatOf(in)
	if err != nil {
		return err
	}
	if scheme, ok := linkable(url); !ok || scheme != "https" {
		return &channel.Error{Kind: channel.KindRejected, Words: "telegram's menu opens only https pages"}
	}
	type menuButton struct {
		Type   string `json:"type"`
		Text   string `json:"text"`
		WebApp webApp `json:"web_app"`
	}
	params := struct {
		Chat int64      `json:"chat_id"`
		Menu menuButton `json:"menu_button"`
	}{chat, menuButton{"web_app", maxLabel.Cut(label), webApp{url}}}
	if err := c.call(ctx, call{method: "setChatMenuButton", params: params, repeatable: true}); err != nil {
		return fmt.Errorf("keep telegram menu: %w", err)
	}
	return nil
}
