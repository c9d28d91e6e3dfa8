package channeltest

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/sync/channel"
)

// awkward are texts that went wrong somewhere before.
var awkward = []string{
	"plain",
	`<b>bold?</b> & "quoted" 'twice' &amp; &lt;i&gt;`,
	"*stars* _lines_ `ticks` [square](brackets) \\ ~ # + - = | { } . !",
	"two\nlines\n\nand a gap",
	"مرحبا بالعالم — شكراً",
	"👩‍👩‍👧‍👦 🇩🇪 ẞ e\u0301 ﷽",
	"<script>alert(1)</script>",
	"100 % {{.Name}} %s %d $1",
}

func identity(t *testing.T, h Harness) {
	c, p := h.Open(t)
	if c.Name() == "" || strings.ContainsAny(c.Name()+c.Account(), ": /") || c.Account() == "" {
		t.Errorf("name %q and account %q must be set and free of colons, slashes and spaces", c.Name(), c.Account())
	}
	want := channel.AddressOf(c, p.Guest())
	if got, err := channel.ParseAddress(want.String()); err != nil || got != want {
		t.Errorf("address %v comes back as %v, %v", want, got, err)
	}
	able := c.Capabilities()
	if again := c.Capabilities(); !cmp.Equal(able, again) {
		t.Errorf("capabilities change: %s", cmp.Diff(able, again))
	}
	_, editor := c.(channel.Editor)
	_, identifier := c.(channel.Identifier)
	_, receiver := c.(channel.Receiver)
	_, hook := c.(channel.Hook)
	switch {
	case editor != able.EditMessage:
		t.Errorf("EditMessage is %v, being an Editor %v", able.EditMessage, editor)
	case able.MiniApp && !identifier:
		t.Error("MiniApp is promised, but the channel is no Identifier")
	case able.CallbackButton != (able.MaxCallbackBytes > 0):
		t.Errorf("CallbackButton is %v with %d bytes", able.CallbackButton, able.MaxCallbackBytes)
	case able.MaxText.Max == 0:
		t.Error("no limit of text is known; every platform has one")
	case !receiver && !hook:
		t.Error("the channel can neither fetch updates nor be called")
	}
}

func links(t *testing.T, h Harness) {
	c, _ := h.Open(t)
	most := c.Capabilities().StartTokenMax
	for _, token := range []string{"a", "Aa0_-", strings.Repeat("x", most)} {
		links, err := c.EntryLinks(token)
		if err != nil || len(links) == 0 {
			t.Errorf("EntryLinks(%q) = %v, %v, want links", token, links, err)
		}
		for _, l := range links {
			u, err := url.Parse(l.URL)
			if err != nil || !u.IsAbs() || !strings.Contains(l.URL, token) || l.Kind == 0 {
				t.Errorf("EntryLinks(%q) gives %+v (%v), want an absolute address that holds the token", token, l, err)
			}
		}
	}
	for _, token := range []string{"", strings.Repeat("x", most+1), "a b", "a/b", "a?b", "ä", "a%41", "a\x00"} {
		if links, err := c.EntryLinks(token); !errors.Is(err, channel.ErrToken) {
			t.Errorf("EntryLinks(%q) = %v, %v, want ErrToken", token, links, err)
		}
	}
}

func send(t *testing.T, h Harness) {
	c, p := h.Open(t)
	refs := map[channel.Ref]bool{}
	for _, text := range awkward {
		ref, err := c.Send(t.Context(), p.Guest(), channel.Message{Intent: "test", Text: text, Title: "Title " + text, Language: "en"})
		if err != nil {
			t.Fatalf("send %q: %v", text, err)
		}
		if ref == "" || refs[ref] {
			t.Errorf("send %q gives reference %q, want a new one", text, ref)
		}
		refs[ref] = true
		if got := find(t, p, ref).Text; !strings.Contains(got, text) || !strings.HasPrefix(got, "Title "+text) {
			t.Errorf("the guest sees %q, want title and text %q unharmed", got, text)
		}
	}
	if got := len(p.Seen(p.Guest())); got != len(awkward) {
		t.Errorf("the guest sees %d messages, want %d", got, len(awkward))
	}
	if _, err := c.Send(t.Context(), p.Stranger(), channel.Message{Text: "hello"}); channel.KindOf(err) != channel.KindGuestGone {
		t.Errorf("send to a stranger gives %v, want kind guest gone", err)
	}
	for _, empty := range []string{"", " \n"} {
		if _, err := c.Send(t.Context(), p.Guest(), channel.Message{Text: empty}); channel.KindOf(err) != channel.KindRejected {
			t.Errorf("send %q gives %v, want kind rejected", empty, err)
		}
	}
	if _, err := c.Send(t.Context(), "not of this platform", channel.Message{Text: "hello"}); err == nil {
		t.Error("send to a conversation of another platform succeeds")
	}
}

func find(t *testing.T, p Platform, ref channel.Ref) Seen {
	t.Helper()
	for _, s := range p.Seen(p.Guest()) {
		if s.Ref == ref {
			return s
		}
	}
	t.Fatalf("the guest does not see message %q", ref)
	return Seen{}
}

func lengths(t *testing.T, h Harness) {
	c, p := h.Open(t)
	limit := c.Capabilities().MaxText
	for _, piece := range []string{"x", "<", "&", "é", "ね", "🍜", "\U0001F1E9"} {
		fits := strings.Repeat(piece, limit.Max/limit.Len(piece))
		for _, text := range []string{fits, fits + piece, strings.Repeat(fits, 3)} {
			ref, err := c.Send(t.Context(), p.Guest(), channel.Message{Text: text})
			if err != nil {
				t.Errorf("send %d of %q: %v", limit.Len(text), piece, err)
				continue
			}
			got := find(t, p, ref).Text
			switch {
			case text == fits && got != text:
				t.Errorf("text of %d %q was changed although it fits", limit.Len(text), piece)
			case !utf8.ValidString(got) || strings.ContainsRune(got, utf8.RuneError):
				t.Errorf("text of %d %q was cut inside a character", limit.Len(text), piece)
			case text != fits && (!strings.HasSuffix(got, "…") || !strings.HasPrefix(text, strings.TrimSuffix(got, "…"))):
				t.Errorf("text of %d %q arrives as one of %d that is not its beginning", limit.Len(text), piece, limit.Len(got))
			}
		}
	}
	long := strings.Repeat("title ", limit.Max)
	if _, err := c.Send(t.Context(), p.Guest(), channel.Message{Title: long, Text: long}); err != nil {
		t.Errorf("send long title and text: %v", err)
	}
	if _, err := c.Send(t.Context(), p.Guest(), channel.Message{Title: "a\xffb", Text: "c\xfed"}); err != nil {
		t.Errorf("send invalid UTF-8: %v", err)
	}
}

func buttons(t *testing.T, h Harness) {
	c, p := h.Open(t)
	able := c.Capabilities()
	rows := [][]channel.Button{channel.Row(
		channel.Button{Kind: channel.URL, Label: "Menu & <more>", Target: "https://example.com/menu?a=1&b=2"},
		channel.Button{Kind: channel.WebApp, Label: strings.Repeat("🍜", 300), Target: "https://example.com/app"},
	), nil, channel.Row(
		channel.Button{Kind: channel.WebApp, Label: "insecure", Target: "http://192.168.0.7:8080/t/x"},
		channel.Button{Kind: channel.URL, Label: "local", Target: "http://localhost:8080/"},
		channel.Button{Kind: channel.URL, Label: "nonsense", Target: "::"},
		channel.Button{Kind: channel.URL, Label: "", Target: "https://example.com/"},
	)}
	if able.CallbackButton {
		full := strings.Repeat("d", able.MaxCallbackBytes)
		rows = append(rows, channel.Row(channel.Button{Kind: channel.Callback, Label: "Yes", Target: full}))
		over := channel.Message{Text: "x", Buttons: [][]channel.Button{channel.Row(channel.Button{Kind: channel.Callback, Label: "No", Target: full + "d"})}}
		if _, err := c.Send(t.Context(), p.Guest(), over); channel.KindOf(err) != channel.KindRejected {
			t.Errorf("a button with %d bytes gives %v, want kind rejected: cut data would mean something else", len(full)+1, err)
		}
	}
	for range 150 {
		rows = append(rows, channel.Row(channel.Button{Kind: channel.URL, Label: "many", Target: "https://example.com/"}))
	}
	ref, err := c.Send(t.Context(), p.Guest(), channel.Message{Text: "choose", Buttons: rows})
	if err != nil {
		t.Fatalf("send buttons: %v", err)
	}
	got, labels := find(t, p, ref), ""
	for _, row := range got.Buttons {
		labels += strings.Join(row, "\n") + "\n"
	}
	if able.LinkButton && !strings.Contains(labels, "Menu & <more>") {
		t.Errorf("buttons are %q, want the link among them", labels)
	}
	for _, lan := range []string{"http://192.168.0.7:8080/t/x", "http://localhost:8080/"} {
		label := map[bool]string{true: "insecure", false: "local"}[strings.Contains(lan, "192")]
		if !strings.Contains(labels, label) && !strings.Contains(got.Text, lan) {
			t.Errorf("the way to %s is neither a button nor in the text %q", lan, got.Text)
		}
	}
}

func edit(t *testing.T, h Harness) {
	c, p := h.Open(t)
	editor, ok := c.(channel.Editor)
	if !ok {
		t.Skip("this platform cannot rewrite messages")
	}
	card := channel.Message{Title: "Order 12", Text: "accepted"}
	ref, err := c.Send(t.Context(), p.Guest(), card)
	if err != nil {
		t.Fatalf("send card: %v", err)
	}
	card.Text = "ready <now> & hot"
	for attempt := range 3 {
		if err := editor.Edit(t.Context(), p.Guest(), ref, card); err != nil {
			t.Fatalf("edit, attempt %d: %v", attempt, err)
		}
	}
	if got := find(t, p, ref); !strings.Contains(got.Text, card.Text) || got.Edits != 1 {
		t.Errorf("after three equal edits the guest sees %+v, want %q edited once", got, card.Text)
	}
	if got := len(p.Seen(p.Guest())); got != 1 {
		t.Errorf("after edits the guest sees %d messages, want 1", got)
	}
	for _, gone := range []channel.Ref{"999999999", "", "no such thing"} {
		if err := editor.Edit(t.Context(), p.Guest(), gone, card); channel.KindOf(err) != channel.KindCardGone {
			t.Errorf("edit of message %q gives %v, want kind card gone", gone, err)
		}
	}
	for _, kind := range []channel.Kind{channel.KindUnknownOutcome, channel.KindRetry} {
		if p.Fail(kind) {
			card.Text += "!"
			if err := editor.Edit(t.Context(), p.Guest(), ref, card); channel.KindOf(err) != channel.KindRetry {
				t.Errorf("edit with %v gives %v, want kind retry: repeating it does no harm", kind, err)
			}
			p.Recover()
		}
	}
}

func failures(t *testing.T, h Harness) {
	c, p := h.Open(t)
	before := 0
	for _, kind := range []channel.Kind{
		channel.KindRetry, channel.KindThrottled, channel.KindGuestGone, channel.KindSettings, channel.KindRejected, channel.KindUnknownOutcome, channel.KindMoved,
	} {
		if !p.Fail(kind) {
			continue
		}
		_, err := c.Send(t.Context(), p.Guest(), channel.Message{Text: "while it fails"})
		checkFailure(t, p, kind, err)
		p.Recover()
		if _, err := c.Send(t.Context(), p.Guest(), channel.Message{Text: "when it works"}); err != nil {
			t.Errorf("send after %v was over: %v", kind, err)
		}
		now := len(p.Seen(p.Guest()))
		if most := before + 1; now != most && (kind != channel.KindUnknownOutcome || now != most+1) {
			t.Errorf("after %v and a success the guest sees %d messages more, want 1", kind, now-before)
		}
		before = now
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Send(ctx, p.Guest(), channel.Message{Text: "too late"}); err == nil {
		t.Error("send with a context that ended succeeds")
	}
}

func checkFailure(t *testing.T, p Platform, kind channel.Kind, err error) {
	t.Helper()
	if got := channel.KindOf(err); got != kind {
		t.Errorf("failure %v is taken for %v: %v", kind, got, err)
	}
	if _, ok := errors.AsType[*channel.Error](err); !ok {
		t.Errorf("failure %v was not classified: %v", kind, err)
	}
	if kind == channel.KindThrottled && channel.RetryAfter(err) <= 0 {
		t.Errorf("throttled without a time to wait: %v", err)
	}
	if _, moved := channel.MovedTo(err); moved != (kind == channel.KindMoved) {
		t.Errorf("failure %v: moved is %v", kind, moved)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, secret := range p.Secrets() {
			if strings.Contains(e.Error()+channel.Words(e), secret) {
				t.Errorf("failure %v shows a secret", kind)
			}
		}
	}
}
