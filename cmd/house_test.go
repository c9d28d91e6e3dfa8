// Package cmd_test proves the rules of the house: who may import whom, where files may lie, how large they may be,
// and that every package says what it is for.
package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/comanda-pos/comanda/"

// mayImport says for each folder which of our folders its code may import. The longest matching entry counts; a
// folder without one may import none of ours. "…" means the folder and all below it.
var mayImport = []struct {
	folder string
	allows []string
}{
	{"edge", nil},
	{"edge/sqlite", []string{"edge", "edge/sqlite/…"}},
	{"edge/live", []string{"edge"}},
	{"edge/access", []string{"edge"}},
	{"edge/forecast", []string{"edge"}},
	{"edge/api", []string{"edge", "edge/live", "edge/access", "edge/api/…"}},
	{"edge/appliance", []string{"…"}},
	{"cmd", []string{"…"}},
	{"sync/channel", nil},
	{"sync/channeltest", []string{"sync/channel"}},
	{"sync/internal", []string{"sync/channel", "sync/internal/…"}},
	{"sync/telegram", []string{"sync/channel", "sync/internal/…", "sync/telegram/…"}},
	{"sync/conversation", []string{"edge", "sync/channel", "sync/conversation/…"}},
	{"sync/outbox", []string{"edge", "sync/channel", "sync/wire"}},
	{"sync/inbox", []string{"edge", "sync/channel", "sync/wire"}},
	{"sync/all", []string{"sync/…"}},
	{"hardware/nfc", []string{"hardware/nfc/…"}},
	{"hardware/display", []string{"hardware/display/…"}},
	{"hardware/all", []string{"hardware/…"}},
	{"web", nil},
	{"configs", nil},
}

// root is the repository's folder.
const root = ".."

type file struct {
	path   string // from the root, with slashes
	syntax *ast.File
	lines  int
}

func (f file) folder() string { return path.Dir(f.path) }
func (f file) test() bool     { return strings.HasSuffix(f.path, "_test.go") }

func goFiles(t *testing.T) []file {
	t.Helper()
	var files []file
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || (name != root && strings.HasPrefix(entry.Name(), "."))) {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		lines := set.File(syntax.FileStart).LineCount()
		files = append(files, file{filepath.ToSlash(rel), syntax, lines})
		return nil
	})
	if err != nil {
		t.Fatalf("read the tree: %v", err)
	}
	if len(files) < 50 {
		t.Fatalf("found %d Go files: this is not the whole house", len(files))
	}
	return files
}

// allowed reports whether code in folder may import ours.
func allowed(folder, ours string) bool {
	best, length := []string(nil), -1
	for _, rule := range mayImport {
		if (folder == rule.folder || strings.HasPrefix(folder, rule.folder+"/")) && len(rule.folder) > length {
			best, length = rule.allows, len(rule.folder)
		}
	}
	return slices.ContainsFunc(best, func(allow string) bool {
		tree, isTree := strings.CutSuffix(allow, "…")
		return ours == allow || (isTree && strings.HasPrefix(ours+"/", tree))
	})
}

func TestImportsFlowOneWay(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, spec := range f.syntax.Imports {
			ours, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
			if !ok || f.test() || ours == f.folder() {
				continue
			}
			if !allowed(f.folder(), ours) {
				t.Errorf("%s imports %s, which %s may not", f.path, ours, f.folder())
			}
		}
	}
}

func TestRulesTellRightFromWrong(t *testing.T) {
	for _, test := range []struct {
		folder, ours string
		want         bool
	}{
		{"edge", "configs", false},
		{"edge/sqlite", "edge", true},
		{"edge/sqlite", "edge/api", false},
		{"edge/sqlite/internal/query", "edge/sqlite/internal/query", true},
		{"sync/telegram", "edge", false},
		{"sync/telegram/telegramtest", "sync/channel", true},
		{"hardware/nfc/pcsc", "hardware/nfc", true},
		{"hardware/nfc/pcsc", "edge", false},
		{"edge/appliance", "sync/telegram", true},
		{"web", "edge", false},
		{"nowhere", "edge", false},
	} {
		if got := allowed(test.folder, test.ours); got != test.want {
			t.Errorf("allowed(%s, %s): got %t, want %t", test.folder, test.ours, got, test.want)
		}
	}
}

// TestOnlyOneTalksToPCSC keeps cgo for readers behind one package, so that a build without it stays possible.
func TestOnlyOneTalksToPCSC(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, spec := range f.syntax.Imports {
			if spec.Path.Value == `"github.com/ebfe/scard"` && f.folder() != "hardware/nfc/pcsc" {
				t.Errorf("%s imports ebfe/scard; only hardware/nfc/pcsc may", f.path)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range goFiles(t) {
		if !f.test() {
			documented[f.folder()] = documented[f.folder()] || generated(f) || strings.TrimSpace(f.syntax.Doc.Text()) != ""
		}
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment", folder)
		}
	}
}

func generated(f file) bool { return ast.IsGenerated(f.syntax) }

func TestFilesAreSmall(t *testing.T) {
	for _, f := range goFiles(t) {
		limit := 600
		if f.test() {
			limit = 800
		}
		if f.lines > limit && !generated(f) {
			t.Errorf("%s has %d lines, more than %d: it is about more than one thing", f.path, f.lines, limit)
		}
	}
}

func TestNoInitAndNoVagueNames(t *testing.T) {
	vague := []string{"util", "utils", "common", "helpers", "models", "types", "services", "base", "manager"}
	for _, f := range goFiles(t) {
		if slices.Contains(vague, path.Base(f.folder())) {
			t.Errorf("package %s: the name says nothing", f.folder())
		}
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function; list things explicitly instead", f.path)
			}
		}
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{
		"cmd", "edge", "sync", "hardware", "web", "configs", "go.mod", "go.sum", "README.md",
		"Makefile", "LICENSE", "CONTRIBUTING.md", "bin",
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") && !slices.Contains(allowed, entry.Name()) {
			t.Errorf("%s lies at the top level, where it does not belong", entry.Name())
		}
	}
	for folder, why := range map[string]string{
		"sync": "a package sync would shadow the standard library's", "cmd": "only this test belongs here", "hardware": "drivers have folders",
	} {
		for _, f := range goFiles(t) {
			if f.folder() == folder && f.path != "cmd/house_test.go" {
				t.Errorf("%s lies directly in %s: %s", f.path, folder, why)
			}
		}
	}
}
