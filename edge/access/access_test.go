package access_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)

func tables(ids ...edge.ID) func() []edge.ID { return func() []edge.ID { return ids } }

func TestKeysAndWordsAreRandom(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		key, word := access.NewKey(), access.NewWord()
		if len(key) != 43 || len(word) != 22 || seen[key] || seen[word] {
			t.Fatalf("key %q, word %q: wrong length or seen before", key, word)
		}
		seen[key], seen[word] = true, true
	}
	if got := access.Hash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("Hash(abc) = %s, not its SHA-256", got)
	}
}

func TestCodeLives(t *testing.T) {
	c := access.NewCodes([]byte("secret"), time.Minute, tables("t1", "t2"))
	at := start.Add(10 * time.Second)
	code, expires, next := c.Current("t1", at)
	if !regexp.MustCompile(`^[2-9A-HJ-NP-Z]{8}$`).MatchString(code) {
		t.Errorf("code = %q, want 8 of the alphabet", code)
	}
	if !next.Equal(start.Add(time.Minute)) || !expires.Equal(start.Add(2*time.Minute)) {
		t.Errorf("next %v, expires %v, want 19:01, 19:02", next, expires)
	}
	tests := []struct {
		after time.Duration
		want  edge.CodeState
	}{
		{-time.Minute, edge.CodeUnknown}, // shown in the future, if the clock went back
		{0, edge.CodeValid},
		{2*time.Minute - time.Millisecond, edge.CodeValid},
		{2 * time.Minute, edge.CodeExpired},
		{5 * time.Hour, edge.CodeExpired},
		{7 * time.Hour, edge.CodeUnknown},
		{time.Minute, edge.CodeValid},
	}
	for _, test := range tests {
		table, state := c.Resolve(strings.ToLower(code), start.Add(test.after))
		if state != test.want || (state != edge.CodeUnknown && table != "t1") {
			t.Errorf("after %v: %s %d, want t1 %d", test.after, table, state, test.want)
		}
	}
	for _, bad := range []string{"", "ABC", "ABCDEFGH", code + "A", "ÄÄÄÄ", "ABCDEF10", "ABCDEFG-"} {
		if _, state := c.Resolve(bad, start); state != edge.CodeUnknown {
			t.Errorf("Resolve(%q) = %d, want unknown", bad, state)
		}
	}
}

func TestCodesOfTablesSecretsAndRestarts(t *testing.T) {
	a := access.NewCodes([]byte("secret"), time.Minute, tables("t1"))
	b := access.NewCodes([]byte("secret"), time.Minute, tables("t1"))
	other := access.NewCodes([]byte("other"), time.Minute, tables("t1"))
	code, _, _ := a.Current("t1", start)
	if table, state := b.Resolve(code, start); table != "t1" || state != edge.CodeValid {
		t.Errorf("after a restart = %s %d, want t1 valid", table, state)
	}
	if _, state := other.Resolve(code, start); state != edge.CodeUnknown {
		t.Errorf("with another secret = %d, want unknown", state)
	}
	added, _, _ := a.Current("added later", start)
	if table, state := a.Resolve(added, start); table != "added later" || state != edge.CodeValid {
		t.Errorf("code of a table added later = %s %d, want valid", table, state)
	}
}

func TestCodesAgreeWithTheirDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := access.NewCodes([]byte("s"), time.Hour, tables("t1", "t2", "t3"))
		now := start
		type shown struct {
			code  string
			table edge.ID
			at    time.Time
		}
		var all []shown
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(-100, 600).Draw(t, "minutes")) * time.Minute)
			table := edge.ID(rapid.SampledFrom([]string{"t1", "t2", "t3"}).Draw(t, "table"))
			code, _, _ := c.Current(table, now)
			all = append(all, shown{code, table, now})
			for _, s := range all {
				periods := now.Unix()/3600 - s.at.Unix()/3600
				want := edge.CodeExpired
				switch {
				case periods < 0 || periods > 6:
					want = edge.CodeUnknown
				case periods <= 1:
					want = edge.CodeValid
				}
				if table, state := c.Resolve(s.code, now); state != want || (want != edge.CodeUnknown && table != s.table) {
					t.Fatalf("code of %v at %v = %s %d, want %s %d", s.at, now, table, state, s.table, want)
				}
			}
		}
	})
}

func TestCodesFromManyGoroutines(*testing.T) {
	c := access.NewCodes([]byte("s"), time.Minute, tables("t1", "t2"))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 10 {
				at := start.Add(time.Duration(i+j) * time.Minute)
				c.Current("t1", at)
				c.Resolve("ABCDEFGH", at)
			}
		})
	}
	wg.Wait()
}

// clock is a time the test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestPairing(t *testing.T) {
	c := &clock{start}
	p := access.NewPairing(c.now)
	grant := access.Grant{Role: edge.RoleKitchen, Stations: []string{"grill"}}
	code, expires, err := p.Issue(grant)
	if err != nil || !regexp.MustCompile(`^\d{6}$`).MatchString(code) || !expires.Equal(start.Add(10*time.Minute)) {
		t.Fatalf("Issue = %q %v %v, want six digits for ten minutes", code, expires, err)
	}
	got, err := p.Redeem(code)
	if err != nil || got.Role != edge.RoleKitchen || got.Stations[0] != "grill" {
		t.Errorf("Redeem = %+v %v, want the grant", got, err)
	}
	if _, err := p.Redeem(code); !errors.Is(err, access.ErrPairing) {
		t.Errorf("second Redeem = %v, want refused", err)
	}
	code, _, _ = p.Issue(grant)
	c.at = c.at.Add(10 * time.Minute)
	if _, err := p.Redeem(code); !errors.Is(err, access.ErrPairing) {
		t.Errorf("Redeem after ten minutes = %v, want refused", err)
	}
}

func TestPairingGuesses(t *testing.T) {
	c := &clock{start}
	p := access.NewPairing(c.now)
	code, _, _ := p.Issue(access.Grant{Role: edge.RoleOwner})
	wrong := func() string {
		if code == "000000" {
			return "000001"
		}
		return "000000"
	}()
	for range 5 {
		if _, err := p.Redeem(wrong); !errors.Is(err, access.ErrPairing) {
			t.Fatalf("a wrong guess = %v, want refused", err)
		}
	}
	if _, err := p.Redeem(code); !errors.Is(err, access.ErrPairing) {
		t.Errorf("the right code after five wrong guesses = %v, want refused", err)
	}
	var err error
	for range 20 {
		_, err = p.Redeem(wrong)
	}
	if !errors.Is(err, access.ErrTooOften) {
		t.Errorf("after twenty guesses in a minute = %v, want too often", err)
	}
	if _, err := p.Redeem(""); !errors.Is(err, access.ErrTooOften) {
		t.Errorf("an empty guess = %v, want too often", err)
	}
	for range 10 {
		_, _, _ = p.Issue(access.Grant{})
	}
	if _, _, err = p.Issue(access.Grant{}); !errors.Is(err, access.ErrTooManyOpen) {
		t.Errorf("the eleventh open code = %v, want too many", err)
	}
}

func TestLimiter(t *testing.T) {
	c := &clock{start}
	l := access.NewLimiter(time.Second, 3, 2, c.now)
	for i, want := range []bool{true, true, true, false} {
		if got := l.Allow("a"); got != want {
			t.Errorf("turn %d of a = %t, want %t", i+1, got, want)
		}
	}
	if !l.Allow("b") {
		t.Error("b has to wait for a")
	}
	c.at = c.at.Add(time.Second)
	if !l.Allow("a") || l.Allow("a") {
		t.Error("after a second a has not exactly one more turn")
	}
	l.Allow("c") // forgets b, used longest ago
	if l.Allow("a") {
		t.Error("a was forgotten, though b was used longer ago")
	}
}

func openStore(t testing.TB) (*sqlite.Store, *edge.Floor) {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "a.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	n := 0
	ids := func() edge.ID { n++; return edge.ID(fmt.Sprintf("id-%d", n)) }
	now := func() edge.Moment { return edge.Moment{At: start, Trusted: true} }
	v := edge.Venue{Name: "x", Currency: "EUR", Zone: time.UTC, Languages: []string{"en"}}
	return store, edge.NewFloor(store, v, access.NewCodes([]byte("s"), time.Minute, tables()), now, ids)
}

func TestKeysAreForgottenWhenTheyChange(t *testing.T) {
	store, floor := openStore(t)
	keys := access.NewKeys(store, 10)
	store.OnCommit(keys.Changed)
	ctx := t.Context()
	if _, err := keys.Device(ctx, "unknown"); !errors.Is(err, edge.ErrNotFound) {
		t.Errorf("an unknown key = %v, want not found", err)
	}
	if _, err := keys.Device(ctx, ""); !errors.Is(err, edge.ErrNotFound) {
		t.Errorf("no key = %v, want not found", err)
	}
	key := access.NewKey()
	device := edge.Device{ID: "d", Name: "Grill", Role: edge.RoleKitchen, KeyHash: access.Hash(key)}
	if err := floor.PairDevice(ctx, edge.System, device); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got, err := keys.Device(ctx, key); err != nil || got.ID != "d" {
			t.Errorf("Device = %+v %v, want d", got, err)
		}
	}
	if err := floor.RemoveDevice(ctx, edge.System, "d"); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Device(ctx, key); !errors.Is(err, edge.ErrNotFound) {
		t.Errorf("a removed device = %v, want not found at once", err)
	}
}

func TestKeysOfGuests(t *testing.T) {
	store, floor := openStore(t)
	keys := access.NewKeys(store, 10)
	store.OnCommit(keys.Changed)
	ctx := t.Context()
	added, err := floor.AddTables(ctx, edge.System, []edge.Table{{Name: "7", Kind: edge.KindTable}, {Name: "8", Kind: edge.KindTable}})
	if err != nil {
		t.Fatal(err)
	}
	key := access.NewKey()
	seat := func(table edge.ID) edge.Guest {
		seated, err := floor.Seat(ctx, edge.SeatRequest{TableID: table, Presence: edge.PresenceProven, KeyHash: access.Hash(key), Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return seated.Guest
	}
	for _, table := range added {
		want := seat(table.ID)
		if got, err := keys.Guest(ctx, key); err != nil || got.ID != want.ID {
			t.Errorf("Guest at table %s = %+v %v, want %s", table.Name, got, err, want.ID)
		}
	}
	keys.Forget(key)
	if _, err := keys.Guest(ctx, key); err != nil {
		t.Errorf("a forgotten key is not looked up again: %v", err)
	}
}
