package type2

import (
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// Blocks of the data area (Type 2 Tag 1.2 §2.3). Each is a tag byte, a length of one or three bytes, and a value.
const (
	tlvNull       = 0x00
	tlvLock       = 0x01
	tlvMemory     = 0x02
	tlvNDEF       = 0x03
	tlvTerminator = 0xFE
	// longLength announces a length of two more bytes.
	longLength = 0xFF
)

// A source gives bytes of the data area by their distance from its start.
type source func(offset int) (byte, error)

// span is a run of bytes in the data area that belongs to the tag itself.
type span struct{ from, to int }

// layout says where in the data area the message is, or can be put.
type layout struct {
	size     int
	reserved []span
	// place is the offset of the message's tag byte.
	place int
	// value and length delimit the message, counted in usable bytes; only when found.
	found  bool
	value  int
	length int
}

// scan walks the blocks up to the first message. Bytes that are no valid blocks are a [*ndef.SyntaxError]; place then is
// where they begin, so that they can be written over.
func scan(src source, size int) (layout, error) {
	w := walker{src: src, layout: layout{size: size}}
	free := -1
	for {
		w.skipReserved()
		at := w.pos
		tag, err := w.next()
		switch {
		case err != nil && isEnd(err):
			return w.ends(at, free), nil
		case err != nil:
			return w.layout, err
		case tag == tlvNull:
			if free < 0 {
				free = at
			}
			continue
		case tag == tlvTerminator:
			return w.ends(at, free), nil
		}
		done, err := w.block(tag)
		if done || err != nil {
			w.layout.place = at
			return w.layout, err
		}
		free = -1
	}
}

// isEnd reports whether err is the end of the data area rather than a card that failed.
func isEnd(err error) bool {
	_, ok := err.(endError) //nolint:errorlint // made and looked at in this file only
	return ok
}

type endError struct{}

func (endError) Error() string { return "end of the data area" }

type walker struct {
	src    source
	pos    int
	layout layout
}

func (w *walker) ends(at, free int) layout {
	if free >= 0 {
		at = free
	}
	w.layout.place = min(at, w.layout.size)
	return w.layout
}

func (w *walker) skipReserved() { w.pos = w.layout.usable(w.pos) }

// usable returns the first offset from pos on that no reserved span covers.
func (l *layout) usable(pos int) int {
	for moved := true; moved; {
		moved = false
		for _, s := range l.reserved {
			if pos >= s.from && pos < s.to {
				pos, moved = s.to, true
			}
		}
	}
	return pos
}

func (w *walker) next() (byte, error) {
	w.skipReserved()
	if w.pos >= w.layout.size {
		return 0, endError{}
	}
	b, err := w.src(w.pos)
	w.pos++
	return b, err
}

// block reads the rest of a block; done says that it was the message.
func (w *walker) block(tag byte) (done bool, err error) {
	start := w.pos - 1
	length, err := w.length()
	if err != nil {
		return false, damaged(err, start, "a block without its length")
	}
	switch tag {
	case tlvNDEF:
		w.layout.value, w.layout.length = w.pos, length
		if w.layout.room(w.pos) < length {
			return false, &ndef.SyntaxError{Offset: start, Reason: "the content is longer than the tag"}
		}
		w.layout.found = true
		return true, nil
	case tlvLock, tlvMemory:
		return false, w.control(tag, length, start)
	}
	for i := 0; i < length && w.pos <= w.layout.size; i++ {
		w.skipReserved()
		w.pos++
	}
	if w.pos > w.layout.size {
		return false, &ndef.SyntaxError{Offset: start, Reason: "a block is longer than the tag"}
	}
	return false, nil
}

func damaged(err error, offset int, reason string) error {
	if isEnd(err) {
		return &ndef.SyntaxError{Offset: offset, Reason: reason}
	}
	return err
}

func (w *walker) length() (int, error) {
	first, err := w.next()
	if err != nil || first != longLength {
		return int(first), err
	}
	high, err := w.next()
	if err != nil {
		return 0, err
	}
	low, err := w.next()
	return int(high)<<8 | int(low), err
}

// control reserves what a lock or memory control block points at (Type 2 Tag 1.2 §2.3.2, §2.3.3).
func (w *walker) control(tag byte, length, start int) error {
	if length != 3 {
		return &ndef.SyntaxError{Offset: start, Reason: "a control block of a wrong length"}
	}
	var v [3]byte
	for i := range v {
		b, err := w.next()
		if err != nil {
			return damaged(err, start, "a control block that is cut off")
		}
		v[i] = b
	}
	n := int(v[1])
	if n == 0 {
		n = 256
	}
	if tag == tlvLock {
		n = (n + 7) / 8
	}
	from := int(v[0]>>4)<<(v[2]&0x0F) + int(v[0]&0x0F) - firstPage*4
	if from+n > 0 && from < w.layout.size {
		w.layout.reserved = append(w.layout.reserved, span{max(from, 0), from + n})
	}
	return nil
}

// room counts the usable bytes from an offset to the end of the data area.
func (l *layout) room(from int) int {
	n := 0
	for pos := l.usable(from); pos < l.size; pos = l.usable(pos + 1) {
		n++
	}
	return n
}

// capacity is the size in bytes of the longest message that fits.
func (l *layout) capacity() int {
	room := l.room(l.place)
	if room-4 >= longLength {
		return room - 4
	}
	return max(min(room-2, longLength-1), 0)
}

// message collects the bytes of the message.
func (l *layout) message(src source) ([]byte, error) {
	out := make([]byte, 0, l.length)
	for pos := l.usable(l.value); len(out) < l.length; pos = l.usable(pos + 1) {
		b, err := src(pos)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
