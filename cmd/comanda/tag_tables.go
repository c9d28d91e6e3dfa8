package main

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// chosenTables finds the tables that a text names: "1-40,Bar,Terrace*". A piece is a name, a range of names that end with
// numbers ("A1-A5"), or a pattern with * and ?. Case does not matter. Every piece has to name at least one table; a range may
// have gaps. The order is that of the text, and within a piece that of the house; no table comes twice.
func chosenTables(text string, tables []api.OwnerTable) ([]edge.Table, error) {
	var out []edge.Table
	seen := map[edge.ID]bool{}
	for piece := range strings.SplitSeq(text, ",") {
		piece = strings.ToLower(strings.TrimSpace(piece))
		if piece == "" {
			continue
		}
		matches, err := tableMatcher(piece, tables)
		if err != nil {
			return nil, err
		}
		found := false
		for _, t := range tables {
			if t.Table.Retired || !matches(strings.ToLower(t.Table.Name)) {
				continue
			}
			found = true
			if !seen[t.Table.ID] {
				seen[t.Table.ID] = true
				out = append(out, t.Table)
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no table %q", piece)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no tables are named")
	}
	return out, nil
}

// tableMatcher takes a name for what it says before it takes it for a range: a house may have a table "1-2".
func tableMatcher(piece string, tables []api.OwnerTable) (func(name string) bool, error) {
	for _, t := range tables {
		if !t.Table.Retired && strings.EqualFold(t.Table.Name, piece) {
			return func(name string) bool { return name == piece }, nil
		}
	}
	if strings.ContainsAny(piece, "*?[") {
		if _, err := path.Match(piece, ""); err != nil {
			return nil, fmt.Errorf("%q is not a pattern: %w", piece, err)
		}
		return func(name string) bool { ok, err := path.Match(piece, name); return ok && err == nil }, nil
	}
	first, last, isRange := strings.Cut(piece, "-")
	head, from, okFrom := endNumber(first)
	again, to, okTo := endNumber(last)
	if !isRange || !okFrom || !okTo || (again != "" && again != head) {
		return func(name string) bool { return name == piece }, nil
	}
	if to < from {
		return nil, fmt.Errorf("the range %q runs backwards", piece)
	}
	return func(name string) bool {
		h, n, ok := endNumber(name)
		return ok && h == head && n >= from && n <= to
	}, nil
}

// endNumber splits a name into what stands in front and the number at its end.
func endNumber(name string) (head string, number int, ok bool) {
	name = strings.TrimSpace(name)
	head = strings.TrimRight(name, "0123456789")
	number, err := strconv.Atoi(name[len(head):])
	return head, number, err == nil
}
