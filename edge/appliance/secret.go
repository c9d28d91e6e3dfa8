package appliance

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

// secretFile reads a secret of the device, or makes it at the first start. Only the device's user may read it.
func secretFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		secret := make([]byte, 32)
		rand.Read(secret)
		return secret, writeSecret(path, base64.StdEncoding.EncodeToString(secret))
	}
	if err != nil {
		return nil, fmt.Errorf("read secret: %w", err)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < 16 {
		return nil, fmt.Errorf("secret file %s is damaged; remove it and a new one is made", path)
	}
	return secret, nil
}

// writeSecret replaces the file at once, so that a power cut leaves the old one or the new one.
func writeSecret(path, text string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // after the rename it is gone already
	_, err = temp.WriteString(text + "\n")
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	return nil
}

// LocalKeyPath is the file with the key by which programs of this machine's user talk to the device as its owner.
func LocalKeyPath(settings configs.Settings) string {
	return filepath.Join(settings.Data.Directory, "local.key")
}

// localName is the name of the device that stands for programs on this machine.
const localName = "this machine"

// localKey makes sure that the key of programs on this machine is there and known to the store.
func (d *Device) localKey(ctx context.Context) (string, error) {
	path := LocalKeyPath(d.settings)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read local key: %w", err)
	}
	key := strings.TrimSpace(string(text))
	if key != "" && d.knowsKey(ctx, key) {
		return key, nil
	}
	key = access.NewKey()
	if err := d.retireLocal(ctx); err != nil {
		return "", err
	}
	device := edge.Device{ID: newID(), Name: localName, Role: edge.RoleOwner, KeyHash: access.Hash(key)}
	if err := d.floor.PairDevice(ctx, edge.System, device); err != nil {
		return "", fmt.Errorf("make local key: %w", err)
	}
	return key, writeSecret(path, key)
}

func (d *Device) knowsKey(ctx context.Context, key string) bool {
	err := d.store.Read(ctx, func(view edge.View) error {
		device, err := view.DeviceByKey(access.Hash(key))
		if err == nil && device.Removed {
			return edge.ErrNotFound
		}
		return err
	})
	return err == nil
}

// retireLocal removes older keys of this machine, so that a key that was lost opens nothing.
func (d *Device) retireLocal(ctx context.Context) error {
	var devices []edge.Device
	err := d.store.Read(ctx, func(view edge.View) (err error) {
		devices, err = view.Devices()
		return err
	})
	if err != nil {
		return fmt.Errorf("read devices: %w", err)
	}
	for _, device := range slices.DeleteFunc(devices, func(device edge.Device) bool {
		return device.Removed || device.Name != localName
	}) {
		if err := d.floor.RemoveDevice(ctx, edge.System, device.ID); err != nil {
			return fmt.Errorf("remove old local key: %w", err)
		}
	}
	return nil
}
