package conversation

import (
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// The bounds of what a card repeats of an order: it must stay readable at a glance, and within every messenger.
const (
	maxLines  = 12
	maxCourse = 4
	maxName   = 60
	maxReason = 200
)

// reasonWithdrawn is the reason of an order that the guest took back.
const reasonWithdrawn = "withdrawn"

// content is what is to be said before it is known what the messenger can show.
type content struct {
	intent string
	params map[string]string
	title  string
	lines  []string
	link   string  // of the menu, "" for no button
	course edge.ID // offer to call the next course of the order, "" for no button
	help   bool    // offer to call for help
	silent bool
}

// orderContent is the living card of an order.
func (c *Conversation) orderContent(voice speaker, f orderFacts) content {
	o := f.order
	out := content{
		intent: "order_" + string(o.State),
		params: map[string]string{"order": o.Number, "table": o.Table, "state": string(o.State)},
		title:  voice.say("order_title", values{"Number": o.Number, "Table": o.Table}),
		lines:  []string{c.standing(voice, f)},
		link:   c.linkTo(f.link),
		help:   !f.over,
	}
	if reason := voice.reason(o); reason != "" {
		out.lines = append(out.lines, reason)
	}
	if times := c.times(voice, f); times != "" {
		out.lines = append(out.lines, times)
	}
	out.lines = append(out.lines, "")
	out.lines = append(out.lines, c.orderLines(voice, o)...)
	out.lines = append(out.lines, c.heldLines(voice, f)...)
	if c.mayCall(f) {
		out.course = o.ID
	}
	if o.State != edge.OrderStateRejected && o.State != edge.OrderStateCancelled {
		amount := voice.money(edge.Money{Minor: o.Totals.Gross, Currency: o.Totals.Currency})
		out.params["total"] = amount
		out.lines = append(out.lines, voice.say("order_total", values{"Amount": amount}))
	}
	if f.over {
		out.link = ""
	}
	return out
}

func (c *Conversation) linkTo(link linkNote) string {
	if link.Token == "" {
		return ""
	}
	return c.link(link.Token, link.Key)
}

// standing says where an order stands, between its courses too.
func (c *Conversation) standing(voice speaker, f orderFacts) string {
	switch {
	case f.order.State.Over() || !f.between():
		return voice.state(f.order, f.pickup)
	case c.mayCall(f):
		return voice.say("state_between_call")
	default:
		return voice.say("state_between")
	}
}

// state says where an order stands.
func (s speaker) state(o edge.Order, pickup bool) string {
	key := "state_" + string(o.State)
	if pickup && (o.State == edge.OrderStateReady || o.State == edge.OrderStateCompleted) {
		key += "_pickup"
	}
	return s.say(key)
}

// reason says why an order ended before it was cooked. What staff wrote is shown as they wrote it.
func (s speaker) reason(o edge.Order) string {
	switch o.Reason {
	case "":
		return ""
	case edge.ReasonTimeout:
		return s.say("reason_timeout")
	case reasonWithdrawn:
		return s.say("reason_withdrawn")
	default:
		return s.say("reason", values{"Reason": channel.Limit{Max: maxReason}.Cut(o.Reason)})
	}
}

// orderLines lists what was ordered, less what was taken off again.
func (c *Conversation) orderLines(voice speaker, o edge.Order) []string {
	var lines []string
	off := 0
	for _, line := range o.Lines {
		n := line.Quantity - line.Cancelled
		if o.State == edge.OrderStateCancelled {
			n = line.Quantity
		} else {
			off += line.Cancelled
		}
		if n > 0 {
			lines = append(lines, fmt.Sprintf("%d × %s", n, c.lineName(voice, line)))
		}
	}
	if rest := len(lines) - maxLines; rest > 0 {
		lines = append(lines[:maxLines], voice.count("lines_more", rest))
	}
	if off > 0 {
		lines = append(lines, voice.count("taken_off", off))
	}
	return lines
}

func (c *Conversation) lineName(voice speaker, line edge.Line) string {
	languages := append([]string{voice.language}, c.venue.Languages...)
	name := line.Name.In(languages...)
	if variant := line.VariantName.In(languages...); variant != "" {
		name += " (" + variant + ")"
	}
	return channel.Limit{Max: maxName}.Cut(strings.Join(strings.Fields(name), " "))
}
