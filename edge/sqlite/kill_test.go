package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// childEnv makes the test binary a daemon that writes until it is killed, to the file the variable names.
const childEnv = "COMANDA_TEST_CHILD"

// child orders from several guests at the same time and says which orders were acknowledged, one line each.
func child(path string) int {
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%d-%d-%d", os.Getpid(), g, n)
				if err := s.Write(context.Background(), func(tx edge.Tx) error { return order(tx, key) }); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				// One write call per line: a kill leaves whole lines only.
				_, _ = os.Stdout.WriteString(key + "\n")
			}
		})
	}
	wg.Wait()
	return 0
}

// order is a change with parts in several tables, which must be there together or not at all.
func order(tx edge.Tx, key string) error {
	seq, err := tx.Append(edge.Event{
		Kind: edge.OrderPlaced, Subject: edge.ID(key), Actor: edge.System, At: time.Now(), Body: []byte(`{"a":1}`),
	})
	if err != nil {
		return err
	}
	if err := tx.SetCursor(key, fmt.Sprint(seq)); err != nil {
		return err
	}
	return tx.KeepAnswer(edge.Answer{Scope: "guest", Key: key, Body: []byte(key), At: time.Now()})
}

func TestKilledStoreKeepsWhatItAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "comanda.db")
	acknowledged := map[string]bool{}
	for range 10 {
		acknowledge(t, path, time.Duration(20+rand.IntN(100))*time.Millisecond, acknowledged)
		checkKept(t, path, acknowledged)
	}
	if len(acknowledged) < 100 {
		t.Errorf("only %d orders were acknowledged in all rounds; the test proves nothing", len(acknowledged))
	}
}

// acknowledge runs a child until some time after its first order, kills it, and collects what it acknowledged.
func acknowledge(t *testing.T, path string, life time.Duration, into map[string]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first := true
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if first {
			first = false
			time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		}
		into[strings.TrimSpace(line)] = true
	}
	if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
		t.Fatalf("the child ended with %v, not by being killed: %s", err, stderr.String())
	}
}

// checkKept opens what the killed child left and compares.
func checkKept(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	report, err := s.Verify(t.Context())
	if err != nil || report.Broken != 0 {
		t.Fatalf("verify after a kill: %+v, %v", report, err)
	}
	kept := map[string]string{}
	err = s.Read(t.Context(), func(v edge.View) error {
		events, err := v.Events(0, 1<<20)
		for _, e := range events {
			kept[string(e.Subject)] = fmt.Sprint(e.Seq)
		}
		for key, seq := range kept {
			cursor, err := v.Cursor(key)
			if _, ok, _ := v.Answer("guest", key); err != nil || !ok || cursor != seq {
				t.Errorf("order %s is there in part: cursor %q, want %q; answer %v; %v", key, cursor, seq, ok, err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range acknowledged {
		if kept[key] == "" {
			t.Errorf("acknowledged order %s is lost", key)
		}
	}
}
