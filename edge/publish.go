package edge

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

// Publish makes a menu the current one. Guests who hold an older version are asked about differences when they
// order. The error joins every problem of [Menu.Check].
func (f *Floor) Publish(ctx context.Context, actor Actor, menu Menu) (int64, error) {
	if err := f.CheckMenu(&menu); err != nil {
		return 0, err
	}
	menu.Version, menu.Published = 0, time.Time{}
	digest, err := digestOf(menu)
	if err != nil {
		return 0, err
	}
	var version int64
	err = f.store.Write(ctx, func(tx Tx) error {
		now := f.now()
		menu.Published = now.At
		var err error
		if version, err = tx.PutMenu(menu); err != nil {
			return err
		}
		published, err := tx.Menu(version)
		if err != nil {
			return err
		}
		return appendAll(tx, newEvent(MenuPublished, ID("menu"), actor, now, menuBody{version, hex.EncodeToString(digest[:])}, published))
	})
	return version, err
}

// menuBody chains the menu to the journal by the SHA-256 of its JSON, without version and time of publishing.
type menuBody struct {
	Version int64  `json:"version"`
	SHA256  string `json:"sha256"`
}

// CheckMenu lists everything that keeps a menu from being published at this venue.
func (f *Floor) CheckMenu(menu *Menu) error {
	var all []error
	for _, problem := range menu.Check() {
		all = append(all, problem)
	}
	if menu.Currency != f.venue.Currency {
		all = append(all, invalid("currency", "menu_invalid", "the menu is in %s, the venue in %s", menu.Currency, f.venue.Currency))
	}
	for _, language := range f.venue.Languages {
		if !slices.Contains(menu.Languages, language) {
			all = append(all, invalid("languages", "menu_invalid", "the venue's language %q is missing", language))
		}
	}
	return errors.Join(all...)
}

// PairDevice keeps a device that was paired.
func (f *Floor) PairDevice(ctx context.Context, actor Actor, device Device) error {
	if err := checkText("name", device.Name, maxTableName); err != nil {
		return err
	}
	return f.store.Write(ctx, func(tx Tx) error {
		now := f.now()
		device.Paired = now.At
		if err := tx.PutDevice(device); err != nil {
			return err
		}
		return appendAll(tx, newEvent(DevicePaired, device.ID, actor, now, device, &device))
	})
}

// RemoveDevice takes a device's access away at once.
func (f *Floor) RemoveDevice(ctx context.Context, actor Actor, id ID) error {
	return f.store.Write(ctx, func(tx Tx) error {
		devices, err := tx.Devices()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(devices, func(d Device) bool { return d.ID == id })
		if i < 0 {
			return Refuse(KindNotFound, "device_unknown", "There is no such device.")
		}
		device := devices[i]
		if device.Removed {
			return nil
		}
		device.Removed = true
		if err := tx.PutDevice(device); err != nil {
			return err
		}
		return appendAll(tx, newEvent(DeviceRemoved, id, actor, f.now(), device, &device))
	})
}
