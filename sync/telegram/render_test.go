package telegram_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

func openWith(t *testing.T, s telegram.Settings) *telegram.Channel {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c, err := telegram.New(s, slog.New(slog.DiscardHandler), &http.Client{Transport: transport})
	if err != nil {
		t.Fatalf("open telegram: %v", err)
	}
	return c
}

func TestRendering(t *testing.T) {
	fake := start(t)
	user := fake.User(guestID, "en")
	if err := user.Start(""); err != nil {
		t.Fatal(err)
	}
	fake.Group(-100777)
	c := open(t, fake)
	web := channel.Button{Kind: channel.WebApp, Label: " Menu ", Target: "https://example.com/m"}
	lan := channel.Button{Kind: channel.WebApp, Label: "Menu", Target: "http://192.168.0.7:8080/m"}
	local := channel.Button{Kind: channel.URL, Label: "Pay", Target: "http://localhost/p"}
	yes := channel.Button{Kind: channel.Callback, Label: "Yes", Target: "y"}
	var nine []channel.Button
	for range 9 {
		nine = append(nine, yes)
	}
	bold := func(s string) telegramtest.Run { return telegramtest.Run{Text: s, Styles: []string{"b"}} }
	for _, tc := range []struct {
		name    string
		to      int64
		in      channel.Message
		runs    []telegramtest.Run
		buttons [][]telegramtest.Button
		silent  bool
	}{
		{
			"title, text and web app", guestID,
			channel.Message{Title: "Order 7 <b>", Text: "ready & hot", Buttons: [][]channel.Button{{web, yes}}},
			[]telegramtest.Run{bold("Order 7 <b>"), {Text: "\nready & hot"}},
			[][]telegramtest.Button{{{Text: "Menu", WebApp: "https://example.com/m"}, {Text: "Yes", Data: "y"}}},
			false,
		},
		{
			"an insecure web app is a link", guestID,
			channel.Message{Text: "hi", Silent: true, Buttons: [][]channel.Button{{lan}}},
			[]telegramtest.Run{{Text: "hi"}},
			[][]telegramtest.Button{{{Text: "Menu", URL: "http://192.168.0.7:8080/m"}}},
			true,
		},
		{
			"a group has no web apps", -100777,
			channel.Message{Text: "hi", Buttons: [][]channel.Button{{web}}},
			[]telegramtest.Run{{Text: "hi"}},
			[][]telegramtest.Button{{{Text: "Menu", URL: "https://example.com/m"}}},
			false,
		},
		{
			"an address telegram refuses is text", guestID,
			channel.Message{Text: "hi", Buttons: [][]channel.Button{{local}}},
			[]telegramtest.Run{{Text: "hi\nPay: http://localhost/p"}},
			nil, false,
		},
		{"only a title", guestID, channel.Message{Title: "Welcome"}, []telegramtest.Run{bold("Welcome")}, nil, false},
		{
			"a row too long", guestID,
			channel.Message{Text: "hi", Buttons: [][]channel.Button{nine}},
			[]telegramtest.Run{{Text: "hi"}},
			[][]telegramtest.Button{
				{{Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}, {Text: "Yes", Data: "y"}},
				{{Text: "Yes", Data: "y"}},
			},
			false,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			to := channel.AddressOf(c, channel.ConversationID(user.Chat())).Conversation
			if tc.to < 0 {
				to = "-100777"
			}
			if _, err := c.Send(t.Context(), to, tc.in); err != nil {
				t.Fatalf("send: %v", err)
			}
			all := fake.FromBot(tc.to)
			got := all[len(all)-1]
			if diff := cmp.Diff(tc.runs, got.Runs); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.buttons, got.Buttons); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
			if got.Silent != tc.silent {
				t.Errorf("silent is %v, want %v", got.Silent, tc.silent)
			}
		})
	}
}

func TestLongTitleLeavesNoRoomForText(t *testing.T) {
	fake := start(t)
	user := fake.User(guestID, "en")
	if err := user.Start(""); err != nil {
		t.Fatal(err)
	}
	c := open(t, fake)
	for _, n := range []int{4094, 4095, 4096, 4097} {
		m := channel.Message{Title: strings.Repeat("t", n), Text: "text"}
		if _, err := c.Send(t.Context(), channel.ConversationID(user.Chat()), m); err != nil {
			t.Errorf("send a title of %d: %v", n, err)
		}
	}
}

func TestEntryLinks(t *testing.T) {
	s := telegram.DefaultSettings()
	s.Username, s.Token = "la_comanda_bot", telegramtest.DefaultToken
	for app, want := range map[string][]channel.Link{
		"": {
			{Kind: channel.OpensMiniApp, URL: "https://t.me/la_comanda_bot?startapp=K7-q_9"},
			{Kind: channel.OpensChat, URL: "https://t.me/la_comanda_bot?start=K7-q_9"},
		},
		"menu": {
			{Kind: channel.OpensMiniApp, URL: "https://t.me/la_comanda_bot/menu?startapp=K7-q_9"},
			{Kind: channel.OpensChat, URL: "https://t.me/la_comanda_bot?start=K7-q_9"},
		},
	} {
		s.App = app
		got, err := openWith(t, s).EntryLinks("K7-q_9")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("links with app %q: %v (-want +got):\n%s", app, err, diff)
		}
	}
}
