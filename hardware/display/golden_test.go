package display_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/comanda-pos/comanda/hardware/display"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// panel is one of the sizes the composition is made for.
type panel struct {
	width, height int
	traits        display.Traits
}

func (p panel) String() string          { return fmt.Sprintf("%dx%d", p.width, p.height) }
func (p panel) bounds() image.Rectangle { return image.Rect(0, 0, p.width, p.height) }

var (
	oled  = display.Traits{Mono: true, Emissive: true}
	paper = display.Traits{Mono: true}
)

// panels are the sizes every golden picture is drawn for.
func panels() []panel {
	return []panel{
		{128, 64, oled},
		{250, 122, paper},
		{296, 128, paper},
		{400, 300, paper},
		{800, 480, paper},
		{1024, 600, display.Traits{}},
		{480, 800, display.Traits{}},
		{200, 200, paper},
	}
}

// link is an address as tables have it: 26 bytes, the most that is version 2 at
// level M and so the most for the smallest panel.
const (
	link     = "https://q.example/t/4K7MXR"
	longLink = "https://order.gasthaus-zum-goldenen-loewen.example/t/4K7MXR2P"
)

// cards are the golden pictures' contents, one for each class of length.
func cards() map[string]display.Card {
	return map[string]display.Card{
		"usual": {
			Code: link, Title: "Table 7", Caption: "Scan to order",
			Typed: []string{"4K7M-XR"}, Footer: "18:42",
		},
		"short": {Code: link, Title: "7"},
		"long": {
			Code: link, Title: "Terrasse Gartenseite 114", Caption: "Zum Bestellen und Bezahlen bitte den Code scannen",
			Typed: []string{"order.example", "4K7M-XR"}, Footer: "Gültig bis 18:47 Uhr",
		},
		"code":      {Code: link},
		"welcome":   {Title: "Table 7", Caption: "Welcome", Tone: display.Good},
		"trouble":   {Title: "Tag not known", Caption: "Please ask our staff", Tone: display.Trouble},
		"words":     {Title: "Closed", Caption: "We open at 17:00", Footer: "Back soon"},
		"longwords": {Title: "Küche geschlossen", Caption: "Getränke gibt es weiterhin an der Bar bis Mitternacht", Tone: display.Trouble},
	}
}

func TestGolden(t *testing.T) {
	for name, card := range cards() {
		for _, p := range panels() {
			t.Run(p.String()+"-"+name, func(t *testing.T) {
				picture, err := display.Compose(p.bounds(), card, p.traits)
				if err != nil {
					t.Fatalf("Compose: %v", err)
				}
				checkGolden(t, filepath.Join("testdata", p.String()+"-"+name+".png"), picture.Gray)
			})
		}
	}
}

// checkGolden compares got with a stored picture. Outlines may differ by a shade
// between processors, so a few grey pixels may be off, but no shape.
func checkGolden(t *testing.T, path string, got *image.Gray) {
	t.Helper()
	if *update {
		var file bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("picture is %v, want %v", got.Bounds(), want.Bounds())
	}
	if off := differing(got, want); off > len(got.Pix)/2000 {
		t.Errorf("%d of %d pixels differ from %s", off, len(got.Pix), path)
	}
}

// differing counts the pixels whose light differs by more than a shade.
func differing(got *image.Gray, want image.Image) int {
	off := 0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			r, _, _, _ := want.At(x, y).RGBA()
			if diff := int(got.GrayAt(x, y).Y) - int(r>>8); diff > 24 || diff < -24 {
				off++
			}
		}
	}
	return off
}
