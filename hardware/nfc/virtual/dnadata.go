package virtual

// readMode is for ReadData (data sheet NT4H2421Gx §10.8.1).
func (d *DNA) readMode(header []byte) (dnaMode, dnaStatus) {
	f, status := d.fileAt(header[0])
	if status != dnaOK {
		return 0, status
	}
	return d.mayRead(f)
}

func (d *DNA) readData(header, data []byte) ([]byte, dnaStatus) {
	f, status := d.fileAt(header[0])
	at, n := le3(header[1:]), le3(header[4:])
	switch {
	case status != dnaOK:
		return nil, status
	case len(data) != 0:
		return nil, dnaLengthError
	case at >= len(f.content) || at+n > len(f.content):
		return nil, dnaBoundaryError
	case n == 0:
		n = len(f.content) - at
	}
	if n > d.roomFor(f) {
		return nil, dnaLengthError
	}
	content, ok := d.face(f, insReadData)
	if !ok {
		return nil, dnaPermissionDenied
	}
	return content[at : at+n], dnaOK
}

// roomFor is how much file content fits into one answer of 256 bytes.
func (d *DNA) roomFor(f *dnaFile) int {
	mode, _ := d.mayRead(f)
	switch {
	case d.live.session == nil || mode == dnaPlain:
		return 256
	case mode == dnaMAC:
		return 256 - 8
	default:
		return 256 - 8 - blockSize - 1
	}
}

// writeMode is for WriteData (§10.8.2).
func (d *DNA) writeMode(header []byte) (dnaMode, dnaStatus) {
	f, status := d.fileAt(header[0])
	if status != dnaOK {
		return 0, status
	}
	return d.mayWrite(f)
}

func (d *DNA) writeData(header, data []byte) ([]byte, dnaStatus) {
	f, status := d.fileAt(header[0])
	at, n := le3(header[1:]), le3(header[4:])
	switch {
	case status != dnaOK:
		return nil, status
	case n == 0 || n != len(data):
		return nil, dnaLengthError
	case at+n > len(f.content):
		return nil, dnaBoundaryError
	}
	d.put(f, at, data)
	return nil, dnaOK
}
