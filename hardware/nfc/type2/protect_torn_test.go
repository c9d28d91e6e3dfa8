package type2_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// change is something done to a tag in its life.
type change struct {
	name string
	// before brings the tag to where the change starts, and shows is what a phone may read there.
	before func(t *testing.T, tag *virtual.NTAG)
	shows  string
	do     func(t *testing.T, tag *virtual.NTAG) (type2.Report, error)
	// after is what a phone reads in the end, up to a mirror.
	after string
	// loses says that the content may be gone after the change was cut short.
	loses bool
}

func protecting(plan type2.Plan) func(*testing.T, *virtual.NTAG) (type2.Report, error) {
	return func(t *testing.T, tag *virtual.NTAG) (type2.Report, error) {
		return type2.Protect(t.Context(), tag, plan)
	}
}

func having(plans ...type2.Plan) func(*testing.T, *virtual.NTAG) {
	return func(t *testing.T, tag *virtual.NTAG) {
		for _, p := range plans {
			protect(t, tag, p)
		}
	}
}

const otherURI = "https://comanda.example/t/another-table-far-away"

func changes(t *testing.T) []change {
	old, fresh := key(t, 1), key(t, 2)
	plain := type2.Plan{URI: tableURI, Key: old}
	moved := type2.Plan{URI: otherURI, Key: old}
	rekeyed := type2.Plan{URI: tableURI, Key: fresh, Former: &old}
	both := type2.Plan{URI: otherURI, Key: fresh, Former: &old}
	limited := type2.Plan{URI: tableURI, Key: old, AuthLimit: 4}
	limitedAgain := type2.Plan{URI: tableURI, Key: fresh, Former: &old, AuthLimit: 4}
	mirrored := type2.Plan{URI: tableURI + "?m={tap}", Key: old, Mirror: type2.MirrorBoth}
	mirroredMoved := type2.Plan{URI: otherURI + "?m={tap}", Key: old, Mirror: type2.MirrorUID}
	locked := type2.Plan{URI: tableURI, Key: old, LockForever: true}
	unprotect := func(plan type2.Plan) func(*testing.T, *virtual.NTAG) (type2.Report, error) {
		return func(t *testing.T, tag *virtual.NTAG) (type2.Report, error) {
			return type2.Unprotect(t.Context(), tag, plan)
		}
	}
	return []change{
		{"new tag", having(), "", protecting(plain), tableURI, false},
		{"new tag with a limit", having(), "", protecting(limited), tableURI, false},
		{"new tag with a mirror", having(), "", protecting(mirrored), tableURI, false},
		{"new tag locked", having(), "", protecting(locked), tableURI, false},
		{"moved", having(plain), tableURI, protecting(moved), otherURI, false},
		{"another key", having(plain), tableURI, protecting(rekeyed), tableURI, false},
		{"another key and address", having(plain), tableURI, protecting(both), otherURI, false},
		{"another key with a limit", having(limited), tableURI, protecting(limitedAgain), tableURI, false},
		{"mirror added", having(plain), tableURI, protecting(mirrored), tableURI, false},
		{"mirror moved", having(mirrored), tableURI, protecting(mirroredMoved), otherURI, false},
		{"mirror taken away", having(mirrored), tableURI, protecting(plain), tableURI, false},
		{"unprotected", having(mirrored), tableURI, unprotect(plain), tableURI, true},
		{"unprotected with a limit", having(limited), tableURI, unprotect(limited), tableURI, false},
		{"written with the key", having(plain), tableURI, func(t *testing.T, tag *virtual.NTAG) (type2.Report, error) {
			return type2.WriteURI(t.Context(), tag, otherURI, type2.WithKey(old))
		}, otherURI, false},
	}
}

// glimpse is what a phone reads: an address, nothing, or content that is damaged, which phones show as nothing.
func glimpse(t *testing.T, tag *virtual.NTAG) string {
	t.Helper()
	if err := tag.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := type2.Read(t.Context(), tag)
	if err != nil {
		return ""
	}
	got, _ := content.Message.URI()
	return got
}

// isOne reports whether got is one of the addresses, with or without what a mirror adds.
func isOne(got string, of ...string) bool {
	for _, want := range of {
		if rest, ok := strings.CutPrefix(got, want); ok && (rest == "" || want != "" && strings.HasPrefix(rest, "?m=")) {
			return true
		}
	}
	return false
}

// ends reports whether a phone may read this when the change is over.
func (c change) ends(got string) bool { return isOne(got, c.after) || c.loses && got == "" }

// TestProtectTornAnywhere takes the tag away during every single command of every change, before, while and after the tag
// carries it out. A phone then reads the old address, none, or the new; and the same call again ends well.
func TestProtectTornAnywhere(t *testing.T) {
	tears := map[string]func(*virtual.NTAG, int){
		"before": func(tag *virtual.NTAG, n int) { tag.TearAfter(n, false) },
		"within": func(tag *virtual.NTAG, n int) { tag.TearWithin(n) },
		"after":  func(tag *virtual.NTAG, n int) { tag.TearAfter(n, true) },
	}
	for _, c := range changes(t) {
		for how, tear := range tears {
			for _, late := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/late=%v", c.name, how, late), func(t *testing.T) {
					torn := 0
					for n := 0; tornOnce(t, c, n, late, tear, [4]byte{0x5A, 0xA5, 0x0F, 0x33}); n++ {
						torn++
					}
					if torn < 12 {
						t.Errorf("torn only %d times", torn)
					}
				})
			}
		}
	}
}

// tornOnce tears a change after n commands and repeats it. It is false when the change was over by then.
func tornOnce(t *testing.T, c change, n int, late bool, tear func(*virtual.NTAG, int), mix [4]byte) bool {
	t.Helper()
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1)).Mixing(mix)
	if late {
		tag.Late()
	}
	c.before(t, tag)
	tear(tag, n)
	_, err := c.do(t, tag)
	if err == nil {
		return false
	}
	if !errors.Is(err, nfc.ErrNoCard) {
		t.Fatalf("torn after %d commands: got %v", n, err)
	}
	tag.Return()
	if got := glimpse(t, tag); got != "" && !isOne(got, c.shows, c.after) {
		t.Fatalf("torn after %d commands: a phone reads %q", n, got)
	}
	if _, err := c.do(t, tag); err != nil {
		t.Fatalf("torn after %d commands and repeated: %v", n, err)
	}
	if got := glimpse(t, tag); !c.ends(got) {
		t.Fatalf("torn after %d commands and repeated: a phone reads %q", n, got)
	}
	if report, err := c.do(t, tag); err != nil || report.Pages != 0 {
		t.Fatalf("torn after %d commands, repeated, and once more: got %+v, %v", n, report, err)
	}
	return true
}

// TestProtectTornTwice tears a change and its repetition at any commands and with any bits of a page coming through.
func TestProtectTornTwice(t *testing.T) {
	all := changes(t)
	rapid.Check(t, func(r *rapid.T) {
		c := all[rapid.IntRange(0, len(all)-1).Draw(r, "change")]
		tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
		if rapid.Bool().Draw(r, "late") {
			tag.Late()
		}
		c.before(t, tag)
		for range rapid.IntRange(1, 4).Draw(r, "times") {
			bits := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(r, "bits")
			tag.Mixing([4]byte(bits)).TearWithin(rapid.IntRange(0, 60).Draw(r, "commands"))
			_, err := c.do(t, tag)
			if err != nil && !errors.Is(err, nfc.ErrNoCard) {
				r.Fatalf("%s: got %v", c.name, err)
			}
			tag.Return()
			if got := glimpse(t, tag); got != "" && !isOne(got, c.shows, c.after) {
				r.Fatalf("%s: a phone reads %q", c.name, got)
			}
		}
		if _, err := c.do(t, tag); err != nil {
			r.Fatalf("%s: repeated: %v", c.name, err)
		}
		if got := glimpse(t, tag); !c.ends(got) {
			r.Fatalf("%s: a phone reads %q in the end", c.name, got)
		}
	})
}

// TestProtectNoticesAnotherTag exchanges the tag at every command. No tag may end up behind a password that is not its own.
func TestProtectNoticesAnotherTag(t *testing.T) {
	plan := type2.Plan{URI: tableURI, Key: key(t, 1)}
	swapped := 0
	for n := 1; ; n++ {
		s := &swapping{before: virtual.NewNTAG(virtual.NTAG213, uid(1)), after: virtual.NewNTAG(virtual.NTAG213, uid(2)), left: n}
		_, err := type2.Protect(t.Context(), s, plan)
		if err == nil && s.left >= 0 {
			break
		}
		if err == nil {
			t.Fatalf("swapped after %d commands: nobody was told", n)
		}
		swapped++
		for _, tag := range []*virtual.NTAG{s.before, s.after} {
			if err := tag.Reset(t.Context()); err != nil {
				t.Fatal(err)
			}
			if report, err := type2.Protect(t.Context(), tag, plan); err != nil || !report.Protected {
				t.Fatalf("swapped after %d commands: one of the tags cannot be used any more: %v", n, err)
			}
		}
	}
	if swapped < 20 {
		t.Errorf("swapped only %d times", swapped)
	}
}
