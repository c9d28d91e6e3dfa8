package conversation

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

// sentences reads a language's file: key → plural form → text, "" for a sentence without forms.
func sentences(t *testing.T, language string) map[string]map[string]string {
	t.Helper()
	raw, err := wordFiles.ReadFile("words/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for key, value := range file {
		var plain string
		if json.Unmarshal(value, &plain) == nil {
			out[key] = map[string]string{"": plain}
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(value, &forms); err != nil {
			t.Fatalf("%s of %s: %v", key, language, err)
		}
		out[key] = forms
	}
	return out
}

func gaps(forms map[string]string) []string {
	var all []string
	for _, text := range forms {
		all = append(all, regexp.MustCompile(`{{[^}]*}}`).FindAllString(text, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestEveryLanguageHasEverySentence(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"de", "en"}, words.Languages()); diff != "" {
		t.Fatalf("languages (-want +got):\n%s", diff)
	}
	english := sentences(t, source)
	for _, language := range words.Languages() {
		file := sentences(t, language)
		for key, forms := range english {
			got, ok := file[key]
			if !ok {
				t.Errorf("%s has no sentence %q", language, key)
				continue
			}
			if diff := cmp.Diff(gaps(forms), gaps(got)); diff != "" {
				t.Errorf("gaps of %q in %s (-english +%s):\n%s", key, language, language, diff)
			}
			for form, text := range got {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s has no words for %q, form %q", language, key, form)
				}
			}
			if _, plural := forms["other"]; plural && (got["one"] == "" || got["other"] == "") {
				t.Errorf("%s lacks a plural form of %q", language, key)
			}
		}
		for key := range file {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has a sentence %q that English does not", language, key)
			}
		}
	}
}

// TestEverySentenceIsUsed finds keys in the program without a sentence and sentences nobody says.
func TestEverySentenceIsUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	english := sentences(t, source)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`"([a-z][a-z_]*)"`).FindAllStringSubmatch(string(text), -1) {
			used[match[1]] = true
		}
		for _, match := range regexp.MustCompile(`\.(?:say|count)\("([a-z_]+)"[,)]`).FindAllStringSubmatch(string(text), -1) {
			if english[match[1]] == nil {
				t.Errorf("%s says %q, for which there are no words", file.Name(), match[1])
			}
		}
	}
	for _, help := range helps() {
		for _, prefix := range []string{"word_", "button_", "asked_"} {
			used[prefix+string(help)] = true
		}
	}
	for _, state := range []edge.OrderState{
		edge.OrderStateReceived, edge.OrderStateAccepted, edge.OrderStatePreparing, edge.OrderStateReady,
		edge.OrderStateCompleted, edge.OrderStateRejected, edge.OrderStateCancelled,
	} {
		used["state_"+string(state)] = true
		if english["state_"+string(state)] == nil {
			t.Errorf("there are no words for the state %s", state)
		}
	}
	for _, built := range []string{"state_ready_pickup", "state_completed_pickup", "alert_ready", "alert_rejected", "alert_cancelled"} {
		used[built] = true
	}
	for key := range english {
		if !used[key] {
			t.Errorf("nobody says %q", key)
		}
	}
}

func TestPluralsAndGaps(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		language string
		n        int
		want     string
	}{
		{"en", 1, "and 1 more line"},
		{"en", 0, "and 0 more lines"},
		{"en-GB", 5, "and 5 more lines"},
		{"de", 1, "und 1 weitere Zeile"},
		{"de-AT", 2, "und 2 weitere Zeilen"},
		{"xx", 2, "and 2 more lines"},
		{"not a language", 2, "and 2 more lines"},
	} {
		if got := words.in(tc.language).count("lines_more", tc.n); got != tc.want {
			t.Errorf("%s, %d: got %q, want %q", tc.language, tc.n, got, tc.want)
		}
	}
	if got := words.in("de").say("order_title", values{"Number": "12", "Table": "<7>"}); got != "Bestellung 12 · Tisch <7>" {
		t.Errorf("title is %q, want the table's name untouched", got)
	}
}

func TestBestLanguage(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		wish    string
		offered []string
		want    string
	}{
		{"de-CH", []string{"en", "de"}, "de"},
		{"en-US", []string{"de", "en"}, "en"},
		{"ja", []string{"de", "en"}, "de"},
		{"", []string{"de", "en"}, "de"},
		{"de", []string{"en"}, "en"},
		{"de", nil, "en"},
		{"fr", []string{"fr", "de"}, "de"},
		{"!!", []string{"de"}, "de"},
	} {
		if got := words.Best(tc.wish, tc.offered); got != tc.want {
			t.Errorf("Best(%q, %v) = %q, want %q", tc.wish, tc.offered, got, tc.want)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		language, currency string
		minor              int64
		want               string
	}{
		{"en", "EUR", 1290, "€12.90"},
		{"en", "EUR", 123456789, "€1,234,567.89"},
		{"en", "EUR", -5, "-€0.05"},
		{"en", "JPY", 1200, "¥1,200"},
		{"en", "KWD", 1500, "KWD\u00a01.500"},
		{"en", "CHF", 1290, "CHF\u00a012.90"},
		{"de", "EUR", 1290, "12,90\u00a0€"},
		{"de", "EUR", 123456789, "1.234.567,89\u00a0€"},
		{"de", "EUR", 0, "0,00\u00a0€"},
		{"de", "???", 100, "1.00 ???"},
	} {
		if got := words.in(tc.language).money(edge.Money{Minor: tc.minor, Currency: tc.currency}); got != tc.want {
			t.Errorf("%s %d %s: got %q, want %q", tc.language, tc.minor, tc.currency, got, tc.want)
		}
	}
}

func TestLongOrdersAreBounded(t *testing.T) {
	t.Parallel()
	words, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	order := edge.Order{Number: "1", Table: "7", State: edge.OrderStateAccepted}
	for i := range 40 {
		order.Lines = append(order.Lines, edge.Line{Name: edge.Words{"de": fmt.Sprintf("%d %s", i, strings.Repeat("lang ", 100))}, Quantity: 1})
	}
	c := &Conversation{words: words, venue: edge.Venue{Languages: []string{"de"}}}
	got := c.orderLines(words.in("en"), order)
	if len(got) != maxLines+1 || got[maxLines] != "and 28 more lines" {
		t.Errorf("the card lists %d lines, the last %q, want %d and the count of the rest", len(got), got[len(got)-1], maxLines)
	}
	for _, line := range got {
		if n := len([]rune(line)); n > maxName+len("1 × ") {
			t.Errorf("line %q has %d characters", line, n)
		}
	}
}
