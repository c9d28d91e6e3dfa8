package ntag424_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/type4"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

const prefix = "https://table.example/t/"

// number is that of a tag whose signature AN12196 publishes.
var number = [7]byte{0x04, 0x51, 0x8D, 0xFA, 0xA9, 0x61, 0x80}

func blankTag() *virtual.DNA {
	return virtual.NewDNA(number, virtual.DNAOptions{Signature: published()})
}

func ringOf(t testing.TB, masters ...sun.Master) *sun.Ring {
	t.Helper()
	ring, err := sun.NewRing(masters...)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func house(t testing.TB) *sun.Ring { return ringOf(t, sun.Master{Since: 1, Key: sun.Key{1, 2, 3}}) }

func plan(t testing.TB) ntag424.Plan { return ntag424.Plan{Prefix: prefix, Keys: house(t)} }

func mustProvision(t testing.TB, card ntag424.Card, p ntag424.Plan) ntag424.Report {
	t.Helper()
	report, err := ntag424.Provision(t.Context(), card, p)
	if err != nil {
		t.Fatalf("provision: %v", err)
	}
	return report
}

// address reads the tag as a phone does, after it has been away.
func address(t testing.TB, card ntag424.Card) string {
	t.Helper()
	if err := card.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := type4.Read(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	url, _ := content.Message.URI()
	return url
}

func TestProvision(t *testing.T) {
	card := blankTag()
	report := mustProvision(t, card, plan(t))
	want := ntag424.Report{
		Identity: ntag424.Identity{UID: number, Genuine: true},
		Mark:     sun.Mark{Version: 1, Counter: 2},
		URL:      report.URL,
		Changes:  []string{"keys", "content", "settings", "master key"},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	last := report.Mark
	for range 3 {
		word, ok := strings.CutPrefix(address(t, card), prefix)
		if !ok {
			t.Fatalf("the tag gives %q", word)
		}
		message, err := house(t).Verify(word)
		if err != nil || message.UID != number || !message.After(last) {
			t.Fatalf("%q after %+v: got %+v, %v", word, last, message, err)
		}
		last = message.Mark
	}
}

func TestProvisionAgainChangesNothing(t *testing.T) {
	card := blankTag()
	mustProvision(t, card, plan(t))
	report := mustProvision(t, card, plan(t))
	if len(report.Changes) > 0 || report.Mark != (sun.Mark{Version: 1, Counter: 4}) {
		t.Errorf("got %+v", report)
	}
}
