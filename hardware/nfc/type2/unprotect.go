package type2

import (
	"context"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// Unprotect takes a tag's protection, password and mirror away, as it came from the factory, and reads back. The content stays
// as it is; cut short on a tag with a mirror, it may be gone. Of the plan it looks at Key, Former, AuthLimit and Insist. It refuses what [Protect] refuses, and locks stay.
//
// The protection goes first and the password last; cut short anywhere and repeated, it ends well.
func Unprotect(ctx context.Context, card Card, plan Plan) (Report, error) {
	plan.MustBeGenuine, plan.LockForever, plan.Mirror = false, false, MirrorNone
	b, err := startBench(ctx, card, plan)
	if err != nil {
		return b.report, err
	}
	return b.report, b.leave(ctx, b.strip(ctx))
}

func (b *bench) strip(ctx context.Context) error {
	target := factoryConfig()
	w := &b.w
	if w.present.frozen() && (w.present.cfg0 != target.cfg0 || w.present.cfg1 != target.cfg1) {
		return &ProtectedError{Page: w.chip.cfg0Page(), By: "a configuration lock, for good"}
	}
	bare, err := b.bare(ctx, target)
	if err != nil || bare {
		return err
	}
	steps, err := b.stripSteps(ctx, target)
	if err != nil {
		return err
	}
	if b.report.Pages, err = w.write(ctx, steps); err != nil {
		return err
	}
	if err := b.prove(ctx, target, factoryPassword()); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	return w.card.Reset(ctx)
}

// stripSteps orders the writes. Around the end of a mirror the content's length is zero.
func (b *bench) stripSteps(ctx context.Context, target config) ([]pageWrite, error) {
	w := &b.w
	var steps []pageWrite
	if w.present.cfg0 != target.cfg0 {
		steps = append(steps, pageWrite{page: w.chip.cfg0Page(), data: target.cfg0, check: true})
	}
	if w.present.cfg1 != target.cfg1 {
		steps = append(steps, pageWrite{page: w.chip.cfg1Page(), data: target.cfg1, check: true})
	}
	steps = append(steps, pageWrite{page: w.chip.packPage(), data: page{}, check: true}, pageWrite{page: w.chip.pwdPage(), data: factoryPassword().PWD, check: true})
	if !w.present.mirrors() {
		return steps, nil
	}
	content, _, err := readContent(ctx, w.card, w.head)
	if errors.Is(err, ndef.ErrMalformed) || errors.Is(err, ErrNotFormatted) || err == nil && len(content.Raw) == 0 {
		return steps, nil // there is nothing to be seen that a mirror could spoil
	}
	if err != nil {
		return nil, err
	}
	if err := w.arrange(ctx, content.Raw); err != nil {
		return nil, err
	}
	if err := w.writable(protection{chip: w.chip, head: w.head, config: w.present, open: true}); err != nil {
		return steps, nil // locked for good: the mirror goes with the content in sight
	}
	return w.around(steps, nil), nil
}

// bare reports whether the tag is as from the factory. Only then can its password be asked for without fear, because such a tag
// counts no wrong ones.
func (b *bench) bare(ctx context.Context, target config) (bool, error) {
	if b.w.present.cfg0 != target.cfg0 || b.w.present.cfg1 != target.cfg1 {
		return false, nil
	}
	ok, err := b.w.login(ctx, factoryPassword())
	if err != nil || !ok {
		return false, err
	}
	return true, b.w.card.Reset(ctx)
}
