package sqlite

import (
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// TicketTimes implements [edge.View].
func (v *view) TicketTimes(day edge.BusinessDay) ([]edge.TicketTime, error) {
	rows, err := v.q.TicketTimes(background(), string(day))
	if err != nil {
		return nil, v.failed(err, "ticket times of", day)
	}
	times := make([]edge.TicketTime, len(rows))
	for i, r := range rows {
		times[i] = edge.TicketTime{
			Station: r.Station, Dining: edge.DiningOption(r.Dining), Expected: time.Duration(r.Expected) * time.Second,
			Since: instant(r.Since), Seen: maybe(r.Seen), Started: maybe(r.Started), Done: maybe(r.Done),
		}
	}
	return times, nil
}

// FindTickets implements [edge.View]. Case does not matter.
func (v *view) FindTickets(day edge.BusinessDay, text string, limit int) ([]edge.Ticket, error) {
	bodies, err := v.q.FindTickets(background(), query.FindTicketsParams{
		Day: string(day), Text: strings.ToLower(text), Most: int64(limit),
	})
	return many[edge.Ticket](v, bodies, err, "found tickets")
}

// measure keeps the times of a ticket that left the kitchen, and forgets those of one that came back.
func (t *tx) measure(ticket *edge.Ticket) error {
	if ticket.Kind != edge.TicketFood {
		return nil
	}
	switch ticket.State {
	case edge.TicketStateDone, edge.TicketStateServed:
		return t.q.PutTicketTime(background(), query.PutTicketTimeParams{
			Day: string(ticket.Day), Ticket: string(ticket.ID), Station: ticket.Station, Dining: string(ticket.Dining),
			Expected: int64(ticket.Expected), Since: ticket.Since().UnixMilli(), Seen: optional(ticket.Seen),
			Started: optional(ticket.Started), Done: bumped(ticket), Words: wordsOf(ticket),
		})
	case edge.TicketStateNew, edge.TicketStateStarted, edge.TicketStateVoided:
		if ticket.Recalled > 0 {
			return t.q.ForgetTicketTime(background(), query.ForgetTicketTimeParams{Day: string(ticket.Day), Ticket: string(ticket.ID)})
		}
	case edge.TicketStateHeld:
	default:
	}
	return nil
}

// bumped is when the kitchen said that the ticket is done; a ticket that was served without says nothing about that.
func bumped(ticket *edge.Ticket) *int64 {
	if !ticket.Bumped() {
		return nil
	}
	return optional(ticket.Done)
}

// wordsOf is what a ticket is looked for by.
func wordsOf(ticket *edge.Ticket) string {
	words := []string{ticket.Number, ticket.Table}
	for _, item := range ticket.Items {
		words = append(words, item.Name, item.Variant)
	}
	return strings.ToLower(strings.Join(words, "\n"))
}

// maybe is the instant of a column that can be NULL.
func maybe(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return instant(*ms)
}
