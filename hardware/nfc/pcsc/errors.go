//go:build !nopcsc && cgo

package pcsc

import (
	"errors"
	"fmt"

	"github.com/ebfe/scard"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

// wrap says what was being done and adds what the code means for a caller.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	var code scard.Error
	if !errors.As(err, &code) {
		return fmt.Errorf("%s: %w", what, err)
	}
	if kind := meaning(code); kind != nil {
		return fmt.Errorf("%s: %w: %w", what, kind, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// meaning sorts the codes of pcsclite.h by what heals them.
func meaning(code scard.Error) error {
	switch code {
	case scard.ErrNoService:
		return nfc.ErrNoService
	case scard.ErrCommError, scard.ErrInvalidHandle, scard.ErrShutdown, scard.ErrSystemCancelled:
		return nfc.ErrServiceLost
	case scard.ErrServiceStopped: // client and daemon speak different protocol versions
		return nfc.ErrServiceVersion
	case scard.ErrSecurityViolation:
		return nfc.ErrNotAllowed
	case scard.ErrUnknownReader, scard.ErrReaderUnavailable:
		return nfc.ErrUnknownReader
	case scard.ErrNoSmartcard, scard.ErrRemovedCard, scard.ErrNotTransacted:
		return nfc.ErrNoCard
	case scard.ErrResetCard:
		return nfc.ErrCardReset
	case scard.ErrSharingViolation:
		return nfc.ErrBusy
	case scard.ErrUnresponsiveCard, scard.ErrUnpoweredCard, scard.ErrProtoMismatch:
		return nfc.ErrCardMute
	default:
		return nil
	}
}
