package telegram

import (
	"crypto/subtle"
	"net/http"

	"github.com/comanda-pos/comanda/sync/channel"
)

// secretHeader repeats the secret given to setWebhook ("setWebhook", secret_token).
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Take accepts one call of Telegram to a webhook that was set with HookSecret. Each call carries one update. Without a secret
// in the settings every call is refused, since anybody could make it.
func (c *Channel) Take(r channel.Request) ([]channel.Update, channel.Answer) {
	given, want := []byte(r.Header.Get(secretHeader)), []byte(c.settings.HookSecret)
	switch {
	case len(want) == 0 || subtle.ConstantTimeCompare(given, want) != 1:
		return nil, channel.Answer{Status: http.StatusForbidden}
	case r.Method != http.MethodPost:
		return nil, channel.Answer{Status: http.StatusMethodNotAllowed}
	}
	u, _, ok := keep(r.Body, r.ReceivedAt)
	if !ok {
		return nil, channel.Answer{Status: http.StatusBadRequest}
	}
	return []channel.Update{u}, channel.Answer{Status: http.StatusOK}
}
