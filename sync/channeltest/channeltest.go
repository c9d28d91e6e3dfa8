// Package channeltest is the suite every messenger passes.
//
// A messenger's own test starts a platform of its own making on this machine, describes it as a Platform and calls Run. What the
// suite checks is what callers rely upon: that words arrive unharmed, that lengths never refuse a message, that failures are
// told apart, that no secret shows, and that nothing a platform delivers is lost or makes the channel fall over.
package channeltest

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// Platform is the other end of a channel under test.
type Platform interface {
	// Guest is a conversation that can be written to; Stranger one that cannot.
	Guest() channel.ConversationID
	Stranger() channel.ConversationID
	// Seen are the messages a conversation shows from us, oldest first.
	Seen(in channel.ConversationID) []Seen
	// Fail makes the next calls fail in a way that means kind, until Recover. It returns false if nothing at this platform
	// means that.
	Fail(kind channel.Kind) bool
	Recover()
	// Press presses the callback button that holds data under a message.
	Press(in channel.ConversationID, ref channel.Ref, data string)
	// Write lets the guest write a text to us.
	Write(in channel.ConversationID, text string)
	// Secrets are the texts that must never show in an error.
	Secrets() []string
}

// Seen is one message as the guest sees it.
type Seen struct {
	Ref     channel.Ref
	Text    string
	Buttons [][]string
	Edits   int
}

// Harness is what a messenger's test brings.
type Harness struct {
	// Open returns a new channel and a new platform it talks to. Both end with the test.
	Open func(t *testing.T) (channel.Channel, Platform)
	// Recorded are updates of the platform and what they mean.
	Recorded []Recorded
	// Duplicate, if set, lets the platform deliver its next updates twice.
	Duplicate func(p Platform)
}

// Recorded is one update and its meaning.
type Recorded struct {
	Name   string
	Update channel.Update
	Want   []channel.Event
}

// patience is how long the suite waits for something that should happen at once.
const patience = 10 * time.Second

// Run checks a channel against the contract.
func Run(t *testing.T, h Harness) {
	t.Helper()
	t.Run("identity", func(t *testing.T) { identity(t, h) })
	t.Run("links", func(t *testing.T) { links(t, h) })
	t.Run("send", func(t *testing.T) { send(t, h) })
	t.Run("lengths", func(t *testing.T) { lengths(t, h) })
	t.Run("buttons", func(t *testing.T) { buttons(t, h) })
	t.Run("edit", func(t *testing.T) { edit(t, h) })
	t.Run("acknowledge", func(t *testing.T) { acknowledge(t, h) })
	t.Run("failures", func(t *testing.T) { failures(t, h) })
	t.Run("decode", func(t *testing.T) { decode(t, h) })
	t.Run("receive", func(t *testing.T) { receive(t, h) })
}
