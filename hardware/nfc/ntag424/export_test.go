package ntag424

import (
	"context"
	"encoding/binary"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// Customise changes the settings of a blank tag's content as another program would: option, conditions of access, and
// what follows.
func Customise(ctx context.Context, card Card, option byte, conditions uint16, mirrors ...byte) error {
	if err := selectApplication(ctx, card); err != nil {
		return err
	}
	s, err := authenticate(ctx, card, sun.KeyMaster, sun.Key{})
	if err != nil {
		return err
	}
	to, _ := parseSettings(append(binary.LittleEndian.AppendUint16([]byte{0, option}, conditions), append([]byte{0, 1, 0}, mirrors...)...))
	return s.changeSettings(ctx, to)
}
