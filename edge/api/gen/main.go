// Command gen writes the OpenAPI document of the API to edge/api/openapi.yaml. It is run by go generate.
package main

import (
	"fmt"
	"os"

	"github.com/comanda-pos/comanda/edge/api"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes to the file named by the one argument, or to where it belongs as seen from the top of the tree.
func run(args []string) error {
	path := "edge/api/openapi.yaml"
	if len(args) > 0 {
		path = args[0]
	}
	text, err := api.DocumentYAML()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}
