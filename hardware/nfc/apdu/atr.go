package apdu

import "bytes"

// Family says what an answer-to-reset tells about a contactless card. It is a hint: several products share one answer.
type Family int

// Families of cards.
const (
	// FamilyUnknown is everything that is not recognised, including an empty answer.
	FamilyUnknown Family = iota
	// FamilyType2 covers MIFARE Ultralight and with it the NTAG21x, which readers report alike.
	FamilyType2
	// FamilyClassic is MIFARE Classic and Mini, which NDEF phones do not read reliably.
	FamilyClassic
	// FamilyStorage is any other card without a processor.
	FamilyStorage
	// FamilyProcessor is a card that takes APDUs: NTAG 424 DNA, DESFire, phones, bank cards.
	FamilyProcessor
)

// storageID opens the synthetic answer-to-reset of storage cards: historical bytes 80, application identifier 4F 0C,
// and the PC/SC workgroup's RID (PC/SC part 3 §3.1.3.2.3.2).
var storageID = [...]byte{0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06}

// Classify looks at the identifying bytes of an answer-to-reset only, because readers differ in the rest of it.
func Classify(atr []byte) Family {
	at := len(storageID) + 4
	if len(atr) >= at+3 && bytes.Equal(atr[4:at], storageID[:]) {
		return storageFamily(uint16(atr[at+1])<<8 | uint16(atr[at+2]))
	}
	if len(atr) >= 4 && atr[0] == 0x3B && atr[1]&0xF0 == 0x80 && atr[2] == 0x80 && atr[3] == 0x01 {
		return FamilyProcessor
	}
	return FamilyUnknown
}

// storageFamily maps the card name of PC/SC part 3 supplemental document.
func storageFamily(name uint16) Family {
	switch name {
	case 0x0003, 0x003A:
		return FamilyType2
	case 0x0001, 0x0002, 0x0026:
		return FamilyClassic
	default:
		return FamilyStorage
	}
}
