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
	// padding fills up what is encrypted about the tag; in LRP mode its last bytes are PICCRand.
	padding []byte
}

const lrpRandom = 8

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
		n := blockSize
		if d.store.lrp {
			n += lrpRandom
		}
		d.live.run = dnaRun{ins: ins, file: f, padding: d.draw(n)}
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
	keys := d.fileKeys(s)
	if s.enc >= 0 {
		put(out, s.enc, keys.encrypt(d, f.content[s.enc:s.enc+s.encLength/2]))
	}
	put(out, s.mac, mac8(keys.mac(out[s.macInput:s.mac])))
	return out
}

// sdmKeys are the session keys of one reading.
type sdmKeys struct {
	mac     func(message []byte) [blockSize]byte
	encrypt func(d *DNA, plain []byte) []byte
}

// fileKeys derives them from number and counter as far as these are mirrored (§9.3.9).
func (d *DNA) fileKeys(s *dnaSDM) sdmKeys {
	key := d.store.keys[s.fileRead()].value
	identity := d.identity(s.shows(sdmUID), s.shows(sdmCounter))
	if d.store.lrp {
		vector := append([]byte{0x00, 0x01, 0x00, 0x80}, identity...)
		for len(vector)%blockSize != blockSize-2 {
			vector = append(vector, 0)
		}
		master := dnaSecret(key.lrp(0).cmac(append(vector, 0x1E, 0xE1)))
		return sdmKeys{mac: master.lrp(0).cmac, encrypt: func(d *DNA, plain []byte) []byte {
			return master.lrp(1).encrypt(append(d.identity(false, true), 0, 0, 0), plain)
		}}
	}
	vector := append([]byte{0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80}, identity...)
	for len(vector)%blockSize != 0 {
		vector = append(vector, 0)
	}
	session := dnaSecret(key.cmac(vector))
	secret := dnaSecret(key.cmac(append([]byte{0xC3, 0x3C, 0x00, 0x01, 0x00, 0x80}, identity...)))
	return sdmKeys{mac: session.cmac, encrypt: func(d *DNA, plain []byte) []byte { return d.encrypted(secret, plain) }}
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
	plain := []byte{0}
	if s.has(sdmUID) {
		plain[0] |= 0x80 | byte(len(d.uid))
	}
	if s.has(sdmCounter) {
		plain[0] |= 0x40
	}
	plain = append(plain, d.identity(s.has(sdmUID), s.has(sdmCounter))...)
	plain = append(plain, d.live.run.padding...)
	key := d.store.keys[s.metaRead()].value
	if d.store.lrp {
		random := d.live.run.padding[blockSize:]
		return append(bytes.Clone(random), key.lrp(0).encrypt(bytes.Clone(random), plain[:blockSize])...)
	}
	return key.encrypt([blockSize]byte{}, plain[:blockSize])
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
