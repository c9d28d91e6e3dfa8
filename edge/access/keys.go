package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/comanda-pos/comanda/edge"
)

// Keys finds the guest or device that a key belongs to. It keeps a bounded number of them in memory so that a
// request costs no query; [Keys.Changed] must see every commit. Its methods may be called from any goroutine.
type Keys struct {
	store edge.Store

	mu      sync.Mutex
	guests  *lru[string, edge.Guest]
	devices *lru[string, edge.Device]
	// generation counts the times something was forgotten: what was read before must not be kept after.
	generation uint64
}

// NewKeys looks keys up in the store and remembers up to size guests and as many devices.
func NewKeys(store edge.Store, size int) *Keys {
	return &Keys{store: store, guests: newLRU[string, edge.Guest](size), devices: newLRU[string, edge.Device](size)}
}

// Guest is the guest whose key it is, ErrNotFound if there is none. Who they are, and at which session, is as
// now; language and presence may be older, of when they were first looked up.
func (k *Keys) Guest(ctx context.Context, key string) (edge.Guest, error) {
	return look(ctx, k, k.guests, key, edge.View.GuestByKey)
}

// Device is the paired device whose key it is, ErrNotFound if there is none or it was removed.
func (k *Keys) Device(ctx context.Context, key string) (edge.Device, error) {
	device, err := look(ctx, k, k.devices, key, edge.View.DeviceByKey)
	if err == nil && device.Removed {
		return edge.Device{}, edge.ErrNotFound
	}
	return device, err
}

func look[T any](ctx context.Context, k *Keys, cache *lru[string, T], key string,
	find func(edge.View, string) (T, error),
) (T, error) {
	var none T
	if key == "" {
		return none, edge.ErrNotFound
	}
	hash := Hash(key)
	k.mu.Lock()
	value, ok := cache.get(hash)
	generation := k.generation
	k.mu.Unlock()
	if ok {
		return value, nil
	}
	err := k.store.Read(ctx, func(v edge.View) (err error) {
		value, err = find(v, hash)
		return err
	})
	if errors.Is(err, edge.ErrNotFound) {
		return none, edge.ErrNotFound
	}
	if err != nil {
		return none, fmt.Errorf("look up key: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.generation == generation {
		cache.put(hash, value)
	}
	return value, nil
}

// Forget drops what is remembered of a guest's key.
func (k *Keys) Forget(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.generation++
	k.guests.remove(Hash(key))
}

// Changed is told the events of every commit and forgets what they may have changed.
func (k *Keys) Changed(events []edge.Event) {
	guests, devices := false, false
	for i := range events {
		kind := events[i].Kind
		guests = guests || kind == edge.SessionJoined
		devices = devices || strings.HasPrefix(string(kind), "device.")
	}
	if !guests && !devices {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.generation++
	if guests {
		k.guests.clear()
	}
	if devices {
		k.devices.clear()
	}
}
