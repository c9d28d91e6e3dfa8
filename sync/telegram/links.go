package telegram

import "github.com/comanda-pos/comanda/sync/channel"

// maxStartToken is the longest start parameter ("Deep linking"). Some clients carry more in startapp; 64 is safe in both.
const maxStartToken = 64

// EntryLinks lists the link to the Mini App and the link to the chat. Both carry the token unseen by the guest.
func (c *Channel) EntryLinks(token string) ([]channel.Link, error) {
	if err := channel.CheckToken(token, maxStartToken); err != nil {
		return nil, err
	}
	bot := c.settings.LinkURL + "/" + c.settings.Username
	app := bot
	if c.settings.App != "" {
		app += "/" + c.settings.App
	}
	return []channel.Link{
		{Kind: channel.OpensMiniApp, URL: app + "?startapp=" + token},
		{Kind: channel.OpensChat, URL: bot + "?start=" + token},
	}, nil
}
