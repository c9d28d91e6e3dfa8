package type2_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// Numbers and signatures of real tags, as their owners published them. The last ones are of copies.
const (
	genuineNumber    = "04AB87F2CA1190"
	genuineSignature = "67B1750BCCEB1174F9A33BF20E0226551A6366939B31F949848C3C087350FA90"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	out, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGenuine(t *testing.T) {
	for _, test := range []struct {
		number, signature string
		want              bool
	}{
		{genuineNumber, genuineSignature, true},
		{"04BE7982355B80", "F2DE84A291222F6A04F663D48104D1F523DA00B9A951CC6126CE1BAA8A9E6A50", true},
		{"04BE7982355B80", genuineSignature, false},
		{"1D424AB9950000", "1D424A9DB99500001D424A9DB99500001D424A9DB99500001D424A9DB9950000", false},
		{"1DAC2BB9950000", "1DAC2B12B99500001DAC2B12B99500001DAC2B12B99500001DAC2B12B9950000", false},
		{genuineNumber, "0000000000000000000000000000000000000000000000000000000000000000", false},
		{genuineNumber, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", false},
		{genuineNumber, "67B1750BCCEB1174F9A33BF20E02265500000000000000000000000000000000", false},
	} {
		if got := type2.Genuine(unhex(t, test.number), [32]byte(unhex(t, test.signature))); got != test.want {
			t.Errorf("%s: got %v, want %v", test.number, got, test.want)
		}
	}
}

func TestEveryBitOfASignatureCounts(t *testing.T) {
	number, signature := unhex(t, genuineNumber), [32]byte(unhex(t, genuineSignature))
	for bit := range 8 * len(signature) {
		signature[bit/8] ^= 1 << (bit % 8)
		if type2.Genuine(number, signature) {
			t.Errorf("bit %d does not count", bit)
		}
		signature[bit/8] ^= 1 << (bit % 8)
	}
	for bit := range 8 * len(number) {
		number[bit/8] ^= 1 << (bit % 8)
		if type2.Genuine(number, signature) {
			t.Errorf("bit %d of the number does not count", bit)
		}
		number[bit/8] ^= 1 << (bit % 8)
	}
}

func TestProtectChecksTheMaker(t *testing.T) {
	plan := type2.Plan{URI: tableURI, Key: key(t, 1), MustBeGenuine: true}
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte(unhex(t, genuineNumber))).Signed([32]byte(unhex(t, genuineSignature)))
	if report := protect(t, tag, plan); !report.Genuine {
		t.Errorf("got %+v", report)
	}
	copied := virtual.NewNTAG(virtual.NTAG213, uid(1)).Signed([32]byte(unhex(t, genuineSignature)))
	if _, err := type2.Protect(t.Context(), copied, plan); !errors.Is(err, type2.ErrNotGenuine) || copied.Writes() != 0 {
		t.Errorf("a copy: got %v, %d pages written", err, copied.Writes())
	}
	plan.MustBeGenuine = false
	if report := protect(t, copied, plan); report.Genuine || !report.Protected {
		t.Errorf("a copy where it does not matter: got %+v", report)
	}
}
