package client_test

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// step is t as time.Now gives it after somebody has set the system's clock: the wall time is another, the monotonic
// reading is not. Package time has no way to make one, so this changes the seconds in the time's first word.
func step(t time.Time, by time.Duration) time.Time {
	const secondsAt = 30 // "wall" in time.Time: a flag, 33 bits of seconds, 30 bits of nanoseconds
	*(*uint64)(unsafe.Pointer(&t)) += uint64(int64(by/time.Second)) << secondsAt
	return t
}

func TestStep(t *testing.T) {
	now := time.Now()
	for _, by := range []time.Duration{time.Hour, -24 * time.Hour} {
		stepped := step(now, by)
		if stepped.Round(0).Sub(now.Round(0)) != by || stepped.Sub(now) != 0 {
			t.Errorf("step by %s: the wall went %s, the steady clock %s", by, stepped.Round(0).Sub(now.Round(0)), stepped.Sub(now))
		}
	}
}

// TestAgesStayRightWhenTheClockJumps sets the device's clock while a ticket is open. Whatever message a screen takes the
// age from, it is how long the ticket has really been there.
func TestAgesStayRightWhenTheClockJumps(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour} {
		t.Run(fmt.Sprint(by), func(t *testing.T) {
			t.Parallel()
			k := openClockHouse(t)
			before := k.talk(t)
			before.next(t, "snapshot")
			k.order(t)
			first := before.next(t, "change")
			k.check(t, first)
			k.jump.Store(int64(by))
			k.order(t)
			k.check(t, before.next(t, "change"))
			k.check(t, before.next(t, "tick"))
			after := k.talk(t)
			k.check(t, after.next(t, "snapshot"))
			if err := before.Send(api.KitchenPress{Type: "start", Key: "start", Ticket: first.Tickets[0].ID}); err != nil {
				t.Fatal(err)
			}
			k.check(t, after.next(t, "change"))
			if by < 0 {
				k.restart(t)
				k.checkRestarted(t, k.talk(t).next(t, "snapshot"))
			}
		})
	}
}

// clockHouse is a device whose system clock can be set.
type clockHouse struct {
	house   *template
	device  *running
	jump    atomic.Int64
	placed  time.Time // when the first ticket was, by a clock that nobody sets
	created time.Time // when it was by the device's
	keys    int
}

func openClockHouse(t *testing.T) *clockHouse {
	k := &clockHouse{house: modelTemplate(t)}
	k.start(t)
	t.Cleanup(func() {
		if err := k.device.stop(); err != nil {
			t.Errorf("stop the device: %v", err)
		}
	})
	return k
}

func (k *clockHouse) start(t *testing.T) {
	t.Helper()
	device, err := runAt(t.Context(), k.house.settings, func() time.Time { return step(time.Now(), time.Duration(k.jump.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	k.device = device
}

func (k *clockHouse) restart(t *testing.T) {
	t.Helper()
	if err := k.device.stop(); err != nil {
		t.Fatal(err)
	}
	k.start(t)
}

func (k *clockHouse) order(t *testing.T) {
	t.Helper()
	k.keys++
	_, err := k.device.Floor().Place(t.Context(), edge.PlaceRequest{
		Key: fmt.Sprint("key-", k.keys), Guest: k.house.guests[0], MenuVersion: 1, Lines: []edge.LineRequest{{Item: "burger", Quantity: 1}},
	})
	if err != nil {
		t.Fatalf("Place: %v", err)
	}
	if k.placed.IsZero() {
		k.placed = time.Now()
	}
}

// check compares the age of the oldest ticket, and of those in the message, with the time that has really passed.
func (k *clockHouse) check(t *testing.T, m clockWord) {
	t.Helper()
	if k.created.IsZero() {
		k.created = m.Tickets[0].Created
	}
	const slack = time.Second
	passed := time.Since(k.placed)
	if age := m.Now.Sub(k.created); (age - passed).Abs() > slack {
		t.Errorf("%s: by it the first ticket is %s old, and it is %s", m.Type, age, passed)
	}
	for _, ticket := range m.Tickets {
		if age := m.Now.Sub(ticket.Created); age < 0 || age > passed+slack {
			t.Errorf("%s: by it a ticket is %s old, want at most %s", m.Type, age, passed)
		}
	}
}

// checkRestarted looks at a device that started with a clock that is behind. It goes on from the newest record, so that
// the time since then is missing; a device that starts with a clock ahead has nothing to know it by.
func (k *clockHouse) checkRestarted(t *testing.T, m clockWord) {
	t.Helper()
	if age, passed := m.Now.Sub(k.created), time.Since(k.placed); age < 0 || age > passed+time.Second || len(m.Tickets) != 2 {
		t.Errorf("%s after a restart: %d tickets, by it the first is %s old, want 2 and at most %s", m.Type, len(m.Tickets), age, passed)
	}
}

// clockWord is what a message says of time.
type clockWord struct {
	Type    string        `json:"type"`
	Now     time.Time     `json:"now"`
	Tickets []edge.Ticket `json:"tickets"`
}

// clockLine is a screen that writes nothing down.
type clockLine struct{ *client.Line }

func (k *clockHouse) talk(t *testing.T) clockLine {
	t.Helper()
	c, err := client.New("http://"+k.device.address, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	line, err := c.KitchenLine(t.Context(), api.KitchenHello{Token: k.house.keys["pass"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(line.Close)
	return clockLine{line}
}

// next is the next message of the type.
func (l clockLine) next(t *testing.T, kind string) clockWord {
	t.Helper()
	for {
		raw, err := l.Next()
		if err != nil {
			t.Fatalf("wait for a %s: %v", kind, err)
		}
		var m clockWord
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatalf("read %s: %v", raw, err)
		}
		if m.Type == kind {
			return m
		}
	}
}
