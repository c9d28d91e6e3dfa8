package nfc

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// State says in one word how the readers are doing.
type State string

// States, from start to trouble.
const (
	StateStarting       State = "starting"
	StateReady          State = "ready"
	StateNoReader       State = "no-reader"
	StateStuck          State = "reader-stuck"
	StateNoService      State = "no-service"
	StateServiceHangs   State = "service-hangs"
	StateServiceVersion State = "service-version"
	StateNotAllowed     State = "not-allowed"
	StateNotBuilt       State = "not-built"
	StateTrouble        State = "trouble"
)

// ReaderStatus is how one reader is doing.
type ReaderStatus struct {
	Name string
	// Card says that something lies on the reader.
	Card bool
	// StuckSince is when the reader stopped answering, or zero.
	StuckSince time.Time
	// Problem words what went wrong with the tag that lies there, or is empty.
	Problem string
}

// Status is how the readers are doing altogether.
type Status struct {
	State State
	// Text says the same to the owner of a restaurant: what is wrong, what it means, what to do.
	Text string
	// Err is why readers cannot work, and matches one of the package's errors when the reason is known; nil in
	// StateStarting, StateReady and StateStuck.
	Err error
	// Since is when State began.
	Since   time.Time
	Readers []ReaderStatus
	// LastTap is the last tap that was delivered, or nil.
	LastTap *Tap
}

// trouble maps an error of a back end to what a person is told.
type trouble struct {
	err   error
	state State
	text  string
}

func troubles() []trouble {
	const meanwhile = "Codes on the tables and everything else work without it."
	return []trouble{
		{ErrNotBuilt, StateNotBuilt, "This version of comanda was made without support for tag readers. " + meanwhile},
		{ErrServiceLost, StateNoService, "The service for tag readers (pcscd) has stopped. It usually comes back by itself. " + meanwhile},
		{ErrNoService, StateNoService, "The service for tag readers (pcscd) is not running. Install or start it if you use a reader. " + meanwhile},
		{ErrServiceHangs, StateServiceHangs, "The service for tag readers (pcscd) does not answer. Restart it, or unplug the reader and plug it in again. " + meanwhile},
		{ErrServiceVersion, StateServiceVersion, "The service for tag readers (pcscd) is of another version than its library on this device. Update both. " + meanwhile},
		{ErrNotAllowed, StateNotAllowed, "The system does not let comanda use tag readers. Install the access rule that comes with comanda. " + meanwhile},
	}
}

// explain words an error of a back end.
func explain(err error) (State, string) {
	for _, t := range troubles() {
		if errors.Is(err, t.err) {
			return t.state, t.text
		}
	}
	return StateTrouble, "Tag readers do not work at the moment. It is tried again every few seconds."
}

// describe words a service that works.
func describe(readers []ReaderStatus) (State, string) {
	stuck := slices.IndexFunc(readers, func(r ReaderStatus) bool { return !r.StuckSince.IsZero() })
	switch {
	case stuck >= 0:
		return StateStuck, fmt.Sprintf("The tag reader %q does not answer. Take away what lies on it; if that does not help, unplug it and plug it in again.", readers[stuck].Name)
	case len(readers) == 0:
		return StateNoReader, "No tag reader is connected. It is used as soon as you plug one in."
	case len(readers) == 1:
		return StateReady, "The tag reader is ready."
	default:
		return StateReady, fmt.Sprintf("%d tag readers are ready.", len(readers))
	}
}
