package virtual

import "encoding/binary"

// setConfiguration is SetConfiguration (data sheet NT4H2421Gx §10.5.1).
func (d *DNA) setConfiguration(header, data []byte) ([]byte, dnaStatus) {
	want, known := map[byte]int{0x00: 1, 0x04: 2, 0x05: 10, 0x0A: 5, 0x0B: 1}[header[0]]
	switch {
	case !known:
		return nil, dnaParameterError
	case len(data) != want:
		return nil, dnaLengthError
	case d.cutOff():
		return nil, dnaOK
	}
	status := dnaOK
	switch header[0] {
	case 0x00:
		status = d.configureNumber(data[0])
	case 0x05:
		d.configureCapability(data)
	case 0x0A:
		status = d.configureFailures(data)
	}
	if status == dnaOK {
		d.writes++
	}
	return nil, status
}

func (d *DNA) configureNumber(option byte) dnaStatus {
	const useRandom = 0x02
	if option&^useRandom != 0 {
		return dnaParameterError
	}
	d.store.randomID = d.store.randomID || option == useRandom
	return dnaOK
}

// configureCapability stores PDCap2; its first byte can switch LRP mode on, for good, which ends the session.
func (d *DNA) configureCapability(data []byte) {
	const lrp = 0x02
	d.store.capability[4], d.store.capability[5] = data[8], data[9]
	if data[4]&lrp != 0 && !d.store.lrp {
		d.store.enableLRP()
		d.live.session = nil
	}
}

func (d *DNA) configureFailures(data []byte) dnaStatus {
	limit := dnaFailureLimit{
		on:   data[0]&1 != 0,
		most: int(binary.LittleEndian.Uint16(data[1:])),
		step: int(binary.LittleEndian.Uint16(data[3:])),
	}
	if limit.on && limit.most == 0 {
		return dnaParameterError
	}
	d.store.failures = limit
	return dnaOK
}

// enableLRP switches Secure Dynamic Messaging off, whose encrypted parts are longer in LRP mode (§9.3.4.2).
func (s *dnaStore) enableLRP() {
	s.lrp = true
	s.capability[0] |= 0x02
	for i := range s.files {
		s.files[i].sdm = nil
	}
}
