package virtual

import (
	"crypto/subtle"
	"encoding/binary"
	"math"
)

// dnaKey is an application key with what the tag counts about it (data sheet NT4H2421Gx §9, AN12196 §6.4).
type dnaKey struct {
	value   dnaSecret
	version byte
	// failures is TotFailCtr and inARow SeqFailCtr; spent counts the refusals of the present delay.
	failures, inARow, spent int
}

// dnaFailureLimit is the failed authentication counter setting of SetConfiguration.
type dnaFailureLimit struct {
	on         bool
	most, step int
}

// patience is how many failures in a row the tag bears before it delays.
const patience = 50

// dnaSession is an active authentication.
type dnaSession struct {
	key      int
	enc, mac dnaSecret
	// lrp takes the place of enc and mac in LRP mode.
	lrp     *lrpSession
	ti      [4]byte
	counter uint16
}

// challenge is an authentication between its two parts.
type challenge struct {
	key   int
	first bool
	rndB  [blockSize]byte
	// capability is what the reader said of itself.
	capability [6]byte
}

// authenticate is part 1 of AuthenticateEV2First and AuthenticateEV2NonFirst (§10.4.1, §10.4.2).
func (d *DNA) authenticate(ins byte, body []byte) []byte {
	c := challenge{first: ins == insAuthenticateFirst}
	if status := c.parse(body); status != dnaOK {
		return d.fail(status)
	}
	if status := d.mayAuthenticate(c); status != dnaOK {
		return d.fail(status)
	}
	if !c.first && d.live.session == nil {
		return d.fail(dnaPermissionDenied)
	}
	copy(c.rndB[:], d.draw(blockSize))
	session := d.live.session
	d.forget()
	if d.store.lrp {
		d.live.pending = func(body []byte) []byte { return d.respondLRP(c, session, body) }
		return native(append([]byte{lrpMode}, c.rndB[:]...), dnaAdditionalFrame)
	}
	d.live.pending = func(body []byte) []byte { return d.respond(c, session, body) }
	key := d.store.keys[c.key].value
	return native(key.encrypt([blockSize]byte{}, c.rndB[:]), dnaAdditionalFrame)
}

func (c *challenge) parse(body []byte) dnaStatus {
	if len(body) < 1 || c.first && len(body) < 2 || !c.first && len(body) != 1 {
		return dnaLengthError
	}
	c.key = int(body[0])
	switch {
	case body[0]&0xC0 != 0:
		return dnaParameterError
	case !c.first:
		return dnaOK
	case body[1] > 6:
		return dnaParameterError
	case len(body) != 2+int(body[1]):
		return dnaLengthError
	}
	copy(c.capability[:], body[2:])
	return dnaOK
}

func (d *DNA) mayAuthenticate(c challenge) dnaStatus {
	const lrpCapability = 0x02
	// At PICC level there are only the originality keys, which are used in LRP mode alone.
	if c.key >= len(d.store.keys) || !d.live.application {
		return dnaNoSuchKey
	}
	if c.first && d.store.lrp && c.capability[0]&lrpCapability == 0 {
		return dnaPermissionDenied
	}
	k := &d.store.keys[c.key]
	if d.store.failures.on && k.failures >= d.store.failures.most {
		return dnaPermissionDenied
	}
	if over := min(k.inARow, 255) - patience + 1; over > k.spent {
		k.spent++
		return dnaAuthenticationDelay
	}
	return dnaOK
}

// respond is part 2.
func (d *DNA) respond(c challenge, before *dnaSession, body []byte) []byte {
	if len(body) != 2*blockSize {
		return d.fail(dnaLengthError)
	}
	k := &d.store.keys[c.key]
	plain := k.value.decrypt([blockSize]byte{}, body)
	rndA, answer := [blockSize]byte(plain), [blockSize]byte(plain[blockSize:])
	if answer != rotated(c.rndB) {
		return d.wrongKey(k)
	}
	d.rightKey(k)

	s := newSession(c.key, k.value, rndA, c.rndB)
	var out []byte
	if c.first {
		copy(s.ti[:], d.draw(4))
		out = append(out, s.ti[:]...)
	} else {
		s.ti, s.counter = before.ti, before.counter
	}
	turned := rotated(rndA)
	out = append(out, turned[:]...)
	if c.first {
		out = append(append(out, d.store.capability[:]...), c.capability[:]...)
	}
	d.live.session = s
	return native(k.value.encrypt([blockSize]byte{}, out), dnaOK)
}

// wrongKey counts a failed authentication.
func (d *DNA) wrongKey(k *dnaKey) []byte {
	k.failures, k.inARow, k.spent = k.failures+1, k.inARow+1, 0
	return d.fail(dnaAuthenticationError)
}

// rightKey takes something off what was counted.
func (d *DNA) rightKey(k *dnaKey) {
	k.failures, k.inARow, k.spent = max(k.failures-d.store.failures.step, 0), 0, 0
}

// newSession derives the session keys (§9.1.7).
func newSession(key int, secret dnaSecret, a, b [blockSize]byte) *dnaSession {
	derive := func(high, low byte) dnaSecret {
		return secret.cmac(append([]byte{high, low, 0x00, 0x01, 0x00, 0x80}, mixture(a, b)...))
	}
	return &dnaSession{key: key, enc: derive(0xA5, 0x5A), mac: derive(0x5A, 0xA5)}
}

// mixture is what both challenges give to the session keys.
func mixture(a, b [blockSize]byte) []byte {
	out := append(make([]byte, 0, 26), a[:8]...)
	subtle.XORBytes(out[2:], a[2:8], b[:6])
	return append(append(out, b[6:]...), a[8:]...)
}

// tag is the MAC over a command or an answer (§9.1.9): its code, the counter, the transaction, and all that is sent.
func (s *dnaSession) tag(code byte, parts ...[]byte) []byte {
	message := append([]byte{code, byte(s.counter), byte(s.counter >> 8)}, s.ti[:]...)
	for _, p := range parts {
		message = append(message, p...)
	}
	if s.lrp != nil {
		return mac8(s.lrp.mac.cmac(message))
	}
	return mac8(s.mac.cmac(message))
}

// encrypt and decrypt are for whole blocks, of a command (label A55A) or of an answer (5AA5). In LRP mode there is no label.
func (s *dnaSession) encrypt(label uint16, data []byte) []byte {
	if s.lrp != nil {
		return s.lrp.enc.encrypt(s.lrp.blocks[:], data)
	}
	return s.enc.encrypt(s.iv(label), data)
}

func (s *dnaSession) decrypt(label uint16, data []byte) []byte {
	if s.lrp != nil {
		return s.lrp.enc.decrypt(s.lrp.blocks[:], data)
	}
	return s.enc.decrypt(s.iv(label), data)
}

// iv starts the encryption of a command (A55A) or of an answer (5AA5) (§9.1.4).
func (s *dnaSession) iv(label uint16) [blockSize]byte {
	var in [blockSize]byte
	binary.BigEndian.PutUint16(in[:], label)
	copy(in[2:], s.ti[:])
	binary.LittleEndian.PutUint16(in[6:], s.counter)
	return s.enc.ecb(in)
}

// open checks and takes off what the mode puts around a command's data, and counts the command.
func (d *DNA) open(ins byte, header, data []byte, mode dnaMode) ([]byte, dnaStatus) {
	s := d.live.session
	switch {
	case s == nil:
		return data, dnaOK
	case s.counter == math.MaxUint16:
		return nil, dnaIntegrityError
	case mode == dnaPlain:
		s.counter++
		return data, dnaOK
	case len(data) < 8:
		return nil, dnaLengthError
	}
	data, tag := data[:len(data)-8], data[len(data)-8:]
	if subtle.ConstantTimeCompare(tag, s.tag(ins, header, data)) == 0 {
		return nil, dnaIntegrityError
	}
	if mode == dnaFull && len(data) > 0 {
		if len(data)%blockSize != 0 {
			return nil, dnaIntegrityError
		}
		plain, ok := unpadded(s.decrypt(0xA55A, data))
		if !ok {
			return nil, dnaIntegrityError
		}
		data = plain
	}
	s.counter++
	return data, dnaOK
}

// seal puts around an answer what the mode demands. Without a session, or when the command has ended it, that is nothing.
func (d *DNA) seal(data []byte, mode dnaMode) []byte {
	s := d.live.session
	if s == nil || mode == dnaPlain {
		return native(data, dnaOK)
	}
	if mode == dnaFull && len(data) > 0 {
		data = s.encrypt(0x5AA5, padded(data))
	}
	return native(append(data, s.tag(byte(dnaOK), data)...), dnaOK)
}

// Failures returns how many authentications with a key have failed altogether, less what successes have taken off, and how
// many in a row.
func (d *DNA) Failures(key int) (total, inARow int) {
	d.memory.Lock()
	defer d.memory.Unlock()
	return d.store.keys[key].failures, d.store.keys[key].inARow
}
