package edge_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// TestServiceKeepsItsPromises drives a whole service at random — orders, repeats, presses on several screens,
// cancellations, payments — and checks after every step what must always hold: no order is lost or cooked twice,
// counts add up, an order's state says the truth about its tickets, money is exact.
func TestServiceKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "comanda-model-*")
		if err != nil {
			t.Fatalf("temp folder: %v", err)
		}
		defer os.RemoveAll(folder)
		h := openHouse(t, filepath.Join(folder, "house.db"), func(*edge.Venue) {})
		defer h.store.Close()
		s := &service{house: h, keys: map[string]edge.Receipt{}}
		for i, token := range []string{printedWord, recentCode} {
			s.guests = append(s.guests, h.seat(t, token, strconv.Itoa(i)).Guest.ID)
		}
		t.Repeat(map[string]func(*rapid.T){
			"place": s.place, "repeat": s.repeat, "accept": s.accept, "press": s.press, "cancel": s.cancel, "serve": s.serve,
			"pay": s.pay, "": s.check,
		})
	})
}

type service struct {
	*house
	guests []edge.ID
	keys   map[string]edge.Receipt
	sent   []edge.PlaceRequest
	orders []edge.ID
}

func (s *service) place(t *rapid.T) {
	lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edge.LineRequest {
		line := rapid.SampledFrom([]edge.LineRequest{burger, beer, {Item: "platter"}, {Item: "fries"}}).Draw(t, "line")
		line.Quantity = rapid.IntRange(1, 4).Draw(t, "quantity")
		return line
	}), 1, 3).Draw(t, "lines")
	req := s.request(rapid.SampledFrom(s.guests).Draw(t, "guest"), "key-"+strconv.Itoa(len(s.sent)), lines...)
	receipt, err := s.floor.Place(ctx, req)
	if edge.CodeOf(err) == "too_many_orders" {
		return
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

func (s *service) check(t *rapid.T) {
	if len(s.orders) != len(s.keys) {
		t.Fatalf("%d orders for %d keys", len(s.orders), len(s.keys))
	}
	numbers := map[string]edge.ID{}
	for _, id := range s.orders {
		order, tickets := s.order(t, id)
		if other, ok := numbers[order.Number]; ok {
			t.Fatalf("orders %s and %s both have number %s", id, other, order.Number)
		}
		numbers[order.Number] = id
		checkOrder(t, order, tickets)
	}
}

// checkOrder compares an order with its tickets.
func checkOrder(t *rapid.T, order edge.Order, tickets []edge.Ticket) {
	open, cooked := 0, map[int]map[string]int{}
	for _, ticket := range tickets {
		for _, item := range ticket.Items {
			if item.Done < 0 || item.Cancelled < 0 || item.Done+item.Cancelled > item.Quantity {
				t.Fatalf("ticket %s: counts do not add up: %+v", ticket.ID, item)
			}
		}
		if ticket.Kind == edge.TicketCancellation {
			continue
		}
		if ticket.State.Open() {
			open++
		}
		for _, item := range ticket.Items {
			if cooked[item.Line] == nil {
				cooked[item.Line] = map[string]int{}
			}
			cooked[item.Line][ticket.Station] += item.Quantity
		}
	}
	sent := order.State != edge.OrderStateReceived && order.State != edge.OrderStateRejected && len(order.Tickets) > 0
	for i, line := range order.Lines {
		if line.Cancelled < 0 || line.Cancelled > line.Quantity || line.Gross != line.Unit*int64(line.Quantity) {
			t.Fatalf("order %s line %d: %+v", order.ID, i, line)
		}
		for _, station := range line.Stations {
			want := 0
			if sent {
				want = line.Quantity
			}
			// An order reduced while it waited for staff is cooked in what was left.
			if got := cooked[i][station]; got > line.Quantity || (got != want && line.Cancelled == 0) {
				t.Fatalf("order %s (%s) line %d at %s: %d are cooked, want %d", order.ID, order.State, i, station, got, want)
			}
		}
	}
	if !order.State.Over() && order.State != edge.OrderStateReceived && order.Waiting != open {
		t.Fatalf("order %s (%s): %d tickets are open, it says %d", order.ID, order.State, open, order.Waiting)
	}
	if (order.State == edge.OrderStateReady) != (sent && open == 0 && !order.State.Over()) {
		t.Fatalf("order %s is %s with %d open tickets", order.ID, order.State, open)
	}
	checkTotals(t, order)
}

func checkTotals(t *rapid.T, order edge.Order) {
	var lines, buckets, tax int64
	for _, line := range order.Lines {
		lines += line.Unit * int64(line.Quantity-line.Cancelled)
	}
	for _, b := range order.Totals.Rates {
		if b.Net+b.Tax != b.Gross {
			t.Fatalf("order %s: bucket %+v does not add up", order.ID, b)
		}
		buckets += b.Gross
		tax += b.Tax
	}
	if lines != order.Totals.Gross || buckets != order.Totals.Gross || tax != order.Totals.Tax {
		t.Fatalf("order %s: lines %d, buckets %d, total %+v", order.ID, lines, buckets, order.Totals)
	}
}
