package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const guest = 6_100_000_001

// bot calls the simulated API by hand.
type bot struct {
	t    *testing.T
	fake *telegramtest.Server
	http http.Client
}

type reply struct {
	OK          bool            `json:"ok"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Result      json.RawMessage `json:"result"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

func start(t *testing.T, cfg telegramtest.Config) *bot {
	t.Helper()
	fake, err := telegramtest.Start(t.Context(), cfg)
	if err != nil {
		t.Fatalf("start telegram: %v", err)
	}
	t.Cleanup(fake.Close)
	return &bot{t: t, fake: fake, http: http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (b *bot) try(ctx context.Context, path, body string) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.fake.APIURL()+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	resp, err := b.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	var r reply
	err = json.NewDecoder(resp.Body).Decode(&r)
	if err == nil && !r.OK && r.Code != resp.StatusCode {
		err = fmt.Errorf("status %d differs from error_code %d", resp.StatusCode, r.Code)
	}
	return r, err
}

func (b *bot) call(method, body string) reply {
	b.t.Helper()
	r, err := b.try(b.t.Context(), "/bot"+b.fake.Token()+"/"+method, body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, body, err)
	}
	return r
}

// ids are the numbers of the updates a call brings.
func (b *bot) ids(body string) []int64 {
	b.t.Helper()
	r := b.call("getUpdates", body)
	var updates []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(r.Result, &updates); err != nil {
		b.t.Fatalf("getUpdates %s gives %+v: %v", body, r, err)
	}
	out := []int64{}
	for _, u := range updates {
		out = append(out, u.ID)
	}
	return out
}

func (b *bot) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	b := start(t, telegramtest.Config{})
	u := b.fake.User(guest, "en")
	b.must(u.Start(""))
	b.fake.User(2, "en")
	blocked := b.fake.User(3, "en")
	b.must(blocked.Start(""))
	blocked.Block()
	gone := b.fake.User(4, "en")
	b.must(gone.Start(""))
	gone.Leave()
	b.fake.Group(-5)
	long := strings.Repeat("x", 4097)
	keyboard := func(button string) string {
		return `{"chat_id":6100000001,"text":"x","reply_markup":{"inline_keyboard":[[` + button + `]]}}`
	}
	for _, tc := range []struct {
		method, body string
		code         int
		words        string
	}{
		{"sendMessage", `{"chat_id":6100000001,"text":"hello"}`, 0, ""},
		{"sendMessage", `{"chat_id":"6100000001","text":"hello"}`, 0, ""},
		{"sendMessage", `{"text":"hello"}`, 400, "chat_id is empty"},
		{"sendMessage", `{"chat_id":6100000001}`, 400, "message text is empty"},
		{"sendMessage", `{"chat_id":6100000001,"text":" \n "}`, 400, "message text is empty"},
		{"sendMessage", `{"chat_id":6100000001,"text":7}`, 400, "can't parse parameters"},
		{"sendMessage", `{"chat_id":6100000001,"txt":"hello"}`, 400, "can't parse parameters"},
		{"sendMessage", `{"chat_id":6100000001,"text":"` + long + `"}`, 400, "message is too long"},
		{"sendMessage", `{"chat_id":6100000001,"text":"<b>` + long[1:] + `</b>","parse_mode":"HTML"}`, 0, ""},
		{"sendMessage", `{"chat_id":6100000001,"text":"x","parse_mode":"Markdown"}`, 400, "unsupported parse_mode"},
		{"sendMessage", `{"chat_id":6100000001,"text":"<x>y</x>","parse_mode":"HTML"}`, 400, "Unsupported start tag"},
		{"sendMessage", `{"chat_id":6100000001,"text":"<b>y","parse_mode":"HTML"}`, 400, "Can't find end tag"},
		{"sendMessage", `{"chat_id":6100000001,"text":"<b><i>y</b></i>","parse_mode":"HTML"}`, 400, "Unmatched end tag"},
		{"sendMessage", `{"chat_id":6100000001,"text":"y</b>","parse_mode":"HTML"}`, 400, "Unexpected end tag"},
		{"sendMessage", `{"chat_id":6100000001,"text":"1 < 2","parse_mode":"HTML"}`, 400, "Unclosed start tag"},
		{"sendMessage", `{"chat_id":99,"text":"hello"}`, 400, "chat not found"},
		{"sendMessage", `{"chat_id":2,"text":"hello"}`, 403, "bot can't initiate conversation with a user"},
		{"sendMessage", `{"chat_id":3,"text":"hello"}`, 403, "bot was blocked by the user"},
		{"sendMessage", `{"chat_id":4,"text":"hello"}`, 403, "user is deactivated"},
		{"sendMessage", keyboard(`{"text":"a","callback_data":"` + long[:64] + `"}`), 0, ""},
		{"sendMessage", keyboard(`{"text":"a","callback_data":"` + long[:65] + `"}`), 400, "BUTTON_DATA_INVALID"},
		{"sendMessage", keyboard(`{"text":"a","callback_data":"` + strings.Repeat("é", 33) + `"}`), 400, "BUTTON_DATA_INVALID"},
		{"sendMessage", keyboard(`{"text":"a"}`), 400, "Text buttons are unallowed"},
		{"sendMessage", keyboard(`{"text":"a","url":"https://a.b","callback_data":"c"}`), 400, "Text buttons are unallowed"},
		{"sendMessage", keyboard(`{"text":" ","url":"https://a.b"}`), 400, "Text is empty"},
		{"sendMessage", keyboard(`{"text":"a","url":"http://localhost:80/"}`), 400, "Wrong HTTP URL"},
		{"sendMessage", keyboard(`{"text":"a","url":"http://127.0.0.1:80/"}`), 0, ""},
		{"sendMessage", keyboard(`{"text":"a","web_app":{"url":"http://127.0.0.1/"}}`), 400, "Only HTTPS links are allowed"},
		{"sendMessage", `{"chat_id":-5,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","web_app":{"url":"https://a.b"}}]]}}`, 400, "BUTTON_TYPE_INVALID"},
		{"editMessageText", `{"chat_id":6100000001,"message_id":1,"text":"x"}`, 400, "message can't be edited"},
		{"editMessageText", `{"chat_id":6100000001,"message_id":999,"text":"x"}`, 400, "message to edit not found"},
		{"answerCallbackQuery", `{"callback_query_id":"1"}`, 400, "query is too old"},
		{"setChatMenuButton", `{"chat_id":6100000001,"menu_button":{"type":"web_app","text":"m","web_app":{"url":"http://a.b"}}}`, 400, "Only HTTPS"},
		{"setMyCommands", `{"commands":[{"command":"menu","description":"Menu"}]}`, 0, ""},
		{"setMyCommands", `{"commands":[{"command":"Menu","description":""}]}`, 400, "BOT_COMMAND_INVALID"},
		{"setWebhook", `{"url":"http://a.b"}`, 400, "An HTTPS URL must be provided"},
		{"getMe", ``, 0, ""},
		{"getMee", ``, 404, "Not Found"},
	} {
		r := b.call(tc.method, tc.body)
		if r.Code != tc.code || !strings.Contains(r.Description, tc.words) || r.OK != (tc.code == 0) {
			t.Errorf("%s %.90s gives %+v, want %d %q", tc.method, tc.body, r, tc.code, tc.words)
		}
	}
	for path, want := range map[string]int{"/bot1:wrong/getMe": 401, "/": 404, "/bot" + b.fake.Token(): 404} {
		if r, err := b.try(t.Context(), path, ""); err != nil || r.Code != want {
			t.Errorf("%s gives %+v, %v, want %d", path, r, err, want)
		}
	}
}

func TestTextIsParsed(t *testing.T) {
	b := start(t, telegramtest.Config{})
	b.must(b.fake.User(guest, "en").Start(""))
	text := ` <b>Order &lt;7&gt;</b> &amp; <strong>a <em>b</em></strong> &copy; <a href="https://a.b/?c=d&amp;e">link</a> `
	body, err := json.Marshal(map[string]any{"chat_id": guest, "text": text, "parse_mode": "HTML"})
	b.must(err)
	b.call("sendMessage", string(body))
	want := []telegramtest.Run{
		{Text: "Order <7>", Styles: []string{"b"}},
		{Text: " & "},
		{Text: "a ", Styles: []string{"b"}},
		{Text: "b", Styles: []string{"b", "i"}},
		{Text: " &copy; "},
		{Text: "link", Styles: []string{"a"}, Href: "https://a.b/?c=d&e"},
	}
	got := b.fake.FromBot(guest)[0]
	if diff := cmp.Diff(want, got.Runs); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	if want := "Order <7> & a b &copy; link"; got.Text != want {
		t.Errorf("text is %q, want %q", got.Text, want)
	}
}

func TestEditing(t *testing.T) {
	b := start(t, telegramtest.Config{})
	b.must(b.fake.User(guest, "en").Start("secret"))
	b.call("sendMessage", `{"chat_id":6100000001,"text":"one","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"c"}]]}}`)
	same := b.call("editMessageText", `{"chat_id":6100000001,"message_id":2,"text":"one","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"c"}]]}}`)
	if !strings.Contains(same.Description, "message is not modified") {
		t.Errorf("the same edit gives %+v, want not modified", same)
	}
	if r := b.call("editMessageText", `{"chat_id":6100000001,"message_id":2,"text":"one"}`); !r.OK {
		t.Errorf("taking the buttons away gives %+v, want ok", r)
	}
	all := b.fake.Messages(guest)
	if len(all) != 2 || all[1].Edits != 1 || all[1].Buttons != nil {
		t.Errorf("messages are %+v, want one without buttons, edited once", all)
	}
	if all[0].Text != "/start" {
		t.Errorf("the guest sees %q, want the start parameter hidden", all[0].Text)
	}
}

func TestConfirmation(t *testing.T) {
	b := start(t, telegramtest.Config{})
	u := b.fake.User(guest, "en")
	b.must(u.Start(""))
	for i := range 4 {
		b.must(u.Text(strconv.Itoa(i)))
	}
	const first = 100_000_001
	all := []int64{first, first + 1, first + 2, first + 3, first + 4}
	for _, step := range []struct {
		body string
		want []int64
	}{
		{`{}`, all},
		{`{}`, all},
		{`{"limit":2}`, all[:2]},
		{`{"offset":100000002}`, all[1:]},
		{`{"offset":1}`, all[1:]},
		{`{"offset":999999999}`, all[1:]},
		{`{"offset":-2}`, all[3:]},
		{`{"offset":100000006,"timeout":0}`, []int64{}},
	} {
		if diff := cmp.Diff(step.want, b.ids(step.body)); diff != "" {
			t.Errorf("getUpdates %s (-want +got):\n%s", step.body, diff)
		}
	}
	b.must(b.fake.Misbehave(telegramtest.Fault{Method: "getUpdates", Repeat: true, Times: 1}))
	b.must(u.Text("more"))
	if got := b.ids(`{"offset":100000006}`); len(got) != 3 || got[2] != first+5 {
		t.Errorf("a repeating telegram gives %v, want the last two and the new one", got)
	}
	if got := b.ids(`{"offset":100000006}`); len(got) != 1 {
		t.Errorf("afterwards it gives %v, want one", got)
	}
	if got := b.ids(`{"offset":100000007,"allowed_updates":["message"]}`); len(got) != 0 {
		t.Errorf("%v, want none", got)
	}
	u.Block()
	if got := b.fake.Pending(); got != 0 {
		t.Errorf("%d pending, want none: my_chat_member was not asked for", got)
	}
}

func TestOnePollerOnly(t *testing.T) {
	b := start(t, telegramtest.Config{})
	u := b.fake.User(guest, "en")
	type result struct {
		reply
		err error
	}
	first := make(chan result, 1)
	go func() {
		r, err := b.try(t.Context(), "/bot"+b.fake.Token()+"/getUpdates", `{"timeout":50}`)
		first <- result{r, err}
	}()
	for b.fake.Calls("getUpdates") < 1 {
		time.Sleep(time.Millisecond)
	}
	second := make(chan []int64, 1)
	go func() { second <- b.ids(`{"timeout":50}`) }()
	if r := <-first; r.err != nil || r.Code != 409 || !strings.Contains(r.Description, "terminated by other getUpdates") {
		t.Errorf("the first poller gets %+v, want 409", r)
	}
	b.must(u.Start(""))
	if got := <-second; len(got) != 1 {
		t.Errorf("the second poller gets %v, want the update at once", got)
	}
	b.call("setWebhook", `{"url":"https://a.b/hook","secret_token":"x"}`)
	if r := b.call("getUpdates", `{}`); r.Code != 409 || !strings.Contains(r.Description, "webhook is active") {
		t.Errorf("polling beside a webhook gives %+v, want 409", r)
	}
	b.call("deleteWebhook", `{"drop_pending_updates":true}`)
	if got := b.ids(`{}`); len(got) != 0 {
		t.Errorf("%v after dropping pending updates, want none", got)
	}
}

func TestThingsExpire(t *testing.T) {
	var mu sync.Mutex
	now := time.Unix(1_790_000_000, 0)
	pass := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	b := start(t, telegramtest.Config{Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	u := b.fake.User(guest, "en")
	b.must(u.Start(""))
	b.call("sendMessage", `{"chat_id":6100000001,"text":"?","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"c"}]]}}`)
	b.must(u.Press(2, "c"))
	if err := u.Press(2, "d"); !errors.Is(err, telegramtest.ErrNoButton) {
		t.Errorf("pressing no button gives %v", err)
	}
	pass(150 * time.Second)
	var updates []struct {
		Query struct {
			ID string `json:"id"`
		} `json:"callback_query"`
	}
	b.must(json.Unmarshal(b.call("getUpdates", `{}`).Result, &updates))
	if len(updates) != 2 {
		t.Fatalf("%d updates after 150 s, want 2", len(updates))
	}
	ack := `{"callback_query_id":"` + updates[1].Query.ID + `","text":"thanks"}`
	if r := b.call("answerCallbackQuery", ack); !r.OK {
		t.Errorf("answer after 150 s: %+v, want ok", r)
	}
	if r := b.call("answerCallbackQuery", ack); r.Code != 400 {
		t.Errorf("second answer: %+v, want 400", r)
	}
	pass(time.Second)
	if got := b.fake.Pending(); got != 1 {
		t.Errorf("%d pending after 151 s, want the text only", got)
	}
	pass(24 * time.Hour)
	if got := b.fake.Pending(); got != 0 {
		t.Errorf("%d pending after a day, want none", got)
	}
}

func TestFaults(t *testing.T) {
	b := start(t, telegramtest.Config{})
	b.must(b.fake.User(guest, "en").Start(""))
	b.must(b.fake.User(7, "en").Start(""))
	f := telegramtest.Flood(9)
	f.Chat, f.Times = guest, 2
	b.must(b.fake.Misbehave(f))
	send := func(chat int64) reply {
		return b.call("sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"x"}`, chat))
	}
	if r := send(7); !r.OK {
		t.Errorf("another chat: %+v, want ok", r)
	}
	for i := range 3 {
		if r := send(guest); r.OK != (i == 2) || (i < 2 && r.Parameters.RetryAfter != 9) {
			t.Errorf("attempt %d: %+v, want two floods, then ok", i, r)
		}
	}
	if err := b.fake.Misbehave(telegramtest.Fault{Repeat: true}); err == nil {
		t.Error("an endless repetition is accepted")
	}
	b.must(b.fake.Misbehave(telegramtest.Fault{Drop: true, Times: 1}))
	before := len(b.fake.FromBot(guest))
	if r, err := b.try(t.Context(), "/bot"+b.fake.Token()+"/sendMessage", `{"chat_id":6100000001,"text":"x"}`); err == nil {
		t.Errorf("a dropped call is answered: %+v", r)
	}
	if got := len(b.fake.FromBot(guest)); got != before {
		t.Errorf("a dropped call had an effect")
	}
	b.must(b.fake.Misbehave(telegramtest.Fault{Swallow: true}))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if r, err := b.try(ctx, "/bot"+b.fake.Token()+"/sendMessage", `{"chat_id":6100000001,"text":"x"}`); err == nil {
		t.Errorf("a swallowed call is answered: %+v", r)
	}
	if got := len(b.fake.FromBot(guest)); got != before+1 {
		t.Errorf("a swallowed call had no effect")
	}
	b.fake.Behave()
	b.must(b.fake.CutOff(true))
	if r, err := b.try(t.Context(), "/bot"+b.fake.Token()+"/getMe", ``); err == nil {
		t.Errorf("a call while cut off is answered: %+v", r)
	}
	b.must(b.fake.CutOff(false))
	if r := b.call("getMe", ``); !r.OK {
		t.Errorf("after the cut: %+v, want ok", r)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	b := start(t, telegramtest.Config{MaxChats: 10})
	for id := int64(1); id <= 50; id++ {
		b.must(b.fake.User(id, "en").Start(""))
	}
	known := 0
	for id := int64(1); id <= 50; id++ {
		if len(b.fake.Messages(id)) > 0 {
			known++
		}
	}
	if known != 10 {
		t.Errorf("%d chats are kept, want 10", known)
	}
	u := b.fake.User(50, "en")
	for range 1000 {
		b.must(u.Text("x"))
	}
	if got := len(b.fake.Messages(50)); got != 300 {
		t.Errorf("%d messages are kept, want 300", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	b := start(t, telegramtest.Config{})
	var wg sync.WaitGroup
	for id := int64(1); id <= 8; id++ {
		wg.Go(func() {
			u := b.fake.User(id, "en")
			if err := u.Start(""); err != nil {
				t.Error(err)
			}
			for range 20 {
				b.call("sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"x"}`, id))
				u.Block()
				u.Unblock()
				b.call("getUpdates", `{"limit":1}`) // a conflict is as good as updates here
			}
			if got := len(b.fake.FromBot(id)); got != 20 {
				t.Errorf("guest %d sees %d messages, want 20", id, got)
			}
		})
	}
	wg.Wait()
}

func FuzzSendMessage(f *testing.F) {
	for _, text := range []string{"a", "<b>x</b>", "<a href='x'>y</a>", "&amp;&lt;&#65;&#x41;&", "<", "</", "<b", "<b></b>", "<i><b>x</i></b>", "\xff"} {
		f.Add(text)
	}
	fake := telegramtest.New(telegramtest.Config{})
	if err := fake.User(guest, "en").Start(""); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body, err := json.Marshal(map[string]any{"chat_id": guest, "text": text, "parse_mode": "HTML"})
		if err != nil {
			t.Fatal(err)
		}
		w := &recorder{header: http.Header{}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/bot"+fake.Token()+"/sendMessage", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		fake.API().ServeHTTP(w, req)
		if w.code != 200 && w.code != 400 {
			t.Errorf("text %q gives status %d", text, w.code)
		}
		if messages := fake.FromBot(guest); w.code == 200 {
			last := messages[len(messages)-1]
			joined := ""
			for _, r := range last.Runs {
				joined += r.Text
			}
			if joined != last.Text || joined == "" {
				t.Errorf("text %q is kept as %q in runs %+v", text, last.Text, last.Runs)
			}
		}
	})
}

// recorder keeps only the status.
type recorder struct {
	header http.Header
	code   int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(p []byte) (int, error) { return io.Discard.Write(p) }
