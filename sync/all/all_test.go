package all_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/sync/all"
	"github.com/comanda-pos/comanda/sync/telegram"
)

const token = "7000000001:AAEdemoTokenOfABotThatDoesNotExist0"

func definition(t *testing.T, name string) all.Definition {
	t.Helper()
	for _, d := range all.Messengers() {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no messenger %q in this build", name)
	return all.Definition{}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range all.Messengers() {
		if d.Name == "" || seen[d.Name] || d.Open == nil {
			t.Errorf("messenger %q is not well defined", d.Name)
		}
		seen[d.Name] = true
	}
}

func TestOpenTelegram(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		yaml  string
		is    error
		words string
	}{
		"good":            {yaml: "username: la_comanda_bot\ntoken_file: %s\n"},
		"unknown key":     {yaml: "username: la_comanda_bot\ntoken_file: %s\ntokn: x\n", words: "tokn: x"},
		"token in file":   {yaml: "username: la_comanda_bot\ntoken: x # %s\n", words: "unknown field"},
		"wrong type":      {yaml: "username: la_comanda_bot\ntoken_file: %s\npoll_seconds: soon\n", words: "poll_seconds: soon"},
		"out of range":    {yaml: "username: la_comanda_bot\ntoken_file: %s\npoll_seconds: 99\n", is: telegram.ErrSeconds},
		"no token at all": {yaml: "username: la_comanda_bot\n#%s\n", is: telegram.ErrToken},
		"no such file":    {yaml: "username: la_comanda_bot\ntoken_file: %s-nothing\n", is: os.ErrNotExist},
		"not YAML":        {yaml: "{%s", words: "read settings"},
		"empty":           {yaml: "", is: telegram.ErrUsername},
	} {
		raw := tc.yaml
		if strings.Contains(raw, "%s") {
			raw = fmt.Sprintf(tc.yaml, file)
		}
		c, err := definition(t, "telegram").Open([]byte(raw), slog.New(slog.DiscardHandler))
		switch {
		case tc.is == nil && tc.words == "":
			if err != nil || c.Name() != "telegram" || c.Account() != "7000000001" {
				t.Errorf("%s: %v, %v, want the bot", name, c, err)
			}
		case c != nil || err == nil || (tc.is != nil && !errors.Is(err, tc.is)) || !strings.Contains(err.Error(), tc.words):
			t.Errorf("%s: %v, %v, want an error with %v %q", name, c, err, tc.is, tc.words)
		}
	}
}
