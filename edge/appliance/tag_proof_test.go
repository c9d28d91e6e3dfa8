package appliance_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

// proved is a device without readers, and a signing tag that was set up for its one table, a counter where everybody has a
// visit of their own.
type proved struct {
	*appliance.Device
	card nfc.Card
}

func openProved(t testing.TB) proved {
	t.Helper()
	settings, err := configs.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	settings.Data.Directory = t.TempDir()
	settings.Readers.Driver = "none"
	settings.Server.BaseURL = "https://table.example"
	device, err := appliance.Open(context.Background(), settings, appliance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := device.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	tables, err := device.Floor().AddTables(t.Context(), edge.System, []edge.Table{{Name: "1", Kind: edge.KindCounter}})
	if err != nil {
		t.Fatal(err)
	}
	card := dna(1)
	path := filepath.Join(settings.Data.Directory, "tags.secret")
	work := appliance.TagWork{
		Desk: device.Desk(edge.System), Table: tables[0].ID, Copies: true,
		Keys: func() (*appliance.TagKeys, error) { return appliance.ReadTagKeys(path) },
	}
	if _, err := work.Do(t.Context(), card); err != nil {
		t.Fatalf("set up the tag: %v", err)
	}
	return proved{device, card}
}

// word is what the next tap gives.
func (p proved) word(t testing.TB) string {
	t.Helper()
	url := phone(t, p.card)
	return url[strings.LastIndex(url, "/")+1:]
}

// TestEveryChangedBitIsRefused changes one bit of the number in a message, or any character, and brings it to the device.
func TestEveryChangedBitIsRefused(t *testing.T) {
	p := openProved(t)
	word := p.word(t)
	seat := func(w string) (edge.Seated, error) {
		return p.Floor().Seat(context.Background(), edge.SeatRequest{Token: w, KeyHash: "k" + w})
	}
	const digits = "0123456789ABCDEF"
	refused := 0
	for at := 1; at < len(word); at++ {
		value := strings.IndexByte(digits, word[at])
		for bit := range 4 {
			changed := word[:at] + string(digits[value^1<<bit]) + word[at+1:]
			if seated, err := seat(changed); edge.CodeOf(err) != "tap_invalid" {
				t.Fatalf("bit %d of character %d changed: got %+v, %v; want tap_invalid", bit, at, seated, err)
			}
			refused++
		}
	}
	if refused != 4*50 {
		t.Errorf("%d bits were tried, want 200", refused)
	}
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(word)
		at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
		raw[at] = rapid.Byte().Draw(t, "byte")
		cut := rapid.IntRange(1, len(raw)).Draw(t, "cut")
		if changed := string(raw[:cut]); changed != word {
			if seated, err := seat(changed); err == nil {
				t.Fatalf("%q was seated: %+v", changed, seated)
			}
		}
	})
	if seated, err := seat(word); err != nil || seated.Guest.Presence != edge.PresenceProven {
		t.Errorf("after all that the message itself: got %+v, %v", seated, err)
	}
	if _, err := seat(word[:40]); edge.CodeOf(err) != "tap_invalid" {
		t.Errorf("a message that was cut off: got %v, want tap_invalid", err)
	}
}

// BenchmarkTapToProvenSession is what happens between a phone's request and its answer: the message is checked and
// counted, the guest seated, and all that is on the disk.
func BenchmarkTapToProvenSession(b *testing.B) {
	p := openProved(b)
	words := make([]string, 0, 20000)
	for n := 0; b.Loop(); n++ {
		if n == len(words) {
			b.StopTimer()
			for range 500 {
				words = append(words, p.word(b))
			}
			b.StartTimer()
		}
		req := edge.SeatRequest{Token: words[n], KeyHash: fmt.Sprint("guest", n)}
		if _, err := p.Floor().Seat(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
}
