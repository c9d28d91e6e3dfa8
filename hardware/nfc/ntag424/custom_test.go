package ntag424_test

import (
	"errors"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// TestCustomSettings meets tags with keys as delivered whose settings somebody changed.
func TestCustomSettings(t *testing.T) {
	for _, test := range []struct {
		name    string
		option  byte
		access  uint16
		mirrors []byte
		fails   bool
	}{
		{name: "plain messages", option: 0x40, access: 0xE000, mirrors: []byte{0xC1, 0xFF, 0xEF, 0x20, 0, 0, 0x40, 0, 0}},
		{name: "our kind of messages elsewhere", option: 0x40, access: 0xE000, mirrors: []byte{0xC1, 0xFF, 0x21, 0x60, 0, 0, 0x90, 0, 0, 0x90, 0, 0}},
		{name: "encrypted traffic", option: 0x03, access: 0x1230},
		{name: "signed traffic", option: 0x01, access: 0xE000},
		{name: "read with key 2 only", option: 0x00, access: 0x2E20},
		{name: "written by key 3 only", option: 0x00, access: 0xE330},
		{name: "written by nobody", option: 0x00, access: 0xEFF0},
		{name: "changed by key 3 only", option: 0x00, access: 0xEEE3, fails: true},
		{name: "changed by nobody", option: 0x00, access: 0xE00F, fails: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			fresh := memoryOf(blankTag())
			card := blankTag()
			if err := ntag424.Customise(t.Context(), card, test.option, test.access, test.mirrors...); err != nil {
				t.Fatal(err)
			}
			before := memoryOf(card)
			report, err := ntag424.Provision(t.Context(), card, plan(t))
			if test.fails {
				if !errors.Is(err, ntag424.ErrSettings) {
					t.Errorf("got %v, want %v", err, ntag424.ErrSettings)
				}
				wantSame(t, before, card)
				return
			}
			if err != nil || report.Mark != (sun.Mark{Version: 1, Counter: 2}) {
				t.Fatalf("got %+v, %v", report, err)
			}
			if _, err := ntag424.Retire(t.Context(), card, house(t)); err != nil {
				t.Fatal(err)
			}
			wantSame(t, fresh, card)
		})
	}
}
