package client_test

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// cable lies between a screen and its device and can be mistreated: a TCP proxy on a port of its own.
type cable struct {
	listener net.Listener
	pumps    sync.WaitGroup

	mu     sync.Mutex // guards all below
	moved  *sync.Cond // something below has changed
	target string     // where the device listens now
	state  cableState
	lines  map[*net.TCPConn]*net.TCPConn // the screen's end to the device's end
	closed bool
}

// cableState is what a cable does with what comes in.
type cableState int

const (
	whole    cableState = iota
	stalled             // nothing comes through, and nobody is told
	slow                // little by little
	refusing            // new connections are reset
)

// failer is a test of testing or of rapid.
type failer interface {
	Fatalf(format string, args ...any)
}

func newCable(t failer, target string) *cable {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("lay a cable: %v", err)
	}
	c := &cable{listener: listener, target: target, lines: map[*net.TCPConn]*net.TCPConn{}}
	c.moved = sync.NewCond(&c.mu)
	c.pumps.Go(c.accept)
	return c
}

func (c *cable) url() string { return "http://" + c.listener.Addr().String() }

// put changes what the cable does from now on.
func (c *cable) put(state cableState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = state
	c.moved.Broadcast()
}

// lead makes new connections end at another address.
func (c *cable) lead(target string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.target = target
}

// cut breaks every line at once: with a reset, or politely.
func (c *cable) cut(reset bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for near, far := range c.lines {
		if reset {
			_ = near.SetLinger(0)
			_ = far.SetLinger(0)
		}
		near.Close()
		far.Close()
	}
	c.moved.Broadcast()
}

// half tells the screen that nothing more will come, and leaves the other direction open.
func (c *cable) half() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for near := range c.lines {
		_ = near.CloseWrite()
	}
}

func (c *cable) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.listener.Close()
	c.cut(true)
	c.pumps.Wait()
}

func (c *cable) accept() {
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		near := conn.(*net.TCPConn)
		c.mu.Lock()
		target, refuse := c.target, c.state == refusing || c.closed
		c.mu.Unlock()
		if refuse {
			_ = near.SetLinger(0)
			near.Close()
			continue
		}
		c.pumps.Go(func() { c.connect(near, target) })
	}
}

func (c *cable) connect(near *net.TCPConn, target string) {
	conn, err := net.DialTimeout("tcp", target, time.Second)
	if err != nil {
		near.Close()
		return
	}
	far := conn.(*net.TCPConn)
	c.mu.Lock()
	c.lines[near] = far
	closed := c.closed
	c.mu.Unlock()
	if closed {
		near.Close()
		far.Close()
	}
	var both sync.WaitGroup
	both.Go(func() { c.pump(far, near) })
	both.Go(func() { c.pump(near, far) })
	both.Wait()
	near.Close()
	far.Close()
	c.mu.Lock()
	delete(c.lines, near)
	c.mu.Unlock()
}

// pump carries bytes one way until either end is closed.
func (c *cable) pump(to, from *net.TCPConn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		for rest := buf[:n]; len(rest) > 0; {
			part := rest[:min(len(rest), c.room(from))]
			if _, err := to.Write(part); err != nil {
				_ = from.CloseRead()
				return
			}
			rest = rest[len(part):]
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				_ = to.CloseWrite()
			} else {
				to.Close()
			}
			return
		}
	}
}

// room waits while the cable is stalled, and gives how many bytes may go at once.
func (c *cable) room(from *net.TCPConn) int {
	c.mu.Lock()
	for c.state == stalled && !c.closed && alive(from) {
		c.moved.Wait()
	}
	state := c.state
	c.mu.Unlock()
	if state == slow {
		time.Sleep(time.Millisecond) // a slow line is slow: there is nothing to wait for
		return 256
	}
	return 4096
}

// alive reports whether our side has not closed the connection.
func alive(conn *net.TCPConn) bool {
	raw, err := conn.SyscallConn()
	return err == nil && raw.Control(func(uintptr) {}) == nil
}

// TestCable proves that the cable does to a line what the tests say it does.
func TestCable(t *testing.T) {
	device, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	c := newCable(t, device.Addr().String())
	defer c.close()
	near, far := join(t, c, device)
	say(t, near, far, "hello")
	say(t, far, near, "you")
	c.put(slow)
	say(t, far, near, "slowly")
	c.put(stalled)
	if _, err := far.Write([]byte("later")); err != nil {
		t.Fatal(err)
	}
	_ = near.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := near.Read(make([]byte, 9)); err == nil {
		t.Errorf("a stalled cable let %d bytes through", n)
	}
	c.put(whole)
	hear(t, near, "later")
	c.half()
	if n, err := near.Read(make([]byte, 9)); !errors.Is(err, io.EOF) {
		t.Errorf("after a half-close: got %d bytes, %v, want the end", n, err)
	}
	say(t, near, far, "still here")
	c.cut(true)
	if _, err := far.Read(make([]byte, 9)); err == nil {
		t.Error("a cut cable brought something")
	}
	c.put(refusing)
	if conn, err := net.Dial("tcp", c.listener.Addr().String()); err == nil {
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Error("a refusing cable brought something")
		}
		conn.Close()
	}
}

func join(t *testing.T, c *cable, device net.Listener) (near, far net.Conn) {
	t.Helper()
	near, err := net.Dial("tcp", c.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err = device.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

func say(t *testing.T, from, to net.Conn, text string) {
	t.Helper()
	if _, err := from.Write([]byte(text)); err != nil {
		t.Fatalf("say %q: %v", text, err)
	}
	hear(t, to, text)
}

func hear(t *testing.T, on net.Conn, text string) {
	t.Helper()
	buf := make([]byte, len(text))
	_ = on.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.ReadFull(on, buf); err != nil || string(buf) != text {
		t.Fatalf("heard %q, %v, want %q", buf, err, text)
	}
}
