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
