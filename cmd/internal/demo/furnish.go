package demo

import (
	"context"
	"fmt"
	"strconv"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
)

const counterName = "Counter"

// owner is who set the demo up.
const owner edge.Actor = "staff:demo"

// furnish gives the house its tables, codes, tags and menu, unless it has them from an earlier run.
func (r *Restaurant) furnish(ctx context.Context) error {
	floor := r.device.Floor()
	tables, err := r.device.Tables(ctx)
	if err != nil {
		return err
	}
	if len(tables) == 0 {
		if tables, err = floor.AddTables(ctx, owner, sampleTables()); err != nil {
			return fmt.Errorf("add the demo's tables: %w", err)
		}
		menu, problems := api.DecodeMenu(configs.SampleMenu, floor.CheckMenu)
		if len(problems) > 0 {
			return fmt.Errorf("read the sample menu: %s", problems[0].Message)
		}
		if _, err := floor.Publish(ctx, owner, menu); err != nil {
			return fmt.Errorf("publish the sample menu: %w", err)
		}
	}
	for i, table := range tables {
		t, err := r.lay(ctx, i, table)
		if err != nil {
			return err
		}
		r.Tables = append(r.Tables, t)
	}
	return nil
}

func sampleTables() []edge.Table {
	var tables []edge.Table
	for n := 1; n <= 12; n++ {
		section := "Indoors"
		if n > 8 {
			section = "Terrace"
		}
		tables = append(tables, edge.Table{Name: strconv.Itoa(n), Section: section, Seats: 4})
	}
	return append(tables, edge.Table{Name: counterName, Kind: edge.KindCounter})
}

// lay puts a printed code and a tag on a table.
func (r *Restaurant) lay(ctx context.Context, i int, table edge.Table) (Table, error) {
	floor := r.device.Floor()
	tokens, err := r.device.Tokens(ctx, table.ID)
	if err != nil {
		return Table{}, err
	}
	words := map[edge.Medium]string{}
	for _, token := range tokens {
		if !token.Retired {
			words[token.Medium] = token.Token
		}
	}
	for _, medium := range []edge.Medium{edge.MediumQR, edge.MediumNFC} {
		if words[medium] != "" {
			continue
		}
		token, err := floor.IssueToken(ctx, owner, table.ID, medium, access.NewWord())
		if err != nil {
			return Table{}, fmt.Errorf("make a code for table %s: %w", table.Name, err)
		}
		words[medium] = token.Token
	}
	uid := fmt.Sprintf("04D3%02X00C0FFEE", i)
	tag := edge.Tag{UID: uid, TableID: table.ID, Kind: edge.TagTable, Token: words[edge.MediumNFC]}
	if err := floor.TagWritten(ctx, owner, tag); err != nil {
		return Table{}, fmt.Errorf("lay a tag on table %s: %w", table.Name, err)
	}
	return Table{Name: table.Name, URL: r.URL + "/t/" + words[edge.MediumQR], UID: uid, id: table.ID}, nil
}
