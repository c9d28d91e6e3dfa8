package access

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/comanda-pos/comanda/edge"
)

// The bounds of pairing.
const (
	PairingTTL      = 10 * time.Minute // how long a code works
	pairingAttempts = 5                // wrong guesses that end every open code
	pairingOpen     = 10               // codes open at the same time
	pairingDigits   = 6
	pairingRate     = 20 // guesses per minute, from everybody together
)

// Errors of pairing.
var (
	// ErrPairing is the one answer to a code that is wrong, used, expired or guessed at too often.
	ErrPairing = errors.New("pairing code refused")
	// ErrTooOften says that all guesses of this minute are used up; the codes stay.
	ErrTooOften = errors.New("asked too often")
	// ErrTooManyOpen says that too many codes wait to be used.
	ErrTooManyOpen = errors.New("too many pairing codes are open")
)

// Grant is what a pairing code gives to the device that redeems it.
type Grant struct {
	Role     edge.Role
	Stations []string
	TableID  edge.ID
	By       edge.Actor // who made the code
}

// Pairing keeps pairing codes in memory: a restart forgets them. Its methods may be called from any goroutine.
type Pairing struct {
	now   func() time.Time
	guess *rate.Limiter

	mu   sync.Mutex
	open []pairingCode
}

type pairingCode struct {
	code    string
	grant   Grant
	expires time.Time
	wrong   int
}

// NewPairing makes an empty set of codes. now is the clock that ages are measured with.
func NewPairing(now func() time.Time) *Pairing {
	return &Pairing{now: now, guess: rate.NewLimiter(rate.Every(time.Minute/pairingRate), pairingRate)}
}

// Issue makes a code of six digits that works once, until expires.
func (p *Pairing) Issue(grant Grant) (code string, expires time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.sweep(now)
	if len(p.open) >= pairingOpen {
		return "", time.Time{}, ErrTooManyOpen
	}
	number, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", time.Time{}, fmt.Errorf("make pairing code: %w", err)
	}
	code = fmt.Sprintf("%0*d", pairingDigits, number)
	expires = now.Add(PairingTTL)
	p.open = append(p.open, pairingCode{code: code, grant: grant, expires: expires})
	return code, expires, nil
}

// Redeem takes a code for what it grants. A wrong guess counts against every open code, because nobody can tell
// which one it was meant for.
func (p *Pairing) Redeem(code string) (Grant, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if !p.guess.AllowN(now, 1) {
		return Grant{}, ErrTooOften
	}
	p.sweep(now)
	found := -1
	for i := range p.open {
		// Every open code is compared in the same time, whichever fits.
		if subtle.ConstantTimeCompare([]byte(p.open[i].code), []byte(code)) == 1 {
			found = i
		}
	}
	if found < 0 {
		for i := range p.open {
			p.open[i].wrong++
		}
		return Grant{}, ErrPairing
	}
	grant := p.open[found].grant
	p.open = append(p.open[:found], p.open[found+1:]...)
	return grant, nil
}

// sweep forgets codes that have expired or were guessed at too often. p.mu is held.
func (p *Pairing) sweep(now time.Time) {
	kept := p.open[:0]
	for _, c := range p.open {
		if now.Before(c.expires) && c.wrong < pairingAttempts {
			kept = append(kept, c)
		}
	}
	clear(p.open[len(kept):])
	p.open = kept
}
