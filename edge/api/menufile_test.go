package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/comanda-pos/comanda/edge/api"
)

func TestMenuProblems(t *testing.T) {
	tests := []struct {
		name, old, new string
		line           int
		path, message  string
	}{
		{"unknown key", "price: 450", "prise: 450", 23, "", `unknown field "prise"`},
		{"wrong type", "price: 450", "price: lots", 23, "", ""},
		{"number too big", "price: 450", "price: 99999999999999999999", 23, "", ""},
		{"rule broken", "price: 450", "price: -450", 23, "categories[0].items[1].price", ""},
		{"unknown station", "station: grill", "station: moon", 19, "categories[0].station", ""},
		{"key twice", "currency: EUR", "currency: EUR\ncurrency: USD", 3, "", ""},
		{"no YAML", "currency: EUR", "currency: [", 0, "", ""},
		{"anchor", "currency: EUR", "currency: &c EUR", 2, "", "references"},
		{"alias", "currency: EUR", "currency: *c", 2, "", "references"},
		{"tag", "currency: EUR", "currency: !!binary EUR", 2, "", "references"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(menuYAML, test.old, test.new, 1)
			_, problems := api.DecodeMenu([]byte(text), nil)
			if len(problems) == 0 {
				t.Fatal("no problem found")
			}
			p := problems[0]
			if (test.line != 0 && p.Line != test.line) || p.Path != test.path || !strings.Contains(p.Message, test.message) {
				t.Errorf("problem = %+v, want line %d, path %q, message with %q", p, test.line, test.path, test.message)
			}
			if p.Line > 0 && !strings.Contains(p.Source, "|") {
				t.Errorf("source = %q, want an excerpt", p.Source)
			}
		})
	}
}

func TestMenuFilesThatCouldExhaust(t *testing.T) {
	for name, text := range map[string]string{
		"empty":            "",
		"spaces":           " \n\n",
		"not UTF-8":        "\xff\xfe",
		"brackets":         strings.Repeat("[", 1_000_000),
		"brackets on rows": strings.Repeat("[\n", 100_000),
		"dashes":           strings.Repeat("- ", 500_000),
		"braces":           "a: " + strings.Repeat("{a: ", 100_000),
		"staircase":        staircase(2000),
		"two documents":    menuYAML + "\n---\n" + menuYAML,
		"a list":           "- a\n- b",
		"a word":           "hello",
	} {
		if _, problems := api.DecodeMenu([]byte(text), nil); len(problems) == 0 {
			t.Errorf("%s: no problem found", name)
		}
	}
}

// staircase is a mapping in a mapping in a mapping…
func staircase(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestMenuRoundTrip(t *testing.T) {
	menu, problems := api.DecodeMenu([]byte(menuYAML), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	menu.Version = 7
	text, err := api.EncodeMenu(&menu)
	if err != nil {
		t.Fatal(err)
	}
	again, problems := api.DecodeMenu(text, nil)
	if len(problems) > 0 {
		t.Fatalf("%s\n%v", text, problems)
	}
	menu.Version = 0
	if diff := cmp.Diff(menu, again); diff != "" {
		t.Errorf("written and read again (-want +got):\n%s", diff)
	}
}

func FuzzDecodeMenu(f *testing.F) {
	f.Add([]byte(menuYAML))
	f.Add([]byte(`{"currency":"EUR","languages":["en"]}`))
	f.Add([]byte("a: &x [*x]"))
	f.Add([]byte("a: |\n  b\n c: >-\n"))
	f.Add([]byte("? a\n: b"))
	f.Add([]byte(strings.Replace(menuYAML, "    items:\n      - {id: eggs", "    items:\n#     - {id: eggs", 1)))
	f.Add([]byte("categories:\n- items:\n  - {id: a, name: {en: \"\\u0000\"}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		menu, problems := api.DecodeMenu(text, nil)
		if len(problems) > 0 {
			return
		}
		written, err := api.EncodeMenu(&menu)
		if err != nil {
			t.Fatalf("a good menu cannot be written: %v", err)
		}
		again, problems := api.DecodeMenu(written, nil)
		if len(problems) > 0 {
			t.Fatalf("written:\n%s\n%+v", written, problems)
		}
		if diff := cmp.Diff(menu, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("written and read again (-want +got):\n%s", diff)
		}
	})
}
