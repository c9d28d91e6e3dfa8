package appliance

import (
	"bufio"
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
)

// ErrNoTagKeys means that the house has no keys for tags yet.
var ErrNoTagKeys = errors.New("the house has no keys for tags yet; they are made when the first tag is set up")

// TagKeys are the master keys of the house's tags. They come from one file in the data folder and never leave it but
// onto tags, and there only as what follows from them.
type TagKeys struct {
	// Ring makes and checks the keys of tags that sign their taps.
	Ring *sun.Ring
	// Password derives the passwords of all other tags; Former is what it was before the newest master, or nil.
	Password type2.Key
	Former   *type2.Key

	checks map[byte]string // by the first version of each master
}

// TagSecretPath is where the device with these settings keeps the master keys of its tags.
func TagSecretPath(settings configs.Settings) string {
	return filepath.Join(settings.Data.Directory, "tags.secret")
}

const tagSecretHead = `# The master keys of this house's tags: "version key", one line each. Whoever has this file can make the house's tags.
# Without it they can be neither checked nor changed, so keep a copy where you keep your money. Nobody can restore it.
`

// ReadTagKeys reads the file of master keys. It refuses a file that others may read.
func ReadTagKeys(path string) (*TagKeys, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoTagKeys
	}
	if err != nil {
		return nil, fmt.Errorf("read the keys of tags: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s holds the keys of tags and must be a plain file", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("other users may read or change %s, which holds the keys of tags: chmod 600 %s", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the keys of tags: %w", err)
	}
	keys, err := parseTagKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%s is damaged (%w); put it back from your copy, the tags work with no other", path, err)
	}
	return keys, nil
}

// parseTagKeys reads the lines of the file. Errors never show a key.
func parseTagKeys(text []byte) (*TagKeys, error) {
	var masters []sun.Master
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		version, digits, _ := strings.Cut(line, " ")
		since, err := strconv.ParseUint(version, 10, 8)
		raw, hexErr := hex.DecodeString(strings.TrimSpace(digits))
		if err != nil || hexErr != nil || len(raw) != sun.KeySize {
			return nil, fmt.Errorf("line %d is not a version and a key", n)
		}
		masters = append(masters, sun.Master{Since: byte(since), Key: sun.Key(raw)})
	}
	if err := lines.Err(); err != nil {
		return nil, errors.New("a line is too long")
	}
	return newTagKeys(masters)
}

func newTagKeys(masters []sun.Master) (*TagKeys, error) {
	ring, err := sun.NewRing(masters...)
	if err != nil {
		return nil, err
	}
	keys := &TagKeys{Ring: ring, checks: map[byte]string{}}
	var newest, former *sun.Master
	for i := range masters {
		m := &masters[i]
		keys.checks[m.Since] = checkValue(m.Key)
		switch {
		case newest == nil || m.Since > newest.Since:
			newest, former = m, newest
		case former == nil || m.Since > former.Since:
			former = m
		}
	}
	if keys.Password, err = passwordKey(newest.Key); err != nil || former == nil {
		return keys, err
	}
	before, err := passwordKey(former.Key)
	keys.Former = &before
	return keys, err
}

// passwordKey makes the key of passwords, so that what leaks of those says nothing about the master.
func passwordKey(master sun.Key) (type2.Key, error) {
	secret, err := hkdf.Key(sha256.New, master[:], nil, "comanda passwords of NTAG21x", sha256.Size)
	if err != nil {
		return type2.Key{}, fmt.Errorf("derive the key of passwords: %w", err)
	}
	return type2.NewKey(secret)
}

// checkValue tells masters apart and says nothing about them: 24 bits of a code over a constant.
func checkValue(master sun.Key) string {
	code := hmac.New(sha256.New, master[:])
	code.Write([]byte("comanda check value of a master key"))
	return strings.ToUpper(hex.EncodeToString(code.Sum(nil)[:3]))
}

// Check is the check value of the newest master key.
func (k *TagKeys) Check() string { return k.checks[k.Ring.Newest()] }

// Knows reports whether one of the masters has a check value; nothing is known of tags without one.
func (k *TagKeys) Knows(check string) bool {
	if check == "" {
		return true
	}
	for _, c := range k.checks {
		if c == check {
			return true
		}
	}
	return false
}

// makeTagKeys makes the file of master keys, unless somebody else was faster; then theirs counts.
func makeTagKeys(path string) error {
	var master sun.Key
	rand.Read(master[:])
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new") // mode 0600
	if err != nil {
		return fmt.Errorf("make the keys of tags: %w", err)
	}
	temp := file.Name()
	defer func() { _ = os.Remove(temp) }() // its other name stays
	_, err = fmt.Fprintf(file, "%s1 %X\n", tagSecretHead, master[:])
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("make the keys of tags: %w", err)
	}
	// A link, not a rename: it never replaces keys that are there.
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the keys of tags: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name survive a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("make the keys of tags: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("make the keys of tags: %w", err)
	}
	return nil
}

// CopyTagKeys copies the file of master keys to a new file that only its owner may read. It reports false when the house
// has none.
func CopyTagKeys(settings configs.Settings, dest string) (bool, error) {
	path := TagSecretPath(settings)
	if _, err := ReadTagKeys(path); errors.Is(err, ErrNoTagKeys) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false, fmt.Errorf("copy the keys of tags: %w", err)
	}
	file, err := os.OpenFile(dest, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false, fmt.Errorf("copy the keys of tags: %w", err)
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return false, fmt.Errorf("copy the keys of tags: %w", err)
	}
	return true, nil
}
