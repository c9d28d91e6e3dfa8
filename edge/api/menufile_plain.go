package api

import (
	"bytes"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a menu file's form. A menu is seven levels deep; a reader that follows nesting by calling itself must
// not be led a million levels down.
const (
	maxNesting = 64
	maxIndent  = 256
)

// plainYAML refuses what no menu needs and what could exhaust the device: references, tags, endless nesting.
func plainYAML(text []byte) *MenuProblem {
	if len(bytes.TrimSpace(text)) == 0 {
		return &MenuProblem{Message: "the file is empty"}
	}
	if !utf8.Valid(text) {
		return &MenuProblem{Message: "the file is not UTF-8 text"}
	}
	if line := tooDeep(text); line > 0 {
		return &MenuProblem{Line: line, Message: "this is nested deeper than any menu"}
	}
	depth := 0
	for _, t := range lexer.Tokenize(string(text)) {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType:
			return &MenuProblem{
				Line: t.Position.Line, Column: t.Position.Column,
				Message: "references (&, *, <<), tags (!) and directives (%) are not used in menu files",
			}
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		default:
		}
		if depth > maxNesting {
			return &MenuProblem{Line: t.Position.Line, Message: "this is nested deeper than any menu"}
		}
	}
	return nil
}

// tooDeep finds a line that is indented, or begins with more list and key marks, further than any menu needs, before
// anything reads the text in earnest. It gives 0 when there is none.
func tooDeep(text []byte) int {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if len(line)-len(bytes.TrimLeft(line, " \t-?:[{&*!|>")) > maxIndent {
			return number
		}
	}
	return 0
}

// firstToken is where a node begins: of a mapping the first key, not the colon after it.
func firstToken(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	default:
	}
	return node.GetToken()
}
