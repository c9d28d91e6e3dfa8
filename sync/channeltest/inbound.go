package channeltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/sync/channel"
)

func acknowledge(t *testing.T, h Harness) {
	c, p := h.Open(t)
	acknowledger, ok := c.(channel.Acknowledger)
	if !ok {
		t.Skip("buttons of this platform do not wait for an answer")
	}
	yes := channel.Row(channel.Button{Kind: channel.Callback, Label: "Yes", Target: "yes:1"})
	ref, err := c.Send(t.Context(), p.Guest(), channel.Message{Text: "Sure?", Buttons: [][]channel.Button{yes}})
	if err != nil {
		t.Fatalf("send question: %v", err)
	}
	inbox := collect(t, c, func() { p.Press(p.Guest(), ref, "yes:1") }, func(kept []channel.Update, _ int) bool {
		return pressed(c, kept) != nil
	})
	event := pressed(c, inbox)
	press := event.Body.(channel.ButtonPressed)
	if press.Data != "yes:1" || press.Card != ref || event.Conversation != p.Guest() || press.Query == "" {
		t.Errorf("press decodes to %+v in %q, want data yes:1 under %q in %q", press, event.Conversation, ref, p.Guest())
	}
	if err := acknowledger.Acknowledge(t.Context(), press.Query, "Thank you"); err != nil {
		t.Errorf("acknowledge: %v", err)
	}
	for _, query := range []string{press.Query, "12345"} {
		if err := acknowledger.Acknowledge(t.Context(), query, ""); channel.KindOf(err) != channel.KindTooLate {
			t.Errorf("acknowledge %q again or never asked gives %v, want kind too late", query, err)
		}
	}
}

func pressed(c channel.Channel, updates []channel.Update) *channel.Event {
	for _, u := range updates {
		for _, e := range c.Decode(u) {
			if _, ok := e.Body.(channel.ButtonPressed); ok {
				return &e
			}
		}
	}
	return nil
}

// collect receives while act acts, until enough says so.
func collect(t *testing.T, c channel.Channel, act func(), enough func([]channel.Update, int) bool) []channel.Update {
	t.Helper()
	var inbox Inbox
	kept, ok := collectInto(t, c, &inbox, act, enough)
	if !ok {
		t.Fatalf("only %d updates arrived in time", len(kept))
	}
	return kept
}

func collectInto(t *testing.T, c channel.Channel, inbox *Inbox, act func(), enough func([]channel.Update, int) bool) ([]channel.Update, bool) {
	t.Helper()
	receiver, ok := c.(channel.Receiver)
	if !ok {
		t.Skip("this platform calls us; its hook has tests of its own")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- receiver.Receive(ctx, inbox) }()
	act()
	kept, enoughCame := inbox.Wait(ctx, enough)
	cancel()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Receive ends with %v, want the end of its context", err)
	}
	return kept, enoughCame
}

func receive(t *testing.T, h Harness) {
	c, p := h.Open(t)
	var inbox Inbox
	inbox.Refuse(1)
	write := func() {
		if h.Duplicate != nil {
			h.Duplicate(p)
		}
		for i := range 3 {
			p.Write(p.Guest(), fmt.Sprintf("text %d", i))
		}
	}
	all := func(kept []channel.Update, _ int) bool { return len(texts(c, kept)) >= 3 }
	kept, ok := collectInto(t, c, &inbox, write, all)
	if !ok {
		t.Fatalf("after one refused commit only %d updates came, want 3", len(kept))
	}
	p.Write(p.Guest(), "after a restart")
	four := func(kept []channel.Update, _ int) bool { return len(texts(c, kept)) >= 4 }
	kept, _ = collectInto(t, c, &inbox, func() {}, four)
	want := []string{"text 0", "text 1", "text 2", "after a restart"}
	if diff := cmp.Diff(want, texts(c, kept)); diff != "" {
		t.Errorf("texts kept (-want +got):\n%s", diff)
	}
	if _, offered := inbox.Updates(); offered <= len(kept) {
		t.Errorf("%d updates were offered for %d kept: a refused commit was not repeated", offered, len(kept))
	}
}

func texts(c channel.Channel, updates []channel.Update) []string {
	var out []string
	for _, u := range updates {
		for _, e := range c.Decode(u) {
			if text, ok := e.Body.(channel.Text); ok {
				out = append(out, text.Text)
			}
		}
	}
	return out
}

func decode(t *testing.T, h Harness) {
	c, _ := h.Open(t)
	for _, r := range h.Recorded {
		t.Run(r.Name, func(t *testing.T) {
			raw := slices.Clone(r.Update.Raw)
			got := c.Decode(r.Update)
			if diff := cmp.Diff(r.Want, got); diff != "" {
				t.Errorf("Decode (-want +got):\n%s", diff)
			}
			if again := c.Decode(r.Update); !cmp.Equal(got, again) {
				t.Errorf("decoding twice differs: %s", cmp.Diff(got, again))
			}
			if !bytes.Equal(raw, r.Update.Raw) {
				t.Error("decoding changed the update")
			}
			for cut := range raw {
				CheckEvents(t, c, channel.Update{ID: r.Update.ID, Raw: raw[:cut], ReceivedAt: time.Unix(1, 0)})
			}
		})
	}
	for _, raw := range []string{"", "null", "[]", "0", "{}", `{"surprise":{"of":"next year"}}`, "\xff\xfe", `{"update_id":"x"}`} {
		events := c.Decode(channel.Update{ID: "1", Raw: []byte(raw)})
		for _, e := range events {
			if _, ok := e.Body.(channel.Unknown); !ok {
				t.Errorf("Decode(%q) = %+v, want nothing or unknown", raw, e)
			}
		}
	}
}

// CheckEvents checks what must hold for the events of any update at all. Fuzz tests call it too.
func CheckEvents(t *testing.T, c channel.Channel, u channel.Update) {
	t.Helper()
	ids := map[string]bool{}
	for _, e := range c.Decode(u) {
		if e.ID == "" || ids[e.ID] || e.Body == nil {
			t.Errorf("Decode(%q) gives %+v: its ID must be unique and its body set", u.Raw, e)
		}
		ids[e.ID] = true
		if unknown, ok := e.Body.(channel.Unknown); ok && !bytes.Equal(unknown.Raw, u.Raw) {
			t.Errorf("Decode(%q) does not keep what it does not understand", u.Raw)
		}
	}
}
