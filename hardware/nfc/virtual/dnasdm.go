package virtual

// dnaSDM is how a file mirrors (data sheet NT4H2421Gx §9.3, table 69). Offsets count from the first byte of the file.
type dnaSDM struct {
	options byte
	rights  uint16
	// Absent offsets are -1.
	uid, counter, picc            int
	macInput, enc, encLength, mac int
	limit                         int
}

// Bits of SDMOptions.
const (
	sdmUID     = 0x80
	sdmCounter = 0x40
	sdmLimit   = 0x20
	sdmENC     = 0x10
	sdmASCII   = 0x01
)

// Lengths of mirrors in characters.
const (
	uidMirror     = 14
	counterMirror = 6
	piccMirror    = 32
	piccMirrorLRP = 48
	macMirror     = 16
)

const noMirror = 0xFFFFFF

func (s *dnaSDM) metaRead() byte    { return byte(s.rights>>12) & 0xF }
func (s *dnaSDM) fileRead() byte    { return byte(s.rights>>8) & 0xF }
func (s *dnaSDM) counterRead() byte { return byte(s.rights) & 0xF }
func (s *dnaSDM) has(bit byte) bool { return s.options&bit != 0 }

// fields lists the offsets in the order in which they are sent, as far as the options have them.
func (s *dnaSDM) fields() []*int {
	var out []*int
	if s.metaRead() == accessFree {
		if s.has(sdmUID) {
			out = append(out, &s.uid)
		}
		if s.has(sdmCounter) {
			out = append(out, &s.counter)
		}
	}
	if s.metaRead() <= 4 {
		out = append(out, &s.picc)
	}
	if s.fileRead() != accessNever {
		out = append(out, &s.macInput)
		if s.has(sdmENC) {
			out = append(out, &s.enc, &s.encLength)
		}
		out = append(out, &s.mac)
	}
	if s.has(sdmLimit) {
		out = append(out, &s.limit)
	}
	return out
}

func parseSDM(data []byte) (*dnaSDM, dnaStatus) {
	if len(data) < 3 {
		return nil, dnaLengthError
	}
	s := &dnaSDM{
		options: data[0], rights: uint16(data[1]) | uint16(data[2])<<8,
		uid: -1, counter: -1, picc: -1, macInput: -1, enc: -1, encLength: -1, mac: -1, limit: -1,
	}
	fields := s.fields()
	if len(data) != 3+3*len(fields) {
		return nil, dnaLengthError
	}
	for i, f := range fields {
		*f = le3(data[3+3*i:])
	}
	if s.counter == noMirror {
		s.counter = -1
	}
	return s, dnaOK
}

func (s *dnaSDM) encode(out []byte) []byte {
	out = append(out, s.options, byte(s.rights), byte(s.rights>>8))
	for _, f := range s.fields() {
		out = putLE3(out, *f&noMirror) // an absent counter mirror is sent as FFFFFF, which -1 becomes
	}
	return out
}

// check applies the conditions of table 71.
func (s *dnaSDM) check(size int, lrp bool, counter uint32) dnaStatus {
	meta, file := s.metaRead(), s.fileRead()
	anything := s.has(sdmUID | sdmCounter)
	switch {
	case s.options&0x0E != 0 || !s.has(sdmASCII) || s.rights&0x00F0 != 0x00F0:
	case !conditionsExist(meta, file, s.counterRead()) || file == accessFree:
	case meta != accessNever && !anything, meta == accessNever && s.has(sdmUID):
	case s.counterRead() != accessNever && !s.has(sdmCounter):
	case s.has(sdmENC) && (file == accessNever || !s.has(sdmUID) || !s.has(sdmCounter)):
	case s.has(sdmLimit) && (!s.has(sdmCounter) || s.limit <= int(counter)):
	case !s.placed(size, lrp):
	default:
		return dnaOK
	}
	return dnaParameterError
}

// mirror is a part of the file that is replaced on reading.
type mirror struct{ at, length int }

// placed reports whether all mirrors lie in the file, in their order and apart from each other.
func (s *dnaSDM) placed(size int, lrp bool) bool {
	picc := piccMirror
	if lrp {
		picc = piccMirrorLRP
	}
	mirrors := []mirror{{s.uid, uidMirror}, {s.counter, counterMirror}, {s.picc, picc}, {s.enc, s.encLength}, {s.mac, macMirror}}
	for i, a := range mirrors {
		if a.at < 0 {
			continue
		}
		if a.at+a.length > size {
			return false
		}
		for _, b := range mirrors[i+1:] {
			if b.at >= 0 && a.at < b.at+b.length && b.at < a.at+a.length {
				return false
			}
		}
	}
	if s.enc >= 0 && (s.encLength < 32 || s.encLength%32 != 0 || s.enc < s.macInput || s.enc+s.encLength > s.mac) {
		return false
	}
	return s.macInput <= s.mac
}
