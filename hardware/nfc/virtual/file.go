package virtual

import (
	"bytes"
	"context"
	"encoding/binary"
	"sync"
)

// File is an NFC Forum Type 4 tag: one capability container and one NDEF file, as on an NTAG 424 DNA.
type File struct {
	field
	uid []byte
	// hardware is the first frame of the native GetVersion, or empty when the card does not know that command.
	hardware []byte
	maxRead  int

	memory sync.Mutex
	// ndef and selected are guarded by memory. selected is 0 without an application, 1 with it, else a file.
	ndef     []byte
	selected uint16
}

const (
	ccFile   = 0xE103
	ndefFile = 0xE104
	// fileSize is that of an NTAG 424 DNA's NDEF file (data sheet NT4H2421Gx §8.2.3.2).
	fileSize = 256
)

// NewNTAG424 makes a tag that identifies itself as an NTAG 424 DNA and holds message.
func NewNTAG424(uid []byte, message []byte) *File {
	f := NewType4(uid, message)
	f.hardware = []byte{0x04, 0x04, 0x02, 0x30, 0x00, 0x11, 0x05}
	return f
}

// NewType4 makes a Type 4 tag of no particular make, for example a badge or a phone that plays one. A message longer
// than 254 bytes is cut off.
func NewType4(uid []byte, message []byte) *File {
	f := &File{uid: bytes.Clone(uid), maxRead: 0x40, ndef: make([]byte, fileSize)}
	f.left = -1
	n := copy(f.ndef[2:], message)
	binary.BigEndian.PutUint16(f.ndef, uint16(n))
	return f
}

// PutLength stores a length in front of the message without asking the card, right or wrong.
func (f *File) PutLength(n uint16) {
	f.memory.Lock()
	defer f.memory.Unlock()
	binary.BigEndian.PutUint16(f.ndef, n)
}

// ATR is that of an NTAG 424 DNA; others of this kind show the same.
func (f *File) ATR() []byte { return []byte{0x3B, 0x81, 0x80, 0x01, 0x80, 0x80} }

// Reset makes the card forget what was selected.
func (f *File) Reset(context.Context) error {
	if err := f.powered(); err != nil {
		return err
	}
	f.memory.Lock()
	defer f.memory.Unlock()
	f.selected = 0
	return nil
}

// Transmit answers commands.
func (f *File) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	cmd = bytes.Clone(cmd)
	return f.exchange(ctx, func() []byte {
		f.memory.Lock()
		defer f.memory.Unlock()
		return f.answer(cmd)
	})
}

func (f *File) answer(cmd []byte) []byte {
	if len(cmd) < 5 {
		return word(0x6700)
	}
	switch {
	case bytes.Equal(cmd, []byte{0xFF, 0xCA, 0, 0, 0}):
		return success(f.uid)
	case bytes.Equal(cmd, []byte{0x90, 0x60, 0, 0, 0}) && len(f.hardware) > 0:
		return append(bytes.Clone(f.hardware), 0x91, 0xAF)
	case cmd[0] != 0x00:
		return word(0x6E00)
	case cmd[1] == 0xA4:
		return f.choose(cmd)
	case cmd[1] == 0xB0:
		return f.readBinary(cmd)
	default:
		return word(0x6D00)
	}
}

func (f *File) choose(cmd []byte) []byte {
	application := []byte{0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01}
	switch {
	case cmd[2] == 0x04:
		if len(cmd) < 12 || !bytes.Equal(cmd[5:12], application) {
			return word(0x6A82)
		}
		f.selected = 1
	case len(cmd) != 7 || cmd[4] != 2:
		return word(0x6700)
	default:
		id := binary.BigEndian.Uint16(cmd[5:])
		if f.selected == 0 || id != ccFile && id != ndefFile {
			return word(0x6A82)
		}
		f.selected = id
	}
	return word(0x9000)
}

func (f *File) readBinary(cmd []byte) []byte {
	var content []byte
	switch f.selected {
	case ccFile:
		content = []byte{0, 0x0F, 0x20, 0, byte(f.maxRead), 0, 0xFF, 0x04, 0x06, 0xE1, 0x04, 0x01, 0x00, 0x00, 0x00}
	case ndefFile:
		content = f.ndef
	default:
		return word(0x6982)
	}
	at, n := int(binary.BigEndian.Uint16(cmd[2:])), int(cmd[4])
	switch {
	case at >= len(content):
		return word(0x6B00)
	case n > f.maxRead:
		return word(0x6700)
	}
	return success(content[at:min(at+n, len(content))])
}

// Phone is a telephone at the reader: a random number and no tag in it.
type Phone struct {
	// UID should begin with 08, as random numbers do.
	UID [4]byte
}

// ATR is one of many that phones show.
func (p Phone) ATR() []byte { return []byte{0x3B, 0x80, 0x80, 0x01, 0x01} }

// Reset does nothing.
func (p Phone) Reset(context.Context) error { return nil }

// Transmit gives the number and knows no application.
func (p Phone) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(cmd) > 1 && cmd[0] == 0xFF && cmd[1] == 0xCA {
		return success(p.UID[:]), nil
	}
	return word(0x6A82), nil
}
