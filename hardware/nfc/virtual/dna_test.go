package virtual

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

const (
	selectFile = "00A4000C02E104"
	selectCC   = "00A4000C02E103"
)

func TestDNAWithoutKeys(t *testing.T) {
	for _, test := range []struct {
		name     string
		commands []string
		want     string
	}{
		{"number", []string{"FFCA000000"}, "04DE5F1EACC0409000"},
		{"ATS", []string{"FFCA010000"}, "0677777102809000"},
		{"version, first frame", []string{"9060000000"}, "0404023000110591AF"},
		{"version, second frame", []string{"9060000000", "90AF000000"}, "0404020102110591AF"},
		{"version, third frame", []string{"9060000000", "90AF000000", "90AF000000"}, "04DE5F1EACC040CF39D4498014189100"},
		{"version interrupted", []string{"9060000000", "9060000000"}, "91CA"},
		{"version interrupted by ISO", []string{"9060000000", selectNDEF}, "6985"},
		{"frame of nothing", []string{"90AF000000"}, "911C"},
		{"without Le", []string{"90600000"}, "917E"},
		{"wrong Lc", []string{selectNDEF, "90F5000002 02 00"}, "917E"},
		{"Le not zero", []string{"9060000001"}, "917E"},
		{"P1 not zero", []string{"9060010000"}, "919E"},
		{"unknown command", []string{"9000000000"}, "911C"},
		{"other class", []string{"80600000"}, "6E00"},
		{"other ISO command", []string{"0020000000"}, "6D00"},
		{"file without application", []string{selectFile}, "6A82"},
		{"settings without application", []string{"90F5000001 02 00"}, "919D"},
		{"key without application", []string{"9071000002 00 00 00"}, "9140"},
		{"other application", []string{"00A4040007A000000003101000"}, "6A82"},
		{"master file", []string{selectNDEF, "00A4000C023F00", selectFile}, "6A82"},
		{"application by identifier", []string{"00A4000C02E110", selectFile}, "9000"},
		{"selection with wrong P2", []string{"00A4040107D2760000850101"}, "6A86"},
		{"selection of three bytes", []string{selectNDEF, "00A4000C03E10400"}, "6A87"},
		{"container", []string{selectNDEF, selectCC, "00B0000017"}, "001720010000FF0406E104010000000506E105008082839000"},
		{"container is not ours to write", []string{selectNDEF, selectCC, "00D6000001FF"}, "6982"},
		{"write and read", []string{selectNDEF, selectFile, "00D6000003010203", "00B0000004"}, "010203009000"},
		{"read by short identifier", []string{selectNDEF, "00B0830002"}, "00179000"},
		{"short identifier nobody has", []string{selectNDEF, "00B0860002"}, "6A82"},
		{"read with nothing selected", []string{selectNDEF, "00B0000001"}, "6985"},
		{"read behind the end", []string{selectNDEF, selectCC, "00B0002001"}, "6A86"},
		{"read over the end", []string{selectNDEF, selectCC, "00B0001E05"}, "00009000"},
		{"write over the end", []string{selectNDEF, selectFile, "00D600FF020102"}, "6700"},
		{"proprietary file", []string{selectNDEF, "00A4000C02E105", "00B0000001"}, "6982"},
		{"settings of the container", []string{selectNDEF, "90F5000001 01 00"}, "000000E02000009100"},
		{"settings of the message", []string{selectNDEF, "90F5000001 02 00"}, "0000E0EE0001009100"},
		{"settings of the third file", []string{selectNDEF, "90F5000001 03 00"}, "000330238000009100"},
		{"settings of a fourth file", []string{selectNDEF, "90F5000001 04 00"}, "91F0"},
		{"native read", []string{selectNDEF, "90AD000007 01 000000 020000 00"}, "00179100"},
		{"native read that asks for a key", []string{selectNDEF, "90AD000007 03 000000 020000 00"}, "91AE"},
		{"native read behind the end", []string{selectNDEF, "90AD000007 01 1F0000 020000 00"}, "91BE"},
		{"native write", []string{selectNDEF, "908D000009 02 000000 020000 0102 00", "90AD000007 02 000000 020000 00"}, "01029100"},
		{"native write of a wrong length", []string{selectNDEF, "908D000009 02 000000 030000 0102 00"}, "917E"},
		{"native write over the end", []string{selectNDEF, "908D000009 02 FF0000 020000 0102 00"}, "91BE"},
		{"native write that asks for a key", []string{selectNDEF, "908D000009 01 000000 020000 0102 00"}, "91AE"},
		{"key version", []string{selectNDEF, "9064000001 04 00"}, "009100"},
		{"version of a sixth key", []string{selectNDEF, "9064000001 05 00"}, "9140"},
		{"card number without key", []string{selectNDEF, "9051000000"}, "91AE"},
		{"change of settings without key", []string{selectNDEF, "905F000004 02 0000E0 00"}, "91AE"},
		{"change of a key without key", []string{selectNDEF, "90C4000001 01 00"}, "91AE"},
		{"configuration without key", []string{selectNDEF, "905C000001 00 00"}, "91AE"},
		{"counters without messaging", []string{selectNDEF, "90F6000001 02 00"}, "919D"},
		{"signature", []string{"903C000001 00 00"}, strings.Repeat("00", 56) + "9100"},
		{"signature elsewhere", []string{"903C000001 01 00"}, "919E"},
		{"authentication with a sixth key", []string{selectNDEF, "9071000002 05 00 00"}, "9140"},
		{"authentication without capabilities", []string{selectNDEF, "9071000001 00 00"}, "917E"},
		{"next authentication first", []string{selectNDEF, "9077000001 00 00"}, "919D"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := newHost(t, DNAOptions{}).say(test.commands...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestDNASession(t *testing.T) {
	h := newHost(t, DNAOptions{Signature: bytes.Repeat([]byte{7}, 56)}).login(0)
	if got, status := h.do(insGetCardUID, dnaFull, nil, nil); status != dnaOK || !bytes.Equal(got, h.d.uid[:]) {
		t.Errorf("number: got %X, 91%02X", got, byte(status))
	}
	if got, status := h.do(insGetKeyVersion, dnaMAC, []byte{1}, nil); status != dnaOK || !bytes.Equal(got, []byte{0}) {
		t.Errorf("key version: got %X, 91%02X", got, byte(status))
	}
	if got, status := h.do(insReadSig, dnaFull, []byte{0}, nil); status != dnaOK || len(got) != 56 || got[0] != 7 {
		t.Errorf("signature: got %X, 91%02X", got, byte(status))
	}
	if got, status := h.do(insGetFileSettings, dnaMAC, []byte{2}, nil); status != dnaOK || len(got) != 7 {
		t.Errorf("settings: got %X, 91%02X", got, byte(status))
	}
	fresh := dnaSecret{9, 9, 9}
	if _, status := h.do(insChangeKey, dnaFull, []byte{3}, newKey(dnaSecret{}, fresh, 5)); status != dnaOK {
		t.Errorf("change of key 3: got 91%02X", byte(status))
	}
	if status := h.open(insAuthenticateNext, 3, fresh); status != dnaOK {
		t.Errorf("next authentication: got 91%02X", byte(status))
	}
	if h.session.counter != 5 {
		t.Errorf("got counter %d after the next authentication, want 5", h.session.counter)
	}
	// Key 3 may write and read the third file; more than fits is refused.
	data := bytes.Repeat([]byte{0xA5}, 64)
	if _, status := h.do(insWriteData, dnaFull, []byte{3, 0, 0, 0, 64, 0, 0}, data); status != dnaOK {
		t.Errorf("write: got 91%02X", byte(status))
	}
	if got, status := h.do(insReadData, dnaFull, []byte{3, 0, 0, 0, 64, 0, 0}, nil); status != dnaOK || !bytes.Equal(got, data) {
		t.Errorf("read: got %X, 91%02X", got, byte(status))
	}
	if _, status := h.do(insSetConfiguration, dnaFull, []byte{0}, []byte{2}); status != dnaAuthenticationError {
		t.Errorf("configuration with key 3: got 91%02X", byte(status))
	}
	if _, status := h.do(insReadData, dnaFull, []byte{3, 0, 0, 0, 64, 0, 0}, nil); status != dnaAuthenticationError {
		t.Errorf("after an error: got 91%02X, want the session to be over", byte(status))
	}
}

// TestDNAVersionInSession checks the one MAC over all three frames.
func TestDNAVersionInSession(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	s := h.session
	all, status := h.send(insGetVersion, s.tag(insGetVersion))
	for status == dnaAdditionalFrame {
		var more []byte
		more, status = h.send(insAdditionalFrame, nil)
		all = append(all, more...)
	}
	s.counter++
	if n := len(all) - 8; status != dnaOK || n != 28 || !bytes.Equal(all[n:], s.tag(0, all[:n])) {
		t.Errorf("got %X, 91%02X", all, byte(status))
	}
}

// TestDNARefusesWhatIsTamperedWith flips each bit of a command.
func TestDNARefusesWhatIsTamperedWith(t *testing.T) {
	for bit := range 8 * 24 {
		h := newHost(t, DNAOptions{}).login(3)
		s := h.session
		data := s.enc.encrypt(s.iv(0xA55A), padded([]byte{1, 2, 3}))
		header := []byte{3, 0, 0, 0, 3, 0, 0}
		body := append(data, s.tag(insWriteData, header, data)...)
		body[bit/8] ^= 1 << (bit % 8)
		if _, status := h.send(insWriteData, append(bytes.Clone(header), body...)); status != dnaIntegrityError {
			t.Fatalf("bit %d: got 91%02X", bit, byte(status))
		}
		if h.d.live.session != nil || h.d.Content(3)[0] != 0 {
			t.Fatalf("bit %d: the session goes on, or the file was written", bit)
		}
	}
}

func TestDNARefusesReplay(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	body := append([]byte{1}, h.session.tag(insGetKeyVersion, []byte{1})...)
	if _, status := h.send(insGetKeyVersion, body); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	if _, status := h.send(insGetKeyVersion, body); status != dnaIntegrityError {
		t.Errorf("the same again: got 91%02X", byte(status))
	}
}

func TestDNASessionEndsWith(t *testing.T) {
	for name, command := range map[string]string{
		"ISO read": "00B0830001", "selection of a file": selectFile, "selection of the application": selectNDEF, "unknown command": "9001000000",
	} {
		h := newHost(t, DNAOptions{}).login(0)
		got := h.say(command)
		if name == "ISO read" && got != "6982" {
			t.Errorf("%s: got %s", name, got)
		}
		if h.d.live.session != nil {
			t.Errorf("%s: the session goes on", name)
		}
	}
	h := newHost(t, DNAOptions{}).login(0)
	if err := h.d.Reset(t.Context()); err != nil || h.d.live.session != nil || h.d.live.application {
		t.Errorf("reset: %v, or something is remembered", err)
	}
}

func TestDNACommandCounterEnds(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	h.d.live.session.counter, h.session.counter = 0xFFFF, 0xFFFF
	if _, status := h.do(insGetKeyVersion, dnaMAC, []byte{1}, nil); status != dnaIntegrityError {
		t.Errorf("got 91%02X", byte(status))
	}
}

func TestDNAChangeKeyRefusals(t *testing.T) {
	fresh := dnaSecret{1}
	for name, test := range map[string]struct {
		key  byte
		data []byte
		want dnaStatus
	}{
		"no such key":        {5, newKey(dnaSecret{}, fresh, 1), dnaNoSuchKey},
		"old key wrong":      {1, newKey(dnaSecret{7}, fresh, 1), dnaIntegrityError},
		"key 0 with old key": {0, newKey(dnaSecret{}, fresh, 1), dnaLengthError},
		"key 1 without CRC":  {1, append(fresh[:], 1), dnaLengthError},
		"reserved bits":      {0x41, newKey(dnaSecret{}, fresh, 1), dnaParameterError},
		"key 1":              {1, newKey(dnaSecret{}, fresh, 1), dnaOK},
		"key 0":              {0, append(fresh[:], 1), dnaOK},
	} {
		h := newHost(t, DNAOptions{}).login(0)
		before := h.d.Writes()
		_, status := h.do(insChangeKey, dnaFull, []byte{test.key}, test.data)
		if status != test.want || (h.d.Writes() != before) != (status == dnaOK) {
			t.Errorf("%s: got 91%02X, want 91%02X, and a write only then", name, byte(status), byte(test.want))
		}
	}
	h := newHost(t, DNAOptions{}).login(1)
	if _, status := h.do(insChangeKey, dnaFull, []byte{1}, newKey(dnaSecret{}, fresh, 1)); status != dnaAuthenticationError {
		t.Errorf("with key 1: got 91%02X", byte(status))
	}
}

func TestDNADelaysAndLocks(t *testing.T) {
	h := newHost(t, DNAOptions{})
	h.say(selectNDEF)
	wrong := dnaSecret{0xFF}
	for i := range patience {
		if status := h.open(insAuthenticateFirst, 2, wrong); status != dnaAuthenticationError {
			t.Fatalf("failure %d: got 91%02X", i, byte(status))
		}
	}
	if status := h.open(insAuthenticateFirst, 2, dnaSecret{}); status != dnaAuthenticationDelay {
		t.Fatalf("after %d failures: got 91%02X", patience, byte(status))
	}
	if status := h.open(insAuthenticateFirst, 1, dnaSecret{}); status != dnaOK {
		t.Errorf("another key: got 91%02X", byte(status))
	}
	if err := h.d.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.say(selectNDEF)
	if status := h.open(insAuthenticateFirst, 2, dnaSecret{}); status != dnaOK {
		t.Errorf("with the delay spent: got 91%02X", byte(status))
	}
	if total, row := h.d.Failures(2); total != patience-10 || row != 0 {
		t.Errorf("got %d failures, %d in a row, want %d and 0", total, row, patience-10)
	}
	h.d.PutFailures(2, 1000, 0)
	if status := h.open(insAuthenticateFirst, 2, dnaSecret{}); status != dnaPermissionDenied {
		t.Errorf("after a thousand: got 91%02X", byte(status))
	}
	// A new key makes it usable again (§9).
	h.login(0)
	if _, status := h.do(insChangeKey, dnaFull, []byte{2}, newKey(dnaSecret{}, dnaSecret{3}, 1)); status != dnaOK {
		t.Fatalf("change of the locked key: got 91%02X", byte(status))
	}
	if status := h.open(insAuthenticateFirst, 2, dnaSecret{3}); status != dnaOK {
		t.Errorf("the new key: got 91%02X", byte(status))
	}
}

func TestDNAConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		option byte
		data   []byte
		want   dnaStatus
	}{
		"unknown option": {0x01, []byte{0}, dnaParameterError}, "too short": {0x0A, []byte{0}, dnaLengthError},
		"reserved bit": {0x00, []byte{1}, dnaParameterError}, "limit of zero": {0x0A, []byte{1, 0, 0, 10, 0}, dnaParameterError},
		"limit": {0x0A, []byte{1, 100, 0, 10, 0}, dnaOK}, "modulation": {0x0B, []byte{1}, dnaOK},
	} {
		h := newHost(t, DNAOptions{}).login(0)
		if _, status := h.do(insSetConfiguration, dnaFull, []byte{test.option}, test.data); status != test.want {
			t.Errorf("%s: got 91%02X, want 91%02X", name, byte(status), byte(test.want))
		}
	}
}

func TestDNARandomID(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	if _, status := h.do(insSetConfiguration, dnaFull, []byte{0}, []byte{2}); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	seen := map[string]bool{}
	for range 3 {
		if err := h.d.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := h.say("FFCA000000")
		if len(got) != 12 || got[:2] != "08" {
			t.Errorf("got number %s", got)
		}
		seen[got] = true
	}
	if len(seen) < 2 {
		t.Error("the number stays the same")
	}
	if got := h.say("9060000000", "90AF000000", "90AF000000"); got[:14] != strings.Repeat("0", 14) {
		t.Errorf("the version gives the number away: %s", got)
	}
	if got, status := h.login(2).do(insGetCardUID, dnaFull, nil, nil); status != dnaOK || !bytes.Equal(got, h.d.uid[:]) {
		t.Errorf("got %X, 91%02X", got, byte(status))
	}
}

// TestDNATorn takes the power during a change of a key: it happens wholly or not at all, and the session is over.
func TestDNATorn(t *testing.T) {
	for name, tear := range map[string]func(*DNA){
		"before": func(d *DNA) { d.TearAfter(0, false) },
		"within": func(d *DNA) { d.TearWithin(0) },
		"after":  func(d *DNA) { d.TearAfter(0, true) },
	} {
		h := newHost(t, DNAOptions{}).login(0)
		tear(h.d)
		data := newKey(dnaSecret{}, dnaSecret{8}, 1)
		s := h.session
		sealed := s.enc.encrypt(s.iv(0xA55A), padded(data))
		cmd := append([]byte{0x90, insChangeKey, 0, 0, byte(1 + len(sealed) + 8), 1}, sealed...)
		cmd = append(append(cmd, s.tag(insChangeKey, []byte{1}, sealed)...), 0)
		if _, err := h.d.Transmit(context.Background(), cmd); !errors.Is(err, nfc.ErrNoCard) {
			t.Fatalf("%s: got %v", name, err)
		}
		h.d.Return()
		if _, version := h.d.Key(1); (version == 1) != (name == "after") {
			t.Errorf("%s: got key version %d", name, version)
		}
		if got := h.say(selectFile); got != "6A82" {
			t.Errorf("%s: something is still selected: %s", name, got)
		}
	}
	// A write of more than one frame may stop between frames, a smaller one may not.
	for size, want := range map[int]int{100: 0, 200: 128} {
		h := newHost(t, DNAOptions{})
		h.say(selectNDEF, selectFile)
		h.d.TearWithin(0)
		cmd := append([]byte{0x00, 0xD6, 0, 0, byte(size)}, bytes.Repeat([]byte{0xEE}, size)...)
		if _, err := h.d.Transmit(context.Background(), cmd); !errors.Is(err, nfc.ErrNoCard) {
			t.Fatal(err)
		}
		if got := bytes.Count(h.d.Content(2), []byte{0xEE}); got != want {
			t.Errorf("of %d bytes %d were stored, want %d", size, got, want)
		}
	}
}
