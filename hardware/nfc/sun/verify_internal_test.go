package sun

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOpenPICC uses AN12196 table 3 (key of zero), and messages of real tags that the boltcard project publishes in its
// docs/TEST_VECTORS.md.
func TestOpenPICC(t *testing.T) {
	const bolt = "0c3b25d92b38ae443229dd59ad34b85d"
	for _, test := range []struct {
		key, data, uid string
		counter        uint32
	}{
		{"00000000000000000000000000000000", "EF963FF7828658A599F3041510671E88", "04DE5F1EACC040", 61},
		{bolt, "4E2E289D945A66BB13377A728884E867", "04996C6A926980", 3},
		{bolt, "00F48C4F8E386DED06BCDC78FA92E2FE", "04996C6A926980", 5},
		{bolt, "0DBF3C59B59B0638D60B5842A997D4D1", "04996C6A926980", 7},
	} {
		key, _ := hex.DecodeString(test.key)
		data, _ := hex.DecodeString(test.data)
		got := openPICC(Key(key), [piccLength]byte(data))
		uid, _ := hex.DecodeString(test.uid)
		want := piccData{tag: tagBoth, uid: UID(uid), counter: test.counter}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(piccData{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.data, diff)
		}
	}
}
