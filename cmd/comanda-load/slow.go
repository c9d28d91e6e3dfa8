package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// slowDisk is the source of a library that makes syncing a disk take longer, in any program that uses the C
// library for it. Both servers do, through SQLite.
//
//go:embed slowdisk/slowdisk.c
var slowDisk []byte

var errNoCompiler = errors.New("there is no C compiler (cc)")

// slowly builds the library in dir and gives the environment in which every sync takes longer by the delay.
func slowly(ctx context.Context, dir string, delay time.Duration) ([]string, error) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		return nil, errNoCompiler
	}
	source, library := filepath.Join(dir, "slowdisk.c"), filepath.Join(dir, "slowdisk.so")
	if err := os.WriteFile(source, slowDisk, 0o600); err != nil {
		return nil, fmt.Errorf("make a slow disk: %w", err)
	}
	if out, err := exec.CommandContext(ctx, cc, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make a slow disk: %w\n%s", err, out)
	}
	return []string{"LD_PRELOAD=" + library, fmt.Sprintf("SLOWDISK_US=%d", delay.Microseconds())}, nil
}
