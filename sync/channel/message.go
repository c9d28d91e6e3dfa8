package channel

import "time"

// Message is what we want to say. It is written once for all messengers; each renders it in its best form and leaves out what
// it cannot show. Text and labels are plain: the channel escapes them.
type Message struct {
	// Key names this message across attempts. Platforms that recognise a repeated request get it; it must have been
	// stored before the first attempt. UUID text fits all of them.
	Key string
	// Intent is what the message is for, such as "order ready". It chooses the template on platforms that demand one.
	Intent string
	// Params are the values of the intent by name, for the same templates.
	Params map[string]string
	// Title is an optional first line, set apart where the platform can.
	Title string
	// Text is the whole message in words; it must make sense without buttons and without the title.
	Text string
	// Buttons are rows of buttons under the text.
	Buttons [][]Button
	// Silent asks for delivery without a sound.
	Silent bool
	// Language is the BCP 47 tag Text is written in.
	Language string
	// Reply is the Event.Reply this message answers, or empty. It can make the message free of charge.
	Reply string
	// Expires is when the message stops being worth delivering; zero means never. Channels pass it on where they can.
	Expires time.Time
}

// ButtonKind is what pressing a button does.
type ButtonKind int

// The kinds of buttons. A channel that cannot show WebApp falls back to URL; one that has no buttons at all writes URLs into
// the text and drops Callback.
const (
	// WebApp opens Target, a page of ours, inside the messenger.
	WebApp ButtonKind = iota + 1
	// URL opens Target in a browser.
	URL
	// Callback sends Target back to us as ButtonPressed.Data.
	Callback
)

// Button is one button of a message.
type Button struct {
	Kind  ButtonKind
	Label string
	// Target is an absolute URL or, for Callback, data of at most Capabilities.MaxCallbackBytes.
	Target string
}

// Row is a short form for a row of buttons.
func Row(buttons ...Button) []Button { return buttons }
