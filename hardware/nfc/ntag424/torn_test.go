package ntag424_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/type4"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// tears are the ways in which a tag leaves the field during a command.
func tears() map[string]func(*virtual.DNA, int) {
	return map[string]func(*virtual.DNA, int){
		"before": func(c *virtual.DNA, n int) { c.TearAfter(n, false) },
		"after":  func(c *virtual.DNA, n int) { c.TearAfter(n, true) },
		"within": func(c *virtual.DNA, n int) { c.TearWithin(n) },
	}
}

// TestTornAnywhereAndRepeated tears every kind of work at each of its commands and repeats it.
func TestTornAnywhereAndRepeated(t *testing.T) {
	moved := unsignedPlan(t)
	moved.Prefix = "https://elsewhere.example/very/long/way/to/the/table/so/that/the/content/takes/two/pieces/and/more/t/"
	for _, test := range []struct {
		name    string
		prepare func(*virtual.DNA)
		work    func(nfc.Card) error
	}{
		{"set up", func(*virtual.DNA) {}, func(c nfc.Card) error {
			_, err := ntag424.Provision(t.Context(), c, unsignedPlan(t))
			return err
		}},
		{"moved", func(c *virtual.DNA) { mustProvision(t, c, unsignedPlan(t)) }, func(c nfc.Card) error {
			_, err := ntag424.Provision(t.Context(), c, moved)
			return err
		}},
		{"retired", func(c *virtual.DNA) { mustProvision(t, c, moved) }, func(c nfc.Card) error {
			_, err := ntag424.Retire(t.Context(), c, house(t))
			return err
		}},
	} {
		sample := unsigned()
		test.prepare(sample)
		total := count(t, sample, test.work)
		t.Logf("%s: %d commands", test.name, total)
		for how, tear := range tears() {
			for n := range total {
				t.Run(fmt.Sprintf("%s/%s/%d", test.name, how, n), func(t *testing.T) {
					card := unsigned()
					test.prepare(card)
					tear(card, n)
					if err := test.work(card); !errors.Is(err, nfc.ErrNoCard) {
						t.Fatalf("torn: got %v", err)
					}
					card.Return()
					wantNoHalfAddress(t, card)
					if err := test.work(card); err != nil {
						t.Fatalf("repeated: %v", err)
					}
					if got := wrongTries(card); got != 0 {
						t.Errorf("%d wrong tries", got)
					}
				})
			}
		}
	}
}

// wantNoHalfAddress reads a tag as a phone that comes between two attempts.
func wantNoHalfAddress(t testing.TB, card *virtual.DNA) string {
	t.Helper()
	if err := card.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := type4.Read(t.Context(), card)
	if err != nil {
		t.Fatalf("a torn tag cannot be read: %v", err)
	}
	url, ok := content.Message.URI()
	if !ok {
		return ""
	}
	_, word, ok := strings.Cut(url, "/t/")
	if !ok || !sun.IsWord(word) {
		t.Fatalf("a torn tag gives %q", url)
	}
	return word
}

// life is a tag that is set up, moved and retired over and over, torn now and then, with a register beside it that
// remembers what the reports said.
type life struct {
	card *virtual.DNA
	ring *sun.Ring
	// used is the highest version that a report named; retired says that the next set-up must go beyond it.
	used    byte
	retired bool
	// words are all messages that were ever read from the tag.
	words map[string]bool
}

func (l *life) least() byte {
	if l.retired && l.used > 0 {
		return l.used + 1
	}
	return max(l.used, 1)
}

func (l *life) note(report ntag424.Report, retired bool) {
	l.used = max(l.used, report.Mark.Version)
	l.retired = retired
	if _, word, ok := strings.Cut(report.URL, "/t/"); ok {
		l.words[word] = true
	}
}

func (l *life) provision(t testing.TB, prefix string) (ntag424.Report, error) {
	report, err := ntag424.Provision(t.Context(), l.card, ntag424.Plan{Prefix: prefix, Keys: l.ring, Version: l.least(), Copies: true})
	// Only a set-up that reached the tag with its version ends what the last retirement began.
	l.note(report, l.retired && err != nil)
	return report, err
}

func (l *life) retire(t testing.TB) error {
	report, err := ntag424.Retire(t.Context(), l.card, l.ring)
	l.note(report, true)
	return err
}

// TestNoMessageEverComesBack lives random lives. Whatever happened, the tag can be set up in the end, no message that was
// ever read from it counts as new then, and the tag's next message does.
func TestNoMessageEverComesBack(t *testing.T) {
	prefixes := []string{"https://a.example/t/", "https://b.example/t/", "https://a-long-name-for-a-house.example/somewhere/in/it/t/"}
	hows := slices.Sorted(maps.Keys(tears()))
	rapid.Check(t, func(rt *rapid.T) {
		l := &life{card: unsigned(), ring: house(t), words: map[string]bool{}}
		for range rapid.IntRange(0, 8).Draw(rt, "chapters") {
			if rapid.IntRange(0, 3).Draw(rt, "torn") > 0 {
				how := rapid.SampledFrom(hows).Draw(rt, "how")
				tears()[how](l.card, rapid.IntRange(0, 70).Draw(rt, "after"))
			}
			if rapid.Bool().Draw(rt, "retire") {
				_ = l.retire(t) // torn or not
			} else {
				_, _ = l.provision(t, rapid.SampledFrom(prefixes).Draw(rt, "prefix")) // torn or not
			}
			l.card.Return()
			for range rapid.IntRange(0, 5).Draw(rt, "taps") {
				l.words[wantNoHalfAddress(t, l.card)] = true
			}
		}
		report, err := l.provision(t, prefixes[0])
		if err != nil {
			rt.Fatalf("in the end: %v", err)
		}
		for word := range l.words {
			if m, err := l.ring.Verify(word); err == nil && m.After(report.Mark) {
				rt.Errorf("%q counts as %+v, after %+v", word, m.Mark, report.Mark)
			}
		}
		m, err := l.ring.Verify(wantNoHalfAddress(t, l.card))
		if err != nil || !m.After(report.Mark) {
			rt.Errorf("the next message: got %+v, %v after %+v", m, err, report.Mark)
		}
		if got := wrongTries(l.card); got != 0 {
			rt.Errorf("%d wrong tries", got)
		}
	})
}

// TestTornRetirementShowsOnTheTag sets a tag up again after a torn retirement that nobody remembers. As long as the tag
// has the house's master key it tells by itself that its version was used.
func TestTornRetirementShowsOnTheTag(t *testing.T) {
	setUp := func() (*virtual.DNA, string) {
		card := unsigned()
		mustProvision(t, card, unsignedPlan(t))
		for range 8 {
			address(t, card)
		}
		return card, wantNoHalfAddress(t, card)
	}
	sample, _ := setUp()
	total := count(t, sample, func(c nfc.Card) error {
		_, err := ntag424.Retire(t.Context(), c, house(t))
		return err
	})
	moved := unsignedPlan(t)
	moved.Prefix = "https://elsewhere.example/t/"
	seen := 0
	for n := range 2 * total {
		card, word := setUp()
		next := unsignedPlan(t)
		if n >= total {
			n, next = n-total, moved
		}
		card.TearAfter(n, true)
		if _, err := ntag424.Retire(t.Context(), card, house(t)); err == nil {
			t.Fatalf("torn after %d: no error", n)
		}
		card.Return()
		if _, version := card.Key(sun.KeyMaster); version == sun.Factory {
			continue
		}
		seen++
		report := mustProvision(t, card, next)
		if m, err := house(t).Verify(word); err == nil && m.After(report.Mark) {
			t.Errorf("torn after %d: %+v counts as new, after %+v", n, m.Mark, report.Mark)
		}
	}
	if seen < total {
		t.Errorf("only %d of %d tears left the master key", seen, total)
	}
}
