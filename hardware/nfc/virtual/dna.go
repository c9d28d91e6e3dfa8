package virtual

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"sync"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

var _ nfc.Card = (*DNA)(nil)

// DNAOptions says how an NTAG 424 DNA differs from one that comes from the factory.
type DNAOptions struct {
	// Message is the NDEF message on the tag, at most 254 bytes; more is cut off. The factory writes none.
	Message []byte
	// Signature is the answer to Read_Sig, 56 bytes. Without it the tag has 56 zeros, which no check accepts.
	Signature []byte
	// RandomID makes the tag show another four-byte number after each loss of power, for good.
	RandomID bool
	// LRP puts the tag into LRP mode, for good: it refuses the AES authentication and its messages are longer.
	LRP bool
	// Random is where the tag takes its challenges, transaction identifiers and paddings from; nil means crypto/rand.
	Random io.Reader
}

// DNA is an NTAG 424 DNA (NXP data sheet NT4H2421Gx, rev. 3.0) as it leaves the factory, in the field of a reader. It may be
// used by several goroutines.
//
// It models the three files with their access rights and communication modes, the five keys with their versions, the secure
// channel and Secure Dynamic Messaging in AES and in LRP mode, the counters of failed authentications, SetConfiguration, and
// the loss of power at any command. What it refuses, and with which status word, follows chapter 10. A status that the data sheet leaves open
// is the stricter one: every selection ends an authentication, and a command of a wrong length is refused before its access
// rights are looked at.
//
// It does not model chained frames longer than one APDU, the originality keys, and the real time of a delayed authentication:
// each refused attempt counts as one unit of it. SDMReadCtr starts anew when messaging is switched on while it was off, not
// when its settings change.
type DNA struct {
	field
	uid       [7]byte
	signature []byte
	random    io.Reader

	memory sync.Mutex
	// store survives the loss of power and live does not; both and writes are guarded by memory.
	store  dnaStore
	live   dnaPower
	writes int
}

// dnaStore is what the tag keeps without power.
type dnaStore struct {
	keys  [5]dnaKey
	files [3]dnaFile
	// counter is SDMReadCtr, which belongs to the second file.
	counter    uint32
	randomID   bool
	lrp        bool
	capability [6]byte
	failures   dnaFailureLimit
}

// dnaPower is what the tag knows from one power-up to the next.
type dnaPower struct {
	// shown is the number that the reader sees.
	shown []byte
	// application says that the NDEF application is selected and not the PICC level; file is then the selected one, 1 to 3, or 0.
	application bool
	file        int
	session     *dnaSession
	pending     func(body []byte) []byte
	run         dnaRun
}

// NewDNA makes a tag with the given number, whose first byte should be 04, NXP's.
func NewDNA(uid [7]byte, options DNAOptions) *DNA {
	d := &DNA{uid: uid, random: options.Random, signature: make([]byte, 56)}
	if d.random == nil {
		d.random = rand.Reader
	}
	copy(d.signature, options.Signature)
	d.left = -1
	d.store.files = factoryFiles()
	d.store.failures = dnaFailureLimit{on: true, most: 1000, step: 10}
	if len(options.Message) > 0 {
		ndef := d.store.files[1].content
		ndef[1] = byte(copy(ndef[2:], options.Message))
	}
	d.store.randomID = options.RandomID
	if options.LRP {
		d.store.enableLRP()
	}
	d.powerUp()
	return d
}

// ATR is what readers make of this tag's ATS.
func (d *DNA) ATR() []byte { return []byte{0x3B, 0x81, 0x80, 0x01, 0x80, 0x80} }

// Reset cycles the field: selection, authentication and whatever was going on are gone.
func (d *DNA) Reset(context.Context) error {
	if err := d.powered(); err != nil {
		return err
	}
	d.memory.Lock()
	defer d.memory.Unlock()
	d.powerUp()
	return nil
}

func (d *DNA) powerUp() {
	d.live = dnaPower{shown: bytes.Clone(d.uid[:])}
	if d.store.randomID {
		d.live.shown = append([]byte{0x08}, d.draw(3)...)
	}
}

// draw takes n random bytes.
func (d *DNA) draw(n int) []byte {
	out := make([]byte, n)
	if _, err := io.ReadFull(d.random, out); err != nil {
		panic(err) // only a test's own source of randomness can run dry
	}
	return out
}

// Transmit answers commands. A command during which the card leaves takes its power, too.
func (d *DNA) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	cmd = bytes.Clone(cmd)
	answer, err := d.exchange(ctx, func() []byte {
		d.memory.Lock()
		defer d.memory.Unlock()
		return d.answer(cmd)
	})
	if d.Away() {
		d.memory.Lock()
		defer d.memory.Unlock()
		d.powerUp()
	}
	return answer, err
}

func (d *DNA) answer(cmd []byte) []byte {
	if len(cmd) < 4 {
		return word(0x6700)
	}
	switch cmd[0] {
	case 0xFF:
		return d.reader(cmd)
	case 0x90:
		return d.native(cmd)
	case 0x00:
		return d.iso(cmd)
	default:
		d.forget()
		return word(0x6E00)
	}
}

// reader answers what never reaches the tag.
func (d *DNA) reader(cmd []byte) []byte {
	switch {
	case len(cmd) != 5:
		return word(0x6700)
	case cmd[1] != 0xCA:
		return word(0x6D00)
	case cmd[2] == 0 && cmd[3] == 0:
		return success(d.live.shown)
	case cmd[2] == 1 && cmd[3] == 0:
		return success([]byte{0x06, 0x77, 0x77, 0x71, 0x02, 0x80})
	default:
		return word(0x6A81)
	}
}

// forget ends an authentication and everything that was going on, as any error does (§9.1.9).
func (d *DNA) forget() { d.live.session, d.live.pending, d.live.run = nil, nil, dnaRun{} }
