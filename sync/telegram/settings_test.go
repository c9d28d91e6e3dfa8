package telegram_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/sync/telegram"
	"github.com/comanda-pos/comanda/sync/telegram/telegramtest"
)

func TestValidate(t *testing.T) {
	good := telegram.DefaultSettings()
	good.Username, good.Token = "la_comanda_bot", telegramtest.DefaultToken
	if err := good.Validate(); err != nil {
		t.Errorf("good settings are refused: %v", err)
	}
	for name, tc := range map[string]struct {
		change func(*telegram.Settings)
		want   error
	}{
		"at sign":        {func(s *telegram.Settings) { s.Username = "@la_comanda_bot" }, telegram.ErrUsername},
		"no name":        {func(s *telegram.Settings) { s.Username = "" }, telegram.ErrUsername},
		"no token":       {func(s *telegram.Settings) { s.Token = "" }, telegram.ErrToken},
		"token with gap": {func(s *telegram.Settings) { s.Token += " " }, telegram.ErrToken},
		"token as path":  {func(s *telegram.Settings) { s.Token = "12345:../../../../../../../../../../x" }, telegram.ErrToken},
		"app as path":    {func(s *telegram.Settings) { s.App = "a/b" }, telegram.ErrApp},
		"bare host":      {func(s *telegram.Settings) { s.APIURL = "api.telegram.org" }, telegram.ErrURL},
		"slash":          {func(s *telegram.Settings) { s.LinkURL = "https://t.me/" }, telegram.ErrURL},
		"poll too long":  {func(s *telegram.Settings) { s.PollSeconds = 51 }, telegram.ErrSeconds},
		"no request":     {func(s *telegram.Settings) { s.RequestSeconds = 0 }, telegram.ErrSeconds},
		"endless proof":  {func(s *telegram.Settings) { s.ProofMinutes = 1441 }, telegram.ErrSeconds},
		"spicy secret":   {func(s *telegram.Settings) { s.HookSecret = "a b" }, telegram.ErrSecret},
	} {
		s := good
		tc.change(&s)
		err := s.Validate()
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: Validate = %v, want %v", name, err, tc.want)
		}
		if s.Token != "" && strings.Contains(fmt.Sprint(err), string(s.Token)) {
			t.Errorf("%s: the error shows the token", name)
		}
	}
}

func TestReadSecrets(t *testing.T) {
	file := func(name string) ([]byte, error) {
		switch name {
		case "token":
			return []byte(telegramtest.DefaultToken + "\n"), nil
		case "hook":
			return []byte("sesame\n"), nil
		default:
			return nil, os.ErrNotExist
		}
	}
	env := func(name string) string {
		return map[string]string{"TOKEN": " 1:env "}[name]
	}
	for name, tc := range map[string]struct {
		in    telegram.Settings
		token telegram.Secret
		hook  telegram.Secret
		err   error
	}{
		"file":           {telegram.Settings{TokenFile: "token"}, telegramtest.DefaultToken, "", nil},
		"env first":      {telegram.Settings{TokenFile: "token", TokenEnv: "TOKEN"}, "1:env", "", nil},
		"env empty":      {telegram.Settings{TokenFile: "token", TokenEnv: "NONE"}, telegramtest.DefaultToken, "", nil},
		"already there":  {telegram.Settings{Token: "1:set", TokenFile: "token", TokenEnv: "TOKEN"}, "1:set", "", nil},
		"no such file":   {telegram.Settings{TokenFile: "nothing"}, "", "", os.ErrNotExist},
		"hook":           {telegram.Settings{Token: "1:set", HookSecretFile: "hook"}, "1:set", "sesame", nil},
		"no hook secret": {telegram.Settings{Token: "1:set", HookSecretFile: "nothing"}, "1:set", "", os.ErrNotExist},
	} {
		s := tc.in
		err := s.ReadSecrets(file, env)
		if !errors.Is(err, tc.err) || s.Token != tc.token || s.HookSecret != tc.hook {
			t.Errorf("%s: token %q, hook %q, %v, want %q, %q, %v",
				name, string(s.Token), string(s.HookSecret), err, string(tc.token), string(tc.hook), tc.err)
		}
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	s := telegram.DefaultSettings()
	s.Token, s.HookSecret = telegramtest.DefaultToken, "sesame"
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q", s, s, s, s.Token, s.HookSecret)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "settings", s, "token", s.Token)
	if err := json.NewEncoder(&out).Encode(s); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{telegramtest.DefaultToken, "sesame"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("printing settings shows %q:\n%s", secret, out.String())
		}
	}
}
