package virtual

// changeMode is for ChangeFileSettings (data sheet NT4H2421Gx §10.7.1).
func (d *DNA) changeMode(header []byte) (dnaMode, dnaStatus) {
	f, status := d.fileAt(header[0])
	if status != dnaOK {
		return 0, status
	}
	condition := []byte{f.rights.change()}
	switch d.grant(condition...) {
	case grantedByKey:
		return dnaFull, dnaOK
	case grantedFree:
		return dnaPlain, dnaOK
	default:
		return 0, denied(condition...)
	}
}

func (d *DNA) changeFileSettings(header, data []byte) ([]byte, dnaStatus) {
	f, status := d.fileAt(header[0])
	if status != dnaOK {
		return nil, status
	}
	settings, status := d.parseSettings(header[0], f, data)
	if status != dnaOK {
		return nil, status
	}
	if d.cutOff() {
		return nil, dnaOK
	}
	if settings.sdm != nil && f.sdm == nil {
		d.store.counter = 0
	}
	f.mode, f.rights, f.sdm = settings.mode, settings.rights, settings.sdm
	d.writes++
	return nil, dnaOK
}

// parseSettings takes FileOption and what follows it apart and checks all conditions of table 71.
func (d *DNA) parseSettings(number byte, f *dnaFile, data []byte) (dnaFile, dnaStatus) {
	const sdmOn, reserved = 0x40, 0xBC
	if len(data) < 3 {
		return dnaFile{}, dnaLengthError
	}
	out := dnaFile{mode: dnaMode(data[0] & 3), rights: dnaRights(data[1]) | dnaRights(data[2])<<8}
	if out.mode == 2 {
		out.mode = dnaPlain // bits x0 are plain (§8.2.3.5, table 12)
	}
	switch {
	case data[0]&reserved != 0:
		return out, dnaParameterError
	case !conditionsExist(out.rights.read(), out.rights.write(), out.rights.readWrite(), out.rights.change()):
		return out, dnaParameterError
	case data[0]&sdmOn == 0 && len(data) != 3:
		return out, dnaLengthError
	case data[0]&sdmOn == 0:
		return out, dnaOK
	case number != 2:
		return out, dnaPermissionDenied
	}
	sdm, status := parseSDM(data[3:])
	if status != dnaOK {
		return out, status
	}
	out.sdm = sdm
	counter := d.store.counter
	if f.sdm == nil {
		counter = 0
	}
	return out, sdm.check(len(f.content), d.store.lrp, counter)
}

func conditionsExist(conditions ...byte) bool {
	for _, c := range conditions {
		if c > 4 && c < accessFree {
			return false
		}
	}
	return true
}

// settingsMode is for GetFileSettings, which anybody may ask for (§10.7.2).
func (d *DNA) settingsMode(header []byte) (dnaMode, dnaStatus) {
	_, status := d.fileAt(header[0])
	return dnaMAC, status
}

func (d *DNA) fileSettings(header, data []byte) ([]byte, dnaStatus) {
	if len(data) != 0 {
		return nil, dnaLengthError
	}
	f, status := d.fileAt(header[0])
	if status != dnaOK {
		return nil, status
	}
	return f.settings(), dnaOK
}

// settings encodes what GetFileSettings tells.
func (f *dnaFile) settings() []byte {
	const standardData = 0x00
	out := []byte{standardData, byte(f.mode), byte(f.rights), byte(f.rights >> 8)}
	out = putLE3(out, len(f.content))
	if f.sdm != nil {
		out[1] |= 0x40
		out = f.sdm.encode(out)
	}
	return out
}

// Settings returns what GetFileSettings tells of a file, 1 to 3, without asking the tag.
func (d *DNA) Settings(file int) []byte {
	d.memory.Lock()
	defer d.memory.Unlock()
	return d.store.files[file-1].settings()
}

// countersMode is for GetFileCounters (§10.7.3).
func (d *DNA) countersMode(header []byte) (dnaMode, dnaStatus) {
	f, status := d.fileAt(header[0])
	switch {
	case status != dnaOK:
		return 0, status
	case f.sdm == nil:
		return 0, dnaPermissionDenied
	}
	if d.grant(f.sdm.counterRead()) == refused {
		return 0, denied(f.sdm.counterRead())
	}
	return dnaFull, dnaOK // within a session, whatever the right
}

func (d *DNA) fileCounters(_, data []byte) ([]byte, dnaStatus) {
	if len(data) != 0 {
		return nil, dnaLengthError
	}
	return append(putLE3(nil, int(d.store.counter)), 0, 0), dnaOK
}
