package conversation

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

// visit is all that is known of a guest's visit when it is spoken of.
type visit struct {
	guest   edge.Guest
	session edge.Session
	orders  []edge.Order
	link    linkNote
	pickup  bool
	pace    edge.Pace
}

func (t telling) visit(ctx context.Context, guest edge.ID) (visit, error) {
	var v visit
	err := t.look(ctx, func(view edge.View) error {
		var err error
		if v.guest, err = view.Guest(guest); err != nil {
			return err
		}
		if v.session, err = view.Session(v.guest.Session); err != nil {
			return err
		}
		table, err := view.Table(v.session.TableID)
		if err != nil {
			return err
		}
		v.pickup = table.Kind == edge.KindCounter
		if v.orders, err = view.OrdersOf(v.session.ID); err != nil {
			return err
		}
		if v.pace, err = t.paceOf(view, t.delivery.Lane); err != nil {
			return err
		}
		v.link, err = linkOf(view, t.delivery.Lane, v.guest)
		return err
	})
	return v, err
}

// welcome greets a guest who has just sat down and says what they may do. It is a new message each time: who scans
// again expects an answer at the end of the chat.
func (t telling) welcome(ctx context.Context) error {
	var body guestBody
	if err := t.body(&body); err != nil {
		return err
	}
	v, err := t.visit(ctx, body.Guest)
	if errors.Is(err, edge.ErrNotFound) || (err == nil && v.session.State.Over()) {
		return nil
	}
	if err != nil {
		return err
	}
	voice := t.words.in(v.guest.Language)
	may := map[edge.Permission]string{
		edge.MayOrder: "welcome_may_order", edge.MayAsk: "welcome_may_ask", edge.MayRead: "welcome_may_read",
	}[t.floor.Permission(v.guest)]
	if may == "" {
		may = "welcome_may_read"
	}
	c := content{
		intent: intentWelcome, params: map[string]string{"venue": t.venue.Name, "table": v.session.Table},
		title: voice.say("welcome_title", values{"Venue": t.venue.Name}),
		lines: []string{
			voice.say("welcome_table", values{"Table": v.session.Table}), voice.say(may), voice.say("welcome_promise"),
		},
		link: t.linkTo(v.link), help: true,
	}
	if pace := t.pace(voice, v.pace); pace != "" {
		c.lines = append(c.lines, pace)
	}
	if c.link == "" {
		c.lines = append(c.lines, voice.say("menu_missing"))
	}
	if _, err := t.send(ctx, "message", t.render(voice, c)); err != nil {
		return err
	}
	t.keepMenu(ctx, voice, c.link)
	return nil
}

// keepMenu puts the menu beside the input field where the messenger has such a place. The message has the same link, so
// that a failure costs nothing and is not repeated.
func (t telling) keepMenu(ctx context.Context, voice speaker, link string) {
	keeper, ok := t.channel.(channel.MenuKeeper)
	if !ok || !strings.HasPrefix(link, "https://") {
		return
	}
	if err := keeper.KeepMenu(ctx, t.to, voice.say("button_menu"), link); err != nil {
		t.log.Debug("menu button not set", slog.String("channel", t.channel.Name()), slog.Any("err", err))
	}
}

// status says how a guest's orders stand.
func (t telling) status(ctx context.Context) error {
	var body guestBody
	if err := t.body(&body); err != nil {
		return err
	}
	v, err := t.visit(ctx, body.Guest)
	if errors.Is(err, edge.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	voice := t.words.in(v.guest.Language)
	c := content{
		intent: intentStatus, params: map[string]string{"venue": t.venue.Name, "table": v.session.Table},
		title: voice.say("status_title", values{"Venue": t.venue.Name, "Table": v.session.Table}),
		lines: v.openOrders(voice), link: t.linkTo(v.link), help: true,
	}
	switch {
	case v.session.State.Over():
		c.lines, c.link, c.help = []string{voice.say("visit_over")}, "", false
	case len(c.lines) == 0:
		c.lines = []string{voice.say("status_none")}
	}
	if pace := t.pace(voice, v.pace); pace != "" && c.help {
		c.lines = append(c.lines, pace)
	}
	if c.link == "" && c.help {
		c.lines = append(c.lines, voice.say("menu_missing"))
	}
	_, err = t.send(ctx, "message", t.render(voice, c))
	return err
}

// openOrders lists the guest's orders that something is still to happen to.
func (v visit) openOrders(voice speaker) []string {
	var lines []string
	for _, o := range v.orders {
		if o.Guest != v.guest.ID || o.State.Over() {
			continue
		}
		pickup := v.pickup || o.Dining == edge.TakeAway
		lines = append(lines, voice.count("status_order", itemsIn(o.Lines), values{"Number": o.Number, "State": voice.state(o, pickup)}))
	}
	return lines
}

func itemsIn(lines []edge.Line) int {
	n := 0
	for _, line := range lines {
		n += line.Quantity - line.Cancelled
	}
	return n
}

// say says one plain sentence.
func (t telling) say(ctx context.Context) error {
	var body sayBody
	if err := t.body(&body); err != nil {
		return err
	}
	voice := t.words.in(body.Language)
	m := t.render(voice, content{
		intent: intentSay, params: map[string]string{"words": body.Words}, lines: []string{voice.say(body.Words)},
	})
	_, err := t.send(ctx, "message", m)
	return err
}

// thanks ends a visit with what it came to, once.
func (t telling) thanks(ctx context.Context) error {
	var body guestBody
	if err := t.body(&body); err != nil {
		return err
	}
	v, err := t.visit(ctx, body.Guest)
	if errors.Is(err, edge.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	bill, err := t.floor.BillOf(v.session, v.orders)
	if err != nil {
		return later(err)
	}
	voice := t.words.in(v.guest.Language)
	items := 0
	for _, line := range bill.Lines {
		items += line.Quantity
	}
	amount := voice.money(edge.Money{Minor: bill.Totals.Gross, Currency: bill.Totals.Currency})
	m := t.render(voice, content{
		intent: "thanks", params: map[string]string{"venue": t.venue.Name, "table": v.session.Table, "total": amount},
		title:  voice.say("thanks_title"),
		lines:  []string{voice.count("thanks_text", items, values{"Table": v.session.Table, "Amount": amount, "Venue": t.venue.Name})},
		silent: true,
	})
	return t.once(ctx, m)
}

// once sends a message unless the lane was already told the same about the subject.
func (t telling) once(ctx context.Context, m channel.Message) error {
	var before toldNote
	err := t.look(ctx, func(view edge.View) error {
		var err error
		before, err = readTold(view, t.delivery.Lane, t.delivery.Subject)
		return err
	})
	now := toldNote{Digest: digestOf(m)}
	if err != nil || before.Digest == now.Digest {
		return err
	}
	ref, err := t.send(ctx, "message", m)
	if err != nil {
		return err
	}
	return t.keep(ctx, ref, now)
}
