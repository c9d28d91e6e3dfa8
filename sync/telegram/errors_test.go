package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

func TestAnswersAreToldApart(t *testing.T) {
	fake := start(t)
	user := fake.User(guestID, "en")
	if err := user.Start(""); err != nil {
		t.Fatal(err)
	}
	c := open(t, fake)
	to := channel.ConversationID(user.Chat())
	for _, tc := range []struct {
		fault      telegramtest.Fault
		send, edit channel.Kind
		wait       time.Duration
	}{
		{telegramtest.Flood(17), channel.KindThrottled, channel.KindThrottled, 17 * time.Second},
		{telegramtest.Fault{Code: 429, Description: "Too Many Requests"}, channel.KindThrottled, channel.KindThrottled, time.Second},
		{telegramtest.Fault{Code: 429, Body: "slow down"}, channel.KindThrottled, channel.KindThrottled, time.Second},
		{telegramtest.Fault{Code: 403, Description: "Forbidden: bot was blocked by the user"}, channel.KindGuestGone, channel.KindGuestGone, 0},
		{telegramtest.Fault{Code: 403, Description: "Forbidden: bot was kicked from the group chat"}, channel.KindGuestGone, channel.KindGuestGone, 0},
		{telegramtest.Fault{Code: 403, Body: "<h1>Blocked by the hotel</h1>"}, channel.KindSettings, channel.KindSettings, 0},
		{telegramtest.Fault{Code: 400, Description: "Bad Request: chat not found"}, channel.KindGuestGone, channel.KindGuestGone, 0},
		{telegramtest.Fault{Code: 400, Description: "Bad Request: message is not modified: same"}, channel.KindRejected, channel.KindNone, 0},
		{telegramtest.Fault{Code: 400, Description: "Bad Request: message to edit not found"}, channel.KindCardGone, channel.KindCardGone, 0},
		{telegramtest.Fault{Code: 400, Description: "Bad Request: message can't be edited"}, channel.KindCardGone, channel.KindCardGone, 0},
		{telegramtest.Fault{Code: 400, Description: "Bad Request: can't parse entities"}, channel.KindRejected, channel.KindRejected, 0},
		{telegramtest.Fault{Code: 400, Description: "Bad Request: upgraded", MigrateTo: -1009}, channel.KindMoved, channel.KindMoved, 0},
		{telegramtest.Fault{Code: 401, Description: "Unauthorized"}, channel.KindSettings, channel.KindSettings, 0},
		{telegramtest.Fault{Code: 404, Description: "Not Found"}, channel.KindSettings, channel.KindSettings, 0},
		{telegramtest.Fault{Code: 302, Body: "<a href=/login>sign in</a>"}, channel.KindSettings, channel.KindSettings, 0},
		{telegramtest.Fault{Code: 409, Description: "Conflict"}, channel.KindRetry, channel.KindRetry, 0},
		{telegramtest.Fault{Code: 413, Description: "Request Entity Too Large"}, channel.KindRejected, channel.KindRejected, 0},
		{telegramtest.Fault{Code: 500, Description: "Internal Server Error"}, channel.KindRetry, channel.KindRetry, 0},
		{telegramtest.Fault{Code: 502, Body: "<html>nginx</html>"}, channel.KindRetry, channel.KindRetry, 0},
		{telegramtest.Fault{Code: 504, Body: "<html>nginx</html>"}, channel.KindUnknownOutcome, channel.KindRetry, 0},
		{telegramtest.Fault{Code: 200, Body: "<html>welcome to our wifi</html>"}, channel.KindUnknownOutcome, channel.KindRetry, 0},
		{telegramtest.Fault{Code: 200, Body: `{"ok":true,"result":"what"}`}, channel.KindUnknownOutcome, channel.KindNone, 0},
		{telegramtest.Fault{Drop: true}, channel.KindUnknownOutcome, channel.KindRetry, 0},
	} {
		if err := fake.Misbehave(tc.fault); err != nil {
			t.Fatal(err)
		}
		_, err := c.Send(t.Context(), to, channel.Message{Text: "hello"})
		if got := channel.KindOf(err); got != tc.send || channel.RetryAfter(err) != tc.wait {
			t.Errorf("send with %+v gives %v (wait %v): %v, want %v (wait %v)", tc.fault, got, channel.RetryAfter(err), err, tc.send, tc.wait)
		}
		if got := channel.KindOf(c.Edit(t.Context(), to, "1", channel.Message{Text: "hello"})); got != tc.edit {
			t.Errorf("edit with %+v gives %v, want %v", tc.fault, got, tc.edit)
		}
		fake.Behave()
	}
}

func TestRefusedConnectionIsSurelyNotDelivered(t *testing.T) {
	fake := start(t)
	user := fake.User(guestID, "en")
	if err := user.Start(""); err != nil {
		t.Fatal(err)
	}
	c := open(t, fake)
	to := channel.ConversationID(user.Chat())
	if err := fake.CutOff(true); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), to, channel.Message{Text: "hello"}); channel.KindOf(err) != channel.KindRetry {
		t.Errorf("send while cut off gives %v, want kind retry", err)
	}
	if s := c.Status(); s.Working || s.Problem != channel.Offline || s.NeedsOwner() {
		t.Errorf("status while cut off is %+v, want offline", s)
	}
	if err := fake.CutOff(false); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), to, channel.Message{Text: "hello"}); err != nil {
		t.Errorf("send after the cut: %v", err)
	}
	if s := c.Status(); !s.Working || s.Problem != channel.NoProblem {
		t.Errorf("status after the cut is %+v, want working", s)
	}
}

func TestCallerMayGiveUp(t *testing.T) {
	fake := start(t)
	user := fake.User(guestID, "en")
	if err := user.Start(""); err != nil {
		t.Fatal(err)
	}
	c := open(t, fake)
	if err := fake.Misbehave(telegramtest.Fault{Swallow: true}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := c.Send(ctx, channel.ConversationID(user.Chat()), channel.Message{Text: "hello"})
	if channel.KindOf(err) != channel.KindUnknownOutcome || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("send without an answer gives %v, want kind unknown outcome because of the deadline", err)
	}
	if got := len(fake.FromBot(guestID)); got != 1 {
		t.Errorf("the guest sees %d messages, want 1: the answer was lost, not the message", got)
	}
}

func TestHalfAnAnswerLeavesTheOutcomeOpen(t *testing.T) {
	half := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"ok":true,"resu`))
	}))
	t.Cleanup(half.Close)
	s := telegram.DefaultSettings()
	s.Username, s.Token, s.APIURL = "demo_bot", telegramtest.DefaultToken, half.URL
	c := openWith(t, s)
	if _, err := c.Send(t.Context(), "1", channel.Message{Text: "x"}); channel.KindOf(err) != channel.KindUnknownOutcome {
		t.Errorf("send with half an answer gives %v, want kind unknown outcome", err)
	}
	if err := c.Edit(t.Context(), "1", "2", channel.Message{Text: "x"}); channel.KindOf(err) != channel.KindRetry {
		t.Errorf("edit with half an answer gives %v, want kind retry", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	fake := start(t)
	followed := make(chan string, 1)
	trap := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { followed <- r.URL.Path }))
	t.Cleanup(trap.Close)
	front := httptest.NewServer(http.RedirectHandler(trap.URL+"/trap", http.StatusTemporaryRedirect))
	t.Cleanup(front.Close)
	s := settings(fake)
	s.APIURL = front.URL
	c := openWith(t, s)
	if err := c.Check(t.Context()); channel.KindOf(err) != channel.KindSettings {
		t.Errorf("check behind a redirect gives %v, want kind settings", err)
	}
	select {
	case path := <-followed:
		t.Errorf("the redirect was followed to %s: the token may not go there", path)
	default:
	}
}
