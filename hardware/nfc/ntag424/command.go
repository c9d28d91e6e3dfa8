package ntag424

import (
	"context"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// Instructions of native commands (data sheet §10.2 table 22).
const (
	insReadSignature  = 0x3C
	insGetCardUID     = 0x51
	insChangeSettings = 0x5F
	insGetVersion     = 0x60
	insGetKeyVersion  = 0x64
	insAuthenticate   = 0x71
	insWriteData      = 0x8D
	insReadData       = 0xAD
	insMore           = 0xAF
	insChangeKey      = 0xC4
	insGetSettings    = 0xF5
)

// Status words of native commands (data sheet §10.1 table 23).
const (
	statusOK             apdu.Status = 0x9100
	statusIntegrity      apdu.Status = 0x911E
	statusPermission     apdu.Status = 0x919D
	statusSignature      apdu.Status = 0x9190
	statusDelay          apdu.Status = 0x91AD
	statusAuthentication apdu.Status = 0x91AE
	statusMore           apdu.Status = 0x91AF
	statusAborted        apdu.Status = 0x91CA
	statusMemory         apdu.Status = 0x91EE
)

// statusText words what the tag says in the terms of this package's users.
func statusText(status apdu.Status) string {
	switch status {
	case statusIntegrity:
		return "the tag got something else than was sent"
	case statusPermission:
		return "the tag does not permit it"
	case statusDelay:
		return "the tag takes a pause"
	case statusAuthentication:
		return "the tag does not accept the key"
	case statusAborted:
		return "the tag was in the middle of something else"
	case statusMemory:
		return "the tag could not write its memory"
	default:
		return "the tag refuses"
	}
}

// refused makes an error of a status word. [apdu.HasStatus] still finds the status in it.
func refused(what string, status apdu.Status) error {
	return fmt.Errorf("%s: %s: %w", what, statusText(status), &apdu.StatusError{Status: status})
}

// Transient reports whether err may go away when the same tag is held to the reader again and the work is repeated. For
// errors of the reader itself it says nothing.
func Transient(err error) bool {
	if errors.Is(err, ErrDelay) || errors.Is(err, ErrGarbled) || errors.Is(err, apdu.ErrShort) {
		return true
	}
	for _, status := range []apdu.Status{statusIntegrity, statusAborted, statusMemory} {
		if apdu.HasStatus(err, status) {
			return true
		}
	}
	return false
}

// native wraps a command the way ISO 7816-4 readers pass it on (data sheet §8.4). Le is always there.
func native(ins byte, data ...byte) []byte {
	cmd := []byte{0x90, ins, 0x00, 0x00}
	if len(data) > 0 {
		cmd = append(append(cmd, byte(len(data))), data...)
	}
	return append(cmd, 0x00)
}

// ask sends a native command outside of a session and returns an answer that ends with 9100.
func ask(ctx context.Context, card Card, what string, ins byte, data ...byte) ([]byte, error) {
	answer, status, err := apdu.Exchange(ctx, card, native(ins, data...))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if status != statusOK {
		return nil, refused(what, status)
	}
	return answer, nil
}

// garbled is the error for an answer of a length that it cannot have.
func garbled(what string, answer []byte, want string) error {
	return fmt.Errorf("%s: %w: %w", what, ErrGarbled, &apdu.LengthError{Got: len(answer), Want: want})
}
