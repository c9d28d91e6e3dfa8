package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/channeltest"
	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

// memory calls a handler without a network, so that synctest's clock governs both ends.
type memory struct{ h http.Handler }

var errCut = errors.New("connection cut")

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	out := make(chan *http.Response, 1)
	go func() {
		defer func() {
			if recover() != nil {
				out <- nil
			}
		}()
		rec := httptest.NewRecorder()
		m.h.ServeHTTP(rec, r)
		out <- rec.Result()
	}()
	select {
	case resp := <-out:
		if resp == nil {
			return nil, errCut
		}
		return resp, nil
	case <-r.Context().Done():
		<-out
		return nil, r.Context().Err()
	}
}

// bench is a bot that receives from a Telegram in memory.
type bench struct {
	t     *testing.T
	fake  *telegramtest.Server
	user  *telegramtest.User
	c     *telegram.Channel
	inbox channeltest.Inbox
	log   bytes.Buffer
	stop  context.CancelFunc
	ended chan error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	fake := telegramtest.New(telegramtest.Config{})
	b := &bench{t: t, fake: fake, user: fake.User(guestID, "en")}
	s := telegram.DefaultSettings()
	s.Username, s.Token = fake.Username(), telegram.Secret(fake.Token())
	c, err := telegram.New(s, slog.New(slog.NewTextHandler(&b.log, nil)), &http.Client{Transport: memory{fake.API()}})
	if err != nil {
		t.Fatal(err)
	}
	b.c = c
	return b
}

func (b *bench) run() {
	ctx, cancel := context.WithCancel(b.t.Context())
	b.stop, b.ended = cancel, make(chan error, 1)
	go func() { b.ended <- b.c.Receive(ctx, &b.inbox) }()
}

func (b *bench) end() {
	b.t.Helper()
	b.stop()
	if err := <-b.ended; !errors.Is(err, context.Canceled) {
		b.t.Errorf("Receive ends with %v, want the end of its context", err)
	}
}

func (b *bench) texts() []string {
	var out []string
	kept, _ := b.inbox.Updates()
	for _, u := range kept {
		for _, e := range b.c.Decode(u) {
			if text, ok := e.Body.(channel.Text); ok {
				out = append(out, text.Text)
			}
		}
	}
	return out
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) want(texts ...string) {
	b.t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(texts, b.texts()); diff != "" {
		b.t.Errorf("texts kept (-want +got):\n%s", diff)
	}
}

func TestNothingIsConfirmedBeforeItIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.inbox.Refuse(3)
		b.run()
		b.must(b.user.Start("T1"))
		synctest.Wait()
		if got := b.fake.Pending(); got != 1 {
			t.Errorf("%d updates are unconfirmed while the disk is full, want 1", got)
		}
		if s := b.c.Status(); s.Problem != channel.CannotKeep || s.Working {
			t.Errorf("status is %+v, want that updates cannot be kept", s)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		kept, offered := b.inbox.Updates()
		if len(kept) != 1 || offered != 4 {
			t.Errorf("kept %d of %d offered, want 1 of 4", len(kept), offered)
		}
		if got := b.fake.Pending(); got != 0 {
			t.Errorf("%d updates are unconfirmed after they were kept, want 0", got)
		}
		if s := b.c.Status(); !s.Working || s.LastReceived.IsZero() {
			t.Errorf("status is %+v, want working", s)
		}
		b.end()
	})
}

func TestOutageIsCaughtUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.run()
		b.must(b.user.Start(""))
		b.must(b.user.Text("one"))
		b.want("one")
		b.must(b.fake.CutOff(true))
		for i := range 250 {
			b.must(b.user.Text(strconv.Itoa(i)))
			time.Sleep(time.Second)
		}
		if s := b.c.Status(); s.Problem != channel.Offline || s.NeedsOwner() {
			t.Errorf("status during the outage is %+v, want offline", s)
		}
		calls := b.fake.Calls("getUpdates")
		b.must(b.fake.CutOff(false))
		time.Sleep(40 * time.Second)
		synctest.Wait()
		if got := len(b.texts()); got != 251 {
			t.Errorf("%d texts after the outage, want all 251", got)
		}
		if got := b.fake.Calls("getUpdates") - calls; got > 5 {
			t.Errorf("250 updates took %d calls, want batches", got)
		}
		if got := strings.Count(b.log.String(), "messenger pauses"); got != 1 {
			t.Errorf("the outage was logged %d times, want once:\n%s", got, b.log.String())
		}
		b.end()
	})
}

func TestBackoffGrowsAndIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.must(b.fake.Misbehave(telegramtest.Fault{Method: "getUpdates", Code: 502, Body: "<html>"}))
		b.run()
		time.Sleep(10 * time.Minute)
		got := b.fake.Calls("getUpdates")
		if got < 18 || got > 35 { // 1+2+4+8+16 s, then every 22 to 38 s
			t.Errorf("%d calls in ten minutes of trouble, want about 25", got)
		}
		if s := b.c.Status(); s.Problem != channel.PlatformTrouble {
			t.Errorf("status is %+v, want platform trouble", s)
		}
		b.end()
	})
}

func TestRecoveryForgetsOldFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.must(b.fake.Misbehave(telegramtest.Fault{Method: "getUpdates", Code: 500}))
		b.run()
		time.Sleep(10 * time.Minute)
		b.fake.Behave()
		time.Sleep(time.Minute)
		b.must(b.user.Start(""))
		synctest.Wait()
		b.inbox.Refuse(1)
		b.must(b.user.Text("hello"))
		synctest.Wait()
		b.want()
		time.Sleep(1500 * time.Millisecond)
		b.want("hello")
		b.end()
	})
}

func TestFloodWaitIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		f := telegramtest.Flood(120)
		f.Method, f.Times = "getUpdates", 1
		b.must(b.fake.Misbehave(f))
		began := time.Now()
		b.must(b.user.Start(""))
		b.must(b.user.Text("hello"))
		b.run()
		time.Sleep(119 * time.Second)
		b.want()
		if s := b.c.Status(); s.Problem != channel.Slowed {
			t.Errorf("status is %+v, want slowed", s)
		}
		time.Sleep(2 * time.Second)
		b.want("hello")
		if s := b.c.Status(); s.Since.Sub(began) < 120*time.Second {
			t.Errorf("works again after %v, want the 120 s Telegram asked for", s.Since.Sub(began))
		}
		b.end()
	})
}

func TestOwnerIsCalled(t *testing.T) {
	for _, tc := range []struct {
		name    string
		fault   telegramtest.Fault
		problem channel.Problem
		most    int
	}{
		{"token revoked", telegramtest.Fault{Code: 401, Description: "Unauthorized"}, channel.CredentialsRefused, 20},
		{"wrong address", telegramtest.Fault{Code: 404, Body: "not here"}, channel.WrongAddress, 20},
		{"cloned card", telegramtest.Fault{Code: 409, Description: "Conflict: terminated by other getUpdates request"}, channel.TakenElsewhere, 165},
		{"webhook", telegramtest.Fault{Code: 409, Description: "Conflict: can't use getUpdates method while webhook is active"}, channel.TakenElsewhere, 165},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				tc.fault.Method = "getUpdates"
				b.must(b.fake.Misbehave(tc.fault))
				b.run()
				time.Sleep(time.Hour)
				s := b.c.Status()
				if s.Problem != tc.problem || !s.NeedsOwner() || s.Words == "" || s.Working {
					t.Errorf("status is %+v, want %s with words for the owner", s, tc.problem)
				}
				if got := b.fake.Calls("getUpdates"); got > tc.most {
					t.Errorf("%d calls in an hour, want at most %d: never fight", got, tc.most)
				}
				if got := strings.Count(b.log.String(), "level=ERROR"); got != 1 {
					t.Errorf("the owner was called %d times, want once:\n%s", got, b.log.String())
				}
				b.fake.Behave()
				time.Sleep(7 * time.Minute)
				if s := b.c.Status(); !s.Working {
					t.Errorf("status after the remedy is %+v, want working", s)
				}
				b.end()
			})
		})
	}
}

func TestTwoDevicesWithOneBotDoNotFight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := newBench(t), newBench(t)
		b.fake = a.fake
		c, err := telegram.New(telegram.Settings{
			Username: a.fake.Username(), Token: telegram.Secret(a.fake.Token()), APIURL: "http://one.test", LinkURL: "http://one.test",
			PollSeconds: 45, RequestSeconds: 5, ProofMinutes: 1,
		}, slog.New(slog.DiscardHandler), &http.Client{Transport: memory{a.fake.API()}})
		if err != nil {
			t.Fatal(err)
		}
		b.c = c
		a.run()
		b.run()
		time.Sleep(30 * time.Minute)
		if got := a.fake.Calls("getUpdates"); got > 160 {
			t.Errorf("%d calls in half an hour, want pauses of about 30 s", got)
		}
		if pa, pb := a.c.Status().Problem, b.c.Status().Problem; pa != channel.TakenElsewhere && pb != channel.TakenElsewhere {
			t.Errorf("status is %q and %q, want at least one that tells the owner", pa, pb)
		}
		a.end()
		b.end()
	})
}

func TestQuietWeekStartsNewNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.run()
		b.must(b.user.Start(""))
		b.must(b.user.Text("high number"))
		synctest.Wait()
		time.Sleep(8 * 24 * time.Hour)
		b.fake.Renumber(500)
		b.must(b.user.Text("low number"))
		synctest.Wait()
		b.fake.Renumber(500)
		b.must(b.user.Text("same low number"))
		b.want("high number", "low number", "same low number")
		b.end()
	})
}

func TestRepeatedUpdatesAreOneEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.must(b.fake.Misbehave(telegramtest.Fault{Method: "getUpdates", Repeat: true, Times: 3}))
		b.run()
		b.must(b.user.Start(""))
		for i := range 4 {
			b.must(b.user.Text(strconv.Itoa(i)))
			synctest.Wait()
		}
		b.want("0", "1", "2", "3")
		if kept, offered := b.inbox.Updates(); offered <= len(kept) {
			t.Errorf("%d offered, %d kept: nothing was repeated", offered, len(kept))
		}
		b.end()
	})
}

func TestPressesExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.must(b.user.Start(""))
		ask := channel.Message{Text: "?", Buttons: [][]channel.Button{{{Kind: channel.Callback, Label: "Yes", Target: "y"}}}}
		ref, err := b.c.Send(t.Context(), channel.ConversationID(b.user.Chat()), ask)
		b.must(err)
		id, err := strconv.ParseInt(string(ref), 10, 64)
		b.must(err)
		b.must(b.user.Press(id, "y"))
		time.Sleep(149 * time.Second)
		began := time.Now()
		b.run()
		synctest.Wait()
		kept, _ := b.inbox.Updates()
		press := kept[len(kept)-1]
		if got := press.Expires.Sub(began); got != 150*time.Second {
			t.Errorf("the press expires in %v, want 150 s at most", got)
		}
		if !kept[0].Expires.IsZero() {
			t.Errorf("a text expires at %v, want never", kept[0].Expires)
		}
		time.Sleep(2 * time.Second)
		query := b.c.Decode(press)[0].Body.(channel.ButtonPressed).Query
		if err := b.c.Acknowledge(t.Context(), query, ""); channel.KindOf(err) != channel.KindTooLate {
			t.Errorf("answer after 151 s gives %v, want kind too late", err)
		}
		b.end()
	})
}

func TestUpdatesWithoutNumbersDoNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			calls++
			fmt.Fprint(w, `{"ok":true,"result":[{"message":{}},7,null]}`)
		})
		s := telegram.DefaultSettings()
		s.Username, s.Token = "demo_bot", telegramtest.DefaultToken
		c, err := telegram.New(s, slog.New(slog.DiscardHandler), &http.Client{Transport: memory{h}})
		if err != nil {
			t.Fatal(err)
		}
		b := &bench{t: t, c: c}
		b.run()
		time.Sleep(5 * time.Minute)
		b.end()
		if kept, _ := b.inbox.Updates(); len(kept) != 0 || calls > 20 {
			t.Errorf("%d updates kept in %d calls, want none in few", len(kept), calls)
		}
	})
}
