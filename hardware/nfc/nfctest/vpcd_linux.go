package nfctest

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"syscall"
)

// acknowledgeAtOnce turns delayed acknowledgements off for the next read: the reader waits for them between the two halves
// of every message, which makes a command take 40 ms instead of 0.1.
func acknowledgeAtOnce(conn net.Conn) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
}

// sysSetns is the number of setns(2), which package syscall was frozen too early to know.
func sysSetns() (uintptr, error) {
	switch runtime.GOARCH {
	case "amd64":
		return 308, nil
	case "arm64":
		return 268, nil
	default:
		return 0, fmt.Errorf("no number of setns for %s", runtime.GOARCH)
	}
}

// dialInside connects from inside the network namespace of a process.
func dialInside(ctx context.Context, pid int, addr string) (net.Conn, error) {
	type outcome struct {
		conn net.Conn
		err  error
	}
	done := make(chan outcome)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread has changed its network and ends with this goroutine
		err := enterNetwork(pid)
		var conn net.Conn
		if err == nil {
			conn, err = (&net.Dialer{}).DialContext(ctx, "tcp4", addr)
		}
		done <- outcome{conn, err}
	}()
	o := <-done
	return o.conn, o.err
}

func enterNetwork(pid int) error {
	number, err := sysSetns()
	if err != nil {
		return err
	}
	f, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, _, errno := syscall.RawSyscall(number, f.Fd(), syscall.CLONE_NEWNET, 0); errno != 0 {
		return fmt.Errorf("enter the network of process %d: %w", pid, errno)
	}
	return nil
}
