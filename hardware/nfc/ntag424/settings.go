package ntag424

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

const (
	ndefFile = 0x02
	// messageOn is the bit of the file's option that switches messages on; the two lowest bits are the mode.
	messageOn = 0x40
	modeMask  = 0x03
	// lengthSize is the width of the length in front of the content.
	lengthSize = 2
)

// Conditions of access (data sheet §8.2.3.3): a key's number, everybody, or nobody.
const (
	everybody = 0xE
	nobody    = 0xF
)

// access is who may do what with a file: four nibbles for reading, writing, both, and changing these settings.
type access uint16

func accessTo(read, write, both, change access) access {
	return read<<12 | write<<8 | both<<4 | change
}

func (a access) read() access   { return a >> 12 }
func (a access) write() access  { return a >> 8 & 0xF }
func (a access) both() access   { return a >> 4 & 0xF }
func (a access) change() access { return a & 0xF }

// settings are those of a file (data sheet §10.7.1).
type settings struct {
	option byte
	access access
	// size of the file in bytes; zero in settings that are yet to be made.
	size int
	// mirrors is what follows when messages are on: which, by which keys, and where.
	mirrors []byte
}

// delivered are the settings of the content's file as the maker delivers it.
func delivered() settings {
	return settings{access: accessTo(everybody, everybody, everybody, sun.KeyMaster)}
}

// quiet are settings without messages in which only the master key writes.
func quiet() settings {
	return settings{access: accessTo(everybody, sun.KeyMaster, sun.KeyMaster, sun.KeyMaster)}
}

// speaking are the settings of a tag that fills in a word at an offset of its file: number and counter, encrypted with
// [sun.KeyMeta], and a MAC by [sun.KeyFile] that signs no further text. The counter cannot be asked for otherwise.
func speaking(word int) settings {
	s := quiet()
	s.option = messageOn
	const numberCounterASCII = 0x80 | 0x40 | 0x01
	s.mirrors = []byte{numberCounterASCII}
	s.mirrors = binary.LittleEndian.AppendUint16(s.mirrors, uint16(accessTo(sun.KeyMeta, sun.KeyFile, nobody, nobody)))
	for _, at := range []int{word + sun.PICCDataAt, word + sun.MACAt, word + sun.MACAt} {
		s.mirrors = append(s.mirrors, byte(at), byte(at>>8), byte(at>>16))
	}
	return s
}

// encode gives the settings as ChangeFileSettings takes them.
func (s settings) encode() []byte {
	return append(binary.LittleEndian.AppendUint16([]byte{s.option}, uint16(s.access)), s.mirrors...)
}

// same compares all but the size.
func (s settings) same(other settings) bool { return bytes.Equal(s.encode(), other.encode()) }

// speaks reports whether messages are on.
func (s settings) speaks() bool { return s.option&messageOn != 0 }

// reaches reports whether a condition lets in whoever has proved the master key.
func reaches(a access) bool { return a == sun.KeyMaster || a == everybody }

// readable reports whether the master key reads the file in plain.
func (s settings) readable() bool {
	return s.option&modeMask == 0 && (reaches(s.access.read()) || reaches(s.access.both()))
}

// writable reports whether the master key writes the file in plain, with no messages to get mixed up by it.
func (s settings) writable() bool {
	return !s.speaks() && s.option&modeMask == 0 && (reaches(s.access.write()) || reaches(s.access.both()))
}

// parseSettings reads an answer to GetFileSettings (data sheet §10.7.2).
func parseSettings(b []byte) (settings, bool) {
	const fixed = 7
	if len(b) < fixed || b[0] != 0x00 {
		return settings{}, false
	}
	s := settings{
		option:  b[1],
		access:  access(binary.LittleEndian.Uint16(b[2:])),
		size:    int(b[4]) | int(b[5])<<8 | int(b[6])<<16,
		mirrors: bytes.Clone(b[fixed:]),
	}
	return s, s.speaks() == (len(s.mirrors) > 0)
}

func (s *session) settings(ctx context.Context) (settings, error) {
	const what = "read the settings of the content"
	answer, err := s.send(ctx, what, signed, insGetSettings, []byte{ndefFile}, nil)
	if err != nil {
		return settings{}, err
	}
	parsed, ok := parseSettings(answer)
	if !ok {
		return settings{}, fmt.Errorf("%s: %w", what, ErrGarbled)
	}
	return parsed, nil
}

func (s *session) changeSettings(ctx context.Context, to settings) error {
	_, err := s.send(ctx, "change the settings of the content", sealed, insChangeSettings, []byte{ndefFile}, to.encode())
	return err
}
