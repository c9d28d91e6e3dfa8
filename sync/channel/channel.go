// Package channel is the contract of a messenger: what comanda may ask of one, what it hears from it and how it fails.
//
// The parts talk in this order. A Receiver or a Hook turns what the platform delivers into updates; an Inbox keeps them;
// Decode turns a kept update into events. In the other direction a Message is handed to Send, and where the platform can,
// the card it made is rewritten by Edit. A messenger never retries and never remembers: it classifies each failure by a Kind,
// and whoever asked decides.
//
// What a platform can do beyond the common core it says twice: as a fact in Capabilities, so that words can be chosen before
// anything is sent, and as one of the small interfaces in this package, found by type assertion.
package channel

import "context"

// Channel is one messenger with one account (bot, page, number) of the restaurant. All methods may be called at once from
// several goroutines.
type Channel interface {
	// Name is the messenger's fixed name in settings, addresses and links, such as "telegram".
	Name() string
	// Account tells the restaurant's accounts at one messenger apart. It is known without asking the platform.
	Account() string
	// Capabilities says what this messenger can do. The answer never changes during the life of the channel.
	Capabilities() Capabilities
	// Send tries once to deliver m and returns the platform's reference to the message it made. Every error it returns
	// has a Kind. What does not fit the platform is cut or rendered in a simpler form, never refused for its form.
	Send(ctx context.Context, to ConversationID, m Message) (Ref, error)
	// Decode says what happened in one update, in the platform's order. It is a pure function of the update: it never
	// fails, and what it does not understand comes back as Unknown.
	Decode(u Update) []Event
	// EntryLinks lists the links that carry a table's token into a conversation, best first. It refuses a token the
	// platform would not carry unchanged with an error wrapping ErrToken.
	EntryLinks(token string) ([]Link, error)
}

// Editor is a channel whose messages can be rewritten in place, so that one living card follows an order.
type Editor interface {
	// Edit replaces the message ref by m. A message that already says the same is a success. When the message can no
	// longer be rewritten the error is of KindCardGone: send a new card, once.
	Edit(ctx context.Context, in ConversationID, ref Ref, m Message) error
}

// Acknowledger is a channel whose buttons wait for an answer after they were pressed.
type Acknowledger interface {
	// Acknowledge answers the press query, showing text briefly if it is not empty. A press that can no longer be
	// answered gives KindTooLate, which is safe to ignore.
	Acknowledge(ctx context.Context, query, text string) error
}

// MenuKeeper is a channel that can keep a button to a web page beside the guest's input field.
type MenuKeeper interface {
	// KeepMenu puts a button labelled label, opening url, into the conversation in place of the one before.
	KeepMenu(ctx context.Context, in ConversationID, label, url string) error
}

// Checker is a channel that can prove its settings to the owner without writing to any guest.
type Checker interface {
	// Check asks the platform who we are. A nil error means that the account answers and is the one in the settings.
	Check(ctx context.Context) error
}
