package channel

import "time"

// Problem is why a channel does not receive or send as it should, in a form screens can translate.
type Problem string

// The problems a channel reports.
const (
	// NoProblem: all is well, or nothing was tried yet.
	NoProblem Problem = ""
	// Offline: the platform does not answer. Heals by itself.
	Offline Problem = "offline"
	// PlatformTrouble: the platform answers, but with errors of its own. Heals by itself.
	PlatformTrouble Problem = "platform trouble"
	// Slowed: the platform asked us to wait. Heals by itself.
	Slowed Problem = "slowed"
	// CredentialsRefused: the platform does not accept our credentials. The owner must act.
	CredentialsRefused Problem = "credentials refused"
	// TakenElsewhere: another device or server uses the same account. The owner must act.
	TakenElsewhere Problem = "taken elsewhere"
	// WrongAddress: what answers at the configured address is not the platform. The owner must act.
	WrongAddress Problem = "wrong address"
	// CannotKeep: updates arrive but cannot be stored here. Nothing is lost at the platform meanwhile.
	CannotKeep Problem = "cannot keep updates"
)

// Status is how a channel is doing.
type Status struct {
	// Working says that the last exchange with the platform succeeded.
	Working bool
	Problem Problem
	// Words says the problem and the remedy in one English sentence for the owner.
	Words string
	// Platform are the platform's own words about the problem, or empty.
	Platform string
	// Since is when Working or Problem last changed.
	Since time.Time
	// LastReceived is when the last update came in; zero if none did since start.
	LastReceived time.Time
}

// NeedsOwner says whether the problem will stay until a person acts.
func (s Status) NeedsOwner() bool {
	switch s.Problem {
	case CredentialsRefused, TakenElsewhere, WrongAddress:
		return true
	default:
		return false
	}
}

// Reporter is a channel that can say how it is doing.
type Reporter interface {
	// Status is the present state; it never blocks.
	Status() Status
}
