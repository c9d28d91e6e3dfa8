package virtual_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// say sends commands in hex to a fresh or given card and returns the last answer.
func say(t *testing.T, card nfc.Card, commands ...string) string {
	t.Helper()
	last := ""
	for _, text := range commands {
		if text == "reset" {
			if err := card.Reset(t.Context()); err != nil {
				t.Fatal(err)
			}
			continue
		}
		cmd, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := card.Transmit(t.Context(), cmd)
		if err != nil {
			t.Fatal(err)
		}
		last = strings.ToUpper(hex.EncodeToString(answer))
	}
	return last
}

func TestNTAGAnswersAsTheDataSheetSays(t *testing.T) {
	for _, test := range []struct {
		name     string
		commands []string
		want     string
	}{
		{"number", []string{"FFCA000000"}, "040102030405069000"},
		{"number too short", []string{"FFCA000004"}, "6C07"},
		{"first pages", []string{"FFB0000010"}, "0401028F03040506044800" + "00" + "E1101200" + "9000"},
		{"factory content", []string{"FFB0000408"}, "0103A00C340300FE9000"},
		{"rolls over at the end", []string{"FFB0002C10"}, "000000000401028F0304050604480000" + "9000"},
		{"behind the end", []string{"FFB0002D10"}, "6300"},
		{"silent after a refusal", []string{"FFB0002D10", "FFB0000410"}, "6300"},
		{"but the reader remembers the number", []string{"FFB0002D10", "FFCA000000"}, "040102030405069000"},
		{"listens after a reset", []string{"FFB0002D10", "reset", "FFB0000404"}, "0103A00C9000"},
		{"number is read-only", []string{"FFD6000004 00000000"}, "6300"},
		{"write", []string{"FFD6000604 01020304", "FFB0000604"}, "010203049000"},
		{"write of five bytes", []string{"FFD6000605 0102030405"}, "6700"},
		{"container only gains bits", []string{"FFD6000304 0000000F", "FFB0000304"}, "E110120F9000"},
		{"container never loses bits", []string{"FFD6000304 0000000F", "FFD6000304 00000000", "FFB0000304"}, "E110120F9000"},
		{"lock bits hold", []string{"FFD6000204 00001000", "FFD6000404 00000000"}, "6300"},
		{"lock bits only where set", []string{"FFD6000204 00001000", "FFD6000504 00000000"}, "9000"},
		{"lock bits stay", []string{"FFD6000204 00001000", "FFD6000204 00000000", "FFB0000204"}, "044810009000"},
		{"block locking keeps static bits", []string{"FFD6000204 00000200", "FFD6000204 0000F8FF", "FFB0000204"}, "04480AFC9000"},
		{"block locking keeps dynamic bits", []string{"FFD6002804 00000100", "FFD6002804 FF0F0000", "FFB0002804"}, "FC0F01BD9000"},
		{"dynamic lock bits hold", []string{"FFD6002804 02000000", "FFD6001304 00000000"}, "6300"},
		{"dynamic lock bits only where set", []string{"FFD6002804 02000000", "FFD6001404 00000000"}, "9000"},
		{"password page reads as zero", []string{"FFB0002B08"}, "00000000000000009000"},
		{"password protects", []string{"FFD6002904 04000004", "FFD6000404 00000000"}, "6300"},
		{"password opens", []string{"FFD6002904 04000004", "FF00000005 1BFFFFFFFF", "FFD6000404 00000000"}, "9000"},
		{"wrong password", []string{"FF00000005 1B00000000", "FFB0000404"}, "6300"},
		{"password is forgotten", []string{"FFD6002904 04000004", "FF00000005 1BFFFFFFFF", "reset", "FFD6000404 00000000"}, "6300"},
		{"configuration lock", []string{"FFD6002A04 40050000", "reset", "FFD6002904 04000000"}, "6300"},
		{"configuration lock before a power cycle", []string{"FFD6002A04 40050000", "FFD6002904 04000000"}, "9000"},
		{"configuration lock leaves the password", []string{"FFD6002A04 40050000", "reset", "FFD6002B04 01020304", "FF00000005 1B01020304"}, "00009000"},
		{"version", []string{"FF00000001 60"}, "00040402010" + "00F039000"},
		{"unknown raw command", []string{"FF00000001 61", "FF00000001 60"}, "6300"},
		{"raw read", []string{"FF00000002 3004"}, "0103A00C340300FE00000000000000009000"},
		{"raw write", []string{"FF00000006 A20601020304", "FFB0000604"}, "010203049000"},
		{"other class", []string{"00A4040000"}, "6E00"},
		{"other command", []string{"FF99000000"}, "6D00"},
		{"too short", []string{"FFCA"}, "6700"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, 6})
			if got := say(t, tag, test.commands...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestModels(t *testing.T) {
	for model, want := range map[virtual.Model]struct {
		pages   int
		cc      string
		version string
	}{
		virtual.NTAG213: {45, "E11012009000", "0F"}, virtual.NTAG215: {135, "E1103E009000", "11"}, virtual.NTAG216: {231, "E1106D009000", "13"},
	} {
		tag := virtual.NewNTAG(model, [7]byte{4})
		if got := len(tag.Memory()) / 4; got != want.pages {
			t.Errorf("got %d pages, want %d", got, want.pages)
		}
		if got := say(t, tag, "FFB0000304"); got != want.cc {
			t.Errorf("got container %s, want %s", got, want.cc)
		}
		if got := say(t, tag, "FF0000000160"); got[12:14] != want.version {
			t.Errorf("got version %s, want storage size %s", got, want.version)
		}
		last := fmt.Sprintf("FFD600%02X0400000000", want.pages)
		if got := say(t, tag, last); got != "6300" {
			t.Errorf("write behind the last page: got %s", got)
		}
	}
}

func TestRawThroughPN53x(t *testing.T) {
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4}).Through(virtual.RawPN53x)
	if got := say(t, tag, "FF00000003D44260"); got != "D5430000040402010"+"00F039000" {
		t.Errorf("got %s", got)
	}
	if got := say(t, tag, "FF0000000160", "FF00000003D44261"); got != "D543019000" {
		t.Errorf("unknown command: got %s", got)
	}
	if got := say(t, tag.Through(virtual.RawNone), "reset", "FF0000000160"); got != "6A81" {
		t.Errorf("reader without raw commands: got %s", got)
	}
}

func TestTearing(t *testing.T) {
	for _, done := range []bool{false, true} {
		tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4})
		tag.TearAfter(1, done)
		say(t, tag, "FFB0000410")
		if _, err := tag.Transmit(t.Context(), []byte{0xFF, 0xD6, 0, 6, 4, 1, 2, 3, 4}); !errors.Is(err, nfc.ErrNoCard) || !tag.Away() {
			t.Errorf("torn: got %v", err)
		}
		if err := tag.Reset(t.Context()); !errors.Is(err, nfc.ErrNoCard) {
			t.Errorf("reset out of the field: got %v", err)
		}
		if got := bytes.Equal(tag.Memory()[24:28], []byte{1, 2, 3, 4}); got != done {
			t.Errorf("the last command was carried out: %v, want %v", got, done)
		}
		tag.Return()
		say(t, tag, "reset", "FFB0000410")
	}
}

func TestFile(t *testing.T) {
	card := virtual.NewNTAG424([]byte{4, 1, 2, 3, 4, 5, 6}, []byte{0xD0, 0, 0})
	application, cc, file := "00A4040007D276000085010100", "00A4000C02E103", "00A4000C02E104"
	for _, test := range []struct {
		name     string
		commands []string
		want     string
	}{
		{"file without application", []string{file}, "6A82"},
		{"container", []string{application, cc, "00B000000F"}, "000F20004000FF0406E104010000009000"},
		{"content", []string{application, file, "00B0000005"}, "0003D000009000"},
		{"too much at once", []string{application, file, "00B0000041"}, "6700"},
		{"behind the end", []string{application, file, "00B0010001"}, "6B00"},
		{"other application", []string{"00A4040007A0000000031010" + "00"}, "6A82"},
		{"read with nothing selected", []string{application, "00B0000005"}, "6982"},
		{"version", []string{"9060000000"}, "0404023000110591AF"},
	} {
		if got := say(t, card, append([]string{"reset"}, test.commands...)...); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
