package api_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge/api"
)

func TestDocumentIsCurrent(t *testing.T) {
	want, err := api.DocumentYAML()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("openapi.yaml is stale, run go generate ./edge/api (-want +got):\n%s", diff)
	}
}

func TestDocumentHasTheMessagesOfTheSockets(t *testing.T) {
	schemas := api.Document().Components.Schemas.Map()
	for _, name := range []string{
		"KitchenSnapshot", "KitchenChanges", "KitchenChange", "KitchenPress", "KitchenDone", "KitchenRefused",
		"KitchenClientMessage", "KitchenServerMessage", "GuestServerMessage", "DisplayShow", "OwnerChanged",
	} {
		if schemas[name] == nil {
			t.Errorf("schema %s is missing", name)
		}
	}
	for name, schema := range schemas {
		for field, s := range schema.Properties {
			if s.Nullable && s.Type == "array" {
				t.Errorf("%s.%s may be null", name, field)
			}
		}
		if strings.HasPrefix(name, "Error") {
			t.Errorf("schema %s is not ours", name)
		}
	}
}

func TestEnumsAreListed(t *testing.T) {
	schemas := api.Document().Components.Schemas.Map()
	for _, at := range []struct{ schema, field string }{
		{"GuestOrder", "state"},
		{"Ticket", "state"},
		{"Ticket", "kind"},
		{"Session", "state"},
		{"Table", "kind"},
		{"Order", "presence"},
		{"GuestView", "permission"},
		{"Order", "dining"},
		{"Difference", "kind"},
		{"HelpBody", "what"},
		{"PayBody", "kind"},
		{"Device", "role"},
		{"MediumBody", "medium"},
		{"Tag", "kind"},
	} {
		if len(schemas[at.schema].Properties[at.field].Enum) == 0 {
			t.Errorf("%s.%s lists no values", at.schema, at.field)
		}
	}
}
