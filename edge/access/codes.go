package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// codeAlphabet leaves out what people mistake for something else: 0 and O, 1 and I.
const codeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// CodeLength is the number of characters of a display's code: 40 bits.
const CodeLength = 8

// codeMemory is how long a code that has expired is told from one that never was: an evening. Every hour of it costs
// memory, 60 codes for each table at one a minute.
const codeMemory = 6 * time.Hour

// Codes makes the rotating codes of displays. A code follows from the secret, the table and the period it is
// shown in, so nothing needs storing and codes survive a restart. It is shown for one period and works until the
// end of the next. Its methods may be called from any goroutine.
type Codes struct {
	secret []byte
	period time.Duration
	tables func() []edge.ID

	mu      sync.Mutex
	at      int64                // the period that codes was made for, 0 for none yet
	codes   map[uint64]issued    // all codes of codeMemory, as numbers
	started map[edge.ID]struct{} // tables whose codes are in codes
}

// issued is a code that was shown in a period.
type issued struct {
	table  edge.ID
	period int64
}

var _ edge.Codes = (*Codes)(nil)

// NewCodes makes codes that change every period (at least a second). tables lists the tables whose codes are to be
// known without having been asked for first; it is called about once per period.
func NewCodes(secret []byte, period time.Duration, tables func() []edge.ID) *Codes {
	return &Codes{secret: secret, period: max(period, time.Second), tables: tables}
}

// Period is how long each code is shown.
func (c *Codes) Period() time.Duration { return c.period }

// Current is the code a display of the table shows at now, when it stops working, and when the next one comes.
func (c *Codes) Current(table edge.ID, now time.Time) (code string, expires, next time.Time) {
	p := c.periodOf(now)
	code = spell(c.number(table, p))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advance(p)
	c.add(table, p)
	next = time.Unix(0, (p+1)*int64(c.period)).UTC()
	return code, next.Add(c.period), next
}

// Resolve implements edge.Codes. Case does not matter.
func (c *Codes) Resolve(code string, at time.Time) (edge.ID, edge.CodeState) {
	number, ok := unspell(code)
	if !ok {
		return "", edge.CodeUnknown
	}
	p := c.periodOf(at)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.advance(p)
	found, ok := c.codes[number]
	switch {
	case !ok || found.period > p:
		return "", edge.CodeUnknown
	case found.period >= p-1:
		return found.table, edge.CodeValid
	default:
		return found.table, edge.CodeExpired
	}
}

func (c *Codes) periodOf(at time.Time) int64 { return at.UnixNano() / int64(c.period) }

// kept is the number of periods whose codes are remembered.
func (c *Codes) kept() int64 { return max(2, int64(codeMemory/c.period)+1) }

// advance brings the codes up to period p. A clock that jumped, either way, makes them new. c.mu is held.
func (c *Codes) advance(p int64) {
	if c.at == p {
		return
	}
	if c.at == 0 || p < c.at || p > c.at+c.kept() {
		c.codes, c.started = map[uint64]issued{}, map[edge.ID]struct{}{}
	} else {
		for code, i := range c.codes {
			if i.period <= p-c.kept() {
				delete(c.codes, code)
			}
		}
		for table := range c.started {
			for q := c.at + 1; q <= p; q++ {
				c.codes[c.number(table, q)] = issued{table, q}
			}
		}
	}
	c.at = p
	for _, table := range c.tables() {
		c.add(table, p)
	}
}

// add makes the codes of a table up to period p known, those of the past too. c.mu is held.
func (c *Codes) add(table edge.ID, p int64) {
	if _, ok := c.started[table]; ok {
		return
	}
	c.started[table] = struct{}{}
	for q := p - c.kept() + 1; q <= p; q++ {
		c.codes[c.number(table, q)] = issued{table, q}
	}
}

// number is the table's code of a period: the first 40 bits of HMAC-SHA256 over table and period.
func (c *Codes) number(table edge.ID, period int64) uint64 {
	mac := hmac.New(sha256.New, c.secret)
	mac.Write([]byte(table))
	mac.Write(binary.BigEndian.AppendUint64([]byte{0}, uint64(period)))
	return binary.BigEndian.Uint64(mac.Sum(nil)) >> (64 - 5*CodeLength)
}

// spell writes a number in the alphabet, five bits a character.
func spell(number uint64) string {
	var text [CodeLength]byte
	for i := range text {
		text[i] = codeAlphabet[number>>(5*(CodeLength-1-i))&31]
	}
	return string(text[:])
}

// unspell reads what spell wrote; case does not matter.
func unspell(code string) (number uint64, ok bool) {
	if len(code) != CodeLength {
		return 0, false
	}
	for i := range len(code) {
		letter := code[i]
		if letter >= 'a' && letter <= 'z' {
			letter -= 'a' - 'A'
		}
		digit := strings.IndexByte(codeAlphabet, letter)
		if digit < 0 {
			return 0, false
		}
		number = number<<5 | uint64(digit)
	}
	return number, true
}
