package telegramtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// How long the Bot API server keeps what nobody fetches.
const (
	messageLife = 24 * time.Hour
	queryLife   = 150 * time.Second
	maxPoll     = 50 * time.Second
)

// push queues an update of the given kind unless the bot did not ask for it.
func (s *Server) push(st *state, kind string, body any) {
	if st.allowed != nil && !st.allowed[kind] {
		return
	}
	id := st.nextUpdate
	raw, err := json.Marshal(map[string]any{"update_id": id, kind: body})
	if err != nil {
		return // bodies are made of maps and strings here
	}
	st.nextUpdate++
	st.pending = append(st.pending, pending{id: id, kind: kind, raw: raw, at: s.cfg.Now()})
	if extra := len(st.pending) - maxPending; extra > 0 {
		st.pending = slices.Delete(st.pending, 0, extra)
	}
}

// Push queues an update as it is, for kinds a simulated guest cannot cause. The body becomes the field named kind.
func (s *Server) Push(kind string, body any) {
	s.update(func(st *state) { s.push(st, kind, body) })
}

// Renumber lets the next update have the given number, as Telegram does after a week without updates.
func (s *Server) Renumber(next int64) {
	s.update(func(st *state) { st.nextUpdate, st.pending = next, nil })
}

// Pending says how many updates are not confirmed yet.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.expire(s.cfg.Now())
	return len(s.state.pending)
}

// expire forgets what is too old.
func (st *state) expire(now time.Time) {
	st.pending = slices.DeleteFunc(st.pending, func(p pending) bool {
		if p.kind == "callback_query" {
			return now.Sub(p.at) > queryLife
		}
		return now.Sub(p.at) > messageLife
	})
	for id, q := range st.queries {
		if now.Sub(q.at) > queryLife {
			delete(st.queries, id)
		}
	}
}

// confirm forgets everything below offset. An offset in the future is ignored; a negative one keeps only the newest.
func (st *state) confirm(offset int64) {
	switch {
	case offset < 0:
		if extra := len(st.pending) + int(max(offset, -maxPending)); extra > 0 {
			st.pending = slices.Delete(st.pending, 0, extra)
		}
	case offset <= st.nextUpdate:
		st.pending = slices.DeleteFunc(st.pending, func(p pending) bool { return p.id < offset })
	}
}

// getUpdates is long polling. Only one call can wait: a second one ends the first with a conflict.
func (s *Server) getUpdates(r *http.Request, body []byte) (any, *refusal) {
	p, refused := decode[struct {
		Offset  int64     `json:"offset"`
		Limit   *int      `json:"limit"`
		Timeout int       `json:"timeout"`
		Allowed *[]string `json:"allowed_updates"`
	}](body)
	if refused != nil {
		return nil, refused
	}
	limit := 100
	if p.Limit != nil {
		limit = min(max(*p.Limit, 1), 100)
	}
	mine, refused := s.beginPoll(p.Offset, p.Allowed)
	if refused != nil {
		return nil, refused
	}
	timer := time.NewTimer(min(max(time.Duration(p.Timeout)*time.Second, 0), maxPoll))
	defer timer.Stop()
	for {
		batch, changed, state := s.lookForUpdates(mine, limit)
		if state != nil || len(batch) > 0 {
			return batch, state
		}
		select {
		case <-changed:
		case <-mine:
		case <-timer.C:
			return []json.RawMessage{}, nil
		case <-r.Context().Done():
			return nil, &refusal{code: http.StatusInternalServerError, description: "Internal Server Error"}
		}
	}
}

func (s *Server) beginPoll(offset int64, allowed *[]string) (chan struct{}, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &s.state
	if st.webhook != "" {
		return nil, &refusal{code: http.StatusConflict, description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	if st.poller != nil {
		close(st.poller)
	}
	mine := make(chan struct{})
	st.poller = mine
	if allowed != nil {
		st.allowed = map[string]bool{}
		for _, kind := range *allowed {
			st.allowed[kind] = true
		}
	}
	st.expire(s.cfg.Now())
	st.confirm(offset)
	return mine, nil
}

// lookForUpdates returns what can be delivered now, or the change to wait for. The poll ends with a delivery or a refusal.
func (s *Server) lookForUpdates(mine chan struct{}, limit int) ([]json.RawMessage, chan struct{}, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &s.state
	switch {
	case st.poller != mine:
		return nil, nil, &refusal{code: http.StatusConflict, description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
	case st.off || st.closed:
		return nil, nil, &refusal{code: http.StatusInternalServerError, description: "Internal Server Error"}
	}
	st.expire(s.cfg.Now())
	fresh := st.pending[:min(limit, len(st.pending))]
	batch := slices.Clone(fresh)
	if st.repeat() {
		batch = append(slices.Clone(st.lastBatch), batch...)
	}
	if len(batch) == 0 {
		return nil, st.changed, nil
	}
	st.poller = nil
	if len(fresh) > 0 {
		st.lastBatch = slices.Clone(fresh)
	}
	raws := make([]json.RawMessage, len(batch))
	for i, p := range batch {
		raws[i] = p.raw
	}
	return raws, nil, nil
}
