package appliance

import (
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/hardware/display"
)

// quietZone is the light border of a code, in modules (ISO/IEC 18004 §9.1).
const quietZone = 4

// qrPath draws a text's code as an SVG path of one unit a module, in a square of size by size with its quiet zone.
func qrPath(text string) (size int, path string, err error) {
	code, err := display.Encode(text, display.LevelM)
	if err != nil {
		return 0, "", err
	}
	var b strings.Builder
	for y := range code.Size() {
		for x := 0; x < code.Size(); {
			if !code.Dark(x, y) {
				x++
				continue
			}
			run := 1
			for code.Dark(x+run, y) {
				run++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run, run)
			x += run
		}
	}
	return code.Size() + 2*quietZone, b.String(), nil
}

// qrPNG draws a text's code with sides of about that many pixels.
func qrPNG(text string, pixels int) ([]byte, error) {
	code, err := display.Encode(text, display.LevelM)
	if err != nil {
		return nil, err
	}
	return display.QRPNG(text, max(1, pixels/(code.Size()+2*quietZone)))
}
