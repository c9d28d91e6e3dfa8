package sun

import (
	"crypto/subtle"
	"fmt"
)

const (
	// The first byte of PICC data says what follows (data sheet §9.3.3): bit 7 the number, bit 6 the counter, bits 3 to 0
	// the length of the number.
	tagBoth    = 0xC7
	tagUID     = 0x87
	tagCounter = 0x40
	// makerNXP opens the number of every tag of this maker (ISO 7816-6).
	makerNXP = 0x04
)

// Verify checks the word of a tap and says which tag it was and how far it has counted. It does not know whether the
// word was seen before: that is [Mark.After], and the caller's to keep. A refusal matches one of this package's errors.
//
// Words that nobody has a key for look like noise. Of 65,536 of them one is refused as [ErrTampered] in place of
// [ErrForeign], and one of 256 as [ErrWrongTag].
func (r *Ring) Verify(text string) (Message, error) {
	w, err := parse(text)
	if err != nil {
		return Message{}, err
	}
	if w.blank() {
		return Message{}, fmt.Errorf("check the message of a tap: %w", ErrBlank)
	}
	m, err := r.verify(w)
	if err != nil {
		return Message{}, fmt.Errorf("check the message of a tap: %w", err)
	}
	return m, nil
}

func (r *Ring) verify(w word) (Message, error) {
	if w.version == Factory {
		return Message{}, ErrVersion
	}
	meta, err := r.Key(UID{}, KeyMeta, w.version)
	if err != nil {
		return Message{}, err
	}
	picc := openPICC(meta, w.picc)
	if picc.tag != tagBoth {
		return Message{}, picc.unsupported()
	}
	file, err := r.Key(picc.uid, KeyFile, w.version)
	if err != nil {
		return Message{}, err
	}
	want := MAC(file, picc.uid, picc.counter, nil)
	if subtle.ConstantTimeCompare(want[:], w.mac[:]) != 1 {
		if picc.uid[0] == makerNXP {
			return Message{}, ErrTampered
		}
		return Message{}, ErrForeign
	}
	return Message{UID: picc.uid, Mark: Mark{Version: w.version, Counter: picc.counter}}, nil
}

// piccData is the decrypted part of a message.
type piccData struct {
	tag     byte
	uid     UID
	counter uint32
}

// openPICC decrypts PICC data (data sheet §9.3.4.1). The bytes behind the counter are random.
func openPICC(meta Key, data [piccLength]byte) piccData {
	var plain [piccLength]byte
	newCipher(meta).Decrypt(plain[:], data[:])
	return piccData{
		tag:     plain[0],
		uid:     UID(plain[1:]),
		counter: uint32(plain[8]) | uint32(plain[9])<<8 | uint32(plain[10])<<16,
	}
}

// unsupported tells data of another set-up from noise, as far as that is possible.
func (p piccData) unsupported() error {
	if p.tag == tagUID && p.uid[0] == makerNXP || p.tag == tagCounter {
		return ErrWrongTag
	}
	return ErrForeign
}

// MAC is the code with which a tag that mirrors number and counter signs text (data sheet §9.3.8.1, §9.3.9.1). Text is
// what stands between the start of the signed part and the MAC; our tags sign none, because number and counter take
// part anyway.
func MAC(file Key, uid UID, counter uint32, text []byte) [MACLength]byte {
	input := [16]byte{0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80}
	copy(input[6:], uid[:])
	input[13], input[14], input[15] = byte(counter), byte(counter>>8), byte(counter>>16)
	return NewCMAC(Key(NewCMAC(file).Sum(input[:]))).Short(text)
}
