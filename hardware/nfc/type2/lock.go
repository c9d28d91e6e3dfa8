package type2

import (
	"context"
)

// lock sets the lock bits of all content and freezes them: first the dynamic ones, then the static ones (data sheet §8.5.2,
// §8.5.3). The bits are one-time programmable, so that setting them again changes nothing.
func (b *bench) lock(ctx context.Context) error {
	w := &b.w
	h, err := readHead(ctx, w.card)
	if err != nil {
		return err
	}
	want := w.chip.lockBits()
	var steps []pageWrite
	if !holds(w.present.lock[:3], want[:3]) {
		steps = append(steps, pageWrite{page: w.chip.lockPage, data: want, check: true})
	}
	static := page{0, 0, 0xFF, 0xFF}
	if !holds(h[10:12], static[2:]) {
		steps = append(steps, pageWrite{page: staticLockPage, data: static, check: true})
	}
	n, err := w.write(ctx, steps)
	b.report.Pages += n
	if err != nil {
		return err
	}
	return b.locked(ctx, want)
}

const staticLockPage = 2

// locked makes sure that the bits are set.
func (b *bench) locked(ctx context.Context, want page) error {
	h, err := readHead(ctx, b.w.card)
	if err != nil {
		return err
	}
	config, err := readConfig(ctx, b.w.card, b.w.chip)
	if err != nil {
		return err
	}
	if !holds(config.lock[:3], want[:3]) || !holds(h[10:12], []byte{0xFF, 0xFF}) {
		return ErrMismatch
	}
	return nil
}

// holds reports whether all bits of want are set in got.
func holds(got, want []byte) bool {
	for i := range want {
		if got[i]&want[i] != want[i] {
			return false
		}
	}
	return true
}

// lockBits covers all user pages from page 16 on with dynamic lock bits, and freezes those bits with the block locking bits of
// the third byte. The fourth byte is reserved and written as zero.
func (c Chip) lockBits() page {
	pages := c.lockPage - 16
	bits := uint(1)<<((pages+c.lockUnit-1)/c.lockUnit) - 1
	blocks := uint(1)<<((pages+2*c.lockUnit-1)/(2*c.lockUnit)) - 1
	return page{byte(bits), byte(bits >> 8), byte(blocks), 0}
}
