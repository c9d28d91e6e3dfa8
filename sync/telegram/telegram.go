// Package telegram lets guests order through a Telegram bot and its Mini App.
//
// Updates are fetched by long polling, so the device needs no public address. It is written against the Bot API, with a client
// of its own because it uses seven methods and must decide itself when an update counts as received.
package telegram

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/comanda-pos/comanda/sync/channel"
)

// Name is the messenger's name in settings, addresses and links.
const Name = "telegram"

// Channel is one Telegram bot.
type Channel struct {
	settings Settings
	bot      int64
	api      client
	log      *slog.Logger
	health   health
}

var (
	_ channel.Channel      = (*Channel)(nil)
	_ channel.Editor       = (*Channel)(nil)
	_ channel.Acknowledger = (*Channel)(nil)
	_ channel.MenuKeeper   = (*Channel)(nil)
	_ channel.Checker      = (*Channel)(nil)
	_ channel.Identifier   = (*Channel)(nil)
	_ channel.Receiver     = (*Channel)(nil)
	_ channel.Hook         = (*Channel)(nil)
	_ channel.Reporter     = (*Channel)(nil)
)

// Open prepares the bot with an HTTP client of its own. Nothing is sent yet.
func Open(s Settings, log *slog.Logger) (*Channel, error) {
	return New(s, log, &http.Client{Transport: transport()})
}

// New prepares the bot on top of hc, whose redirect rule and timeout are replaced. Nothing is sent yet.
func New(s Settings, log *slog.Logger, hc *http.Client) (*Channel, error) {
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("check telegram settings: %w", err)
	}
	own := *hc
	own.Timeout = 0
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	bot, err := s.Token.bot()
	if err != nil {
		return nil, fmt.Errorf("check telegram settings: %w", err)
	}
	return &Channel{
		settings: s,
		bot:      bot,
		api:      client{base: s.APIURL, token: s.Token, http: &own},
		log:      log.With("channel", Name),
	}, nil
}

// Name is "telegram".
func (c *Channel) Name() string { return Name }

// Account is the bot's number, the digits before the colon of its token.
func (c *Channel) Account() string { return strconv.FormatInt(c.bot, 10) }

// Capabilities are those of private chats with a bot.
func (c *Channel) Capabilities() channel.Capabilities {
	return channel.Capabilities{
		MiniApp:          true,
		HiddenStartToken: true,
		StartTokenMax:    maxStartToken,
		EditMessage:      true,
		WebButton:        true,
		LinkButton:       true,
		CallbackButton:   true,
		MaxCallbackBytes: maxCallback,
		MaxButtons:       maxButtons,
		MaxText:          maxText,
		MaxLabel:         maxLabel,
		Silent:           true,
		Price:            channel.Free,
	}
}

// Check asks Telegram whether the token is good and belongs to the bot named in the settings.
func (c *Channel) Check(ctx context.Context) error {
	var me struct {
		ID       int64  `json:"id"`
		Username string `json:"username"`
	}
	if err := c.call(ctx, call{method: "getMe", result: &me, repeatable: true}); err != nil {
		return fmt.Errorf("ask telegram who we are: %w", err)
	}
	if !equalFold(me.Username, c.settings.Username) {
		words := fmt.Sprintf("the token belongs to @%s, the settings name @%s", me.Username, c.settings.Username)
		return &channel.Error{Kind: channel.KindSettings, Words: words}
	}
	return nil
}
