package sqlite

import (
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// guest makes a guest of a row; the key's hash is not in the body.
func (v *view) guest(row query.GuestRow, err error, what string, which any) (edge.Guest, error) {
	guest, err := one[edge.Guest](v, row.Body, err, what, which)
	guest.KeyHash = row.KeyHash
	return guest, err
}

// Guest implements [edge.View].
func (v *view) Guest(id edge.ID) (edge.Guest, error) {
	row, err := v.q.Guest(background(), string(id))
	return v.guest(row, err, "guest", id)
}

// GuestByKey implements [edge.View]: a phone that has been to several sessions is the guest who joined last.
func (v *view) GuestByKey(keyHash string) (edge.Guest, error) {
	row, err := v.q.GuestByKey(background(), keyHash)
	return v.guest(query.GuestRow(row), err, "guest", "with the key")
}

// GuestByAddress implements [edge.View].
func (v *view) GuestByAddress(session edge.ID, channel, address string) (edge.Guest, error) {
	row, err := v.q.GuestByAddress(background(), query.GuestByAddressParams{
		Session: string(session), Channel: channel, Address: address,
	})
	return v.guest(query.GuestRow(row), err, "guest with the address in session", session)
}

// Guests implements [edge.View]: by number.
func (v *view) Guests(session edge.ID) ([]edge.Guest, error) {
	rows, err := v.q.GuestsOf(background(), string(session))
	if err != nil {
		return nil, v.failed(err, "guests of session", session)
	}
	guests := make([]edge.Guest, len(rows))
	for i, row := range rows {
		if guests[i], err = v.guest(query.GuestRow(row), nil, "guest of session", session); err != nil {
			return nil, err
		}
	}
	return guests, nil
}

// PutGuest implements [edge.Tx]. The session must be there.
func (t *tx) PutGuest(guest edge.Guest) error {
	err := t.put("guest", guest.ID, guest, func(body string) error {
		return t.q.PutGuest(background(), query.PutGuestParams{
			ID: string(guest.ID), Session: string(guest.Session), Number: int64(guest.Number), KeyHash: guest.KeyHash,
			Channel: guest.Channel, Address: guest.Address, Joined: guest.Joined.UnixMilli(), Body: body,
		})
	})
	if err == nil {
		t.batch.put.guests[guest.ID] = guest
	}
	return err
}
