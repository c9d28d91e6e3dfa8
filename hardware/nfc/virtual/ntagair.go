package virtual

import "bytes"

// What the tag itself does with a command from the air (data sheet NTAG213/215/216 §10). After a refusal it is silent
// until the field is cycled.

func (t *NTAG) nak() {
	t.silent, t.authenticated = true, false
}

// read returns 16 bytes from a page on; behind the last page that may be read follows the first (§10.2).
func (t *NTAG) read(page int) ([]byte, bool) {
	end := t.readable()
	if t.silent || page >= end {
		t.nak()
		return nil, false
	}
	t.count()
	face := t.face()
	out := make([]byte, 0, readSize)
	for i := range readSize / pageSize {
		p := (page + i) % end
		out = append(out, face[p*pageSize:(p+1)*pageSize]...)
	}
	return out, true
}

// fastRead returns whole pages, the last one included (§10.3).
func (t *NTAG) fastRead(from, to int) ([]byte, bool) {
	if from > to || to >= t.readable() {
		t.nak()
		return nil, false
	}
	t.count()
	return t.face()[from*pageSize : (to+1)*pageSize], true
}

// write stores one page; it happens wholly or not at all (§10.4).
func (t *NTAG) write(page int, data []byte) bool {
	if t.silent || !t.writable(page) {
		t.nak()
		return false
	}
	at := t.mem[page*pageSize : (page+1)*pageSize]
	t.writes++
	if t.cutOff() {
		t.leaveMixed(page, at, data)
		return true
	}
	switch page {
	case 2:
		frozen := frozenStatic(at[2])
		at[2], at[3] = at[2]|data[2]&^byte(frozen), at[3]|data[3]&^byte(frozen>>8)
	case ccPage:
		for i := range at {
			at[i] |= data[i]
		}
	case t.chip.lockPage:
		frozen := frozenDynamic(at[2])
		at[0], at[1], at[2] = at[0]|data[0]&^byte(frozen), at[1]|data[1]&^byte(frozen>>8), at[2]|data[2]
	default:
		copy(at, data)
	}
	if !t.late {
		frozen := t.active.frozen
		t.active = t.stored()
		t.active.frozen = frozen
	}
	return true
}

// frozenStatic are the static lock bits that their block locking bits, the lowest three, keep as they are (§8.5.2).
func frozenStatic(blocks byte) (frozen uint16) {
	for i, bits := range []uint16{0x0008, 0x03F0, 0xFC00} {
		if blocks&(1<<i) != 0 {
			frozen |= bits
		}
	}
	return frozen
}

// frozenDynamic are the dynamic lock bits, two of which each block locking bit keeps as they are (§8.5.3).
func frozenDynamic(blocks byte) (frozen uint16) {
	for i := range 8 {
		if blocks&(1<<i) != 0 {
			frozen |= 3 << (2 * i)
		}
	}
	return frozen
}

// leaveMixed is a write that loses its power in the middle. Pages 2 and 3 and the dynamic lock bits are protected against
// this (§10.4), others are left in between.
func (t *NTAG) leaveMixed(page int, at, data []byte) {
	if page == 2 || page == ccPage || page == t.chip.lockPage {
		return
	}
	for i, m := range t.mix {
		at[i] = at[i]&^m | data[i]&m
	}
}

func (t *NTAG) writable(page int) bool {
	if page < 2 || page >= t.chip.pages || t.locked(page) {
		return false
	}
	if config := page == t.chip.lockPage+1 || page == t.chip.lockPage+2; config && t.active.frozen {
		return false
	}
	return t.authenticated || page < t.active.first
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
	case len(cmd) == 3 && cmd[0] == 0x3A:
		return t.fastRead(int(cmd[1]), int(cmd[2]))
	case len(cmd) == 2 && cmd[0] == 0x39 && cmd[1] == 0x02 && t.countReadable():
		return []byte{byte(t.counter), byte(t.counter >> 8), byte(t.counter >> 16)}, true
	case len(cmd) == 2 && cmd[0] == 0x3C && cmd[1] == 0x00:
		return bytes.Clone(t.signature[:]), true
	case len(cmd) == 6 && cmd[0] == 0xA2:
		return []byte{0x0A}, t.write(int(cmd[1]), cmd[2:])
	case len(cmd) == 5 && cmd[0] == 0x1B:
		return t.login(cmd[1:])
	default:
		t.nak()
		return nil, false
	}
}

// login is PWD_AUTH (§10.7). With a limit, a tag that has refused so many passwords refuses every one from then on (§8.8.2).
func (t *NTAG) login(password []byte) ([]byte, bool) {
	limit := t.active.limit
	at := (t.chip.pages - 2) * pageSize
	if limit > 0 && t.wrong >= limit || !bytes.Equal(t.mem[at:at+pageSize], password) {
		if limit > 0 {
			t.wrong++
		}
		t.nak()
		return nil, false
	}
	t.wrong, t.authenticated = 0, true
	return bytes.Clone(t.mem[at+pageSize : at+pageSize+2]), true
}
