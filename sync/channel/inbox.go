package channel

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Update is one delivery of a platform as it came over the wire.
type Update struct {
	// ID is the key under which the update is taken in once: the same delivery has the same ID each time it is repeated,
	// and different deliveries have different IDs, within channel and account.
	ID string
	// Raw is the update as received. The receiver hands it over and does not touch it again.
	Raw []byte
	// ReceivedAt is when it arrived here.
	ReceivedAt time.Time
	// Expires is when answering it becomes pointless; zero means never.
	Expires time.Time
}

// Inbox keeps what came in. It is implemented over the device's database.
type Inbox interface {
	// Cursor returns what the last Commit for source stored as next, or "" if there was none.
	Cursor(ctx context.Context, source string) (string, error)
	// Commit stores the updates that are new and the cursor in one transaction. When it returns nil both survive a power
	// cut; when it returns an error neither may be relied upon. Updates whose ID is already known are not an error.
	Commit(ctx context.Context, source string, updates []Update, next string) error
}

// Receiver is a channel that fetches its updates.
type Receiver interface {
	// Receive fetches updates and commits them until ctx ends, and then returns. It confirms an update to the platform
	// only after Commit returned nil for it, so that a crash repeats updates but loses none. Trouble does not end it:
	// it waits, tries again and tells through Status. Only one Receive may run at a time for an account.
	Receive(ctx context.Context, inbox Inbox) error
	// Source is the name under which this receiver keeps its cursor.
	Source() string
}

// Request is a platform's call to our webhook.
type Request struct {
	Method     string
	Query      url.Values
	Header     http.Header
	Body       []byte
	ReceivedAt time.Time
}

// Answer is what the webhook replies once the updates are stored.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

// Hook is a channel that is called by the platform.
type Hook interface {
	// Take checks who calls and cuts the body into updates. It is pure: the caller stores the updates and only then
	// replies with the answer. If the caller is not the platform, there are no updates and the answer is a refusal.
	Take(r Request) ([]Update, Answer)
}
