package channel_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/sync/channel"
)

func TestAddressRoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range []channel.Address{
		{Channel: "telegram", Account: "7000001", Conversation: "42"},
		{Channel: "viber", Account: "bot", Conversation: "a:b:c=="},
	} {
		got, err := channel.ParseAddress(want.String())
		if err != nil || got != want {
			t.Errorf("ParseAddress(%q) = %v, %v, want %v", want.String(), got, err, want)
		}
	}
	for _, text := range []string{"", "telegram", "telegram:1", "telegram:1:", "telegram::2", ":1:2"} {
		if got, err := channel.ParseAddress(text); !errors.Is(err, channel.ErrAddress) {
			t.Errorf("ParseAddress(%q) = %v, %v, want ErrAddress", text, got, err)
		}
	}
}

func TestGuestStaysOutOfLogs(t *testing.T) {
	t.Parallel()
	guest := channel.Guest{ID: "4711", Language: "pt-BR", Name: "Graça"}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("hello", "guest", guest)
	fmt.Fprintf(&out, "%v %s", guest, guest)
	for _, secret := range []string{guest.ID, guest.Name} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("printing a guest gives %q, which holds %q", out.String(), secret)
		}
	}
	if !strings.Contains(out.String(), "pt-BR") {
		t.Errorf("printing a guest gives %q, want the language in it", out.String())
	}
}

func TestErrorsKeepTheirMeaning(t *testing.T) {
	t.Parallel()
	flood := &channel.Error{Kind: channel.KindThrottled, Wait: 7 * time.Second, Scope: channel.ScopeAccount, Code: "429", Words: "slow down"}
	moved := &channel.Error{Kind: channel.KindMoved, MovedTo: "-100"}
	cut := &channel.Error{Kind: channel.KindUnknownOutcome, Err: io.ErrUnexpectedEOF}
	for _, tc := range []struct {
		name  string
		err   error
		kind  channel.Kind
		wait  time.Duration
		scope channel.Scope
		words string
	}{
		{"nothing", nil, channel.KindNone, 0, channel.ScopeConversation, ""},
		{"wrapped flood", fmt.Errorf("send card: %w", flood), channel.KindThrottled, 7 * time.Second, channel.ScopeAccount, "slow down"},
		{"never classified", io.EOF, channel.KindUnknownOutcome, 0, channel.ScopeConversation, "EOF"},
		{"cut", cut, channel.KindUnknownOutcome, 0, channel.ScopeConversation, "unknown outcome: unexpected EOF"},
	} {
		if got := channel.KindOf(tc.err); got != tc.kind {
			t.Errorf("%s: KindOf = %v, want %v", tc.name, got, tc.kind)
		}
		if got := channel.RetryAfter(tc.err); got != tc.wait {
			t.Errorf("%s: RetryAfter = %v, want %v", tc.name, got, tc.wait)
		}
		if got := channel.ScopeOf(tc.err); got != tc.scope {
			t.Errorf("%s: ScopeOf = %v, want %v", tc.name, got, tc.scope)
		}
		if got := channel.Words(tc.err); got != tc.words {
			t.Errorf("%s: Words = %q, want %q", tc.name, got, tc.words)
		}
	}
	if got, ok := channel.MovedTo(fmt.Errorf("send: %w", moved)); !ok || got != "-100" {
		t.Errorf("MovedTo = %q, %v, want -100, true", got, ok)
	}
	if _, ok := channel.MovedTo(flood); ok {
		t.Error("MovedTo says that a throttled conversation has moved")
	}
	if !errors.Is(cut, io.ErrUnexpectedEOF) {
		t.Error("the cause of a classified error is lost")
	}
}

func TestKindsHaveNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for kind := channel.KindNone; kind <= channel.KindMoved; kind++ {
		name := kind.String()
		if name == "unnamed kind" || seen[name] {
			t.Errorf("kind %d is named %q, want a name of its own", kind, name)
		}
		seen[name] = true
	}
}

func TestCheckToken(t *testing.T) {
	t.Parallel()
	for token, good := range map[string]bool{
		"": false, "a": true, "AZaz09_-": true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false,
		"a b": false, "a.b": false, "ä": false, "a\n": false, "a%20": false, "a&b": false,
	} {
		err := channel.CheckToken(token, 64)
		if (err == nil) != good || (err != nil && !errors.Is(err, channel.ErrToken)) {
			t.Errorf("CheckToken(%q) = %v, want good = %v", token, err, good)
		}
	}
}

func TestLimitCut(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		limit channel.Limit
		in    string
		want  string
	}{
		{channel.Limit{}, strings.Repeat("x", 9999), strings.Repeat("x", 9999)},
		{channel.Limit{Max: 5}, "abcde", "abcde"},
		{channel.Limit{Max: 5}, "abcdef", "abcd…"},
		{channel.Limit{Max: 3}, "🍜🍜🍜", "🍜🍜🍜"},
		{channel.Limit{Max: 3, Unit: channel.UTF16}, "🍜🍜", "🍜…"},
		{channel.Limit{Max: 6, Unit: channel.Bytes}, "ねこねこ", "ね…"},
		{channel.Limit{Max: 2, Unit: channel.Bytes}, "ねこ", ""},
		{channel.Limit{Max: 10}, "a\xffb", "a\uFFFDb"},
	} {
		if got := tc.limit.Cut(tc.in); got != tc.want {
			t.Errorf("%+v.Cut(%q) = %q, want %q", tc.limit, tc.in, got, tc.want)
		}
	}
}

func TestLimitCutProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := channel.Limit{
			Max:  rapid.IntRange(1, 40).Draw(t, "max"),
			Unit: rapid.SampledFrom([]channel.Unit{channel.Runes, channel.UTF16, channel.Bytes}).Draw(t, "unit"),
		}
		in := rapid.String().Draw(t, "in")
		got := limit.Cut(in)
		if !utf8.ValidString(got) || !limit.Fits(got) {
			t.Fatalf("%+v.Cut(%q) = %q: invalid or too long", limit, in, got)
		}
		if limit.Fits(in) && got != in {
			t.Fatalf("%+v.Cut(%q) = %q although it fits", limit, in, got)
		}
		if got != in && !strings.HasPrefix(in, strings.TrimSuffix(got, "…")) {
			t.Fatalf("%+v.Cut(%q) = %q is not its beginning", limit, in, got)
		}
		if again := limit.Cut(got); again != got {
			t.Fatalf("cutting twice gives %q, then %q", got, again)
		}
	})
}

func TestWhoMustAct(t *testing.T) {
	t.Parallel()
	for problem, owner := range map[channel.Problem]bool{
		channel.NoProblem: false, channel.Offline: false, channel.PlatformTrouble: false, channel.Slowed: false, channel.CannotKeep: false,
		channel.CredentialsRefused: true, channel.TakenElsewhere: true, channel.WrongAddress: true,
	} {
		if got := (channel.Status{Problem: problem}).NeedsOwner(); got != owner {
			t.Errorf("NeedsOwner of %q = %v, want %v", problem, got, owner)
		}
	}
}
