package telegram_test

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

const bot = 7000000001

// signer is a Telegram whose clock stands still.
func signer(now time.Time) *telegramtest.Server {
	return telegramtest.New(telegramtest.Config{Now: func() time.Time { return now }})
}

// both checks a proof in both ways and wants them to agree.
func both(t *testing.T, fake *telegramtest.Server, proof string) (telegram.InitData, error) {
	t.Helper()
	a, errA := telegram.VerifyHMAC(proof, telegram.Secret(fake.Token()))
	b, errB := telegram.VerifyEd25519(proof, bot, fake.PublicKey())
	if !cmp.Equal(a, b) || !errors.Is(errA, errB) {
		t.Errorf("by token: %+v, %v; by public key: %+v, %v: want the same", a, errA, b, errB)
	}
	return a, errA
}

func TestProofOfAGuest(t *testing.T) {
	t.Parallel()
	now := at(1_790_000_000)
	fake := signer(now)
	user := fake.User(4503599627370495, "pt-br")
	got, err := both(t, fake, fake.InitData(user, "K7-q_9"))
	want := telegram.InitData{
		User:         &telegram.WebAppUser{ID: 4503599627370495, Name: "Guest 495", LanguageCode: "pt-br"},
		AuthDate:     now,
		StartParam:   "K7-q_9",
		ChatInstance: strconv.FormatInt(-3_000_000_000_000_000_000-4503599627370495, 10),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("proof: %v (-want +got):\n%s", err, diff)
	}
	if err := user.Start(""); err != nil {
		t.Fatal(err)
	}
	if got, err := both(t, fake, fake.InitData(user, "")); err != nil || !got.User.MayWrite || got.StartParam != "" {
		t.Errorf("proof after start: %+v, %v, want permission to write and no token", got, err)
	}
}

// TestKnownVector pins a proof signed elsewhere, so that signer and verifier cannot drift together.
func TestKnownVector(t *testing.T) {
	t.Parallel()
	d, err := telegram.VerifyHMAC(knownProof, knownToken)
	if err != nil || d.User == nil || d.User.ID != 279058397 || d.StartParam != "table_7" || d.AuthDate.Unix() != 1_790_000_000 {
		t.Errorf("known proof by token: %+v, %v", d, err)
	}
	d, err = telegram.VerifyEd25519(knownProof, 7342037359, knownKey)
	if err != nil || d.User == nil || d.User.Name != "Vladislav + - ? / é" {
		t.Errorf("known proof by public key: %+v (%+v), %v", d, d.User, err)
	}
	if _, err := telegram.VerifyEd25519(knownProof, 7342037359, telegram.ProductionKey); !errors.Is(err, telegram.ErrProofForged) {
		t.Errorf("known proof by the production key: %v, want forged", err)
	}
}

func TestForgedProofs(t *testing.T) {
	t.Parallel()
	fake := signer(at(1_790_000_000))
	good := fake.InitData(fake.User(42, "en"), "T")
	values, err := url.ParseQuery(good)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(url.Values)) string {
		v, err := url.ParseQuery(good)
		if err != nil {
			t.Fatal(err)
		}
		change(v)
		return v.Encode()
	}
	for name, tc := range map[string]struct {
		proof string
		want  error
	}{
		"empty":           {"", telegram.ErrProofForm},
		"huge":            {good + "&x=" + strings.Repeat("x", 20_000), telegram.ErrProofForm},
		"other user":      {with(func(v url.Values) { v.Set("user", `{"id":43}`) }), telegram.ErrProofForged},
		"other table":     {with(func(v url.Values) { v.Set("start_param", "U") }), telegram.ErrProofForged},
		"no table":        {with(func(v url.Values) { v.Del("start_param") }), telegram.ErrProofForged},
		"one more":        {with(func(v url.Values) { v.Set("extra", "") }), telegram.ErrProofForged},
		"twice":           {good + "&start_param=T", telegram.ErrProofForm},
		"twice escaped":   {good + "&start%5Fparam=T", telegram.ErrProofForm},
		"bad escape":      {good + "&x=%zz", telegram.ErrProofForm},
		"folded":          {with(func(v url.Values) { v.Set("chat_type", v.Get("chat_type")+"\nstart_param=T"); v.Del("start_param") }), telegram.ErrProofForm},
		"name with equal": {strings.Replace(good, "start_param=T", "start_param%3DT=", 1), telegram.ErrProofForm},
		"shuffled":        {shuffled(values), nil},
	} {
		if _, err := both(t, fake, tc.proof); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for name, proof := range map[string]string{
		"no hash": with(func(v url.Values) { v.Del("hash") }), "short hash": with(func(v url.Values) { v.Set("hash", "00") }),
	} {
		if _, err := telegram.VerifyHMAC(proof, telegram.Secret(fake.Token())); !errors.Is(err, telegram.ErrProofForged) {
			t.Errorf("%s: %v, want forged", name, err)
		}
	}
	if _, err := telegram.VerifyHMAC(good, "7000000001:AnotherTokenAnotherTokenAnotherTok"); !errors.Is(err, telegram.ErrProofForged) {
		t.Errorf("another bot's token: %v, want forged", err)
	}
	if _, err := telegram.VerifyEd25519(good, bot+1, fake.PublicKey()); !errors.Is(err, telegram.ErrProofForged) {
		t.Errorf("another bot: %v, want forged", err)
	}
	if _, err := telegram.VerifyEd25519(with(func(v url.Values) { v.Del("signature") }), bot, fake.PublicKey()); !errors.Is(err, telegram.ErrProofForm) {
		t.Errorf("no signature: %v, want not well formed", err)
	}
	if _, err := telegram.VerifyEd25519(good, bot, "abc"); err == nil || errors.Is(err, channel.ErrProof) {
		t.Errorf("a broken public key: %v, want an error about the key", err)
	}
}

func shuffled(v url.Values) string {
	var out []string
	for k := range v { // map order is random
		out = append(out, url.QueryEscape(k)+"="+url.QueryEscape(v.Get(k)))
	}
	return strings.Join(out, "&")
}

func TestSignedButUseless(t *testing.T) {
	t.Parallel()
	now := at(1_790_000_000)
	fake := signer(now)
	s := telegram.DefaultSettings()
	s.Username, s.Token = fake.Username(), telegram.Secret(fake.Token())
	c := openWith(t, s)
	seconds := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	for name, tc := range map[string]struct {
		fields map[string]string
		want   error
	}{
		"fresh":          {map[string]string{"auth_date": seconds(-59 * time.Minute), "user": `{"id":1}`}, nil},
		"skewed":         {map[string]string{"auth_date": seconds(time.Minute), "user": `{"id":1}`}, nil},
		"old":            {map[string]string{"auth_date": seconds(-61 * time.Minute), "user": `{"id":1}`}, telegram.ErrProofOld},
		"future":         {map[string]string{"auth_date": seconds(61 * time.Second), "user": `{"id":1}`}, telegram.ErrProofFuture},
		"no date":        {map[string]string{"user": `{"id":1}`}, telegram.ErrProofForm},
		"negative date":  {map[string]string{"auth_date": "-5", "user": `{"id":1}`}, telegram.ErrProofForm},
		"nobody":         {map[string]string{"auth_date": seconds(0)}, telegram.ErrProofNobody},
		"user not JSON":  {map[string]string{"auth_date": seconds(0), "user": "{"}, telegram.ErrProofForm},
		"user without":   {map[string]string{"auth_date": seconds(0), "user": "{}"}, telegram.ErrProofForm},
		"user is a list": {map[string]string{"auth_date": seconds(0), "user": "[1]"}, telegram.ErrProofForm},
	} {
		got, err := c.Identify(fake.Sign(tc.fields), now)
		if !errors.Is(err, tc.want) || (err != nil && !errors.Is(err, channel.ErrProof)) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		if err == nil && (got.Guest.ID != "1" || got.Conversation != "1") {
			t.Errorf("%s: identity %+v, want guest 1", name, got)
		}
	}
}

func FuzzProof(f *testing.F) {
	fake := signer(at(1_790_000_000))
	good := fake.InitData(fake.User(42, "en"), "T")
	for _, seed := range []string{good, knownProof, "", "a=b&a=c", "hash=&user=%7B%7D", "&&&", "=", "%", good + "&x=", strings.ToUpper(good)} {
		f.Add(seed)
	}
	genuine, err := url.ParseQuery(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, proof string) {
		_, byToken := telegram.VerifyHMAC(proof, telegram.Secret(fake.Token()))
		_, byKey := telegram.VerifyEd25519(proof, bot, fake.PublicKey())
		for _, err := range []error{byToken, byKey} {
			if err != nil && !errors.Is(err, channel.ErrProof) {
				t.Errorf("refusal %v does not wrap ErrProof", err)
			}
		}
		if byToken == nil {
			if got, err := url.ParseQuery(proof); err != nil || !cmp.Equal(got, genuine) {
				t.Errorf("%q is accepted, but was never signed", proof)
			}
		}
	})
}
