package edge

import (
	"errors"
	"fmt"
	"time"
)

// Difference is something on the menu that is not as the guest saw it. It is to be confirmed, not an error.
type Difference struct {
	Line int            `json:"line" doc:"Index into the lines sent"`
	Kind DifferenceKind `json:"kind"`
	Item string         `json:"item"`
	Name Words          `json:"name,omitempty"`
	// Was and Now are unit prices in minor units, for a changed price.
	Was int64 `json:"was,omitempty"`
	Now int64 `json:"now,omitempty"`
	// Left is how many can still be had, for kind "few_left".
	Left int `json:"left,omitempty"`
}

// DifferenceKind says what differs.
type DifferenceKind string

// The kinds of differences.
const (
	DifferencePrice   DifferenceKind = "price_changed"
	DifferenceSoldOut DifferenceKind = "sold_out"
	DifferenceFewLeft DifferenceKind = "few_left"
	DifferenceGone    DifferenceKind = "gone"
	DifferenceOptions DifferenceKind = "options_changed"
	DifferenceClosed  DifferenceKind = "not_now"
)

// priced works out every line against the current menu and compares it with what the guest saw. needs is how much
// of each stock key the order takes.
func (f *Floor) priced(view View, menu *Menu, req PlaceRequest, now Moment) ([]Line, []need, error) {
	seen, err := seenMenu(view, menu, req.MenuVersion)
	if err != nil {
		return nil, nil, err
	}
	c := comparison{menu: menu, seen: seen, req: req, kitchen: f.venue.Kitchen, local: now.At.In(f.venue.Zone)}
	for i := range req.Lines {
		if err := c.line(i); err != nil {
			return nil, nil, err
		}
	}
	if err := c.stock(view, now.At); err != nil {
		return nil, nil, err
	}
	if len(c.differences) > 0 {
		refusal := Refuse(KindConflict, "differences", "The menu has changed since you looked. Please check your order.")
		refusal.Differences = c.differences
		return nil, nil, refusal
	}
	return c.lines, c.needs, nil
}

// seenMenu is the menu version the guest looked at.
func seenMenu(view View, current *Menu, version int64) (*Menu, error) {
	if version == current.Version {
		return current, nil
	}
	unknown := Refuse(KindConflict, "menu_version_unknown", "This menu is not known here. Please load the menu again.")
	if version < 1 || version > current.Version {
		return nil, unknown
	}
	menu, err := view.Menu(version)
	if errors.Is(err, ErrNotFound) {
		return nil, unknown
	}
	return menu, err
}

// need is how much of a stock key one line takes.
type need struct {
	key  string
	n    int
	line int
}

type comparison struct {
	menu, seen  *Menu
	req         PlaceRequest
	kitchen     string
	local       time.Time
	lines       []Line
	needs       []need
	perItem     map[string]int
	differences []Difference
}

func (c *comparison) differ(i int, kind DifferenceKind, name Words) *Difference {
	c.differences = append(c.differences, Difference{Line: i, Kind: kind, Item: c.req.Lines[i].Item, Name: name})
	return &c.differences[len(c.differences)-1]
}

func (c *comparison) line(i int) error {
	req := c.req.Lines[i]
	line, err := c.menu.priceLine(i, req, c.req.Dining, c.kitchen)
	if err != nil {
		return c.changed(i, err)
	}
	was := line.Unit
	if c.seen != c.menu {
		if old, err := c.seen.priceLine(i, req, c.req.Dining, c.kitchen); err == nil {
			was = old.Unit
		}
	}
	if req.Unit != nil {
		was = *req.Unit
	}
	if was != line.Unit {
		d := c.differ(i, DifferencePrice, line.Name)
		d.Was, d.Now = was, line.Unit
	}
	if !c.menu.Open(req.Item, c.local) {
		c.differ(i, DifferenceClosed, line.Name)
	}
	c.lines = append(c.lines, line)
	return c.count(i, line)
}

// changed tells a line that never could be ordered from one that could on the menu the guest saw.
func (c *comparison) changed(i int, err error) error {
	if c.seen == c.menu {
		return err
	}
	old, oldErr := c.seen.priceLine(i, c.req.Lines[i], c.req.Dining, c.kitchen)
	if oldErr != nil {
		return err
	}
	kind := DifferenceOptions
	if item, _, ok := c.menu.Item(old.Item); !ok || item.Hidden {
		kind = DifferenceGone
	}
	c.differ(i, kind, old.Name)
	return nil
}

// count notes what the line takes from the stock and checks the item's limit per order.
func (c *comparison) count(i int, line Line) error {
	if c.perItem == nil {
		c.perItem = map[string]int{}
	}
	c.perItem[line.Item] += line.Quantity
	if item, _, ok := c.menu.Item(line.Item); ok && item.MaxPerOrder > 0 && c.perItem[line.Item] > item.MaxPerOrder {
		return invalid(fmt.Sprintf("lines[%d].quantity", i), "quantity_invalid",
			"At most %d of this can be ordered at once.", item.MaxPerOrder)
	}
	c.needs = append(c.needs, lineNeeds(i, line, line.Quantity)...)
	return nil
}

// lineNeeds lists what quantity units of a line take from the stock.
func lineNeeds(i int, line Line, quantity int) []need {
	needs := []need{{line.Item, quantity, i}}
	if line.Variant != "" {
		needs = append(needs, need{VariantKey(line.Item, line.Variant), quantity, i})
	}
	for _, m := range line.Modifiers {
		needs = append(needs, need{ModifierKey(m.ID), m.Quantity * quantity, i})
	}
	return needs
}

// stock compares what is needed with what is left; lines before have the first claim.
func (c *comparison) stock(view View, at time.Time) error {
	taken := map[string]int{}
	for _, n := range c.needs {
		stock, ok, err := view.Stock(n.key)
		if err != nil {
			return err
		}
		taken[n.key] += n.n
		if !ok || stock.Available(taken[n.key], at) {
			continue
		}
		left := 0
		if stock.Left != nil && stock.Available(0, at) {
			left = max(*stock.Left-taken[n.key]+n.n, 0)
		}
		name := c.menu.StockKeys()[n.key]
		if left == 0 {
			c.differ(n.line, DifferenceSoldOut, name)
			continue
		}
		c.differ(n.line, DifferenceFewLeft, name).Left = left
	}
	return nil
}
