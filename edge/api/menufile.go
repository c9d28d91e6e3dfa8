package api

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/comanda-pos/comanda/edge"
)

// maxMenuProblems bounds what is told about one file; the rest shows when these are mended.
const maxMenuProblems = 100

// DecodeMenu reads a menu file in YAML, of which JSON is a part. Keys that are not known are problems, and so is
// everything check finds, which is [edge.Floor.CheckMenu] or, when it is nil, [edge.Menu.Check]. Each problem names
// its place in the file. Version and time of publishing in the file are ignored.
func DecodeMenu(text []byte, check func(*edge.Menu) error) (edge.Menu, []MenuProblem) {
	if p := plainYAML(text); p != nil {
		p.Source = excerpt(text, p.Line, p.Column)
		return edge.Menu{}, []MenuProblem{*p}
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return edge.Menu{}, []MenuProblem{yamlProblem(text, err)}
	}
	if len(file.Docs) != 1 {
		return edge.Menu{}, []MenuProblem{{Message: "the file must hold exactly one menu"}}
	}
	var menu edge.Menu
	if err := yaml.UnmarshalWithOptions(text, &menu, yaml.Strict()); err != nil {
		return menu, []MenuProblem{yamlProblem(text, err)}
	}
	menu.Version, menu.Published = 0, time.Time{}
	noNulls(&menu)
	if check == nil {
		check = func(m *edge.Menu) error { return joined(m.Check()) }
	}
	return menu, locateAll(text, file, check(&menu))
}

// noNulls makes lists that a file left out empty ones: on the wire no list is null.
func noNulls(menu *edge.Menu) {
	for i := range menu.Categories {
		if menu.Categories[i].Items == nil {
			menu.Categories[i].Items = []edge.Item{}
		}
	}
	for i := range menu.Groups {
		if menu.Groups[i].Modifiers == nil {
			menu.Groups[i].Modifiers = []edge.Modifier{}
		}
	}
}

func joined(problems []*edge.Error) error {
	all := make([]error, len(problems))
	for i, p := range problems {
		all[i] = p
	}
	return errors.Join(all...)
}

// locateAll finds the places of the problems that err joins.
func locateAll(text []byte, file *ast.File, err error) []MenuProblem {
	if err == nil {
		return nil
	}
	all := []error{err}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		all = many.Unwrap()
	}
	var problems []MenuProblem
	for _, one := range all[:min(len(all), maxMenuProblems)] {
		if e, ok := errors.AsType[*edge.Error](one); ok {
			problems = append(problems, located(text, file, e))
		} else {
			problems = append(problems, MenuProblem{Message: one.Error()})
		}
	}
	return problems
}

// EncodeMenu writes a menu as a YAML file that [DecodeMenu] reads back as the same menu.
func EncodeMenu(menu *edge.Menu) ([]byte, error) {
	plain := *menu
	plain.Version, plain.Published = 0, time.Time{}
	text, err := yaml.MarshalWithOptions(plain, yaml.Indent(2), yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write menu as yaml: %w", err)
	}
	return text, nil
}

// yamlProblem tells what the reader stumbled over, and where.
func yamlProblem(text []byte, err error) MenuProblem {
	p := MenuProblem{Message: firstLine(err.Error())}
	if e, ok := errors.AsType[yaml.Error](err); ok {
		p.Message = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
			p.Source = excerpt(text, p.Line, p.Column)
		}
	}
	return p
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// located finds the place in the file that a problem of the menu's rules is about.
func located(text []byte, file *ast.File, e *edge.Error) MenuProblem {
	p := MenuProblem{Path: e.Field, Message: e.Message}
	// A part that is missing has no place of its own: the nearest part around it is named then.
	for path := e.Field; path != ""; path = parent(path) {
		at, err := yaml.PathString("$." + path)
		if err != nil {
			continue
		}
		node, err := at.FilterFile(file)
		if err != nil || node == nil || node.GetToken() == nil {
			continue
		}
		position := firstToken(node).Position
		p.Line, p.Column = position.Line, position.Column
		p.Source = excerpt(text, p.Line, p.Column)
		return p
	}
	return p
}

// parent cuts the last step off a path.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// excerpt shows the line with the two before it and a mark under the column.
func excerpt(text []byte, line, column int) string {
	if line < 1 {
		return ""
	}
	const before, width = 2, 160
	var b strings.Builder
	number := 0
	for source := range strings.Lines(string(text)) {
		number++
		if number > line {
			break
		}
		if number >= line-before {
			fmt.Fprintf(&b, "%5d | %s\n", number, cut(strings.TrimRight(source, "\r\n"), width))
		}
	}
	if column > 0 && column <= width {
		fmt.Fprintf(&b, "%s^\n", strings.Repeat(" ", len("    1 | ")+column-1))
	}
	return b.String()
}

// cut shortens a text to n characters.
func cut(text string, n int) string {
	runes := 0
	for i := range text {
		if runes == n {
			return text[:i] + "…"
		}
		runes++
	}
	return text
}
