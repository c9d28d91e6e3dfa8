package sqlite

import (
	"maps"

	"github.com/comanda-pos/comanda/edge"
)

// shelf keeps what nearly every order reads — its guest, its session, the stock — at hand for the writer, so that an
// order costs no queries for them. Only the writer changes the file, so what it has put is what is there.
type shelf struct {
	guests   map[edge.ID]edge.Guest
	sessions map[edge.ID]edge.Session
	// stock is all of it once loaded, nil before.
	stock map[string]edge.Stock
	// paces are all of them if paced; what a batch has put is read from the file until it is committed.
	paces []edge.Pace
	paced bool
}

// shelved bounds the guests and sessions at hand: more than a full house.
const shelved = 2000

func newShelf() *shelf {
	return &shelf{guests: map[edge.ID]edge.Guest{}, sessions: map[edge.ID]edge.Session{}}
}

// clear forgets everything: what is in the file is not what was put.
func (s *shelf) clear() { *s = *newShelf() }

// take lays what a batch put and committed on the shelf.
func (s *shelf) take(from *shelf) {
	if len(s.guests)+len(from.guests) > shelved {
		clear(s.guests)
	}
	if len(s.sessions)+len(from.sessions) > shelved {
		clear(s.sessions)
	}
	maps.Copy(s.guests, from.guests)
	maps.Copy(s.sessions, from.sessions)
	if s.stock != nil {
		maps.Copy(s.stock, from.stock)
	}
	if from.paced {
		s.paces, s.paced = nil, false
	}
}

// Guest implements [edge.View].
func (t *tx) Guest(id edge.ID) (edge.Guest, error) {
	return shelvedOr(t, id, func(s *shelf) map[edge.ID]edge.Guest { return s.guests }, t.view.Guest)
}

// Session implements [edge.View].
func (t *tx) Session(id edge.ID) (edge.Session, error) {
	return shelvedOr(t, id, func(s *shelf) map[edge.ID]edge.Session { return s.sessions }, t.view.Session)
}

// shelvedOr gives what this batch put, else what is on the shelf, else what the file has.
func shelvedOr[T any](t *tx, id edge.ID, of func(*shelf) map[edge.ID]T, read func(edge.ID) (T, error)) (T, error) {
	if !t.batch.shelving {
		return read(id)
	}
	if thing, ok := of(t.batch.put)[id]; ok {
		return thing, nil
	}
	if thing, ok := of(t.batch.shelf)[id]; ok {
		return thing, nil
	}
	thing, err := read(id)
	if err == nil {
		of(t.batch.shelf)[id] = thing
	}
	return thing, err
}

// Stock implements [edge.View].
func (t *tx) Stock(key string) (edge.Stock, bool, error) {
	if !t.batch.shelving {
		return t.view.Stock(key)
	}
	if stock, ok := t.batch.put.stock[key]; ok {
		return stock, true, nil
	}
	if t.batch.shelf.stock == nil {
		all, err := t.AllStock()
		if err != nil {
			return edge.Stock{}, false, err
		}
		t.batch.shelf.stock = make(map[string]edge.Stock, len(all))
		for _, stock := range all {
			t.batch.shelf.stock[stock.Key] = stock
		}
	}
	stock, ok := t.batch.shelf.stock[key]
	return stock, ok, nil
}
