package outbox_test

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// fate is what a scripted messenger does with one call.
type fate string

const (
	works         fate = "works"
	unreachable   fate = "unreachable"
	throttles     fate = "throttles"
	arrivesUnsure fate = "arrives, answer lost"
	lostUnsure    fate = "lost, answer lost"
	gone          fate = "card gone"
	crashAfter    fate = "arrives, then the power fails"
	crashBefore   fate = "the power fails before"
)

// shown is one text in a chat at one instant.
type shown struct{ chat, order, text string }

// messenger shows what guests see and fails by a script. Each call takes the script's next fate, then all works.
type messenger struct {
	mu      sync.Mutex
	script  []fate                   // guarded by mu
	crashed bool                     // guarded by mu
	unsure  map[string]bool          // guarded by mu: chats whose last call had an unknown outcome
	next    int                      // guarded by mu: number of the next message
	chats   map[string]map[int]shown // guarded by mu: what stands in a chat now, by message
	history []shown                  // guarded by mu: everything that ever appeared, in order
	extra   map[string]int           // guarded by mu: cards of an order that may be there besides the one
	crash   func()                   // severs the outbox from its store
}

func newMessenger(script []fate) *messenger {
	return &messenger{script: script, unsure: map[string]bool{}, chats: map[string]map[int]shown{}, extra: map[string]int{}}
}

func (*messenger) Name() string    { return "tg" }
func (*messenger) Account() string { return "1" }

func (*messenger) Capabilities() channel.Capabilities {
	return channel.Capabilities{EditMessage: true, CallbackButton: true, WebButton: true, Silent: true}
}

func (*messenger) Decode(channel.Update) []channel.Event     { return nil }
func (*messenger) EntryLinks(string) ([]channel.Link, error) { return nil, nil }
func (m *messenger) put(chat string, ref int, order, text string) {
	if m.chats[chat] == nil {
		m.chats[chat] = map[int]shown{}
	}
	s := shown{chat, order, text}
	m.chats[chat][ref] = s
	m.history = append(m.history, s)
}

var orderNumber = regexp.MustCompile(`^Order (\d+) · `)

// numberOf is the order a card is about, "" for what is no card.
func numberOf(msg channel.Message) string {
	if match := orderNumber.FindStringSubmatch(msg.Title); match != nil {
		return match[1]
	}
	return ""
}

// take gives the fate of a call. After an unknown outcome the same chat is spared another one: only one repeat is
// promised.
func (m *messenger) take(chat string, edit bool) fate {
	f := works
	if m.crashed {
		return unreachable // the power is out
	}
	if len(m.script) > 0 {
		f, m.script = m.script[0], m.script[1:]
	}
	if f == gone && !edit {
		f = works
	}
	ends := f == arrivesUnsure || f == lostUnsure || f == crashAfter || f == crashBefore
	if m.unsure[chat] && ends {
		f = works
	}
	if ends {
		m.unsure[chat] = true
	} else if f == works {
		delete(m.unsure, chat)
	}
	return f
}

func (m *messenger) Send(_ context.Context, to channel.ConversationID, msg channel.Message) (channel.Ref, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	chat, order := string(to), numberOf(msg)
	ref := m.next
	m.next++
	switch f := m.take(chat, false); f {
	case works, gone:
		m.put(chat, ref, order, msg.Text)
		return channel.Ref(fmt.Sprint(ref)), nil
	case arrivesUnsure, crashAfter:
		m.put(chat, ref, order, msg.Text)
		m.extra[order]++
		return "", m.fail(f)
	default:
		return "", m.fail(f)
	}
}

func (m *messenger) Edit(_ context.Context, in channel.ConversationID, ref channel.Ref, msg channel.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var id int
	fmt.Sscan(string(ref), &id)
	chat, order := string(in), numberOf(msg)
	f := m.take(chat, true)
	if _, there := m.chats[chat][id]; f == gone || !there {
		delete(m.chats[chat], id)
		m.extra[order]++
		return &channel.Error{Kind: channel.KindCardGone}
	}
	if f == works || f == arrivesUnsure || f == crashAfter {
		m.put(chat, id, order, msg.Text)
	}
	return m.fail(f)
}

func (m *messenger) fail(f fate) error {
	switch f {
	case unreachable:
		return &channel.Error{Kind: channel.KindRetry, Words: "no route"}
	case throttles:
		return &channel.Error{Kind: channel.KindThrottled, Wait: 3 * time.Second, Scope: channel.ScopeAccount}
	case arrivesUnsure, lostUnsure:
		return &channel.Error{Kind: channel.KindUnknownOutcome}
	case crashAfter, crashBefore:
		m.crashed = true
		m.crash()
		return &channel.Error{Kind: channel.KindUnknownOutcome}
	default:
		return nil
	}
}
