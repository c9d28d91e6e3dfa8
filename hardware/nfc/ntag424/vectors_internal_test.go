package ntag424

import (
	"bytes"
	"context"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// The examples are those of AN12196 revision 1.8; their tables are named with each.

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// script is a card that expects commands and gives prepared answers.
type script struct {
	t     *testing.T
	lines [][2]string
	next  int
}

func (s *script) Transmit(_ context.Context, cmd []byte) ([]byte, error) {
	s.t.Helper()
	if s.next == len(s.lines) {
		s.t.Fatalf("command %X comes after the last one", cmd)
	}
	line := s.lines[s.next]
	s.next++
	if diff := cmp.Diff(bytesOf(s.t, line[0]), cmd); diff != "" {
		s.t.Fatalf("command %d (-want +got):\n%s", s.next, diff)
	}
	return bytesOf(s.t, line[1]), nil
}

func (s *script) Reset(context.Context) error { return nil }

// TestHandshake uses tables 14 and 20, whose key is zero.
func TestHandshake(t *testing.T) {
	for _, test := range []struct{ ours, challenge, reply, answer, ti, enc, mac string }{
		{
			"13C5DB8A5930439FC3DEF9A4C675360F", "A04C124213C186F22399D33AC2A30215",
			"35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D",
			"3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663",
			"9D00C4DF", "1309C877509E5A215007FF0ED19CA564", "4C6626F5E72EA694202139295C7A7FC7",
		},
		{
			"B98F4C50CF1C2E084FD150E33992B048", "B875CEB0E66A6C5CD00898DC371F92D1",
			"FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1",
			"0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A",
			"7614281A", "7A93D6571E4B180FCA6AC90C9A7488D4", "FC4AF159B62E549B5812394CAB1918CC",
		},
	} {
		h := handshake{key: newCipher(sun.Key{}), ours: [block]byte(bytesOf(t, test.ours))}
		if got := h.reply([block]byte(bytesOf(t, test.challenge))); !bytes.Equal(got, bytesOf(t, test.reply)) {
			t.Errorf("reply: got %X, want %s", got, test.reply)
		}
		answer := [2 * block]byte(bytesOf(t, test.answer))
		ti, ok := h.accept(answer)
		if !ok || !bytes.Equal(ti[:], bytesOf(t, test.ti)) {
			t.Errorf("transaction: got %X, %v, want %s", ti, ok, test.ti)
		}
		enc, mac := h.vectors()
		kdf := sun.NewCMAC(sun.Key{})
		if got := kdf.Sum(enc[:]); !bytes.Equal(got[:], bytesOf(t, test.enc)) {
			t.Errorf("key for encryption: got %X, want %s", got, test.enc)
		}
		if got := kdf.Sum(mac[:]); !bytes.Equal(got[:], bytesOf(t, test.mac)) {
			t.Errorf("key for codes: got %X, want %s", got, test.mac)
		}
		for i := range answer {
			forged := answer
			forged[i] ^= 0x10
			if _, ok := h.accept(forged); ok && i >= block {
				t.Errorf("an answer with byte %d changed was accepted", i)
			}
		}
	}
}

func sessionOf(t *testing.T, ti, enc, mac string, counter uint16, lines ...[2]string) *session {
	t.Helper()
	return &session{
		card: &script{t: t, lines: lines}, enc: newCipher(sun.Key(bytesOf(t, enc))), mac: sun.NewCMAC(sun.Key(bytesOf(t, mac))),
		ti: [4]byte(bytesOf(t, ti)), counter: counter,
	}
}

const (
	firstEnc, firstMAC = "1309C877509E5A215007FF0ED19CA564", "4C6626F5E72EA694202139295C7A7FC7"
	laterEnc, laterMAC = "4CF3CB41A22583A61E89B158D252FC53", "5529860B2FC5FB6154B7F28361D30BF9"
)

// TestSignedCommand uses table 8: GetFileSettings in MAC mode.
func TestSignedCommand(t *testing.T) {
	s := sessionOf(t, "7A21085E", "00000000000000000000000000000000", "8248134A386E86EB7FAF54A52E536CB6", 0,
		[2]string{
			"90F5000009026597A457C8CD442C00",
			"0040EEEE000100D1FE001F00004400004400002000006A00002A474282E7A479869100",
		})
	got, err := s.settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := settings{option: 0x40, access: 0xEEEE, size: 256, mirrors: bytesOf(t, "D1FE001F00004400004400002000006A0000")}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{})); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if s.counter != 1 {
		t.Errorf("counter: got %d", s.counter)
	}
}

// TestSealedAnswer uses the example of GetCardUID (§7.3).
func TestSealedAnswer(t *testing.T) {
	s := sessionOf(t, "DF055522", "2B4D963C014DC36F24F69A50A394F875", "379D32130CE61705DD5FD8C36B95D764", 0,
		[2]string{"90510000088E2C155ADDA99BE300", "70756055688505B52A5E26E59E329CD6595F672298EA41B79100"})
	got, err := s.uid(t.Context())
	if want := sun.UID(bytesOf(t, "04958CAA5C5E80")); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// TestSealedCommand uses table 22: WriteData in full mode, after the handshake of table 20.
func TestSealedCommand(t *testing.T) {
	s := sessionOf(t, "7614281A", "7A93D6571E4B180FCA6AC90C9A7488D4", "FC4AF159B62E549B5812394CAB1918CC", 0,
		[2]string{"908D00001F030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA00", "C26D236E4A7C046D9100"})
	_, err := s.send(t.Context(), "write", sealed, insWriteData, bytesOf(t, "030000000A0000"), bytesOf(t, "0102030405060708090A"))
	if err != nil {
		t.Error(err)
	}
}

// TestChangeSettings uses table 19: messages switched on.
func TestChangeSettings(t *testing.T) {
	s := sessionOf(t, "9D00C4DF", firstEnc, firstMAC, 1,
		[2]string{"905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0400", "57BFF87B1241E93D9100"})
	to, ok := parseSettings(bytesOf(t, "004000E0000100C1F121200000430000430000"))
	if !ok {
		t.Fatal("the settings are not understood")
	}
	if err := s.changeSettings(t.Context(), to); err != nil {
		t.Error(err)
	}
}

// TestSpeaking compares with the same table. Its counter can be asked for with key 1, ours by nobody.
func TestSpeaking(t *testing.T) {
	want := bytesOf(t, "4000E0C1FF21200000400000400000")
	if got := speaking(0x20 - sun.PICCDataAt).encode(); !bytes.Equal(got, want) {
		t.Errorf("got %X, want %X", got, want)
	}
}

// TestChangeKey uses tables 26 and 27: key 2, then the master key, in one session.
func TestChangeKey(t *testing.T) {
	s := sessionOf(t, "7614281A", laterEnc, laterMAC, 2,
		[2]string{
			"90C4000029022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E600",
			"203BB55D1089D5879100",
		},
		[2]string{
			"90C400002900C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED643200", "9100",
		})
	if err := s.changeKey(t.Context(), 2, sun.Key{}, sun.Key(bytesOf(t, "F3847D627727ED3BC9C4CC050489B966")), 1); err != nil {
		t.Error(err)
	}
	if err := s.changeKey(t.Context(), 0, sun.Key{}, sun.Key(bytesOf(t, "5004BF991F408672B1EF00F08F9E8647")), 1); err != nil {
		t.Error(err)
	}
}

// TestSignature uses the tag of §7.2.
func TestSignature(t *testing.T) {
	uid := sun.UID(bytesOf(t, "04518DFAA96180"))
	sig := bytesOf(t, "D1940D17CFEDA4BFF80359AB975F9F6514313E8F90C1D3CAAF5941AD744A1CDF9A83F883CAFE0FE95D1939B1B7E47113993324473B785D21")
	if !genuineSignature(uid, sig) {
		t.Error("the published signature is not accepted")
	}
	for i := range sig {
		forged := bytes.Clone(sig)
		forged[i] ^= 1
		if genuineSignature(uid, forged) {
			t.Errorf("a signature with byte %d changed is accepted", i)
		}
	}
	if uid[6]++; genuineSignature(uid, sig) {
		t.Error("the signature of another number is accepted")
	}
	for _, n := range []int{0, 55, 57} {
		if genuineSignature(uid, make([]byte, n)) {
			t.Errorf("%d zeros are accepted", n)
		}
	}
}

// TestGarbledAnswersEndTheSession changes each bit of signed and sealed answers.
func TestGarbledAnswersEndTheSession(t *testing.T) {
	answer := bytesOf(t, "70756055688505B52A5E26E59E329CD6595F672298EA41B7")
	for bit := range 8 * len(answer) {
		forged := bytes.Clone(answer)
		forged[bit/8] ^= 1 << (bit % 8)
		for _, m := range []mode{signed, sealed} {
			s := sessionOf(t, "DF055522", "2B4D963C014DC36F24F69A50A394F875", "379D32130CE61705DD5FD8C36B95D764", 1)
			if got, ok := s.unwrap(m, forged); ok {
				t.Errorf("bit %d, mode %d: %X was accepted", bit, m, got)
			}
		}
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add(bytesOf(f, "70756055688505B52A5E26E59E329CD6595F672298EA41B7"), byte(2))
	f.Add(bytesOf(f, "C26D236E4A7C046D"), byte(1))
	f.Add([]byte{}, byte(0))
	f.Fuzz(func(t *testing.T, answer []byte, m byte) {
		s := sessionOf(t, "DF055522", "2B4D963C014DC36F24F69A50A394F875", "379D32130CE61705DD5FD8C36B95D764", 1)
		out, ok := s.unwrap(mode(m%3), answer)
		if ok && len(out) > len(answer) {
			t.Errorf("%d bytes came out of %d", len(out), len(answer))
		}
	})
}

func FuzzSettings(f *testing.F) {
	f.Add(bytesOf(f, "004000E0000100C1F121200000430000430000"))
	f.Add(bytesOf(f, "0000E0EE000100"))
	f.Add([]byte{0, 0x40})
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, ok := parseSettings(raw)
		if !ok {
			return
		}
		want := append(bytes.Clone(raw[1:4]), raw[7:]...)
		if got := s.encode(); !bytes.Equal(got, want) {
			t.Errorf("%X: settings turn into %X", raw, got)
		}
	})
}

func FuzzWordVersion(f *testing.F) {
	c, err := compose("https://table.example/t/", 7)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.file)
	f.Add([]byte{0xFF, 0xFF})
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, file []byte) {
		if v, ok := wordVersion(file); ok && !bytes.Contains(file, []byte(sun.Blank(v))[:sun.PICCDataAt]) {
			t.Errorf("%X has no word of version %d", file, v)
		}
	})
}
