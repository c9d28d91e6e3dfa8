package type2

import (
	"context"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// open reads the configuration and, where the tag is protected, gives it the password. At most three are given, and fewer where
// the tag counts wrong ones.
func (b *bench) open(ctx context.Context) error {
	config, err := readConfig(ctx, b.w.card, b.w.chip)
	hidden := apdu.Refused(err)
	if hidden {
		err = b.w.card.Reset(ctx)
	}
	if err != nil {
		return err
	}
	b.w.present = config
	if !hidden && config.first() >= b.w.chip.pages() {
		return nil
	}
	if (hidden || config.limit() > 0) && !b.plan.Insist && !b.familiar(config) {
		return &ForeignError{Limit: config.limit()}
	}
	if err := b.unlock(ctx, config, hidden); err != nil || !hidden {
		return err
	}
	b.w.present, err = readConfig(ctx, b.w.card, b.w.chip)
	return err
}

// familiar reports whether a configuration is one that Protect leaves behind, maybe in the middle of writing CFG0.
func (b *bench) familiar(c config) bool {
	ours := c.first() == firstProtected || c.limit() == b.plan.AuthLimit
	return ours && c.cfg1[0]&^(accessCounting|accessLimit) == 0 && [3]byte(c.cfg1[1:]) == [3]byte{0x05}
}

// unlock tries the former password, the new one, and the factory's, which a tag has that was exchanged for another one in the
// instant before its protection was switched on.
func (b *bench) unlock(ctx context.Context, c config, hidden bool) error {
	passwords := []Password{b.password, factoryPassword()}
	if b.plan.Former != nil {
		former, err := b.plan.Former.Password(b.w.uid)
		if err != nil {
			return err
		}
		passwords = append([]Password{former}, passwords...)
	}
	switch {
	case hidden:
		passwords = passwords[:1]
	case c.limit() > 0: // never give the one that could be the last that the tag bears, unless it is the only one
		passwords = passwords[:min(len(passwords), max(c.limit()-1, 1))]
	}
	for _, p := range passwords {
		ok, err := b.w.login(ctx, p)
		if err != nil {
			return err
		}
		if ok {
			b.proven = p == b.password
			return nil
		}
	}
	return &ForeignError{Tried: true, Limit: c.limit()}
}
