package telegramtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

// browse makes one request of a phone's browser.
func (b *bot) browse(method, path, body string, header ...string) (*http.Response, string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.fake.PhoneURL()+path, strings.NewReader(body))
	b.must(err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(req)
	b.must(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	b.must(err)
	return resp, string(text)
}

type view struct {
	Started, Blocked bool
	Messages         []telegramtest.Message
	Toast            string
}

func (b *bot) look(chat string) view {
	b.t.Helper()
	_, text := b.browse(http.MethodGet, "/chat/"+chat+"/state?since=-1", "")
	var v view
	b.must(json.Unmarshal([]byte(text), &v))
	return v
}

func TestVisitorOrdersByPhone(t *testing.T) {
	b := start(t, telegramtest.Config{Title: "Trattoria <Lucia>"})
	resp, _ := b.browse(http.MethodGet, "/Comanda_Demo_Bot?start=K7-q", "", "Accept-Language", "pt-BR,pt;q=0.9")
	where := resp.Header.Get("Location")
	chat, token, ok := strings.Cut(strings.TrimPrefix(where, "/chat/"), "?start=")
	if resp.StatusCode != http.StatusFound || !ok || token != "K7-q" {
		t.Fatalf("the start link leads to %q (%d), want a chat with the token", where, resp.StatusCode)
	}
	again, _ := b.browse(http.MethodGet, "/comanda_demo_bot", "", "Cookie", resp.Header.Get("Set-Cookie"))
	if got := again.Header.Get("Location"); got != "/chat/"+chat {
		t.Errorf("the same browser comes back as %q, want the same guest %s", got, chat)
	}
	_, page := b.browse(http.MethodGet, where, "")
	if !strings.Contains(page, "Trattoria &lt;Lucia&gt;") || !strings.Contains(page, `data-token="K7-q"`) {
		t.Errorf("the page lacks the title or the token:\n%s", page)
	}
	if v := b.look(chat); v.Started || len(v.Messages) != 0 {
		t.Errorf("before Start the phone shows %+v, want nothing", v)
	}
	act := func(what, body string, want int) {
		t.Helper()
		if resp, text := b.browse(http.MethodPost, "/chat/"+chat+"/"+what, body); resp.StatusCode != want {
			t.Errorf("%s %s gives %d %s, want %d", what, body, resp.StatusCode, text, want)
		}
	}
	act("text", `{"text":"too early"}`, http.StatusConflict)
	act("start", `{"token":"a b"}`, http.StatusConflict)
	act("start", `{"token":"K7-q"}`, http.StatusNoContent)
	ask := `{"chat_id":` + chat + `,"text":"?","reply_markup":{"inline_keyboard":[[{"text":"Yes","callback_data":"y"},{"text":"App","web_app":{"url":"https://example.com/app?x=1"}}]]}}`
	if r := b.call("sendMessage", ask); !r.OK {
		t.Fatalf("send: %+v", r)
	}
	act("press", `{"message":2,"data":"y"}`, http.StatusNoContent)
	act("press", `{"message":2,"data":"n"}`, http.StatusConflict)
	act("text", `{"text":"hello"}`, http.StatusNoContent)
	act("block", `{}`, http.StatusNoContent)
	act("text", `{"text":"hello?"}`, http.StatusConflict)
	act("unblock", `{}`, http.StatusNoContent)
	act("dance", `{}`, http.StatusNotFound)
	act("text", `hello`, http.StatusBadRequest)
	if v := b.look(chat); !v.Started || v.Blocked || len(v.Messages) != 3 {
		t.Errorf("the phone shows %+v, want start, question and hello", v)
	}
	var kinds []string
	var updates []map[string]json.RawMessage
	b.must(json.Unmarshal(b.call("getUpdates", `{}`).Result, &updates))
	for _, u := range updates {
		for k := range u {
			if k != "update_id" {
				kinds = append(kinds, k)
			}
		}
	}
	if diff := cmp.Diff([]string{"message", "callback_query", "message", "my_chat_member", "my_chat_member"}, kinds); diff != "" {
		t.Errorf("updates (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(updates[0]["message"]), `"text":"/start K7-q"`) || !strings.Contains(string(updates[0]["message"]), `"language_code":"pt-BR"`) {
		t.Errorf("the first update is %s, want token and language", updates[0]["message"])
	}
}

func TestMiniAppIsLaunched(t *testing.T) {
	b := start(t, telegramtest.Config{})
	if resp, _ := b.browse(http.MethodGet, "/comanda_demo_bot?startapp=T", ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a startapp link without a Mini App gives %d, want 404", resp.StatusCode)
	}
	b.fake.SetMiniApp("http://127.0.0.1:8080/guest?venue=1")
	for _, path := range []string{"/comanda_demo_bot?startapp=T-7&user=42&lang=it", "/comanda_demo_bot/menu?startapp=T-7&user=42"} {
		resp, _ := b.browse(http.MethodGet, path, "")
		to, err := url.Parse(resp.Header.Get("Location"))
		b.must(err)
		fragment, err := url.ParseQuery(to.EscapedFragment())
		b.must(err)
		data, err := url.ParseQuery(fragment.Get("tgWebAppData"))
		b.must(err)
		if to.Path != "/guest" || to.Query().Get("venue") != "1" || to.Query().Get("tgWebAppStartParam") != "T-7" {
			t.Errorf("%s leads to %s, want the Mini App with the token", path, to)
		}
		var user struct {
			ID       int64  `json:"id"`
			Language string `json:"language_code"`
		}
		b.must(json.Unmarshal([]byte(data.Get("user")), &user))
		if user.ID != 42 || user.Language != "it" || data.Get("start_param") != "T-7" || len(data.Get("hash")) != 64 {
			t.Errorf("%s hands over %v, want guest 42 with the token", path, data)
		}
	}
	if got := b.fake.Messages(42); len(got) != 0 {
		t.Errorf("opening a Mini App made messages %+v, want none", got)
	}
	if got := b.fake.Pending(); got != 0 {
		t.Errorf("opening a Mini App made %d updates, want none", got)
	}
}

func TestOnlyPagesOfTheBotAreOpened(t *testing.T) {
	b := start(t, telegramtest.Config{})
	b.must(b.fake.User(9, "en").Start(""))
	b.call("sendMessage", `{"chat_id":9,"text":"?","reply_markup":{"inline_keyboard":[[{"text":"App","web_app":{"url":"https://example.com/app"}}]]}}`)
	b.call("setChatMenuButton", `{"chat_id":9,"menu_button":{"type":"web_app","text":"Menu","web_app":{"url":"https://example.com/menu"}}}`)
	for page, want := range map[string]int{
		"https://example.com/app": http.StatusFound, "https://example.com/menu": http.StatusFound,
		"https://evil.example/": http.StatusNotFound, "": http.StatusNotFound,
	} {
		resp, _ := b.browse(http.MethodGet, "/chat/9/open?url="+url.QueryEscape(page), "")
		if resp.StatusCode != want || (want == http.StatusFound && !strings.HasPrefix(resp.Header.Get("Location"), page+"#tgWebAppData=")) {
			t.Errorf("open %q gives %d %s, want %d", page, resp.StatusCode, resp.Header.Get("Location"), want)
		}
	}
}

func TestPhoneIsGuarded(t *testing.T) {
	b := start(t, telegramtest.Config{})
	b.fake.User(9, "en")
	for _, tc := range []struct {
		method, path string
		header       []string
		want         int
	}{
		{http.MethodGet, "/chat/9", nil, 200},
		{http.MethodGet, "/chat/-9", nil, 404},
		{http.MethodGet, "/chat/abc", nil, 404},
		{http.MethodGet, "/another_bot?start=x", nil, 404},
		{http.MethodGet, "/assets/phone.js", nil, 200},
		{http.MethodGet, "/assets/phone.css", nil, 200},
		{http.MethodGet, "/assets/..%2Fphone.go", nil, 400},
		{http.MethodPost, "/chat/9/block", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{http.MethodPost, "/control/behave", []string{"Origin", "https://evil.example"}, 403},
		{http.MethodPost, "/chat/9/block", []string{"Sec-Fetch-Site", "same-origin"}, 204},
	} {
		resp, _ := b.browse(tc.method, tc.path, "{}", tc.header...)
		if resp.StatusCode != tc.want {
			t.Errorf("%s %s %v gives %d, want %d", tc.method, tc.path, tc.header, resp.StatusCode, tc.want)
		}
		if csp := resp.Header.Get("Content-Security-Policy"); tc.want == 200 && !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s has policy %q, want a strict one", tc.path, csp)
		}
	}
}

func TestControlOverHTTP(t *testing.T) {
	b := start(t, telegramtest.Config{})
	b.must(b.fake.User(9, "en").Start(""))
	post := func(act, body string, want int) {
		t.Helper()
		if resp, text := b.browse(http.MethodPost, "/control/"+act, body); resp.StatusCode != want {
			t.Errorf("%s %s gives %d %s, want %d", act, body, resp.StatusCode, text, want)
		}
	}
	post("misbehave", `{"code":429,"retryAfter":5,"delayMillis":1,"times":1}`, 204)
	if r := b.call("sendMessage", `{"chat_id":9,"text":"x"}`); r.Code != 429 || r.Parameters.RetryAfter != 5 {
		t.Errorf("after a fault was ordered: %+v, want 429", r)
	}
	post("misbehave", `{"code":500}`, 204)
	post("behave", `{}`, 204)
	if r := b.call("sendMessage", `{"chat_id":9,"text":"x"}`); !r.OK {
		t.Errorf("after it behaves again: %+v, want ok", r)
	}
	post("cutoff", `{"off":true}`, 204)
	if _, err := b.try(t.Context(), "/bot"+b.fake.Token()+"/getMe", ""); err == nil {
		t.Error("a call while cut off is answered")
	}
	if v := b.look("9"); !v.Started {
		t.Error("the phone does not work while the bot is cut off")
	}
	post("cutoff", `{"off":false}`, 204)
	if r := b.call("getMe", ""); !r.OK {
		t.Errorf("after the cut: %+v, want ok", r)
	}
	post("misbehave", `{"repeat":true}`, 400)
	post("misbehave", `x`, 400)
	post("fly", `{}`, 404)
}

func TestAnswerShowsBriefly(t *testing.T) {
	b := start(t, telegramtest.Config{})
	u := b.fake.User(9, "en")
	b.must(u.Start(""))
	b.call("sendMessage", `{"chat_id":9,"text":"?","reply_markup":{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]}}`)
	b.must(u.Press(2, "y"))
	var updates []struct {
		Query struct {
			ID string `json:"id"`
		} `json:"callback_query"`
	}
	b.must(json.Unmarshal(b.call("getUpdates", `{}`).Result, &updates))
	b.call("answerCallbackQuery", `{"callback_query_id":`+strconv.Quote(updates[1].Query.ID)+`,"text":"A waiter comes"}`)
	if v := b.look("9"); v.Toast != "A waiter comes" {
		t.Errorf("the phone shows %q, want the answer", v.Toast)
	}
}
