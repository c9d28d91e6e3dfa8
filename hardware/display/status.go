package display

import (
	"fmt"
	"slices"
	"time"
)

// State is what a Keeper is doing.
type State int

// The states of a Keeper.
const (
	// Stopped: Serve is not running.
	Stopped State = iota
	// Opening: the display is being opened for the first time.
	Opening
	// Working: the display shows the newest card, or will as soon as the panel
	// bears a new picture.
	Working
	// Failing: the display does not answer; it is tried again and again.
	Failing
)

// Status describes one display for the owner's screen and for diagnosis.
type Status struct {
	// Name is the display's name in the settings.
	Name string
	// Device is what the driver calls the display; empty before it first opened.
	Device string
	State  State
	// Since is when State began.
	Since time.Time
	// Shown is the card the panel last took, and ShownAt when; zero before.
	Shown   Card
	ShownAt time.Time
	// Again is when a failing display is tried next.
	Again time.Time
	// Err is why the display fails, or nil.
	Err error
	// Problem is why the newest card could not be shown as it is (mostly a
	// *TooLongError); its words are shown without the code. Nil if all is well.
	Problem error
}

// OK reports whether the display works and shows the whole card.
func (s Status) OK() bool { return s.State == Working && s.Err == nil && s.Problem == nil }

// String says in one sentence how the display is doing.
func (s Status) String() string {
	switch {
	case s.State == Failing:
		return fmt.Sprintf("The display %q does not work: %v. It is tried again at %s.", s.Name, s.Err, clock(s.Again))
	case s.State == Working && s.Problem != nil:
		return fmt.Sprintf("The display %q works, but cannot show the code: %v.", s.Name, s.Problem)
	case s.State == Working && s.Shown.Empty():
		return fmt.Sprintf("The display %q works and is empty since %s.", s.Name, clock(s.ShownAt))
	case s.State == Working:
		return fmt.Sprintf("The display %q works; its last picture is from %s.", s.Name, clock(s.ShownAt))
	case s.State == Opening:
		return fmt.Sprintf("The display %q is being opened.", s.Name)
	default:
		return fmt.Sprintf("The display %q is switched off.", s.Name)
	}
}

// clock is the time of day.
func clock(t time.Time) string { return t.Format(time.TimeOnly) }

// Status returns a copy of how the display is doing now.
func (k *Keeper) Status() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.status
	s.Shown.Typed = slices.Clone(s.Shown.Typed)
	return s
}

// report notes a new state.
func (k *Keeper) report(state State, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.enter(state)
	k.status.Err, k.status.Again = err, time.Time{}
}

// reportRetry notes a failure and when there will be another attempt.
func (k *Keeper) reportRetry(err error, again time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.enter(Failing)
	k.status.Err, k.status.Again = err, again
}

// opened notes which device was opened. The state changes only once it has shown
// something: an opened bus says nothing about the panel on it.
func (k *Keeper) opened(device string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.status.Device = device
}

// shown notes a picture the panel has taken.
func (k *Keeper) shown(card Card, problem error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.status.State == Failing {
		k.log.Info("display works again")
	}
	k.enter(Working)
	k.status.Err, k.status.Again = nil, time.Time{}
	k.status.Shown, k.status.ShownAt, k.status.Problem = card, time.Now(), problem
}

// enter changes the state; k.mu is held.
func (k *Keeper) enter(state State) {
	if k.status.State != state {
		k.status.State, k.status.Since = state, time.Now()
	}
}
