package sun_test

import (
	"crypto/aes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// tap makes the word of a tap as a tag does. Padding is what the tag fills up with.
func tap(t testing.TB, ring *sun.Ring, m sun.Message, padding []byte) string {
	t.Helper()
	return seal(t, ring, m, 0xC7, padding)
}

func seal(t testing.TB, ring *sun.Ring, m sun.Message, tag byte, padding []byte) string {
	t.Helper()
	meta, err := ring.Key(m.UID, sun.KeyMeta, m.Version)
	if err != nil {
		t.Fatal(err)
	}
	file, err := ring.Key(m.UID, sun.KeyFile, m.Version)
	if err != nil {
		t.Fatal(err)
	}
	plain := append([]byte{tag}, m.UID[:]...)
	plain = append(plain, byte(m.Counter), byte(m.Counter>>8), byte(m.Counter>>16))
	plain = append(plain, padding...)
	block, err := aes.NewCipher(meta[:])
	if err != nil {
		t.Fatal(err)
	}
	block.Encrypt(plain, plain)
	mac := sun.MAC(file, m.UID, m.Counter, nil)
	return strings.ToUpper(fmt.Sprintf("S%02x%x%x", m.Version, plain, mac))
}

func ringOf(t testing.TB, masters ...sun.Master) *sun.Ring {
	t.Helper()
	ring, err := sun.NewRing(masters...)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func house(t testing.TB) *sun.Ring {
	return ringOf(t, sun.Master{Since: 1, Key: sun.Key{1, 2, 3}}, sun.Master{Since: 9, Key: sun.Key{4, 5, 6}})
}

func tag7() sun.Message {
	return sun.Message{UID: sun.UID{4, 0xDE, 0x5F, 0x1E, 0xAC, 0xC0, 0x40}, Mark: sun.Mark{Version: 1, Counter: 61}}
}

var padding = []byte{0xDA, 0x5C, 0xF6, 9, 0x41}

func TestVerifyAcceptsWhatTagsSay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := sun.Message{
			UID: sun.UID(rapid.SliceOfN(rapid.Byte(), sun.UIDLength, sun.UIDLength).Draw(rt, "uid")),
			Mark: sun.Mark{
				Version: rapid.ByteMin(1).Draw(rt, "version"),
				Counter: rapid.Uint32Max(1<<24-1).Draw(rt, "counter"),
			},
		}
		text := tap(t, house(t), want, rapid.SliceOfN(rapid.Byte(), 5, 5).Draw(rt, "padding"))
		if len(text) != sun.WordLength || !sun.IsWord(text) {
			rt.Fatalf("%q is no word", text)
		}
		got, err := house(t).Verify(text)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestVerifyRefusesEveryFlippedBit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := tag7()
		m.Counter = rapid.Uint32Max(1<<24-1).Draw(rt, "counter")
		text := []byte(tap(t, house(t), m, padding))
		for bit := range 8 * len(text) {
			text[bit/8] ^= 1 << (bit % 8)
			if got, err := house(t).Verify(string(text)); err == nil {
				rt.Fatalf("bit %d flipped: %q was taken for %+v", bit, text, got)
			}
			text[bit/8] ^= 1 << (bit % 8)
		}
	})
}

// TestVerifyRefusesEveryFlippedBitOfTheBytes flips what the hex digits stand for, so that the text stays well formed.
func TestVerifyRefusesEveryFlippedBitOfTheBytes(t *testing.T) {
	text := tap(t, house(t), tag7(), padding)
	raw, err := hex.DecodeString(text[1:])
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(raw) {
		raw[bit/8] ^= 1 << (bit % 8)
		changed := fmt.Sprintf("S%X", raw)
		if !sun.IsWord(changed) {
			t.Fatalf("%q is no word", changed)
		}
		if got, err := house(t).Verify(changed); err == nil {
			t.Errorf("bit %d flipped: %q was taken for %+v", bit, changed, got)
		}
		raw[bit/8] ^= 1 << (bit % 8)
	}
}

func TestVerifySaysWhy(t *testing.T) {
	good := tap(t, house(t), tag7(), padding)
	other := tag7()
	other.Counter++
	old := tag7()
	old.Version = 12
	for _, test := range []struct {
		name, text string
		want       error
	}{
		{"nothing", "", sun.ErrMalformed},
		{"a token", "Ab3_-xYz0123456789abcd", sun.ErrMalformed},
		{"cut off", good[:50], sun.ErrMalformed},
		{"too long", good + "0", sun.ErrMalformed},
		{"small letters", strings.ToLower(good), sun.ErrMalformed},
		{"small digits", "S" + strings.ToLower(good[1:]), sun.ErrMalformed},
		{"another letter", "T" + good[1:], sun.ErrMalformed},
		{"other characters", good[:10] + "é" + good[12:], sun.ErrMalformed},
		{"long but no word", strings.Repeat("x", 67), sun.ErrMalformed},
		{"a placeholder", sun.Blank(1), sun.ErrBlank},
		{"LRP mode", "S01" + strings.Repeat("A1", 32), sun.ErrWrongTag},
		{"number only", seal(t, house(t), tag7(), 0x87, padding), sun.ErrWrongTag},
		{"counter only", seal(t, house(t), tag7(), 0x40, padding), sun.ErrWrongTag},
		{"something else", seal(t, house(t), tag7(), 0xC4, padding), sun.ErrForeign},
		{"another house", tap(t, ringOf(t, sun.Master{Since: 1, Key: sun.Key{9}}), tag7(), padding), sun.ErrForeign},
		{"the MAC of another tap", good[:sun.MACAt] + tap(t, house(t), other, padding)[sun.MACAt:], sun.ErrTampered},
		{"factory keys", "S00EF963FF7828658A599F3041510671E8894EED9EE65337086", sun.ErrVersion},
		{"another version", tap(t, house(t), old, padding)[:1] + "01" + tap(t, house(t), old, padding)[3:], sun.ErrForeign},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := house(t).Verify(test.text)
			if !errors.Is(err, test.want) {
				t.Errorf("%q: got %+v, %v, want %v", test.text, got, err, test.want)
			}
			matches := 0
			for _, kind := range []error{sun.ErrMalformed, sun.ErrBlank, sun.ErrWrongTag, sun.ErrForeign, sun.ErrTampered, sun.ErrVersion} {
				if errors.Is(err, kind) {
					matches++
				}
			}
			if matches != 1 {
				t.Errorf("%v matches %d reasons", err, matches)
			}
		})
	}
	late := ringOf(t, sun.Master{Since: 9, Key: sun.Key{4, 5, 6}})
	if _, err := late.Verify(good); !errors.Is(err, sun.ErrVersion) {
		t.Errorf("a version before the first master: got %v", err)
	}
}

func TestRing(t *testing.T) {
	for name, masters := range map[string][]sun.Master{
		"none":       nil,
		"zero":       {{Since: 1}},
		"version 0":  {{Key: sun.Key{1}}},
		"two of one": {{Since: 2, Key: sun.Key{1}}, {Since: 2, Key: sun.Key{2}}},
	} {
		if _, err := sun.NewRing(masters...); !errors.Is(err, sun.ErrMasters) {
			t.Errorf("%s: got %v, want %v", name, err, sun.ErrMasters)
		}
	}
	if got := house(t).Newest(); got != 9 {
		t.Errorf("newest version: got %d, want 9", got)
	}
}

func TestRingKeysDiffer(t *testing.T) {
	seen := map[sun.Key]string{}
	for _, uid := range []sun.UID{{4, 1}, {4, 2}} {
		for number := range byte(sun.KeyCount) {
			for _, version := range []byte{1, 2, 9} {
				key, err := house(t).Key(uid, number, version)
				if err != nil {
					t.Fatal(err)
				}
				whose := uid.String()
				if number == sun.KeyMeta {
					whose = "all tags"
				}
				name := fmt.Sprintf("%s, key %d, version %d", whose, number, version)
				if before, ok := seen[key]; ok && before != name {
					t.Errorf("%s and %s are the same", name, before)
				}
				seen[key] = name
			}
		}
	}
	if len(seen) != (2*4+1)*3 {
		t.Errorf("got %d keys", len(seen))
	}
	if key, err := house(t).Key(sun.UID{4}, 0, sun.Factory); err != nil || key != (sun.Key{}) {
		t.Errorf("factory key: got %X, %v", key[:], err)
	}
}

// TestRingKeysStay fails when the derivation changes: every tag in every house would be lost. OpenSSL computed the values
// from number ‖ key number ‖ version ‖ "comanda".
func TestRingKeysStay(t *testing.T) {
	uid := sun.UID(bytesOf(t, "04782E21801D80"))
	ring := ringOf(t, sun.Master{Since: 1, Key: keyOf(t, "00112233445566778899AABBCCDDEEFF")})
	for number, want := range []string{
		sun.KeyMaster: "E30992DD5C60F003CC3BC924CA9189DC",
		sun.KeyFile:   "2F0BB36A6D878B036ECBD3AADBB5AE1F",
		sun.KeyMeta:   "EBA20A53F327319CDA331F37FD829DFB",
		sun.KeyProof:  "7A0CE6009C3DE74E0022C1F33B039572",
		sun.KeySpare:  "CF4B66FB7353391C7A76239CFB47C8C3",
	} {
		got, err := ring.Key(uid, byte(number), 1)
		if err != nil || got != keyOf(t, want) {
			t.Errorf("key %d: got %x, %v, want %s", number, got[:], err, want)
		}
	}
}

func TestMarkAfter(t *testing.T) {
	for _, test := range []struct {
		now, old sun.Mark
		want     bool
	}{
		{sun.Mark{Version: 1, Counter: 2}, sun.Mark{Version: 1, Counter: 1}, true},
		{sun.Mark{Version: 1, Counter: 1}, sun.Mark{Version: 1, Counter: 1}, false},
		{sun.Mark{Version: 1, Counter: 1}, sun.Mark{Version: 1, Counter: 2}, false},
		{sun.Mark{Version: 2, Counter: 1}, sun.Mark{Version: 1, Counter: 900}, true},
		{sun.Mark{Version: 1, Counter: 900}, sun.Mark{Version: 2, Counter: 1}, false},
		{sun.Mark{Version: 1, Counter: 1}, sun.Mark{}, true},
	} {
		if got := test.now.After(test.old); got != test.want {
			t.Errorf("%+v after %+v: got %v", test.now, test.old, got)
		}
	}
}

func TestKeysDoNotShowThemselves(t *testing.T) {
	key := sun.Key{0xAB, 0xCD}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("set", "key", key)
	for _, text := range []string{fmt.Sprint(key), fmt.Sprintf("%v %+v %#v %s %x %d", key, key, key, key, key, struct{ K sun.Key }{key}), log.String()} {
		if strings.Contains(strings.ToLower(text), "abcd") || strings.Contains(text, "171") {
			t.Errorf("%q shows the key", text)
		}
	}
	if text, err := json.Marshal(key); err == nil {
		t.Errorf("a key was written down: %s", text)
	}
}

func FuzzVerify(f *testing.F) {
	ring := house(f)
	f.Add(tap(f, ring, tag7(), padding))
	f.Add(sun.Blank(1))
	f.Add("S01" + strings.Repeat("A1", 32))
	f.Add("")
	f.Add("Sé")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ring.Verify(text)
		if err != nil {
			return
		}
		// Whatever is taken must be what a tag with these keys says: only the padding is free, and it is encrypted.
		if tap(t, ring, m, padding)[sun.MACAt:] != text[sun.MACAt:] {
			t.Errorf("%q was taken for %+v", text, m)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	ring := house(b)
	text := tap(b, ring, tag7(), padding)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.Verify(text); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "words/s")
}
