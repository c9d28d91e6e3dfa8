package virtual_test

import (
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

const (
	rightPassword = "FF000000051BFFFFFFFF"
	wrongPassword = "FF000000051B00000000"
	countersOn    = "FFD6002A0410050000"
)

func TestNTAGConfiguration(t *testing.T) {
	for _, test := range []struct {
		name     string
		commands []string
		want     string
	}{
		{"counter off", []string{"FF000000023902"}, "6300"},
		{"counter on", []string{countersOn, "FF000000023902"}, "0000009000"},
		{"counter counts the first reading only", []string{countersOn, "reset", "FFB0000410", "FFB0000810", "FF000000023902"}, "0100009000"},
		{"counter counts power-ups", []string{countersOn, "reset", "FFB0000410", "reset", "FF00000003 3A0405", "FF000000023902"}, "0200009000"},
		{"counter behind the password", []string{"FFD6002A04 18050000", "FF000000023902"}, "6300"},
		{"counter with the password", []string{"FFD6002A04 18050000", rightPassword, "FF000000023902"}, "0000009000"},
		{"signature", []string{"FF000000023C00"}, "00000000000000000000000000000000000000000000000000000000000000009000"},
		{"fast read", []string{"FF000000033A0304"}, "E11012000103A00C9000"},
		{"fast read over the end", []string{"FF000000033A042D"}, "6300"},
		{"fast read backwards", []string{"FF000000033A0504"}, "6300"},
		{"number in its place", []string{"FFD6002904 64000AFF", "FFB0000A10"}, "00003034303130323033303430353036" + "9000"},
		{"counter in its place", []string{"FFD6002904 840008FF", countersOn, "reset", "FFB0000808"}, "30303030303100009000"},
		{"both in their place", []string{"FFD6002904 C40008FF", countersOn, "reset", "FFB0000B08"}, "30367830303030309000"},
		{"mirror over the end of user memory", []string{"FFD6002904 440025FF", "FFB0002508"}, "00000000000000009000"},
		{"mirror below user memory", []string{"FFD6002904 440003FF", "FFB0000304"}, "E11012009000"},
		{"reading is free below the protected page", []string{"FFD6002A04 80050000", "FFD6002904 04000006", "FFB0000404"}, "0103A00C9000"},
		{"reading rolls over before the protected page", []string{"FFD6002A04 80050000", "FFD6002904 04000006", "FFB0000410"}, "0103A00C340300FE" + "0401028F03040506" + "9000"},
		{"reading of the protected page", []string{"FFD6002A04 80050000", "FFD6002904 04000006", "FFB0000604"}, "6300"},
		{"with the password", []string{"FFD6002A04 80050000", "FFD6002904 04000006", rightPassword, "FFB0000604"}, "000000009000"},
		{"a wrong password of two", []string{"FFD6002A04 02050000", "reset", wrongPassword, "reset", rightPassword}, "00009000"},
		{"two wrong passwords of two", []string{"FFD6002A04 02050000", "reset", wrongPassword, "reset", wrongPassword, "reset", rightPassword}, "6300"},
		{"a right one in between", []string{"FFD6002A04 02050000", "reset", wrongPassword, "reset", rightPassword, wrongPassword, "reset", rightPassword}, "00009000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, 6})
			if got := say(t, tag, test.commands...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestLateTagFollowsAtPowerUp(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4}).Late()
	if got := say(t, tag, "FFD600290404000004", "FFD6000604 00000000"); got != "9000" {
		t.Errorf("at once: got %s", got)
	}
	if got := say(t, tag, "reset", "FFD6000604 00000000"); got != "6300" {
		t.Errorf("after a power cycle: got %s", got)
	}
}

func TestNTAGTornWithin(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4}).Mixing([4]byte{0xF0, 0x0F, 0, 0xFF})
	tag.TearWithin(0)
	if _, err := tag.Transmit(t.Context(), []byte{0xFF, 0xD6, 0, 0x10, 4, 0xFF, 0xFF, 0xFF, 0xFF}); err == nil {
		t.Fatal("the tag answers while it leaves")
	}
	if got := tag.Memory()[0x40:0x44]; string(got) != "\xF0\x0F\x00\xFF" {
		t.Errorf("got page %X", got)
	}
	tag.Return()
	tag.TearWithin(0)
	if _, err := tag.Transmit(t.Context(), []byte{0xFF, 0xD6, 0, 2, 4, 0, 0, 0xFF, 0xFF}); err == nil {
		t.Fatal("the tag answers while it leaves")
	}
	if got := tag.Memory()[10:12]; string(got) != "\x00\x00" {
		t.Errorf("lock bits are protected against tearing, got %X", got)
	}
}
