package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine says in one line what was measured on: processors, memory, kernel, and the file system of dir.
func machine(dir string) string {
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		kernel = []byte("unknown")
	}
	return fmt.Sprintf("%d × %s, %s/%s, Linux %s, %s", runtime.NumCPU(), processor(), runtime.GOOS, runtime.GOARCH,
		strings.TrimSpace(string(kernel)), fileSystem(dir))
}

func processor() string {
	for _, name := range []string{"model name", "Model", "Hardware"} {
		if value, ok := field("/proc/cpuinfo", name); ok {
			return value
		}
	}
	return "unknown processor"
}

// field is the value of the first "name : value" line of a file in /proc.
func field(path, name string) (string, bool) {
	file, err := os.Open(path)
	if err != nil {
		return "", false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// fileSystem is the type of the file system that dir is on, by the longest mount point above it.
func fileSystem(dir string) string {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "unknown file system"
	}
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return "unknown file system"
	}
	best, kind := "", "unknown file system"
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		if len(f) < 3 || len(f[1]) < len(best) {
			continue
		}
		if f[1] == "/" || dir == f[1] || strings.HasPrefix(dir, f[1]+"/") {
			best, kind = f[1], f[2]
		}
	}
	return kind
}

// resident is how much memory a process has in RAM, in bytes.
func resident(pid int) (int64, error) {
	path := fmt.Sprintf("/proc/%d/status", pid)
	text, ok := field(path, "VmRSS")
	kb, err := strconv.ParseInt(strings.TrimSuffix(text, " kB"), 10, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("read VmRSS in %s: %q", path, text)
	}
	return kb << 10, nil
}

// ticksPerSecond is the unit of times in /proc, the same on all of Linux's common architectures (proc(5), sysconf(3)).
const ticksPerSecond = 100

// processorTime is how long processors have worked for a process until now.
func processorTime(pid int) (time.Duration, error) {
	path := fmt.Sprintf("/proc/%d/stat", pid)
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	// The name of the program, in brackets, may have spaces; utime and stime are the 12th and 13th field after it.
	_, rest, _ := strings.Cut(string(text[max(strings.LastIndexByte(string(text), ')'), 0):]), " ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("read processor time in %s: %q", path, text)
	}
	ticks := int64(0)
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read processor time in %s: %w", path, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond, nil
}
