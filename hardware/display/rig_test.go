//go:build rig

package display_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
)

// These tests read codes with zbarimg (Debian package zbar-tools), which shares
// no code with the encoder. Its absence is a failure.

func TestScannerReadsEveryPanel(t *testing.T) {
	for name, card := range cards() {
		if card.Code == "" {
			continue
		}
		for _, p := range panels() {
			t.Run(p.String()+"-"+name, func(t *testing.T) {
				picture, err := display.Compose(p.bounds(), card, p.traits)
				if err != nil {
					t.Fatal(err)
				}
				if got := displaytest.Scan(t, picture); got != card.Code {
					t.Errorf("scanner reads %q, want %q", got, card.Code)
				}
			})
		}
	}
}

func TestScannerReadsSheets(t *testing.T) {
	for _, text := range []string{link, longLink, display.Tighten(link)} {
		data, err := display.QRPNG(text, 6)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := displaytest.Scan(t, picture); got != text {
			t.Errorf("scanner reads %q, want %q", got, text)
		}
		lines, err := display.QRTerminal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := displaytest.Scan(t, drawn(terminal(t, lines))); got != text {
			t.Errorf("scanner reads %q from the terminal, want %q", got, text)
		}
	}
}

// TestScannerReadsGoldens reads the stored pictures, so that what people look at
// in review is what was tested.
func TestScannerReadsGoldens(t *testing.T) {
	for _, p := range panels() {
		f, err := os.Open(filepath.Join("testdata", p.String()+"-usual.png"))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := displaytest.Scan(t, picture); got != link {
			t.Errorf("scanner reads %q from the golden picture of %v, want %q", got, p, link)
		}
	}
}

// drawn is a picture of one pixel a module.
func drawn(rows [][]bool) image.Image {
	picture := image.NewGray(image.Rect(0, 0, len(rows[0]), len(rows)))
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	for y := range rows {
		for x := range rows[y] {
			if rows[y][x] {
				picture.SetGray(x, y, color.Gray{})
			}
		}
	}
	return picture
}
