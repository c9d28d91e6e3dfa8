package virtual

import (
	"bytes"
	"encoding/hex"
	"fmt"
)

// settings are the two configuration pages taken apart (data sheet NTAG213/215/216 §8.5.7, tables 8 to 11).
type settings struct {
	mirrorUID, mirrorCounter bool
	// at is the first byte of the mirror in the memory; below user memory there is none.
	at int
	// first is AUTH0, the first page behind the password.
	first int
	// private is PROT, frozen CFGLCK, counting NFC_CNT_EN, secretCount NFC_CNT_PWD_PROT, limit AUTHLIM.
	private, frozen, counting, secretCount bool
	limit                                  int
}

func (t *NTAG) stored() settings {
	c := t.mem[(t.chip.lockPage+1)*pageSize:]
	return settings{
		mirrorUID:     c[0]&0x40 != 0,
		mirrorCounter: c[0]&0x80 != 0,
		at:            int(c[2])*pageSize + int(c[0]>>4&3),
		first:         int(c[3]),
		private:       c[4]&0x80 != 0,
		frozen:        c[4]&0x40 != 0,
		counting:      c[4]&0x10 != 0,
		secretCount:   c[4]&0x08 != 0,
		limit:         int(c[4] & 7),
	}
}

// readable is the first page that cannot be read now.
func (t *NTAG) readable() int {
	if t.active.private && !t.authenticated {
		return min(t.active.first, t.chip.pages)
	}
	return t.chip.pages
}

// count moves the NFC counter at the first reading of a power-up (§8.7).
func (t *NTAG) count() {
	if t.active.counting && !t.counted && t.counter < 0xFFFFFF {
		t.counter++
	}
	t.counted = true
}

func (t *NTAG) countReadable() bool {
	return t.active.counting && (!t.active.secretCount || t.authenticated)
}

// face is the memory as it reads now: password and its answer are blank, and the mirror stands in its place (§8.9).
func (t *NTAG) face() []byte {
	out := bytes.Clone(t.mem)
	clear(out[(t.chip.pages-2)*pageSize:])
	text := t.mirror()
	if t.active.at >= userPage*pageSize && t.active.at+len(text) <= t.chip.lockPage*pageSize {
		copy(out[t.active.at:], text)
	}
	return out
}

func (t *NTAG) mirror() string {
	number := string(bytes.ToUpper([]byte(hex.EncodeToString(t.uid))))
	count := fmt.Sprintf("%06X", t.counter)
	switch c := t.active; {
	case c.mirrorUID && c.mirrorCounter && t.countReadable():
		return number + "x" + count
	case c.mirrorUID:
		return number
	case c.mirrorCounter && t.countReadable():
		return count
	default:
		return ""
	}
}

// Counter returns the NFC counter.
func (t *NTAG) Counter() int {
	t.memory.Lock()
	defer t.memory.Unlock()
	return t.counter
}

// Wrong returns how many passwords the tag has refused since it last accepted one, as far as it counts them.
func (t *NTAG) Wrong() int {
	t.memory.Lock()
	defer t.memory.Unlock()
	return t.wrong
}
