package edge

// Item finds an item and its category by the item's id.
func (m *Menu) Item(id string) (*Item, *Category, bool) {
	for c := range m.Categories {
		category := &m.Categories[c]
		for i := range category.Items {
			if category.Items[i].ID == id {
				return &category.Items[i], category, true
			}
		}
	}
	return nil, nil, false
}

// Station finds a station by its id.
func (m *Menu) Station(id string) (*Station, bool) {
	for i := range m.Stations {
		if m.Stations[i].ID == id {
			return &m.Stations[i], true
		}
	}
	return nil, false
}

func (m *Menu) group(id string) (*ModifierGroup, bool) {
	for i := range m.Groups {
		if m.Groups[i].ID == id {
			return &m.Groups[i], true
		}
	}
	return nil, false
}

// tax is the tax class of an item: its own, else its category's, else the menu's first.
func (m *Menu) tax(item *Item, category *Category) (*TaxClass, bool) {
	id := item.Tax
	if id == "" {
		id = category.Tax
	}
	for i := range m.Taxes {
		if id == "" || m.Taxes[i].ID == id {
			return &m.Taxes[i], true
		}
	}
	return &TaxClass{EatIn: "0"}, false
}

// StockKeys lists every key that can have a stock record: items, variants and modifiers.
func (m *Menu) StockKeys() map[string]Words {
	keys := map[string]Words{}
	for _, category := range m.Categories {
		for _, item := range category.Items {
			keys[item.ID] = item.Name
			for _, v := range item.Variants {
				keys[VariantKey(item.ID, v.ID)] = v.Name
			}
		}
	}
	for _, group := range m.Groups {
		for _, mod := range group.Modifiers {
			keys[ModifierKey(mod.ID)] = mod.Name
		}
	}
	return keys
}

// MadeAt is where the item is made when it is eaten in and nothing about it is changed.
func (i *Item) MadeAt(category *Category) []string { return i.stations(category, EatIn) }
