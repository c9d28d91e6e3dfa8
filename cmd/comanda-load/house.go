package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// house is a device's data folder with everything a load needs in it, and the keys to that.
type house struct {
	dir    string
	menu   int64
	guests []string // keys; each at the counter, with a visit of its own
	screen string   // the key of a kitchen screen
	owner  string   // the key of the owner's browser
	token  string   // the word of a table's code
}

const (
	// guestsCrowded is how many phones are there for a throughput: each sends few orders, because a device bounds
	// how often one guest may order. guestsUsual is a full house.
	guestsCrowded, guestsUsual = 2000, 200
	ordersPerGuest             = 9
)

// settings is the settings file of a device in dir.
func settings(dir string) string {
	return fmt.Sprintf("server: {listen: \"127.0.0.1:0\", base_url: \"http://127.0.0.1\"}\ndata: {directory: %q}\n"+
		"guests: {printed: straight_to_kitchen, max_open_orders: 1000, scan_lasts: 24h}\nreaders: {driver: none}\n", dir)
}

// rules are the doors to the rules of a house over a store, at a time that the caller moves.
type rules struct {
	floor   *edge.Floor
	kitchen *edge.Kitchen
}

func rulesOver(store edge.Store, now func() time.Time) rules {
	venue := edge.Venue{
		Name: "Load", Currency: "EUR", Zone: time.UTC, CutOff: 4 * time.Hour, Languages: []string{"en", "de"}, Kitchen: "en",
		Policy: edge.Policy{
			Printed: edge.MayOrder, Recent: edge.MayOrder, Proven: edge.MayOrder, PresenceTTL: 24 * time.Hour,
			MaxLines: 40, MaxQuantity: 50, MaxOpenOrders: 1000,
		},
	}
	clock := func() edge.Moment { return edge.Moment{At: now().UTC(), Trusted: true} }
	ids := func() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }
	codes := access.NewCodes([]byte("none of the codes is used"), time.Minute, func() []edge.ID { return nil })
	return rules{edge.NewFloor(store, venue, codes, clock, ids), edge.NewKitchen(store, venue, clock, ids)}
}

// within is the store inside a running change: what a rule does in a commit of its own, it does in this one.
type within struct{ tx edge.Tx }

// Write implements [edge.Store].
func (w within) Write(_ context.Context, change func(edge.Tx) error) error { return change(w.tx) }

// Read implements [edge.Store].
func (w within) Read(_ context.Context, look func(edge.View) error) error { return look(w.tx) }

// furnish makes a house in dir: menu, tables, devices and as many seated guests.
func furnish(ctx context.Context, dir string, guests int) (h *house, err error) {
	store, err := sqlite.Open(ctx, filepath.Join(dir, "comanda.db"), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	h = &house{dir: dir, token: access.NewWord()}
	err = store.Write(ctx, func(tx edge.Tx) error { return h.fill(ctx, rulesOver(within{tx}, time.Now), guests) })
	if err != nil {
		return nil, fmt.Errorf("furnish the house: %w", err)
	}
	return h, nil
}

func (h *house) fill(ctx context.Context, r rules, guests int) error {
	menu, problems := api.DecodeMenu(configs.SampleMenu, r.floor.CheckMenu)
	if len(problems) > 0 {
		return fmt.Errorf("sample menu: %s", problems[0].Message)
	}
	var err error
	if h.menu, err = r.floor.Publish(ctx, edge.System, menu); err != nil {
		return err
	}
	tables, err := r.floor.AddTables(ctx, edge.System, []edge.Table{{Name: "7"}, {Name: "Counter", Kind: edge.KindCounter}})
	if err != nil {
		return err
	}
	counter := access.NewWord()
	for i, word := range []string{h.token, counter} {
		if _, err := r.floor.IssueToken(ctx, edge.System, tables[i].ID, edge.MediumQR, word); err != nil {
			return err
		}
	}
	if h.screen, err = device(ctx, r, edge.RoleKitchen); err != nil {
		return err
	}
	if h.owner, err = device(ctx, r, edge.RoleOwner); err != nil {
		return err
	}
	for range guests {
		key := access.NewKey()
		if _, err := r.floor.Seat(ctx, edge.SeatRequest{Token: counter, KeyHash: access.Hash(key), Channel: "web"}); err != nil {
			return err
		}
		h.guests = append(h.guests, key)
	}
	return nil
}

func device(ctx context.Context, r rules, role edge.Role) (key string, err error) {
	key = access.NewKey()
	return key, r.floor.PairDevice(ctx, edge.System, edge.Device{
		ID: edge.ID(uuid.NewString()), Name: string(role), Role: role, KeyHash: access.Hash(key),
	})
}

// copyTo makes the same house in another folder. Nothing may have the house open.
func (h *house) copyTo(dir string) (*house, error) {
	if err := os.CopyFS(dir, os.DirFS(h.dir)); err != nil {
		return nil, fmt.Errorf("copy the house: %w", err)
	}
	if err := settle(dir); err != nil {
		return nil, fmt.Errorf("copy the house: %w", err)
	}
	other := *h
	other.dir = dir
	return &other, nil
}

// without is the house for a second load: the first n guests have ordered already.
func (h *house) without(n int) *house {
	other := *h
	other.guests = h.guests[min(n, len(h.guests)):]
	return &other
}

// settle forces the files in a folder to the disk. Otherwise the first commit of a server would wait for all that
// was copied before it.
func settle(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(file.Sync(), file.Close())
	})
}
