package ntag424_test

import (
	"context"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// published is the signature of AN12196 §7.2.
func published() []byte {
	sig, err := hex.DecodeString("D1940D17CFEDA4BFF80359AB975F9F6514313E8F90C1D3CAAF5941AD" +
		"744A1CDF9A83F883CAFE0FE95D1939B1B7E47113993324473B785D21")
	if err != nil {
		panic(err)
	}
	return sig
}

// unsigned is a blank tag without the maker's signature, whose check takes longer than all the rest.
func unsigned() *virtual.DNA { return virtual.NewDNA(number, virtual.DNAOptions{}) }

// unsignedPlan takes such tags.
func unsignedPlan(t testing.TB) ntag424.Plan {
	p := plan(t)
	p.Copies = true
	return p
}

// memory is all that a tag keeps without power, but for counters.
type memory struct {
	Contents, Settings [3][]byte
	Keys               [5][16]byte
	Versions           [5]byte
}

func memoryOf(card *virtual.DNA) (m memory) {
	for i := range m.Contents {
		m.Contents[i], m.Settings[i] = card.Content(i+1), card.Settings(i+1)
	}
	for i := range m.Keys {
		m.Keys[i], m.Versions[i] = card.Key(i)
	}
	return m
}

// wantSame fails when a tag is not as it was.
func wantSame(t testing.TB, before memory, card *virtual.DNA) {
	t.Helper()
	if diff := cmp.Diff(before, memoryOf(card)); diff != "" {
		t.Errorf("the tag was changed (-before +after):\n%s", diff)
	}
}

// wrongTries counts the failed authentications that a tag has on its books.
func wrongTries(card *virtual.DNA) (n int) {
	for key := range 5 {
		total, _ := card.Failures(key)
		n += total
	}
	return n
}

// watched passes every exchange through, and shows it to a function that may change the answer.
func watched(card nfc.Card, see func(n int, cmd, answer []byte) []byte) nfctest.Faulty {
	n := 0
	return nfctest.Faulty{Card: card, Exchange: func(ctx context.Context, cmd []byte) ([]byte, error) {
		answer, err := card.Transmit(ctx, cmd)
		if err == nil {
			answer = see(n, cmd, answer)
		}
		n++
		return answer, err
	}}
}

// count is how many commands some work takes.
func count(t testing.TB, card nfc.Card, work func(nfc.Card) error) (n int) {
	t.Helper()
	if err := work(watched(card, func(_ int, _, answer []byte) []byte { n++; return answer })); err != nil {
		t.Fatal(err)
	}
	return n
}
