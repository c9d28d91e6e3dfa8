package conversation

import (
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/sync/channel"
)

// render puts a content into the best form the messenger has. The text alone always makes sense: buttons are only a
// shorter way, and where there are none the text says what to write instead.
func (t telling) render(voice speaker, c content) channel.Message {
	can := t.channel.Capabilities()
	lines := c.lines
	if c.course != "" && !calls(can, c) {
		lines = append(slices.Clip(lines), "", voice.say("course_hint", values{"Word": voice.say("word_next")}))
	}
	if c.help && !can.CallbackButton {
		hint := voice.say("words_hint", values{
			"Staff": voice.say("word_staff"), "Water": voice.say("word_water"), "Bill": voice.say("word_bill"),
		})
		lines = append(slices.Clip(lines), "", hint)
	}
	return channel.Message{
		Intent: c.intent, Params: c.params, Title: c.title, Text: strings.TrimSpace(strings.Join(lines, "\n")),
		Buttons: buttons(voice, can, c), Silent: c.silent, Language: voice.language,
	}
}

// calls reports whether the messenger can show the button that calls the next course.
func calls(can channel.Capabilities, c content) bool {
	return c.course != "" && can.CallbackButton && len(courseData)+len(c.course) <= can.MaxCallbackBytes
}

// buttons are the next course and the menu in rows of their own and then the kinds of help, as many as the messenger
// shows.
func buttons(voice speaker, can channel.Capabilities, c content) [][]channel.Button {
	var rows [][]channel.Button
	room := can.MaxButtons
	if room == 0 {
		room = len(helps()) + 2
	}
	if calls(can, c) {
		rows = append(rows, channel.Row(channel.Button{
			Kind: channel.Callback, Label: can.MaxLabel.Cut(voice.say("button_next")), Target: courseData + string(c.course),
		}))
		room--
	}
	if c.link != "" && room > 0 {
		kind := channel.URL
		if can.WebButton && strings.HasPrefix(c.link, "https://") {
			kind = channel.WebApp
		}
		rows = append(rows, channel.Row(channel.Button{Kind: kind, Label: can.MaxLabel.Cut(voice.say("button_menu")), Target: c.link}))
		room--
	}
	if !c.help || !can.CallbackButton {
		return rows
	}
	var row []channel.Button
	for _, help := range helps()[:min(room, len(helps()))] {
		row = append(row, channel.Button{
			Kind: channel.Callback, Label: can.MaxLabel.Cut(voice.say("button_" + string(help))), Target: askData + string(help),
		})
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	return rows
}
