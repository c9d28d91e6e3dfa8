package api

import (
	"cmp"
	"context"

	"github.com/comanda-pos/comanda/edge"
)

// viewOf is what a guest's page shows now.
func (h *Handler) viewOf(ctx context.Context, guest edge.Guest) (GuestView, error) {
	view, _, err := h.viewAt(ctx, guest.ID)
	return view, err
}

// viewAt is what a guest's page shows, and the newest record it contains.
func (h *Handler) viewAt(ctx context.Context, id edge.ID) (GuestView, int64, error) {
	var (
		seen seen
		seq  int64
	)
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		if seq, err = v.Seq(); err != nil {
			return err
		}
		seen, err = look(v, id)
		return err
	})
	if err != nil {
		return GuestView{}, 0, err
	}
	view, err := h.paint(seen)
	return view, seq, err
}

// seen is what a view is made of, of one consistent state.
type seen struct {
	guest   edge.Guest
	guests  map[edge.ID]int // number by id
	session edge.Session
	table   edge.Table
	token   edge.Token
	orders  []edge.Order
	tickets map[edge.ID][]edge.Ticket // of orders with held courses
}

func look(v edge.View, id edge.ID) (seen, error) {
	var (
		s   seen
		err error
	)
	if s.guest, err = v.Guest(id); err != nil {
		return seen{}, err
	}
	if s.session, err = v.Session(s.guest.Session); err != nil {
		return seen{}, err
	}
	if s.table, err = v.Table(s.session.TableID); err != nil {
		return seen{}, err
	}
	if s.token, err = tokenOf(v, s.table.ID); err != nil {
		return seen{}, err
	}
	guests, err := v.Guests(s.session.ID)
	if err != nil {
		return seen{}, err
	}
	s.guests = make(map[edge.ID]int, len(guests))
	for _, g := range guests {
		s.guests[g.ID] = g.Number
	}
	if s.orders, err = v.OrdersOf(s.session.ID); err != nil {
		return seen{}, err
	}
	s.tickets, err = heldTickets(v, s.orders)
	return s, err
}

// heldTickets are the tickets of orders with courses that have not been fired.
func heldTickets(v edge.View, orders []edge.Order) (map[edge.ID][]edge.Ticket, error) {
	tickets := map[edge.ID][]edge.Ticket{}
	for i := range orders {
		if len(orders[i].Held) == 0 {
			continue
		}
		of, err := v.TicketsOf(orders[i].ID)
		if err != nil {
			return nil, err
		}
		tickets[orders[i].ID] = of
	}
	return tickets, nil
}

// paint puts what was seen into the guest's words.
func (h *Handler) paint(s seen) (GuestView, error) {
	bill, err := h.cfg.Floor.BillOf(s.session, s.orders)
	if err != nil {
		return GuestView{}, err
	}
	view := GuestView{
		Now:   h.now(),
		Venue: GuestVenue{Name: h.venue.Name, Currency: h.venue.Currency, Languages: h.venue.Languages},
		Table: TableName{ID: s.table.ID, Name: s.table.Name, Kind: s.table.Kind},
		Session: GuestSession{
			ID: s.session.ID, State: s.session.State, Opened: s.session.Opened, Rounds: s.session.Rounds,
			Locked: s.session.Locked, Help: []edge.HelpKind{},
		},
		Guest: GuestSelf{
			ID: s.guest.ID, Number: s.guest.Number, Language: s.guest.Language, Presence: s.guest.Presence,
			Fresh: h.cfg.Floor.PresenceCounts(s.guest), Channel: s.guest.Channel,
		},
		Permission: h.cfg.Floor.Permission(s.guest), Orders: []GuestOrder{}, Links: []Link{},
		Bill: GuestBill{Totals: bill.Totals, Paid: bill.Paid, Due: bill.Due},
	}
	for _, help := range s.session.Help {
		view.Session.Help = append(view.Session.Help, help.What)
	}
	if menu := h.cfg.Hub.Menu(); menu != nil {
		view.MenuVersion = menu.Version
	}
	if h.cfg.Links != nil && s.token.Token != "" && !s.session.State.Over() {
		view.Links = append(view.Links, h.cfg.Links(h.handOver(&s))...)
	}
	channel := cmp.Or(s.guest.Channel, edge.WebChannel)
	view.Pace = edge.Effective(h.cfg.Hub.Paces(), channel, view.Now)
	for i := range s.orders {
		view.Orders = append(view.Orders, h.guestOrder(s, &s.orders[i]))
	}
	return view, nil
}

// handOver is the word with which the guest goes on in a messenger. Whoever proved to be here lately takes that along.
func (h *Handler) handOver(s *seen) string {
	here := s.guest.Presence == edge.PresenceRecent || s.guest.Presence == edge.PresenceProven
	if !here || !h.cfg.Floor.PresenceCounts(s.guest) {
		return s.token.Token
	}
	return h.cfg.Codes.Pass(s.token.Token, s.guest.PresenceAt)
}

// guestOrder leaves out what one guest wrote when another one looks: notes may name an illness.
func (h *Handler) guestOrder(s seen, o *edge.Order) GuestOrder {
	mine := o.Guest == s.guest.ID
	out := GuestOrder{
		ID: o.ID, Number: o.Number, Round: o.Round, Mine: mine, GuestNumber: s.guests[o.Guest], State: o.State,
		Lines: []GuestLine{}, Totals: o.Totals, Placed: o.Placed, Accepted: o.Accepted, Started: o.Started,
		Ready: o.Ready, Ended: o.Ended, Reason: o.Reason, Held: o.Held,
		MayCall: h.venue.Coursing.MayCall(o, s.tickets[o.ID]),
	}
	cooking := o.State == edge.OrderStateAccepted || o.State == edge.OrderStatePreparing
	if cooking && !o.Between(s.tickets[o.ID]) {
		out.Expected, out.Delayed = o.Expected, o.Delayed
	}
	if mine {
		out.Note = o.Note
	}
	languages := append([]string{s.guest.Language}, h.venue.Languages...)
	for i := range o.Lines {
		out.Lines = append(out.Lines, guestLine(&o.Lines[i], languages, mine))
	}
	return out
}

func guestLine(l *edge.Line, languages []string, mine bool) GuestLine {
	out := GuestLine{
		Item: l.Item, Name: l.Name.In(languages...), VariantName: l.VariantName.In(languages...),
		Quantity: l.Quantity, Cancelled: l.Cancelled, Unit: l.Unit, Gross: l.Gross,
	}
	if mine {
		out.Note = l.Note
	}
	for _, m := range l.Modifiers {
		out.Modifiers = append(out.Modifiers, GuestModifier{
			Name: m.Name.In(languages...), Quantity: m.Quantity, Price: m.Price, Removal: m.Removal,
		})
	}
	return out
}
