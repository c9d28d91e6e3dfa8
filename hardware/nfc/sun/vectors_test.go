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

// TestDiversify uses the example of AN10922 §2.2.1, and values computed elsewhere with plain AES-CBC and the masks of that
// example, for lengths where the shortcut over CMAC would be wrong, or the mask another.
func TestDiversify(t *testing.T) {
	counting := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i)
		}
		return hex.EncodeToString(b)
	}
	master := keyOf(t, "00112233445566778899AABBCCDDEEFF")
	for _, test := range []struct{ input, want string }{
		{"04782E21801D80 3042F5 4E585020416275", "A8DD63A3B89D54B37CA802473FDA9175"},
		{counting(1), "281049D52ECBC8F60961993D34DE3D54"},
		{counting(7), "E8B7F67C78C34AF1446E331EF7E6D3FF"},
		{counting(15), "5A3C7F6F0687F24F82DEE7EDA0970D08"},
		{counting(16), "FEED9FBD36CDB16819A72D30BCF9240B"},
		{counting(31), "21C28CD89BB3147F66C7DBD4851CAB20"},
	} {
		if got := sun.Diversify(master, bytesOf(t, test.input)); got != keyOf(t, test.want) {
			t.Errorf("diversified by %s: got %X, want %s", test.input, got[:], test.want)
		}
	}
}

func TestDiversifyTakesNoOtherLengths(t *testing.T) {
	for _, n := range []int{0, sun.MaxDiversifier + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d bytes were taken", n)
				}
			}()
			sun.Diversify(sun.Key{}, make([]byte, n))
		}()
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
