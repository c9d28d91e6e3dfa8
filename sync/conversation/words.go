package conversation

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed words/*.json
var wordFiles embed.FS

// source is the language every other one falls back to, word by word.
const source = "en"

// Words are the sentences guests read, in every language there is a file for.
type Words struct {
	bundle    *i18n.Bundle
	languages []string
}

// NewWords reads the embedded files, one per language and named after it.
func NewWords() (*Words, error) {
	w := &Words{bundle: i18n.NewBundle(language.MustParse(source))}
	w.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		return nil, fmt.Errorf("read words: %w", err)
	}
	for _, file := range files {
		if _, err := w.bundle.LoadMessageFileFS(wordFiles, path.Join("words", file.Name())); err != nil {
			return nil, fmt.Errorf("read words of %s: %w", file.Name(), err)
		}
		w.languages = append(w.languages, strings.TrimSuffix(file.Name(), ".json"))
	}
	slices.Sort(w.languages)
	return w, nil
}

// Languages lists the languages there are words in, as BCP 47 tags in alphabetical order.
func (w *Words) Languages() []string { return slices.Clone(w.languages) }

// Best is the language to use for someone whose app speaks wish in a house that offers some: the closest of those
// that are offered and have words, else the first of them, else English.
func (w *Words) Best(wish string, offered []string) string {
	var names []string
	var tags []language.Tag
	for _, name := range offered {
		if tag, err := language.Parse(name); err == nil && w.has(tag) {
			names, tags = append(names, name), append(tags, tag)
		}
	}
	if len(names) == 0 {
		return source
	}
	tag, err := language.Parse(wish)
	if err != nil {
		return names[0]
	}
	_, index, confidence := language.NewMatcher(tags).Match(tag)
	if confidence == language.No {
		return names[0]
	}
	return names[index]
}

func (w *Words) has(tag language.Tag) bool {
	base, _ := tag.Base()
	return slices.Contains(w.languages, base.String())
}

// speaker says things in one language.
type speaker struct {
	localizer *i18n.Localizer
	language  string
	tag       language.Tag
}

// in gives the voice for a language; what it has no words for it says in English.
func (w *Words) in(name string) speaker {
	tag, err := language.Parse(name)
	if err != nil || !w.has(tag) {
		name, tag = source, language.MustParse(source)
	}
	return speaker{localizer: i18n.NewLocalizer(w.bundle, name, source), language: name, tag: tag}
}

// values fill the gaps of a sentence.
type values map[string]any

// say gives the sentence of a key. A key without a sentence is a programmer's mistake that tests find; a guest then
// reads the key.
func (s speaker) say(key string, with ...values) string {
	return s.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: merge(with)})
}

// count gives the sentence of a key in the form that fits n things; the sentence may use n as {{.Count}}.
func (s speaker) count(key string, n int, with ...values) string {
	data := merge(with)
	data["Count"] = n
	return s.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: data})
}

func (s speaker) localize(config *i18n.LocalizeConfig) string {
	text, err := s.localizer.Localize(config)
	if err != nil && text == "" {
		return config.MessageID
	}
	return text
}

func merge(all []values) values {
	out := values{}
	for _, v := range all {
		maps.Copy(out, v)
	}
	return out
}
