package channel

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// ConversationID names a conversation with one guest. It is opaque and means something only to the channel and account that
// issued it; it is text even where a platform uses numbers, because some exceed what every reader of them can hold.
type ConversationID string

// Ref names one message inside a conversation.
type Ref string

// Address names a conversation among all messengers of a restaurant.
type Address struct {
	Channel      string
	Account      string
	Conversation ConversationID
}

// ErrAddress is wrapped by ParseAddress for text that is no address.
var ErrAddress = errors.New("no messenger address")

// String renders the address as channel:account:conversation. The first two never contain a colon.
func (a Address) String() string {
	return a.Channel + ":" + a.Account + ":" + string(a.Conversation)
}

// ParseAddress reads what Address.String wrote.
func ParseAddress(s string) (Address, error) {
	name, rest, ok := strings.Cut(s, ":")
	account, conversation, both := strings.Cut(rest, ":")
	if !ok || !both || name == "" || account == "" || conversation == "" {
		return Address{}, fmt.Errorf("%w: %q", ErrAddress, s)
	}
	return Address{Channel: name, Account: account, Conversation: ConversationID(conversation)}, nil
}

// AddressOf names the conversation in of channel c.
func AddressOf(c Channel, in ConversationID) Address {
	return Address{Channel: c.Name(), Account: c.Account(), Conversation: in}
}

// Guest is what a messenger tells about the person in a conversation.
type Guest struct {
	// ID is the person's identifier on the platform, stable for one account; empty if the platform keeps it back.
	ID string
	// Language is the BCP 47 tag of the person's app, or empty.
	Language string
	// Name is how the person calls themselves, or empty. It is shown to staff and never logged.
	Name string
}

// LogValue keeps the guest's name and identifier out of every log.
func (g Guest) LogValue() slog.Value {
	return slog.GroupValue(slog.String("language", g.Language))
}

// String is safe to print: it holds neither name nor identifier.
func (g Guest) String() string { return "guest speaking " + g.Language }

// Identity is a guest proven by the messenger to a web page of ours.
type Identity struct {
	Guest Guest
	// Conversation is where messages to this guest go.
	Conversation ConversationID
	// StartToken is the table's token that opened the page, or empty.
	StartToken string
	// MayWrite says whether the guest lets us write to them; if not, ask before promising messages.
	MayWrite bool
	// Group is the same for guests who opened the page from the same group chat, or empty.
	Group string
	// At is when the messenger issued the proof.
	At time.Time
}

// ErrProof is wrapped by every refusal of an Identifier.
var ErrProof = errors.New("messenger does not vouch for this guest")

// Identifier is a channel whose mini app hands our page a proof of who the guest is.
type Identifier interface {
	// Identify checks the proof against the clock now. A refusal wraps ErrProof and never repeats the proof.
	Identify(proof string, now time.Time) (Identity, error)
}
