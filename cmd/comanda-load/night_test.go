package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/comanda-pos/comanda/edge/sqlite"
)

// actsAsDevice lets the test binary be `comanda`, as far as a night needs it, without building the program.
func actsAsDevice(args []string) bool {
	if len(args) < 2 {
		return false
	}
	switch args[1] {
	case "--config":
		os.Args = []string{args[0], "device", "-config", args[2], "-cpuprofile", os.DevNull}
		main()
	case "--data":
		reader, err := sqlite.OpenReadOnly(context.Background(), filepath.Join(args[2], "comanda.db"))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		report, err := reader.Verify(context.Background())
		if err != nil || report.Broken != 0 {
			fmt.Println(report, err)
			os.Exit(1)
		}
		fmt.Println(report.Events, "records, unbroken")
	case "version":
		fmt.Println("test")
	default:
		return false
	}
	return true
}

// TestNight plays a short night against real processes, with the kill in its middle.
func TestNight(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	err = run(t.Context(), []string{
		"night", "-binary", self, "-dir", t.TempDir(), "-factor", "600", "-evening", "30m", "-orders", "60",
		"-burst", "18", "-interval", "1s", "-eighty-sixes", "2", "-cuts", "2", "-dark", "300ms",
	}, &out, &log)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out.Bytes(), log.Bytes())
	}
	for what, want := range map[string]int{
		"planned": 78, "acknowledged": 78, "lost: orders, tickets or presses": 0,
		"doubled: orders, numbers, tickets or presses": 0, "different from what was ordered": 0, "not seen on a screen": 0, "of them different": 0,
	} {
		m := regexp.MustCompile(`\| ` + regexp.QuoteMeta(what) + ` \| (\d+) \|`).FindSubmatch(out.Bytes())
		if m == nil {
			t.Errorf("the report does not tell %q", what)
			continue
		}
		if got, _ := strconv.Atoi(string(m[1])); got != want {
			t.Errorf("%s: got %d, want %d", what, got, want)
		}
	}
	for _, told := range []string{"| killed, left dead for 300ms, and ready again after |", "| stadium, 18 orders/s |", "records, unbroken", "| evening, 20.0 orders/s |"} {
		if !bytes.Contains(out.Bytes(), []byte(told)) {
			t.Errorf("the report does not tell %q:\n%s", told, out.Bytes())
		}
	}
}

func TestParseNightAndScreens(t *testing.T) {
	for _, test := range []struct {
		args []string
		ok   bool
	}{
		{[]string{"night"}, true},
		{[]string{"night", "-factor", "0.5"}, false},
		{[]string{"night", "-orders", "0"}, false},
		{[]string{"night", "-orders", "2000000"}, false},
		{[]string{"night", "-burst", "0"}, true},
		{[]string{"night", "-dark", "-1s"}, false},
		{[]string{"night", "more"}, false},
		{[]string{"screens"}, true},
		{[]string{"screens", "-stalled", "0"}, true},
		{[]string{"screens", "-stalled", "200"}, false},
		{[]string{"screens", "-pairs", "0"}, false},
		{[]string{"screens", "-pace", "0"}, false},
		{[]string{"screens", "-round", "3s"}, false},
		{[]string{"screens", "-round", "3s", "-stalled", "0"}, true},
		{[]string{"screens", "-nothing"}, false},
	} {
		if _, _, err := chosen(test.args, &bytes.Buffer{}); (err == nil) != test.ok {
			t.Errorf("%v: got %v, want it understood: %t", test.args, err, test.ok)
		}
	}
	p, err := parseNight(nil, &bytes.Buffer{})
	if err != nil || p.burstOrders() != 1080 || p.real(p.over).Minutes() != 3 || !p.kill {
		t.Errorf("a night as documented: got %+v, %v, want 1080 orders after three minutes", p, err)
	}
}
