package type2

import (
	"context"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// page is the content of one page.
type page = [apdu.PageSize]byte

// config is the dynamic lock bits and the two configuration pages of an NTAG21x (data sheet §8.5.3, §8.5.7).
type config struct {
	lock, cfg0, cfg1 page
}

const (
	noProtection   = 0xFF
	strongSignal   = 0x04
	accessRead     = 0x80
	accessFrozen   = 0x40
	accessCounting = 0x10
	accessLimit    = 0x07
)

// factoryConfig is a new tag's.
func factoryConfig() config {
	return config{cfg0: page{strongSignal, 0, 0, noProtection}, cfg1: page{0, 0x05, 0, 0}}
}

func (c config) first() int   { return int(c.cfg0[3]) }
func (c config) limit() int   { return int(c.cfg1[0] & accessLimit) }
func (c config) frozen() bool { return c.cfg1[0]&accessFrozen != 0 }

// mirrors reports whether something is put into the content on reading.
func (c config) mirrors() bool { return c.cfg0[0]&0xC0 != 0 && c.cfg0[2] >= firstPage }

// mirrorOffset is where the mirror starts in the data area.
func (c config) mirrorOffset() int {
	return (int(c.cfg0[2])-firstPage)*apdu.PageSize + int(c.cfg0[0]>>4&3)
}

// opened is the configuration without a mirror and without protection.
func (c config) opened() page { return page{c.cfg0[0] &^ 0xF0, c.cfg0[1], 0, noProtection} }

func (c Chip) cfg0Page() int { return c.lockPage + 1 }
func (c Chip) cfg1Page() int { return c.lockPage + 2 }
func (c Chip) pwdPage() int  { return c.lockPage + 3 }
func (c Chip) packPage() int { return c.lockPage + 4 }
func (c Chip) pages() int    { return c.lockPage + 5 }

func readConfig(ctx context.Context, card Card, chip Chip) (config, error) {
	data, err := readPages(ctx, card, chip.lockPage)
	if err != nil {
		return config{}, fmt.Errorf("read how the tag is protected: %w", err)
	}
	return config{lock: page(data), cfg0: page(data[4:]), cfg1: page(data[8:])}, nil
}
