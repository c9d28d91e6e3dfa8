package type4_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/type4"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func message(t testing.TB, uri string) []byte {
	t.Helper()
	r, err := ndef.URIRecord(uri)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ndef.Message{r}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRead(t *testing.T) {
	for _, uri := range []string{"https://a.example/t/1?e=00112233445566778899AABBCCDDEEFF&c=0011223344556677", "https://" + strings.Repeat("x", 230)} {
		want := message(t, uri)
		got, err := type4.Read(t.Context(), virtual.NewNTAG424([]byte{4, 1, 2, 3, 4, 5, 6}, want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Raw); diff != "" {
			t.Errorf("message differs (-want +got):\n%s", diff)
		}
		if u, _ := got.Message.URI(); u != uri || got.Capacity != 254 || got.ReadOnly {
			t.Errorf("got %q, capacity %d, read-only %v", u, got.Capacity, got.ReadOnly)
		}
	}
}

func TestEmptyFileIsNoError(t *testing.T) {
	got, err := type4.Read(t.Context(), virtual.NewType4([]byte{4, 1, 2, 3, 4, 5, 6}, nil))
	if err != nil || len(got.Message) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestReadRefuses(t *testing.T) {
	if _, err := type4.Read(t.Context(), virtual.Phone{UID: [4]byte{8, 1, 2, 3}}); !errors.Is(err, type4.ErrNoNDEF) {
		t.Errorf("phone: got %v, want %v", err, type4.ErrNoNDEF)
	}
	long := virtual.NewType4(nil, nil)
	long.PutLength(255)
	if _, err := type4.Read(t.Context(), long); !errors.Is(err, ndef.ErrMalformed) {
		t.Errorf("length beyond the file: got %v", err)
	}
	garbage := virtual.NewType4(nil, []byte{0xD1, 0x01, 0x09, 0x55})
	if content, err := type4.Read(t.Context(), garbage); !errors.Is(err, ndef.ErrMalformed) || len(content.Raw) != 4 {
		t.Errorf("damaged message: got %X, %v", content.Raw, err)
	}
	for n := range 6 {
		card := virtual.NewType4(nil, message(t, "https://a"))
		card.TearAfter(n, true)
		if _, err := type4.Read(t.Context(), card); !errors.Is(err, nfc.ErrNoCard) {
			t.Errorf("torn after %d commands: got %v", n, err)
		}
	}
}

// files is a card made of foreign bytes: a capability container and a content.
type files struct {
	cc, content []byte
	selected    []byte
}

func (f *files) Transmit(_ context.Context, cmd []byte) ([]byte, error) {
	if cmd[1] == 0xA4 {
		f.selected = f.content
		if len(cmd) == 7 && cmd[5] == 0xE1 && cmd[6] == 0x03 {
			f.selected = f.cc
		}
		return []byte{0x90, 0x00}, nil
	}
	at, n := min(int(binary.BigEndian.Uint16(cmd[2:])), len(f.selected)), int(cmd[4])
	return append(bytes.Clone(f.selected[at:min(at+n, len(f.selected))]), 0x90, 0x00), nil
}

func TestExtendedContainer(t *testing.T) {
	want := message(t, "https://a.example")
	card := &files{
		cc:      []byte{0, 17, 0x30, 0, 0x10, 0, 0xFF, 6, 8, 0xE1, 0x04, 0, 0, 2, 0, 0, 0},
		content: append([]byte{0, 0, 0, byte(len(want))}, want...),
	}
	got, err := type4.Read(t.Context(), card)
	if err != nil || !cmp.Equal(want, got.Raw) {
		t.Errorf("got %X, %v, want %X", got.Raw, err, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte{0, 15, 0x20, 0, 0x40, 0, 0xFF, 4, 6, 0xE1, 4, 1, 0, 0, 0}, append([]byte{0, 14}, message(f, "https://a.b/t/1")...))
	f.Add([]byte{0, 17, 0x30, 0, 0x10, 0, 0xFF, 6, 8, 0xE1, 4, 0, 0, 2, 0, 0, 0}, []byte{0, 0, 0, 3, 0xD0, 0, 0})
	f.Add([]byte{0, 15, 0x20, 0, 0, 0, 0, 4, 6, 0xE1, 4, 0, 0, 0, 0}, []byte{0xFF, 0xFF})
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, cc, content []byte) {
		got, err := type4.Read(t.Context(), &files{cc: cc, content: content})
		if err == nil && len(got.Raw) > len(content) {
			t.Errorf("got %d bytes out of %d", len(got.Raw), len(content))
		}
	})
}
