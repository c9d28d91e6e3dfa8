package edge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestOrderBecomesTicketsPerStation(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest
	platter := edge.LineRequest{Item: "platter", Quantity: 1}
	receipt := h.place(t, guest.ID, "k1", burger, beer, platter)
	order, tickets := h.order(t, receipt.Order)
	if order.State != edge.OrderStateAccepted || order.Number != "1" || order.Round != 1 || order.Waiting != 2 {
		t.Errorf("order: got %+v", order)
	}
	if len(tickets) != 2 || tickets[0].Station != "grill" || tickets[1].Station != "bar" {
		t.Fatalf("tickets: got %+v, want one for grill, one for bar", tickets)
	}
	want := []edge.TicketItem{
		{Line: 0, Name: "BURGER", Quantity: 1, Modifiers: []edge.TicketModifier{{Name: "Rare", Quantity: 1}}},
		{Line: 2, Name: "Platter", Quantity: 1, AlsoAt: []string{"bar"}},
	}
	if diff := cmp.Diff(want, tickets[0].Items); diff != "" {
		t.Errorf("items at the grill (-want +got):\n%s", diff)
	}
	if want := (edge.Totals{Currency: "EUR", Gross: 1290 + 840 + 2000, Tax: 215 + 134, Rates: []edge.TaxBucket{
		{Rate: "7", Net: 3075, Tax: 215, Gross: 3290}, {Rate: "19", Net: 706, Tax: 134, Gross: 840},
	}}); !cmp.Equal(want, receipt.Totals) {
		t.Errorf("totals (-want +got):\n%s", cmp.Diff(want, receipt.Totals))
	}
}

func TestFreeDipIsTheCheapest(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	line := edge.LineRequest{Item: "burger", Quantity: 2, Modifiers: []edge.ModifierRequest{
		{ID: "well"}, {ID: "aioli", Quantity: 2}, {ID: "ketchup"},
	}}
	order, _ := h.order(t, h.place(t, guest, "k", line).Order)
	got := order.Lines[0]
	if got.Unit != 1290+180 || got.Gross != 2*1470 {
		t.Errorf("got unit %d, gross %d; want 1470 and 2940: the ketchup is free", got.Unit, got.Gross)
	}
	sum := int64(1290)
	for _, m := range got.Modifiers {
		sum += m.Price
	}
	if sum != got.Unit {
		t.Errorf("base and modifiers add up to %d, the unit price is %d", sum, got.Unit)
	}
	if diff := cmp.Diff([]edge.Allergen{"eggs"}, got.Allergens); diff != "" {
		t.Errorf("the dip's allergen is not on the line (-want +got):\n%s", diff)
	}
}

func TestSameKeySameAnswer(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	first := h.place(t, guest, "k", burger)
	seq := h.seq(t)
	again := h.place(t, guest, "k", burger)
	if !again.Repeated || first.Repeated {
		t.Errorf("repeated: got %t then %t", first.Repeated, again.Repeated)
	}
	again.Repeated = false
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the answers differ (-first +again):\n%s", diff)
	}
	if h.seq(t) != seq {
		t.Error("the repeat wrote to the journal")
	}
	h.refused(t, "key_reused", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", beer))
		return err
	})
	if other := h.place(t, guest, "k2", burger); other.Order == first.Order || other.Round != 2 {
		t.Errorf("another key: got order %s round %d, want a new order of round 2", other.Order, other.Round)
	}
	if stored, err := h.floor.ReceiptOf(ctx, guest, "k"); err != nil || stored.Order != first.Order {
		t.Errorf("ReceiptOf: got %+v, %v", stored, err)
	}
}

func TestOrdersThatAreRefused(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	long := strings.Repeat("x", 100_000)
	with := func(change func(*edge.PlaceRequest)) edge.PlaceRequest {
		req := h.request(guest, "k", burger)
		change(&req)
		return req
	}
	line := func(l edge.LineRequest) edge.PlaceRequest { return h.request(guest, "k", l) }
	tests := map[string]struct {
		req  edge.PlaceRequest
		code string
	}{
		"no key":                {with(func(r *edge.PlaceRequest) { r.Key = "" }), "key_missing"},
		"key too long":          {with(func(r *edge.PlaceRequest) { r.Key = long }), "key_missing"},
		"key with control":      {with(func(r *edge.PlaceRequest) { r.Key = "a\n" }), "key_missing"},
		"nothing ordered":       {with(func(r *edge.PlaceRequest) { r.Lines = nil }), "order_empty"},
		"too many lines":        {with(func(r *edge.PlaceRequest) { r.Lines = make([]edge.LineRequest, 11) }), "too_many_lines"},
		"unknown item":          {line(edge.LineRequest{Item: "unicorn", Quantity: 1}), "item_unknown"},
		"hidden item":           {line(edge.LineRequest{Item: "secret", Quantity: 1}), "item_unknown"},
		"negative quantity":     {line(edge.LineRequest{Item: "fries", Quantity: -1}), "quantity_invalid"},
		"zero quantity":         {line(edge.LineRequest{Item: "fries"}), "quantity_invalid"},
		"huge quantity":         {line(edge.LineRequest{Item: "fries", Quantity: 1 << 40}), "quantity_invalid"},
		"over the item's limit": {line(edge.LineRequest{Item: "fries", Quantity: 13}), "quantity_invalid"},
		"over the limit in two lines": {h.request(guest, "k", edge.LineRequest{Item: "fries", Quantity: 7},
			edge.LineRequest{Item: "fries", Quantity: 7}), "quantity_invalid"},
		"no size chosen":        {line(edge.LineRequest{Item: "beer", Quantity: 1}), "variant_unknown"},
		"a size it has not":     {line(edge.LineRequest{Item: "beer", Variant: "xl", Quantity: 1}), "variant_unknown"},
		"choice missing":        {line(edge.LineRequest{Item: "burger", Quantity: 1}), "modifiers_missing"},
		"too many choices":      {line(edge.LineRequest{Item: "burger", Quantity: 1, Modifiers: []edge.ModifierRequest{{ID: "rare"}, {ID: "well"}}}), "modifiers_many"},
		"choice taken twice":    {line(edge.LineRequest{Item: "burger", Quantity: 1, Modifiers: []edge.ModifierRequest{{ID: "rare", Quantity: 2}}}), "modifier_repeated"},
		"foreign choice":        {line(edge.LineRequest{Item: "fries", Quantity: 1, Modifiers: []edge.ModifierRequest{{ID: "rare"}}}), "modifier_unknown"},
		"negative choice":       {line(edge.LineRequest{Item: "burger", Quantity: 1, Modifiers: []edge.ModifierRequest{{ID: "rare", Quantity: -1}}}), "quantity_invalid"},
		"100 kB note":           {with(func(r *edge.PlaceRequest) { r.Note = long }), "text_too_long"},
		"100 kB line note":      {line(edge.LineRequest{Item: "fries", Quantity: 1, Note: long}), "text_too_long"},
		"control characters":    {with(func(r *edge.PlaceRequest) { r.Note = "a\x00b" }), "text_invalid"},
		"direction override":    {with(func(r *edge.PlaceRequest) { r.Note = "no \u202Esnoino" }), "text_invalid"},
		"C1 control":            {with(func(r *edge.PlaceRequest) { r.Note = "a\u0085b" }), "text_invalid"},
		"a tower of lines":      {with(func(r *edge.PlaceRequest) { r.Note = strings.Repeat("\n", 13) }), "text_too_long"},
		"broken UTF-8":          {with(func(r *edge.PlaceRequest) { r.Note = "a\xff" }), "text_invalid"},
		"unknown allergen":      {with(func(r *edge.PlaceRequest) { r.Allergies = []edge.Allergen{"moonlight"} }), "allergen_unknown"},
		"allergens without end": {with(func(r *edge.PlaceRequest) { r.Allergies = slices.Repeat([]edge.Allergen{"eggs"}, 15) }), "too_many"},
		"unknown dining":        {with(func(r *edge.PlaceRequest) { r.Dining = "drone" }), "dining_unknown"},
		"menu from the future":  {with(func(r *edge.PlaceRequest) { r.MenuVersion = 99 }), "menu_version_unknown"},
		"no menu":               {with(func(r *edge.PlaceRequest) { r.MenuVersion = 0 }), "menu_version_unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h.refused(t, test.code, func() error {
				_, err := h.floor.Place(ctx, test.req)
				return err
			})
		})
	}
}

func TestChangedMenuIsAskedAbout(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	menu := sampleMenu()
	menu.Categories[0].Items[1].Price = 400                 // fries dearer
	menu.Categories[0].Items = menu.Categories[0].Items[:2] // no platter any more
	menu.Groups[0].Modifiers = menu.Groups[0].Modifiers[1:] // no rare any more
	if _, err := h.floor.Publish(ctx, edge.System, menu); err != nil {
		t.Fatalf("Publish: %v", err)
	}
	refusal := h.refused(t, "differences", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", edge.LineRequest{Item: "fries", Quantity: 1},
			edge.LineRequest{Item: "platter", Quantity: 1}, burger, beer))
		return err
	})
	want := []edge.Difference{
		{Line: 0, Kind: edge.DifferencePrice, Item: "fries", Name: both("Fries"), Was: 350, Now: 400},
		{Line: 1, Kind: edge.DifferenceGone, Item: "platter", Name: both("Platter")},
		{Line: 2, Kind: edge.DifferenceOptions, Item: "burger", Name: both("Burger")},
	}
	if diff := cmp.Diff(want, refusal.Differences); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	h.place(t, guest, "k", beer) // unchanged lines of an old menu are fine
}

func TestPriceTheGuestSawIsCompared(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	refusal := h.refused(t, "differences", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", edge.LineRequest{Item: "fries", Quantity: 1, Unit: new(int64(1))}))
		return err
	})
	if refusal.Differences[0].Now != 350 {
		t.Errorf("got %+v, want our price 350", refusal.Differences[0])
	}
}

func TestCountdownIsReservedAndReturned(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, printedWord, "a").Guest.ID
	if _, err := h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: "fries", Left: new(3)}); err != nil {
		t.Fatalf("SetStock: %v", err)
	}
	fries := func(n int) edge.LineRequest { return edge.LineRequest{Item: "fries", Quantity: n} }
	refusal := h.refused(t, "differences", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", fries(2), fries(2)))
		return err
	})
	if d := refusal.Differences[0]; d.Kind != edge.DifferenceFewLeft || d.Left != 1 || d.Line != 1 {
		t.Errorf("got %+v, want 1 left for line 1", d)
	}
	receipt := h.place(t, guest, "k", fries(3))
	refusal = h.refused(t, "differences", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k2", fries(1)))
		return err
	})
	if refusal.Differences[0].Kind != edge.DifferenceSoldOut {
		t.Errorf("got %+v, want sold out", refusal.Differences[0])
	}
	if err := h.floor.Reject(ctx, edge.System, receipt.Order, "closed"); err != nil {
		t.Fatalf("Reject: %v", err)
	}
	h.place(t, guest, "k2", fries(3))
}

func TestSoldOutModifierAndVariant(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	for _, key := range []string{edge.ModifierKey("rare"), edge.VariantKey("beer", "l")} {
		if _, err := h.kitchen.SetStock(ctx, edge.System, edge.Stock{Key: key, SoldOut: true}); err != nil {
			t.Fatalf("SetStock(%s): %v", key, err)
		}
	}
	refusal := h.refused(t, "differences", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", burger, beer))
		return err
	})
	if len(refusal.Differences) != 2 || refusal.Differences[0].Line != 0 || refusal.Differences[1].Line != 1 {
		t.Errorf("got %+v, want both lines questioned", refusal.Differences)
	}
}

func TestOpenOrdersAreBounded(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	for _, key := range []string{"1", "2", "3", "4", "5"} {
		h.place(t, guest, key, beer)
	}
	h.refused(t, "too_many_orders", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "6", beer))
		return err
	})
}

func TestLockedTableTakesNoOrders(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	if err := h.floor.Lock(ctx, edge.System, h.table.ID, true); err != nil {
		t.Fatalf("Lock: %v", err)
	}
	h.refused(t, "table_locked", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", beer))
		return err
	})
	if err := h.floor.Lock(ctx, edge.System, h.table.ID, false); err != nil {
		t.Fatalf("Lock: %v", err)
	}
	h.place(t, guest, "k", beer)
}

func TestDayCountsWhatWasSold(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	waiting := h.seat(t, printedWord, "b").Guest.ID
	h.place(t, guest, "1", burger)
	cancelled := h.place(t, guest, "2", beer)
	h.place(t, waiting, "3", burger)
	if err := h.floor.Cancel(ctx, "staff", edge.CancelRequest{Key: "c", Order: cancelled.Order, Reason: "keg empty"}); err != nil {
		t.Fatalf("Cancel: %v", err)
	}
	h.now = h.now.Add(12 * time.Hour)
	h.seat(t, recentCode, "a")
	h.place(t, guest, "4", burger)
	for day, want := range map[edge.BusinessDay]edge.DayTotals{
		"2026-11-20": {Orders: 1, Gross: 1290}, "2026-11-21": {Orders: 1, Gross: 1290}, "2026-11-22": {},
	} {
		err := h.store.Read(ctx, func(view edge.View) error {
			got, err := view.DayTotals(day)
			if got != want {
				t.Errorf("DayTotals(%s): got %+v, want %+v", day, got, want)
			}
			return err
		})
		if err != nil {
			t.Fatalf("DayTotals(%s): %v", day, err)
		}
	}
}
