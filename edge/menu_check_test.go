package edge_test

import (
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/edge"
)

func TestSampleMenuIsSound(t *testing.T) {
	menu := sampleMenu()
	if problems := menu.Check(); len(problems) > 0 {
		t.Errorf("Check: got %v", problems)
	}
}

func TestMenuWithEverythingTheKitchenKnowsIsSound(t *testing.T) {
	menu := dinnerMenu()
	menu.Stations[0].Hands, menu.Stations[0].TakeAway = 100, &edge.Ages{WarnAfter: 60, LateAfter: 86400}
	menu.Stations[1].TakeAway = &edge.Ages{WarnAfter: 60}
	menu.Categories[0].Items[0].PrepSeconds = 4 * 3600
	if problems := menu.Check(); len(problems) > 0 {
		t.Errorf("Check: got %v", problems)
	}
}

func TestMenuMistakesNameTheirPlace(t *testing.T) {
	tests := map[string]struct {
		spoil func(*edge.Menu)
		field string
	}{
		"currency":           {func(m *edge.Menu) { m.Currency = "EURO" }, "currency"},
		"no stations":        {func(m *edge.Menu) { m.Stations = nil }, "stations"},
		"missing language":   {func(m *edge.Menu) { m.Categories[0].Items[0].Name = edge.Words{"en": "x"} }, "categories[0].items[0].name"},
		"blank name":         {func(m *edge.Menu) { m.Categories[0].Items[0].Name = both(" ") }, "categories[0].items[0].name"},
		"foreign language":   {func(m *edge.Menu) { m.Categories[0].Name["fr"] = "x" }, "categories[0].name"},
		"two of one id":      {func(m *edge.Menu) { m.Categories[1].Items[0].ID = "burger" }, "categories[1].items[0].id"},
		"bad id":             {func(m *edge.Menu) { m.Categories[0].Items[0].ID = "Bad Id" }, "categories[0].items[0].id"},
		"negative price":     {func(m *edge.Menu) { m.Categories[0].Items[0].Price = -1 }, "categories[0].items[0].price"},
		"price and variants": {func(m *edge.Menu) { m.Categories[1].Items[0].Price = 5 }, "categories[1].items[0].price"},
		"unknown station":    {func(m *edge.Menu) { m.Categories[0].Items[2].Stations = []string{"moon"} }, "categories[0].items[2].stations"},
		"nobody cooks it":    {func(m *edge.Menu) { m.Categories[0].Station = "" }, "categories[0].items[0].stations"},
		"unknown tax":        {func(m *edge.Menu) { m.Categories[0].Tax = "none" }, "categories[0].tax"},
		"bad rate":           {func(m *edge.Menu) { m.Taxes[0].EatIn = "7,5" }, "taxes[0].eat_in"},
		"unknown group":      {func(m *edge.Menu) { m.Categories[0].Items[0].Groups = []string{"x"} }, "categories[0].items[0].modifier_groups"},
		"min over max":       {func(m *edge.Menu) { m.Groups[0].Min = 3 }, "modifier_groups[0]"},
		"unknown allergen":   {func(m *edge.Menu) { m.Groups[1].Modifiers[0].Allergens = []edge.Allergen{"x"} }, "modifier_groups[1].modifiers[0].allergens"},
		"bad hours": {func(m *edge.Menu) {
			m.Categories[0].Hours = []edge.Window{{From: "25:00", To: "1:00", Days: []edge.Weekday{"friday"}}}
		}, "categories[0].hours[0].from"},
		"late take-away before its warning": {func(m *edge.Menu) {
			m.Stations[0].TakeAway = &edge.Ages{WarnAfter: 600, LateAfter: 300}
		}, "stations[0].take_away.warn_after"},
		"take-away older than a day": {func(m *edge.Menu) {
			m.Stations[0].TakeAway = &edge.Ages{LateAfter: 86401}
		}, "stations[0].take_away"},
		"negative hands":          {func(m *edge.Menu) { m.Stations[0].Hands = -1 }, "stations[0].hands"},
		"a hundred and one hands": {func(m *edge.Menu) { m.Stations[1].Hands = 101 }, "stations[1].hands"},
		"negative preparation":    {func(m *edge.Menu) { m.Categories[0].Items[0].PrepSeconds = -1 }, "categories[0].items[0].prep_seconds"},
		"preparation of a day":    {func(m *edge.Menu) { m.Categories[0].Items[0].PrepSeconds = 86400 }, "categories[0].items[0].prep_seconds"},
		"modifier made nowhere": {func(m *edge.Menu) {
			m.Groups[1].Modifiers[1].Stations = []string{"moon"}
		}, "modifier_groups[1].modifiers[1].stations"},
		"modifier also made nowhere": {func(m *edge.Menu) {
			m.Groups[1].Modifiers[1].AlsoAt = []string{"grill", "moon"}
		}, "modifier_groups[1].modifiers[1].also_at"},
		"modifier twice at one station": {func(m *edge.Menu) {
			m.Groups[0].Modifiers[0].AlsoAt = []string{"bar", "bar"}
		}, "modifier_groups[0].modifiers[0].also_at"},
		"take-away made nowhere": {func(m *edge.Menu) { m.Categories[1].TakeAwayStation = "moon" }, "categories[1].take_away_station"},
		"negative course":        {func(m *edge.Menu) { m.Categories[0].Course = -1 }, "categories[0].course"},
		"course twenty-one":      {func(m *edge.Menu) { m.Categories[0].Items[0].Course = 21 }, "categories[0].items[0].course"},
		"endless text": {func(m *edge.Menu) {
			m.Categories[0].Items[0].Description = both(strings.Repeat("x", 2001))
		}, "categories[0].items[0].description"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			menu := sampleMenu()
			test.spoil(&menu)
			var fields []string
			for _, problem := range menu.Check() {
				fields = append(fields, problem.Field)
			}
			if !strings.Contains(strings.Join(fields, "\n"), test.field) {
				t.Errorf("problems at %v, want one at %s", fields, test.field)
			}
		})
	}
}

func TestPublishRefusesAnotherCurrencyAndMissingLanguages(t *testing.T) {
	h := newHouse(t)
	menu := sampleMenu()
	menu.Currency = "CHF"
	if _, err := h.floor.Publish(ctx, edge.System, menu); edge.CodeOf(err) != "menu_invalid" {
		t.Errorf("a menu in another currency: got %v", err)
	}
}
