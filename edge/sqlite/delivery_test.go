package sqlite

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestAnswersAndCursors(t *testing.T) {
	first := edge.Answer{Scope: "guest:g", Key: "k", Digest: [32]byte{1, 2}, Body: []byte(`{"ok":true}`), At: noon}
	both(t, func(tx edge.Tx) error {
		if err := errors.Join(tx.KeepAnswer(first), tx.SetCursor("outbox", "1"), tx.SetCursor("outbox", "2")); err != nil {
			return err
		}
		other := first
		other.Body = []byte("other")
		if err := tx.KeepAnswer(other); !errors.Is(err, edge.ErrConflict) {
			t.Errorf("second answer to a key: got %v, want a conflict", err)
		}
		return nil
	}, func(t *testing.T, v edge.View) {
		answer, ok, err := v.Answer("guest:g", "k")
		if same(t, "answer", there(t, "answer", answer, err), first); !ok {
			t.Error("answer: not there")
		}
		if _, ok, err := v.Answer("guest:h", "k"); ok || err != nil {
			t.Errorf("answer to another guest: got %v, %v", ok, err)
		}
		cursor, err := v.Cursor("outbox")
		same(t, "cursor", there(t, "cursor", cursor, err), "2")
		cursor, err = v.Cursor("printer")
		same(t, "new cursor", there(t, "cursor", cursor, err), "")
	})
}

// deliver puts a delivery and gives it with its seq.
func deliver(t *testing.T, tx edge.Tx, d edge.Delivery) edge.Delivery {
	t.Helper()
	d.Created, d.Body = noon, []byte(`{"n":1}`)
	seq, err := tx.PutDelivery(d)
	if err != nil || (d.Seq != 0 && d.Seq != seq) {
		t.Fatalf("put delivery %d: got seq %d, %v", d.Seq, seq, err)
	}
	d.Seq = seq
	return d
}

func due(t *testing.T, v edge.View, now time.Time, limit int) []edge.Delivery {
	t.Helper()
	deliveries, err := v.DueDeliveries(now, limit)
	return there(t, "due deliveries", deliveries, err)
}

func TestLanesSendOneDeliveryAtATime(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error {
		if _, ok, err := tx.NextDelivery(); ok || err != nil {
			t.Errorf("next delivery of none: got %v, %v", ok, err)
		}
		a1 := deliver(t, tx, edge.Delivery{Lane: "telegram:1", Subject: "o1", State: edge.DeliveryWaiting})
		a2 := deliver(t, tx, edge.Delivery{Lane: "telegram:1", Subject: "o2", State: edge.DeliveryWaiting})
		b1 := deliver(t, tx, edge.Delivery{Lane: "line:1", Subject: "o3", State: edge.DeliveryWaiting, NextTry: noon.Add(time.Minute)})
		same(t, "due at noon", due(t, tx, noon, 9), []edge.Delivery{a1})
		same(t, "due a minute later", due(t, tx, noon.Add(time.Minute), 9), []edge.Delivery{a1, b1})
		same(t, "one of the due", due(t, tx, noon.Add(time.Minute), 1), []edge.Delivery{a1})
		if next, ok, err := tx.NextDelivery(); !ok || err != nil || !next.IsZero() {
			t.Errorf("next delivery: got %v, %v, %v; want one at once", next, ok, err)
		}
		// Being sent, with its next try in a while: nothing overtakes it.
		a1.State, a1.NextTry, a1.Attempts = edge.DeliverySending, noon.Add(2*time.Minute), 1
		deliver(t, tx, a1)
		same(t, "due beside one being sent", due(t, tx, noon.Add(time.Minute), 9), []edge.Delivery{b1})
		same(t, "due after its time", due(t, tx, noon.Add(2*time.Minute), 9), []edge.Delivery{a1, b1})
		next, ok, err := tx.NextDelivery()
		if !ok || err != nil || !next.Equal(b1.NextTry) {
			t.Errorf("next delivery: got %v, %v, %v; want %v", next, ok, err, b1.NextTry)
		}
		a1.State, a1.Ended = edge.DeliverySent, noon
		deliver(t, tx, a1)
		same(t, "due after it was sent", due(t, tx, noon, 9), []edge.Delivery{a2})
		return nil
	})
}

func TestUnsentDeliveriesAndBacklog(t *testing.T) {
	s := openTest(t, Options{})
	write(t, s, func(tx edge.Tx) error {
		sent := deliver(t, tx, edge.Delivery{Lane: "telegram:1", Subject: "o1", State: edge.DeliverySent})
		_, err := tx.UnsentDelivery("telegram:1", "o1")
		missing(t, "unsent delivery", err)
		waiting := deliver(t, tx, edge.Delivery{Lane: "telegram:1", Subject: "o1", State: edge.DeliveryWaiting})
		deliver(t, tx, edge.Delivery{Lane: "telegram:1", Subject: "o1", State: edge.DeliverySending})
		got, err := tx.UnsentDelivery("telegram:1", "o1")
		same(t, "unsent delivery", there(t, "unsent delivery", got, err), waiting)
		for prefix, want := range map[string]edge.Backlog{
			"telegram:": {Waiting: 2, Oldest: noon}, "line:": {}, "": {Waiting: 2, Oldest: noon},
		} {
			backlog, err := tx.DeliveryBacklog(prefix)
			same(t, "backlog of "+prefix, there(t, "backlog", backlog, err), want)
		}
		sent.Seq = 99
		if _, err := tx.PutDelivery(sent); !errors.Is(err, edge.ErrNotFound) {
			t.Errorf("change a delivery that is not there: got %v, want not found", err)
		}
		return nil
	})
}

func TestCardsAndUpdates(t *testing.T) {
	update := func(id string) edge.Update {
		return edge.Update{Source: "telegram:bot", ID: id, Raw: []byte{0, 1, 0xff}, Received: noon}
	}
	second := update("1") // ids do not tell the order
	second.Expires = noon.Add(time.Hour)
	both(t, func(tx edge.Tx) error {
		for _, c := range []struct {
			update edge.Update
			want   bool
		}{{update("7"), true}, {second, true}, {update("7"), false}, {update("8"), true}} {
			if added, err := tx.AddUpdate(c.update); err != nil || added != c.want {
				t.Errorf("add update %s: got %v, %v; want %v", c.update.ID, added, err, c.want)
			}
		}
		missing(t, "end of an update that never came", tx.EndUpdate("telegram:bot", "9", "done"))
		if err := tx.EndUpdate("telegram:bot", "8", ""); !errors.Is(err, edge.ErrInvalid) {
			t.Errorf("end without outcome: got %v, want invalid", err)
		}
		return errors.Join(
			tx.EndUpdate("telegram:bot", "8", "done"),
			tx.PutCard(edge.Card{Lane: "l", Subject: "o", Ref: "1"}), tx.PutCard(edge.Card{Lane: "l", Subject: "o", Ref: "2"}),
		)
	}, func(t *testing.T, v edge.View) {
		pending, err := v.PendingUpdates(10)
		same(t, "pending", there(t, "pending", pending, err), []edge.Update{update("7"), second})
		pending, err = v.PendingUpdates(1)
		same(t, "first pending", there(t, "pending", pending, err), []edge.Update{update("7")})
		card, err := v.Card("l", "o")
		same(t, "card", there(t, "card", card, err), edge.Card{Lane: "l", Subject: "o", Ref: "2"})
		_, err = v.Card("l", "p")
		missing(t, "card", err)
	})
}

func TestPruneForgetsOnlyWhatIsOldAndOver(t *testing.T) {
	now := noon.Add(-2 * time.Hour)
	s := openTest(t, Options{Now: func() time.Time { return now }})
	put := func(name string, at time.Time) {
		now = at
		write(t, s, func(tx edge.Tx) error {
			for _, state := range []edge.DeliveryState{edge.DeliverySent, edge.DeliveryWaiting} {
				d := edge.Delivery{Lane: name, Subject: edge.ID(state), State: state, Created: at}
				if state.Over() {
					d.Ended = at
				}
				if _, err := tx.PutDelivery(d); err != nil {
					return err
				}
			}
			_, err := tx.AddUpdate(edge.Update{Source: name, ID: "pending", Received: at})
			_, err2 := tx.AddUpdate(edge.Update{Source: name, ID: "ended", Received: at, Outcome: "done"})
			return errors.Join(err, err2, tx.KeepAnswer(edge.Answer{Scope: name, Key: "k", At: at}),
				tx.PutCard(edge.Card{Lane: name, Subject: "o"}))
		})
	}
	put("old", noon.Add(-2*time.Hour))
	put("new", noon)
	limit := noon.Add(-time.Hour)
	write(t, s, func(tx edge.Tx) error { return tx.Prune(limit, limit, limit) })
	left := func(table, column string) []string {
		rows := []string{}
		err := s.reader.use(t.Context(), func(l *link) error {
			found, err := l.conn.QueryContext(t.Context(), "SELECT "+column+" FROM "+table+" ORDER BY 1")
			if err != nil {
				return err
			}
			defer found.Close()
			for found.Next() {
				var row string
				if err := found.Scan(&row); err != nil {
					return err
				}
				rows = append(rows, row)
			}
			return found.Err()
		})
		return there(t, table, rows, err)
	}
	for _, c := range []struct {
		table, column string
		want          []string
	}{
		{"answer", "scope", []string{"new"}},
		{"platform_update", "source || ' ' || id", []string{"new ended", "new pending", "old pending"}},
		{"delivery", "lane || ' ' || subject", []string{"new sent", "new waiting", "old waiting"}},
		{"card", "lane", []string{"new"}},
	} {
		if diff := cmp.Diff(c.want, left(c.table, c.column)); diff != "" {
			t.Errorf("%s after pruning (-want +got):\n%s", c.table, diff)
		}
	}
}
