package type2

import (
	"context"
	"errors"

	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// uncover switches a mirror off that lies upon the frame of the content, so that what is there cannot be told. Writing that was
// cut off in the middle of CFG0 leaves such a mirror behind. Nobody can read the content of the tag meanwhile anyway.
func (b *bench) uncover(ctx context.Context) error {
	w := &b.w
	if !w.present.mirrors() || w.present.frozen() {
		return nil
	}
	size, err := w.area()
	if err != nil {
		return err
	}
	l, err := scan((&image{t: w.card}).source(ctx), size)
	if err != nil && !errors.Is(err, ndef.ErrMalformed) {
		return err
	}
	if l.found && w.present.mirrorOffset() >= l.value {
		return nil
	}
	cfg0 := w.present.opened()
	cfg0[3] = w.present.cfg0[3]
	n, err := w.write(ctx, []pageWrite{{page: w.chip.cfg0Page(), data: cfg0, check: true}})
	b.report.Pages += n
	if err != nil {
		return err
	}
	// Some tags go on mirroring until they lose power.
	if err := w.card.Reset(ctx); err != nil {
		return err
	}
	return b.open(ctx)
}
