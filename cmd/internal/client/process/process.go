// Package process runs a server of ours as a process of its own, for tests and measurements that end it harshly.
package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a running server. Exactly one of Kill and Stop ends it.
type Process struct {
	// URL is where it listens, PID its number.
	URL string
	PID int
	// Started is just before the program was run, Ready when it said that it listens.
	Started, Ready time.Time

	cmd   *exec.Cmd
	ready chan string // the address, once
	done  chan struct{}

	mu    sync.Mutex // guards words
	words []string   // the last lines it wrote
}

// readyLine is what a server of ours logs when it listens: "… ready url=http://127.0.0.1:1234".
var readyLine = regexp.MustCompile(`\bready\b.*?\burl=(http://[^\s"]+)`)

// wordsKept bounds the remembered lines.
const wordsKept = 40

// Start runs the program and waits until it says in its log that it listens, or ctx is over. Environment is added
// to that of this process.
func Start(ctx context.Context, program string, arguments, environment []string) (*Process, error) {
	p := &Process{ready: make(chan string, 1), done: make(chan struct{})}
	// Not CommandContext: how and when the process ends is what Kill and Stop are for.
	p.cmd = exec.Command(program, arguments...) //nolint:noctx // see above
	p.cmd.Env = append(os.Environ(), environment...)
	log, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	p.Started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	p.PID = p.cmd.Process.Pid
	go p.listen(log)
	select {
	case p.URL = <-p.ready:
		p.Ready = time.Now()
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("start %s: it ended: %w\n%s", program, p.cmd.Wait(), p.Words())
	case <-ctx.Done():
		err := fmt.Errorf("start %s: it does not get ready: %w\n%s", program, ctx.Err(), p.Words())
		return nil, errors.Join(err, p.Kill())
	}
}

// listen reads what the process writes until it ends.
func (p *Process) listen(log io.Reader) {
	defer close(p.done)
	lines := bufio.NewReader(log)
	for {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			p.note(string(line))
		}
		if err != nil {
			return
		}
		if m := readyLine.FindSubmatch(line); m != nil {
			select {
			case p.ready <- string(m[1]):
			default: // said before
			}
		}
	}
}

func (p *Process) note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.words) == wordsKept {
		p.words = slices.Delete(p.words, 0, 1)
	}
	p.words = append(p.words, line)
}

// Words are the last lines the process wrote to its log.
func (p *Process) Words() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.words, "\n")
}

// Kill ends the process at once, with SIGKILL: nothing in it gets to finish anything.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill process %d: %w", p.PID, err)
	}
	<-p.done
	_ = p.cmd.Wait() // that it was killed is no news
	return nil
}

// Stop asks the process to end, as a service manager does with SIGTERM, and waits for it.
func (p *Process) Stop(ctx context.Context) error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop process %d: %w", p.PID, err)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("process %d does not end: %w", p.PID, ctx.Err()), p.Kill())
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("process %d ended badly: %w\n%s", p.PID, err, p.Words())
	}
	return nil
}
