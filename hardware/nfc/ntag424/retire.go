package ntag424

import (
	"context"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// Retire takes a tag back to how it was delivered: no content, everybody may write, keys of zero. What it was used for
// must be forgotten elsewhere; a later [Plan] for it needs a higher version than the report's.
//
// Like [Provision] it can be repeated, and cut short anywhere: the next call, of either, goes on. A tag with other keys
// comes back unchanged with [ErrForeign].
func Retire(ctx context.Context, card Card, ring *sun.Ring) (Report, error) {
	at := &line{Card: card}
	s, err := look(ctx, at, ring)
	report := Report{Identity: s.id}
	if err == nil {
		for _, v := range s.versions {
			report.Mark.Version = max(report.Mark.Version, v)
		}
		err = s.retire(ctx, ring, &report)
	}
	if err == nil {
		err = s.confirmRetired(ctx, at, ring)
	}
	if err = at.finish(ctx, s.id.UID, err); err != nil {
		return report, fmt.Errorf("retire the tag: %w", err)
	}
	return report, nil
}

// retire begins with key 1, so that messages are invalid from the first step on, and ends with the master key. Only it
// still has a version in the end, which tells that messages were given with it.
func (s *survey) retire(ctx context.Context, ring *sun.Ring, report *Report) error {
	blank := s.holds(erased())
	if !s.within(blank, delivered()) {
		return ErrSettings
	}
	n, err := s.rekey(ctx, ring, sun.Factory, sun.KeyFile, sun.KeyMeta, sun.KeyProof, sun.KeySpare)
	report.note(n > 0, "keys")
	if err != nil {
		return err
	}
	if !blank {
		report.note(true, "content")
		if err := s.fill(ctx, erased()); err != nil {
			return err
		}
	}
	if !s.settings.same(delivered()) {
		report.note(true, "settings")
		if err := s.arrange(ctx, delivered()); err != nil {
			return err
		}
	}
	n, err = s.rekey(ctx, ring, sun.Factory, sun.KeyMaster)
	report.note(n > 0, "master key")
	return err
}

func (s *survey) confirmRetired(ctx context.Context, card Card, ring *sun.Ring) error {
	url, err := fresh(ctx, card, s.id.UID)
	if err != nil {
		return err
	}
	if url != "" {
		return fmt.Errorf("read back: %w: it gives the address %q", ErrMismatch, url)
	}
	return confirm(ctx, card, ring, s.id.UID, sun.Factory)
}
