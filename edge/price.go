package edge

import (
	"fmt"
	"slices"
	"time"
)

// LineRequest is what a guest asks for: ids and quantities against a menu version. Unit is the unit price the
// guest saw, in minor units; it is only compared with ours, to tell about a change.
type LineRequest struct {
	Item      string            `json:"item"`
	Variant   string            `json:"variant,omitempty"`
	Quantity  int               `json:"quantity"`
	Modifiers []ModifierRequest `json:"modifiers,omitempty"`
	Note      string            `json:"note,omitempty"`
	Unit      *int64            `json:"unit,omitempty"`
}

// ModifierRequest is a modifier and how many of it per unit; 0 means 1.
type ModifierRequest struct {
	ID       string `json:"id"`
	Quantity int    `json:"quantity,omitempty"`
}

// maxPrice bounds one line so that sums of a whole day stay far from overflowing.
const maxPrice = 1 << 40

// priceLine works out one line from the menu alone. The error is an [Error] that names what is wrong.
func (m *Menu) priceLine(index int, req LineRequest, dining DiningOption, kitchen string) (Line, error) {
	at := func(name string) string { return fmt.Sprintf("lines[%d].%s", index, name) }
	item, category, ok := m.Item(req.Item)
	if !ok || item.Hidden {
		return Line{}, invalid(at("item"), "item_unknown", "There is no such item on the menu.")
	}
	price, variantName, ok := item.price(req.Variant)
	if !ok {
		return Line{}, invalid(at("variant"), "variant_unknown", "Please choose one of the sizes on the menu.")
	}
	tax, _ := m.tax(item, category)
	line := Line{
		Item: item.ID, Variant: req.Variant, Name: item.Name, VariantName: variantName,
		KitchenName: kitchenName(item.KitchenName, item.Name, kitchen, m.Languages), Quantity: req.Quantity,
		Tax: tax.ID, Rate: tax.Rate(dining), OnTop: tax.OnTop, Stations: item.stations(category, dining),
		Course: item.Course, Prep: item.PrepSeconds, Allergens: slices.Clone(item.Allergens), Note: req.Note,
	}
	if line.Course == 0 {
		line.Course = category.Course
	}
	added, err := m.priceModifiers(&line, item, req.Modifiers, kitchen, at)
	if err != nil {
		return Line{}, err
	}
	line.Unit = max(price+added, 0)
	gross, ok := mul(line.Unit, int64(req.Quantity))
	if !ok || gross > maxPrice {
		return Line{}, invalid(at("quantity"), "quantity_invalid", "This is more than can be ordered at once.")
	}
	line.Gross = gross
	return line, nil
}

// priceModifiers checks the chosen modifiers against the item's groups, puts them on the line, and gives what they
// add to one unit.
func (m *Menu) priceModifiers(line *Line, item *Item, chosen []ModifierRequest, kitchen string,
	at func(string) string,
) (int64, error) {
	wanted, err := countModifiers(chosen, at)
	if err != nil {
		return 0, err
	}
	var added int64
	for _, id := range item.Groups {
		group, ok := m.group(id)
		if !ok {
			continue
		}
		sum, err := group.take(line, wanted, kitchen, m.Languages, at)
		if err != nil {
			return 0, err
		}
		added += sum
	}
	for id := range wanted {
		return 0, invalid(at("modifiers"), "modifier_unknown", "The choice %q does not belong to this item.", id)
	}
	return added, nil
}

func countModifiers(chosen []ModifierRequest, at func(string) string) (map[string]int, error) {
	wanted := make(map[string]int, len(chosen))
	for _, c := range chosen {
		n := max(c.Quantity, 1)
		if c.Quantity < 0 || c.Quantity > maxModifierCount || wanted[c.ID]+n > maxModifierCount {
			return nil, invalid(at("modifiers"), "quantity_invalid", "This is more than can be ordered at once.")
		}
		wanted[c.ID] += n
	}
	return wanted, nil
}

// maxModifierCount bounds how often one modifier can be taken per unit.
const maxModifierCount = 20

// take moves the group's modifiers from wanted onto the line and gives their price per unit. The group's free
// places go to the cheapest of the chosen.
func (g *ModifierGroup) take(line *Line, wanted map[string]int, kitchen string, languages []string,
	at func(string) string,
) (int64, error) {
	count := 0
	var prices []int64
	first := len(line.Modifiers)
	for i := range g.Modifiers {
		mod := &g.Modifiers[i]
		n := wanted[mod.ID]
		if n == 0 {
			continue
		}
		delete(wanted, mod.ID)
		if n > 1 && !g.Repeat {
			return 0, invalid(at("modifiers"), "modifier_repeated", "%s can be taken only once.", mod.Name.In(languages...))
		}
		count += n
		prices = append(prices, slices.Repeat([]int64{mod.Price}, n)...)
		line.reroute(mod)
		line.Modifiers = append(line.Modifiers, LineModifier{
			ID: mod.ID, Name: mod.Name, KitchenName: kitchenName(mod.KitchenName, mod.Name, kitchen, languages),
			Removal: mod.Removal, Quantity: n, Price: mod.Price * int64(n),
		})
		for _, a := range mod.Allergens {
			if !slices.Contains(line.Allergens, a) {
				line.Allergens = append(line.Allergens, a)
			}
		}
	}
	if count < g.Min {
		return 0, invalid(at("modifiers"), "modifiers_missing", "%s: please choose at least %d.", g.Name.In(languages...), g.Min)
	}
	if count > g.Max {
		return 0, invalid(at("modifiers"), "modifiers_many", "%s: please choose at most %d.", g.Name.In(languages...), g.Max)
	}
	return g.settle(line.Modifiers[first:], prices), nil
}

// settle lowers the lines' prices by the group's free places, cheapest first, and gives the sum.
func (g *ModifierGroup) settle(taken []LineModifier, prices []int64) int64 {
	slices.Sort(prices)
	free := g.Free
	given := map[int64]int{}
	var sum int64
	for _, p := range prices {
		if free > 0 && p > 0 {
			free--
			given[p]++
			continue
		}
		sum += p
	}
	for i := range taken {
		unit := taken[i].Price / int64(taken[i].Quantity)
		n := min(given[unit], taken[i].Quantity)
		given[unit] -= n
		taken[i].Price -= unit * int64(n)
	}
	return sum
}

// price is the price of the item in the variant; an item with variants has no price without one.
func (i *Item) price(variant string) (int64, Words, bool) {
	if len(i.Variants) == 0 {
		return i.Price, nil, variant == ""
	}
	for _, v := range i.Variants {
		if v.ID == variant {
			return v.Price, v.Name, true
		}
	}
	return 0, nil, false
}

// stations are where the item is made, before its modifiers are looked at.
func (i *Item) stations(category *Category, dining DiningOption) []string {
	if dining == TakeAway && category.TakeAwayStation != "" {
		return []string{category.TakeAwayStation}
	}
	if len(i.Stations) > 0 {
		return i.Stations
	}
	return []string{category.Station}
}

func kitchenName(short string, name Words, kitchen string, languages []string) string {
	if short != "" {
		return short
	}
	return name.In(append([]string{kitchen}, languages...)...)
}

// Open reports whether the item can be ordered at the venue's local time: its own hours and its category's.
func (m *Menu) Open(item string, local time.Time) bool {
	i, c, ok := m.Item(item)
	return ok && open(i.Hours, local) && open(c.Hours, local)
}

// reroute sends the line where the modifier says. The list is made anew: it belongs to the menu.
func (l *Line) reroute(mod *Modifier) {
	if len(mod.Stations) > 0 {
		l.Stations = slices.Clone(mod.Stations)
	}
	for _, station := range mod.AlsoAt {
		if !slices.Contains(l.Stations, station) {
			l.Stations = append(slices.Clone(l.Stations), station)
		}
	}
}
