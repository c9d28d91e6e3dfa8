package type2_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func key(t testing.TB, seed byte) type2.Key {
	t.Helper()
	k, err := type2.NewKey(bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func protect(t *testing.T, card type2.Card, plan type2.Plan) type2.Report {
	t.Helper()
	report, err := type2.Protect(t.Context(), card, plan)
	if err != nil {
		t.Fatalf("protect: %v", err)
	}
	return report
}

func models() map[string]virtual.Model {
	return map[string]virtual.Model{"NTAG213": virtual.NTAG213, "NTAG215": virtual.NTAG215, "NTAG216": virtual.NTAG216}
}

// refuses reports whether the tag refuses a stranger's write to any page from 2 on.
func refuses(t *testing.T, tag *virtual.NTAG) {
	t.Helper()
	before := tag.Memory()
	for n := 2; n < len(before)/4; n++ {
		answer, err := tag.Transmit(t.Context(), apdu.WritePage(byte(n), [4]byte{0, 0, 0, 0}))
		if err != nil || !bytes.Equal(answer, []byte{0x63, 0x00}) {
			t.Fatalf("page %d: got %X, %v, want a refusal", n, answer, err)
		}
		if err := tag.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before, tag.Memory()); diff != "" {
		t.Errorf("a stranger changed the tag (-before +after):\n%s", diff)
	}
}

func TestProtectEveryModel(t *testing.T) {
	for name, model := range models() {
		for _, raw := range []virtual.Raw{virtual.RawDirect, virtual.RawPN53x} {
			t.Run(fmt.Sprintf("%s/%d", name, raw), func(t *testing.T) {
				tag := virtual.NewNTAG(model, uid(1)).Through(raw)
				plan := type2.Plan{URI: tableURI, Key: key(t, 1)}
				report := protect(t, tag, plan)
				if report.URI != tableURI || report.Chip != name || !report.Protected || report.Locked || report.Genuine || report.Pages == 0 {
					t.Errorf("got report %+v", report)
				}
				if got := readURI(t, tag); got != tableURI {
					t.Errorf("a phone reads %q", got)
				}
				refuses(t, tag)
				if _, err := type2.WriteURI(t.Context(), tag, "https://other.example"); !errors.Is(err, type2.ErrProtected) {
					t.Errorf("write without the password: got %v", err)
				}
				if again := protect(t, tag, plan); again.Pages != 0 {
					t.Errorf("the same again wrote %d pages", again.Pages)
				}
				plan.URI = "https://comanda.example/t/another-table"
				if moved := protect(t, tag, plan); moved.URI != plan.URI || moved.Pages == 0 {
					t.Errorf("moved: got %+v", moved)
				}
				refuses(t, tag)
			})
		}
	}
}

func TestWriteWithKey(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG215, uid(1))
	protect(t, tag, type2.Plan{URI: tableURI, Key: key(t, 1)})
	report, err := type2.WriteURI(t.Context(), tag, "https://b.example/t/2", type2.WithKey(key(t, 1)))
	if err != nil || report.URI != "https://b.example/t/2" {
		t.Fatalf("got %+v, %v", report, err)
	}
	refuses(t, tag)
	before := tag.Memory()
	_, err = type2.WriteURI(t.Context(), tag, "https://c.example", type2.WithKey(key(t, 2)))
	var foreign *type2.ForeignError
	if !errors.As(err, &foreign) || !foreign.Tried || !errors.Is(err, type2.ErrProtected) {
		t.Errorf("another key: got %v", err)
	}
	if diff := cmp.Diff(before, tag.Memory()); diff != "" {
		t.Errorf("the tag was changed:\n%s", diff)
	}
	if got := readURI(t, tag); got != "https://b.example/t/2" {
		t.Errorf("the tag shows %q, or is silent", got)
	}
	// An open tag takes the key along without need.
	open := virtual.NewNTAG(virtual.NTAG213, uid(2))
	if _, err := type2.WriteURI(t.Context(), open, tableURI, type2.WithKey(key(t, 2))); err != nil {
		t.Errorf("open tag: got %v", err)
	}
}

func TestPasswordsDiffer(t *testing.T) {
	one, other := key(t, 1), key(t, 2)
	seen := map[type2.Password]bool{}
	for i := range 50 {
		for _, k := range []type2.Key{one, other} {
			number := uid(byte(i))
			p, err := k.Password(number[:])
			if err != nil || seen[p] {
				t.Fatalf("tag %d: %v, or the password of another tag", i, err)
			}
			seen[p] = true
		}
	}
	number := uid(1)
	p, _ := one.Password(number[:])
	q, _ := one.Password(number[:])
	if p != q {
		t.Error("the same key and tag give two passwords")
	}
	for _, text := range []string{fmt.Sprint(one), fmt.Sprintf("%+v %#v", one, one), fmt.Sprintf("%v %#v", p, p)} {
		if strings.Contains(text, "0101") || strings.Contains(text, "1 1") || strings.Contains(text, hex.EncodeToString(p.PWD[:])) {
			t.Errorf("%q gives a secret away", text)
		}
	}
	if _, err := type2.NewKey(make([]byte, 15)); err == nil {
		t.Error("a key of 15 bytes was taken")
	}
	if _, err := (type2.Key{}).Password(number[:]); err == nil {
		t.Error("no key gives a password")
	}
}

func TestProtectChangesKeys(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	old, fresh := key(t, 1), key(t, 2)
	protect(t, tag, type2.Plan{URI: tableURI, Key: old})
	if _, err := type2.Protect(t.Context(), tag, type2.Plan{URI: tableURI, Key: fresh}); !errors.Is(err, type2.ErrForeign) {
		t.Fatalf("without the former key: got %v", err)
	}
	plan := type2.Plan{URI: tableURI, Key: fresh, Former: &old}
	if report := protect(t, tag, plan); report.Pages != 4 {
		t.Errorf("got %d pages written, want protection off, password, answer, protection on", report.Pages)
	}
	refuses(t, tag)
	if report := protect(t, tag, plan); report.Pages != 0 {
		t.Errorf("the same again: got %d pages written", report.Pages)
	}
	if _, err := type2.Protect(t.Context(), tag, type2.Plan{URI: tableURI, Key: old}); !errors.Is(err, type2.ErrForeign) {
		t.Errorf("the former key still opens: %v", err)
	}
}

func TestUnprotect(t *testing.T) {
	for name, model := range models() {
		tag := virtual.NewNTAG(model, uid(1))
		fresh := tag.Memory()
		plan := type2.Plan{URI: "https://a.example/{tap}", Key: key(t, 1), Mirror: type2.MirrorBoth, AuthLimit: 5}
		protect(t, tag, plan)
		if _, err := type2.Unprotect(t.Context(), tag, type2.Plan{Key: key(t, 2)}); !errors.Is(err, type2.ErrForeign) {
			t.Errorf("%s: another key: got %v", name, err)
		}
		report, err := type2.Unprotect(t.Context(), tag, type2.Plan{Key: key(t, 1), AuthLimit: 5})
		if err != nil || report.Pages == 0 || report.Protected {
			t.Fatalf("%s: got %+v, %v", name, report, err)
		}
		config := len(fresh) - 5*4
		if diff := cmp.Diff(fresh[config:], tag.Memory()[config:]); diff != "" {
			t.Errorf("%s: not as from the factory (-want +got):\n%s", name, diff)
		}
		if report, err := type2.Unprotect(t.Context(), tag, plan); err != nil || report.Pages != 0 {
			t.Errorf("%s: again: got %+v, %v", name, report, err)
		}
		write(t, tag, tableURI)
	}
}

func TestMirror(t *testing.T) {
	number := uid(1)
	digits := strings.ToUpper(hex.EncodeToString(number[:]))
	for mirror, length := range map[type2.Mirror]int{type2.MirrorUID: 14, type2.MirrorCounter: 6, type2.MirrorBoth: 21} {
		for name, model := range models() {
			for pad := range 4 {
				tag := virtual.NewNTAG(model, number)
				plan := type2.Plan{URI: "https://a.example/" + strings.Repeat("p", pad) + "?m={tap}&z", Key: key(t, 1), Mirror: mirror}
				report := protect(t, tag, plan)
				tap := strings.TrimSuffix(strings.TrimPrefix(report.URI, "https://a.example/"+strings.Repeat("p", pad)+"?m="), "&z")
				if len(tap) != length || mirror&type2.MirrorUID != 0 && tap[:14] != digits {
					t.Fatalf("%s: mirror %d: got %q", name, mirror, report.URI)
				}
				if again := protect(t, tag, plan); again.Pages != 0 {
					t.Errorf("%s: mirror %d: the same again wrote %d pages", name, mirror, again.Pages)
				}
				if mirror&type2.MirrorCounter != 0 {
					first := readAfterPowerCycle(t, tag)
					if second := readAfterPowerCycle(t, tag); second == first {
						t.Errorf("%s: mirror %d: two taps read %q", name, mirror, first)
					}
				}
			}
		}
	}
}

func readAfterPowerCycle(t *testing.T, tag *virtual.NTAG) string {
	t.Helper()
	if err := tag.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	return readURI(t, tag)
}

func TestMirrorMovesAndGoes(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	for _, plan := range []type2.Plan{
		{URI: "https://a.example/{tap}", Mirror: type2.MirrorBoth},
		{URI: "https://a.example/longer/{tap}/end", Mirror: type2.MirrorUID},
		{URI: "https://b.example/longer/{tap}/end", Mirror: type2.MirrorUID},
		{URI: "https://b.example/longer/without"},
		{URI: "https://b.example/{tap}", Mirror: type2.MirrorCounter},
	} {
		plan.Key = key(t, 1)
		report := protect(t, tag, plan)
		before, behind, _ := strings.Cut(plan.URI, "{tap}")
		if !strings.HasPrefix(report.URI, before) || !strings.HasSuffix(report.URI, behind) || strings.Contains(report.URI, "{") {
			t.Errorf("plan %s: got %s", plan.URI, report.URI)
		}
		if again := protect(t, tag, plan); again.Pages != 0 {
			t.Errorf("plan %s: the same again wrote %d pages", plan.URI, again.Pages)
		}
		refuses(t, tag)
	}
	// What the tag puts into its address would fall upon another one.
	if _, err := type2.WriteURI(t.Context(), tag, tableURI, type2.WithKey(key(t, 1))); !errors.Is(err, type2.ErrProtected) {
		t.Errorf("write under a mirror: got %v", err)
	}
}

func TestLockForever(t *testing.T) {
	for name, model := range models() {
		tag := virtual.NewNTAG(model, uid(1))
		plan := type2.Plan{URI: tableURI, Key: key(t, 1), LockForever: true}
		if report := protect(t, tag, plan); !report.Locked {
			t.Fatalf("%s: got %+v", name, report)
		}
		if report := protect(t, tag, plan); report.Pages != 0 || !report.Locked {
			t.Errorf("%s: again: got %+v", name, report)
		}
		plan.URI = "https://other.example"
		before := tag.Memory()
		if _, err := type2.Protect(t.Context(), tag, plan); !errors.Is(err, type2.ErrProtected) || errors.Is(err, type2.ErrForeign) {
			t.Errorf("%s: another address: got %v", name, err)
		}
		// Even with the password no page of the content can be written.
		password, _ := plan.Key.Password(func() []byte { u := uid(1); return u[:] }())
		for n := 2; n < (len(before)/4)-5; n++ {
			if err := tag.Reset(t.Context()); err != nil {
				t.Fatal(err)
			}
			tag.Transmit(context.Background(), append([]byte{0xFF, 0, 0, 0, 5, 0x1B}, password.PWD[:]...))
			tag.Transmit(context.Background(), apdu.WritePage(byte(n), [4]byte{0xFF, 0xFF, 0xFF, 0xFF}))
			if n == 2 || n == 3 {
				continue // one-time programmable bits: set already, or frozen by the page's own lock bit
			}
			if diff := cmp.Diff(before[n*4:n*4+4], tag.Memory()[n*4:n*4+4]); diff != "" {
				t.Fatalf("%s: page %d was written:\n%s", name, n, diff)
			}
		}
	}
}

func TestNothingIsLockedWithoutTheFlag(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	protect(t, tag, type2.Plan{URI: tableURI, Key: key(t, 1), AuthLimit: 7, Mirror: type2.MirrorNone})
	m := tag.Memory()
	if !bytes.Equal(m[10:12], []byte{0, 0}) || !bytes.Equal(m[0x28*4:0x28*4+3], []byte{0, 0, 0}) || m[0x2A*4]&0x40 != 0 || m[15] != 0 {
		t.Errorf("something that cannot be undone was set: %X", m)
	}
}
