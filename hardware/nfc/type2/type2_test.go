package type2_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

const tableURI = "https://comanda.example/t/8f3kQz7WmN2pXv5bT1cRyA"

func uid(last byte) [7]byte { return [7]byte{0x04, 0x11, 0x22, 0x33, 0x44, 0x55, last} }

func write(t *testing.T, card type2.Card, uri string) type2.Report {
	t.Helper()
	report, err := type2.WriteURI(t.Context(), card, uri)
	if err != nil {
		t.Fatalf("write %s: %v", uri, err)
	}
	return report
}

func readURI(t *testing.T, card apdu.Transmitter) string {
	t.Helper()
	content, err := type2.Read(t.Context(), card)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	got, _ := content.Message.URI()
	return got
}

func TestWriteEveryModelThroughEveryReader(t *testing.T) {
	for model, name := range map[virtual.Model]string{virtual.NTAG213: "NTAG213", virtual.NTAG215: "NTAG215", virtual.NTAG216: "NTAG216"} {
		for _, raw := range []virtual.Raw{virtual.RawDirect, virtual.RawPN53x, virtual.RawNone} {
			t.Run(fmt.Sprintf("%s/%d", name, raw), func(t *testing.T) {
				tag := virtual.NewNTAG(model, uid(1)).Through(raw)
				if got := readURI(t, tag); got != "" {
					t.Errorf("fresh tag holds %q", got)
				}
				report := write(t, tag, tableURI)
				if raw != virtual.RawNone && report.Chip != name {
					t.Errorf("got chip %q, want %q", report.Chip, name)
				}
				if report.URI != tableURI || report.Pages == 0 {
					t.Errorf("got report %+v", report)
				}
				again := write(t, tag, tableURI)
				if again.Pages != 0 {
					t.Errorf("the same content again: got %d pages written, want none", again.Pages)
				}
				write(t, tag, "tel:112")
				if got := readURI(t, tag); got != "tel:112" {
					t.Errorf("got %q after a second address", got)
				}
			})
		}
	}
}

// TestCapacity fills each model to the last byte, and one further. The figures are those of the data sheets.
func TestCapacity(t *testing.T) {
	for model, fits := range map[virtual.Model]int{virtual.NTAG213: 137, virtual.NTAG215: 492, virtual.NTAG216: 868} {
		tag := virtual.NewNTAG(model, uid(1))
		header := 5
		if fits > 255+5 {
			header = 8
		}
		full := "https://" + strings.Repeat("a", fits-header)
		if report := write(t, tag, full); report.Size != fits || report.Capacity != fits {
			t.Errorf("model %d: got %d of %d bytes, want %d", model, report.Size, report.Capacity, fits)
		}
		if got := readURI(t, tag); got != full {
			t.Errorf("model %d: got %d characters back, want %d", model, len(got), len(full))
		}
		before := tag.Writes()
		_, err := type2.WriteURI(t.Context(), tag, full+"a")
		var small *type2.CapacityError
		if !errors.As(err, &small) || small.Fits != fits || small.Need != fits+1 || !errors.Is(err, type2.ErrTooLong) {
			t.Errorf("model %d: got error %v, want one that says %d bytes fit", model, err, fits)
		}
		if tag.Writes() != before {
			t.Errorf("model %d: a refused write changed the tag", model)
		}
	}
}

func TestWriteKeepsLockControl(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	write(t, tag, tableURI)
	if diff := cmp.Diff([]byte{0x01, 0x03, 0xA0, 0x0C, 0x34, 0x03}, tag.Memory()[16:22]); diff != "" {
		t.Errorf("data area starts differently (-want +got):\n%s", diff)
	}
}

func TestWriteRefusesProtectedTags(t *testing.T) {
	for name, protect := range map[string]func(*virtual.NTAG){
		"capability container": func(tag *virtual.NTAG) { tag.Put(3, []byte{0xE1, 0x10, 0x12, 0x0F}) },
		"static lock":          func(tag *virtual.NTAG) { tag.Put(2, []byte{0, 0, 0x20, 0}) },
		"dynamic lock":         func(tag *virtual.NTAG) { tag.Put(0x28, []byte{0x01, 0, 0, 0xBD}) },
		"password":             func(tag *virtual.NTAG) { tag.Put(0x29, []byte{4, 0, 0, 4}) },
		"password for reading": func(tag *virtual.NTAG) { tag.Put(0x29, []byte{4, 0, 0, 0x10, 0x80}) },
	} {
		t.Run(name, func(t *testing.T) {
			tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
			write(t, tag, "https://old.example/"+strings.Repeat("x", 40))
			protect(tag)
			before := tag.Writes()
			_, err := type2.WriteURI(t.Context(), tag, "https://new.example/"+strings.Repeat("y", 40))
			var refused *type2.ProtectedError
			if !errors.As(err, &refused) || !errors.Is(err, type2.ErrProtected) {
				t.Fatalf("got %v, want a ProtectedError", err)
			}
			if tag.Writes() != before {
				t.Error("a protected tag was changed")
			}
			if _, err := apdu.ReadUID(t.Context(), tag); err != nil {
				t.Errorf("the tag is silent afterwards: %v", err)
			}
		})
	}
}

func TestUnformattedTag(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	tag.Put(3, []byte{0, 0, 0, 0})
	if _, err := type2.Read(t.Context(), tag); !errors.Is(err, type2.ErrNotFormatted) {
		t.Errorf("read: got %v", err)
	}
	if _, err := type2.WriteURI(t.Context(), tag, tableURI); !errors.Is(err, type2.ErrNotFormatted) {
		t.Errorf("write: got %v", err)
	}
}

func TestDamagedTagIsToldAndCanBeWritten(t *testing.T) {
	for name, data := range map[string][]byte{
		"message damaged":       {0x03, 0x02, 0xD1, 0x01, 0xFE},
		"message too long":      {0x03, 0xFE},
		"lock control cut":      {0x01, 0x02, 0, 0},
		"long block":            {0xFD, 0xFF, 0xFF, 0xFF},
		"not a URI prefix only": {0x03, 0x05, 0xF7, 0x01, 0x01, 0x55, 0x00},
	} {
		t.Run(name, func(t *testing.T) {
			tag := virtual.NewNTAG(virtual.NTAG215, uid(1))
			tag.Put(4, append(data, make([]byte, 16)...))
			if name == "message too long" {
				tag.Put(3, []byte{0xE1, 0x10, 0x06, 0x00})
			}
			_, err := type2.Read(t.Context(), tag)
			if _, ok := errors.AsType[*ndef.SyntaxError](err); !ok {
				t.Fatalf("read: got %v, want a SyntaxError", err)
			}
			write(t, tag, "https://a.example/1")
			if got := readURI(t, tag); got != "https://a.example/1" {
				t.Errorf("got %q after repair", got)
			}
		})
	}
}

// TestReservedBytesAreSkipped puts a memory control block in front whose bytes lie in the middle of the message.
func TestReservedBytesAreSkipped(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG215, uid(1))
	// Six bytes from byte 44 of the memory on (2·16+12), which is offset 28 of the data area.
	tag.Put(4, []byte{0x02, 0x03, 0x2C, 0x06, 0x04, 0xFE})
	tag.Put(11, []byte{0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF})
	write(t, tag, tableURI)
	if got := readURI(t, tag); got != tableURI {
		t.Errorf("got %q, want %q", got, tableURI)
	}
	if diff := cmp.Diff([]byte{0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}, tag.Memory()[44:50]); diff != "" {
		t.Errorf("reserved bytes were changed (-want +got):\n%s", diff)
	}
}

// TestTornAnywhere takes the tag away during every single command of a writing, both before and after the tag carried
// it out. The tag must then hold the old address, none, or the new one; and the same call again must end well.
func TestTornAnywhere(t *testing.T) {
	for _, test := range []struct {
		name     string
		model    virtual.Model
		old, new string
	}{
		{"fresh", virtual.NTAG213, "", tableURI},
		{"longer", virtual.NTAG213, "https://a.example/t/1", tableURI + "/and/a/bit/more"},
		{"shorter", virtual.NTAG215, tableURI + "/and/a/bit/more", "https://b.example"},
		{"one byte to three byte length", virtual.NTAG216, tableURI, "https://" + strings.Repeat("b", 300)},
		{"three byte to one byte length", virtual.NTAG216, "https://" + strings.Repeat("b", 300), tableURI},
	} {
		t.Run(test.name, func(t *testing.T) {
			torn, seen := 0, map[string]bool{}
			for _, done := range []bool{false, true} {
				for n := 0; ; n++ {
					tag := virtual.NewNTAG(test.model, uid(1))
					if test.old != "" {
						write(t, tag, test.old)
					}
					tag.TearAfter(n, done)
					_, err := type2.WriteURI(t.Context(), tag, test.new)
					if err == nil {
						break
					}
					if !errors.Is(err, nfc.ErrNoCard) {
						t.Fatalf("torn after %d commands: got %v", n, err)
					}
					torn++
					tag.Return()
					if err := tag.Reset(t.Context()); err != nil {
						t.Fatal(err)
					}
					got := readURI(t, tag)
					if got != test.old && got != "" && got != test.new {
						t.Fatalf("torn after %d commands (carried out: %v): the tag shows %q", n, done, got)
					}
					seen[got] = true
					write(t, tag, test.new)
					if got := readURI(t, tag); got != test.new {
						t.Fatalf("torn after %d commands and repeated: got %q", n, got)
					}
				}
			}
			if torn < 20 || !seen[test.old] || !seen[""] || !seen[test.new] {
				t.Errorf("the loop tore %d times and saw %d contents; it does not cover the writing", torn, len(seen))
			}
		})
	}
}

// swapping is a reader at which the tag is exchanged after some commands without any sign of it.
type swapping struct {
	before, after *virtual.NTAG
	left          int
}

func (s *swapping) now() *virtual.NTAG {
	if s.left <= 0 {
		return s.after
	}
	return s.before
}

func (s *swapping) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	defer func() { s.left-- }()
	return s.now().Transmit(ctx, cmd)
}

func (s *swapping) Reset(ctx context.Context) error { return s.now().Reset(ctx) }

// TestSwappedTagIsNoticed exchanges the tag at every command. The call must never report success for a mixture. Only in
// the instant between the last check and the last page can the wrong tag be made to show a part, and then it is told.
func TestSwappedTagIsNoticed(t *testing.T) {
	swapped, instants := 0, 0
	for n := 1; ; n++ {
		s := &swapping{before: virtual.NewNTAG(virtual.NTAG213, uid(1)), after: virtual.NewNTAG(virtual.NTAG213, uid(2)), left: n}
		_, err := type2.WriteURI(t.Context(), s, tableURI)
		if err == nil && s.left > 0 {
			break
		}
		if errors.Is(err, type2.ErrSwapped) {
			swapped++
		}
		content, damage := type2.Read(t.Context(), s.after)
		if damage != nil && errors.Is(err, type2.ErrSwapped) {
			instants++
			continue
		}
		if uri, _ := content.Message.URI(); uri != "" && err == nil {
			t.Fatalf("swapped after %d commands: the wrong tag shows %q and nobody was told", n, uri)
		}
		if got := readURI(t, s.before); got != "" && got != tableURI {
			t.Fatalf("swapped after %d commands: the first tag shows %q", n, got)
		}
	}
	if swapped < 10 || instants > 1 {
		t.Errorf("noticed %d swaps, of which %d damaged the wrong tag, want at least 10 and at most 1", swapped, instants)
	}
}

// lying answers reads of the message with a byte changed once the tag has been written.
type lying struct{ *virtual.NTAG }

func (l lying) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	answer, err := l.NTAG.Transmit(ctx, cmd)
	if l.Writes() > 3 && len(cmd) == 5 && cmd[1] == 0xB0 && cmd[3] == 8 && len(answer) > 2 {
		answer[0] ^= 1
	}
	return answer, err
}

func TestReadBackNoticesWhatWasNotStored(t *testing.T) {
	card := lying{virtual.NewNTAG(virtual.NTAG213, uid(1))}
	if _, err := type2.WriteURI(t.Context(), card, tableURI); !errors.Is(err, type2.ErrMismatch) {
		t.Errorf("got %v, want %v", err, type2.ErrMismatch)
	}
}

// refusing is a tag that says no to one page without any sign of protection, as with weak coupling.
type refusing struct {
	*virtual.NTAG
	page byte
}

func (r refusing) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	if len(cmd) > 4 && cmd[1] == 0xD6 && cmd[3] == r.page {
		cmd = []byte{0xFF, 0xD6, 0x00, 0xFF, 4, 0, 0, 0, 0} // a page that no tag has: refused, then silent
	}
	return r.NTAG.Transmit(ctx, cmd)
}

func TestRefusedPageLeavesAnEmptyTagThatListens(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, uid(1))
	_, err := type2.WriteURI(t.Context(), refusing{tag, 9}, tableURI)
	if !apdu.HasStatus(err, apdu.Failed) || !strings.Contains(err.Error(), "page 9") {
		t.Fatalf("got %v, want a refusal of page 9", err)
	}
	if got := readURI(t, tag); got != "" {
		t.Errorf("the tag shows %q", got)
	}
}

// ageless is an old tag that refuses to tell its version, and is silent from then on.
type ageless struct{ *virtual.NTAG }

func (a ageless) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	if len(cmd) == 6 && cmd[5] == 0x60 {
		cmd = []byte{0xFF, 0x00, 0x00, 0x00, 1, 0x61}
	}
	return a.NTAG.Transmit(ctx, cmd)
}

func TestTagWithoutVersionIsWrittenAllTheSame(t *testing.T) {
	card := ageless{virtual.NewNTAG(virtual.NTAG213, uid(1))}
	if report := write(t, card, tableURI); report.Chip != "" || report.URI != tableURI {
		t.Errorf("got %+v, want an unnamed chip with the address", report)
	}
}

// buffered is a tag that gives back what it was told as long as it has power, but never stored it.
type buffered struct {
	type2.Card
	stored *virtual.NTAG
	wrote  bool
}

func (b *buffered) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	b.wrote = b.wrote || cmd[1] == 0xD6
	return b.Card.Transmit(ctx, cmd)
}

func (b *buffered) Reset(ctx context.Context) error {
	if b.wrote {
		b.Card = b.stored
	}
	return b.Card.Reset(ctx)
}

func TestReadBackHappensAfterAPowerCycle(t *testing.T) {
	card := &buffered{Card: virtual.NewNTAG(virtual.NTAG213, uid(1)), stored: virtual.NewNTAG(virtual.NTAG213, uid(1))}
	if _, err := type2.WriteURI(t.Context(), card, tableURI); !errors.Is(err, type2.ErrMismatch) {
		t.Errorf("got %v, want %v", err, type2.ErrMismatch)
	}
}
