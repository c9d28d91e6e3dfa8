package type2_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

const (
	cfg0213 = 0x29
	cfg1213 = 0x2A
	pwd213  = 0x2B
)

// stranger is a tag that somebody else has protected.
func stranger(prepare func(*virtual.NTAG)) *virtual.NTAG {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	tag.Put(pwd213, []byte{1, 2, 3, 4, 5, 6, 0, 0})
	tag.Put(cfg0213, []byte{4, 0, 0, 4})
	prepare(tag)
	return tag
}

// TestProtectLeavesStrangersAlone lists tags that are not ours to change: each is told, changed in nothing, and listens afterwards.
func TestProtectLeavesStrangersAlone(t *testing.T) {
	for _, test := range []struct {
		name string
		tag  *virtual.NTAG
		want error
		// wrong is how many wrong passwords the tag may count.
		wrong int
	}{
		{"foreign password", stranger(func(*virtual.NTAG) {}), type2.ErrForeign, 0},
		{"foreign password, also for reading", stranger(func(tag *virtual.NTAG) { tag.Put(cfg1213, []byte{0x80, 5, 0, 0}) }), type2.ErrForeign, 0},
		{"everything is secret", stranger(func(tag *virtual.NTAG) {
			tag.Put(cfg1213, []byte{0x80, 5, 0, 0})
			tag.Put(cfg0213, []byte{4, 0, 0, 0})
		}), type2.ErrProtected, 0},
		{"locks itself after one", stranger(func(tag *virtual.NTAG) { tag.Put(cfg1213, []byte{1, 5, 0, 0}) }), type2.ErrForeign, 0},
		{"locks itself after seven", stranger(func(tag *virtual.NTAG) { tag.Put(cfg1213, []byte{7, 5, 0, 0}) }), type2.ErrForeign, 0},
		{"container says read-only", stranger(func(tag *virtual.NTAG) {
			tag.Put(cfg0213, []byte{4, 0, 0, 0xFF})
			tag.Put(3, []byte{0xE1, 0x10, 0x12, 0x0F})
		}), type2.ErrProtected, 0},
		{"static locks", stranger(func(tag *virtual.NTAG) {
			tag.Put(cfg0213, []byte{4, 0, 0, 0xFF})
			tag.Put(2, []byte{tag.Memory()[8], 0x48, 0xF0, 0xFF})
		}), type2.ErrProtected, 0},
		{"configuration lock", stranger(func(tag *virtual.NTAG) {
			tag.Put(cfg0213, []byte{4, 0, 0, 0xFF})
			tag.Put(cfg1213, []byte{0x40, 5, 0, 0})
		}), type2.ErrProtected, 0},
		{"not formatted", stranger(func(tag *virtual.NTAG) {
			tag.Put(cfg0213, []byte{4, 0, 0, 0xFF})
			tag.Put(3, []byte{0, 0, 0, 0})
		}), type2.ErrNotFormatted, 0},
		{"half formatted, as too small", stranger(func(tag *virtual.NTAG) {
			tag.Put(cfg0213, []byte{4, 0, 0, 0xFF})
			tag.Put(3, []byte{0xE1, 0x10, 0x02, 0})
		}), type2.ErrTooLong, 0},
		{"its reader passes nothing on", virtual.NewNTAG(virtual.NTAG213, uid(1)).Through(virtual.RawNone), type2.ErrNoPassword, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := test.tag.Memory()
			if err := test.tag.Reset(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err := type2.Protect(t.Context(), test.tag, type2.Plan{URI: tableURI, Key: key(t, 1)})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if diff := cmp.Diff(before, test.tag.Memory()); diff != "" || test.tag.Writes() != 0 {
				t.Errorf("the tag was changed (-before +after):\n%s", diff)
			}
			if got := test.tag.Wrong(); got != test.wrong {
				t.Errorf("the tag counts %d wrong passwords, want %d", got, test.wrong)
			}
			if _, err := type2.Identify(t.Context(), test.tag); err != nil {
				t.Errorf("the tag is silent afterwards: %v", err)
			}
		})
	}
}

func TestInsistTriesOnce(t *testing.T) {
	tag := stranger(func(tag *virtual.NTAG) { tag.Put(cfg1213, []byte{3, 5, 0, 0}) })
	_, err := type2.Protect(t.Context(), tag, type2.Plan{URI: tableURI, Key: key(t, 1), Insist: true})
	var foreign *type2.ForeignError
	if !errors.As(err, &foreign) || !foreign.Tried || foreign.Limit != 3 || !strings.Contains(err.Error(), "do not try again") {
		t.Errorf("got %v", err)
	}
	if got := tag.Wrong(); got != 2 {
		t.Errorf("the tag counts %d wrong passwords of 3, want 2", got)
	}
	last := stranger(func(tag *virtual.NTAG) { tag.Put(cfg1213, []byte{1, 5, 0, 0}) })
	if _, err := type2.Protect(t.Context(), last, type2.Plan{URI: tableURI, Key: key(t, 1)}); err == nil || last.Wrong() != 0 {
		t.Errorf("without insisting: got %v, %d wrong passwords", err, last.Wrong())
	}
}

// TestFakeThatAcceptsEverything is a copy that says yes to any password but does not know the answer.
func TestFakeThatAcceptsEverything(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	plan := type2.Plan{URI: tableURI, Key: key(t, 1)}
	protect(t, tag, plan)
	before := tag.Writes()
	fake := agreeing{tag}
	plan.URI = "https://other.example"
	if _, err := type2.Protect(t.Context(), fake, plan); !errors.Is(err, type2.ErrForeign) || tag.Writes() != before {
		t.Errorf("got %v, %d pages written", err, tag.Writes()-before)
	}
}

type agreeing struct{ *virtual.NTAG }

func (a agreeing) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	if len(cmd) == 10 && cmd[5] == 0x1B {
		return []byte{0xAA, 0xAA, 0x90, 0x00}, nil
	}
	return a.NTAG.Transmit(ctx, cmd)
}

func TestUnexpectedContentIsReplaced(t *testing.T) {
	text := ndef.Message{{TNF: ndef.MIME, Type: "text/vcard", Payload: bytes.Repeat([]byte("x"), 90)}}
	for name, prepare := range map[string]func(*virtual.NTAG){
		"a visiting card": func(tag *virtual.NTAG) {
			if _, err := type2.Write(t.Context(), tag, text); err != nil {
				t.Fatal(err)
			}
		},
		"garbage":                       func(tag *virtual.NTAG) { tag.Put(4, bytes.Repeat([]byte{0x03, 0xFE, 0x5A}, 40)) },
		"nothing":                       func(tag *virtual.NTAG) { tag.Put(4, make([]byte, 144)) },
		"a factory password that is on": func(tag *virtual.NTAG) { tag.Put(cfg0213, []byte{4, 0, 0, 4}) },
		"somebody's mirror":             func(tag *virtual.NTAG) { tag.Put(cfg0213, []byte{0x44, 0, 4, 0xFF}) },
		"the same content":              func(tag *virtual.NTAG) { write(t, tag, tableURI) },
	} {
		tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
		prepare(tag)
		if err := tag.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		if report := protect(t, tag, type2.Plan{URI: tableURI, Key: key(t, 1)}); report.URI != tableURI {
			t.Errorf("%s: got %+v", name, report)
		}
		refuses(t, tag)
	}
}

func TestPlansThatMakeNoSense(t *testing.T) {
	for name, plan := range map[string]type2.Plan{
		"no key":                 {URI: tableURI},
		"limit of one":           {URI: tableURI, Key: key(t, 1), AuthLimit: 1},
		"limit of eight":         {URI: tableURI, Key: key(t, 1), AuthLimit: 8},
		"no such mirror":         {URI: tableURI, Key: key(t, 1), Mirror: 4},
		"mirror without a place": {URI: tableURI, Key: key(t, 1), Mirror: type2.MirrorUID},
		"mirror with two places": {URI: "https://a.example/{tap}{tap}", Key: key(t, 1), Mirror: type2.MirrorUID},
		"place without mirror":   {URI: "https://a.example/{tap}", Key: key(t, 1)},
		"no address":             {Key: key(t, 1)},
		"longer than the tag":    {URI: "https://" + strings.Repeat("a", 133), Key: key(t, 1)},
	} {
		tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
		if _, err := type2.Protect(t.Context(), tag, plan); err == nil || tag.Writes() != 0 {
			t.Errorf("%s: got %v, %d pages written", name, err, tag.Writes())
		}
	}
}

// TestContainerThatPromisesTooMuch would lead a long address over the lock bits.
func TestContainerThatPromisesTooMuch(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	tag.Put(3, []byte{0xE1, 0x10, 0x6D, 0x00})
	long := "https://" + strings.Repeat("a", 140)
	if _, err := type2.Protect(t.Context(), tag, type2.Plan{URI: long, Key: key(t, 1)}); !errors.Is(err, type2.ErrTooLong) {
		t.Errorf("protect: got %v", err)
	}
	if _, err := type2.WriteURI(t.Context(), tag, long); !errors.Is(err, type2.ErrTooLong) {
		t.Errorf("write: got %v", err)
	}
	if tag.Writes() != 0 {
		t.Errorf("%d pages were written", tag.Writes())
	}
}

// relative is a chip of the same family whose configuration lies elsewhere.
type relative struct {
	*virtual.NTAG
	version []byte
}

func (r relative) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	if bytes.Equal(cmd, []byte{0xFF, 0, 0, 0, 1, 0x60}) {
		return append(bytes.Clone(r.version), 0x90, 0x00), nil
	}
	return r.NTAG.Transmit(ctx, cmd)
}

func TestOtherMakersAndRelatives(t *testing.T) {
	for name, version := range map[string][]byte{
		"NTAG I2C": {0, 4, 4, 5, 2, 2, 0x13, 3}, "NTAG213 TT": {0, 4, 4, 2, 3, 0, 0x0F, 3}, "Ultralight EV1": {0, 4, 3, 1, 1, 0, 0x0B, 3},
		"another maker": {0, 5, 4, 2, 1, 0, 0x0F, 3}, "NTAG210": {0, 4, 4, 1, 1, 0, 0x0B, 3},
	} {
		tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
		card := relative{tag, version}
		if _, err := type2.Protect(t.Context(), card, type2.Plan{URI: tableURI, Key: key(t, 1)}); !errors.Is(err, type2.ErrNoPassword) || tag.Writes() != 0 {
			t.Errorf("%s: got %v, %d pages written", name, err, tag.Writes())
		}
		if _, err := type2.WriteURI(t.Context(), card, tableURI); err != nil {
			t.Errorf("%s: write: %v", name, err)
		}
	}
}

// FuzzContainer protects tags whose container and content are anything. Whatever happens is told, never a panic, and a tag that
// was protected shows the address and opens with its key.
func FuzzContainer(f *testing.F) {
	f.Add([]byte{0xE1, 0x10, 0x12, 0x00}, []byte{0x03, 0x00, 0xFE})
	f.Add([]byte{0xE1, 0x10, 0xFF, 0x00}, []byte{0x01, 0x03, 0xA0, 0x0C, 0x34, 0x03, 0x00, 0xFE})
	f.Add([]byte{0xE1, 0x40, 0x12, 0x00}, []byte{0x02, 0x03, 0x2C, 0x06, 0x04, 0x03, 0xFF, 0xFF, 0xFF})
	f.Add([]byte{0x00, 0x00, 0x00, 0x00}, []byte{})
	secret := key(f, 1)
	f.Fuzz(func(t *testing.T, container, content []byte) {
		tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
		tag.Put(3, container[:min(len(container), 4)])
		tag.Put(4, content[:min(len(content), 144)])
		_, _ = type2.Read(t.Context(), tag)
		if err := tag.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		report, err := type2.Protect(t.Context(), tag, type2.Plan{URI: tableURI, Key: secret})
		if err != nil {
			return
		}
		if report.URI != tableURI || !report.Protected {
			t.Fatalf("got %+v", report)
		}
		if answer, err := tag.Transmit(t.Context(), apdu.WritePage(5, [4]byte{})); err != nil || answer[0] != 0x63 {
			t.Fatalf("a stranger can write: %X, %v", answer, err)
		}
	})
}
