package telegramtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
)

// Fault is one way to misbehave. The fields in the second group may be combined as far as that makes sense.
type Fault struct {
	// Method is the only one concerned; empty means every method but getUpdates.
	Method string `json:"method,omitempty"`
	// Chat is the only one concerned; 0 means every chat.
	Chat int64 `json:"chat,omitempty"`
	// Times is how many calls are concerned; 0 means all until Behave.
	Times int `json:"times,omitempty"`

	// Delay passes before anything else happens.
	Delay Millis `json:"delayMillis,omitempty"`
	// Drop cuts the connection before the call has any effect.
	Drop bool `json:"drop,omitempty"`
	// Swallow lets the call have its effect and never answers; the connection is cut when the caller gives up, or after Delay
	// once more if that is set.
	Swallow bool `json:"swallow,omitempty"`
	// Code refuses the call with this code, Description, RetryAfter (seconds) and MigrateTo.
	Code        int    `json:"code,omitempty"`
	Description string `json:"description,omitempty"`
	RetryAfter  int    `json:"retryAfter,omitempty"`
	MigrateTo   int64  `json:"migrateTo,omitempty"`
	// Body, with Code, answers with this text in place of Telegram's form, as a proxy would.
	Body string `json:"body,omitempty"`
	// Repeat delivers the last updates once more in front of the new ones. Only for getUpdates; needs Times.
	Repeat bool `json:"repeat,omitempty"`
}

// Millis is a time span that travels as milliseconds.
type Millis time.Duration

// MarshalJSON writes milliseconds.
func (m Millis) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(m).Milliseconds())
}

// UnmarshalJSON reads milliseconds.
func (m *Millis) UnmarshalJSON(raw []byte) error {
	var n int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	*m = Millis(time.Duration(min(max(n, 0), 600_000)) * time.Millisecond)
	return nil
}

// The faults every platform shows sooner or later.
var (
	errFault  = errors.New("repeat is for getUpdates and needs a number of times")
	errFaults = errors.New("too many faults at once")
)

// Flood answers 429 and asks to wait.
func Flood(seconds int) Fault {
	return Fault{Code: http.StatusTooManyRequests, Description: "Too Many Requests: retry after a while", RetryAfter: seconds}
}

// Broken answers 502.
func Broken() Fault { return Fault{Code: http.StatusBadGateway, Description: "Bad Gateway"} }

// Misbehave adds a fault. Of several that fit a call the oldest acts.
func (s *Server) Misbehave(f Fault) error {
	if f.Repeat && (f.Method != "getUpdates" || f.Times < 1) {
		return errFault
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.state.faults) >= maxFaults {
		return errFaults
	}
	s.state.faults = append(s.state.faults, &f)
	s.state.wake()
	return nil
}

// Behave removes all faults.
func (s *Server) Behave() { s.update(func(st *state) { st.faults = nil }) }

// take counts a call and finds the fault for it.
func (s *Server) take(method string, body []byte) *Fault {
	var p struct {
		Chat chatID `json:"chat_id"`
	}
	// A body without a readable chat concerns no chat in particular; the method itself complains.
	_ = json.Unmarshal(body, &p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.calls[method]++
	for i, f := range s.state.faults {
		if !f.Repeat && f.concerns(method, int64(p.Chat)) {
			s.state.spend(i)
			return f
		}
	}
	return nil
}

func (f *Fault) concerns(method string, chat int64) bool {
	if f.Method == "" && method == "getUpdates" {
		return false
	}
	return (f.Method == "" || f.Method == method) && (f.Chat == 0 || f.Chat == chat)
}

func (st *state) spend(i int) {
	f := *st.faults[i]
	if f.Times == 0 {
		return
	}
	if f.Times--; f.Times == 0 {
		st.faults = slices.Delete(st.faults, i, i+1)
		return
	}
	st.faults[i] = &f
}

// repeat says whether the last batch is to be delivered again, and spends that fault.
func (st *state) repeat() bool {
	for i, f := range st.faults {
		if f.Repeat && len(st.lastBatch) > 0 {
			st.spend(i)
			return true
		}
	}
	return false
}

// before acts ahead of the method and says whether it has answered in its place.
func (f *Fault) before(w http.ResponseWriter, r *http.Request) bool {
	if f == nil {
		return false
	}
	if f.Delay > 0 && !wait(r, time.Duration(f.Delay)) {
		panic(http.ErrAbortHandler)
	}
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Code != 0 && f.Body != "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(f.Code)
		_, _ = w.Write([]byte(f.Body)) // the caller may be gone
		return true
	case f.Code != 0:
		refuse(w, &refusal{code: f.Code, description: f.Description, retryAfter: f.RetryAfter, migrateTo: f.MigrateTo})
		return true
	default:
		return false
	}
}

// after acts once the method had its effect and says whether the answer is withheld.
func (f *Fault) after(r *http.Request) bool {
	if f == nil || !f.Swallow {
		return false
	}
	limit := 2 * time.Minute
	if f.Delay > 0 {
		limit = time.Duration(f.Delay)
	}
	wait(r, limit)
	return true
}

// wait says whether the caller was still there at the end.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
