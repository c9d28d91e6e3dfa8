package virtual

import (
	"bytes"
	"encoding/hex"
	"math"
)

// dnaRun is a sequence of like read commands, during which counter and padding stay (data sheet NT4H2421Gx §9.3.1, §9.3.4).
type dnaRun struct {
	ins  byte
	file *dnaFile
	// padding fills up what is encrypted about the tag.
	padding []byte
}

// face is a file as it reads now: as stored for a session, with its mirrors for anybody else. The first read of a run counts;
// ok is false when the counter has come to its end.
func (d *DNA) face(f *dnaFile, ins byte) (content []byte, ok bool) {
	if f.sdm == nil || d.live.session != nil {
		d.live.run = dnaRun{}
		return bytes.Clone(f.content), true
	}
	if d.live.run.ins != ins || d.live.run.file != f {
		if f.sdm.has(sdmCounter) {
			if int(d.store.counter) >= f.sdm.most() {
				return nil, false
			}
			d.store.counter++
		}
		d.live.run = dnaRun{ins: ins, file: f, padding: d.draw(blockSize)}
	}
	return d.mirrored(f), true
}

// most is where the counter ends.
func (s *dnaSDM) most() int {
	if s.has(sdmLimit) {
		return s.limit
	}
	return noMirror
}

// mirrored replaces the placeholders (§9.3.3 to §9.3.8).
func (d *DNA) mirrored(f *dnaFile) []byte {
	s, out := f.sdm, bytes.Clone(f.content)
	counter := d.store.counter
	if s.uid >= 0 {
		put(out, s.uid, d.uid[:])
	}
	if s.counter >= 0 {
		put(out, s.counter, []byte{byte(counter >> 16), byte(counter >> 8), byte(counter)})
	}
	if s.picc >= 0 {
		put(out, s.picc, d.piccData(s))
	}
	if s.fileRead() == accessNever {
		return out
	}
	if d.store.lrp {
		put(out, s.mac, d.live.run.padding[:macMirror/2])
		return out
	}
	key := d.store.keys[s.fileRead()].value
	if s.enc >= 0 {
		secret := key.cmac(append([]byte{0xC3, 0x3C, 0x00, 0x01, 0x00, 0x80}, d.identity(true, true)...))
		put(out, s.enc, d.encrypted(secret, f.content[s.enc:s.enc+s.encLength/2]))
	}
	vector := append([]byte{0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80}, d.identity(s.shows(sdmUID), s.shows(sdmCounter))...)
	for len(vector)%blockSize != 0 {
		vector = append(vector, 0)
	}
	session := dnaSecret(key.cmac(vector))
	put(out, s.mac, mac8(session.cmac(out[s.macInput:s.mac])))
	return out
}

// shows reports whether the number or the counter is mirrored in any form.
func (s *dnaSDM) shows(bit byte) bool {
	if !s.has(bit) {
		return false
	}
	return s.picc >= 0 || bit == sdmUID && s.uid >= 0 || bit == sdmCounter && s.counter >= 0
}

// put writes data in capital hexadecimal digits.
func put(out []byte, at int, data []byte) {
	copy(out[at:], bytes.ToUpper([]byte(hex.EncodeToString(data))))
}

// identity is number and counter as they enter keys and encrypted data.
func (d *DNA) identity(uid, counter bool) []byte {
	var out []byte
	if uid {
		out = append(out, d.uid[:]...)
	}
	if counter {
		out = putLE3(out, int(d.store.counter&(math.MaxUint32>>8)))
	}
	return out
}

// piccData encrypts number and counter (§9.3.4). In LRP mode it is 24 bytes long.
func (d *DNA) piccData(s *dnaSDM) []byte {
	if d.store.lrp {
		return append(bytes.Clone(d.live.run.padding), d.live.run.padding[:8]...)
	}
	plain := []byte{0}
	if s.has(sdmUID) {
		plain[0] |= 0x80 | byte(len(d.uid))
	}
	if s.has(sdmCounter) {
		plain[0] |= 0x40
	}
	plain = append(plain, d.identity(s.has(sdmUID), s.has(sdmCounter))...)
	plain = append(plain, d.live.run.padding...)
	return d.store.keys[s.metaRead()].value.encrypt([blockSize]byte{}, plain[:blockSize])
}

// encrypted is a part of the file under the session key (§9.3.6).
func (d *DNA) encrypted(key dnaSecret, plain []byte) []byte {
	var iv [blockSize]byte
	copy(iv[:], putLE3(nil, int(d.store.counter)))
	return key.encrypt(key.ecb(iv), plain)
}

// Counter returns SDMReadCtr.
func (d *DNA) Counter() int {
	d.memory.Lock()
	defer d.memory.Unlock()
	return int(d.store.counter)
}

// PutCounter sets SDMReadCtr without asking the tag, which itself only counts up.
func (d *DNA) PutCounter(n int) {
	d.memory.Lock()
	defer d.memory.Unlock()
	d.store.counter = uint32(n)
}
