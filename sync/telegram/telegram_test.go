package telegram_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/channeltest"
	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const guestID = 6_100_000_001

// platform is the simulated Telegram as the suite sees it.
type platform struct {
	t    *testing.T
	fake *telegramtest.Server
	user *telegramtest.User
}

func start(t *testing.T) *telegramtest.Server {
	t.Helper()
	fake, err := telegramtest.Start(t.Context(), telegramtest.Config{})
	if err != nil {
		t.Fatalf("start telegram: %v", err)
	}
	t.Cleanup(fake.Close)
	return fake
}

func settings(fake *telegramtest.Server) telegram.Settings {
	s := telegram.DefaultSettings()
	s.Username, s.Token = fake.Username(), telegram.Secret(fake.Token())
	s.APIURL = fake.APIURL()
	s.PollSeconds = 2
	return s
}

func open(t *testing.T, fake *telegramtest.Server) *telegram.Channel {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c, err := telegram.New(settings(fake), slog.New(slog.DiscardHandler), &http.Client{Transport: transport})
	if err != nil {
		t.Fatalf("open telegram: %v", err)
	}
	return c
}

func openPlatform(t *testing.T) (channel.Channel, channeltest.Platform) {
	fake := start(t)
	p := &platform{t: t, fake: fake, user: fake.User(guestID, "de")}
	if err := p.user.Start(""); err != nil {
		t.Fatalf("press start: %v", err)
	}
	return open(t, fake), p
}

func (p *platform) Guest() channel.ConversationID    { return channel.ConversationID(p.user.Chat()) }
func (p *platform) Stranger() channel.ConversationID { return "6999999999" }
func (p *platform) Recover()                         { p.fake.Behave() }

func (p *platform) Secrets() []string {
	_, secret, _ := strings.Cut(p.fake.Token(), ":")
	return []string{p.fake.Token(), secret}
}

func (p *platform) Seen(in channel.ConversationID) []channeltest.Seen {
	var out []channeltest.Seen
	for _, m := range p.fake.FromBot(p.chat(in)) {
		seen := channeltest.Seen{Ref: channel.Ref(strconv.FormatInt(m.ID, 10)), Text: m.Text, Edits: m.Edits}
		for _, row := range m.Buttons {
			var labels []string
			for _, b := range row {
				labels = append(labels, b.Text)
			}
			seen.Buttons = append(seen.Buttons, labels)
		}
		out = append(out, seen)
	}
	return out
}

func (p *platform) chat(in channel.ConversationID) int64 {
	id, err := strconv.ParseInt(string(in), 10, 64)
	if err != nil {
		p.t.Fatalf("conversation %q is not a number", in)
	}
	return id
}

func (p *platform) Fail(kind channel.Kind) bool {
	faults := map[channel.Kind]telegramtest.Fault{
		channel.KindRetry:          telegramtest.Broken(),
		channel.KindThrottled:      telegramtest.Flood(3),
		channel.KindGuestGone:      {Code: 403, Description: "Forbidden: user is deactivated"},
		channel.KindSettings:       {Code: 401, Description: "Unauthorized: " + p.fake.Token()},
		channel.KindRejected:       {Code: 400, Description: "Bad Request: something of next year"},
		channel.KindUnknownOutcome: {Swallow: true, Delay: telegramtest.Millis(10 * time.Millisecond)},
		channel.KindMoved:          {Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -100123},
	}
	f, ok := faults[kind]
	if ok {
		p.must(p.fake.Misbehave(f))
	}
	return ok
}

func (p *platform) Press(_ channel.ConversationID, ref channel.Ref, data string) {
	id, err := strconv.ParseInt(string(ref), 10, 64)
	p.must(err)
	p.must(p.user.Press(id, data))
}

func (p *platform) Write(_ channel.ConversationID, text string) { p.must(p.user.Text(text)) }

func (p *platform) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func TestContract(t *testing.T) {
	channeltest.Run(t, channeltest.Harness{
		Open:     openPlatform,
		Recorded: recorded(t),
		Duplicate: func(p channeltest.Platform) {
			fake := p.(*platform).fake
			if err := fake.Misbehave(telegramtest.Fault{Method: "getUpdates", Repeat: true, Times: 2}); err != nil {
				t.Fatal(err)
			}
		},
	})
}

func at(unix int64) time.Time { return time.Unix(unix, 0).UTC() }

// recorded pairs the updates in testdata with their meaning.
func recorded(t *testing.T) []channeltest.Recorded {
	t.Helper()
	received := at(1_790_000_500)
	anna := channel.Guest{ID: "4503599627370495", Language: "pt-br", Name: "Anna <A> Ünal"}
	event := func(when time.Time, b channel.Body) channel.Event {
		return channel.Event{Conversation: "4503599627370495", Guest: anna, At: when, Body: b}
	}
	said, now := at(1_790_000_000), received
	wants := map[string]channel.Event{
		"start_token":        event(said, channel.Started{Token: "t_K7Q29F-x"}),
		"start_bare":         event(said, channel.Started{}),
		"start_in_group":     {Conversation: "-1001234567890", Guest: anna, At: said, Body: channel.Started{Token: "grp"}},
		"text":               event(said, channel.Text{Text: "/starting again, please?"}),
		"edited":             event(said, channel.Edited{Message: "78"}),
		"press":              event(now, channel.ButtonPressed{Data: "ok:12", Query: "4382bfdwdsb323b2d9", Card: "90"}),
		"press_old_message":  event(now, channel.ButtonPressed{Data: "ok:12", Query: "4382bfdwdsb323b2d9", Card: "90"}),
		"press_lost_message": event(now, channel.ButtonPressed{Data: "ok:12", Query: "4382bfdwdsb323b2d9"}),
		"blocked":            event(said, channel.Blocked{}),
		"unblocked":          event(said, channel.Unblocked{}),
		"write_allowed":      event(said, channel.WriteAllowed{}),
		"photo":              event(said, channel.Unknown{Kind: "message"}),
		"kicked_from_group":  {Conversation: "-1001234567890", Guest: anna, At: said, Body: channel.Unknown{Kind: "my_chat_member"}},
		"poll_answer":        {At: now, Body: channel.Unknown{Kind: "poll_answer"}},
		"wrong_type":         {At: now, Body: channel.Unknown{}},
	}
	var out []channeltest.Recorded
	for name, want := range wants {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		want.ID = "key-" + name
		if u, ok := want.Body.(channel.Unknown); ok {
			u.Raw = raw
			want.Body = u
		}
		out = append(out, channeltest.Recorded{
			Name:   name,
			Update: channel.Update{ID: want.ID, Raw: raw, ReceivedAt: received},
			Want:   []channel.Event{want},
		})
	}
	return out
}

func FuzzDecode(f *testing.F) {
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		f.Fatalf("no recorded updates: %v", err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	s := telegram.DefaultSettings()
	s.Username, s.Token = "fuzz_bot", telegramtest.DefaultToken
	c, err := telegram.New(s, slog.New(slog.DiscardHandler), &http.Client{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u := channel.Update{ID: "1", Raw: raw, ReceivedAt: at(1)}
		channeltest.CheckEvents(t, c, u)
		if events := c.Decode(u); !json.Valid(raw) {
			if _, ok := events[0].Body.(channel.Unknown); !ok {
				t.Errorf("Decode(%q) = %+v, want unknown for what is not JSON", raw, events)
			}
		}
	})
}

func TestCheck(t *testing.T) {
	fake := start(t)
	if err := open(t, fake).Check(t.Context()); err != nil {
		t.Errorf("check of good settings: %v", err)
	}
	other := settings(fake)
	other.Username = "somebody_else_bot"
	wrong := settings(fake)
	wrong.Token = "7000000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	path := settings(fake)
	path.APIURL += "/proxy"
	for name, s := range map[string]telegram.Settings{"another bot": other, "a wrong token": wrong, "a wrong path": path} {
		c, err := telegram.New(s, slog.New(slog.DiscardHandler), &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.Check(t.Context()); channel.KindOf(err) != channel.KindSettings {
			t.Errorf("check with %s gives %v, want kind settings", name, err)
		}
	}
}

func TestKeepMenu(t *testing.T) {
	fake := start(t)
	user := fake.User(guestID, "en")
	c := open(t, fake)
	const page = "https://example.com/menu"
	if err := c.KeepMenu(t.Context(), channel.ConversationID(user.Chat()), "Menu", page); err != nil {
		t.Fatalf("keep menu: %v", err)
	}
	if got, ok := fake.Menu(guestID); !ok || got.Text != "Menu" || got.WebApp != page {
		t.Errorf("the guest's menu is %+v, want %s", got, page)
	}
	for _, insecure := range []string{"http://192.168.0.2/", "https://localhost/", "::"} {
		err := c.KeepMenu(t.Context(), channel.ConversationID(user.Chat()), "Menu", insecure)
		if channel.KindOf(err) != channel.KindRejected {
			t.Errorf("keep menu %s gives %v, want kind rejected", insecure, err)
		}
	}
}

func TestHook(t *testing.T) {
	s := telegram.DefaultSettings()
	s.Username, s.Token, s.HookSecret = "demo_bot", telegramtest.DefaultToken, "open-sesame"
	closed := s
	closed.HookSecret = ""
	body := []byte(`{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"hi"}}`)
	for _, tc := range []struct {
		name           string
		s              telegram.Settings
		method, secret string
		body           []byte
		status, taken  int
	}{
		{"telegram", s, http.MethodPost, "open-sesame", body, 200, 1},
		{"a wrong secret", s, http.MethodPost, "open-sesamf", body, 403, 0},
		{"no secret", s, http.MethodPost, "", body, 403, 0},
		{"no secret wanted", closed, http.MethodPost, "", body, 403, 0},
		{"a visitor", s, http.MethodGet, "open-sesame", nil, 405, 0},
		{"no update", s, http.MethodPost, "open-sesame", []byte("[]"), 400, 0},
	} {
		c, err := telegram.New(tc.s, slog.New(slog.DiscardHandler), &http.Client{})
		if err != nil {
			t.Fatal(err)
		}
		header := http.Header{}
		header.Set("x-telegram-bot-api-secret-token", tc.secret)
		updates, answer := c.Take(channel.Request{Method: tc.method, Header: header, Body: tc.body, ReceivedAt: at(9)})
		if answer.Status != tc.status || len(updates) != tc.taken {
			t.Errorf("%s: status %d, %d updates, want %d, %d", tc.name, answer.Status, len(updates), tc.status, tc.taken)
		}
		for _, u := range updates {
			if got := c.Decode(u)[0].Body; got != (channel.Text{Text: "hi"}) {
				t.Errorf("%s: event %+v, want text hi", tc.name, got)
			}
		}
	}
}
