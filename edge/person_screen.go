package edge

import (
	"context"
	"time"
)

// SignedInBy is who a screen is signed in by at an instant, "" for nobody: a sign-in that the house lets lapse is over
// without anybody doing anything.
func (p StaffPolicy) SignedInBy(device Device, at time.Time) ID {
	if device.Removed || (p.SignedIn > 0 && at.Sub(device.SignedIn) >= p.SignedIn) {
		return ""
	}
	return device.Person
}

// ActorAt is who acts at a paired screen: the person who is signed in there, else the screen.
func (p StaffPolicy) ActorAt(device Device, at time.Time) Actor {
	if person := p.SignedInBy(device, at); person != "" {
		return StaffActor(person, device.ID)
	}
	return DeviceActor(device.ID)
}

// SignOut ends the sign-in at a screen.
func (f *Floor) SignOut(ctx context.Context, actor Actor, device ID) error {
	return f.store.Write(ctx, func(tx Tx) error {
		d, err := deviceByID(tx, device)
		if err != nil || d.Person == "" {
			return err
		}
		return signOut(tx, &d, actor, f.now())
	})
}

func signIn(tx Tx, device *Device, person ID, actor Actor, now Moment) error {
	device.Person, device.SignedIn = person, now.At
	return putSignIn(tx, DeviceSignedIn, device, person, actor, now)
}

func signOut(tx Tx, device *Device, actor Actor, now Moment) error {
	person := device.Person
	device.Person, device.SignedIn = "", time.Time{}
	return putSignIn(tx, DeviceSignedOut, device, person, actor, now)
}

type signInBody struct {
	Person ID `json:"person"`
}

func putSignIn(tx Tx, kind EventKind, device *Device, person ID, actor Actor, now Moment) error {
	if err := tx.PutDevice(*device); err != nil {
		return err
	}
	doc := *device
	return appendAll(tx, newEvent(kind, device.ID, actor, now, signInBody{person}, &doc))
}

// deviceByID loads a paired screen that was not removed.
func deviceByID(view View, id ID) (Device, error) {
	devices, err := view.Devices()
	if err != nil {
		return Device{}, err
	}
	for _, d := range devices {
		if d.ID == id && !d.Removed {
			return d, nil
		}
	}
	return Device{}, Refuse(KindNotFound, "device_unknown", "There is no such screen.")
}
