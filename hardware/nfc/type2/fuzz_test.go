package type2

import (
	"bytes"
	"errors"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

func slice(data []byte) source {
	return func(offset int) (byte, error) { return data[offset], nil }
}

func seeds(f *testing.F) {
	for _, area := range [][]byte{
		{},
		{0x03, 0x00, 0xFE},
		{0x01, 0x03, 0xA0, 0x0C, 0x34, 0x03, 0x00, 0xFE},
		{0x02, 0x03, 0x2C, 0x06, 0x04, 0x03, 0x04, 0xD1, 0x01, 0x00, 0x55, 0xFE},
		{0x00, 0x00, 0xFD, 0x02, 0x01, 0x02, 0x03, 0xFF, 0x00, 0x03, 0xD0, 0x00, 0x00},
		{0x03, 0xFF, 0xFF, 0xFF},
		{0x02, 0x03, 0x10, 0x00, 0x04, 0x02, 0x03, 0x10, 0x00, 0x0F},
	} {
		f.Add(area, []byte("message"))
	}
}

// contentOf is what a phone would see: nothing, a message, or an error.
func contentOf(t *testing.T, data []byte) ([]byte, bool) {
	l, err := scan(slice(data), len(data))
	if err != nil {
		if !errors.Is(err, ndef.ErrMalformed) {
			t.Fatalf("untyped error %v", err)
		}
		return nil, false
	}
	if !l.found {
		return nil, true
	}
	raw, err := l.message(slice(data))
	if err != nil {
		t.Fatal(err)
	}
	return raw, true
}

// FuzzPlan writes a message into any data area whatever, and looks at it after every page.
func FuzzPlan(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, area, message []byte) {
		if len(area) > 872 {
			return
		}
		data := make([]byte, (len(area)+15)/16*16)
		copy(data, area)
		l, err := scan(slice(data), len(data))
		if err != nil && !errors.Is(err, ndef.ErrMalformed) {
			t.Fatalf("untyped error %v", err)
		}
		if len(message) > l.capacity() || l.room(l.place) < 2 {
			return
		}
		old, oldOK := contentOf(t, data)
		p := makePlan(l, message, func(n int) [apdu.PageSize]byte { return [apdu.PageSize]byte(data[n*apdu.PageSize:]) })
		if p.same {
			return
		}
		for _, s := range append(append([]step{p.empty}, p.body...), p.final) {
			copy(data[s.page*apdu.PageSize:], s.data[:])
			got, ok := contentOf(t, data)
			shown := ok && len(got) > 0
			known := bytes.Equal(got, message) || oldOK && bytes.Equal(got, old)
			if shown && !known {
				t.Fatalf("after page %d the tag shows %X, old %X, new %X", s.page, got, old, message)
			}
		}
		if got, ok := contentOf(t, data); !ok || !bytes.Equal(got, message) {
			t.Fatalf("got %X in the end, want %X", got, message)
		}
	})
}
