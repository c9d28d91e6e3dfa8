package ntag424

import (
	"bytes"
	"cmp"
	"context"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// survey is all that is known of a tag before it is changed, and the session in which to change it.
type survey struct {
	id       Identity
	versions versions
	keys     keys
	session  *session
	settings settings
	// file is the content as it was written; nil when it cannot be read as it stands.
	file []byte
}

// look surveys a tag and changes nothing. Its keys are proved one and all, so that no later step can fail for a key that
// is not what its version promises.
func look(ctx context.Context, card Card, ring *sun.Ring) (s survey, err error) {
	if s.id, err = Identify(ctx, card); err != nil {
		return s, err
	}
	if s.versions, err = readVersions(ctx, card); err != nil {
		return s, err
	}
	if s.keys, err = expect(ring, s.id.UID, s.versions); err != nil {
		return s, err
	}
	if s.session, err = s.keys.prove(ctx, card); err != nil {
		return s, err
	}
	// All keys follow from the number: a wrong one would make a tag that nobody finds the keys of.
	if uid, err := s.session.uid(ctx); err != nil || uid != s.id.UID {
		return s, cmp.Or(err, ErrSwapped)
	}
	if s.settings, err = s.session.settings(ctx); err != nil {
		return s, err
	}
	if s.settings.size != fileSize {
		return s, fmt.Errorf("%w: its file has %d bytes", ErrNotDNA, s.settings.size)
	}
	if s.settings.readable() {
		s.file, err = s.session.read(ctx)
	}
	return s, err
}

// holds reports whether the tag's content is c.
func (s *survey) holds(c content) bool {
	return len(s.file) >= len(c.file) && bytes.Equal(s.file[:len(c.file)], c.file)
}

// within reports whether the master key can bring content and settings to where they shall be, or they are there.
func (s *survey) within(content bool, want settings) bool {
	return content && s.settings.same(want) || s.settings.access.change() == sun.KeyMaster
}

// rekey brings the keys with the given numbers to a version, in order, where they have another one.
func (s *survey) rekey(ctx context.Context, ring *sun.Ring, version byte, numbers ...byte) (changed int, err error) {
	for _, number := range numbers {
		if s.versions[number] == version {
			continue
		}
		key, err := ring.Key(s.id.UID, number, version)
		if err != nil {
			return changed, err
		}
		if err := s.session.changeKey(ctx, number, s.keys[number], key, version); err != nil {
			return changed, err
		}
		s.keys[number], s.versions[number] = key, version
		changed++
	}
	return changed, nil
}

// arrange brings the settings to the given ones.
func (s *survey) arrange(ctx context.Context, to settings) error {
	if err := s.session.changeSettings(ctx, to); err != nil {
		return err
	}
	to.size = s.settings.size
	s.settings = to
	return nil
}

// fill writes the content. Messages are switched off meanwhile, so that the tag mixes nothing into it.
func (s *survey) fill(ctx context.Context, c content) error {
	if s.file == nil || !s.settings.writable() {
		if err := s.arrange(ctx, quiet()); err != nil {
			return err
		}
	}
	if s.file == nil {
		var err error
		if s.file, err = s.session.read(ctx); err != nil {
			return err
		}
	}
	if err := s.session.write(ctx, s.file, c); err != nil {
		return err
	}
	copy(s.file, c.file)
	return nil
}
