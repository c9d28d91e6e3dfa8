package type2

import (
	"context"
	"fmt"
)

// Unprotect takes a tag's protection, password and mirror away, as it came from the factory, and reads back. The content stays
// as it is. Of the plan it looks at Key, Former, AuthLimit and Insist. It refuses what [Protect] refuses, and locks stay.
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
	var steps []pageWrite
	if w.present.cfg0 != target.cfg0 {
		steps = append(steps, pageWrite{w.chip.cfg0Page(), target.cfg0, true})
	}
	if w.present.cfg1 != target.cfg1 {
		steps = append(steps, pageWrite{w.chip.cfg1Page(), target.cfg1, true})
	}
	none := factoryPassword()
	steps = append(steps, pageWrite{w.chip.packPage(), page{}, true}, pageWrite{w.chip.pwdPage(), none.PWD, true})
	if b.report.Pages, err = w.write(ctx, steps); err != nil {
		return err
	}
	if err := b.prove(ctx, target, none); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	return w.card.Reset(ctx)
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
