package configs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
)

func TestDefaultsAreSound(t *testing.T) {
	settings, err := configs.Parse(nil)
	if err != nil {
		t.Fatalf("Parse(nothing): %v", err)
	}
	if settings.Venue.Currency != "EUR" || time.Duration(settings.Guests.RejectAfter) != 10*time.Minute {
		t.Errorf("defaults: got currency %q, reject after %s; want EUR, 10m", settings.Venue.Currency,
			time.Duration(settings.Guests.RejectAfter))
	}
}

func TestFileGoesOverDefaults(t *testing.T) {
	settings, err := configs.Parse([]byte(`
venue: {name: Blue Door, currency: CHF}
channels:
  telegram:
    token_file: /run/token
    username: BlueDoorBot
displays:
  - name: bar
    table: Bar
    driver: file
    settings: {path: x.png}
`))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	if settings.Venue.Name != "Blue Door" || settings.Venue.Currency != "CHF" || settings.Venue.TimeZone != "Europe/Berlin" {
		t.Errorf("venue: got %+v", settings.Venue)
	}
	if got := string(settings.Channels["telegram"]); !strings.Contains(got, "token_file: /run/token") {
		t.Errorf("channel section: got %q, want the text of the file", got)
	}
	if got := string(settings.Displays[0].Settings); !strings.Contains(got, "x.png") {
		t.Errorf("display section: got %q, want the text of the file", got)
	}
}

func TestMistakesPointAtTheLine(t *testing.T) {
	tests := map[string]struct {
		file  string
		wants []string
	}{
		"typo in a key":       {"venue:\n  name: A\n  curency: EUR\n", []string{"[3:3]", "curency"}},
		"unknown section":     {"venues: {}\n", []string{"[1:1]", "venues"}},
		"unknown currency":    {"venue:\n  currency: EURO\n", []string{"[2:", "EURO", "ISO 4217"}},
		"wrong duration":      {"guests:\n  reject_after: ten minutes\n", []string{"[2:", "90s"}},
		"negative duration":   {"guests:\n  reject_after: -5s\n", []string{"[2:", "90s"}},
		"wrong zone":          {"venue: {time_zone: Mars/Base}\n", []string{"Mars/Base"}},
		"day ends too late":   {"venue: {day_ends: \"14:00\"}\n", []string{"14:00"}},
		"permission":          {"guests: {printed: everything}\n", []string{"everything", "menu_only"}},
		"base url with path":  {"server: {base_url: https://a.example/x}\n", []string{"base_url"}},
		"listen without port": {"server:\n  listen: localhost\n", []string{"[2:", "localhost"}},
		"key given twice":     {"venue: {name: A}\nvenue: {name: B}\n", []string{"venue"}},
		"not yaml":            {"venue: [\n", []string{"[1:"}},
		"a list":              {"- a\n", []string{"[1:"}},
		"two displays of one name": {
			"displays:\n  - {name: a, table: 1, driver: file}\n  - {name: a, table: 2, driver: file}\n", []string{"displays[1].name"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := configs.Parse([]byte(test.file))
			if err == nil {
				t.Fatalf("Parse(%q): no error", test.file)
			}
			for _, want := range test.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Parse(%q): got %q, want it to name %q", test.file, err, want)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(configs.Default)
	f.Add([]byte("venue: {name: x}"))
	f.Add([]byte("channels: {telegram: {a: [1, {b: c}]}}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if settings, err := configs.Parse(raw); err == nil && settings.Venue.Name == "" {
			t.Errorf("Parse(%q): accepted a venue without a name", raw)
		}
	})
}
