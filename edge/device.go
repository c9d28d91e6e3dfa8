package edge

import "time"

// Device is a screen or program that staff have paired with the appliance.
type Device struct {
	ID       ID        `json:"id"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Stations []string  `json:"stations,omitempty" doc:"What a kitchen screen shows; none is all"`
	TableID  ID        `json:"table_id,omitempty" doc:"Whose code a display shows"`
	KeyHash  string    `json:"-"`
	Paired   time.Time `json:"paired"`
	Removed  bool      `json:"removed,omitempty"`
	// Person is who a badge signed in there, and SignedIn when; StaffPolicy says how long that counts.
	Person   ID        `json:"person,omitempty" doc:"Who is signed in there"`
	SignedIn time.Time `json:"signed_in,omitzero"`
}

// Role is what a paired device may do.
type Role string

// The roles of devices.
const (
	RoleKitchen Role = "kitchen"
	RoleDisplay Role = "display"
	RoleOwner   Role = "owner"
)
