package telegramtest

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// InitData is the signed text Telegram hands to a Mini App that the guest opened through a link with startParam. Names and
// addresses in it are escaped as the real one does.
func (s *Server) InitData(u *User, startParam string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sign(s.initFields(s.chatOf(&s.state, u.id), startParam))
}

func (s *Server) initFields(c *chat, startParam string) map[string]string {
	allows := ""
	if c.started || c.mayWrite {
		allows = `,"allows_write_to_pm":true`
	}
	fields := map[string]string{
		"user": fmt.Sprintf(`{"id":%d,"first_name":%q,"last_name":"","language_code":%q%s,"photo_url":"https:\/\/t.me\/i\/userpic\/320\/none.svg"}`,
			c.id, c.name, c.language, allows),
		"chat_instance": c.instance(),
		"chat_type":     "sender",
		"auth_date":     strconv.FormatInt(s.cfg.Now().Unix(), 10),
	}
	if startParam != "" {
		fields["start_param"] = startParam
	}
	return fields
}

// Sign signs fields of the caller's choice, for tests of unusual data.
func (s *Server) Sign(fields map[string]string) string { return s.sign(fields) }

// sign follows "Validating data": first the signature for third parties, then the hash over all fields including it.
func (s *Server) sign(fields map[string]string) string {
	signed := s.botID() + ":WebAppData\n" + lines(fields)
	all := map[string]string{"signature": base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.key(), []byte(signed)))}
	maps.Copy(all, fields)
	secret := hmac.New(sha256.New, []byte("WebAppData"))
	secret.Write([]byte(s.cfg.Token))
	hash := hmac.New(sha256.New, secret.Sum(nil))
	hash.Write([]byte(lines(all)))
	all["hash"] = hex.EncodeToString(hash.Sum(nil))
	values := url.Values{}
	for k, v := range all {
		values.Set(k, v)
	}
	return values.Encode()
}

func lines(fields map[string]string) string {
	var out []string
	for k, v := range fields {
		out = append(out, k+"="+v)
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

func (s *Server) key() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("a telegram of our own " + s.cfg.Token))
	return ed25519.NewKeyFromSeed(seed[:])
}

// PublicKey is this Telegram's key in hexadecimal, in place of the real one's.
func (s *Server) PublicKey() string {
	public, ok := s.key().Public().(ed25519.PublicKey)
	if !ok {
		return ""
	}
	return hex.EncodeToString(public)
}

// launch is the address under which the guest's app opens a Mini App: the page with the launch parameters in its fragment.
func launch(page, initData, startParam string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	q := u.Query()
	if startParam != "" {
		q.Set("tgWebAppStartParam", startParam)
	}
	u.RawQuery = q.Encode()
	u.Fragment = ""
	fragment := url.Values{
		"tgWebAppData":        {initData},
		"tgWebAppVersion":     {"8.0"},
		"tgWebAppPlatform":    {"android"},
		"tgWebAppThemeParams": {`{"bg_color":"#ffffff","text_color":"#000000","button_color":"#2481cc","button_text_color":"#ffffff"}`},
	}
	return u.String() + "#" + fragment.Encode()
}
