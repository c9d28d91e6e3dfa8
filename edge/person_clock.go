package edge

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Shift is the time somebody worked, from coming to going. It belongs to the business day on which it began.
type Shift struct {
	ID     ID          `json:"id"`
	Person ID          `json:"person"`
	Name   string      `json:"name" doc:"As the person was called then"`
	Role   StaffRole   `json:"role"`
	Day    BusinessDay `json:"business_day"`
	In     time.Time   `json:"in"`
	Out    time.Time   `json:"out,omitzero" doc:"None while it runs"`
	// InAt and OutAt name the reader; none is the owner's page.
	InAt  string `json:"in_at,omitempty" doc:"The reader; none is the owner's page"`
	OutAt string `json:"out_at,omitempty"`
	// Doubtful says that the device was not sure what time it was at one of the two.
	Doubtful bool `json:"doubtful,omitempty" doc:"The device was not sure of the time"`
}

// Worked is how long the shift lasted, or has lasted at now; never negative.
func (s Shift) Worked(now time.Time) time.Duration {
	end := s.Out
	if end.IsZero() {
		end = now
	}
	return max(0, end.Sub(s.In))
}

// settle is how long after coming or going another tap of the same badge is taken for the same.
const settle = 10 * time.Second

// Clock notes by hand that somebody came or went; what is so already stays so.
func (f *Floor) Clock(ctx context.Context, actor Actor, id ID, in bool) (Person, error) {
	var person Person
	err := f.store.Write(ctx, func(tx Tx) (err error) {
		if person, err = workingPerson(tx, id); err != nil {
			return err
		}
		now := f.now()
		switch {
		case in && person.Shift == "":
			return f.clockIn(tx, &person, "", actor, now)
		case !in && person.Shift != "":
			return f.clockOut(tx, &person, "", actor, now)
		default:
			return nil
		}
	})
	return person, err
}

func (f *Floor) clockIn(tx Tx, person *Person, reader string, actor Actor, now Moment) error {
	shift := Shift{
		ID: f.newID(), Person: person.ID, Name: person.Name, Role: person.Role, Day: f.venue.Day(now.At),
		In: now.At, InAt: reader, Doubtful: !now.Trusted,
	}
	person.Shift, person.Clocked = shift.ID, now.At
	return putShift(tx, PersonClockedIn, person, &shift, actor, now)
}

func (f *Floor) clockOut(tx Tx, person *Person, reader string, actor Actor, now Moment) error {
	shift, err := tx.Shift(person.Shift)
	if err != nil {
		return err
	}
	// A clock that was put back between the two must not make a shift end before it began.
	shift.Out, shift.OutAt, shift.Doubtful = later(shift.In, now.At), reader, shift.Doubtful || !now.Trusted
	person.Shift, person.Clocked = "", now.At
	return putShift(tx, PersonClockedOut, person, &shift, actor, now)
}

func putShift(tx Tx, kind EventKind, person *Person, shift *Shift, actor Actor, now Moment) error {
	if err := tx.PutShift(*shift); err != nil {
		return err
	}
	if err := tx.PutPerson(*person); err != nil {
		return err
	}
	doc := *person
	return appendAll(tx, newEvent(kind, person.ID, actor, now, *shift, &doc))
}

// Hours are the shifts of one person on one day together.
type Hours struct {
	Person ID        `json:"person"`
	Name   string    `json:"name"`
	Role   StaffRole `json:"role"`
	Shifts []Shift   `json:"shifts" doc:"By when they began"`
	// Seconds is what the shifts come to, up to now for one that runs.
	Seconds int64 `json:"seconds"`
	Running bool  `json:"running,omitempty" doc:"The person is in"`
}

// HoursOf adds up shifts by person, in the order of names.
func HoursOf(shifts []Shift, now time.Time) []Hours {
	byPerson := map[ID]*Hours{}
	var all []*Hours
	for _, s := range shifts {
		h := byPerson[s.Person]
		if h == nil {
			h = &Hours{Person: s.Person}
			byPerson[s.Person], all = h, append(all, h)
		}
		h.Name, h.Role, h.Shifts = s.Name, s.Role, append(h.Shifts, s)
		h.Seconds += int64(s.Worked(now) / time.Second)
		h.Running = h.Running || s.Out.IsZero()
	}
	slices.SortStableFunc(all, func(a, b *Hours) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	hours := make([]Hours, len(all))
	for i, h := range all {
		hours[i] = *h
	}
	return hours
}
