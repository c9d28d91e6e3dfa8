package sun_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keyOf(t testing.TB, text string) sun.Key { return sun.Key(bytesOf(t, text)) }

// TestCMAC uses the examples of RFC 4493 §4.
func TestCMAC(t *testing.T) {
	mac := sun.NewCMAC(keyOf(t, "2b7e151628aed2a6abf7158809cf4f3c"))
	message := bytesOf(t, "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"+
		"30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710")
	for _, test := range []struct {
		length int
		want   string
	}{
		{0, "bb1d6929e95937287fa37d129b756746"},
		{16, "070a16b46b4d4144f79bdd9dd04a287c"},
		{40, "dfa66747de9ae63030ca32611497c827"},
		{64, "51f0bebf7e3b9d92fc49741779363cfe"},
	} {
		got := mac.Sum(message[:test.length])
		if diff := cmp.Diff(bytesOf(t, test.want), got[:]); diff != "" {
			t.Errorf("%d bytes (-want +got):\n%s", test.length, diff)
		}
		short := mac.Short(message[:test.length])
		for i, b := range short {
			if b != got[2*i+1] {
				t.Errorf("%d bytes: short code %X is not every second byte of %X", test.length, short, got)
			}
		}
	}
}

// TestMAC uses AN12196 table 5 (keys of zero), and messages of real tags that the boltcard project publishes in its
// docs/TEST_VECTORS.md.
func TestMAC(t *testing.T) {
	const bolt = "b45775776cb224c75bcde7ca3704e933"
	for _, test := range []struct {
		key, uid string
		counter  uint32
		want     string
	}{
		{"00000000000000000000000000000000", "04DE5F1EACC040", 61, "94EED9EE65337086"},
		{bolt, "04996c6a926980", 3, "E19CCB1FED8892CE"},
		{bolt, "04996c6a926980", 5, "66B4826EA4C155B4"},
		{bolt, "04996c6a926980", 7, "CC61660C020B4D96"},
	} {
		got := sun.MAC(keyOf(t, test.key), sun.UID(bytesOf(t, test.uid)), test.counter, nil)
		if diff := cmp.Diff(bytesOf(t, test.want), got[:]); diff != "" {
			t.Errorf("%s at %d (-want +got):\n%s", test.uid, test.counter, diff)
		}
	}
}
