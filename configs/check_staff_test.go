package configs_test

import (
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/configs"
)

func TestReadersAreFoundByTheLongestMatch(t *testing.T) {
	settings, err := configs.Parse([]byte(`
readers:
  list:
    - {name: Door, match: ACS, role: staff}
    - {name: Bar, match: ACS ACR1252 1S 00, role: bar, screen: Bar tablet}
    - {name: Bench, match: HID Global, role: provisioning}
staff: {approve: [cancel], approve_within: 45s, signed_in_for: 0s}
`))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	if settings.Readers.Driver != "pcsc" {
		t.Errorf("driver: got %q, want the default", settings.Readers.Driver)
	}
	for reader, want := range map[string]string{
		"ACS ACR1252 1S 00 00":         "Bar",
		"ACS ACR1252 1S 01 00":         "Door",
		"HID Global OMNIKEY 5022 00":   "Bench",
		"Identiv uTrust 3700 F 00 00":  "",
		"an ACS ACR1252 in the middle": "",
	} {
		entry, ok := settings.Readers.Of(reader)
		if entry.Name != want || ok != (want != "") {
			t.Errorf("Of(%q): got %q, %t, want %q", reader, entry.Name, ok, want)
		}
	}
}

func TestMistakesInReadersAndStaff(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want string
	}{
		"no name":           {"readers: {list: [{match: A, role: bar}]}\n", "readers.list[0].name"},
		"two of one name":   {"readers: {list: [{name: a, match: A, role: bar}, {name: A, match: B, role: bar}]}\n", "readers.list[1].name"},
		"no match":          {"readers: {list: [{name: a, role: bar}]}\n", "readers.list[0].match"},
		"two of one match":  {"readers: {list: [{name: a, match: A, role: bar}, {name: b, match: A, role: bar}]}\n", "readers.list[1].match"},
		"no such role":      {"readers: {list: [{name: a, match: A, role: door}]}\n", "provisioning"},
		"screen at a bench": {"readers: {list: [{name: a, match: A, role: provisioning, screen: x}]}\n", "readers.list[0].screen"},
		"typo in an entry":  {"readers: {list: [{nam: a}]}\n", "nam"},
		"unknown guard":     {"staff: {approve: [everything]}\n", "staff.approve[0]"},
		"guard twice":       {"staff: {approve: [cancel, cancel]}\n", "staff.approve[1]"},
		"too short":         {"staff: {approve_within: 1s}\n", "staff.approve_within"},
		"lapses at once":    {"staff: {signed_in_for: 5s}\n", "staff.signed_in_for"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := configs.Parse([]byte(test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse(%q): got %v, want it to name %q", test.file, err, test.want)
			}
		})
	}
}
