package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

type menuCommands struct {
	Check  menuCheck  `cmd:"" help:"Say what is wrong with a menu file."`
	Import menuImport `cmd:"" help:"Make a menu file the current menu."`
	Export menuExport `cmd:"" help:"Print the current menu."`
	Sample menuSample `cmd:"" help:"Print a sample menu to start from."`
}

type menuCheck struct {
	File string `arg:"" help:"YAML or JSON; - is standard input." type:"path"`
}

// Run implements the command.
func (c menuCheck) Run(p *program) error {
	raw, err := readFile(c.File)
	if err != nil {
		return err
	}
	menu, problems := api.DecodeMenu(raw, func(menu *edge.Menu) error {
		var all []error
		for _, problem := range menu.Check() {
			all = append(all, problem)
		}
		return errors.Join(all...)
	})
	for _, problem := range problems {
		where := problem.Path
		if problem.Line > 0 {
			where = fmt.Sprintf("line %d: %s", problem.Line, where)
		}
		fmt.Fprintf(p.stdout, "%s: %s\n", where, problem.Message)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s has %d problems", c.File, len(problems))
	}
	items := 0
	for _, category := range menu.Categories {
		items += len(category.Items)
	}
	fmt.Fprintf(p.stdout, "%s is a sound menu: %d categories, %d items\n", c.File, len(menu.Categories), items)
	return nil
}

type menuImport struct {
	File string `arg:"" help:"YAML or JSON; - is standard input." type:"path"`
}

// Run implements the command.
func (c menuImport) Run(p *program) (err error) {
	raw, err := readFile(c.File)
	if err != nil {
		return err
	}
	house, err := p.reach()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.end()) }()
	number, err := house.PublishMenu(p.ctx, raw)
	if err != nil {
		return fmt.Errorf("import %s: %w", c.File, err)
	}
	fmt.Fprintf(p.stdout, "published as version %d\n", number)
	return nil
}

type menuExport struct{}

// Run implements the command.
func (menuExport) Run(p *program) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	return readStore(p.ctx, settings, func(view edge.View) error {
		menu, err := view.CurrentMenu()
		if errors.Is(err, edge.ErrNotFound) {
			return errors.New("no menu has been published yet; start with: comanda menu sample")
		}
		if err != nil {
			return err
		}
		text, err := api.EncodeMenu(menu)
		if err != nil {
			return err
		}
		_, err = p.stdout.Write(text)
		return err
	})
}

type menuSample struct{}

// Run implements the command.
func (menuSample) Run(p *program) error {
	_, err := p.stdout.Write(configs.SampleMenu)
	return err
}

func readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, 8<<20))
	}
	return os.ReadFile(name)
}
