package type2

import (
	"maps"
	"slices"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
)

// step is one page to be written, counted from the start of the data area.
type step struct {
	page int
	data [apdu.PageSize]byte
}

// plan orders page writes so that a reader never sees part of a message, wherever the writing stops: first the length
// becomes zero, then everything else is written, and last the page on which the message begins (Type 2 Tag 1.2 §6.4.3).
type plan struct {
	empty step
	body  []step
	final step
	// same says that the tag holds all this already.
	same bool
}

// pages lists all pages the plan touches.
func (p plan) pages() []int {
	out := []int{p.final.page}
	for _, s := range p.body {
		out = append(out, s.page)
	}
	return out
}

// makePlan lays message into the data area. It fits, which the caller has checked. page gives what is there now.
func makePlan(l layout, message []byte, page func(int) [apdu.PageSize]byte) plan {
	block := encode(message)
	positions := l.positions(len(block) + 1)
	if len(positions) > len(block) {
		block = append(block, tlvTerminator)
	}
	shown := positions[0] / apdu.PageSize

	now, next := map[int][apdu.PageSize]byte{}, map[int][apdu.PageSize]byte{}
	for i, pos := range positions {
		n := pos / apdu.PageSize
		if _, seen := next[n]; !seen {
			now[n], next[n] = page(n), page(n)
		}
		content := next[n]
		content[pos%apdu.PageSize] = block[i]
		next[n] = content
	}
	p := plan{
		empty: step{shown, emptied(next[shown], positions)},
		final: step{shown, next[shown]},
		same:  maps.Equal(now, next),
	}
	for _, n := range slices.Sorted(maps.Keys(next)) {
		if n != shown && now[n] != next[n] {
			p.body = append(p.body, step{n, next[n]})
		}
	}
	return p
}

// encode wraps a message into its block.
func encode(message []byte) []byte {
	n := len(message)
	if n < longLength {
		return append([]byte{tlvNDEF, byte(n)}, message...)
	}
	return append([]byte{tlvNDEF, longLength, byte(n >> 8), byte(n)}, message...)
}

// emptied is the page on which the message begins, with nothing to be seen: with the length zero or, where the length is on
// the next page, with a terminator. It is otherwise all as it will be. When the page that makes the content visible is cut
// off in the middle, only that byte is wrong then, which no reader takes for a message.
func emptied(content [apdu.PageSize]byte, positions []int) [apdu.PageSize]byte {
	if positions[0]/apdu.PageSize == positions[1]/apdu.PageSize {
		content[positions[1]%apdu.PageSize] = 0
	} else {
		content[positions[0]%apdu.PageSize] = tlvTerminator
	}
	return content
}

// positions lists at most n usable offsets from the message's place on.
func (l *layout) positions(n int) []int {
	out := make([]int, 0, n)
	for pos := l.usable(l.place); pos < l.size && len(out) < n; pos = l.usable(pos + 1) {
		out = append(out, pos)
	}
	return out
}
