//go:build rig && !nopcsc && cgo

// These tests run against a real pcscd with virtual readers; see nfctest.Rig for what the machine needs.
package pcsc_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	tableURI = "https://comanda.example/t/8f3kQz7WmN2pXv5bT1cRyA"
	patience = 15 * time.Second
)

// watched is a supervisor on the real service whose taps and states can be waited for.
type watched struct {
	*nfc.Supervisor
	taps   chan nfc.Tap
	states chan nfc.Status
}

func watch(t *testing.T) *watched {
	t.Helper()
	w := &watched{taps: make(chan nfc.Tap, 64), states: make(chan nfc.Status, 256)}
	w.Supervisor = nfc.NewSupervisor(nfc.Options{
		Backend:  pcsc.New(),
		OnTap:    func(_ context.Context, tap nfc.Tap) { w.taps <- tap },
		OnStatus: func(s nfc.Status) { w.states <- s },
		Debounce: time.Millisecond,
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Serve returned %v", err)
			}
		case <-time.After(patience):
			t.Error("Serve does not end")
		}
	})
	return w
}

func (w *watched) await(t *testing.T, what string, good func(nfc.Status) bool) {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case s := <-w.states:
			if good(s) {
				return
			}
		case <-timeout:
			t.Fatalf("no %s; the status is %+v", what, w.Status())
		}
	}
}

func (w *watched) awaitState(t *testing.T, state nfc.State) {
	t.Helper()
	w.await(t, string(state), func(s nfc.Status) bool { return s.State == state })
}

func (w *watched) awaitTap(t *testing.T, reader, uri string) nfc.Tap {
	t.Helper()
	select {
	case tap := <-w.taps:
		if tap.Reader != reader || tap.URI != uri || tap.Err != nil {
			t.Fatalf("got tap %+v, want %s at %s", tap, uri, reader)
		}
		return tap
	case <-time.After(patience):
		t.Fatalf("no tap; the status is %+v", w.Status())
	}
	return nfc.Tap{}
}

func tag(t *testing.T, last byte, uri string) *virtual.NTAG {
	t.Helper()
	card := virtual.NewNTAG(virtual.NTAG215, [7]byte{4, 1, 2, 3, 4, 5, last})
	if _, err := type2.WriteURI(t.Context(), card, uri); err != nil {
		t.Fatal(err)
	}
	return card
}

// TestServiceComesAndGoes lives through a late start and both kinds of death, with a tap after each.
func TestServiceComesAndGoes(t *testing.T) {
	rig := nfctest.NewRig(t)
	w := watch(t)
	w.awaitState(t, nfc.StateNoService)
	for n, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		rig.Start()
		w.awaitState(t, nfc.StateReady)
		rig.Insert(0, tag(t, byte(n), "https://a.example"))
		w.awaitTap(t, nfctest.RigReader0, "https://a.example")
		runtime.GC() // what the binding keeps for the waiter must survive this
		rig.Stop(signal)
		w.awaitState(t, nfc.StateNoService)
	}
}

func TestFrozenServiceIsTold(t *testing.T) {
	rig := nfctest.StartRig(t)
	w := watch(t)
	w.awaitState(t, nfc.StateReady)
	rig.Signal(syscall.SIGSTOP)
	w.awaitState(t, nfc.StateServiceHangs)
	rig.Signal(syscall.SIGCONT)
	w.awaitState(t, nfc.StateReady)
}

func TestTagsComeAndGoAtTwoReaders(t *testing.T) {
	rig := nfctest.StartRig(t)
	w := watch(t)
	w.await(t, "two readers", func(s nfc.Status) bool { return len(s.Readers) == 2 })
	last := uint64(0)
	for n := range 4 {
		slot, reader := n%2, []string{nfctest.RigReader0, nfctest.RigReader1}[n%2]
		start := time.Now()
		rig.Insert(slot, tag(t, byte(n), tableURI))
		tap := w.awaitTap(t, reader, tableURI)
		t.Logf("insert to tap: %v", time.Since(start))
		if tap.Seq <= last || tap.Kind != nfc.NTAG215 {
			t.Errorf("got tap %+v after seq %d", tap, last)
		}
		last = tap.Seq
		rig.Slot(slot).Remove()
		w.await(t, "empty readers", func(s nfc.Status) bool { return !s.Readers[slot].Card })
	}
}

// TestWriteReadBackPowerCycle writes each model through the real service, which powers the tag down for the reading back.
func TestWriteReadBackPowerCycle(t *testing.T) {
	rig := nfctest.StartRig(t)
	for model, name := range map[virtual.Model]string{virtual.NTAG213: "NTAG213", virtual.NTAG215: "NTAG215", virtual.NTAG216: "NTAG216"} {
		card := virtual.NewNTAG(model, [7]byte{4, 9, 8, 7, 6, 5, 4})
		rig.Insert(0, card)
		var report type2.Report
		start := time.Now()
		err := oneShot(t, func(ctx context.Context, c nfc.Card) (err error) {
			start = time.Now()
			report, err = type2.WriteURI(ctx, c, tableURI)
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s written and read back in %v", name, time.Since(start))
		if report.Chip != name || report.URI != tableURI || report.Pages == 0 {
			t.Errorf("got report %+v", report)
		}
		var content nfc.TagContent
		err = oneShot(t, func(ctx context.Context, c nfc.Card) (err error) {
			if err := c.Reset(ctx); err != nil {
				return err
			}
			content, err = nfc.ReadTag(ctx, c)
			return err
		})
		if err != nil || content.URI != tableURI {
			t.Errorf("%s: read %+v, %v", name, content, err)
		}
		rig.Slot(0).Remove()
	}
}

func oneShot(t *testing.T, work func(context.Context, nfc.Card) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return nfc.WithTag(ctx, nfc.Options{Backend: pcsc.New(), Reader: nfctest.RigReader0}, work)
}

// TestTornWriteIsRepeated takes the tag out of the field in the middle of the writing and puts it back.
func TestTornWriteIsRepeated(t *testing.T) {
	rig := nfctest.StartRig(t)
	for _, after := range []int{9, 14, 20} {
		card := tag(t, 1, "https://old.example/with/quite/a/long/address")
		card.TearAfter(after, true)
		rig.Insert(0, card)
		err := oneShot(t, func(ctx context.Context, c nfc.Card) error {
			_, err := type2.WriteURI(ctx, c, tableURI)
			return err
		})
		if !card.Away() || !errors.Is(err, nfc.ErrNoCard) {
			t.Fatalf("torn after %d commands: got %v, want %v", after, err, nfc.ErrNoCard)
		}
		card.Return()
		rig.Insert(0, card)
		shown := ""
		err = oneShot(t, func(ctx context.Context, c nfc.Card) error {
			content, err := nfc.ReadTag(ctx, c)
			if err != nil {
				return err
			}
			shown = content.URI
			_, err = type2.WriteURI(ctx, c, tableURI)
			return err
		})
		if err != nil {
			t.Fatalf("repeated: %v", err)
		}
		if shown != "" && shown != tableURI && !strings.HasPrefix(shown, "https://old.example/with/quite/a/long/address") {
			t.Errorf("torn after %d commands: the tag showed %q", after, shown)
		}
		rig.Slot(0).Remove()
	}
}

// TestCardThatNeverAnswersIsGivenUp also proves that the other reader works meanwhile, and that taking the card away in the
// middle of the command heals the reader.
func TestCardThatNeverAnswersIsGivenUp(t *testing.T) {
	rig := nfctest.StartRig(t)
	w := watch(t)
	w.await(t, "two readers", func(s nfc.Status) bool { return len(s.Readers) == 2 })
	rig.Insert(0, nfctest.Silent(tag(t, 1, "https://one.example")))
	w.awaitState(t, nfc.StateStuck)
	rig.Insert(1, tag(t, 2, "https://two.example"))
	w.awaitTap(t, nfctest.RigReader1, "https://two.example")
	rig.Slot(0).Remove()
	w.await(t, "healed reader", func(s nfc.Status) bool { return s.State == nfc.StateReady && !s.Readers[0].Card })
	rig.Insert(0, tag(t, 3, "https://three.example"))
	w.awaitTap(t, nfctest.RigReader0, "https://three.example")
}

func TestResetKeepsTheCardOurs(t *testing.T) {
	rig := nfctest.StartRig(t)
	rig.Insert(0, tag(t, 1, tableURI))
	err := oneShot(t, func(ctx context.Context, c nfc.Card) error {
		for range 3 {
			if err := c.Reset(ctx); err != nil {
				return err
			}
			if _, err := apdu.ReadUID(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTwoBackEndsInOneProcess proves the guard around the binding's global table: without it the collector frees the name
// of a reader under the first waiter's feet.
func TestTwoBackEndsInOneProcess(t *testing.T) {
	rig := nfctest.StartRig(t)
	both := []*watched{watch(t), watch(t)}
	for _, w := range both {
		w.awaitState(t, nfc.StateReady)
	}
	for n := range 3 {
		rig.Insert(0, tag(t, byte(n), tableURI))
		for range 20 {
			runtime.GC()
			time.Sleep(5 * time.Millisecond)
		}
		for _, w := range both {
			w.awaitTap(t, nfctest.RigReader0, tableURI)
		}
		rig.Slot(0).Remove()
		for _, w := range both {
			w.await(t, "empty reader", func(s nfc.Status) bool { return !s.Readers[0].Card })
		}
	}
}

// TestServiceDiesInTheMiddleOfACommand kills pcscd while a card keeps it waiting for an answer.
func TestServiceDiesInTheMiddleOfACommand(t *testing.T) {
	rig := nfctest.NewRig(t)
	w := watch(t)
	for n, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		rig.Start()
		w.awaitState(t, nfc.StateReady)
		asked := make(chan struct{}, 64)
		card := tag(t, 1, tableURI)
		rig.Insert(0, nfctest.Faulty{Card: card, Exchange: func(ctx context.Context, _ []byte) ([]byte, error) {
			asked <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		<-asked
		rig.Signal(signal)
		rig.Stop(syscall.SIGKILL)
		w.awaitState(t, nfc.StateNoService)
		rig.Start()
		w.awaitState(t, nfc.StateReady)
		rig.Insert(0, tag(t, byte(10+n), tableURI))
		w.awaitTap(t, nfctest.RigReader0, tableURI)
		rig.Stop(syscall.SIGTERM)
		w.awaitState(t, nfc.StateNoService)
	}
}
