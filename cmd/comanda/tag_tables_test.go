package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

func TestChosenTables(t *testing.T) {
	var house []api.OwnerTable
	for _, name := range []string{"1", "2", "3", "12", "Bar", "Terrace 1", "Terrace 2", "A01", "A02", "1-2", "old"} {
		house = append(house, api.OwnerTable{Table: edge.Table{ID: edge.ID(name), Name: name, Retired: name == "old"}})
	}
	tests := map[string]struct {
		want []string
		fail bool
	}{
		"1-40":           {want: []string{"1", "2", "3", "12"}},
		"2-3, bar ,2":    {want: []string{"2", "3", "Bar"}},
		"terrace*":       {want: []string{"Terrace 1", "Terrace 2"}},
		"Terrace 1-2":    {want: []string{"Terrace 1", "Terrace 2"}},
		"A1-A9":          {want: []string{"A01", "A02"}},
		"1-2":            {want: []string{"1-2"}},
		"*":              {want: []string{"1", "2", "3", "12", "Bar", "Terrace 1", "Terrace 2", "A01", "A02", "1-2"}},
		"3-1":            {fail: true},
		"7":              {fail: true},
		"1,nowhere":      {fail: true},
		"old":            {fail: true},
		"[":              {fail: true},
		" , ":            {fail: true},
		"50-60":          {fail: true},
		"1-999999999999": {want: []string{"1", "2", "3", "12"}},
	}
	for text, test := range tests {
		got, err := chosenTables(text, house)
		if (err != nil) != test.fail {
			t.Errorf("%q: %v", text, err)
		}
		var names []string
		for _, table := range got {
			names = append(names, table.Name)
		}
		if diff := cmp.Diff(test.want, names); diff != "" && !test.fail {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzChosenTables(f *testing.F) {
	f.Add("1-40,Bar,Terrace*")
	f.Add("A1-A5")
	f.Add("[-")
	house := []api.OwnerTable{{Table: edge.Table{ID: "1", Name: "1"}}, {Table: edge.Table{ID: "b", Name: "Bar"}}}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := chosenTables(text, house)
		if (err == nil) != (len(got) > 0) || len(got) > len(house) {
			t.Errorf("%q: %d tables, %v", text, len(got), err)
		}
	})
}
