package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// weighing follows a process's resident memory and keeps the most it had in each phase.
type weighing struct {
	mu    sync.Mutex // guards all below
	pid   int
	phase string
	peaks map[string]int64 // bytes, by phase
	wrong error
}

func newWeighing(pid int, phase string) *weighing {
	return &weighing{pid: pid, phase: phase, peaks: map[string]int64{}}
}

// weighEvery is how often the memory is looked at.
const weighEvery = 50 * time.Millisecond

// serve weighs until ctx ends.
func (w *weighing) serve(ctx context.Context) {
	tick := time.NewTicker(weighEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.weigh()
		}
	}
}

func (w *weighing) weigh() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pid == 0 {
		return
	}
	bytes, err := resident(w.pid)
	if err != nil {
		w.wrong = errors.Join(w.wrong, err)
		w.pid = 0
		return
	}
	w.peaks[w.phase] = max(w.peaks[w.phase], bytes)
}

// follow begins a phase of a process; 0 is none while it is away.
func (w *weighing) follow(pid int, phase string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pid, w.phase = pid, phase
}

// enter begins a phase of the same process.
func (w *weighing) enter(phase string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase = phase
}

// peak is the most in a phase, in bytes, 0 when it was never weighed.
func (w *weighing) peak(phase string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.peaks[phase]
}
