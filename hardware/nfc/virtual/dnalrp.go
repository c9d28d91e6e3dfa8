package virtual

import "bytes"

// The Leakage Resilient Primitive of NXP's AN12304, with nibbles as its unit, as the NTAG 424 DNA uses it (data sheet
// NT4H2421Gx §9.2).

// lrpMode announces LRP mode in the first answer of an authentication.
const lrpMode = 0x01

// lrpKey is a key of LRP: secret plain texts and an updated key (AN12304 §2.1, §2.2).
type lrpKey struct {
	texts   [16][blockSize]byte
	updated dnaSecret
}

// lrp derives the n-th key.
func (k dnaSecret) lrp(n int) (out lrpKey) {
	step, take := filled(0x55), filled(0xAA)
	h := dnaSecret(k.ecb(step))
	for i := range out.texts {
		out.texts[i] = h.ecb(take)
		h = h.ecb(step)
	}
	h = k.ecb(take)
	for range n {
		h = h.ecb(step)
	}
	out.updated = h.ecb(take)
	return out
}

func filled(b byte) [blockSize]byte { return [blockSize]byte(bytes.Repeat([]byte{b}, blockSize)) }

// eval walks through the nibbles of input (AN12304 algorithm 3).
func (k lrpKey) eval(input []byte) [blockSize]byte {
	y := k.updated
	for _, b := range input {
		y = y.ecb(k.texts[b>>4])
		y = y.ecb(k.texts[b&0xF])
	}
	return y.ecb([blockSize]byte{})
}

func (k lrpKey) cmac(message []byte) [blockSize]byte {
	return cmac(func(in [blockSize]byte) [blockSize]byte { return k.eval(in[:]) }, message)
}

// encrypt is LRICB (AN12304 algorithm 4). The counter goes up by one per block.
func (k lrpKey) encrypt(counter, data []byte) []byte {
	out := make([]byte, 0, len(data))
	for ; len(data) > 0; data = data[blockSize:] {
		block := dnaSecret(k.eval(counter)).ecb([blockSize]byte(data))
		out = append(out, block[:]...)
		countUp(counter)
	}
	return out
}

func (k lrpKey) decrypt(counter, data []byte) []byte {
	out := make([]byte, len(data))
	for i := 0; i < len(data); i += blockSize {
		dnaSecret(k.eval(counter)).block().Decrypt(out[i:], data[i:])
		countUp(counter)
	}
	return out
}

func countUp(counter []byte) {
	for i := len(counter) - 1; i >= 0; i-- {
		if counter[i]++; counter[i] != 0 {
			return
		}
	}
}

// lrpSession is what a session has in LRP mode; blocks is EncCtr.
type lrpSession struct {
	mac, enc lrpKey
	blocks   [4]byte
}

// newLRPSession derives the session keys (§9.2.7).
func newLRPSession(key int, secret dnaSecret, a, b [blockSize]byte) *dnaSession {
	vector := append(append([]byte{0x00, 0x01, 0x00, 0x80}, mixture(a, b)...), 0x96, 0x69)
	master := dnaSecret(secret.lrp(0).cmac(vector))
	return &dnaSession{key: key, lrp: &lrpSession{mac: master.lrp(0), enc: master.lrp(1)}}
}

// respondLRP is part 2 of AuthenticateLRPFirst and AuthenticateLRPNonFirst (§10.4.3, §10.4.4).
func (d *DNA) respondLRP(c challenge, before *dnaSession, body []byte) []byte {
	if len(body) != 2*blockSize {
		return d.fail(dnaLengthError)
	}
	k := &d.store.keys[c.key]
	rndA := [blockSize]byte(body)
	s := newLRPSession(c.key, k.value, rndA, c.rndB)
	if s.lrp.mac.cmac(append(rndA[:], c.rndB[:]...)) != [blockSize]byte(body[blockSize:]) {
		return d.wrongKey(k)
	}
	d.rightKey(k)
	var out []byte
	if c.first {
		copy(s.ti[:], d.draw(4))
		plain := append(append(bytes.Clone(s.ti[:]), d.store.capability[:]...), c.capability[:]...)
		out = s.encrypt(0, plain)
	} else {
		s.ti, s.counter = before.ti, before.counter
	}
	answer := s.lrp.mac.cmac(append(append(bytes.Clone(c.rndB[:]), rndA[:]...), out...))
	d.live.session = s
	return native(append(out, answer[:]...), dnaOK)
}
