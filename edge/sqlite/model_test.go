package sqlite

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// model is the restaurant as plain maps: what a store must look like.
type model struct {
	orders     map[edge.ID]edge.Order
	stock      map[string]edge.Stock
	paces      map[string]edge.Pace
	cursors    map[string]string
	answers    map[string]edge.Answer
	numbers    map[edge.BusinessDay]int
	deliveries map[int64]edge.Delivery
	lastSent   int64 // seq of the last delivery ever made
	events     []edge.ID
}

func (m *model) clone() *model {
	c := *m
	c.orders, c.stock, c.cursors = maps.Clone(m.orders), maps.Clone(m.stock), maps.Clone(m.cursors)
	c.paces = maps.Clone(m.paces)
	c.answers, c.numbers, c.deliveries = maps.Clone(m.answers), maps.Clone(m.numbers), maps.Clone(m.deliveries)
	c.events = slices.Clone(m.events)
	return &c
}

func newModel() *model {
	return &model{
		orders: map[edge.ID]edge.Order{}, stock: map[string]edge.Stock{}, cursors: map[string]string{},
		answers: map[string]edge.Answer{}, numbers: map[edge.BusinessDay]int{}, deliveries: map[int64]edge.Delivery{},
		paces: map[string]edge.Pace{},
	}
}

// operation changes the store and the model alike.
type operation func(edge.Tx, *model) error

var (
	names  = rapid.SampledFrom([]string{"a", "b", "c", "d"})
	states = rapid.SampledFrom([]edge.OrderState{edge.OrderStateReceived, edge.OrderStateReady, edge.OrderStateCompleted})
	sends  = rapid.SampledFrom([]edge.DeliveryState{edge.DeliveryWaiting, edge.DeliverySending, edge.DeliverySent})
	minute = rapid.Custom(func(t *rapid.T) time.Time {
		return noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "minute")) * time.Minute)
	})
)

func drawOperation(t *rapid.T) operation {
	name := names.Draw(t, "name")
	when := minute.Draw(t, "when")
	switch rapid.IntRange(0, 8).Draw(t, "operation") {
	case 0:
		order := edge.Order{ID: edge.ID(name), Session: "s", Guest: "g", State: states.Draw(t, "state"), Placed: when}
		return func(tx edge.Tx, m *model) error { m.orders[order.ID] = order; return tx.PutOrder(order) }
	case 1:
		stock := edge.Stock{Key: name, SoldOut: rapid.Bool().Draw(t, "sold out"), Until: when}
		return func(tx edge.Tx, m *model) error { m.stock[name] = stock; return tx.PutStock(stock) }
	case 2:
		value := rapid.String().Draw(t, "value")
		return func(tx edge.Tx, m *model) error { m.cursors[name] = value; return tx.SetCursor(name, value) }
	case 3:
		answer := edge.Answer{Scope: "g", Key: name, Body: rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "body"), At: when}
		return keepOnce(answer)
	case 4:
		return func(tx edge.Tx, m *model) error {
			day := edge.BusinessDay(name)
			m.numbers[day]++
			number, err := tx.NextNumber(day)
			if number != m.numbers[day] {
				return fmt.Errorf("number of %s: got %d, want %d", day, number, m.numbers[day])
			}
			return err
		}
	case 5:
		d := edge.Delivery{Lane: name, Subject: "o", State: sends.Draw(t, "state"), Created: noon, NextTry: when, Body: []byte("{}")}
		return func(tx edge.Tx, m *model) error { return putDelivery(tx, m, d) }
	case 6:
		state := sends.Draw(t, "state")
		return func(tx edge.Tx, m *model) error { return changeDelivery(tx, m, name, state) }
	case 7:
		pace := edge.Pace{Channel: name, State: edge.PaceSlow, Delay: rapid.IntRange(60, 7200).Draw(t, "delay"), Until: when}
		return func(tx edge.Tx, m *model) error { m.paces[name] = pace; return tx.PutPace(pace) }
	default:
		return func(tx edge.Tx, m *model) error {
			m.events = append(m.events, edge.ID(name))
			return happened(tx, name)
		}
	}
}

// keepOnce keeps an answer; when there is one already, the store must say so and go on.
func keepOnce(answer edge.Answer) operation {
	return func(tx edge.Tx, m *model) error {
		err := tx.KeepAnswer(answer)
		if _, ok := m.answers[answer.Key]; ok {
			if !errors.Is(err, edge.ErrConflict) {
				return fmt.Errorf("second answer: got %w, want a conflict", err)
			}
			return nil
		}
		m.answers[answer.Key] = answer
		return err
	}
}

func putDelivery(tx edge.Tx, m *model, d edge.Delivery) error {
	seq, err := tx.PutDelivery(d)
	m.lastSent++
	if seq != m.lastSent {
		return fmt.Errorf("seq of a delivery: got %d, want %d (%w)", seq, m.lastSent, err)
	}
	d.Seq = seq
	m.deliveries[seq] = d
	return err
}

// changeDelivery moves the first delivery of a lane on.
func changeDelivery(tx edge.Tx, m *model, lane string, state edge.DeliveryState) error {
	for _, seq := range slices.Sorted(maps.Keys(m.deliveries)) {
		if d := m.deliveries[seq]; d.Lane == lane && !d.State.Over() {
			d.State = state
			m.deliveries[seq] = d
			_, err := tx.PutDelivery(d)
			return err
		}
	}
	return nil
}

// compare says how the store differs from the model, "" when it does not.
func (m *model) compare(v edge.View) (string, error) {
	type all struct {
		Orders  []edge.Order
		Open    int
		Stock   []edge.Stock
		Paces   []edge.Pace
		Cursors map[string]string
		Answers map[string]edge.Answer
		Due     []edge.Delivery
		Waiting int
		Events  []edge.ID
	}
	want := all{Cursors: m.cursors, Answers: m.answers, Events: m.events}
	for _, o := range m.orders {
		if !o.State.Over() {
			want.Orders = append(want.Orders, o)
		}
	}
	slices.SortFunc(want.Orders, func(a, b edge.Order) int {
		return cmp.Or(a.Placed.Compare(b.Placed), cmp.Compare(a.ID, b.ID))
	})
	want.Open = len(want.Orders)
	for _, key := range slices.Sorted(maps.Keys(m.stock)) {
		want.Stock = append(want.Stock, m.stock[key])
	}
	for _, channel := range slices.Sorted(maps.Keys(m.paces)) {
		want.Paces = append(want.Paces, m.paces[channel])
	}
	heads := map[string]bool{}
	for _, seq := range slices.Sorted(maps.Keys(m.deliveries)) {
		d := m.deliveries[seq]
		if d.State.Over() {
			continue
		}
		want.Waiting++
		if !heads[d.Lane] && !d.NextTry.After(noon.Add(2*time.Minute)) {
			want.Due = append(want.Due, d)
		}
		heads[d.Lane] = true
	}
	got := all{Cursors: map[string]string{}, Answers: map[string]edge.Answer{}}
	var errs [8]error
	got.Orders, errs[0] = v.OpenOrders()
	got.Open, errs[1] = v.OpenOrdersOf("g")
	got.Stock, errs[2] = v.AllStock()
	got.Due, errs[3] = v.DueDeliveries(noon.Add(2*time.Minute), 99)
	backlog, err := v.DeliveryBacklog("")
	got.Waiting, errs[4] = backlog.Waiting, err
	for name := range m.cursors {
		got.Cursors[name], errs[5] = v.Cursor(name)
	}
	for key := range m.answers {
		got.Answers[key], _, errs[6] = v.Answer("g", key)
	}
	got.Paces, errs[7] = v.Paces()
	events, err := v.Events(0, 1<<20)
	for _, e := range events {
		got.Events = append(got.Events, e.Subject)
	}
	return gocmp.Diff(want, got, gocmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) }),
		emptyIsNil[edge.Order](), emptyIsNil[edge.Stock](), emptyIsNil[edge.Delivery](), emptyIsNil[edge.Pace]()), errors.Join(append(errs[:], err)...)
}

// emptyIsNil makes lists without elements the same.
func emptyIsNil[T any]() gocmp.Option {
	return gocmp.FilterValues(func(a, b []T) bool { return len(a) == 0 && len(b) == 0 }, gocmp.Comparer(func(_, _ []T) bool { return true }))
}

var errRefused = errors.New("refused")

// TestModel runs groups of changes that share commits, some of which fail in the middle, and compares the store
// with the model inside every change, after every group, and after opening the file again.
func TestModel(t *testing.T) {
	folder, round := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		path := filepath.Join(folder, fmt.Sprint(round))
		s, err := Open(background(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		err = s.Write(background(), func(tx edge.Tx) error {
			return errors.Join(tx.PutTable(table("t", 0)), tx.PutSession(edge.Session{ID: "s", TableID: "t"}))
		})
		if err != nil {
			t.Fatal(err)
		}
		m := newModel()
		for range rapid.IntRange(1, 5).Draw(t, "groups") {
			m = runGroup(t, s, m)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(background(), path, Options{}); err != nil {
			t.Fatal(err)
		}
		m.check(t, s)
	})
}

// runGroup runs changes that share a commit, on the store and on the model, and gives the model after it.
func runGroup(t *rapid.T, s *Store, m *model) *model {
	var changes []func(edge.Tx) error
	var fails []bool
	before := m
	for i := range rapid.IntRange(1, 5).Draw(t, "changes") {
		operations := rapid.SliceOfN(rapid.Custom(drawOperation), 0, 6).Draw(t, "operations")
		fail := rapid.IntRange(0, 2).Draw(t, "fails") == 0
		panics := rapid.Bool().Draw(t, "panics")
		fails = append(fails, fail)
		changes = append(changes, func(tx edge.Tx) error {
			if i == 0 {
				m = before // the group runs again from its first change when one of it fails after it wrote
			}
			next := m.clone()
			for _, operation := range operations {
				if err := operation(tx, next); err != nil {
					return err
				}
			}
			diff, err := next.compare(tx)
			switch {
			case err != nil || diff != "":
				return fmt.Errorf("inside a change: %w\n%s", err, diff)
			case fail && panics:
				panic(errRefused)
			case fail:
				return errRefused
			}
			m = next
			return nil
		})
	}
	for i, err := range held(s, changes...) {
		if (err != nil) != fails[i] || (fails[i] && !errors.Is(err, errRefused) && err.Error() != "change panicked: refused") {
			t.Fatalf("change %d: got %v, want failure: %v", i, err, fails[i])
		}
	}
	m.check(t, s)
	return m
}

func (m *model) check(t *rapid.T, s *Store) {
	err := s.Read(background(), func(v edge.View) error {
		diff, err := m.compare(v)
		if diff != "" {
			t.Fatalf("store (-want +got):\n%s", diff)
		}
		return err
	})
	report, err2 := s.Verify(background())
	if err := errors.Join(err, err2); err != nil || report.Broken != 0 || report.Events != int64(len(m.events)) {
		t.Fatalf("verify: got %+v, %v; want %d good events", report, err, len(m.events))
	}
}
