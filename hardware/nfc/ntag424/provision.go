package ntag424

import (
	"context"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// A Plan says what a tag shall become.
type Plan struct {
	// Prefix is the address in front of the word, with scheme, for example https://table.example/t/. It is the same on
	// all tags of a house: the word names the tag.
	Prefix string
	// Keys are the house's.
	Keys *sun.Ring
	// Version is the lowest version of keys that the tag may get; zero stands for the ring's newest. It must be higher
	// than any version that this tag was used with before it was retired.
	Version byte
	// Copies lets tags through that cannot show their maker's signature.
	Copies bool
}

// A Report says what became of a tag.
type Report struct {
	Identity
	// Mark is what the tag has counted to: messages after it are new. It belongs into the register of tags.
	Mark sun.Mark
	// URL is the address of the last message. It was used up by reading it.
	URL string
	// Changes lists in order what was changed, for a person; nothing when all was right already.
	Changes []string
}

// Provision makes a tag speak for its table: every tap then gives an address that proves the tap. It ends by reading
// the tag twice as a phone does, with a power cycle in front of each time, and checking both messages.
//
// It can be repeated at any time. Cut short at any command, it leaves a tag that the next call makes right, or finds
// right. Until the master key is the house's, which comes last, the tag can also be taken back by everybody.
//
// A tag that is not ours to change comes back unchanged with [ErrForeign]; the tag counts one wrong try then. Other
// refusals before the first change are [ErrNotDNA], [ErrRandomID], [ErrLRP], [ErrCopy], [ErrSettings], [ErrUsedUp] and
// [ErrTooLong].
func Provision(ctx context.Context, card Card, plan Plan) (Report, error) {
	if _, err := compose(plan.Prefix, plan.Version); err != nil {
		return Report{}, fmt.Errorf("set up the tag: %w", err)
	}
	at := &line{Card: card}
	s, err := look(ctx, at, plan.Keys)
	report := Report{Identity: s.id}
	if err == nil {
		err = plan.run(ctx, at, &s, &report)
	}
	if err = at.finish(ctx, s.id.UID, err); err != nil {
		return report, fmt.Errorf("set up the tag: %w", err)
	}
	return report, nil
}

func (p Plan) run(ctx context.Context, card Card, s *survey, report *Report) error {
	if !s.id.Genuine && !p.Copies {
		return ErrCopy
	}
	version, err := p.target(s)
	if err != nil {
		return err
	}
	report.Mark.Version = version
	next, err := compose(p.Prefix, version)
	if err != nil {
		return err
	}
	if err := p.change(ctx, s, report, version, next); err != nil {
		return err
	}
	return p.verify(ctx, card, s.id.UID, report)
}

// change does what is missing. The order is what makes it safe to stop anywhere:
//
// Keys 1 to 4 come first. The tag only takes them from somebody who has proved the master key and knows the old key, and
// each key's version, which changes with it, says which one is there. Messages that were on before stop being valid with
// key 1 and stay off while the content changes; they come on when all that they need is in place. The master key comes
// last: as long as it is the old one, its version says so, and the next run begins where this one ended.
func (p Plan) change(ctx context.Context, s *survey, report *Report, version byte, next content) error {
	want := speaking(next.word)
	right := s.holds(next)
	if !s.within(right, want) {
		return ErrSettings
	}
	n, err := s.rekey(ctx, p.Keys, version, sun.KeyFile, sun.KeyMeta, sun.KeyProof, sun.KeySpare)
	report.note(n > 0, "keys")
	if err != nil {
		return err
	}
	if !right {
		report.note(true, "content")
		if err := s.fill(ctx, next); err != nil {
			return err
		}
	}
	if !s.settings.same(want) {
		report.note(true, "settings")
		if err := s.arrange(ctx, want); err != nil {
			return err
		}
	}
	n, err = s.rekey(ctx, p.Keys, version, sun.KeyMaster)
	report.note(n > 0, "master key")
	return err
}

func (r *Report) note(changed bool, what string) {
	if changed {
		r.Changes = append(r.Changes, what)
	}
}

// target is the version to bring the keys to. It never goes back, and it never comes twice with the counter at zero:
// switching messages on resets the counter (data sheet §9.3.1), and with the same keys messages that somebody caught
// earlier, and kept, would be new again.
func (p Plan) target(s *survey) (byte, error) {
	top := s.versions[0]
	for _, v := range s.versions {
		top = max(top, v)
	}
	version := max(p.Version, top)
	if p.Version == 0 {
		version = max(p.Keys.Newest(), top)
	}
	if version == top && s.spent(p.Prefix, version) {
		version++
		if version == 0 {
			return 0, ErrUsedUp
		}
	}
	_, err := p.Keys.Key(s.id.UID, sun.KeyMaster, version)
	return version, err
}

// spent reports whether the tag has, or may have, given messages with the keys of its highest version, so that they must
// not be switched on anew with these keys.
func (s *survey) spent(prefix string, version byte) bool {
	file, master := s.versions[sun.KeyFile], s.versions[sun.KeyMaster]
	switch {
	case !s.settings.speaks():
		// Setting up never leaves key 1 behind the master key; retiring does.
		return file < master
	case file == sun.Factory:
		return master != sun.Factory
	default:
		next, err := compose(prefix, version)
		if err == nil && s.holds(next) && s.settings.same(speaking(next.word)) {
			return false // nothing will be switched on
		}
		// A word with another version than key 1 was never valid with it.
		named, ok := wordVersion(s.file)
		return !ok || named == file
	}
}
