package telegram

import (
	"net/url"
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/sync/channel"
)

const (
	maxCallback = 64  // "InlineKeyboardButton": bytes of callback_data
	maxButtons  = 100 // clients refuse larger keyboards
	maxRow      = 8
)

// The text limit counts what is left after markup is parsed; UTF-16 units are never fewer than what the server counts.
var (
	maxText  = channel.Limit{Max: 4096, Unit: channel.UTF16}
	maxLabel = channel.Limit{Max: 64}
)

// payload is what sendMessage and editMessageText have in common.
type payload struct {
	Text      string      `json:"text"`
	ParseMode string      `json:"parse_mode"`
	Markup    *markup     `json:"reply_markup,omitempty"`
	Preview   linkPreview `json:"link_preview_options"`
}

type linkPreview struct {
	Disabled bool `json:"is_disabled"`
}

type markup struct {
	Keyboard [][]button `json:"inline_keyboard"`
}

type button struct {
	Text     string  `json:"text"`
	URL      string  `json:"url,omitempty"`
	WebApp   *webApp `json:"web_app,omitempty"`
	Callback string  `json:"callback_data,omitempty"`
}

type webApp struct {
	URL string `json:"url"`
}

// render puts a message into Telegram's form. It refuses only what would mean something else if it were cut.
func render(m channel.Message, chat int64) (payload, error) {
	keyboard, asText, err := keyboardOf(m.Buttons, chat)
	if err != nil {
		return payload{}, err
	}
	title, text := strings.TrimSpace(m.Title), strings.TrimSpace(m.Text+asText)
	if title != "" && text != "" {
		text = "\n" + text
	}
	if title+text == "" {
		return payload{}, &channel.Error{Kind: channel.KindRejected, Words: "the message has no words"}
	}
	title = maxText.Cut(title)
	rest := maxText
	if rest.Max -= maxText.Len(title); rest.Max > 0 {
		text = rest.Cut(text)
	} else {
		text = ""
	}
	p := payload{Text: escape(text), ParseMode: "HTML", Preview: linkPreview{Disabled: true}}
	if title != "" {
		p.Text = "<b>" + escape(title) + "</b>" + p.Text
	}
	if len(keyboard) > 0 {
		p.Markup = &markup{Keyboard: keyboard}
	}
	return p, nil
}

// escape is "HTML style": these three characters and no other.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// keyboardOf renders buttons, and as text those whose address Telegram does not accept.
func keyboardOf(rows [][]channel.Button, chat int64) (keyboard [][]button, asText string, err error) {
	left := maxButtons
	for _, row := range rows {
		var out []button
		for _, b := range row {
			r, ok, err := buttonOf(b, chat)
			switch {
			case err != nil:
				return nil, "", err
			case !ok && b.Kind != channel.Callback && b.Target != "":
				asText += "\n" + b.Label + ": " + b.Target
			case ok && left > 0:
				out = append(out, r)
				left--
			}
		}
		keyboard = slices.AppendSeq(keyboard, slices.Chunk(out, maxRow))
	}
	return keyboard, asText, nil
}

// buttonOf renders one button; false means that Telegram has no form for it.
func buttonOf(b channel.Button, chat int64) (button, bool, error) {
	out := button{Text: maxLabel.Cut(strings.TrimSpace(b.Label))}
	if out.Text == "" {
		return out, false, nil
	}
	if b.Kind == channel.Callback {
		if n := len(b.Target); n < 1 || n > maxCallback {
			return out, false, &channel.Error{Kind: channel.KindRejected, Words: "a button's data must have 1 to 64 bytes"}
		}
		out.Callback = b.Target
		return out, true, nil
	}
	scheme, ok := linkable(b.Target)
	if b.Kind == channel.WebApp && scheme == "https" && private(chat) {
		out.WebApp = &webApp{URL: b.Target}
	} else {
		out.URL = b.Target
	}
	return out, ok, nil
}

// linkable says whether Telegram accepts an address behind a button: http or https to a host with a dot in its name.
func linkable(target string) (scheme string, ok bool) {
	u, err := url.Parse(target)
	if err != nil {
		return "", false
	}
	return u.Scheme, (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Hostname(), ".")
}
