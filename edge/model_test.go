package edge_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// TestServiceKeepsItsPromises drives a whole service at random — orders, repeats, presses on several screens,
// courses, remakes, cancellations, payments, time that passes — and checks after every step what must always hold: no
// order is lost or cooked twice, nothing that is held is forgotten, counts add up, an order's state says the truth about
// its tickets, money is exact.
func TestServiceKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "comanda-model-*")
		if err != nil {
			t.Fatalf("temp folder: %v", err)
		}
		defer os.RemoveAll(folder)
		coursing := rapid.Custom(drawCoursing).Draw(t, "coursing")
		h := openHouse(t, filepath.Join(folder, "house.db"), func(v *edge.Venue) {
			v.Coursing, v.UnseenAfter = coursing, time.Minute
		})
		defer h.store.Close()
		h.publishDinner(t)
		h.foresee()
		s := &service{house: h, keys: map[string]edge.Receipt{}}
		for i, token := range []string{printedWord, recentCode} {
			s.guests = append(s.guests, h.seat(t, token, strconv.Itoa(i)).Guest.ID)
		}
		t.Repeat(map[string]func(*rapid.T){
			"place": s.place, "repeat": s.repeat, "accept": s.accept, "press": s.press, "cancel": s.cancel, "serve": s.serve,
			"pay": s.pay, "course": s.course, "undo": s.undo, "remake": s.remakeSome, "pace": s.pace, "time": s.time, "call": s.call,
			"": s.check,
		})
		s.outlast(t)
	})
}

func drawCoursing(t *rapid.T) edge.Coursing {
	return edge.Coursing{
		Hold: rapid.Bool().Draw(t, "hold"), Together: rapid.Bool().Draw(t, "together"), Guests: rapid.Bool().Draw(t, "guests"),
		Next: rapid.SampledFrom([]edge.NextCourse{
			edge.NextByHand, edge.NextWhenFired, edge.NextWhenDone, edge.NextWhenServed,
		}).Draw(t, "next"),
		Delay: rapid.SampledFrom([]time.Duration{0, 10 * time.Second, 5 * time.Minute}).Draw(t, "delay"),
	}
}

type service struct {
	*house
	guests []edge.ID
	keys   map[string]edge.Receipt
	sent   []edge.PlaceRequest
	orders []edge.ID
	paused bool
}

func (s *service) place(t *rapid.T) {
	lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edge.LineRequest {
		line := rapid.SampledFrom([]edge.LineRequest{
			burger, beer,
			{Item: "platter"},
			{Item: "fries"},
			{Item: "soup"},
			{Item: "olives"},
			{Item: "steak"},
			{Item: "salad"},
			{Item: "cake"},
			{Item: "steak", Modifiers: []edge.ModifierRequest{{ID: "chips"}}},
		}).Draw(t, "line")
		line.Quantity = rapid.IntRange(1, 4).Draw(t, "quantity")
		return line
	}), 1, 4).Draw(t, "lines")
	req := s.request(rapid.SampledFrom(s.guests).Draw(t, "guest"), "key-"+strconv.Itoa(len(s.sent)), lines...)
	req.Dining = rapid.SampledFrom([]edge.DiningOption{edge.EatIn, edge.EatIn, edge.TakeAway}).Draw(t, "dining")
	receipt, err := s.floor.Place(ctx, req)
	if code := edge.CodeOf(err); code == "too_many_orders" || code == "ordering_paused" && s.paused {
		return
	}
	if s.paused {
		t.Fatalf("an order of a paused channel: got %+v, %v", receipt, err)
	}
	if err != nil {
		t.Fatalf("Place: %v", err)
	}
	s.keys[req.Key] = receipt
	s.sent, s.orders = append(s.sent, req), append(s.orders, receipt.Order)
}

func (s *service) repeat(t *rapid.T) {
	if len(s.sent) == 0 {
		t.Skip("nothing was sent")
	}
	req := rapid.SampledFrom(s.sent).Draw(t, "request")
	again, err := s.floor.Place(ctx, req)
	if err != nil || !again.Repeated || again.Order != s.keys[req.Key].Order {
		t.Fatalf("repeat of %s: got %+v, %v; want order %s", req.Key, again, err, s.keys[req.Key].Order)
	}
}

func (s *service) some(t *rapid.T) edge.ID {
	if len(s.orders) == 0 {
		t.Skip("no orders")
	}
	return rapid.SampledFrom(s.orders).Draw(t, "order")
}

// allow fails on anything but success or a named conflict.
func allow(t *rapid.T, err error) {
	if err != nil && edge.CodeOf(err) == "" {
		t.Fatalf("got %v, want success or a named refusal", err)
	}
}

func (s *service) accept(t *rapid.T) { allow(t, s.floor.Accept(ctx, "staff", s.some(t))) }
func (s *service) serve(t *rapid.T)  { allow(t, s.floor.Serve(ctx, "staff", s.some(t))) }

func (s *service) press(t *rapid.T) {
	_, tickets := s.order(t, s.some(t))
	if len(tickets) == 0 {
		t.Skip("no tickets")
	}
	ticket := rapid.SampledFrom(tickets).Draw(t, "ticket")
	press := s.house.press(ticket.ID)
	press.Undo = rapid.Bool().Draw(t, "undo")
	if rapid.Bool().Draw(t, "one item") {
		press.Item = new(rapid.IntRange(0, len(ticket.Items)-1).Draw(t, "item"))
		press.Count = new(rapid.IntRange(0, 4).Draw(t, "count"))
	}
	verb := rapid.SampledFrom([]func(edge.Press) (int64, error){
		func(p edge.Press) (int64, error) { return s.kitchen.Bump(ctx, p) },
		func(p edge.Press) (int64, error) { return s.kitchen.Start(ctx, p) },
		func(p edge.Press) (int64, error) { return s.kitchen.Recall(ctx, p) },
	}).Draw(t, "verb")
	first, err := verb(press)
	allow(t, err)
	if again, err := verb(press); err == nil && again != first {
		t.Fatalf("the same press again: got seq %d, want %d", again, first)
	}
}

func (s *service) cancel(t *rapid.T) {
	order, _ := s.order(t, s.some(t))
	req := edge.CancelRequest{Key: "cancel-" + strconv.Itoa(s.ids), Order: order.ID, Reason: "test"}
	s.ids++
	if rapid.Bool().Draw(t, "one line") {
		req.Line = new(rapid.IntRange(0, len(order.Lines)-1).Draw(t, "line"))
		req.Quantity = rapid.IntRange(1, 4).Draw(t, "quantity")
	}
	allow(t, s.floor.Cancel(ctx, "staff", req))
}

func (s *service) pay(t *rapid.T) {
	order, _ := s.order(t, s.some(t))
	s.ids++
	_, err := s.floor.Pay(ctx, "staff", edge.PayRequest{
		Key: "pay-" + strconv.Itoa(s.ids), Session: order.Session, Kind: edge.TenderCard,
		Amount: rapid.Int64Range(1, 5000).Draw(t, "amount"),
	})
	allow(t, err)
}
