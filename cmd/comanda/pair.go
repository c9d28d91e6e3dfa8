package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

type pairCommand struct {
	Role     string   `help:"What to connect: ${enum}." enum:"owner,kitchen,display" default:"kitchen"`
	Stations []string `help:"The stations a kitchen screen shows; all when none is named." placeholder:"ID"`
	Table    string   `help:"The table or counter whose code a display shows." placeholder:"NAME"`
}

// Run implements the command.
func (c pairCommand) Run(p *program) (err error) {
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	if !house.running {
		return errors.New("the device is not running, and a code lives only as long as it runs; start it with: comanda serve")
	}
	body := api.PairingBody{Role: edge.Role(c.Role), Stations: c.Stations}
	if c.Table != "" {
		table, err := house.table(p, c.Table)
		if err != nil {
			return err
		}
		body.TableID = table.Table.ID
	}
	answer, err := house.Pairing(p.ctx, body)
	if err != nil {
		return err
	}
	page := map[string]string{"owner": "owner", "kitchen": "kitchen", "display": "display"}[c.Role]
	fmt.Fprintf(p.stdout, "%s\nOpen %s/%s and type this code before %s.\n", answer.Code,
		strings.TrimRight(house.settings.Server.BaseURL, "/"), page, answer.Expires.Local().Format("15:04"))
	return nil
}

// table finds a table in use by its name.
func (h *house) table(p *program, name string) (api.OwnerTable, error) {
	tables, err := h.Tables(p.ctx)
	if err != nil {
		return api.OwnerTable{}, err
	}
	var names []string
	for _, t := range tables {
		if t.Table.Retired {
			continue
		}
		if strings.EqualFold(t.Table.Name, name) {
			return t, nil
		}
		names = append(names, t.Table.Name)
	}
	if len(names) == 0 {
		return api.OwnerTable{}, errors.New("there are no tables yet; add them on the owner screen")
	}
	return api.OwnerTable{}, fmt.Errorf("there is no table %q; there are %s", name, strings.Join(names, ", "))
}
