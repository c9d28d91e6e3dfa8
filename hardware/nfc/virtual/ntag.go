package virtual

import (
	"bytes"
	"context"
	"slices"
	"sync"
)

// Model is a member of the NTAG21x family.
type Model int

// Models of NXP's data sheet NTAG213/215/216.
const (
	NTAG213 Model = iota
	NTAG215
	NTAG216
)

// Raw is the way in which the virtual reader passes raw commands to the tag.
type Raw int

// Ways of readers.
const (
	RawDirect Raw = iota
	RawPN53x
	RawNone
)

const (
	pageSize = 4
	readSize = 16
	ccPage   = 3
	userPage = 4
)

// chip holds what differs between models (data sheet §8.5 and §10.1).
type chip struct {
	pages, lockPage int
	ccSize, version byte
	lockUnit        int
	factory         []byte
}

func (m Model) chip() chip {
	switch m {
	case NTAG215:
		return chip{pages: 135, lockPage: 0x82, ccSize: 0x3E, version: 0x11, lockUnit: 16, factory: []byte{0x03, 0x00, 0xFE, 0x00}}
	case NTAG216:
		return chip{pages: 231, lockPage: 0xE2, ccSize: 0x6D, version: 0x13, lockUnit: 16, factory: []byte{0x03, 0x00, 0xFE, 0x00}}
	default:
		return chip{
			pages: 45, lockPage: 0x28, ccSize: 0x12, version: 0x0F, lockUnit: 2,
			factory: []byte{0x01, 0x03, 0xA0, 0x0C, 0x34, 0x03, 0x00, 0xFE},
		}
	}
}

// NTAG is an NTAG213, 215 or 216 as it leaves the factory, in the field of a reader. It may be used by several
// goroutines.
type NTAG struct {
	field
	raw  Raw
	chip chip
	uid  []byte

	memory sync.Mutex
	// All below is guarded by memory. mem, signature, counter and wrong survive the loss of power.
	mem       []byte
	signature [32]byte
	// counter is the NFC counter; wrong counts passwords that were refused.
	counter, wrong int
	// active is the configuration that is in force, which late tags take from their memory at power-up only.
	active        settings
	late          bool
	silent        bool
	authenticated bool
	// counted says that this power-up has been counted.
	counted bool
	writes  int
	// mix has the bits that come through when a write is cut off in the middle.
	mix [pageSize]byte
}

// NewNTAG makes a factory-fresh tag. The UID's first byte should be 04, NXP's.
func NewNTAG(model Model, uid [7]byte) *NTAG {
	c := model.chip()
	t := &NTAG{chip: c, uid: uid[:], mem: make([]byte, c.pages*pageSize)}
	t.left = -1
	copy(t.mem, []byte{uid[0], uid[1], uid[2], 0x88 ^ uid[0] ^ uid[1] ^ uid[2], uid[3], uid[4], uid[5], uid[6]})
	t.mem[8], t.mem[9] = uid[3]^uid[4]^uid[5]^uid[6], 0x48
	copy(t.mem[ccPage*pageSize:], []byte{0xE1, 0x10, c.ccSize, 0x00})
	copy(t.mem[userPage*pageSize:], c.factory)
	at := c.lockPage * pageSize
	copy(t.mem[at:], []byte{0, 0, 0, 0xBD, 0x04, 0, 0, 0xFF, 0, 0x05, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF})
	t.mix = [pageSize]byte{0x5A, 0xA5, 0x0F, 0x33}
	t.powerUp()
	return t
}

// Late makes the tag follow a changed configuration only from the next power-up on. The data sheet says so of CFGLCK alone
// (§8.5.7); of the rest it says nothing, and tags were seen to do either.
func (t *NTAG) Late() *NTAG {
	t.late = true
	return t
}

// Signed gives the tag the answer to READ_SIG; the factory's is 32 zeros here, which no check accepts.
func (t *NTAG) Signed(signature [32]byte) *NTAG {
	t.signature = signature
	return t
}

// Mixing sets which bits of a page come through when its writing is cut off in the middle.
func (t *NTAG) Mixing(mix [4]byte) *NTAG {
	t.mix = mix
	return t
}

// Through sets how the reader passes raw commands on; the default is [RawDirect].
func (t *NTAG) Through(raw Raw) *NTAG {
	t.raw = raw
	return t
}

// ATR is the synthetic answer of readers to Ultralight and NTAG21x tags.
func (t *NTAG) ATR() []byte {
	return []byte{0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0, 0, 0x03, 0x06, 0x03, 0, 0x03, 0, 0, 0, 0, 0x68}
}

// Reset cycles the field: a silent tag listens again and a password must be given anew.
func (t *NTAG) Reset(context.Context) error {
	if err := t.powered(); err != nil {
		return err
	}
	t.memory.Lock()
	defer t.memory.Unlock()
	t.powerUp()
	return nil
}

func (t *NTAG) powerUp() {
	t.silent, t.authenticated, t.counted = false, false, false
	t.active = t.stored()
}

// Memory returns a copy of all pages as they are stored, passwords included.
func (t *NTAG) Memory() []byte {
	t.memory.Lock()
	defer t.memory.Unlock()
	return slices.Clone(t.mem)
}

// Writes returns how many pages have been written since the tag was made.
func (t *NTAG) Writes() int {
	t.memory.Lock()
	defer t.memory.Unlock()
	return t.writes
}

// Put stores bytes from a page on without asking the tag, the way a test prepares a tag that has lived.
func (t *NTAG) Put(page int, data []byte) {
	t.memory.Lock()
	defer t.memory.Unlock()
	copy(t.mem[page*pageSize:], data)
	t.active = t.stored()
}

// Transmit answers the pseudo-commands of a reader that has this tag in its field. A command during which the tag leaves takes
// its power, too.
func (t *NTAG) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	cmd = bytes.Clone(cmd)
	answer, err := t.exchange(ctx, func() []byte {
		t.memory.Lock()
		defer t.memory.Unlock()
		return t.reader(cmd)
	})
	if t.Away() {
		t.memory.Lock()
		defer t.memory.Unlock()
		t.powerUp()
	}
	return answer, err
}

func (t *NTAG) reader(cmd []byte) []byte {
	if len(cmd) < 5 {
		return word(0x6700)
	}
	if cmd[0] != 0xFF {
		return word(0x6E00)
	}
	switch cmd[1] {
	case 0xCA:
		return t.identify(cmd)
	case 0xB0:
		return t.binary(cmd)
	case 0xD6:
		return t.update(cmd)
	case 0x00:
		return t.pass(cmd)
	default:
		return word(0x6D00)
	}
}

func (t *NTAG) identify(cmd []byte) []byte {
	switch {
	case cmd[2] != 0 || cmd[3] != 0:
		return word(0x6A81)
	case cmd[4] != 0 && int(cmd[4]) < len(t.uid):
		return word(0x6C00 | uint16(len(t.uid)))
	default:
		return success(t.uid)
	}
}

func (t *NTAG) binary(cmd []byte) []byte {
	n := int(cmd[4])
	if len(cmd) != 5 || n > readSize || n == 0 {
		return word(0x6700)
	}
	data, ok := t.read(int(cmd[3]))
	if !ok || cmd[2] != 0 {
		return word(0x6300)
	}
	return success(data[:n])
}

func (t *NTAG) update(cmd []byte) []byte {
	if len(cmd) != 5+pageSize || cmd[4] != pageSize {
		return word(0x6700)
	}
	if cmd[2] != 0 || !t.write(int(cmd[3]), cmd[5:]) {
		return word(0x6300)
	}
	return word(0x9000)
}
