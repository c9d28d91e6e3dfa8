package virtual

import "bytes"

// dnaMode is a communication mode (data sheet NT4H2421Gx §8.2.3.5).
type dnaMode byte

const (
	dnaPlain dnaMode = 0
	dnaMAC   dnaMode = 1
	dnaFull  dnaMode = 3
)

// Access conditions of §8.2.3.3 beside the key numbers 0 to 4.
const (
	accessFree  = 0xE
	accessNever = 0xF
)

// dnaRights is the word of access rights, as in the data sheet: Read, Write, ReadWrite, Change from the high nibble down.
type dnaRights uint16

func (r dnaRights) read() byte      { return byte(r>>12) & 0xF }
func (r dnaRights) write() byte     { return byte(r>>8) & 0xF }
func (r dnaRights) readWrite() byte { return byte(r>>4) & 0xF }
func (r dnaRights) change() byte    { return byte(r) & 0xF }

// dnaFile is one of the three files of the application.
type dnaFile struct {
	id      uint16
	content []byte
	mode    dnaMode
	rights  dnaRights
	sdm     *dnaSDM
}

// factoryFiles are the files at delivery (§8.2.3, tables 5 to 8): capability container, NDEF, proprietary.
func factoryFiles() [3]dnaFile {
	files := [3]dnaFile{
		{id: 0xE103, content: make([]byte, 32), mode: dnaPlain, rights: 0xE000},
		{id: 0xE104, content: make([]byte, 256), mode: dnaPlain, rights: 0xEEE0},
		{id: 0xE105, content: make([]byte, 128), mode: dnaFull, rights: 0x2330},
	}
	copy(files[0].content, []byte{
		0x00, 0x17, 0x20, 0x01, 0x00, 0x00, 0xFF, 0x04, 0x06, 0xE1, 0x04, 0x01, 0x00, 0x00, 0x00,
		0x05, 0x06, 0xE1, 0x05, 0x00, 0x80, 0x82, 0x83,
	})
	files[2].content[1] = 0x7E
	return files
}

// dnaGrant is the outcome of looking at access rights.
type dnaGrant int

const (
	refused dnaGrant = iota
	// grantedFree needs no key, so that nothing is secured.
	grantedFree
	grantedByKey
)

// grant says whether any of the conditions lets the present session in. A key counts before free access, because it brings
// the file's communication mode with it.
func (d *DNA) grant(conditions ...byte) dnaGrant {
	out := refused
	for _, c := range conditions {
		switch {
		case d.live.session != nil && int(c) == d.live.session.key:
			return grantedByKey
		case c == accessFree:
			out = grantedFree
		}
	}
	return out
}

// denied tells apart a file that nobody may use from one that asks for another key.
func denied(conditions ...byte) dnaStatus {
	for _, c := range conditions {
		if c != accessNever {
			return dnaAuthenticationError
		}
	}
	return dnaPermissionDenied
}

// mayRead gives the mode in which the file can be read now (§10.8.1).
func (d *DNA) mayRead(f *dnaFile) (dnaMode, dnaStatus) {
	conditions := []byte{f.rights.read(), f.rights.readWrite()}
	mode, status := d.modeOf(f, conditions)
	if status == dnaOK || f.sdm == nil || f.sdm.fileRead() == accessNever {
		return mode, status
	}
	if d.live.session == nil {
		return dnaPlain, dnaOK
	}
	return 0, dnaAuthenticationError
}

// mayWrite gives the mode in which the file can be written now (§10.8.2).
func (d *DNA) mayWrite(f *dnaFile) (dnaMode, dnaStatus) {
	return d.modeOf(f, []byte{f.rights.write(), f.rights.readWrite()})
}

func (d *DNA) modeOf(f *dnaFile, conditions []byte) (dnaMode, dnaStatus) {
	switch d.grant(conditions...) {
	case grantedByKey:
		return f.mode, dnaOK
	case grantedFree:
		return dnaPlain, dnaOK
	default:
		return 0, denied(conditions...)
	}
}

// put stores bytes in a file. In one frame of up to 128 bytes it happens wholly or not at all (§8.6); of a longer one only
// the first 128 bytes are sure when the power goes meanwhile.
func (d *DNA) put(f *dnaFile, at int, data []byte) {
	const frame = 128
	if d.cutOff() {
		if len(data) <= frame {
			return
		}
		data = data[:frame]
	}
	copy(f.content[at:], data)
	d.writes++
}

// Content returns a copy of what is stored in a file, 1 to 3, without mirrors.
func (d *DNA) Content(file int) []byte {
	d.memory.Lock()
	defer d.memory.Unlock()
	return bytes.Clone(d.store.files[file-1].content)
}

// PutContent stores bytes at the start of a file without asking the tag, the way a test prepares a tag that has lived.
func (d *DNA) PutContent(file int, data []byte) {
	d.memory.Lock()
	defer d.memory.Unlock()
	copy(d.store.files[file-1].content, data)
}

// Writes returns how many times the tag has changed what it keeps, counters aside.
func (d *DNA) Writes() int {
	d.memory.Lock()
	defer d.memory.Unlock()
	return d.writes
}
