package appliance

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// tending lets the rules do what time alone calls for, and takes over the system's time when it is quiet.
type tending struct{ d *Device }

// tendEvery is how often orders that wait for staff are looked at.
const tendEvery = 2 * time.Second

// Serve implements suture.Service.
func (t *tending) Serve(ctx context.Context) error {
	return every(ctx, tendEvery, func() {
		if err := t.d.floor.Tend(ctx); err != nil && ctx.Err() == nil {
			t.d.log.Warn("orders that wait could not be tended", "error", err)
		}
		if t.d.adoptWhileQuiet(ctx) {
			t.d.log.Info("the system's time was taken over", "now", t.d.clock.time())
			t.d.hub.Touch()
		}
	})
}

// String names the part in logs.
func (t *tending) String() string { return "tending" }

// adoptWhileQuiet takes the system's time over if it is ahead of ours and no order is open; it reports whether it did.
// It asks as a change, because changes do not run at the same time: no order can be on its way with the old time.
func (d *Device) adoptWhileQuiet(ctx context.Context) bool {
	if d.clock.Now().Trusted {
		return false
	}
	adopted := false
	err := d.store.Write(ctx, func(tx edge.Tx) error {
		open, err := tx.CountOpenOrders()
		if err == nil && open == 0 {
			adopted = d.clock.adopt() || adopted
		}
		return err
	})
	return err == nil && adopted
}

// expediting lets the kitchen's rules do what time alone calls for.
type expediting struct{ d *Device }

// Serve implements suture.Service.
func (e *expediting) Serve(ctx context.Context) error {
	return every(ctx, time.Second, func() {
		if err := e.d.kitchen.Tend(ctx); err != nil && ctx.Err() == nil {
			e.d.log.Warn("held and unseen tickets could not be tended", "error", err)
		}
	})
}

// String names the part in logs.
func (e *expediting) String() string { return "expediting" }

// clearing frees tables at which nothing happens any more.
type clearing struct{ d *Device }

// Serve implements suture.Service.
func (c *clearing) Serve(ctx context.Context) error {
	return every(ctx, 2*time.Minute, func() {
		if err := c.d.floor.CloseIdle(ctx); err != nil && ctx.Err() == nil {
			c.d.log.Warn("idle tables could not be closed", "error", err)
		}
	})
}

// String names the part in logs.
func (c *clearing) String() string { return "clearing" }

// upkeep forgets what is kept only for a while.
type upkeep struct{ d *Device }

// How long things are kept. Messengers redeliver up to a week late, so answers and updates outlive that.
const (
	keepAnswers    = 8 * 24 * time.Hour
	keepUpdates    = 30 * 24 * time.Hour
	keepDeliveries = 30 * 24 * time.Hour
)

// Serve implements suture.Service.
func (u *upkeep) Serve(ctx context.Context) error {
	return every(ctx, time.Hour, func() {
		now := u.d.clock.time()
		err := u.d.store.Write(ctx, func(tx edge.Tx) error {
			return tx.Prune(now.Add(-keepAnswers), now.Add(-keepUpdates), now.Add(-keepDeliveries))
		})
		if err != nil && ctx.Err() == nil {
			u.d.log.Warn("old answers could not be forgotten", "error", err)
		}
	})
}

// String names the part in logs.
func (u *upkeep) String() string { return "upkeep" }

// reporting tells the owner's screen when a part gets well or falls ill.
type reporting struct{ d *Device }

// lookEvery is how often the parts are asked how they are.
const lookEvery = 2 * time.Second

// Serve implements suture.Service.
func (r *reporting) Serve(ctx context.Context) error {
	var before []api.Part
	return every(ctx, lookEvery, func() {
		now := r.d.parts()
		if !slices.EqualFunc(before, now, sameHealth) {
			before = now
			r.d.hub.Touch()
		}
	})
}

func sameHealth(a, b api.Part) bool { return a.ID == b.ID && a.State == b.State && a.Text == b.Text }

// String names the part in logs.
func (r *reporting) String() string { return "reporting" }

// watchdog tells systemd that the device is alive, as long as the store answers.
type watchdog struct{ d *Device }

// Serve implements suture.Service.
func (w *watchdog) Serve(ctx context.Context) error {
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil || interval == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	return every(ctx, interval/3, func() {
		check, cancel := context.WithTimeout(ctx, interval/3)
		defer cancel()
		if err := w.d.store.Read(check, func(view edge.View) error { _, err := view.Seq(); return err }); err != nil {
			w.d.log.Error("the store does not answer", "error", err)
			return
		}
		if _, err := daemon.SdNotify(false, daemon.SdNotifyWatchdog); err != nil {
			w.d.log.Warn("systemd could not be told", "error", err)
		}
	})
}

// String names the part in logs.
func (w *watchdog) String() string { return "watchdog" }

// notifyReady tells systemd that guests can order; without systemd it does nothing.
func notifyReady() {
	// The answer says only whether systemd listens, which changes nothing here.
	_, _ = daemon.SdNotify(false, daemon.SdNotifyReady)
}

// every calls do at once and then at every interval until ctx ends.
func every(ctx context.Context, interval time.Duration, do func()) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		do()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// noteStart records the start in the journal: after a power cut the owner sees when the device was back.
func (d *Device) noteStart(ctx context.Context) error {
	err := d.store.Write(ctx, func(tx edge.Tx) error {
		now := d.clock.Now()
		_, err := tx.Append(edge.Event{
			Kind: edge.DeviceStarted, Subject: "device", Actor: edge.System, At: now.At, Trusted: now.Trusted,
			Body: fmt.Appendf(nil, `{"version":%q}`, d.options.Version),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("note the start: %w", err)
	}
	return nil
}
