package appliance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/sync/all"
	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/conversation"
	"github.com/comanda-pos/comanda/sync/inbox"
	"github.com/comanda-pos/comanda/sync/outbox"
)

// chats are the messengers of the settings with what carries words between them and the rules.
type chats struct {
	d        *Device
	channels map[string]channel.Channel
	order    []string         // names in the order they are offered to guests
	broken   map[string]error // messengers whose settings cannot be used
	outbox   *outbox.Outbox
	inbox    *inbox.Inbox
}

func newChats(d *Device) (*chats, error) {
	c := &chats{d: d, channels: map[string]channel.Channel{}, broken: map[string]error{}}
	c.openChannels()
	talk, err := conversation.New(conversation.Config{
		Channels: c.channels, Store: d.store, Floor: d.floor, Link: conversation.Links(d.baseURL()), NewKey: access.NewKey,
		Now: d.clock.time, Logger: d.log,
	})
	if err != nil {
		return nil, err
	}
	c.outbox = outbox.New(d.store, talk, outbox.Options{Now: d.clock.time, Logger: d.log})
	c.inbox = inbox.New(d.store, c.channels, talk, inbox.Options{Now: d.clock.time, Logger: d.log, Answered: c.outbox.Wake})
	return c, nil
}

// openChannels makes the messengers of the settings. One that cannot be used is a line on the owner's screen and
// never keeps the others, or the house, from working.
func (c *chats) openChannels() {
	known := map[string]bool{}
	for _, definition := range all.Messengers() {
		known[definition.Name] = true
		section, on := c.d.settings.Channels[definition.Name]
		if !on {
			continue
		}
		ch, err := definition.Open(section, c.d.log)
		c.order = append(c.order, definition.Name)
		if err != nil {
			c.broken[definition.Name] = err
			c.d.log.Error("a messenger cannot be used", "channel", definition.Name, "error", err)
			continue
		}
		c.channels[definition.Name] = ch
	}
	for name := range c.d.settings.Channels {
		if !known[name] {
			c.order = append(c.order, name)
			c.broken[name] = fmt.Errorf("there is no messenger %q in this version", name)
			c.d.log.Error("a messenger cannot be used", "channel", name, "error", c.broken[name])
		}
	}
}

func (c *chats) wake() { c.outbox.Wake() }

// services is empty without messengers: then there is nobody to tell, and reading the journal would only cost time.
func (c *chats) services() []suture.Service {
	if len(c.channels) == 0 {
		return nil
	}
	services := []suture.Service{c.outbox, c.inbox}
	for name, ch := range c.channels {
		if receiver, ok := ch.(channel.Receiver); ok {
			services = append(services, &receiving{name, receiver, c.inbox})
		}
	}
	return services
}

// receiving is one messenger that fetches its updates.
type receiving struct {
	name     string
	receiver channel.Receiver
	inbox    channel.Inbox
}

// Serve implements suture.Service.
func (r *receiving) Serve(ctx context.Context) error { return r.receiver.Receive(ctx, r.inbox) }

// String names the part in logs.
func (r *receiving) String() string { return "receive " + r.name }

// links are the ways into the messengers for a table's token.
func (c *chats) links(token string) []api.Link {
	var links []api.Link
	for _, name := range c.order {
		ch, ok := c.channels[name]
		if !ok {
			continue
		}
		entries, err := ch.EntryLinks(token)
		if err != nil {
			c.d.log.Debug("a token has no way into a messenger", "channel", name, "error", err)
			continue
		}
		for _, entry := range entries {
			// The chat is what tells a guest how the order gets on, so it is the way we offer.
			if entry.Kind == channel.OpensChat {
				links = append(links, api.Link{Channel: name, Label: labelOf(name), URL: entry.URL})
				break
			}
		}
	}
	return links
}

// labelOf is a messenger's name as people write it.
func labelOf(name string) string {
	labels := map[string]string{"telegram": "Telegram"}
	if label, ok := labels[name]; ok {
		return label
	}
	return name
}

var errNoMiniApp = errors.New("no messenger with a mini app is set up")

// verify asks the messengers with mini apps to vouch for a guest.
func (c *chats) verify(proof string) (channelName, address, language string, err error) {
	err = errNoMiniApp
	for _, name := range c.order {
		identifier, ok := c.channels[name].(channel.Identifier)
		if !ok {
			continue
		}
		var identity channel.Identity
		if identity, err = identifier.Identify(proof, c.d.clock.time()); err == nil {
			return name, string(identity.Conversation), identity.Guest.Language, nil
		}
	}
	return "", "", "", err
}

// parts tells how each messenger is doing, and what waits to be sent.
func (c *chats) parts() []api.Part {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	sending := map[string]outbox.ChannelStatus{}
	if all, err := c.outbox.Status(ctx, c.order...); err == nil {
		for _, s := range all {
			sending[s.Channel] = s
		}
	}
	var parts []api.Part
	for _, name := range c.order {
		parts = append(parts, c.part(name, sending[name]))
	}
	return parts
}

func (c *chats) part(name string, sending outbox.ChannelStatus) api.Part {
	part := api.Part{ID: "channel:" + name, Name: labelOf(name), Kind: "channel", State: partOK, Since: c.d.started}
	if err := c.broken[name]; err != nil {
		part.State, part.Text = partDown, err.Error()
		return part
	}
	if reporter, ok := c.channels[name].(channel.Reporter); ok {
		status := reporter.Status()
		if !status.Since.IsZero() {
			part.Since = status.Since
		}
		if status.Problem != channel.NoProblem {
			part.State, part.Text = partDegraded, status.Words
			// Without a line there are no words of the platform, only those of the network's programmers.
			if status.Platform != "" && status.Problem != channel.Offline {
				part.Text += " (" + status.Platform + ")"
			}
			if status.NeedsOwner() {
				part.State = partDown
			}
		}
	}
	if sending.Kind != channel.KindNone && part.State == partOK {
		part.State, part.Text, part.Since = partDegraded, sendingWords(sending), sending.Since
	}
	if n := sending.Backlog.Waiting; n > 0 {
		part.Text += fmt.Sprintf(" %d messages wait to be sent.", n)
	}
	return part
}

// sendingWords says why nothing is sent at the moment.
func sendingWords(s outbox.ChannelStatus) string {
	switch s.Kind {
	case channel.KindSettings:
		return "Messages to guests are refused: " + s.Words
	case channel.KindThrottled:
		return "Messages to guests are slowed down because there were very many. They follow by themselves."
	default:
		return "Messages to guests do not get through. They are sent again by themselves."
	}
}
