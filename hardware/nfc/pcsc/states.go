//go:build !nopcsc && cgo

package pcsc

import (
	"bytes"

	"github.com/ebfe/scard"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

// toStates adds the pseudo-reader. A mark is the state that the service last told, with its counter of cards in the upper
// half; told back, a card that was exchanged in between is reported at once.
func toStates(states []nfc.ReaderState) []scard.ReaderState {
	raw := make([]scard.ReaderState, 0, len(states)+1)
	for _, s := range states {
		raw = append(raw, scard.ReaderState{Reader: s.Reader, CurrentState: scard.StateFlag(s.Mark) &^ scard.StateChanged})
	}
	return append(raw, scard.ReaderState{Reader: plugAndPlay})
}

// fromStates reads what the service told. Where it told nothing, what was known stays.
func fromStates(raw []scard.ReaderState, known []nfc.ReaderState) []nfc.ReaderState {
	out := make([]nfc.ReaderState, 0, len(known))
	for i, before := range known {
		event := raw[i].EventState
		if event == 0 {
			out = append(out, before)
			continue
		}
		now := nfc.ReaderState{
			Reader: before.Reader,
			Card:   event&scard.StatePresent != 0,
			Mute:   event&scard.StateMute != 0,
			Events: uint16(event >> 16),
			Mark:   uint32(event &^ scard.StateChanged),
		}
		if now.Card { // after a removal the old answer still stands there
			now.ATR = bytes.Clone(raw[i].Atr)
		}
		out = append(out, now)
	}
	return out
}
