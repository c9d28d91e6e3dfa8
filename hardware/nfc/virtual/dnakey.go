package virtual

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// changeKey is ChangeKey (data sheet NT4H2421Gx §10.6.1). The key of the session ends it.
func (d *DNA) changeKey(header, data []byte) ([]byte, dnaStatus) {
	number := int(header[0])
	switch {
	case header[0]&0xC0 != 0:
		return nil, dnaParameterError
	case number >= len(d.store.keys):
		return nil, dnaNoSuchKey
	case number == 0 && len(data) != 17, number != 0 && len(data) != 21:
		return nil, dnaLengthError
	}
	k := &d.store.keys[number]
	fresh := dnaSecret(data)
	if number != 0 {
		for i := range fresh {
			fresh[i] ^= k.value[i]
		}
		// The CRC of IEEE 802.3 without its final inversion.
		if ^crc32.ChecksumIEEE(fresh[:]) != binary.LittleEndian.Uint32(data[17:]) {
			return nil, dnaIntegrityError
		}
	}
	if d.cutOff() {
		return nil, dnaOK
	}
	*k = dnaKey{value: fresh, version: data[16]}
	d.writes++
	if number == 0 {
		d.live.session = nil
	}
	return nil, dnaOK
}

// keyVersion is GetKeyVersion (§10.6.2).
func (d *DNA) keyVersion(header, data []byte) ([]byte, dnaStatus) {
	switch {
	case len(data) != 0:
		return nil, dnaLengthError
	case header[0]&0xF0 != 0:
		return nil, dnaParameterError
	case int(header[0]) >= len(d.store.keys) || !d.live.application:
		return nil, dnaNoSuchKey
	}
	return []byte{d.store.keys[header[0]].version}, dnaOK
}

// Key returns a key as it is stored, and its version.
func (d *DNA) Key(number int) (key [16]byte, version byte) {
	d.memory.Lock()
	defer d.memory.Unlock()
	return d.store.keys[number].value, d.store.keys[number].version
}

// PutKey stores a key without asking the tag, the way a test prepares a tag that has lived.
func (d *DNA) PutKey(number int, key [16]byte, version byte) {
	d.memory.Lock()
	defer d.memory.Unlock()
	d.store.keys[number] = dnaKey{value: key, version: version}
}

// PutFailures sets the counters of failed authentications of a key, so that a test need not fail a thousand times.
func (d *DNA) PutFailures(key, total, inARow int) {
	d.memory.Lock()
	defer d.memory.Unlock()
	d.store.keys[key].failures, d.store.keys[key].inARow = total, inARow
}

// version is GetVersion, whose three frames are secured as one (§10.5.2).
func (d *DNA) version(body []byte) []byte {
	data, status := d.open(insGetVersion, nil, body, dnaMAC)
	if status == dnaOK && len(data) != 0 {
		status = dnaLengthError
	}
	if status != dnaOK {
		return d.fail(status)
	}
	hardware := []byte{0x04, 0x04, 0x02, 0x30, 0x00, 0x11, 0x05}
	software := []byte{0x04, 0x04, 0x02, 0x01, 0x02, 0x11, 0x05}
	number := d.uid[:]
	if d.store.randomID {
		number = make([]byte, 7)
	}
	production := append(bytes.Clone(number), 0xCF, 0x39, 0xD4, 0x49, 0x80, 0x14, 0x18)

	third := func(body []byte) []byte {
		if len(body) != 0 {
			return d.fail(dnaLengthError)
		}
		all := bytes.Join([][]byte{hardware, software, production}, nil)
		return append(bytes.Clone(production), d.seal(all, dnaMAC)[len(all):]...)
	}
	d.live.pending = func(body []byte) []byte {
		if len(body) != 0 {
			return d.fail(dnaLengthError)
		}
		d.live.pending = third
		return native(software, dnaAdditionalFrame)
	}
	return native(hardware, dnaAdditionalFrame)
}

// cardUID is GetCardUID (§10.5.3).
func (d *DNA) cardUID(_, data []byte) ([]byte, dnaStatus) {
	if len(data) != 0 {
		return nil, dnaLengthError
	}
	return bytes.Clone(d.uid[:]), dnaOK
}

// readSignature is Read_Sig (§10.10).
func (d *DNA) readSignature(header, data []byte) ([]byte, dnaStatus) {
	switch {
	case len(data) != 0:
		return nil, dnaLengthError
	case header[0] != 0:
		return nil, dnaParameterError
	default:
		return bytes.Clone(d.signature), dnaOK
	}
}
