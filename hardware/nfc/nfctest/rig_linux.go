package nfctest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

const (
	rigSocket = "/run/pcscd/pcscd.comm"
	// rigPort is the port of the first slot; the others follow.
	rigPort   = 0x8C7B
	rigLimit  = 10 * time.Second
	rigReader = "Virtual PCD"
	// rigConfig is a reader of two slots in the format of reader.conf(5).
	rigConfig = "FRIENDLYNAME \"" + rigReader + "\"\nDEVICENAME /dev/null:0x8C7B\n" +
		"LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x8C7B\n"
)

// Names of the readers that the rig's two slots become.
const (
	RigReader0 = rigReader + " 00 00"
	RigReader1 = rigReader + " 00 01"
)

// Rig is a real pcscd with a virtual reader of two slots, in a network of its own. It needs root, pcscd, vsmartcard-vpcd and
// iproute2; without them tests fail. One machine has room for one pcscd, so rigs of all processes take turns.
type Rig struct {
	t      testing.TB
	config string
	daemon *exec.Cmd
	ended  chan struct{}
	output *tail
	slots  [2]*Slot
}

// NewRig waits for its turn and prepares a rig whose pcscd is not running yet. Everything ends with the test.
func NewRig(t testing.TB) *Rig {
	t.Helper()
	lockRig(t)
	r := &Rig{t: t, config: t.TempDir(), output: &tail{}}
	if err := os.WriteFile(filepath.Join(r.config, "vpcd"), []byte(rigConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("unix", rigSocket); err == nil { //nolint:noctx // a local socket answers at once
		conn.Close()
		t.Fatal("another pcscd is running; the rig needs the machine's only one")
	}
	for i := range r.slots {
		r.slots[i] = &Slot{Dial: func(ctx context.Context) (net.Conn, error) {
			if r.daemon == nil {
				return nil, fmt.Errorf("pcscd is not running")
			}
			return dialInside(ctx, r.daemon.Process.Pid, fmt.Sprintf("127.0.0.1:%d", rigPort+i))
		}}
	}
	t.Cleanup(func() {
		r.Stop(syscall.SIGTERM)
		if t.Failed() {
			t.Logf("the end of what pcscd said:\n%s", r.output)
		}
	})
	return r
}

// StartRig is NewRig with pcscd running.
func StartRig(t testing.TB) *Rig {
	t.Helper()
	r := NewRig(t)
	r.Start()
	return r
}

// lockRig keeps the rigs of other processes out until the test ends.
func lockRig(t testing.TB) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(os.TempDir(), "comanda-pcscd.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("wait for other tests to finish with pcscd: %v", err)
		}
	}
}

// Slot returns a slot by its number, 0 or 1.
func (r *Rig) Slot(n int) *Slot { return r.slots[n] }

// Start starts pcscd and returns when clients can reach it.
func (r *Rig) Start() {
	r.t.Helper()
	r.daemon = exec.Command("sh", "-c", `ip link set lo up && exec pcscd "$@"`, "pcscd", "-f", "-e", "-c", r.config) //nolint:noctx // Stop ends it
	if withPolkit() {
		r.daemon.Args = append(r.daemon.Args, "--disable-polkit")
	}
	r.daemon.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	r.daemon.Stdout, r.daemon.Stderr = r.output, r.output
	r.ended = make(chan struct{})
	if err := run(r.daemon, r.ended); err != nil {
		r.daemon = nil
		r.t.Fatalf("start pcscd: %v", err)
	}
	r.await()
}

// run starts a daemon that dies with this process even when the test is killed. The kernel ties that to the thread which
// started it, so the thread is kept until the daemon has ended.
func run(daemon *exec.Cmd, ended chan<- struct{}) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := daemon.Start()
		started <- err
		if err == nil {
			_ = daemon.Wait() // it is always ended by a signal
		}
	}()
	return <-started
}

func (r *Rig) await() {
	r.t.Helper()
	for deadline := time.Now().Add(rigLimit); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("unix", rigSocket) //nolint:noctx // a local socket answers at once
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-r.ended:
			r.t.Fatalf("pcscd ended by itself:\n%s", r.output)
		default:
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("pcscd does not listen: %v\n%s", err, r.output)
		}
	}
}

// withPolkit reports whether this pcscd would ask polkit, which no container has.
func withPolkit() bool {
	version, err := exec.Command("pcscd", "--version").CombinedOutput() //nolint:noctx // it prints and ends
	return err == nil && strings.Contains(string(version), " polkit")
}

// Stop takes all cards out, ends pcscd with a signal and waits for it. Start may follow.
func (r *Rig) Stop(signal syscall.Signal) {
	for _, s := range r.slots {
		s.Remove()
	}
	if r.daemon == nil {
		return
	}
	_ = r.daemon.Process.Signal(signal)
	select {
	case <-r.ended:
	case <-time.After(rigLimit):
		_ = r.daemon.Process.Kill()
		<-r.ended
	}
	r.daemon = nil
}

// Signal sends a signal to pcscd, for example to freeze it.
func (r *Rig) Signal(signal syscall.Signal) {
	r.t.Helper()
	if err := r.daemon.Process.Signal(signal); err != nil {
		r.t.Fatal(err)
	}
}

// Insert puts a card into a slot or fails the test.
func (r *Rig) Insert(slot int, card nfc.Card) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), rigLimit)
	defer cancel()
	if err := r.slots[slot].Insert(ctx, card); err != nil {
		r.t.Fatal(err)
	}
}

// tail keeps the end of what a process said.
type tail struct {
	mu sync.Mutex
	// kept is guarded by mu.
	kept bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.Len() > 1<<16 {
		t.kept.Next(1 << 15)
	}
	return t.kept.Write(p)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept.String()
}
