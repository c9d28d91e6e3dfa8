package type2

import (
	"context"
	"fmt"
	"slices"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// pageWrite is one page to be written, counted from the start of the tag.
type pageWrite struct {
	page int
	data page
	// check makes sure beforehand that the tag is still the same.
	check bool
	// password is given beforehand, unless it is nil: the protection that was just switched on asks for it.
	password *Password
}

// steps orders everything that turns the tag into target, content included. It is empty when the tag is that already.
//
// A page that is cut off in the middle of its writing can put a mirror anywhere. So wherever one comes or goes, the length of
// the content is zero meanwhile.
func (w *writer) steps(target config, password Password, proven bool) []pageWrite {
	settings := w.configSteps(target, password, proven)
	mirrored := w.present.mirrors() || w.window.mirror != MirrorNone
	switch {
	case mirrored && w.writesCFG0(settings):
		return w.around(settings, &password)
	case w.plan.same:
		return settings
	default:
		return append(w.around(nil, nil), settings...)
	}
}

// configSteps orders the writes of configuration and password.
func (w *writer) configSteps(target config, password Password, proven bool) []pageWrite {
	var out []pageWrite
	cfg0 := w.present.cfg0
	set := func(n int, data page) { out = append(out, pageWrite{page: n, data: data, check: true}) }
	if protected := w.present.first() < w.chip.pages(); protected && (!proven || w.present.cfg1 != target.cfg1) {
		cfg0 = w.present.opened()
		set(w.chip.cfg0Page(), cfg0)
	}
	if !proven {
		set(w.chip.pwdPage(), password.PWD)
		set(w.chip.packPage(), page{password.PACK[0], password.PACK[1]})
	}
	if w.present.cfg1 != target.cfg1 {
		set(w.chip.cfg1Page(), target.cfg1)
	}
	if cfg0 != target.cfg0 {
		set(w.chip.cfg0Page(), target.cfg0)
	}
	return out
}

func (w *writer) writesCFG0(steps []pageWrite) bool {
	return slices.ContainsFunc(steps, func(s pageWrite) bool { return s.page == w.chip.cfg0Page() })
}

// around writes the content, with other steps before the page that makes it visible, and with the password that they ask for.
func (w *writer) around(steps []pageWrite, password *Password) []pageWrite {
	out := []pageWrite{{page: firstPage + w.plan.empty.page, data: w.plan.empty.data, check: true}}
	if !w.plan.same {
		for _, s := range w.plan.body {
			out = append(out, pageWrite{page: firstPage + s.page, data: s.data})
		}
	}
	out = append(out, steps...)
	return append(out, pageWrite{firstPage + w.plan.final.page, w.plan.final.data, true, password})
}

// write carries steps out in their order and returns how many pages it wrote.
func (w *writer) write(ctx context.Context, steps []pageWrite) (int, error) {
	for i, s := range steps {
		if s.check {
			if err := w.still(ctx); err != nil {
				return i, err
			}
		}
		if s.password != nil {
			ok, err := w.login(ctx, *s.password)
			if err == nil && !ok {
				err = ErrMismatch
			}
			if err != nil {
				return i, err
			}
		}
		if _, err := apdu.Send(ctx, w.card, fmt.Sprintf("write page %d", s.page), apdu.WritePage(byte(s.page), s.data)); err != nil {
			return i, err
		}
	}
	return len(steps), nil
}

// prove restarts the tag and checks that configuration and password are what they should be. The tag is open afterwards.
func (b *bench) prove(ctx context.Context, target config, password Password) error {
	if err := b.w.card.Reset(ctx); err != nil {
		return err
	}
	if err := b.w.still(ctx); err != nil {
		return err
	}
	got, err := readConfig(ctx, b.w.card, b.w.chip)
	if err != nil {
		return err
	}
	if got.cfg0 != target.cfg0 || got.cfg1 != target.cfg1 {
		return ErrMismatch
	}
	ok, err := b.w.login(ctx, password)
	if err == nil && !ok {
		err = ErrMismatch
	}
	return err
}
