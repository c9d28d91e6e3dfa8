//go:build !nopcsc && cgo

package pcsc

import (
	"errors"
	"testing"

	"github.com/ebfe/scard"
	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

func TestStates(t *testing.T) {
	known := []nfc.ReaderState{{Reader: "a", Card: true, Events: 3, Mark: 3<<16 | uint32(scard.StatePresent)}, {Reader: "b"}, {Reader: "c", Mark: 7}}
	raw := toStates(known)
	if len(raw) != 4 || raw[3].Reader != plugAndPlay || uint32(raw[0].CurrentState) != known[0].Mark {
		t.Fatalf("got %+v", raw)
	}
	old := []byte{0x3B, 0x01}
	raw[0].EventState, raw[0].Atr = 4<<16|scard.StateEmpty|scard.StateChanged, old // the library leaves the old answer there
	raw[1].EventState, raw[1].Atr = 1<<16|scard.StatePresent|scard.StateMute|scard.StateChanged, old
	want := []nfc.ReaderState{
		{Reader: "a", Events: 4, Mark: 4<<16 | uint32(scard.StateEmpty)},
		{Reader: "b", Card: true, Mute: true, Events: 1, ATR: old, Mark: 1<<16 | uint32(scard.StatePresent|scard.StateMute)},
		{Reader: "c", Mark: 7},
	}
	if diff := cmp.Diff(want, fromStates(raw, known)); diff != "" {
		t.Errorf("states differ (-want +got):\n%s", diff)
	}
}

func TestUsable(t *testing.T) {
	got := usable([]string{"ACS ACR1252 1S CL Reader PICC 00 00", "ACS ACR1252 1S CL Reader SAM 01 00"})
	if diff := cmp.Diff([]string{"ACS ACR1252 1S CL Reader PICC 00 00"}, got); diff != "" {
		t.Errorf("readers differ (-want +got):\n%s", diff)
	}
}

func TestErrors(t *testing.T) {
	for code, want := range map[scard.Error]error{
		scard.ErrNoService: nfc.ErrNoService, scard.ErrCommError: nfc.ErrServiceLost, scard.ErrInvalidHandle: nfc.ErrServiceLost,
		scard.ErrServiceStopped: nfc.ErrServiceVersion, scard.ErrSecurityViolation: nfc.ErrNotAllowed,
		scard.ErrUnknownReader: nfc.ErrUnknownReader, scard.ErrReaderUnavailable: nfc.ErrUnknownReader,
		scard.ErrNoSmartcard: nfc.ErrNoCard, scard.ErrRemovedCard: nfc.ErrNoCard, scard.ErrNotTransacted: nfc.ErrNoCard,
		scard.ErrResetCard: nfc.ErrCardReset, scard.ErrSharingViolation: nfc.ErrBusy,
		scard.ErrUnresponsiveCard: nfc.ErrCardMute, scard.ErrUnpoweredCard: nfc.ErrCardMute,
	} {
		err := wrap("do it", code)
		if !errors.Is(err, want) || !errors.Is(err, code) {
			t.Errorf("%v: got %v, want it to match %v and the code", code, err, want)
		}
	}
	if err := wrap("do it", scard.ErrInternalError); !errors.Is(err, scard.ErrInternalError) {
		t.Errorf("got %v", err)
	}
}
