package type2

import (
	"context"
	"errors"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// A Chip is a member of the families that comanda knows by name.
type Chip struct {
	Name string
	// ccSize is the size byte of the capability container from the factory.
	ccSize byte
	// lockPage holds the dynamic lock bits; the configuration follows it. Zero means unknown.
	lockPage int
	// lockUnit is the number of pages from page 16 on that one dynamic lock bit protects.
	lockUnit int
}

func ntags() []Chip {
	return []Chip{
		{Name: "NTAG213", ccSize: 0x12, lockPage: 0x28, lockUnit: 2},
		{Name: "NTAG215", ccSize: 0x3E, lockPage: 0x82, lockUnit: 16},
		{Name: "NTAG216", ccSize: 0x6D, lockPage: 0xE2, lockUnit: 16},
	}
}

// Identify asks a tag for its version (data sheet §10.1) in every way that readers know. A tag that does not tell has
// been reset afterwards, because it is silent by then, and is an unnamed Chip, not an error.
func Identify(ctx context.Context, card Card) (Chip, error) {
	chip, _, err := identify(ctx, card)
	return chip, err
}

// identify also returns the way by which the tag's own commands reach it; nil when there is none.
func identify(ctx context.Context, card Card) (Chip, *apdu.Route, error) {
	for _, route := range apdu.Routes() {
		version, err := route.Send(ctx, card, "ask the tag for its version", []byte{0x60})
		if err == nil && len(version) == 8 && version[0] == 0 {
			return chipOf([8]byte(version)), &route, nil
		}
		if err != nil && !apdu.Refused(err) && !errors.Is(err, apdu.ErrRaw) {
			return Chip{}, nil, err
		}
		if err := card.Reset(ctx); err != nil {
			return Chip{}, nil, err
		}
	}
	return Chip{}, nil, nil
}

func chipOf(version [8]byte) Chip {
	const nxp, ultralight, ntag = 0x04, 0x03, 0x04
	maker, family, kind, storage := version[1], version[2], version[4], version[6]
	switch {
	case maker != nxp:
		return Chip{}
	case family == ultralight:
		return Chip{Name: "Ultralight EV1"}
	case family == ntag && kind == 0x01 && storage == 0x0B:
		return Chip{Name: "NTAG210"}
	case family == ntag && kind == 0x01 && storage == 0x0E:
		return Chip{Name: "NTAG212"}
	case family != ntag || kind != 0x01:
		// Major version 2 is the NTAG I2C and 3 the NTAG213 TT, whose configuration lies elsewhere.
		return Chip{}
	}
	switch storage {
	case 0x0F:
		return ntags()[0]
	case 0x11:
		return ntags()[1]
	case 0x13:
		return ntags()[2]
	default:
		return Chip{}
	}
}

// guess names the chip by the size in its capability container, which costs no command that could silence the tag.
func guess(h head) Chip {
	for _, c := range ntags() {
		if h[14] == c.ccSize {
			return Chip{Name: c.Name}
		}
	}
	return Chip{}
}

// protection is what a tag says about writing.
type protection struct {
	chip   Chip
	head   head
	config config
	// open says that the password has been given.
	open bool
}

func readProtection(ctx context.Context, card Card, chip Chip, h head) (protection, error) {
	p := protection{chip: chip, head: h, config: factoryConfig()}
	if chip.lockPage == 0 {
		return p, nil
	}
	config, err := readConfig(ctx, card, chip)
	if apdu.Refused(err) {
		if err := card.Reset(ctx); err != nil {
			return p, err
		}
		return p, &ProtectedError{Page: chip.lockPage, By: byPassword}
	}
	p.config = config
	return p, err
}

const byPassword = "a password"

// check returns a [*ProtectedError] when a page may not be written.
func (p protection) check(page int) error {
	switch {
	case p.head.readOnly():
		return &ProtectedError{Page: 3, By: "its capability container"}
	case p.head.locked(page), p.dynamicallyLocked(page):
		return &ProtectedError{Page: page, By: "lock bits, for good"}
	case !p.open && page >= p.config.first():
		return &ProtectedError{Page: page, By: byPassword}
	default:
		return nil
	}
}

func (p protection) dynamicallyLocked(page int) bool {
	if page < 16 || p.chip.lockUnit == 0 {
		return false
	}
	bit := (page - 16) / p.chip.lockUnit
	return bit < 16 && p.config.lock[bit/8]&(1<<(bit%8)) != 0
}
