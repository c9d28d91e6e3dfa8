package virtual

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// The published examples of AN12196 rev. 1.8, with the card in the place of the real one.

func TestCMACOfRFC4493(t *testing.T) {
	key := dnaSecret(unhex(t, "2B7E151628AED2A6ABF7158809CF4F3C"))
	message := unhex(t, "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710")
	for n, want := range map[int]string{
		0: "BB1D6929E95937287FA37D129B756746", 16: "070A16B46B4D4144F79BDD9DD04A287C",
		40: "DFA66747DE9AE63030CA32611497C827", 64: "51F0BEBF7E3B9D92FC49741779363CFE",
	} {
		if got := key.cmac(message[:n]); !bytes.Equal(got[:], unhex(t, want)) {
			t.Errorf("%d bytes: got %X, want %s", n, got, want)
		}
	}
}

// TestTable14And18 authenticates with key 0 and changes the settings of the NDEF file.
func TestTable14And18(t *testing.T) {
	h := newHost(t, DNAOptions{Random: bytes.NewReader(unhex(t, "B9E2FC789B64BF237CCCAA20EC7E6E48 9D00C4DF"))})
	if got := h.say(selectNDEF, "9071000002000000"); got != "A04C124213C186F22399D33AC2A30215"+"91AF" {
		t.Fatalf("part 1: got %s", got)
	}
	got := h.say("90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00")
	if want := "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663" + "9100"; got != want {
		t.Fatalf("part 2: got %s, want %s", got, want)
	}
	if s := h.d.live.session; s.enc != dnaSecret(unhex(t, "1309C877509E5A215007FF0ED19CA564")) ||
		s.mac != dnaSecret(unhex(t, "4C6626F5E72EA694202139295C7A7FC7")) {
		t.Fatalf("got session keys %X and %X", s.enc, s.mac)
	}
	// The example has the counter at 1; a plain command brings it there.
	h.say("90AD000007 01 000000 010000 00")
	if got := h.say("905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0400"); got != "57BFF87B1241E93D9100" {
		t.Errorf("change of settings: got %s", got)
	}
	if got, want := h.d.Settings(2), unhex(t, "00 40 00E0 000100 C1 F121 200000 430000 430000"); !bytes.Equal(got, want) {
		t.Errorf("got settings %X, want %X", got, want)
	}
}

// TestTable20And22 authenticates with key 3 and writes the proprietary file in full mode.
func TestTable20And22(t *testing.T) {
	rndB := dnaSecret{}.decrypt([16]byte{}, unhex(t, "B875CEB0E66A6C5CD00898DC371F92D1"))
	h := newHost(t, DNAOptions{Random: bytes.NewReader(append(rndB, unhex(t, "7614281A")...))})
	got := h.say(selectNDEF, "9071000002030000", "90AF000020FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B100")
	if want := "0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A" + "9100"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	if got := h.say("908D00001F030000000A00006B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA00"); got != "C26D236E4A7C046D9100" {
		t.Errorf("write: got %s", got)
	}
	if got := h.d.Content(3)[:10]; !bytes.Equal(got, unhex(t, "0102030405060708090A")) {
		t.Errorf("got content %X", got)
	}
}

// TestTable26And27 changes key 2 and then key 0.
func TestTable26And27(t *testing.T) {
	h := newHost(t, DNAOptions{})
	h.say(selectNDEF)
	h.d.live.session = &dnaSession{
		enc: dnaSecret(unhex(t, "4CF3CB41A22583A61E89B158D252FC53")), mac: dnaSecret(unhex(t, "5529860B2FC5FB6154B7F28361D30BF9")),
		ti: [4]byte(unhex(t, "7614281A")), counter: 2,
	}
	if got := h.say("90C4000029022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E600"); got != "203BB55D1089D5879100" {
		t.Fatalf("key 2: got %s", got)
	}
	if key, version := h.d.Key(2); !bytes.Equal(key[:], unhex(t, "F3847D627727ED3BC9C4CC050489B966")) || version != 1 {
		t.Errorf("got key 2 %X version %d", key, version)
	}
	if got := h.say("90C400002900C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED643200"); got != "9100" {
		t.Fatalf("key 0: got %s", got)
	}
	if key, version := h.d.Key(0); !bytes.Equal(key[:], unhex(t, "5004BF991F408672B1EF00F08F9E8647")) || version != 1 {
		t.Errorf("got key 0 %X version %d", key, version)
	}
	if h.d.live.session != nil {
		t.Error("the session outlives its key")
	}
}

// TestTables3And5 reads the published message: number 04DE5F1EACC040, the 61st reading, all keys zero.
func TestTables3And5(t *testing.T) {
	message := []byte("\xD1\x01\x45\x55\x04go.example/t/7?e=" + strings.Repeat("0", 32) + "&c=" + strings.Repeat("0", 16))
	h := newHost(t, DNAOptions{Message: message, Random: bytes.NewReader(unhex(t, "DA5CF60941 0000000000000000000000"))})
	h.prepareSDM("40 00E0 C1 FF21 180000 3B0000 3B0000")
	h.d.PutCounter(60)
	answer := unhex(t, h.say(selectNDEF, "00A4000C02E104", "00B0000000"))
	if want := "?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086"; !bytes.Contains(answer, []byte(want)) {
		t.Errorf("got %q, want %s in it", answer, want)
	}
}

// prepareSDM puts settings on the NDEF file in the factory's way past the secure channel.
func (h *host) prepareSDM(settings string) {
	h.t.Helper()
	f := &h.d.store.files[1]
	out, status := h.d.parseSettings(2, f, unhex(h.t, settings))
	if status != dnaOK {
		h.t.Fatalf("settings %s: got 91%02X", settings, byte(status))
	}
	f.mode, f.rights, f.sdm = out.mode, out.rights, out.sdm
}

// TestEncryptedFileData reads a message that a public verifier accepts: number 04958CAA5C5E80, the eighth reading, all keys
// zero, sixteen letters of file data.
func TestEncryptedFileData(t *testing.T) {
	picc := unhex(t, "FD91EC264309878BE6345CBE53BADF40")
	plain := dnaSecret{}.decrypt([16]byte{}, picc)
	h := &host{t: t, d: NewDNA([7]byte(plain[1:]), DNAOptions{Random: bytes.NewReader(append(plain[11:], make([]byte, 11)...))})}
	h.d.PutContent(2, []byte("p="+strings.Repeat("_", 32)+"&e="+strings.Repeat("x", 16)+strings.Repeat("_", 16)+"&cmac="+strings.Repeat("_", 16)))
	// p at 2, e at 37, the MAC from the encrypted data on, its text at 75.
	h.prepareSDM("40 00E0 D1 FF21 020000 250000 250000 200000 4B0000")
	h.d.PutCounter(7)
	answer := unhex(t, h.say(selectNDEF, "00A4000C02E104", "00B000005B"))
	want := "p=" + strings.ToUpper(hex.EncodeToString(picc)) + "&e=CEE9A53E3E463EF1F459635736738962&cmac=ECC1E7F6C6C73BF6"
	if got := string(answer[:len(want)]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
