package ntag424_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// works are the ways to work on a tag.
func works(t testing.TB, ring *sun.Ring) map[string]func(nfc.Card) error {
	return map[string]func(nfc.Card) error{
		"set up": func(c nfc.Card) error {
			_, err := ntag424.Provision(t.Context(), c, ntag424.Plan{Prefix: prefix, Keys: ring})
			return err
		},
		"retire": func(c nfc.Card) error {
			_, err := ntag424.Retire(t.Context(), c, ring)
			return err
		},
		"prove": func(c nfc.Card) error {
			_, err := ntag424.Prove(t.Context(), c, ring)
			return err
		},
	}
}

// TestOtherKeysAreLeftAlone meets tags of another house, of a lost master key, and of versions nobody knows.
func TestOtherKeysAreLeftAlone(t *testing.T) {
	stranger := ringOf(t, sun.Master{Since: 1, Key: sun.Key{9, 9, 9}})
	later := ringOf(t, sun.Master{Since: 7, Key: sun.Key{1, 2, 3}})
	for _, test := range []struct {
		name    string
		prepare func(*virtual.DNA)
		ring    *sun.Ring
		tries   int
	}{
		{"another master key", func(*virtual.DNA) {}, stranger, 1},
		{"unknown version", func(*virtual.DNA) {}, later, 0},
		{"one key of somebody else", func(c *virtual.DNA) { c.PutKey(sun.KeyProof, [16]byte{7}, 1) }, house(t), 1},
		{"factory version, other master key", func(c *virtual.DNA) {
			for n := range 5 {
				c.PutKey(n, [16]byte{}, 0)
			}
			c.PutKey(sun.KeyMaster, [16]byte{7}, 0)
		}, house(t), 1},
		{"another house's torn work", func(c *virtual.DNA) {
			for n := range 5 {
				c.PutKey(n, [16]byte{}, 0)
			}
			c.PutKey(sun.KeyFile, [16]byte{7}, 1)
		}, house(t), 1},
	} {
		for name, work := range works(t, test.ring) {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				card := blankTag()
				mustProvision(t, card, plan(t))
				test.prepare(card)
				before := memoryOf(card)
				err := work(card)
				if _, version := card.Key(sun.KeyProof); name == "prove" && version == sun.Factory {
					if !errors.Is(err, ntag424.ErrNoKeys) {
						t.Errorf("got %v, want %v", err, ntag424.ErrNoKeys)
					}
					return
				}
				if !errors.Is(err, ntag424.ErrForeign) || ntag424.Transient(err) {
					t.Errorf("got %v, want %v", err, ntag424.ErrForeign)
				}
				wantSame(t, before, card)
				if got := wrongTries(card); got != test.tries {
					t.Errorf("wrong tries: got %d, want %d", got, test.tries)
				}
			})
		}
	}
}

func TestOtherTagsAreLeftAlone(t *testing.T) {
	for _, test := range []struct {
		name string
		card nfc.Card
		want error
	}{
		{"hidden number", virtual.NewDNA(number, virtual.DNAOptions{Signature: published(), RandomID: true}), ntag424.ErrRandomID},
		{"LRP mode", virtual.NewDNA(number, virtual.DNAOptions{Signature: published(), LRP: true}), ntag424.ErrLRP},
		{"Type 4 tag", virtual.NewType4(number[:], nil), ntag424.ErrNotDNA},
		{"phone", virtual.Phone{UID: [4]byte{8, 1, 2, 3}}, ntag424.ErrNotDNA},
	} {
		for name, work := range works(t, house(t)) {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				err := work(test.card)
				want := test.want
				if name == "prove" && errors.Is(want, ntag424.ErrLRP) {
					want = ntag424.ErrNoKeys // it is a blank tag first of all
				}
				if !errors.Is(err, want) || ntag424.Transient(err) {
					t.Errorf("got %v, want %v", err, want)
				}
				if dna, ok := test.card.(*virtual.DNA); ok && dna.Writes() > 0 {
					t.Errorf("%d writes", dna.Writes())
				}
			})
		}
	}
}

// TestLRPBadge is a badge that was set up and switched to LRP mode afterwards.
func TestLRPBadge(t *testing.T) {
	card := virtual.NewDNA(number, virtual.DNAOptions{Signature: published(), LRP: true})
	key, err := house(t).Key(number, sun.KeyProof, 1)
	if err != nil {
		t.Fatal(err)
	}
	card.PutKey(sun.KeyProof, key, 1)
	if _, err := ntag424.Prove(t.Context(), card, house(t)); !errors.Is(err, ntag424.ErrLRP) {
		t.Errorf("got %v, want %v", err, ntag424.ErrLRP)
	}
}

// TestOtherChips tells tags of neighbouring families by their version.
func TestOtherChips(t *testing.T) {
	for name, hardware := range map[string][]byte{
		"NTAG 413 DNA": {4, 4, 2, 0x10, 0, 0x11, 5},
		"DESFire":      {4, 1, 1, 0x33, 0, 0x1A, 5},
		"other maker":  {5, 4, 2, 0x30, 0, 0x11, 5},
		"short":        {4, 4, 2, 0x30},
	} {
		card := watched(blankTag(), func(_ int, cmd, answer []byte) []byte {
			if cmd[0] == 0x90 && cmd[1] == 0x60 {
				return append(slices.Clip(hardware), 0x91, 0xAF)
			}
			return answer
		})
		if _, err := ntag424.Identify(t.Context(), card); !errors.Is(err, ntag424.ErrNotDNA) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCopiesAreRefusedUnlessAskedFor(t *testing.T) {
	card := virtual.NewDNA(number, virtual.DNAOptions{})
	if _, err := ntag424.Provision(t.Context(), card, plan(t)); !errors.Is(err, ntag424.ErrCopy) || card.Writes() > 0 {
		t.Errorf("got %v after %d writes", err, card.Writes())
	}
	p := plan(t)
	p.Copies = true
	if report := mustProvision(t, card, p); report.Genuine {
		t.Error("a tag without a signature counts as genuine")
	}
}

// TestAddressLengths finds the longest address that fits; longer ones cost the tag nothing.
func TestAddressLengths(t *testing.T) {
	for n := 150; n < 260; n++ {
		p := plan(t)
		p.Prefix = "https://" + strings.Repeat("a", n-1) + "/"
		card := blankTag()
		report, err := ntag424.Provision(t.Context(), card, p)
		switch fits := n+sun.WordLength <= 249; {
		case fits && (err != nil || !strings.HasPrefix(report.URL, p.Prefix)):
			t.Errorf("%d characters: got %+v, %v", n, report, err)
		case !fits && (!errors.Is(err, ntag424.ErrTooLong) || card.Writes() > 0):
			t.Errorf("%d characters: got %v after %d writes", n, err, card.Writes())
		}
	}
	p := plan(t)
	p.Prefix = "https://with space/"
	if _, err := ntag424.Provision(t.Context(), blankTag(), p); err == nil {
		t.Error("an address with a space was written")
	}
}

// TestForeignContentIsReplaced meets tags that others wrote without changing keys.
func TestForeignContentIsReplaced(t *testing.T) {
	record, err := ndef.URIRecord("https://shop.example/" + strings.Repeat("x", 200))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ndef.Message{record}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for name, message := range map[string][]byte{"an address": raw, "noise": []byte(strings.Repeat("\xFF", 254))} {
		card := virtual.NewDNA(number, virtual.DNAOptions{Signature: published(), Message: message})
		report := mustProvision(t, card, plan(t))
		if diff := cmp.Diff([]string{"keys", "content", "settings", "master key"}, report.Changes); diff != "" {
			t.Errorf("%s: changes (-want +got):\n%s", name, diff)
		}
	}
	card := virtual.NewDNA(number, virtual.DNAOptions{Signature: published()})
	card.PutContent(2, []byte{0xFF, 0xFF, 1, 2, 3}) // a length that cannot be
	mustProvision(t, card, plan(t))
}

// TestLastVersion has a tag that was moved with the last version of keys there is.
func TestLastVersion(t *testing.T) {
	card := blankTag()
	p := plan(t)
	p.Version = 255
	mustProvision(t, card, p)
	before := memoryOf(card)
	p.Prefix = "https://elsewhere.example/t/"
	if _, err := ntag424.Provision(t.Context(), card, p); !errors.Is(err, ntag424.ErrUsedUp) {
		t.Errorf("got %v, want %v", err, ntag424.ErrUsedUp)
	}
	wantSame(t, before, card)
}

func TestLockedKey(t *testing.T) {
	card := blankTag()
	mustProvision(t, card, plan(t))
	card.PutFailures(sun.KeyMaster, 1000, 0)
	before := memoryOf(card)
	if _, err := ntag424.Retire(t.Context(), card, house(t)); !errors.Is(err, ntag424.ErrLocked) {
		t.Errorf("got %v, want %v", err, ntag424.ErrLocked)
	}
	wantSame(t, before, card)
}

// TestDelay meets tags at which wrong keys were tried.
func TestDelay(t *testing.T) {
	t.Run("passes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			card := blankTag()
			mustProvision(t, card, plan(t))
			card.PutFailures(sun.KeyMaster, 60, 60)
			if _, err := ntag424.Provision(t.Context(), card, plan(t)); err != nil {
				t.Error(err)
			}
		})
	})
	delayed := func() nfc.Card {
		return watched(blankTag(), func(_ int, cmd, answer []byte) []byte {
			if cmd[0] == 0x90 && cmd[1] == 0x71 {
				return []byte{0x91, 0xAD}
			}
			return answer
		})
	}
	t.Run("lasts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := ntag424.Provision(t.Context(), delayed(), plan(t))
			if waited := time.Since(start); !errors.Is(err, ntag424.ErrDelay) || !ntag424.Transient(err) || waited < 15*time.Second || waited > time.Minute {
				t.Errorf("got %v after %v", err, waited)
			}
		})
	})
	t.Run("nobody waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := ntag424.Provision(ctx, delayed(), plan(t))
			if !errors.Is(err, ntag424.ErrDelay) && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestErrorsAreSentences(t *testing.T) {
	card := blankTag()
	mustProvision(t, card, plan(t))
	_, err := ntag424.Provision(t.Context(), card, ntag424.Plan{Prefix: prefix, Keys: ringOf(t, sun.Master{Since: 1, Key: sun.Key{9}})})
	want := "set up the tag: the tag carries other keys: it belongs to another house, or was set up with another master key: " +
		"the tag has another key: prove key 4: the tag does not accept the key: status 91AE"
	if got := fmt.Sprint(err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestUnfinishedBusiness has a tag that another program left in the middle of a handshake.
func TestUnfinishedBusiness(t *testing.T) {
	card := blankTag()
	for _, cmd := range [][]byte{
		{0x00, 0xA4, 0x04, 0x00, 0x07, 0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01, 0x00},
		{0x90, 0x71, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00},
	} {
		if _, err := card.Transmit(t.Context(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	mustProvision(t, card, plan(t))
}
