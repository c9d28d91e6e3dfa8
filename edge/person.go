package edge

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Person is somebody who works in the house. What they are called is what colleagues call them; nothing else is kept.
type Person struct {
	ID      ID        `json:"id"`
	Name    string    `json:"name"`
	Role    StaffRole `json:"role"`
	Added   time.Time `json:"added"`
	Removed bool      `json:"removed,omitempty"`
	// Shift is the one that runs, none while the person is out; Clocked is when that last changed.
	Shift   ID        `json:"shift,omitempty" doc:"The shift that runs; none while the person is out"`
	Clocked time.Time `json:"clocked,omitzero" doc:"When the person last came or went"`
}

// StaffRole is what somebody does in the house.
type StaffRole string

// The roles of people.
const (
	StaffOwner   StaffRole = "owner"
	StaffManager StaffRole = "manager"
	StaffCashier StaffRole = "cashier"
	StaffWaiter  StaffRole = "waiter"
	StaffKitchen StaffRole = "kitchen"
	StaffExpo    StaffRole = "expo"
	StaffRunner  StaffRole = "runner"
	StaffSupport StaffRole = "support"
)

// Approves reports whether people of the role may allow what is guarded.
func (r StaffRole) Approves() bool { return r == StaffOwner || r == StaffManager }

func (r StaffRole) known() bool {
	switch r {
	case StaffOwner, StaffManager, StaffCashier, StaffWaiter, StaffKitchen, StaffExpo, StaffRunner, StaffSupport:
		return true
	default:
		return false
	}
}

// StaffPolicy is what the house asks of its people.
type StaffPolicy struct {
	// Approve lists what needs the badge of somebody who may approve.
	Approve []Guarded
	// ApproveWithin is how long a wish for approval waits; SignedIn is how long a badge signs a screen in, 0 is until
	// somebody signs out.
	ApproveWithin, SignedIn time.Duration
}

// What happens to people, and at screens by them.
const (
	PersonAdded      EventKind = "person.added"
	PersonChanged    EventKind = "person.changed"
	PersonClockedIn  EventKind = "person.clocked_in"
	PersonClockedOut EventKind = "person.clocked_out"
	DeviceSignedIn   EventKind = "device.signed_in"
	DeviceSignedOut  EventKind = "device.signed_out"
)

// StaffActor names somebody who acts at a paired screen they are signed in to.
func StaffActor(person, device ID) Actor { return Actor(fmt.Sprintf("staff:%s@%s", person, device)) }

// scope is where keys of the actor are remembered: with the screen, whoever stands in front of it. A press that is sent
// again after somebody signed in or out is still the same press.
func (a Actor) scope() string {
	if person, device, ok := strings.Cut(string(a), "@"); ok && strings.HasPrefix(person, "staff:") {
		return string(DeviceActor(ID(device)))
	}
	return string(a)
}

// Limits of what is kept of people.
const (
	maxPeople     = 500
	maxPersonName = 40
)

// AddPerson adds somebody who works in the house.
func (f *Floor) AddPerson(ctx context.Context, actor Actor, name string, role StaffRole) (Person, error) {
	var person Person
	err := f.store.Write(ctx, func(tx Tx) error {
		people, err := tx.People()
		if err != nil {
			return err
		}
		if len(people) >= maxPeople {
			return Refuse(KindTooMany, "too_many_people", "At most %d people can be kept.", maxPeople)
		}
		now := f.now()
		person = Person{ID: f.newID(), Name: name, Role: role, Added: now.At}
		if err := person.check(people); err != nil {
			return err
		}
		return putPerson(tx, PersonAdded, &person, actor, now)
	})
	return person, err
}

// PersonChange says what is to be different; nil leaves it as it is.
type PersonChange struct {
	Name    *string    `json:"name,omitempty" minLength:"1" maxLength:"40"`
	Role    *StaffRole `json:"role,omitempty"`
	Removed *bool      `json:"removed,omitempty" doc:"Does not work here any more; what they did stays in the books"`
}

// ChangePerson changes what somebody is called or does, or removes them: then they are out, and no screen is signed in
// by them any more.
func (f *Floor) ChangePerson(ctx context.Context, actor Actor, id ID, change PersonChange) (Person, error) {
	var person Person
	err := f.store.Write(ctx, func(tx Tx) (err error) {
		if person, err = tx.Person(id); err != nil {
			return err
		}
		before := person
		change.apply(&person)
		people, err := tx.People()
		if err != nil {
			return err
		}
		if err := person.check(people); err != nil || person == before {
			return err
		}
		now := f.now()
		if person.Removed && !before.Removed {
			if err := f.leave(tx, &person, actor, now); err != nil {
				return err
			}
		}
		return putPerson(tx, PersonChanged, &person, actor, now)
	})
	return person, err
}

func (c PersonChange) apply(p *Person) {
	if c.Name != nil {
		p.Name = *c.Name
	}
	if c.Role != nil {
		p.Role = *c.Role
	}
	if c.Removed != nil {
		p.Removed = *c.Removed
	}
}

// check puts the name in order and refuses what cannot be. Two people of one name could not be told apart.
func (p *Person) check(others []Person) error {
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" {
		return invalid("name", "name_missing", "A person needs a name.")
	}
	if err := checkText("name", p.Name, maxPersonName); err != nil {
		return err
	}
	if !p.Role.known() {
		return invalid("role", "role_unknown", "There is no such role.")
	}
	for _, other := range others {
		if other.ID != p.ID && !other.Removed && !p.Removed && strings.EqualFold(other.Name, p.Name) {
			return invalid("name", "name_taken", "There is already somebody called %s.", p.Name)
		}
	}
	return nil
}

// leave ends what somebody has begun: the shift, and where they are signed in.
func (f *Floor) leave(tx Tx, person *Person, actor Actor, now Moment) error {
	if person.Shift != "" {
		if err := f.clockOut(tx, person, "", actor, now); err != nil {
			return err
		}
	}
	devices, err := tx.Devices()
	if err != nil {
		return err
	}
	for i := range devices {
		if devices[i].Person != person.ID || devices[i].Removed {
			continue
		}
		if err := signOut(tx, &devices[i], actor, now); err != nil {
			return err
		}
	}
	return nil
}

// putPerson keeps somebody and tells of it. The journal has the name: whoever reads it in years must know who it was.
func putPerson(tx Tx, kind EventKind, person *Person, actor Actor, now Moment) error {
	if err := tx.PutPerson(*person); err != nil {
		return err
	}
	doc := *person
	return appendAll(tx, newEvent(kind, person.ID, actor, now, doc, &doc))
}

// workingPerson loads somebody who works here.
func workingPerson(view View, id ID) (Person, error) {
	person, err := view.Person(id)
	if ok, err := found(err); err != nil {
		return Person{}, err
	} else if !ok {
		return Person{}, Refuse(KindNotFound, "person_unknown", "There is nobody like that here.")
	}
	if person.Removed {
		return Person{}, errPersonRemoved
	}
	return person, err
}

var errPersonRemoved = Refuse(KindDenied, "person_removed", "Whoever this badge belongs to does not work here any more.")
