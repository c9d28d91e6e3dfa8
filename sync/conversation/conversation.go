// Package conversation carries guests' words to the floor and the kitchen's news to guests.
//
// It is the only place that knows both a restaurant and a messenger. Three doors lead into it: [Conversation.Hear]
// takes what a guest did in a chat, [Conversation.News] says what the journal gives to tell, and
// [Conversation.Deliver] tells it, once, in the guest's language. Nothing here waits, retries or remembers in
// memory: what is to be told stands in the store as an [edge.Delivery] until somebody calls Deliver for it.
package conversation

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// Config is what a conversation is made of. Channels, Store, Floor, Link and NewKey are needed.
type Config struct {
	// Channels are the messengers in use, by [channel.Channel.Name].
	Channels map[string]channel.Channel
	Store    edge.Store
	Floor    *edge.Floor
	// Link is the address of the guest page of the table the token names, which signs in with the guest's key:
	// https://example.org/t/TOKEN#g=KEY. With an empty key it is the address without the fragment. [Links] makes
	// such a function.
	Link func(token, guestKey string) string
	// NewKey makes a new unguessable guest key of URL-safe characters at every call.
	NewKey func() string
	// Now reads the clock; nil is the machine's.
	Now func() time.Time
	// Logger is told of what was ignored on purpose; nil keeps it silent. No guest is named in it.
	Logger *slog.Logger
}

// Conversation is the bridge between one restaurant and its messengers. Its methods may be called from any goroutine.
type Conversation struct {
	channels map[string]channel.Channel
	store    edge.Store
	floor    *edge.Floor
	venue    edge.Venue
	words    *Words
	link     func(token, guestKey string) string
	newKey   func() string
	now      func() time.Time
	log      *slog.Logger
}

// New builds the bridge. Nothing is sent or read yet.
func New(cfg Config) (*Conversation, error) {
	if cfg.Store == nil || cfg.Floor == nil || cfg.Link == nil || cfg.NewKey == nil {
		return nil, errors.New("open conversation: store, floor, link and key maker are needed")
	}
	words, err := NewWords()
	if err != nil {
		return nil, fmt.Errorf("open conversation: %w", err)
	}
	c := &Conversation{
		channels: cfg.Channels, store: cfg.Store, floor: cfg.Floor, venue: cfg.Floor.Venue(), words: words,
		link: cfg.Link, newKey: cfg.NewKey, now: cfg.Now, log: cfg.Logger,
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// Links makes the function that puts a token and a guest's key into the address of the guest page. base has no slash
// at its end. The key travels in the fragment, which browsers never send to a server.
func Links(base string) func(token, guestKey string) string {
	return func(token, guestKey string) string {
		address := base + "/t/" + url.PathEscape(token)
		if guestKey != "" {
			address += "#g=" + url.QueryEscape(guestKey)
		}
		return address
	}
}

// LaneOf names the lane of deliveries to an address at a channel.
func LaneOf(channelName, address string) string { return channelName + ":" + address }

// cutLane is the reverse of LaneOf. Channel names have no colon.
func cutLane(lane string) (channelName, address string) {
	channelName, address, _ = strings.Cut(lane, ":")
	return channelName, address
}
