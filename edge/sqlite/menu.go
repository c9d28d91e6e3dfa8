package sqlite

import (
	"database/sql"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// parsedMenus bounds how many versions are kept ready: guests who sit since before the last few changes are rare.
const parsedMenus = 8

// menus keeps committed versions, which never change, as they are shared with everybody who reads.
type menus struct {
	mu     sync.Mutex // guards parsed
	parsed map[int64]*edge.Menu
}

func newMenus() *menus { return &menus{parsed: map[int64]*edge.Menu{}} }

func (m *menus) find(version int64) *edge.Menu {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.parsed[version]
}

func (m *menus) keep(menu *edge.Menu) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parsed[menu.Version] = menu
	if len(m.parsed) > parsedMenus {
		delete(m.parsed, slices.Min(slices.Collect(maps.Keys(m.parsed))))
	}
}

// CurrentMenu implements [edge.View].
func (v *view) CurrentMenu() (*edge.Menu, error) {
	version, err := v.q.MenuVersion(background())
	if err != nil {
		return nil, v.failed(err, "menu", "now valid")
	}
	return v.Menu(version)
}

// Menu implements [edge.View].
func (v *view) Menu(version int64) (*edge.Menu, error) {
	shared := v.fresh == 0 || version < v.fresh
	if shared {
		if menu := v.menus.find(version); menu != nil {
			return menu, nil
		}
	}
	body, err := v.q.Menu(background(), version)
	menu, err := one[edge.Menu](v, body, err, "menu", version)
	if err != nil {
		return nil, err
	}
	if shared {
		v.menus.keep(&menu)
	}
	return &menu, nil
}

// PutMenu implements [edge.Tx].
func (t *tx) PutMenu(menu edge.Menu) (int64, error) {
	current, err := t.q.MenuVersion(background())
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, t.failed(err, "menu", "now valid")
	}
	menu.Version = current + 1
	err = t.put("menu", menu.Version, menu, func(body string) error {
		return t.q.PutMenu(background(), query.PutMenuParams{Version: menu.Version, Body: body})
	})
	if err != nil {
		return 0, err
	}
	if t.fresh == 0 {
		t.fresh, t.batch.fresh = menu.Version, menu.Version
	}
	return menu.Version, nil
}

// Stock implements [edge.View].
func (v *view) Stock(key string) (edge.Stock, bool, error) {
	body, err := v.q.Stock(background(), key)
	if errors.Is(err, sql.ErrNoRows) {
		return edge.Stock{}, false, nil
	}
	stock, err := one[edge.Stock](v, body, err, "stock of", key)
	return stock, err == nil, err
}

// AllStock implements [edge.View]: by key.
func (v *view) AllStock() ([]edge.Stock, error) {
	bodies, err := v.q.AllStock(background())
	return many[edge.Stock](v, bodies, err, "stock")
}

// PutStock implements [edge.Tx].
func (t *tx) PutStock(stock edge.Stock) error {
	err := t.put("stock of", stock.Key, stock, func(body string) error {
		return t.q.PutStock(background(), query.PutStockParams{Key: stock.Key, Body: body})
	})
	if err == nil {
		t.batch.put.stock[stock.Key] = stock
	}
	return err
}
