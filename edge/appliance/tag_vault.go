package appliance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// tagVault holds the keys of tags while the device runs. It notices when their file was made or replaced.
type tagVault struct {
	d    *Device
	path string

	mu sync.Mutex
	// All below is guarded by mu: what was read when the file was of that time and size.
	keys    *TagKeys
	err     error
	changed time.Time
	size    int64
}

var _ edge.Taps = (*tagVault)(nil)

func newTagVault(d *Device) *tagVault { return &tagVault{d: d, path: TagSecretPath(d.settings)} }

// read gives the keys as the file has them now.
func (v *tagVault) read() (*TagKeys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	info, err := os.Lstat(v.path)
	if err == nil && v.keys != nil && info.ModTime().Equal(v.changed) && info.Size() == v.size {
		return v.keys, nil
	}
	keys, err := ReadTagKeys(v.path)
	if err != nil {
		if !errors.Is(err, ErrNoTagKeys) && (v.err == nil || v.err.Error() != err.Error()) {
			v.d.log.Error("the keys of tags cannot be read", "error", err)
		}
		v.keys, v.err = nil, err
		return nil, err
	}
	v.keys, v.err = keys, nil
	if info != nil {
		v.changed, v.size = info.ModTime(), info.Size()
	}
	return keys, nil
}

// need gives the keys, and makes them at the first use. It never makes new ones in the place of some that were lost.
func (v *tagVault) need(ctx context.Context) (*TagKeys, error) {
	keys, err := v.read()
	if errors.Is(err, ErrNoTagKeys) {
		if err := v.missed(ctx); err != nil {
			return nil, err
		}
		if err := makeTagKeys(v.path); err != nil {
			return nil, err
		}
		v.d.log.Info("made the keys of tags; keep a copy of the file", "file", v.path)
		keys, err = v.read()
	}
	if err != nil {
		return nil, err
	}
	return keys, v.fits(ctx, keys)
}

// missed errs when tags were set up with keys that are not there any more.
func (v *tagVault) missed(ctx context.Context) error {
	n := 0
	err := v.tags(ctx, func(tag edge.Tag) {
		if tag.Keys != "" {
			n++
		}
	})
	if err == nil && n > 0 {
		return fmt.Errorf("the keys of tags are missing: %d tags were set up with %s, which is gone; put it back from your copy", n, v.path)
	}
	return err
}

// fits errs when tags in use were set up with another master key.
func (v *tagVault) fits(ctx context.Context, keys *TagKeys) error {
	other := ""
	err := v.tags(ctx, func(tag edge.Tag) {
		if !tag.Retired && !keys.Knows(tag.Keys) {
			other = tag.Keys
		}
	})
	if err == nil && other != "" {
		return fmt.Errorf("%s holds another master key than the tags were set up with (%s, not %s); put the right file back", v.path, other, keys.Check())
	}
	return err
}

func (v *tagVault) tags(ctx context.Context, see func(edge.Tag)) error {
	return v.d.store.Read(ctx, func(view edge.View) error {
		tags, err := view.Tags()
		for _, tag := range tags {
			see(tag)
		}
		return err
	})
}

// Check implements [edge.Taps].
func (v *tagVault) Check(word string) (edge.SignedTap, bool, error) {
	if !tapLike(word) {
		return edge.SignedTap{}, false, nil
	}
	keys, err := v.read()
	if err != nil {
		return edge.SignedTap{}, true, err
	}
	message, err := keys.Ring.Verify(word)
	if err != nil {
		v.d.log.Debug("a tap was refused", "reason", err)
		return edge.SignedTap{}, true, err
	}
	return edge.SignedTap{UID: message.UID.String(), Version: message.Version, Counter: message.Counter}, true, nil
}

// shortestTap is the fewest characters of a piece of a tap's word that cannot be a code of the display or, but for one in
// a million million, a table's token.
const shortestTap = 22

// tapLike reports whether a word is a tap's, or was one before it was cut off or something was added.
func tapLike(word string) bool {
	if sun.IsWord(word) {
		return true
	}
	digits, ok := strings.CutPrefix(word, "S")
	return ok && len(word) >= shortestTap && strings.Trim(digits, "0123456789ABCDEF") == ""
}
