package virtual

import (
	"bytes"
	"encoding/binary"
)

// The commands of ISO 7816-4 (data sheet NT4H2421Gx §10.9).

// iso answers a command of class 00. An error ends everything that was going on.
func (d *DNA) iso(cmd []byte) []byte {
	if d.live.pending != nil {
		d.forget()
		return word(0x6985)
	}
	var answer []byte
	switch cmd[1] {
	case 0xA4:
		d.live.run = dnaRun{}
		answer = d.isoSelect(cmd)
	case 0xB0:
		answer = d.isoRead(cmd)
	case 0xD6:
		d.live.run = dnaRun{}
		answer = d.isoUpdate(cmd)
	default:
		answer = word(0x6D00)
	}
	if answer[len(answer)-2] != 0x90 {
		d.forget()
	}
	return answer
}

// isoSelect selects by name or by identifier. Every selection ends an authentication.
func (d *DNA) isoSelect(cmd []byte) []byte {
	name, ok := isoBody(cmd)
	switch {
	case !ok:
		return word(0x6700)
	case cmd[3] != 0x00 && cmd[3] != 0x0C || cmd[2] > 4:
		return word(0x6A86)
	case cmd[2] == 0x04:
		if len(name) < 1 || len(name) > 16 {
			return word(0x6A87)
		}
		return d.selectName(name)
	case len(name) == 0 && (cmd[2] == 0 || cmd[2] == 3):
		return d.selected(false, 0)
	case len(name) != 2 || cmd[2] == 3:
		return word(0x6A87)
	default:
		return d.selectID(cmd[2], binary.BigEndian.Uint16(name))
	}
}

func (d *DNA) selectName(name []byte) []byte {
	common := []byte{0xD2, 0x76, 0x00, 0x00, 0x85, 0x01}
	switch {
	case len(name) != 7 || !bytes.Equal(name[:6], common) || name[6] > 1:
		return word(0x6A82)
	default:
		return d.selected(name[6] == 1, 0)
	}
}

func (d *DNA) selectID(p1 byte, id uint16) []byte {
	const master, application = 0x3F00, 0xE110
	switch {
	case id == master && p1 == 0:
		return d.selected(false, 0)
	case id == application && p1 <= 1:
		return d.selected(true, 0)
	}
	for i := range d.store.files {
		if d.store.files[i].id == id && d.live.application && p1 != 1 {
			return d.selected(true, i+1)
		}
	}
	return word(0x6A82)
}

func (d *DNA) selected(application bool, file int) []byte {
	d.forget()
	d.live.application, d.live.file = application, file
	return word(0x9000)
}

// isoBody is the data of a command that expects at most a description in return.
func isoBody(cmd []byte) ([]byte, bool) {
	if len(cmd) <= 5 {
		return nil, len(cmd) == 4 || cmd[4] == 0
	}
	n := int(cmd[4])
	if len(cmd) != 5+n && len(cmd) != 6+n {
		return nil, false
	}
	return cmd[5 : 5+n], true
}

// target finds the file and the offset that P1 and P2 name; a short identifier selects its file.
func (d *DNA) target(p1, p2 byte) (f *dnaFile, at int, answer []byte) {
	at = int(p1)<<8 | int(p2)
	if p1&0x80 != 0 {
		short := int(p1 & 0x1F)
		switch {
		case p1&0x60 != 0 || short == 0x1F:
			return nil, 0, word(0x6A86)
		case short != 0 && (!d.live.application || short < 3 || short > 5):
			return nil, 0, word(0x6A82)
		case short != 0:
			d.live.file = short - 2
		}
		at = int(p2)
	}
	if d.live.file == 0 {
		return nil, 0, word(0x6985)
	}
	return &d.store.files[d.live.file-1], at, nil
}

// isoRead is ISOReadBinary (§10.9.2), which is for readers without a session only.
func (d *DNA) isoRead(cmd []byte) []byte {
	if len(cmd) != 5 {
		return word(0x6700)
	}
	f, at, answer := d.target(cmd[2], cmd[3])
	if answer != nil {
		return answer
	}
	free := f.rights.read() == accessFree || f.rights.readWrite() == accessFree || f.sdm != nil && f.sdm.fileRead() != accessNever
	switch {
	case d.live.session != nil || !free:
		return word(0x6982)
	case at >= len(f.content):
		return word(0x6A86)
	}
	content, ok := d.face(f, cmd[1])
	if !ok {
		return word(0x6982)
	}
	n := int(cmd[4])
	if n == 0 {
		n = 256
	}
	return success(content[at:min(at+n, len(content))])
}

// isoUpdate is ISOUpdateBinary (§10.9.3).
func (d *DNA) isoUpdate(cmd []byte) []byte {
	if len(cmd) < 6 || len(cmd) != 5+int(cmd[4]) {
		return word(0x6700)
	}
	f, at, answer := d.target(cmd[2], cmd[3])
	if answer != nil {
		return answer
	}
	free := f.rights.write() == accessFree || f.rights.readWrite() == accessFree
	data := cmd[5:]
	switch {
	case d.live.session != nil || !free:
		return word(0x6982)
	case at >= len(f.content):
		return word(0x6A86)
	case at+len(data) > len(f.content):
		return word(0x6700)
	}
	d.put(f, at, data)
	return word(0x9000)
}
