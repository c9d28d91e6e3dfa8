package sqlite

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// Ticket implements [edge.View].
func (v *view) Ticket(id edge.ID) (edge.Ticket, error) {
	body, err := v.q.Ticket(background(), string(id))
	return one[edge.Ticket](v, body, err, "ticket", id)
}

// TicketsOf implements [edge.View]: in the order they were made.
func (v *view) TicketsOf(order edge.ID) ([]edge.Ticket, error) {
	bodies, err := v.q.TicketsOf(background(), string(order))
	return many[edge.Ticket](v, bodies, err, "tickets")
}

// OpenTickets implements [edge.View].
func (v *view) OpenTickets() ([]edge.Ticket, error) {
	bodies, err := v.q.OpenTickets(background())
	return many[edge.Ticket](v, bodies, err, "open tickets")
}

// DoneTickets implements [edge.View].
func (v *view) DoneTickets(since time.Time, limit int) ([]edge.Ticket, error) {
	bodies, err := v.q.DoneTickets(background(), query.DoneTicketsParams{
		Since: new(since.UnixMilli()), Most: int64(limit),
	})
	return many[edge.Ticket](v, bodies, err, "done tickets")
}

// PutTicket implements [edge.Tx].
func (t *tx) PutTicket(ticket edge.Ticket) error {
	var done *int64
	if ticket.State == edge.TicketStateDone {
		done = new(ticket.Done.UnixMilli())
	}
	return t.put("ticket", ticket.ID, ticket, func(body string) error {
		if err := t.measure(&ticket); err != nil {
			return err
		}
		return t.q.PutTicket(background(), query.PutTicketParams{
			ID: string(ticket.ID), OrderID: string(ticket.Order), Open: bit(ticket.State.Open()),
			Created: ticket.Created.UnixMilli(), Done: done, Body: body,
		})
	})
}
