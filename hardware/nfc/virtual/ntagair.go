package virtual

import "bytes"

// What the tag itself does with a command from the air (data sheet NTAG213/215/216 §10). After a refusal it is silent
// until the field is cycled.

func (t *NTAG) nak() {
	t.silent, t.authenticated = true, false
}

// read returns 16 bytes from a page on; behind the last page follows the first (§10.2).
func (t *NTAG) read(page int) ([]byte, bool) {
	if t.silent || page >= t.chip.pages || t.readProtected(page) {
		t.nak()
		return nil, false
	}
	out := make([]byte, 0, readSize)
	for i := range readSize / pageSize {
		p := (page + i) % t.chip.pages
		if p >= t.chip.pages-2 {
			out = append(out, 0, 0, 0, 0) // password and its answer cannot be read
			continue
		}
		out = append(out, t.mem[p*pageSize:(p+1)*pageSize]...)
	}
	return out, true
}

// write stores one page; it happens wholly or not at all (§10.4).
func (t *NTAG) write(page int, data []byte) bool {
	if t.silent || !t.writable(page) {
		t.nak()
		return false
	}
	at := t.mem[page*pageSize : (page+1)*pageSize]
	switch page {
	case 2:
		at[2], at[3] = at[2]|data[2], at[3]|data[3]
	case ccPage:
		for i := range at {
			at[i] |= data[i]
		}
	case t.chip.lockPage:
		for i := range 3 {
			at[i] |= data[i]
		}
	default:
		copy(at, data)
	}
	t.writes++
	return true
}

func (t *NTAG) writable(page int) bool {
	if page < 2 || page >= t.chip.pages || t.locked(page) {
		return false
	}
	access := t.mem[(t.chip.lockPage+2)*pageSize]
	if config := page == t.chip.lockPage+1 || page == t.chip.lockPage+2; config && access&0x40 != 0 {
		return false
	}
	return t.authenticated || page < t.firstProtected()
}

// locked looks at static and dynamic lock bits (§8.5.2, §8.5.3).
func (t *NTAG) locked(page int) bool {
	switch {
	case page < ccPage || page >= t.chip.lockPage:
		return false
	case page < 8:
		return t.mem[10]&(1<<page) != 0
	case page < 16:
		return t.mem[11]&(1<<(page-8)) != 0
	default:
		bit := (page - 16) / t.chip.lockUnit
		return t.mem[t.chip.lockPage*pageSize+bit/8]&(1<<(bit%8)) != 0
	}
}

func (t *NTAG) firstProtected() int { return int(t.mem[(t.chip.lockPage+1)*pageSize+3]) }

func (t *NTAG) readProtected(page int) bool {
	access := t.mem[(t.chip.lockPage+2)*pageSize]
	return access&0x80 != 0 && !t.authenticated && page+3 >= t.firstProtected()
}

// pass unwraps a raw command the way the reader at hand does.
func (t *NTAG) pass(cmd []byte) []byte {
	body := cmd[5:]
	if int(cmd[4]) != len(body) || len(body) == 0 {
		return word(0x6700)
	}
	switch t.raw {
	case RawDirect:
		answer, ok := t.air(body)
		if !ok {
			return word(0x6300)
		}
		return success(answer)
	case RawPN53x:
		if len(body) < 3 || body[0] != 0xD4 || body[1] != 0x42 {
			return word(0x6300)
		}
		answer, ok := t.air(body[2:])
		if !ok {
			return success([]byte{0xD5, 0x43, 0x01})
		}
		return success(append([]byte{0xD5, 0x43, 0x00}, answer...))
	default:
		return word(0x6A81)
	}
}

// air is a command of §10 with its answer; ok is false for a refusal or silence.
func (t *NTAG) air(cmd []byte) (answer []byte, ok bool) {
	switch {
	case t.silent:
		return nil, false
	case len(cmd) == 1 && cmd[0] == 0x60:
		return []byte{0x00, 0x04, 0x04, 0x02, 0x01, 0x00, t.chip.version, 0x03}, true
	case len(cmd) == 2 && cmd[0] == 0x30:
		return t.read(int(cmd[1]))
	case len(cmd) == 6 && cmd[0] == 0xA2:
		return []byte{0x0A}, t.write(int(cmd[1]), cmd[2:])
	case len(cmd) == 5 && cmd[0] == 0x1B:
		return t.login(cmd[1:])
	default:
		t.nak()
		return nil, false
	}
}

func (t *NTAG) login(password []byte) ([]byte, bool) {
	at := (t.chip.pages - 2) * pageSize
	if !bytes.Equal(t.mem[at:at+pageSize], password) {
		t.nak()
		return nil, false
	}
	t.authenticated = true
	return bytes.Clone(t.mem[at+pageSize : at+pageSize+2]), true
}
