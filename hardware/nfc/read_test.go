package nfc_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func encoded(t testing.TB, uri string) []byte {
	t.Helper()
	r, err := ndef.URIRecord(uri)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ndef.Message{r}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// fixedATR is a card of which only the answer-to-reset and the number matter.
type fixedATR struct {
	nfc.Card
	atr []byte
}

func (f fixedATR) ATR() []byte { return f.atr }

func TestReadTagTellsCardsApart(t *testing.T) {
	uid := []byte{4, 1, 2, 3, 4, 5, 6}
	random := []byte{8, 1, 2, 3}
	message := encoded(t, "https://a.example")
	unformatted := virtual.NewNTAG(virtual.NTAG216, [7]byte(uid))
	unformatted.Put(3, make([]byte, 4))
	storage := []byte{0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0, 0, 0x03, 0x06, 0x03, 0, 0x01, 0, 0, 0, 0, 0x6A}
	for name, test := range map[string]struct {
		card nfc.Card
		want nfc.TagContent
	}{
		"ntag213":          {tagWith(t, 6, "https://a.example"), nfc.TagContent{UID: uid, Kind: nfc.NTAG213, NDEF: true, Capacity: 137, URI: "https://a.example"}},
		"factory ntag216":  {virtual.NewNTAG(virtual.NTAG216, [7]byte(uid)), nfc.TagContent{UID: uid, Kind: nfc.NTAG216, NDEF: true, Capacity: 868}},
		"unformatted":      {unformatted, nfc.TagContent{UID: uid, Kind: nfc.OtherType2}},
		"ntag424":          {virtual.NewNTAG424(uid, message), nfc.TagContent{UID: uid, Kind: nfc.NTAG424, NDEF: true, Capacity: 254, URI: "https://a.example"}},
		"ntag424 random":   {virtual.NewNTAG424(random, message), nfc.TagContent{UID: random, RandomUID: true, Kind: nfc.NTAG424, NDEF: true, Capacity: 254, URI: "https://a.example"}},
		"type 4":           {virtual.NewType4(uid, message), nfc.TagContent{UID: uid, Kind: nfc.OtherType4, NDEF: true, Capacity: 254, URI: "https://a.example"}},
		"phone":            {virtual.Phone{UID: [4]byte(random)}, nfc.TagContent{UID: random, RandomUID: true, Kind: nfc.Phone}},
		"phone with a tag": {virtual.NewType4(random, message), nfc.TagContent{UID: random, RandomUID: true, Kind: nfc.Phone, NDEF: true, Capacity: 254, URI: "https://a.example"}},
		"bank card":        {virtual.Phone{UID: [4]byte{1, 2, 3, 4}}, nfc.TagContent{UID: []byte{1, 2, 3, 4}, Kind: nfc.Other}},
		"classic":          {fixedATR{virtual.Phone{UID: [4]byte{1, 2, 3, 4}}, storage}, nfc.TagContent{UID: []byte{1, 2, 3, 4}, Kind: nfc.Classic}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := nfc.ReadTag(t.Context(), test.card)
			if err != nil {
				t.Fatal(err)
			}
			got.Message = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("content differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadTagDamaged(t *testing.T) {
	got, err := nfc.ReadTag(t.Context(), virtual.NewNTAG424([]byte{4, 1, 2, 3, 4, 5, 6}, []byte{0xD1, 0x01, 0x40, 0x55}))
	if !errors.Is(err, ndef.ErrMalformed) || got.Kind != nfc.NTAG424 || len(got.UID) != 7 || !got.NDEF {
		t.Errorf("got %+v, %v, want all but the content, and a typed error", got, err)
	}
}

// FuzzReadTag answers every command out of foreign bytes: three bytes say how long the next answers are.
func FuzzReadTag(f *testing.F) {
	tag := tagWith(f, 1, "https://a.example")
	head := append([]byte{4, 1, 2, 3, 4, 5, 1, 0x90, 0x00}, append(tag.Memory()[:16], 0x90, 0x00)...)
	f.Add(true, []byte{9, 18, 18}, append(head, append(tag.Memory()[16:32], 0x90, 0x00)...))
	f.Add(false, []byte{6, 2, 17}, []byte{8, 1, 2, 3, 0x90, 0x00, 0x90, 0x00, 0, 15, 0x20, 0, 0x40, 0, 0xFF, 4, 6, 0xE1, 4, 1, 0, 0, 0, 0x90, 0})
	f.Add(true, []byte{0, 1, 2}, []byte{0x90, 0x00, 0x63, 0x00})
	f.Fuzz(func(t *testing.T, type2 bool, lengths, answers []byte) {
		calls := 0
		var card nfc.Card = virtual.Phone{}
		if type2 {
			card = tag
		}
		card = nfctest.Faulty{Card: card, Exchange: func(context.Context, []byte) ([]byte, error) {
			if calls++; calls > 5000 {
				t.Fatal("reading does not end")
			}
			n := 18
			if len(lengths) > 0 {
				n = int(lengths[(calls-1)%len(lengths)])
			}
			n = min(n, len(answers))
			answer := bytes.Clone(answers[:n])
			answers = append(answers[n:], answer...)
			return answer, nil
		}}
		content, err := nfc.ReadTag(t.Context(), card)
		if err == nil && len(content.UID) == 0 {
			t.Error("a tag without a number is no tag")
		}
	})
}

func TestReadingLeavesNothingHalfAsked(t *testing.T) {
	card := virtual.NewDNA([7]byte{4, 1, 2, 3, 4, 5, 6}, virtual.DNAOptions{})
	for n := range 2 { // the second time as another program would, without a loss of power in between
		content, err := nfc.ReadTag(t.Context(), card)
		if err != nil || content.Kind != nfc.NTAG424 {
			t.Errorf("reading %d: got %s, %v; want %s", n+1, content.Kind, err, nfc.NTAG424)
		}
	}
}
