package sun

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestDiversify uses the example of AN10922 §2.2.1, and values that OpenSSL computed by the method of §2.2, for lengths
// where the shortcut over CMAC would be wrong, or the mask another.
func TestDiversify(t *testing.T) {
	counting := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i)
		}
		return hex.EncodeToString(b)
	}
	key, _ := hex.DecodeString("00112233445566778899AABBCCDDEEFF")
	master := NewCMAC(Key(key))
	for _, test := range []struct{ input, want string }{
		{"04782E21801D80 3042F5 4E585020416275", "A8DD63A3B89D54B37CA802473FDA9175"},
		{counting(1), "281049D52ECBC8F60961993D34DE3D54"},
		{counting(7), "E8B7F67C78C34AF1446E331EF7E6D3FF"},
		{counting(15), "5A3C7F6F0687F24F82DEE7EDA0970D08"},
		{counting(16), "FEED9FBD36CDB16819A72D30BCF9240B"},
		{counting(31), "21C28CD89BB3147F66C7DBD4851CAB20"},
	} {
		input, err := hex.DecodeString(strings.ReplaceAll(test.input, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		got := diversify(master, input)
		if text := strings.ToUpper(hex.EncodeToString(got[:])); text != test.want {
			t.Errorf("diversified by %s: got %s, want %s", test.input, text, test.want)
		}
	}
}

func TestDiversifyTakesNoOtherLengths(t *testing.T) {
	for _, n := range []int{0, maxDiversifier + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d bytes were taken", n)
				}
			}()
			diversify(NewCMAC(Key{}), make([]byte, n))
		}()
	}
}
