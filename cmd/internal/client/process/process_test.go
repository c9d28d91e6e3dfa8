package process_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/cmd/internal/client/process"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs a shell script as the server.
func start(ctx context.Context, script string) (*process.Process, error) {
	return process.Start(ctx, "/bin/sh", []string{"-c", script}, []string{"GREETING=hello"})
}

const serve = `echo "$GREETING" >&2; echo 'level=INFO msg=ready url=http://127.0.0.1:4242 version=1' >&2; `

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestStartWaitsForTheAddress(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		end    func(*process.Process) error
		words  string // in the error of the end; empty for none
	}{
		"killed":              {serve + `exec sleep 60`, (*process.Process).Kill, ""},
		"killed when ended":   {serve + `sleep 0.2; exit 3`, killLate, ""},
		"stopped":             {`trap 'exit 0' TERM; ` + serve + `while :; do sleep 0.05; done`, stop, ""},
		"stopped with errors": {`trap 'echo disk is gone >&2; exit 3' TERM; ` + serve + `while :; do sleep 0.05; done`, stop, "disk is gone"},
		"does not stop":       {`trap '' TERM; ` + serve + `while :; do sleep 0.05; done`, stop, "does not end"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := start(t.Context(), test.script)
			if err != nil {
				t.Fatal(err)
			}
			if p.URL != "http://127.0.0.1:4242" || !strings.HasPrefix(p.Words(), "hello") || p.Ready.Before(p.Started) {
				t.Errorf("got %s, words %q", p.URL, p.Words())
			}
			err = test.end(p)
			if (err == nil) != (test.words == "") || (err != nil && !strings.Contains(err.Error(), test.words)) {
				t.Errorf("end: got %v, want words %q", err, test.words)
			}
			if alive(p.PID) {
				t.Errorf("process %d is still there", p.PID)
			}
		})
	}
}

// killLate kills a program that has ended by itself.
func killLate(p *process.Process) error {
	time.Sleep(600 * time.Millisecond)
	return p.Kill()
}

func stop(p *process.Process) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return p.Stop(ctx)
}

func TestStartTellsWhatWentWrong(t *testing.T) {
	if _, err := start(t.Context(), `echo 'no such setting' >&2; exit 2`); err == nil || !strings.Contains(err.Error(), "no such setting") {
		t.Errorf("a program that ends: got %v, want its words", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := start(ctx, `exec sleep 60`); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a program that never gets ready: got %v, want the end of the context", err)
	}
	if _, err := process.Start(t.Context(), "/nowhere/comanda", nil, nil); err == nil {
		t.Error("a program that is not there: got no error")
	}
}
