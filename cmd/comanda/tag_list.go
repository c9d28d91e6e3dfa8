package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

type tagList struct {
	All  bool `help:"Also tags that are out of use."`
	JSON bool `name:"json" help:"Print JSON."`
}

// Run implements the command.
func (c tagList) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	tags, err := house.Tags(p.ctx)
	if err != nil {
		return err
	}
	shown := []api.OwnerTag{}
	for _, t := range tags {
		if c.All || !t.Tag.Retired {
			shown = append(shown, t)
		}
	}
	if c.JSON {
		return json.NewEncoder(p.stdout).Encode(api.OwnerTags{Tags: shown})
	}
	if len(shown) == 0 {
		fmt.Fprintln(p.stderr, "There are no tags yet: comanda tag provision --tables …")
		return nil
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TABLE\tNUMBER\tCHIP\tSTATE\tTAPS\tMISSED\tREPLAYS\tLAST TAP")
	for _, t := range shown {
		last := "-"
		if !t.Tag.LastTap.IsZero() {
			last = t.Tag.LastTap.Local().Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.Table.Name, t.Tag.UID, orDash(t.Tag.Chip), tagState(t.Tag),
			counted(t.Tag, t.Tag.Taps), counted(t.Tag, t.Tag.Missed), counted(t.Tag, t.Tag.Replays), last)
	}
	return w.Flush()
}

// counted is a number that only tags know that sign their taps.
func counted(tag edge.Tag, n int) string {
	if !tag.Signs {
		return "-"
	}
	return fmt.Sprint(n)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// tagState says in a few words how a tag stands.
func tagState(tag edge.Tag) string {
	switch {
	case tag.Erased:
		return "erased"
	case tag.Lost:
		return "lost"
	case tag.Replaced != "":
		return "replaced by " + tag.Replaced
	case tag.Retired:
		return "retired"
	}
	words := []string{"in use"}
	if tag.Signs {
		words = append(words, "signs")
	}
	if tag.Kind != edge.TagTable {
		words = append(words, string(tag.Kind))
	} else if !tag.Protected {
		words = append(words, "not protected")
	}
	return strings.Join(words, ", ")
}
