package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter bounds how often each of many keys (a guest, a table, an address) may do something. It remembers a
// bounded number of keys; the one used longest ago is forgotten first. Its methods may be called from any
// goroutine.
type Limiter struct {
	every rate.Limit
	burst int
	now   func() time.Time

	mu   sync.Mutex
	keys *lru[string, *rate.Limiter]
}

// NewLimiter allows each key once per every, after burst at once, and remembers size keys.
func NewLimiter(every time.Duration, burst, size int, now func() time.Time) *Limiter {
	return &Limiter{every: rate.Every(every), burst: burst, now: now, keys: newLRU[string, *rate.Limiter](size)}
}

// Allow takes one turn of the key's and reports whether there was one.
func (l *Limiter) Allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, ok := l.keys.get(key)
	if !ok {
		limiter = rate.NewLimiter(l.every, l.burst)
		l.keys.put(key, limiter)
	}
	return limiter.AllowN(l.now(), 1)
}
