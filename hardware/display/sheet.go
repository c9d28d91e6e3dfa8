package display

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

// QRSVG draws text's code, at level M and with the full quiet zone, as an SVG
// document of one unit a module: it scales to any size without blur. The text
// itself is not in the document.
func QRSVG(text string) (string, error) {
	code, err := Encode(text, LevelM)
	if err != nil {
		return "", fmt.Errorf("draw QR code as SVG: %w", err)
	}
	edge := code.Size() + 2*fullQuiet
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, edge, edge)
	fmt.Fprintf(&out, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="`, edge, edge)
	for y := range code.Size() {
		for x, width := range runs(code, y) {
			fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", x+fullQuiet, y+fullQuiet, width, width)
		}
	}
	out.WriteString(`"/></svg>`)
	return out.String(), nil
}

// runs yields the start and length of every dark stretch in row y.
func runs(code *Code, y int) func(yield func(x, width int) bool) {
	return func(yield func(x, width int) bool) {
		for x := 0; x < code.Size(); {
			width := 0
			for code.Dark(x+width, y) {
				width++
			}
			if width > 0 && !yield(x, width) {
				return
			}
			x += max(width, 1)
		}
	}
}

// QRPNG draws text's code, at level M and with the full quiet zone, as a PNG file
// of pxPerModule pixels a module.
func QRPNG(text string, pxPerModule int) ([]byte, error) {
	const most = 64 // 185 modules of 64 pixels: a picture of 12,000 pixels
	if pxPerModule < 1 || pxPerModule > most {
		return nil, fmt.Errorf("draw QR code as PNG: %d pixels a module, want 1 to %d", pxPerModule, most)
	}
	code, err := Encode(text, LevelM)
	if err != nil {
		return nil, fmt.Errorf("draw QR code as PNG: %w", err)
	}
	place := Placement{Code: code, Module: pxPerModule, Quiet: fullQuiet}.at(image.Point{})
	paper := image.NewPaletted(image.Rect(0, 0, place.box(), place.box()), color.Palette{color.White, color.Black})
	place.eachDark(func(cell image.Rectangle) {
		for y := cell.Min.Y; y < cell.Max.Y; y++ {
			row := paper.Pix[paper.PixOffset(cell.Min.X, y):]
			for x := range cell.Dx() {
				row[x] = 1
			}
		}
	})
	var out bytes.Buffer
	if err := png.Encode(&out, paper); err != nil {
		return nil, fmt.Errorf("draw QR code as PNG: %w", err)
	}
	return out.Bytes(), nil
}

const (
	// terminalOn sets black on white by the colour cube's fixed numbers: the
	// sixteen named colours follow the terminal's theme, and a dark theme would
	// show an inverted code, which many scanners refuse.
	terminalOn  = "\x1b[38;5;16;48;5;231m"
	terminalOff = "\x1b[0m"
)

// QRTerminal draws text's code, at level M and with the full quiet zone, in lines
// for a terminal that knows UTF-8 and 256 colours: two modules a character, one
// above the other, dark on light whatever the terminal's colours are.
func QRTerminal(text string) (string, error) {
	code, err := Encode(text, LevelM)
	if err != nil {
		return "", fmt.Errorf("draw QR code for a terminal: %w", err)
	}
	var out strings.Builder
	for y := -fullQuiet; y < code.Size()+fullQuiet; y += 2 {
		out.WriteString(terminalOn)
		for x := -fullQuiet; x < code.Size()+fullQuiet; x++ {
			out.WriteRune(half(code.Dark(x, y), code.Dark(x, y+1)))
		}
		out.WriteString(terminalOff + "\n")
	}
	return out.String(), nil
}

// half is the character whose upper and lower half are inked as said.
func half(upper, lower bool) rune {
	switch {
	case upper && lower:
		return '█'
	case upper:
		return '▀'
	case lower:
		return '▄'
	default:
		return ' '
	}
}
