//go:build rig

package file_test

import (
	"path/filepath"
	"testing"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
	"github.com/comanda-pos/comanda/hardware/display/file"
)

func TestScannerReadsTheFile(t *testing.T) {
	const link = "https://q.example/t/4K7MXR"
	path := filepath.Join(t.TempDir(), "p.png")
	d := open(t, file.Settings{Path: path, Scale: 2})
	picture, err := display.Compose(d.Bounds(), display.Card{Code: link, Title: "Table 7"}, d.Traits())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Show(t.Context(), picture); err != nil {
		t.Fatal(err)
	}
	if got := displaytest.Scan(t, read(t, path)); got != link {
		t.Errorf("scanner reads %q from the file, want %q", got, link)
	}
}
