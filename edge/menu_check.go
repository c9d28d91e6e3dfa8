package edge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a menu, generous for any restaurant and small enough for the device.
const (
	MaxMenuItems    = 2000
	maxMenuText     = 2000 // runes
	maxMenuName     = 120  // runes
	maxPriceOfItem  = 1_000_000_000
	maxMenuPartsOf  = 200 // variants of an item, modifiers of a group, windows
	maxPrepSeconds  = 4 * 3600
	maxStationAgeS  = 24 * 3600
	maxMinAge       = 99
	maxMaxPerOrder  = 10_000
	maxLanguages    = 20
	maxMenuStations = 50
	maxHands        = 100
	maxCourse       = 20
)

var menuID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// Check lists everything that is wrong with the menu; a menu without problems can be published. Each problem's
// Field is the path of the part at fault: "categories[2].items[0].price".
func (m *Menu) Check() []*Error {
	c := &menuCheck{menu: m, seen: map[string]string{}}
	c.head()
	for i := range m.Stations {
		c.station(fmt.Sprintf("stations[%d]", i), &m.Stations[i])
	}
	for i := range m.Taxes {
		c.tax(fmt.Sprintf("taxes[%d]", i), &m.Taxes[i])
	}
	for i := range m.Groups {
		c.group(fmt.Sprintf("modifier_groups[%d]", i), &m.Groups[i])
	}
	items := 0
	for i := range m.Categories {
		c.category(fmt.Sprintf("categories[%d]", i), &m.Categories[i])
		items += len(m.Categories[i].Items)
	}
	if items > MaxMenuItems {
		c.add("categories", "the menu has %d items, more than %d", items, MaxMenuItems)
	}
	return c.problems
}

type menuCheck struct {
	menu     *Menu
	seen     map[string]string // kind and id → path of the first
	problems []*Error
}

func (c *menuCheck) add(path, format string, args ...any) {
	c.problems = append(c.problems, invalid(path, "menu_invalid", format, args...))
}

func (c *menuCheck) head() {
	m := c.menu
	if _, err := CurrencyDigits(m.Currency); err != nil {
		c.add("currency", "%v", err)
	}
	if len(m.Languages) == 0 || len(m.Languages) > maxLanguages {
		c.add("languages", "name between 1 and %d languages", maxLanguages)
	}
	if len(m.Stations) == 0 || len(m.Stations) > maxMenuStations {
		c.add("stations", "name between 1 and %d stations: every dish must reach somebody", maxMenuStations)
	}
	if len(m.Taxes) == 0 {
		c.add("taxes", "name at least one tax class")
	}
	if len(m.Categories) == 0 {
		c.add("categories", "name at least one category")
	}
}

// id checks an id's form and that no other thing of its kind has it.
func (c *menuCheck) id(path, kind, id string) {
	if !menuID.MatchString(id) {
		c.add(path+".id", "id %q must be 1–64 of a–z, 0–9, - and _, and begin with a letter or digit", id)
		return
	}
	if first, ok := c.seen[kind+" "+id]; ok {
		c.add(path+".id", "id %q is already used at %s", id, first)
		return
	}
	c.seen[kind+" "+id] = path
}

// words checks that a text is there in every language of the menu.
func (c *menuCheck) words(path string, words Words, needed bool, limit int) {
	for _, language := range c.menu.Languages {
		if needed && strings.TrimSpace(words[language]) == "" {
			c.add(path, "the text in %q is missing", language)
		}
	}
	for language, text := range words {
		if !slices.Contains(c.menu.Languages, language) {
			c.add(path, "language %q is not in the menu's list of languages", language)
		}
		c.text(path, text, limit)
	}
}

func (c *menuCheck) text(path, text string, limit int) {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > limit {
		c.add(path, "the text is not valid or longer than %d characters", limit)
	}
}

func (c *menuCheck) station(path string, s *Station) {
	c.id(path, "station", s.ID)
	c.words(path+".name", s.Name, true, maxMenuName)
	c.ages(path, Ages{s.WarnAfter, s.LateAfter})
	if s.TakeAway != nil {
		c.ages(path+".take_away", *s.TakeAway)
	}
	if s.Hands < 0 || s.Hands > maxHands {
		c.add(path+".hands", "a station makes between 1 and %d dishes at the same time", maxHands)
	}
}

func (c *menuCheck) ages(path string, ages Ages) {
	if ages.WarnAfter < 0 || ages.LateAfter < 0 || ages.WarnAfter > maxStationAgeS || ages.LateAfter > maxStationAgeS {
		c.add(path, "ages are seconds between 0 and %d", maxStationAgeS)
	}
	if ages.LateAfter > 0 && ages.WarnAfter > ages.LateAfter {
		c.add(path+".warn_after", "a ticket cannot turn to warning after it is late")
	}
}

func (c *menuCheck) tax(path string, t *TaxClass) {
	c.id(path, "tax", t.ID)
	c.words(path+".name", t.Name, true, maxMenuName)
	for _, rate := range []struct {
		name string
		rate Rate
	}{{".eat_in", t.EatIn}, {".take_away", t.TakeAway}} {
		if rate.rate == "" && rate.name == ".take_away" {
			continue
		}
		if _, err := rate.rate.rat(); err != nil {
			c.add(path+rate.name, "%v", err)
		}
	}
}

func (c *menuCheck) group(path string, g *ModifierGroup) {
	c.id(path, "modifier group", g.ID)
	c.words(path+".name", g.Name, true, maxMenuName)
	if len(g.Modifiers) == 0 || len(g.Modifiers) > maxMenuPartsOf {
		c.add(path+".modifiers", "name between 1 and %d modifiers", maxMenuPartsOf)
	}
	most := len(g.Modifiers)
	if g.Repeat {
		most *= maxModifierCount
	}
	if g.Min < 0 || g.Max < 1 || g.Min > g.Max || g.Min > most {
		c.add(path, "a guest takes at least min (%d) and at most max (%d) of %d", g.Min, g.Max, most)
	}
	if g.Free < 0 {
		c.add(path+".free", "free cannot be negative")
	}
	for i := range g.Modifiers {
		mod := &g.Modifiers[i]
		at := fmt.Sprintf("%s.modifiers[%d]", path, i)
		c.id(at, "modifier", mod.ID)
		c.words(at+".name", mod.Name, true, maxMenuName)
		c.text(at+".kitchen_name", mod.KitchenName, maxMenuName)
		if mod.Price < -maxPriceOfItem || mod.Price > maxPriceOfItem {
			c.add(at+".price", "the price is out of range")
		}
		c.allergens(at+".allergens", mod.Allergens)
		c.stationList(at+".stations", mod.Stations)
		c.stationList(at+".also_at", mod.AlsoAt)
	}
}

func (c *menuCheck) category(path string, category *Category) {
	c.id(path, "category", category.ID)
	c.words(path+".name", category.Name, true, maxMenuName)
	c.hours(path, category.Hours)
	if category.Station != "" {
		c.stationExists(path+".station", category.Station)
	}
	if category.TakeAwayStation != "" {
		c.stationExists(path+".take_away_station", category.TakeAwayStation)
	}
	if category.Tax != "" {
		c.taxExists(path+".tax", category.Tax)
	}
	if category.Course < 0 || category.Course > maxCourse {
		c.add(path+".course", "course must be between 0 and %d", maxCourse)
	}
	for i := range category.Items {
		c.item(fmt.Sprintf("%s.items[%d]", path, i), category, &category.Items[i])
	}
}

func (c *menuCheck) item(path string, category *Category, item *Item) {
	c.id(path, "item", item.ID)
	c.words(path+".name", item.Name, true, maxMenuName)
	c.words(path+".description", item.Description, false, maxMenuText)
	c.text(path+".kitchen_name", item.KitchenName, maxMenuName)
	c.prices(path, item)
	c.hours(path, item.Hours)
	if len(item.Stations) == 0 && category.Station == "" {
		c.add(path+".stations", "neither the item nor its category names a station: nobody would cook it")
	}
	c.stationList(path+".stations", item.Stations)
	if item.Tax != "" {
		c.taxExists(path+".tax", item.Tax)
	}
	for _, id := range item.Groups {
		if _, ok := c.menu.group(id); !ok {
			c.add(path+".modifier_groups", "there is no modifier group %q", id)
		}
	}
	if dup := duplicate(item.Groups); dup != "" {
		c.add(path+".modifier_groups", "modifier group %q is named twice", dup)
	}
	c.allergens(path+".allergens", item.Allergens)
	c.allergens(path+".may_contain", item.MayContain)
	for _, d := range item.Diet {
		if !slices.Contains([]Diet{Vegetarian, Vegan, Halal, Kosher}, d) {
			c.add(path+".diet", "diet %q is not one of vegetarian, vegan, halal, kosher", d)
		}
	}
	c.numbers(path, item)
}

func (c *menuCheck) numbers(path string, item *Item) {
	for _, n := range []struct {
		name   string
		value  int
		atMost int
	}{
		{"prep_seconds", item.PrepSeconds, maxPrepSeconds},
		{"min_age", item.MinAge, maxMinAge},
		{"max_per_order", item.MaxPerOrder, maxMaxPerOrder},
		{"course", item.Course, maxCourse},
	} {
		if n.value < 0 || n.value > n.atMost {
			c.add(path+"."+n.name, "%s must be between 0 and %d", n.name, n.atMost)
		}
	}
}

func (c *menuCheck) prices(path string, item *Item) {
	if len(item.Variants) == 0 {
		if item.Price < 0 || item.Price > maxPriceOfItem {
			c.add(path+".price", "the price is out of range")
		}
		return
	}
	if item.Price != 0 {
		c.add(path+".price", "an item with variants has its prices there")
	}
	if len(item.Variants) > maxMenuPartsOf {
		c.add(path+".variants", "more than %d variants", maxMenuPartsOf)
	}
	for i, v := range item.Variants {
		at := fmt.Sprintf("%s.variants[%d]", path, i)
		c.id(at, "variant of "+item.ID, v.ID)
		c.words(at+".name", v.Name, true, maxMenuName)
		if v.Price < 0 || v.Price > maxPriceOfItem {
			c.add(at+".price", "the price is out of range")
		}
	}
}

func (c *menuCheck) hours(path string, windows []Window) {
	if len(windows) > maxMenuPartsOf {
		c.add(path+".hours", "more than %d windows", maxMenuPartsOf)
	}
	for i, w := range windows {
		at := fmt.Sprintf("%s.hours[%d]", path, i)
		if _, err := clockMinutes(w.From); err != nil {
			c.add(at+".from", "%v", err)
		}
		if _, err := clockMinutes(w.To); err != nil {
			c.add(at+".to", "%v", err)
		}
		for _, d := range w.Days {
			if !slices.Contains(weekdays[:], d) {
				c.add(at+".days", "day %q is not one of mon, tue, wed, thu, fri, sat, sun", d)
			}
		}
	}
}

func (c *menuCheck) allergens(path string, list []Allergen) {
	for _, a := range list {
		if !slices.Contains(allergens[:], a) {
			c.add(path, "allergen %q is not one of the fourteen of Regulation (EU) 1169/2011", a)
		}
	}
}

func (c *menuCheck) stationList(path string, ids []string) {
	for _, id := range ids {
		c.stationExists(path, id)
	}
	if dup := duplicate(ids); dup != "" {
		c.add(path, "station %q is named twice", dup)
	}
}

func (c *menuCheck) stationExists(path, id string) {
	if _, ok := c.menu.Station(id); !ok {
		c.add(path, "there is no station %q", id)
	}
}

func (c *menuCheck) taxExists(path, id string) {
	if !slices.ContainsFunc(c.menu.Taxes, func(t TaxClass) bool { return t.ID == id }) {
		c.add(path, "there is no tax class %q", id)
	}
}

func duplicate(list []string) string {
	for i, s := range list {
		if slices.Contains(list[:i], s) {
			return s
		}
	}
	return ""
}
