// Package all lists the messengers in this build.
package all

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/goccy/go-yaml"

	"github.com/comanda-pos/comanda/sync/channel"
	"github.com/comanda-pos/comanda/sync/telegram"
)

// Definition is one messenger that can be switched on.
type Definition struct {
	// Name is the key of its settings.
	Name string
	// Open makes the channel from its own part of the settings file, in YAML; what is not there keeps its default. Unknown keys
	// are errors that quote the line. It reads secrets from the files and variables the settings name, and sends nothing.
	Open func(settings []byte, log *slog.Logger) (channel.Channel, error)
}

// Messengers is every messenger in this build, in the order they are offered to guests. A new one is one line.
func Messengers() []Definition {
	return []Definition{
		{Name: telegram.Name, Open: opener(telegram.DefaultSettings, telegram.Open)},
	}
}

// settings is a pointer to a messenger's settings struct.
type settings[S any] interface {
	*S
	ReadSecrets(file func(name string) ([]byte, error), env func(name string) string) error
}

func opener[S any, P settings[S], C channel.Channel](
	defaults func() S, open func(S, *slog.Logger) (C, error),
) func([]byte, *slog.Logger) (channel.Channel, error) {
	return func(raw []byte, log *slog.Logger) (channel.Channel, error) {
		s := defaults()
		d := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict())
		if err := d.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read settings: %w", err)
		}
		if err := P(&s).ReadSecrets(os.ReadFile, os.Getenv); err != nil {
			return nil, err
		}
		c, err := open(s, log)
		if err != nil {
			return nil, err // not c: a nil of a messenger's own type would not be a nil channel
		}
		return c, nil
	}
}
