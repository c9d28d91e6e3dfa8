package access_test

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

func TestPass(t *testing.T) {
	codes := access.NewCodes([]byte("secret"), time.Minute, func() []edge.ID { return nil })
	now := time.Date(2026, 11, 20, 19, 0, 30, 0, time.UTC)
	const token = "Q2wGmN0dT3Ck8r_p_xYzAb"
	pass := codes.Pass(token, now)
	for _, test := range []struct {
		name      string
		word      string
		at        time.Time
		fresh, ok bool
	}{
		{"at once", pass, now, true, true},
		{"in a while", pass, now.Add(14 * time.Minute), true, true},
		{"an hour later the token is left", pass, now.Add(time.Hour), false, true},
		{"from a future the clock has left", pass, now.Add(-time.Hour), false, true},
		{"another proof", pass[:len(pass)-1] + "A", now, false, false},
		{"another table", "x" + pass, now, false, false},
		{"no proof", token, now, false, false},
		{"nothing", "", now, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, proven, ok := codes.OpenPass(test.word, test.at)
			fresh := !proven.IsZero()
			if fresh && !proven.Equal(now.Truncate(time.Minute)) {
				t.Errorf("proven at %s, want when the pass was made", proven)
			}
			if fresh != test.fresh || ok != test.ok || (ok && got != token) {
				t.Errorf("OpenPass: got %q, %t, %t; want %t, %t", got, fresh, ok, test.fresh, test.ok)
			}
		})
	}
	if other := access.NewCodes([]byte("other"), time.Minute, nil); len(pass) > 64 {
		t.Errorf("pass has %d characters", len(pass))
	} else if _, _, ok := other.OpenPass(pass, now); ok {
		t.Error("a pass of another house is opened")
	}
}

func FuzzOpenPass(f *testing.F) {
	codes := access.NewCodes([]byte("secret"), time.Minute, nil)
	now := time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)
	f.Add(codes.Pass("token", now))
	f.Add("a_p_AAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, word string) {
		if token, proven, ok := codes.OpenPass(word, now); ok && !proven.IsZero() && codes.Pass(token, proven) != word {
			t.Errorf("%q opens as a fresh pass of %q", word, token)
		}
	})
}
