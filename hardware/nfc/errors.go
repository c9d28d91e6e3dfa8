package nfc

import "errors"

// What can be wrong between this program and its readers. Back ends wrap these with details of their own.
var (
	// ErrNotBuilt means that this program was built without PC/SC. It never heals.
	ErrNotBuilt = errors.New("this build has no support for readers (PC/SC)")
	// ErrNoService means that the reader service is not running. It heals when the service starts.
	ErrNoService = errors.New("the reader service (pcscd) is not running")
	// ErrServiceLost means that the reader service went away in the middle of something.
	ErrServiceLost = errors.New("the reader service (pcscd) went away")
	// ErrServiceHangs means that the reader service is there but does not answer.
	ErrServiceHangs = errors.New("the reader service (pcscd) does not answer")
	// ErrServiceVersion means that the reader service and its client library do not fit each other.
	ErrServiceVersion = errors.New("the reader service (pcscd) and its library are of different versions")
	// ErrNotAllowed means that the system refuses this program access to readers.
	ErrNotAllowed = errors.New("the system does not let this program use readers")
	// ErrNoReader means that no reader is connected.
	ErrNoReader = errors.New("no reader is connected")
	// ErrUnknownReader means that a reader is not, or no longer, connected.
	ErrUnknownReader = errors.New("this reader is not connected")
	// ErrNoCard means that no card is in the field, or that it left.
	ErrNoCard = errors.New("no tag is at the reader")
	// ErrCardSwapped means that another card is in the field than at the start.
	ErrCardSwapped = errors.New("the tag was exchanged for another one")
	// ErrCardReset means that another program reset the card; what was going on must start again.
	ErrCardReset = errors.New("another program restarted the tag")
	// ErrCardMute means that something is in the field but cannot be talked to.
	ErrCardMute = errors.New("the tag does not answer; hold it closer and still")
	// ErrBusy means that another program uses the card.
	ErrBusy = errors.New("another program is using the reader")
	// ErrStuck means that the reader did not answer a command in time. It heals when the tag or the reader is removed.
	ErrStuck = errors.New("the reader does not answer; take the tag away, or unplug the reader")
)
