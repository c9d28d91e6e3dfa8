package telegram

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Secret is a text that never shows itself in logs or error messages.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(secret)"
}

// GoString hides the secret.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from every encoder.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Secret) bot() (int64, error) {
	digits, _, _ := strings.Cut(string(s), ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, ErrToken
	}
	return id, nil
}

// Settings are what an owner says about the bot.
type Settings struct {
	// Username is the bot's name without @, needed to compose links while Telegram is out of reach.
	Username string `yaml:"username"`
	// TokenFile is a file that holds the bot's token; TokenEnv is an environment variable that does. One is needed.
	TokenFile string `yaml:"token_file"`
	TokenEnv  string `yaml:"token_env"`
	// App is the short name of a direct-link Mini App; empty means the bot's main Mini App.
	App string `yaml:"app"`
	// APIURL and LinkURL are where the Bot API answers and where entry links point.
	APIURL  string `yaml:"api_url"`
	LinkURL string `yaml:"link_url"`
	// PollSeconds is how long one question for updates may wait at Telegram, 1 to 50.
	PollSeconds int `yaml:"poll_seconds"`
	// RequestSeconds is how long any other call may take.
	RequestSeconds int `yaml:"request_seconds"`
	// ProofMinutes is how long a Mini App may use the proof it was opened with to sign in.
	ProofMinutes int `yaml:"proof_minutes"`
	// HookSecretFile holds the secret Telegram repeats in each call to our webhook. Only for a webhook.
	HookSecretFile string `yaml:"hook_secret_file"`

	// Token and HookSecret are read by ReadSecrets.
	Token      Secret `yaml:"-"`
	HookSecret Secret `yaml:"-"`
}

// DefaultSettings is everything but the bot itself.
func DefaultSettings() Settings {
	return Settings{
		APIURL:         "https://api.telegram.org",
		LinkURL:        "https://t.me",
		PollSeconds:    45,
		RequestSeconds: 15,
		ProofMinutes:   60,
	}
}

// The reasons why Validate refuses settings.
var (
	ErrUsername = errors.New("username is not the name of a telegram bot")
	ErrToken    = errors.New("token is not one that BotFather hands out")
	ErrApp      = errors.New("app is not the short name of a mini app")
	ErrURL      = errors.New("address is not an absolute http or https URL")
	ErrSeconds  = errors.New("number of seconds or minutes is out of range")
	ErrSecret   = errors.New("hook secret has other characters than A-Z a-z 0-9 _ - or more than 256")
)

var (
	usernameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)
	tokenForm    = regexp.MustCompile(`^[1-9][0-9]{4,15}:[A-Za-z0-9_-]{30,64}$`)
	appForm      = regexp.MustCompile(`^([A-Za-z0-9_]{3,30})?$`)
	secretForm   = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)
)

// Validate says everything that is wrong with the settings. No message repeats a secret.
func (s Settings) Validate() error {
	var wrong []error
	if !usernameForm.MatchString(s.Username) {
		wrong = append(wrong, fmt.Errorf("%w: %q", ErrUsername, s.Username))
	}
	if !tokenForm.MatchString(string(s.Token)) {
		wrong = append(wrong, ErrToken)
	}
	if !appForm.MatchString(s.App) {
		wrong = append(wrong, fmt.Errorf("%w: %q", ErrApp, s.App))
	}
	if !secretForm.MatchString(string(s.HookSecret)) {
		wrong = append(wrong, ErrSecret)
	}
	wrong = append(wrong,
		absolute("api_url", s.APIURL), absolute("link_url", s.LinkURL),
		within("poll_seconds", s.PollSeconds, 50), within("request_seconds", s.RequestSeconds, 300),
		within("proof_minutes", s.ProofMinutes, 24*60))
	return errors.Join(wrong...)
}

func absolute(key, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(text, "/") {
		return fmt.Errorf("%s: %w, without a slash at its end", key, ErrURL)
	}
	return nil
}

func within(key string, n, most int) error {
	if n < 1 || n > most {
		return fmt.Errorf("%s: %w: %d is not between 1 and %d", key, ErrSeconds, n, most)
	}
	return nil
}

// ReadSecrets fills Token and HookSecret from the places the settings name. A token that is already there stays.
func (s *Settings) ReadSecrets(file func(name string) ([]byte, error), env func(name string) string) error {
	if s.Token == "" && s.TokenEnv != "" {
		s.Token = Secret(strings.TrimSpace(env(s.TokenEnv)))
	}
	if s.Token == "" && s.TokenFile != "" {
		text, err := file(s.TokenFile)
		if err != nil {
			return fmt.Errorf("read telegram token: %w", err)
		}
		s.Token = Secret(strings.TrimSpace(string(text)))
	}
	if s.HookSecretFile != "" {
		text, err := file(s.HookSecretFile)
		if err != nil {
			return fmt.Errorf("read telegram hook secret: %w", err)
		}
		s.HookSecret = Secret(strings.TrimSpace(string(text)))
	}
	return nil
}

func (s Settings) pollTimeout() time.Duration { return time.Duration(s.PollSeconds) * time.Second }
func (s Settings) requestTimeout() time.Duration {
	return time.Duration(s.RequestSeconds) * time.Second
}
func (s Settings) proofAge() time.Duration { return time.Duration(s.ProofMinutes) * time.Minute }

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
