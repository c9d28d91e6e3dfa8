package configs

import _ "embed"

// SampleMenu is a complete sample menu in English and German, for the demo and as a start for an owner's own.
//
//go:embed sample-menu.yaml
var SampleMenu []byte
