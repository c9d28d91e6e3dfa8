package edge_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestWhereALineIsMade(t *testing.T) {
	with := func(modifiers ...string) edge.LineRequest {
		line := edge.LineRequest{Item: "steak", Quantity: 1}
		for _, m := range modifiers {
			line.Modifiers = append(line.Modifiers, edge.ModifierRequest{ID: m})
		}
		return line
	}
	platter := edge.LineRequest{Item: "platter", Quantity: 1}
	tests := map[string]struct {
		line   edge.LineRequest
		dining edge.DiningOption
		want   []string
	}{
		"its category's station":             {with(), edge.EatIn, []string{"grill"}},
		"its own stations":                   {platter, edge.EatIn, []string{"grill", "bar"}},
		"a modifier sends it elsewhere":      {with("raw"), edge.EatIn, []string{"bar"}},
		"a modifier sends it there as well":  {with("chips"), edge.EatIn, []string{"grill", "fryer"}},
		"one that is there already":          {with("sauce"), edge.EatIn, []string{"grill", "bar"}},
		"instead and as well":                {with("raw", "chips"), edge.EatIn, []string{"bar", "fryer"}},
		"instead and as well, both":          {with("chips", "raw", "sauce"), edge.EatIn, []string{"bar", "fryer", "grill"}},
		"take-away of the category":          {with(), edge.TakeAway, []string{"window"}},
		"take-away, and a modifier":          {with("chips"), edge.TakeAway, []string{"window", "fryer"}},
		"take-away, made elsewhere":          {with("raw"), edge.TakeAway, []string{"bar"}},
		"take-away of one with own stations": {edge.LineRequest{Item: "salad", Quantity: 1}, edge.TakeAway, []string{"window"}},
		"take-away of another category":      {platter, edge.TakeAway, []string{"grill", "bar"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, edge.Coursing{})
			req := h.request(h.seat(t, recentCode, "a").Guest.ID, "k", test.line)
			req.Dining = test.dining
			receipt, err := h.floor.Place(ctx, req)
			if err != nil {
				t.Fatalf("Place: %v", err)
			}
			order, tickets := h.order(t, receipt.Order)
			if diff := cmp.Diff(test.want, order.Lines[0].Stations); diff != "" {
				t.Errorf("stations (-want +got):\n%s", diff)
			}
			for _, ticket := range tickets {
				others := slices.DeleteFunc(slices.Clone(test.want), func(s string) bool { return s == ticket.Station })
				if !slices.Equal(ticket.AlsoAt, others) || !slices.Equal(ticket.Items[0].AlsoAt, others) {
					t.Errorf("at %s: also at %v, its line at %v; want %v", ticket.Station, ticket.AlsoAt, ticket.Items[0].AlsoAt, others)
				}
			}
			if len(tickets) != len(test.want) {
				t.Errorf("got %d tickets, want %d", len(tickets), len(test.want))
			}
			// The menu is shared: routing a line must not have changed it.
			if err := h.store.Read(ctx, func(view edge.View) error {
				menu, err := view.CurrentMenu()
				if item, _, _ := menu.Item("platter"); !slices.Equal(item.Stations, []string{"grill", "bar"}) {
					t.Errorf("the menu's platter is now made at %v", item.Stations)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestLongestPreparationOfATicket(t *testing.T) {
	tests := map[string]struct {
		items []string
		want  int
	}{
		"the longest counts":           {[]string{"soup", "steak"}, 900},
		"one that names none: unknown": {[]string{"steak", "fries"}, 0},
	}
	for name, test := range tests {
		h := newDinner(t, edge.Coursing{})
		if got := h.at(t, h.supper(t, test.items...), "grill", 0).Prep; got != test.want {
			t.Errorf("%s: got %d, want %d", name, got, test.want)
		}
	}
}

func TestLateDependsOnWhereItIsEaten(t *testing.T) {
	station := edge.Station{LateAfter: 600, TakeAway: &edge.Ages{LateAfter: 300}}
	plain, never := edge.Station{LateAfter: 600}, edge.Station{LateAfter: 600, TakeAway: &edge.Ages{}}
	for name, test := range map[string]struct{ got, want float64 }{
		"eat in":                  {station.Late(edge.EatIn).Seconds(), 600},
		"take away":               {station.Late(edge.TakeAway).Seconds(), 300},
		"take away like eat in":   {plain.Late(edge.TakeAway).Seconds(), 600},
		"take away is never late": {never.Late(edge.TakeAway).Seconds(), 0},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %v s, want %v s", name, test.got, test.want)
		}
	}
}
