//go:build rig

package ssd1306_test

import (
	"testing"

	"periph.io/x/conn/v3/i2c/i2ctest"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
	"github.com/comanda-pos/comanda/hardware/display/ssd1306"
)

// TestScannerReadsThePanel decodes the recorded bus back into pixels and reads
// the code there with zbarimg, through full and partial updates.
func TestScannerReadsThePanel(t *testing.T) {
	bus := &i2ctest.Record{}
	d := open(t, bus, ssd1306.Settings{})
	for _, c := range []display.Card{
		{Code: link, Title: "Table 7", Caption: "Scan to order", Typed: []string{"4K7M-XR"}},
		{Code: "https://q.example/t/9ZQW2C", Title: "Table 7", Caption: "Scan to order", Typed: []string{"9ZQW-2C"}},
		{Code: "HTTPS://Q.EXAMPLE/T/9ZQW2C4RTB", Title: "Table 8"},
		{Code: link + "234567"}, // version 2 only at level L
	} {
		if err := d.Show(t.Context(), card(t, d, c)); err != nil {
			t.Fatalf("Show: %v", err)
		}
		if got := displaytest.Scan(t, seen(t, bus, 0x3C).picture()); got != c.Code {
			t.Errorf("scanner reads %q from the panel, want %q", got, c.Code)
		}
	}
}
