package appliance

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

const oneMaster = "1 000102030405060708090A0B0C0D0E0F\n"

func TestTagKeysAreMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tags.secret")
	if _, err := ReadTagKeys(path); !errors.Is(err, ErrNoTagKeys) {
		t.Fatalf("before the first use: got %v, want %v", err, ErrNoTagKeys)
	}
	var checks []string
	for range 2 { // the second time they are there
		if err := makeTagKeys(path); err != nil {
			t.Fatal(err)
		}
		keys, err := ReadTagKeys(path)
		if err != nil {
			t.Fatal(err)
		}
		checks = append(checks, keys.Check())
	}
	if checks[0] != checks[1] || len(checks[0]) != 6 {
		t.Errorf("check values %q, want one of six characters twice", checks)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("files %v, %v; want the one", left, err)
	}
}

func TestTagKeysRefused(t *testing.T) {
	tests := map[string]struct {
		text string
		mode os.FileMode
		want string
	}{
		"others may read":  {oneMaster, 0o644, "chmod 600"},
		"group may write":  {oneMaster, 0o620, "chmod 600"},
		"empty":            {"# nothing\n", 0o600, "damaged"},
		"short key":        {"1 00112233\n", 0o600, "line 1"},
		"no version":       {"000102030405060708090A0B0C0D0E0F\n", 0o600, "line 1"},
		"factory version":  {"0 000102030405060708090A0B0C0D0E0F\n", 0o600, "begin with 1"},
		"version too high": {"256 000102030405060708090A0B0C0D0E0F\n", 0o600, "line 1"},
		"twice":            {oneMaster + oneMaster, 0o600, "two since version 1"},
		"all zero":         {"1 " + strings.Repeat("0", 32), 0o600, "all zero"},
		"endless line":     {strings.Repeat("1", 1<<17), 0o600, "too long"},
	}
	for name, test := range tests {
		path := filepath.Join(t.TempDir(), "tags.secret")
		if err := os.WriteFile(path, []byte(test.text), test.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		_, err := ReadTagKeys(path)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "0405") {
			t.Errorf("%s: got %v, want it to say %q and no key", name, err, test.want)
		}
	}
	folder := t.TempDir()
	target := filepath.Join(folder, "elsewhere")
	if err := os.WriteFile(target, []byte(oneMaster), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(folder, "tags.secret")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTagKeys(link); err == nil || !strings.Contains(err.Error(), "plain file") {
		t.Errorf("a link: got %v", err)
	}
}

func TestTagKeysOfSeveralMasters(t *testing.T) {
	keys, err := parseTagKeys([]byte(oneMaster + "5 F0E1D2C3B4A5968778695A4B3C2D1E0F\n# a note\n"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := parseTagKeys([]byte(oneMaster))
	if err != nil {
		t.Fatal(err)
	}
	if keys.Ring.Newest() != 5 || keys.Check() == first.Check() || !keys.Knows(first.Check()) || keys.Knows("ABCDEF") || !keys.Knows("") {
		t.Errorf("newest %d, check %s, first %s", keys.Ring.Newest(), keys.Check(), first.Check())
	}
	uid := []byte{4, 1, 2, 3, 4, 5, 6}
	former, err := keys.Former.Password(uid)
	if err != nil {
		t.Fatal(err)
	}
	was, err := first.Password.Password(uid)
	if err != nil || former != was || first.Former != nil {
		t.Errorf("the former password is not that of the first master (%v)", err)
	}
}

func TestTagKeysAreCopied(t *testing.T) {
	settings := configs.Settings{}
	settings.Data.Directory = t.TempDir()
	dest := filepath.Join(t.TempDir(), "copy")
	if copied, err := CopyTagKeys(settings, dest); copied || err != nil {
		t.Errorf("without keys: got %t, %v", copied, err)
	}
	if err := makeTagKeys(TagSecretPath(settings)); err != nil {
		t.Fatal(err)
	}
	if copied, err := CopyTagKeys(settings, dest); !copied || err != nil {
		t.Fatalf("got %t, %v", copied, err)
	}
	if _, err := ReadTagKeys(dest); err != nil {
		t.Errorf("the copy: %v", err)
	}
	if _, err := CopyTagKeys(settings, dest); err == nil {
		t.Error("a file that was there was overwritten")
	}
}

func FuzzTagKeys(f *testing.F) {
	f.Add([]byte(oneMaster))
	f.Add([]byte("# only words\n\n9 ff\n"))
	f.Add([]byte("1 000102030405060708090A0B0C0D0E0F\n5 F0E1D2C3B4A5968778695A4B3C2D1E0F"))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := parseTagKeys(text)
		if err == nil && (keys.Ring == nil || keys.Check() == "" || !keys.Knows(keys.Check())) {
			t.Errorf("%q: keys that are none", text)
		}
	})
}

// FuzzTapLike holds what looks like a tap against what is one: no tap may be missed, and no code or token be taken for one.
func FuzzTapLike(f *testing.F) {
	f.Add(sun.Blank(1))
	f.Add(sun.Blank(1)[:40])
	f.Add("S01EF963FF7828658A599F3041510671E8894EED9EE65337086x")
	f.Add("SABCDEF1")
	f.Add("")
	f.Fuzz(func(t *testing.T, word string) {
		like := tapLike(word)
		if sun.IsWord(word) && !like {
			t.Errorf("%q is a tap's word", word)
		}
		if like && (len(word) <= 8 || word[0] != 'S') {
			t.Errorf("%q is none", word)
		}
	})
}
