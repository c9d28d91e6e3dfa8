package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/appliance"
)

const (
	signingTag = "04518DFAA96101"
	plainTag   = "04010203040502"
)

// tagHouse is a house that is not running, with a tag that signs at table 7 and one that carries an address at table 8. It
// gives a function that runs a command in it.
func tagHouse(t *testing.T) func(args ...string) (code int, out, errs string) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "comanda.yaml")
	text := fmt.Sprintf("data: {directory: %q}\nserver: {listen: 127.0.0.1:1}\n", t.TempDir())
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := configs.Load(config)
	if err != nil {
		t.Fatal(err)
	}
	device, err := appliance.Open(t.Context(), settings, appliance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	floor := device.Floor()
	tables, err := floor.AddTables(t.Context(), edge.System, []edge.Table{{Name: "7"}, {Name: "8"}, {Name: "9"}})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := floor.PlanTag(t.Context(), edge.System, edge.TagWish{UID: plainTag, TableID: tables[1].ID, Word: "word-of-table-eight"})
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range []edge.TagResult{
		{UID: signingTag, TableID: tables[0].ID, Signs: true, Version: 1, Counter: 2, Chip: "ntag424", Protected: true},
		{UID: plainTag, TableID: tables[1].ID, Word: plan.Word, Chip: "ntag213", Protected: true},
	} {
		if _, err := floor.ProvisionTag(t.Context(), edge.System, result); err != nil {
			t.Fatal(err)
		}
	}
	if err := device.Close(); err != nil {
		t.Fatal(err)
	}
	return func(args ...string) (code int, out, errs string) {
		var stdout, stderr bytes.Buffer
		code = run(t.Context(), append([]string{"--config", config, "tag"}, args...), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
}

// TestTagsAreManaged lives the part of a tag's life that needs no reader, step by step.
func TestTagsAreManaged(t *testing.T) {
	command := tagHouse(t)
	steps := []struct {
		args      string
		code      int
		out, errs string
	}{
		{"list", 0, "in use, signs", ""},
		{"move 9 --uid 04:51:8d:fa:a9:61:01", 0, signingTag + ": from table 7 to table 9", ""},
		{"move 9 --uid " + plainTag, 1, "", "carries its table's address"},
		{"move 10 --uid " + plainTag, 1, "", `there is no table "10"`},
		{"retire --lost --uid " + signingTag, 0, "of table 9: lost", ""},
		{"move 7 --uid " + signingTag, 1, "", "not in use any more"},
		{"list", 0, plainTag, ""},
		{"list --all", 0, "lost", ""},
		{"found --uid " + signingTag, 0, "speaks for table 9 again", ""},
		{"retire --uid " + plainTag, 0, "of table 8: retired", ""},
		{"found --uid " + plainTag, 0, "speaks for table 8 again", ""},
		{"list --json", 0, `"what":"tag.found"`, ""},
		{"retire --lost --erase --uid " + plainTag, 2, "", "can't be used together"},
		{"found --uid 04999999999999", 1, "", "nobody knows a tag"},
	}
	for _, step := range steps {
		code, out, errs := command(strings.Fields(step.args)...)
		if code != step.code || !strings.Contains(out, step.out) || !strings.Contains(errs, step.errs) {
			t.Errorf("tag %s: exit %d\n%s%s\nwant exit %d, %q, %q", step.args, code, out, errs, step.code, step.out, step.errs)
		}
	}
	if _, out, _ := command("list"); strings.Contains(out, "lost") {
		t.Errorf("tags out of use are listed:\n%s", out)
	}
	if _, out, _ := command("list", "--json"); strings.Contains(out, "word-of-table-eight") {
		t.Errorf("the word on a tag is shown:\n%s", out)
	}
}

func TestAllTablesHaveTheirTag(t *testing.T) {
	command := tagHouse(t)
	if code, _, errs := command("provision", "--tables", "7-8"); code != 0 || !strings.Contains(errs, "All 2 tables have a tag") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, _, errs := command("provision", "--tables", "20"); code != 1 || !strings.Contains(errs, `no table "20"`) {
		t.Errorf("exit %d, %s", code, errs)
	}
}
