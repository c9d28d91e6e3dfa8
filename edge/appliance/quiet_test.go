package appliance

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
)

// TestClockWaitsForAnOrderThatIsBeingStored lets the system's time come back while an order is on its way to the disk:
// the order carries the old time, and the new one would make it overdue at once.
func TestClockWaitsForAnOrderThatIsBeingStored(t *testing.T) {
	settings, err := configs.Parse(nil)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	settings.Data.Directory = t.TempDir()
	settings.Readers.Driver = "none"
	d, err := Open(t.Context(), settings, Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	defer d.Close()
	d.clock.mu.Lock()
	d.clock.base = d.clock.base.Add(-time.Hour) // the system's clock has jumped ahead since the start
	d.clock.mu.Unlock()
	begun, release, stored := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		stored <- d.store.Write(t.Context(), func(tx edge.Tx) error {
			now := d.clock.time()
			close(begun)
			<-release
			if err := tx.PutTable(edge.Table{ID: "table"}); err != nil {
				return err
			}
			if err := tx.PutSession(edge.Session{ID: "session", TableID: "table", Opened: now}); err != nil {
				return err
			}
			return tx.PutOrder(edge.Order{ID: "order", Session: "session", State: edge.OrderStateReceived, Placed: now})
		})
	}()
	<-begun
	adopted := make(chan bool, 1)
	go func() { adopted <- d.adoptWhileQuiet(t.Context()) }()
	select {
	case now := <-adopted:
		t.Errorf("adopted %t while an order was being stored, want it to wait", now)
		close(release)
	case <-time.After(100 * time.Millisecond):
		close(release)
		if <-adopted {
			t.Error("adopted although an order is open")
		}
	}
	if err := <-stored; err != nil {
		t.Fatalf("Write: %v", err)
	}
}

// TestDisplayLooksAgainSoon: a code follows from the time, so that one of before a jump of the clock opens nothing.
func TestDisplayLooksAgainSoon(t *testing.T) {
	settings, err := configs.Parse(nil)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	settings.Data.Directory = t.TempDir()
	settings.Readers.Driver = "none"
	settings.Codes.ChangesEvery = configs.Duration(time.Hour)
	d, err := Open(t.Context(), settings, Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	defer d.Close()
	if _, err := d.floor.AddTables(t.Context(), edge.System, []edge.Table{{Name: "7"}}); err != nil {
		t.Fatalf("AddTables: %v", err)
	}
	d.clock.mu.Lock()
	d.clock.base = d.clock.base.Truncate(time.Hour).Add(time.Minute) // most of the hour is to come
	d.clock.mu.Unlock()
	s := &screen{d: d, settings: configs.Display{Name: "counter", Table: "7"}}
	if card, next := s.card(t.Context()); card.Code == "" || next > time.Minute {
		t.Errorf("the code %q stands for %s, want it made anew within a minute", card.Code, next)
	}
}
