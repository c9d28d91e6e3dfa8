package virtual

import (
	"bytes"
	"strings"
	"testing"
)

// TestLRPOfAN12304 recomputes published values of the primitive.
func TestLRPOfAN12304(t *testing.T) {
	for _, test := range []struct {
		key   string
		n     int
		input string
		want  string
	}{
		{"567826B8DA8E768432A9548DBE4AA3A0", 2, "1359", "1BA2C0C578996BC497DD181C6885A9DD"},
		{"88B95581002057A93E421EFE4076338B", 2, "77299D", "E9C04556A214AC3297B83E4BDF46F142"},
	} {
		if got := dnaSecret(unhex(t, test.key)).lrp(test.n).eval(unhex(t, test.input)); !bytes.Equal(got[:], unhex(t, test.want)) {
			t.Errorf("eval %s: got %X, want %s", test.input, got, test.want)
		}
	}
	for _, test := range []struct{ key, message, want string }{
		{"8195088CE6C393708EBBE6C7914ECB0B", "BBD5B85772C7", "AD8595E0B49C5C0DB18E77355F5AAFF6"},
		{"E2F84A0B0AF40EFEB3EEA215A436605C", "8BF1DDA9FE445560A4F4EB9CE0", "D04382DF71BC293FEC4BB10BDB13805F"},
		{"5AA9F6C6DE5138113DF5D6B6C77D5D52", "A4434D740C2CB665FE5396959189383F", "8B43ADF767E46B692E8F24E837CB5EFC"},
	} {
		if got := dnaSecret(unhex(t, test.key)).lrp(0).cmac(unhex(t, test.message)); !bytes.Equal(got[:], unhex(t, test.want)) {
			t.Errorf("CMAC of %s: got %X, want %s", test.message, got, test.want)
		}
	}
	key := dnaSecret(unhex(t, "E0C4935FF0C254CD2CEF8FDDC32460CF")).lrp(0)
	plain, secret := unhex(t, "012D7F1653CAF6503C6AB0C1010E8CB0"), unhex(t, "FCBBACAA4F29182464F99DE41085266F480E863E487BAAF687B43ED1ECE0D623")
	if got := key.encrypt(unhex(t, "C3315DBF"), padded(plain)); !bytes.Equal(got, secret) {
		t.Errorf("encrypted: got %X, want %X", got, secret)
	}
	if got, ok := unpadded(key.decrypt(unhex(t, "C3315DBF"), secret)); !ok || !bytes.Equal(got, plain) {
		t.Errorf("decrypted: got %X, want %X", got, plain)
	}
}

// TestMessageInLRPMode reads a message that a public verifier accepts, all keys zero.
func TestMessageInLRPMode(t *testing.T) {
	random := unhex(t, "16E2CA89D1 0000000000000000000000 AAE1508939ECF6FF")
	h := &host{t: t, d: NewDNA([7]byte(unhex(t, "042E1D222A6380")), DNAOptions{LRP: true, Random: bytes.NewReader(random)})}
	h.d.PutContent(2, []byte("\x00\x47\xD1\x01\x43\x55\x04"+strings.Repeat("0", 48)+"x"+strings.Repeat("0", 16)))
	h.prepareSDM("40 00E0 C1 FF00 070000 070000 380000")
	h.d.PutCounter(0x69)
	want := "AAE1508939ECF6FF26BCE407959AB1A5EC022819A35CD293x5E3DB82C19E3865F"
	if got := unhex(t, h.say(selectNDEF, selectFile, "00B0000749")); !bytes.HasPrefix(got, []byte(want)) {
		t.Errorf("got %q, want %s", got, want)
	}
}

func TestDNAInLRPMode(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	h.prepareSDM("40 00E0 C1 FF21 180000 3B0000 3B0000")
	if _, status := h.do(insSetConfiguration, dnaFull, []byte{5}, []byte{0, 0, 0, 0, 2, 0, 0, 0, 0, 0}); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	if got := h.d.Settings(2); got[1] != 0 {
		t.Errorf("messaging is still on: %X", got)
	}
	if got := h.say(selectNDEF, "9071000002 00 00 00"); got != "919D" {
		t.Errorf("AES: got %s", got)
	}
	if got := h.say("9071000003 00 01 02 00"); len(got) != 2*19 || got[:2] != "01" || got[34:] != "91AF" {
		t.Errorf("LRP: got %s", got)
	}
}

func TestLRPSession(t *testing.T) {
	h := newHost(t, DNAOptions{LRP: true})
	h.say(selectNDEF)
	if status := h.openLRP(insAuthenticateFirst, 0, dnaSecret{1}); status != dnaAuthenticationError {
		t.Errorf("wrong key: got 91%02X", byte(status))
	}
	if status := h.openLRP(insAuthenticateFirst, 0, dnaSecret{}); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	if got, status := h.do(insGetCardUID, dnaFull, nil, nil); status != dnaOK || !bytes.Equal(got, h.d.uid[:]) {
		t.Errorf("number: got %X, 91%02X", got, byte(status))
	}
	if _, status := h.do(insChangeFileSettings, dnaFull, []byte{2}, unhex(t, "40 00E0 C1 FF21 180000 4B0000 4B0000")); status != dnaOK {
		t.Errorf("settings: got 91%02X", byte(status))
	}
	fresh := dnaSecret{5}
	if _, status := h.do(insChangeKey, dnaFull, []byte{3}, newKey(dnaSecret{}, fresh, 2)); status != dnaOK {
		t.Errorf("change of key 3: got 91%02X", byte(status))
	}
	if status := h.openLRP(insAuthenticateNext, 3, fresh); status != dnaOK {
		t.Fatalf("next authentication: got 91%02X", byte(status))
	}
	if _, status := h.do(insWriteData, dnaFull, []byte{3, 0, 0, 0, 3, 0, 0}, []byte{7, 8, 9}); status != dnaOK {
		t.Errorf("write: got 91%02X", byte(status))
	}
	if got, status := h.do(insReadData, dnaFull, []byte{3, 0, 0, 0, 3, 0, 0}, nil); status != dnaOK || !bytes.Equal(got, []byte{7, 8, 9}) {
		t.Errorf("read: got %X, 91%02X", got, byte(status))
	}
	// A mirror as long as in AES mode would end before the MAC; in LRP mode it is longer.
	h.say(selectNDEF)
	if status := h.openLRP(insAuthenticateFirst, 0, dnaSecret{}); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	if _, status := h.do(insChangeFileSettings, dnaFull, []byte{2}, unhex(t, "40 00E0 C1 FF21 180000 3B0000 3B0000")); status != dnaParameterError {
		t.Errorf("mirror over the MAC: got 91%02X", byte(status))
	}
}
