package virtual

// dnaStatus is the second byte of a status word 91xx (data sheet NT4H2421Gx §10.3, table 23).
type dnaStatus byte

const (
	dnaOK                  dnaStatus = 0x00
	dnaIllegalCommand      dnaStatus = 0x1C
	dnaIntegrityError      dnaStatus = 0x1E
	dnaNoSuchKey           dnaStatus = 0x40
	dnaLengthError         dnaStatus = 0x7E
	dnaPermissionDenied    dnaStatus = 0x9D
	dnaParameterError      dnaStatus = 0x9E
	dnaAuthenticationDelay dnaStatus = 0xAD
	dnaAuthenticationError dnaStatus = 0xAE
	dnaAdditionalFrame     dnaStatus = 0xAF
	dnaBoundaryError       dnaStatus = 0xBE
	dnaCommandAborted      dnaStatus = 0xCA
	dnaFileNotFound        dnaStatus = 0xF0
)

// Instructions of table 22.
const (
	insReadSig            = 0x3C
	insGetCardUID         = 0x51
	insSetConfiguration   = 0x5C
	insChangeFileSettings = 0x5F
	insGetVersion         = 0x60
	insGetKeyVersion      = 0x64
	insAuthenticateFirst  = 0x71
	insAuthenticateNext   = 0x77
	insWriteData          = 0x8D
	insReadData           = 0xAD
	insAdditionalFrame    = 0xAF
	insChangeKey          = 0xC4
	insGetFileSettings    = 0xF5
	insGetFileCounters    = 0xF6
)

// dnaCommand is one native command that is answered in one frame. Its header is sent in clear, its data as the mode says.
type dnaCommand struct {
	header int
	// mode looks at the header and says whether the command is allowed, and how it is secured.
	mode func(header []byte) (dnaMode, dnaStatus)
	run  func(header, data []byte) ([]byte, dnaStatus)
}

func (d *DNA) commandOf(ins byte) (dnaCommand, bool) {
	switch ins {
	case insReadSig:
		return dnaCommand{1, d.sessionMode(dnaFull), d.readSignature}, true
	case insGetCardUID:
		return dnaCommand{0, d.anyKey, d.cardUID}, true
	case insSetConfiguration:
		return dnaCommand{1, d.masterKey, d.setConfiguration}, true
	case insChangeFileSettings:
		return dnaCommand{1, d.changeMode, d.changeFileSettings}, true
	case insGetKeyVersion:
		return dnaCommand{1, d.sessionMode(dnaMAC), d.keyVersion}, true
	case insWriteData:
		return dnaCommand{7, d.writeMode, d.writeData}, true
	case insReadData:
		return dnaCommand{7, d.readMode, d.readData}, true
	case insChangeKey:
		return dnaCommand{1, d.masterKey, d.changeKey}, true
	case insGetFileSettings:
		return dnaCommand{1, d.settingsMode, d.fileSettings}, true
	case insGetFileCounters:
		return dnaCommand{1, d.countersMode, d.fileCounters}, true
	default:
		return dnaCommand{}, false
	}
}

// native answers a wrapped command: 90 INS 00 00 [Lc data] 00 (§8.4).
func (d *DNA) native(cmd []byte) []byte {
	ins := cmd[1]
	pending, run := d.live.pending, d.live.run
	d.live.pending, d.live.run = nil, dnaRun{}
	if pending != nil && ins != insAdditionalFrame {
		return d.fail(dnaCommandAborted)
	}
	body, ok := nativeBody(cmd)
	switch {
	case !ok:
		return d.fail(dnaLengthError)
	case cmd[2] != 0 || cmd[3] != 0:
		return d.fail(dnaParameterError)
	}
	switch ins {
	case insAdditionalFrame:
		if pending == nil {
			return d.fail(dnaIllegalCommand)
		}
		return pending(body)
	case insAuthenticateFirst, insAuthenticateNext:
		return d.authenticate(ins, body)
	case insGetVersion:
		return d.version(body)
	case insReadData:
		d.live.run = run
	}
	c, known := d.commandOf(ins)
	if !known {
		return d.fail(dnaIllegalCommand)
	}
	return d.perform(ins, c, body)
}

func (d *DNA) perform(ins byte, c dnaCommand, body []byte) []byte {
	if len(body) < c.header {
		return d.fail(dnaLengthError)
	}
	header := body[:c.header]
	mode, status := c.mode(header)
	if status != dnaOK {
		return d.fail(status)
	}
	data, status := d.open(ins, header, body[c.header:], mode)
	if status != dnaOK {
		return d.fail(status)
	}
	out, status := c.run(header, data)
	if status != dnaOK {
		return d.fail(status)
	}
	return d.seal(out, mode)
}

// nativeBody takes a command out of its wrapping. Le is always there and zero.
func nativeBody(cmd []byte) ([]byte, bool) {
	n := len(cmd)
	if n < 5 || cmd[n-1] != 0 {
		return nil, false
	}
	if n == 5 {
		return nil, true
	}
	body := cmd[5 : n-1]
	return body, len(body) == int(cmd[4]) && len(body) > 0
}

func native(data []byte, status dnaStatus) []byte {
	return append(append([]byte(nil), data...), 0x91, byte(status))
}

// fail refuses a command and ends everything that was going on.
func (d *DNA) fail(status dnaStatus) []byte {
	d.forget()
	return native(nil, status)
}

// sessionMode is the mode of a command that anybody may give; without a session it is plain.
func (d *DNA) sessionMode(mode dnaMode) func([]byte) (dnaMode, dnaStatus) {
	return func([]byte) (dnaMode, dnaStatus) { return mode, dnaOK }
}

func (d *DNA) anyKey([]byte) (dnaMode, dnaStatus) {
	if d.live.session == nil {
		return 0, dnaAuthenticationError
	}
	return dnaFull, dnaOK
}

func (d *DNA) masterKey([]byte) (dnaMode, dnaStatus) {
	if d.live.session == nil || d.live.session.key != 0 {
		return 0, dnaAuthenticationError
	}
	return dnaFull, dnaOK
}

// fileAt finds the file of a header's first byte.
func (d *DNA) fileAt(number byte) (*dnaFile, dnaStatus) {
	switch {
	case number&0xE0 != 0:
		return nil, dnaParameterError
	case !d.live.application:
		return nil, dnaPermissionDenied
	case number < 1 || number > 3:
		return nil, dnaFileNotFound
	default:
		return &d.store.files[number-1], dnaOK
	}
}

func le3(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func putLE3(out []byte, n int) []byte { return append(out, byte(n), byte(n>>8), byte(n>>16)) }
