package apdu_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// script answers commands from a table and keeps what it was asked.
type script struct {
	answers map[string]string
	asked   []string
	err     error
}

func (s *script) Transmit(_ context.Context, cmd []byte) ([]byte, error) {
	key := strings.ToUpper(hex.EncodeToString(cmd))
	s.asked = append(s.asked, key)
	if s.err != nil {
		return nil, s.err
	}
	return hex.DecodeString(s.answers[key])
}

func TestSend(t *testing.T) {
	gone := errors.New("gone")
	for _, test := range []struct {
		name    string
		answers map[string]string
		err     error
		want    string
		status  apdu.Status
		is      error
		asked   int
	}{
		{name: "data", answers: map[string]string{"FFCA000000": "0411223344556690 00"}, want: "04112233445566", asked: 1},
		{name: "empty answer", answers: map[string]string{"FFCA000000": ""}, is: apdu.ErrShort, asked: 1},
		{name: "one byte", answers: map[string]string{"FFCA000000": "90"}, is: apdu.ErrShort, asked: 1},
		{name: "refused", answers: map[string]string{"FFCA000000": "6A81"}, status: apdu.NotSupported, asked: 1},
		{name: "right length asked for", answers: map[string]string{"FFCA000000": "6C04", "FFCA000004": "080102039000"}, want: "08010203", asked: 2},
		{name: "asks for ever", answers: map[string]string{"FFCA000000": "6C04", "FFCA000004": "6C05"}, status: 0x6C05, asked: 2},
		{name: "transport", err: gone, is: gone, asked: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			for key, answer := range test.answers {
				test.answers[key] = strings.ReplaceAll(answer, " ", "")
			}
			card := &script{answers: test.answers, err: test.err}
			got, err := apdu.Send(t.Context(), card, "ask", apdu.UID())
			if test.want == "" && err == nil {
				t.Fatalf("got %X, want an error", got)
			}
			if hex.EncodeToString(got) != test.want {
				t.Errorf("got %X, want %s", got, test.want)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("got error %v, want %v", err, test.is)
			}
			if test.status != 0 && !apdu.HasStatus(err, test.status) {
				t.Errorf("got error %v, want status %v", err, test.status)
			}
			if len(card.asked) != test.asked {
				t.Errorf("got %d commands, want %d", len(card.asked), test.asked)
			}
		})
	}
}

func TestReadUIDRefusesOddLengths(t *testing.T) {
	for answer, ok := range map[string]bool{
		"9000": false, "0102039000": false, "080102039000": true, "040102030405069000": true, "0102030405060708090A9000": true, "01020304059000": false,
	} {
		_, err := apdu.ReadUID(t.Context(), &script{answers: map[string]string{"FFCA000000": answer}})
		if (err == nil) != ok {
			t.Errorf("answer %s: got error %v, want success %v", answer, err, ok)
		}
	}
}

func TestCommands(t *testing.T) {
	for want, got := range map[string][]byte{
		"FFB0000410":                 apdu.ReadPages(4, 16),
		"FFD6000504D1010255":         apdu.WritePage(5, [4]byte{0xD1, 1, 2, 0x55}),
		"00A4040007D276000085010100": apdu.SelectName([]byte{0xD2, 0x76, 0, 0, 0x85, 1, 1}),
		"00A4000C02E104":             apdu.SelectFile(0xE104),
		"00B001020F":                 apdu.ReadBinary(0x0102, 15),
	} {
		if diff := cmp.Diff(want, strings.ToUpper(hex.EncodeToString(got))); diff != "" {
			t.Errorf("command differs (-want +got):\n%s", diff)
		}
	}
}

func TestRoutes(t *testing.T) {
	card := &script{answers: map[string]string{
		"FF0000000160":     "00040402010011039000",
		"FF00000003D44260": "D5430000040402010011039000",
	}}
	for _, route := range apdu.Routes() {
		got, err := route.Send(t.Context(), card, "version", []byte{0x60})
		if err != nil || hex.EncodeToString(got) != "0004040201001103" {
			t.Errorf("%s: got %X, %v", route.Name, got, err)
		}
	}
	card.answers["FF00000003D44260"] = "D543019000" // the chip's timeout
	if _, err := apdu.Routes()[1].Send(t.Context(), card, "version", []byte{0x60}); !errors.Is(err, apdu.ErrRaw) {
		t.Errorf("timeout: got %v, want %v", err, apdu.ErrRaw)
	}
}

func TestClassify(t *testing.T) {
	for atr, want := range map[string]apdu.Family{
		"3B8F8001804F0CA0000003060300030000000068": apdu.FamilyType2,
		"3B8F8001804F0CA0000003060300010000000069": apdu.FamilyClassic, // wrong check byte on purpose: it is not looked at
		"3B8F8001804F0CA000000306030002":           apdu.FamilyClassic,
		"3B8F8001804F0CA0000003060300":             apdu.FamilyProcessor,
		"3B8F8001804F0CA00000030611003B0000000042": apdu.FamilyStorage,
		"3B8180018080":             apdu.FamilyProcessor,
		"3B":                       apdu.FamilyUnknown,
		"":                         apdu.FamilyUnknown,
		"3B6800008073C84013009000": apdu.FamilyUnknown,
	} {
		raw, err := hex.DecodeString(atr)
		if err != nil {
			t.Fatal(err)
		}
		if got := apdu.Classify(raw); got != want {
			t.Errorf("%s: got family %d, want %d", atr, got, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x90})
	f.Add([]byte{0xD5, 0x43, 0x00, 0x90, 0x00})
	f.Add([]byte{0x6C, 0x04})
	f.Fuzz(func(t *testing.T, answer []byte) {
		apdu.Classify(answer)
		card := fixed(answer)
		for _, route := range apdu.Routes() {
			if data, err := route.Send(t.Context(), card, "probe", []byte{0x60}); err == nil && len(data) > len(answer) {
				t.Errorf("got %d bytes out of an answer of %d", len(data), len(answer))
			}
		}
		if uid, err := apdu.ReadUID(t.Context(), card); err == nil && len(uid)+2 != len(answer) {
			t.Errorf("got UID %X from %X", uid, answer)
		}
	})
}

type fixed []byte

func (f fixed) Transmit(context.Context, []byte) ([]byte, error) { return f, nil }
